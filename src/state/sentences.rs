//! Sentences with names, numbers and times: a function each, with a template to translate.

use super::drafts::{Draft, ReplacedBy, ScriptOrigin, WallTime};
use super::shown::Shown;
use crate::protocol::analysis::BestFix;
use chart::scene::{By, Words, label::brief, words::in_units};
use model::time::{SimDuration, SimTime};
use model::trace::summary::Outcomes;
use model::trace::{Ending, InstanceId, Limit};
use model::workload::{Gil, Machine, PythonVersion};
use texts::{Language, Text, say, text};

/// A duration in the words of the language, e.g. `5.5 s` or `5.5초`.
pub(crate) fn spoken(language: Language, duration: SimDuration) -> String {
    in_units(&brief(duration), |number, unit| match unit {
        "s" => say!(language, "{number} s", number),
        "min" => say!(language, "{number} min", number),
        "h" => say!(language, "{number} h", number),
        "d" => say!(language, "{number} d", number),
        _ => format!("{number} {unit}"),
    })
}

/// The number and the unit apart, for a headline.
pub(crate) fn headline(language: Language, duration: SimDuration) -> (String, String) {
    let text = spoken(language, duration);
    let (number, unit) = text.split_at(unit_start(&text));
    (number.trim_end().to_owned(), unit.to_owned())
}

/// The index at which the unit of a duration begins, e.g. 3 in `5.5s`.
fn unit_start(text: &str) -> usize {
    text.find(char::is_alphabetic).unwrap_or(text.len())
}

pub(crate) fn instant(language: Language, at: SimTime) -> String {
    spoken(language, at.since(SimTime::ZERO))
}

/// The chart in one or two sentences, also for screen readers.
pub(crate) fn summary(language: Language, shown: &Shown) -> String {
    let tasks = shown.task_count;
    let total = spoken(language, shown.run.total());
    let is_stuck = matches!(shown.run.trace().ending, Ending::Deadlock(_));
    let mut text = match tasks {
        1 if is_stuck => say!(language, "1 task, stuck from {total} on.", total),
        _ if is_stuck => say!(
            language,
            "{tasks} tasks, stuck from {total} on.",
            tasks,
            total
        ),
        1 => say!(language, "1 task, {total} in total.", total, tasks),
        _ => say!(language, "{tasks} tasks, {total} in total.", tasks, total),
    };
    for more in [held_loop(language, shown), outcomes(language, shown)]
        .into_iter()
        .flatten()
    {
        text.push(' ');
        text.push_str(&more);
    }
    text
}

/// The instances that were cancelled or failed, counted.
fn outcomes(language: Language, shown: &Shown) -> Option<String> {
    let sum = |of: fn(&Outcomes) -> u64| -> u64 {
        shown
            .run
            .summary()
            .tasks
            .iter()
            .map(|task| of(&task.outcomes))
            .sum()
    };
    let sentences: [(u64, Text); 3] = [
        (sum(|outcomes| outcomes.failed), text!("{count} failed")),
        (
            sum(|outcomes| outcomes.cancelled),
            text!("{count} cancelled"),
        ),
        (
            sum(|outcomes| outcomes.running),
            text!("{count} unfinished"),
        ),
    ];
    let said = sentences.into_iter().filter(|(count, _)| *count > 0);
    let said: Vec<String> = said
        .map(|(count, text)| text.fill(language, &[("count", &count)]))
        .collect();
    (!said.is_empty()).then(|| format!("{}.", said.join(", ")))
}

/// What kept the other tasks from the event loop, if anything did.
pub(crate) fn held_loop(language: Language, shown: &Shown) -> Option<String> {
    freezes(language, shown).or_else(|| busy(language, shown))
}

/// The longest computation while other instances were ready.
fn busy(language: Language, shown: &Shown) -> Option<String> {
    let timeline = shown.timeline(By::Tasks);
    let windows = timeline.windows().iter().rev();
    let longest = windows.max_by_key(|window| window.length())?;
    let at = line(language, timeline.labels().line(longest.segment) as usize);
    let length = spoken(language, longest.length());
    Some(say!(
        language,
        "Computing in {at} kept the event loop busy for {length} while other tasks were ready.",
        at,
        length
    ))
}

/// How often and for how long blocking calls froze a loop, and the line that did it longest.
fn freezes(language: Language, shown: &Shown) -> Option<String> {
    let timeline = shown.timeline(By::Tasks);
    let frozen = || timeline.windows().iter().filter(|window| window.blocking);
    let longest = frozen().rev().max_by_key(|window| window.length())?;
    let at = line(language, timeline.labels().line(longest.segment) as usize);
    let times = frozen().count();
    let sum = frozen().fold(SimDuration::ZERO, |sum, window| sum + window.length());
    let sum = spoken(language, sum);
    Some(match times {
        1 => say!(
            language,
            "A blocking call in {at} froze the event loop for {sum}: no other task could run.",
            at,
            sum
        ),
        _ => say!(
            language,
            "Blocking calls froze the event loop {times} times, {sum} in total, the longest in {at}: no other task could run.",
            times,
            sum,
            at
        ),
    })
}

/// The summary as the accessible name of the chart.
pub(crate) fn chart_summary(language: Language, shown: &Shown) -> String {
    let chart = Words(language).chart();
    format!("{chart}: {}", summary(language, shown))
}

/// The reason why the run ended early; `None` if it was completed.
pub(crate) fn ending(language: Language, shown: &Shown) -> Option<String> {
    let name = |id: InstanceId| shown.timeline(By::Tasks).labels().instance(id);
    match &shown.run.trace().ending {
        Ending::Finished => None,
        Ending::Deadlock(deadlock) => {
            let waits = deadlock.waiters.iter().take(4);
            let waits: Vec<String> = waits
                .map(|waiter| {
                    let who = name(waiter.instance);
                    let holders: Vec<String> =
                        waiter.held_by.iter().take(2).map(|&id| name(id)).collect();
                    let holders = holders.join(", ");
                    if holders.is_empty() {
                        who
                    } else {
                        say!(language, "{who} waits for {holders}", who, holders)
                    }
                })
                .collect();
            let (at, waits) = (instant(language, deadlock.at), waits.join("; "));
            Some(say!(
                language,
                "Deadlock at {at}, no task can continue: {waits}.",
                at,
                waits
            ))
        }
        Ending::Until => Some(say!(language, "Stopped by the script's until.")),
        Ending::Limit(limit @ Limit::Records { .. }) => Some(say!(
            language,
            "Stopped early: {limit}, the limit of this page. The result is correct up to that point. To see the end, use fewer tasks or repetitions, or add an until.",
            limit = limit.text(language)
        )),
        Ending::Limit(limit) => Some(say!(
            language,
            "Stopped early: {limit}. The result is correct up to that point.",
            limit = limit.text(language)
        )),
    }
}

/// E.g. `until 8 s`.
pub(crate) fn until(language: Language, at: SimTime) -> String {
    say!(language, "until {at}", at = instant(language, at))
}

/// E.g. `of 40`, after a count.
pub(crate) fn of(language: Language, all: u64) -> String {
    say!(language, "of {all}", all)
}

/// E.g. `of 4 cores`, after a share.
pub(crate) fn of_cores(language: Language, cores: u64) -> String {
    match cores {
        1 => say!(language, "of 1 core", cores),
        _ => say!(language, "of {cores} cores", cores),
    }
}

/// E.g. `1 – 40 of 350`.
pub(crate) fn lines(language: Language, first: usize, last: usize, all: usize) -> String {
    say!(language, "{first} – {last} of {all}", first, last, all)
}

/// E.g. `and 12 more`.
pub(crate) fn more(language: Language, count: usize) -> String {
    say!(language, "and {count} more", count)
}

/// The progress of a long run.
pub(crate) fn reached(language: Language, at: SimTime) -> String {
    say!(
        language,
        "Simulating… {at} so far",
        at = instant(language, at)
    )
}

/// E.g. `3 problems`.
pub(crate) fn problems(language: Language, count: usize) -> String {
    match count {
        1 => say!(language, "1 problem", count),
        _ => say!(language, "{count} problems", count),
    }
}

/// E.g. `line 4`.
pub(crate) fn line(language: Language, number: usize) -> String {
    say!(language, "line {number}", number)
}

/// The label of the best fix, e.g. `Fix line 4: 12 s → 6 s`.
pub(crate) fn best_fix(language: Language, fix: &BestFix, shown: &Shown) -> String {
    let change = match &*fix.setting {
        "" => say!(language, "Fix line {line}", line = fix.line),
        setting => say!(
            language,
            "Use {setting}",
            setting = format_args!("`{setting}`")
        ),
    };
    let (now, then) = (shown.run.total(), SimDuration::from_nanos(fix.total_ns));
    let total = spoken(language, then);
    match shown.run.trace().ending {
        Ending::Finished | Ending::Until if then < now => {
            format!("{change}: {} → {total}", spoken(language, now))
        }
        // A change that lets the run finish, or relieves its tasks, need not shorten it.
        Ending::Finished | Ending::Until => change,
        Ending::Deadlock(_) | Ending::Limit(_) => {
            say!(language, "{change}: it finishes in {total}", change, total)
        }
    }
}

/// The machine in one line, e.g. `4 cores · 40 threads · GIL on`, with a Python that behaves
/// differently from the default, and eager tasks.
pub(crate) fn machine(language: Language, machine: &Machine) -> String {
    let cores = match machine.cores {
        1 => say!(language, "1 core"),
        cores => say!(language, "{cores} cores", cores),
    };
    let threads = match machine.pool {
        1 => say!(language, "1 thread"),
        threads => say!(language, "{threads} threads", threads),
    };
    let gil = match machine.gil {
        Gil::On => say!(language, "GIL on"),
        Gil::Off => say!(language, "GIL off"),
    };
    let python = match machine.python {
        python if python.is_like(PythonVersion::default()) => String::new(),
        python => format!(" · Python {}", python.name()),
    };
    let mut line = format!("{cores} · {threads} · {gil}{python}");
    if machine.eager {
        line.push_str(" · ");
        line.push_str(&say!(language, "eager tasks"));
    }
    line
}

/// E.g. `expected total 5s, was 9.5s`.
pub(crate) fn verdict(language: Language, text: &str, actual: &str, holds: bool) -> String {
    if holds {
        say!(language, "expected {text}", text)
    } else {
        say!(language, "expected {text}, was {actual}", text, actual)
    }
}

/// E.g. `Right: 8 s.`, or else `Not 10 s. It is 8 s.`
pub(crate) fn outcome(language: Language, guess: &str, right: &str) -> String {
    if guess == right {
        say!(language, "Right: {right}.", right)
    } else {
        say!(language, "Not {guess}. It is {right}.", guess, right)
    }
}

/// An answer of a lesson, e.g. `8 s` for `8s`.
pub(crate) fn answer(language: Language, value: &str) -> String {
    match script::parse_duration(value) {
        Ok(duration) => spoken(language, duration),
        Err(_) => value.to_owned(),
    }
}

/// Opens another script of a lesson.
pub(crate) fn open_script(language: Language, name: &str) -> String {
    say!(language, "Open: {name}", name)
}

pub(crate) fn next_lesson(language: Language, title: &str) -> String {
    say!(language, "Next: {title}", title)
}

/// The progress in the course.
pub(crate) fn goals_reached(language: Language, reached: usize, all: usize) -> String {
    say!(language, "{reached} of {all} goals reached.", reached, all)
}

/// The address names no lesson.
pub(crate) fn no_such_lesson(language: Language, name: &str) -> String {
    say!(
        language,
        "There is no lesson “{name}”. Lessons lists all of them.",
        name
    )
}

/// Why the link cannot be opened.
pub(crate) fn bad_link(language: Language, error: formats::link::LinkError) -> String {
    use formats::link::{LINK_BYTES_MAX, LinkError};
    match error {
        LinkError::NoLink => say!(
            language,
            "This is not a share link; a share link begins with `v1.`."
        ),
        LinkError::Version(version) => say!(
            language,
            "The link has version {version}. Reload the page to get a newer Loopscope.",
            version
        ),
        LinkError::TooLong => say!(
            language,
            "The link holds more than {most} KiB; send the script as a file.",
            most = LINK_BYTES_MAX / 1024
        ),
        LinkError::Damaged => say!(
            language,
            "The link is damaged; ask for the complete link again."
        ),
    }
}

/// The label of a fix's button.
pub(crate) fn fix(language: Language, fix: &script::Fix) -> String {
    let written: Vec<&str> = fix
        .edits
        .iter()
        .map(|edit| edit.replacement.trim())
        .collect();
    let single = match written.as_slice() {
        [one] if !one.is_empty() && one.len() <= 40 && !one.contains('\n') => Some(*one),
        _ => None,
    };
    match single {
        Some(text) => say!(language, "Write {text}", text = format_args!("`{text}`")),
        None => say!(language, "Fix it"),
    }
}

/// Shown while a trace file is read and its chart prepared.
pub(crate) fn opening(language: Language, name: &str) -> String {
    say!(language, "Opening {name}…", name)
}

/// The progress of a sweep.
pub(crate) fn points(language: Language, done: u32, all: Option<u32>) -> String {
    let all = all.map_or_else(|| "…".to_owned(), |all| all.to_string());
    say!(language, "{done} of {all} points", done, all)
}
/// The line below a draft's first line, e.g. `before lesson 3 · 5 min ago · 12 lines`.
pub(crate) fn draft(language: Language, draft: &Draft, now: WallTime) -> String {
    let lines = draft.text.lines().count();
    let parts = [
        draft_origin(language, draft),
        draft.at.minutes_until(now).map(|age| ago(language, age)),
        (lines > 1).then(|| say!(language, "{lines} lines", lines)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

/// The origin of a draft; a draft of the reader's only names its replacement.
fn draft_origin(language: Language, draft: &Draft) -> Option<String> {
    let text = match draft.origin {
        ScriptOrigin::Reader => return replaced_by(language, draft.replaced_by),
        ScriptOrigin::OtherTab => text!("from another tab"),
        ScriptOrigin::Damaged => text!("recovered from damaged storage"),
        ScriptOrigin::Link => text!("from a link"),
        ScriptOrigin::Exercise => text!("an exercise"),
        ScriptOrigin::Page => return None,
    };
    Some(text.of(language).to_owned())
}

fn replaced_by(language: Language, replaced_by: ReplacedBy) -> Option<String> {
    let text = match replaced_by {
        ReplacedBy::Unknown => return None,
        ReplacedBy::Lesson(number) => {
            let said = say!(language, "before lesson {number}", number);
            return Some(said);
        }
        ReplacedBy::LessonChange => text!("before a lesson's change"),
        ReplacedBy::Exercise => text!("before an exercise"),
        ReplacedBy::Link => text!("before a link"),
        ReplacedBy::Fix => text!("before a suggested change"),
        ReplacedBy::Python => text!("before a script from Python"),
        ReplacedBy::OtherTab => text!("before another tab's script"),
        ReplacedBy::Draft => text!("before another draft"),
    };
    Some(text.of(language).to_owned())
}

/// `5 min ago`, in the largest unit of which there are at least two.
fn ago(language: Language, minutes: u64) -> String {
    const HOUR: u64 = 60;
    const DAY: u64 = 24 * HOUR;
    if minutes == 0 {
        text!("just now").of(language).to_owned()
    } else if minutes < 2 * HOUR {
        say!(language, "{minutes} min ago", minutes)
    } else if minutes < 2 * DAY {
        let hours = minutes / HOUR;
        say!(language, "{hours} h ago", hours)
    } else {
        let days = minutes / DAY;
        say!(language, "{days} d ago", days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_spoken(nanos: u64, english: &str, korean: &str) {
        let duration = SimDuration::from_nanos(nanos);
        assert_eq!(spoken(Language::En, duration), english);
        assert_eq!(spoken(Language::Ko, duration), korean);
    }

    #[test]
    fn a_duration_has_the_unit_of_the_language() {
        check_spoken(0, "0 s", "0초");
        check_spoken(20_000, "20 µs", "20 µs");
        check_spoken(150_000_000, "150 ms", "150 ms");
        check_spoken(5_500_000_000, "5.5 s", "5.5초");
        check_spoken(120_000_000_000, "2 min", "2분");
        check_spoken(36_000_000_000_000, "10 h", "10시간");
    }

    #[test]
    fn a_headline_has_number_and_unit_apart() {
        let duration = SimDuration::from_nanos(5_500_000_000);
        let apart = |number: &str, unit: &str| (number.to_owned(), unit.to_owned());
        assert_eq!(headline(Language::En, duration), apart("5.5", "s"));
        assert_eq!(headline(Language::Ko, duration), apart("5.5", "초"));
    }

    #[track_caller]
    fn check_ago(minutes: u64, english: &str, korean: &str) {
        assert_eq!(ago(Language::En, minutes), english);
        assert_eq!(ago(Language::Ko, minutes), korean);
    }

    #[test]
    fn an_age_has_the_largest_unit_of_which_there_are_two() {
        check_ago(0, "just now", "방금");
        check_ago(1, "1 min ago", "1분 전");
        check_ago(119, "119 min ago", "119분 전");
        check_ago(120, "2 h ago", "2시간 전");
        check_ago(47 * 60 + 59, "47 h ago", "47시간 전");
        check_ago(48 * 60, "2 d ago", "2일 전");
    }

    #[track_caller]
    fn check_draft(origin: ScriptOrigin, replaced_by: ReplacedBy, at: u64, expected: &str) {
        let kept = Draft {
            text: "a: cpu 1\nb: cpu 1\n".into(),
            origin,
            replaced_by,
            at: WallTime(at),
        };
        let said = draft(Language::En, &kept, WallTime(300_001));
        assert_eq!(said, expected);
    }

    #[test]
    fn a_draft_says_where_it_is_from_or_what_it_gave_way_to() {
        let (reader, link) = (ScriptOrigin::Reader, ScriptOrigin::Link);
        let lesson = ReplacedBy::Lesson(3);
        check_draft(reader, lesson, 1, "before lesson 3 · 5 min ago · 2 lines");
        check_draft(link, lesson, 300_000, "from a link · just now · 2 lines");
        check_draft(reader, ReplacedBy::Unknown, 0, "2 lines");
    }
}
