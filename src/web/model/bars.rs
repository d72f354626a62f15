//! A bar in words: who, what, from when to when, which line, and why.

use super::sentences::{instant, line, spoken};
use super::shown::{Bar, Shown};
use crate::language::Language;
use crate::scene::frozen::Window;
use crate::scene::mark::Mark;
use crate::scene::{By, Kind, Words};
use crate::trace::InstanceId;

/// What is said of the bar that is pointed at.
pub(in crate::web) fn bar(language: Language, shown: &Shown, bar: &Bar) -> String {
    let name = name(shown, bar.instance);
    let kind = Words(language).kind(bar.kind);
    let length = spoken(bar.end.since(bar.start));
    let (from, to) = (instant(bar.start), instant(bar.end));
    let place = place(language, shown, bar);
    let why = why(language, shown, bar);
    match language {
        Language::En => format!("{name}: {kind} for {length}, {from} – {to}, {place}. {why}"),
        Language::Ko => format!("{name}: {kind} {length}, {from} – {to}, {place}. {why}"),
    }
}

pub(in crate::web) fn name(shown: &Shown, id: InstanceId) -> String {
    shown.timeline(By::Tasks).labels().instance(id)
}

/// `line 4`, of the segment that the bar stands for.
fn place(language: Language, shown: &Shown, bar: &Bar) -> String {
    let number = shown.timeline(By::Tasks).labels().line(bar.segment);
    line(language, number as usize)
}

/// What the bar's segment says in the script: `block 3s · requests.get`.
pub(in crate::web) fn phrase(language: Language, shown: &Shown, bar: &Bar) -> Option<String> {
    let words = Words(language);
    let says = shown.timeline(By::Tasks).labels().bar(bar, words, false);
    says.into_iter().next().filter(|says| !says.is_empty())
}

/// Why it took its time: what it did, or who was in its way.
pub(in crate::web) fn why(language: Language, shown: &Shown, bar: &Bar) -> String {
    let sentence = Words(language).sentence(bar.kind).to_owned();
    if matches!(bar.kind, Kind::Ready | Kind::Unaccepted)
        && let Some(window) = holding(shown, bar)
    {
        return held(language, shown, &window);
    }
    let waits = !bar.kind.is_work() && !matches!(bar.kind, Kind::Awaiting | Kind::Ready);
    match waits.then(|| ended_by(shown, bar)).flatten() {
        Some(by) => match language {
            Language::En => format!("{sentence} {by} ended the wait."),
            Language::Ko => format!("{sentence} 기다림을 끝낸 쪽: {by}."),
        },
        None => sentence,
    }
}

pub(in crate::web) fn mark_why(language: Language, mark: &Mark) -> &'static str {
    Words(language).mark_sentence(mark.kind)
}

/// The step that held the loop for most of a wait.
fn holding(shown: &Shown, bar: &Bar) -> Option<Window> {
    let server = shown.trace.instance(bar.instance).server;
    let overlap = |window: &Window| {
        let (start, end) = (window.start.max(bar.start), window.end.min(bar.end));
        end.since(start.min(end))
    };
    let timeline = shown.timeline(By::Tasks);
    let windows = timeline.windows().iter().copied();
    let of_server = windows.filter(|window| window.server == server);
    // The first of equals.
    let longest = of_server.rev().max_by_key(overlap);
    longest.filter(|window| !overlap(window).is_zero())
}

fn held(language: Language, shown: &Shown, window: &Window) -> String {
    let number = shown.timeline(By::Tasks).labels().line(window.segment);
    let (from, to) = (instant(window.start), instant(window.end));
    let place = line(language, number as usize);
    match (language, window.blocking) {
        (Language::En, true) => format!("A blocking call in {place} held the loop, {from} – {to}."),
        (Language::En, false) => format!("Computing in {place} held the loop, {from} – {to}."),
        (Language::Ko, true) => {
            format!("{place}의 블로킹 호출이 {from} – {to}에 루프를 붙들었습니다.")
        }
        (Language::Ko, false) => format!("{place}의 계산이 {from} – {to}에 루프를 붙들었습니다."),
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
    use crate::script;
    use crate::sim::simulate;

    /// What is said of one bar of one row.
    #[track_caller]
    fn check(script: &str, (row, piece): (usize, usize), expected: &str) {
        let workload = script::parse(script).workload.expect("no errors");
        let trace = simulate(&workload);
        let shown = Shown::new(script.into(), workload, trace);
        let found = shown.timeline(By::Tasks).pieces(row)[piece];
        assert_eq!(bar(Language::En, &shown, &found), expected);
        assert!(!bar(Language::Ko, &shown, &found).is_empty());
    }

    #[test]
    fn whoever_is_kept_from_the_loop_names_the_line_that_held_it() {
        check(
            "a: block 3\nb: cpu 1\n",
            (1, 0),
            "b: ready, loop is busy for 3 s, 0 s – 3 s, line 2. \
             A blocking call in line 1 held the loop, 0 s – 3 s.",
        );
    }

    #[test]
    fn whoever_waits_for_others_names_who_ended_it() {
        check(
            "lock l\nasync def a:\n    with l:\n        await 2s\nrun 2 a\n",
            (1, 0),
            "a 2: waiting for a permit for 2 s, 0 s – 2 s, line 3. \
             Others hold the lock or all of the semaphore's permits. a 1 ended the wait.",
        );
    }
}
