//! Bars in words: instance, state, times, line and reason.

use super::sentences::{instant, line, spoken};
use super::shown::{Bar, Shown};
use chart::scene::mark::Mark;
use chart::scene::{By, Kind, Words};
use model::time::SimDuration;
use model::trace::InstanceId;
use texts::{Language, say};

/// Describes the bar that the reader points at.
pub(crate) fn bar(language: Language, shown: &Shown, bar: &Bar) -> String {
    let name = name(shown, bar.instance);
    let kind = Words(language).kind(bar.kind);
    let length = spoken(language, bar.end.since(bar.start));
    let (from, to) = (instant(language, bar.start), instant(language, bar.end));
    let place = place(language, shown, bar);
    let why = why(language, shown, bar);
    if bar.end > shown.run.trace().end {
        return say!(
            language,
            "{name}: {kind} since {from}, never ends, {place}. {why}",
            name,
            kind,
            from,
            place,
            why
        );
    }
    say!(
        language,
        "{name}: {kind} for {length}, {from} – {to}, {place}. {why}",
        name,
        kind,
        length,
        from,
        to,
        place,
        why
    )
}

/// The parts of a bar's tooltip.
pub(crate) struct Tip {
    pub(crate) name: String,
    /// E.g. `awaiting for 3 s`.
    pub(crate) state: String,
    /// E.g. `1 s – 4 s`.
    pub(crate) times: String,
    /// E.g. `line 4`; `None` for a trace without a script.
    pub(crate) line: Option<String>,
    pub(crate) why: String,
}

pub(crate) fn tip(language: Language, shown: &Shown, bar: &Bar) -> Tip {
    let kind = Words(language).kind(bar.kind);
    let length = spoken(language, bar.end.since(bar.start));
    let (from, to) = (instant(language, bar.start), instant(language, bar.end));
    let number = shown.timeline(By::Tasks).labels().line(bar.segment);
    let (state, times) = if bar.end > shown.run.trace().end {
        (
            say!(language, "{kind} since {from}", kind, from),
            Words(language).never_ends().to_owned(),
        )
    } else {
        (
            say!(language, "{kind} for {length}", kind, length),
            format!("{from} – {to}"),
        )
    };
    Tip {
        name: name(shown, bar.instance),
        state,
        times,
        line: (number > 0).then(|| line(language, number as usize)),
        why: why(language, shown, bar),
    }
}

pub(crate) fn name(shown: &Shown, id: InstanceId) -> String {
    shown.timeline(By::Tasks).labels().instance(id)
}

/// The line of the bar's segment, e.g. `line 4`.
fn place(language: Language, shown: &Shown, bar: &Bar) -> String {
    let number = shown.timeline(By::Tasks).labels().line(bar.segment);
    line(language, number as usize)
}

/// The bar's segment as written in the script, e.g. `block 3s · requests.get`.
pub(crate) fn phrase(language: Language, shown: &Shown, bar: &Bar) -> Option<String> {
    let words = Words(language);
    let says = shown.timeline(By::Tasks).labels().bar(bar, words, false);
    says.into_iter().next().filter(|says| !says.is_empty())
}

/// Why the bar took its time: its own work, or the instances that it waited for.
pub(crate) fn why(language: Language, shown: &Shown, bar: &Bar) -> String {
    let sentence = Words(language).sentence(bar.kind);
    match bar.kind {
        Kind::Ready | Kind::Unaccepted => {
            holding(shown, bar).map_or_else(|| sentence.to_owned(), |held| held.said(language))
        }
        Kind::Running | Kind::BlockingLoop | Kind::BlockingThread | Kind::Awaiting => {
            let phrase = phrase(language, shown, bar);
            // A bare `cpu 3s` would repeat the columns beside it.
            match phrase.filter(|phrase| phrase.contains('·')) {
                Some(phrase) => format!("{phrase}. {sentence}"),
                None => sentence.to_owned(),
            }
        }
        _ => match ended_by(shown, bar) {
            None => sentence.to_owned(),
            Some(by) => say!(language, "{sentence} {by} ended the wait.", sentence, by),
        },
    }
}

pub(crate) fn mark_why(language: Language, mark: &Mark) -> &'static str {
    Words(language).mark_sentence(mark.kind)
}

/// The line that held the loop for most of a wait.
struct Held {
    line: u32,
    sum: SimDuration,
    steps: usize,
    blocking: bool,
}

fn holding(shown: &Shown, bar: &Bar) -> Option<Held> {
    let server = shown.run.trace().instance(bar.instance).server;
    let timeline = shown.timeline(By::Tasks);
    let mut held: Vec<Held> = Vec::new();
    let of_server = timeline
        .windows()
        .iter()
        .filter(|window| window.server == server);
    for window in of_server {
        let (start, end) = (window.start.max(bar.start), window.end.min(bar.end));
        if start >= end {
            continue;
        }
        let line = timeline.labels().line(window.segment);
        let length = end.since(start);
        match held.iter_mut().find(|held| held.line == line) {
            Some(held) => {
                held.sum += length;
                held.steps += 1;
            }
            None => held.push(Held {
                line,
                sum: length,
                steps: 1,
                blocking: window.blocking,
            }),
        }
    }
    // The first of several with the same time.
    held.into_iter().rev().max_by_key(|held| held.sum)
}

impl Held {
    fn said(&self, language: Language) -> String {
        let place = line(language, self.line as usize);
        let sum = spoken(language, self.sum);
        match (self.blocking, self.steps) {
            (true, 1) => say!(
                language,
                "A blocking call in {place} held the loop for {sum} of that time.",
                place,
                sum
            ),
            (true, steps) => say!(
                language,
                "{steps} blocking calls in {place} held the loop for {sum} of that time.",
                steps,
                place,
                sum
            ),
            (false, _) => say!(
                language,
                "Computing in {place} held the loop for {sum} of that time.",
                place,
                sum
            ),
        }
    }
}

fn ended_by(shown: &Shown, bar: &Bar) -> Option<String> {
    let span = shown.ended_at(bar.instance, bar.end)?;
    let by = name(shown, span.ended_by?);
    (by != name(shown, bar.instance)).then_some(by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::simulate;

    /// Checks the words for one bar of one row.
    #[track_caller]
    fn check(script: &str, (row, piece): (usize, usize), expected: &str) {
        let workload = script::parse(script).workload.expect("no errors");
        let trace = simulate(&workload);
        let shown = Shown::new(script.into(), workload.into(), trace);
        let found = shown.timeline(By::Tasks).pieces(row)[piece];
        assert_eq!(bar(Language::En, &shown, &found), expected);
        assert!(!bar(Language::Ko, &shown, &found).is_empty());
        // The tooltip says the same.
        let tip = tip(Language::En, &shown, &found);
        let line = tip.line.expect("a line of the script");
        let said = format!(
            "{}: {}, {}, {line}. {}",
            tip.name, tip.state, tip.times, tip.why
        );
        assert_eq!(said, expected);
    }

    #[test]
    fn whoever_is_kept_from_the_loop_names_the_line_that_held_it() {
        check(
            "a: block 3\nb: cpu 1\n",
            (1, 0),
            "b: ready, loop is busy for 3 s, 0 s – 3 s, line 2. \
             A blocking call in line 1 held the loop for 3 s of that time.",
        );
    }

    #[test]
    fn a_wait_in_a_deadlock_never_ends() {
        let text = "event e\na: await 1 -> wait e\n";
        check(
            text,
            (0, 1),
            "a: waiting for a signal since 1 s, never ends, line 2. \
             It waits for an event to be set, or for a notification.",
        );
    }

    #[test]
    fn a_wait_names_the_task_that_ended_it() {
        check(
            "lock l\nasync def a:\n    with l:\n        await 2s\nrun 2 a\n",
            (1, 0),
            "a 2: waiting for a permit for 2 s, 0 s – 2 s, line 3. \
             Others hold the lock, or all permits of the semaphore or pool. a 1 ended the wait.",
        );
    }
}
