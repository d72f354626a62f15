//! The sentences of the Python package, which speaks English, in every language.
//!
//! A trace has them as text, e.g. why a run was stopped. Sentences of Python itself and of
//! programs stay as they are.

use std::fmt::Display;

use texts::{Language, Text, text};

/// The sentences as in `python/loopscope`, with names for their values.
#[rustfmt::skip]
const SENTENCES: &[Text] = &[
    // Why a run was stopped.
    text!("the program still computes after {time} of real time, the limit"),
    text!("the program still runs after {time} of its own time, the limit; `--time-limit` changes it"),
    text!("the program still runs after {time} of its own time, the limit; a thread without an end cannot be run this way"),
    text!("the program printed more than {most} characters, the limit"),
    text!("the program takes more than {most} steps, the limit; it may turn in place, e.g. with `await asyncio.sleep(0)` in a loop"),
    text!("the program's threads took turns {most} times, the limit"),
    text!("the program ended Python by `os._exit({code})`"),
    text!("the program ended itself with exit code {code}"),
    text!("the program ended itself: {words}"),
    text!("the program waits for a thread that cannot go on"),
    text!("the program waits for a socket, a pipe or a file. On the virtual clock nothing comes from outside; use a stand-in, or run it for real."),
    text!("{what} is awaited inside a function on a thread. On the virtual clock such a function runs in one go and cannot wait for another thread. Run the program for real to see it."),
    text!("{what} never happens: nothing else runs"),
    text!("the lock is taken twice by one thread, which then waits for itself"),
    text!("a process cannot be ended in the middle on the virtual clock"),
    text!("`{name}` changes files, and a run changes none. Only files that this run has written can be changed. Leave the call out, or run the program for real."),
    text!("`{name}` starts another process. A run on the virtual clock starts none; use `subprocess`, which has a stand-in, or run the program for real."),
    text!("`{name}` needs the network. On the virtual clock nothing comes from outside; use a stand-in for the library, e.g. `--stand-in requests`, or run the program for real."),
    // What a function on a thread cannot wait for.
    text!("a lock"),
    text!("a lock of another thread"),
    text!("a semaphore"),
    text!("a permit of a semaphore"),
    text!("room in a queue"),
    text!("another thread"),
    text!("work on another thread"),
    text!("work on the event loop"),
    text!("the end of a pool's work"),
    text!("the end of thread `{name}`"),
    // Notes.
    text!("`{path}` is written into memory only: a run changes no file"),
    text!("`{path}` is made in memory only: a run changes no file"),
    text!("`input()` has no answer: `--input TEXT` gives it one line"),
    text!("`breakpoint()` is ignored"),
    text!("there are requests, but no ASGI app in the program"),
    text!("the app got one request for each route ({routes}); more with `# run 100 GET /path` in the program, or `--requests \"100 GET /path\"`"),
    text!("`{path}` is a stand-in: {manner} {seconds} s is assumed"),
    // Errors, and what to do about them.
    text!("{count} requests are more than {most}, the limit"),
    text!("the app did not start: {words}"),
    text!("`asyncio.run` starts a loop, and one runs already. Inside a coroutine write `await f()`."),
    text!("This works only inside a coroutine. Start one with `asyncio.run(main())`."),
    text!("A coroutine can be awaited once. Call the function again for another one."),
    text!("A lock, queue, future or task belongs to the loop in which it was first used. Make it inside the coroutine."),
    text!("Only coroutines, tasks and futures can be awaited; this is a plain value. Leave `await` out."),
    text!("A coroutine is what calling an `async def` gives: write `main()`, with parentheses."),
    text!("Only coroutines, tasks and futures can be waited for; call the `async def` first."),
    text!("`asyncio.wait` takes tasks: wrap each coroutine in `asyncio.create_task`."),
    text!("`await` works inside `async def` only."),
    text!("This works inside `async def` only."),
    text!("A time limit in the program passed; catch it with `except TimeoutError`."),
    text!("The task was cancelled and nothing caught it."),
    text!("The result of a future can be set once, and read when it is set."),
    text!("A function calls itself without end; it needs a case in which it returns."),
    text!("The program asked for more memory than a run may have."),
    text!("It is not installed for this Python, and there is no stand-in for it."),
    text!("A run has no keyboard. Give the answers with `--input TEXT`."),
    text!("Tasks of one group failed; the first failure cancelled the others."),
    text!("The queue was shut down while this task used it."),
    text!("Another task left the barrier, so it can no longer be passed."),
    text!("the file is not in {encoding}; save it as UTF-8, or name its encoding in the first line, e.g. `# -*- coding: cp949 -*-`"),
];

/// The line at the beginning of many sentences, e.g. `line 12: `.
const AT_LINE: Text = text!("line {line}");

/// A sentence of the package in this language. Any other text stays as it is.
pub fn translated(english: &str, language: Language) -> String {
    if language == Language::En {
        return english.to_owned();
    }
    if let Some((line, rest)) = english
        .strip_prefix("line ")
        .and_then(|s| s.split_once(": "))
        && line.bytes().all(|byte| byte.is_ascii_digit())
    {
        let line = AT_LINE.fill(language, &[("line", &line)]);
        return format!("{line}: {}", translated(rest, language));
    }
    let found = SENTENCES
        .iter()
        .find_map(|sentence| Some((sentence, values_in(sentence.en(), english)?)));
    let Some((sentence, values)) = found else {
        return english.to_owned();
    };
    let values: Vec<(&str, String)> = values
        .into_iter()
        .map(|(name, value)| match name {
            // Words of the package, e.g. `a lock of another thread`. Others are the program's.
            "what" => (name, translated(value, language)),
            _ => (name, value.to_owned()),
        })
        .collect();
    let values: Vec<(&str, &dyn Display)> = values
        .iter()
        .map(|(name, value)| (*name, value as &dyn Display))
        .collect();
    sentence.fill(language, &values)
}

/// The values at the places of a pattern such as `more than {most} steps`. `None` if the text
/// does not match.
fn values_in<'a>(pattern: &'a str, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut values = Vec::new();
    let (first, mut pattern) = match pattern.split_once('{') {
        Some((first, rest)) => (first, Some(rest)),
        None => return (pattern == text).then_some(values),
    };
    let mut text = text.strip_prefix(first)?;
    while let Some(slot) = pattern {
        let (name, rest) = slot.split_once('}')?;
        let (literal, next) = match rest.split_once('{') {
            Some((literal, next)) => (literal, Some(next)),
            None => (rest, None),
        };
        // The last literal is at the end of the text, all others as early as possible.
        let (value, after) = match next {
            None => (text.strip_suffix(literal)?, ""),
            Some(_) => text.split_once(literal)?,
        };
        values.push((name, value));
        (text, pattern) = (after, next);
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_the_words_around_them() {
        let pattern = "`{path}` is a stand-in: {manner} {seconds} s is assumed";
        let text = "`requests.get` is a stand-in: block 1 s is assumed";
        let expected = vec![
            ("path", "requests.get"),
            ("manner", "block"),
            ("seconds", "1"),
        ];
        assert_eq!(values_in(pattern, text), Some(expected));
        assert_eq!(values_in(pattern, "`requests.get` is a stand-in"), None);
        assert_eq!(values_in("no values", "no values"), Some(Vec::new()));
        assert_eq!(values_in("ends {here}", "ends "), Some(vec![("here", "")]));
    }

    #[test]
    fn sentences_are_translated_with_their_line_and_values() {
        let korean = translated(
            "line 3: the program printed more than 1,000,000 characters, the limit",
            Language::Ko,
        );
        assert!(
            korean.starts_with("3번째 줄: ") && korean.contains("1,000,000"),
            "{korean}"
        );
        let english = "line 3: something else";
        assert_eq!(translated(english, Language::En), english);
        assert_eq!(translated("ValueError: no", Language::Ko), "ValueError: no");
    }
}
