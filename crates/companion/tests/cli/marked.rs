//! The command line in the pseudo-language `qaa`, which puts every translatable text in marks:
//! `⟦text⟧`.
//!
//! A word without marks would stay English in every language other than English and Korean.

use std::collections::BTreeSet;
use std::fs;

use super::transcript::Transcript;

/// This test skips each command that contains one of these. Its output is for programs, is a script
/// or a link, is help (`crates/companion/src/cli/help.rs` compares that with its translations), or is in an
/// explicitly chosen language.
const OTHERS: &[&str] = &[
    "--format json",
    "--format csv",
    "--svg",
    "--help",
    "--lang",
    "LANG=",
    "cat ",
    "export",
    "loopscope fit",
    "loopscope help",
    "import",
    "lessons",
    "link",
    // Prints a message of the JSON parser.
    "open pasta.loop",
];

/// Words that are equal in every language: units, functions, words of the script language and of
/// its samples, names that can be typed, kinds of events, and a thread name from another program.
const WORDS: &[&str] = &[
    "ns",
    "us",
    "ms",
    "min",
    "max",
    "ceil",
    "async",
    "def",
    "await",
    "block",
    "cpu",
    "at",
    "ping",
    "pasta",
    "toast",
    "waits",
    "busy",
    "hands",
    "staircase",
    "pool",
    "gil",
    "processes",
    "semaphore",
    "gather",
    "order",
    "queue",
    "offload",
    "token",
    "thread",
    // What runs outside of the tasks of a Python program.
    "program",
];

#[test]
fn nothing_is_said_outside_of_the_catalogues() {
    let mut left = Vec::new();
    for entry in fs::read_dir(super::folder())
        .expect("the cases are there")
        .flatten()
    {
        let path = entry.path();
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name")
            .to_owned();
        let written = fs::read_to_string(&path).expect("a case");
        left.extend(unmarked(&name, &Transcript::parse(&written)));
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}

/// The unmarked words in the output of a session, with the lines that contain them.
fn unmarked(name: &str, session: &Transcript) -> Vec<String> {
    let own: BTreeSet<String> = session.files().flat_map(words).collect();
    // `qaa` is reserved for private use, so no real language has this tag.
    let happened = session.replay_in(name, "qaa");
    let mut left = Vec::new();
    for (command, answer) in happened.commands() {
        let asked: BTreeSet<String> = words(command).collect();
        let answer = answer.join("\n");
        // The command-line parser prints English only, and always ends with this line.
        let is_parsers = answer.ends_with("For more information, try '--help'.");
        if is_parsers
            || ["ls", "loopscope"].contains(&command)
            || OTHERS.iter().any(|option| command.contains(option))
        {
            continue;
        }
        let answer = without_marked(&answer);
        for line in answer.lines() {
            let unknown = words(line).filter(|word| {
                !own.contains(word) && !asked.contains(word) && !WORDS.contains(&word.as_str())
            });
            let unknown: Vec<_> = unknown.collect();
            if !unknown.is_empty() {
                left.push(format!(
                    "{name}: $ {command}: {} in: {line}",
                    unknown.join(" ")
                ));
            }
        }
    }
    left
}

/// Words of at least two ASCII letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic());
    words.filter(|word| word.len() > 1).map(str::to_owned)
}

fn without_marked(text: &str) -> String {
    let mut rest = text;
    let mut without = String::new();
    while let Some((before, marked)) = rest.split_once('⟦') {
        without.push_str(before);
        without.push(' ');
        rest = marked.split_once('⟧').map_or("", |(_, after)| after);
    }
    without + rest
}
