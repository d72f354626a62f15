//! Sentences that hold names, numbers and times, in every language: a function
//! each, a `match` on the language in it.

use super::particles;
use super::shown::Shown;
use crate::language::Language;
use crate::scene::{By, Words, label::brief};
use crate::time::{SimDuration, SimTime};
use crate::trace::summary::Outcomes;
use crate::trace::{Ending, InstanceId};

/// `5.5 s`: for reading, with a space.
pub(in crate::web) fn spoken(duration: SimDuration) -> String {
    let text = brief(duration);
    let unit = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let unit = if unit == "us" { "µs" } else { unit };
    format!("{number} {unit}")
}

/// The number and the unit apart, for a headline.
pub(in crate::web) fn headline(duration: SimDuration) -> (String, String) {
    let text = spoken(duration);
    match text.split_once(' ') {
        Some((number, unit)) => (number.to_owned(), unit.to_owned()),
        None => (text, String::new()),
    }
}

pub(in crate::web) fn instant(at: SimTime) -> String {
    spoken(at.since(SimTime::ZERO))
}

/// The picture in a sentence or two, for those who do not see it and for those who do.
pub(in crate::web) fn summary(language: Language, shown: &Shown) -> String {
    let tasks = shown.task_count;
    let total = spoken(shown.summary.total);
    let mut text = match (language, tasks) {
        (Language::En, 1) => format!("One task, {total} in all."),
        (Language::En, _) => format!("{tasks} tasks, {total} in all."),
        (Language::Ko, _) => format!("태스크 {tasks}개, 모두 {total}."),
    };
    for more in [
        freezes(language, shown).or_else(|| busy(language, shown)),
        outcomes(language, shown),
    ]
    .into_iter()
    .flatten()
    {
        text.push(' ');
        text.push_str(&more);
    }
    text
}

/// Who did not simply finish.
fn outcomes(language: Language, shown: &Shown) -> Option<String> {
    let sum = |of: fn(&Outcomes) -> u64| -> u64 {
        shown
            .summary
            .tasks
            .iter()
            .map(|task| of(&task.outcomes))
            .sum()
    };
    let words: [(u64, &str, &str); 3] = [
        (sum(|outcomes| outcomes.failed), "failed", "실패"),
        (sum(|outcomes| outcomes.cancelled), "cancelled", "취소"),
        (sum(|outcomes| outcomes.running), "not over", "끝나지 않음"),
    ];
    let said = words.into_iter().filter(|(count, ..)| *count > 0);
    let said: Vec<String> = said
        .map(|(count, en, ko)| match language {
            Language::En => format!("{count} {en}"),
            Language::Ko => format!("{ko} {count}개"),
        })
        .collect();
    (!said.is_empty()).then(|| format!("{}.", said.join(", ")))
}

/// The longest computing while others were ready.
fn busy(language: Language, shown: &Shown) -> Option<String> {
    let timeline = shown.timeline(By::Tasks);
    let windows = timeline.windows().iter().rev();
    let longest = windows.max_by_key(|window| window.length())?;
    let at = line(language, timeline.labels().line(longest.segment) as usize);
    let length = spoken(longest.length());
    Some(match language {
        Language::En => {
            format!(
                "Computing in {at} kept the event loop busy for {length} while others were ready."
            )
        }
        Language::Ko => {
            format!(
                "{at}의 계산이 {length} 동안 이벤트 루프를 차지해 준비된 다른 태스크가 기다렸습니다."
            )
        }
    })
}

/// How often and for how long blocking calls froze a loop, and the line that did it longest.
fn freezes(language: Language, shown: &Shown) -> Option<String> {
    let timeline = shown.timeline(By::Tasks);
    let frozen = || timeline.windows().iter().filter(|window| window.blocking);
    let longest = frozen().rev().max_by_key(|window| window.length())?;
    let at = line(language, timeline.labels().line(longest.segment) as usize);
    let times = frozen().count();
    let sum = frozen().fold(SimDuration::ZERO, |sum, window| sum + window.length());
    let sum = spoken(sum);
    Some(match (language, times) {
        (Language::En, 1) => format!(
            "A blocking call in {at} froze the event loop for {sum}: nobody else could run."
        ),
        (Language::En, _) => format!(
            "Blocking calls froze the event loop {times} times, {sum} in sum, longest in {at}: nobody else could run."
        ),
        (Language::Ko, 1) => format!(
            "{at}의 블로킹 호출이 이벤트 루프를 {sum} 동안 멈춰 아무도 실행되지 못했습니다."
        ),
        (Language::Ko, _) => format!(
            "블로킹 호출이 이벤트 루프를 {times}번, 모두 {sum} 동안 멈춰 아무도 실행되지 못했습니다. 가장 긴 것은 {at}입니다."
        ),
    })
}

/// The same, as the name of the picture.
pub(in crate::web) fn chart_summary(language: Language, shown: &Shown) -> String {
    let chart = Words(language).chart();
    format!("{chart}: {}", summary(language, shown))
}

/// What ended the run, where it did not simply finish.
pub(in crate::web) fn ending(language: Language, shown: &Shown) -> Option<String> {
    let name = |id: InstanceId| shown.timeline(By::Tasks).labels().instance(id);
    match &shown.trace.ending {
        Ending::Finished => None,
        Ending::Deadlock(deadlock) => {
            let waits = deadlock.waiters.iter().take(4);
            let waits: Vec<String> = waits
                .map(|waiter| {
                    let who = name(waiter.instance);
                    let holders: Vec<String> =
                        waiter.held_by.iter().take(2).map(|&id| name(id)).collect();
                    match (language, holders.is_empty()) {
                        (_, true) => who,
                        (Language::En, false) => {
                            format!("{who} waits for {}", holders.join(", "))
                        }
                        (Language::Ko, false) => {
                            let who = particles::with(&who, "은", "는");
                            let holders = particles::with(&holders.join(", "), "을", "를");
                            format!("{who} {holders} 기다림")
                        }
                    }
                })
                .collect();
            let (at, waits) = (instant(deadlock.at), waits.join("; "));
            Some(match language {
                Language::En => format!("Deadlock at {at}, nobody can ever go on: {waits}."),
                Language::Ko => {
                    format!("{at}에 교착 상태입니다. 아무도 계속할 수 없습니다: {waits}.")
                }
            })
        }
        Ending::Until => Some(match language {
            Language::En => "Stopped by the script's until.".to_owned(),
            Language::Ko => "스크립트의 until에서 멈췄습니다.".to_owned(),
        }),
        Ending::Limit(limit) => Some(match language {
            Language::En => format!("Stopped early: {limit}. What is shown is true up to there."),
            Language::Ko => {
                "한도에 이르러 일찍 멈췄습니다. 보이는 부분까지는 정확합니다.".to_owned()
            }
        }),
    }
}

/// `until 8 s`.
pub(in crate::web) fn until(language: Language, at: SimTime) -> String {
    match language {
        Language::En => format!("until {}", instant(at)),
        Language::Ko => format!("{}까지", instant(at)),
    }
}

/// `of 40`, beside how many of them.
pub(in crate::web) fn of(language: Language, all: u64) -> String {
    match language {
        Language::En => format!("of {all}"),
        Language::Ko => format!("{all}개 중"),
    }
}

/// `of 4 cores`, beside a share of them.
pub(in crate::web) fn of_cores(language: Language, cores: u64) -> String {
    match (language, cores) {
        (Language::En, 1) => "of 1 core".to_owned(),
        (Language::En, _) => format!("of {cores} cores"),
        (Language::Ko, _) => format!("코어 {cores}개 중"),
    }
}

/// `1 – 40 of 350`.
pub(in crate::web) fn lines(language: Language, first: usize, last: usize, all: usize) -> String {
    match language {
        Language::En => format!("{first} – {last} of {all}"),
        Language::Ko => format!("{all}개 중 {first} – {last}"),
    }
}

/// `and 12 more`.
pub(in crate::web) fn more(language: Language, count: usize) -> String {
    match language {
        Language::En => format!("and {count} more"),
        Language::Ko => format!("외 {count}개"),
    }
}

/// How far a long run has come.
pub(in crate::web) fn reached(language: Language, at: SimTime) -> String {
    match language {
        Language::En => format!("Simulating… {} so far", instant(at)),
        Language::Ko => format!("시뮬레이션 중… {}까지", instant(at)),
    }
}

/// `3 problems`.
pub(in crate::web) fn problems(language: Language, count: usize) -> String {
    match (language, count) {
        (Language::En, 1) => "1 problem".to_owned(),
        (Language::En, _) => format!("{count} problems"),
        (Language::Ko, _) => format!("문제 {count}개"),
    }
}

/// `line 4`.
pub(in crate::web) fn line(language: Language, number: usize) -> String {
    match language {
        Language::En => format!("line {number}"),
        Language::Ko => format!("{number}번째 줄"),
    }
}

/// `expected total 5s, was 9.5s`.
pub(in crate::web) fn verdict(language: Language, text: &str, actual: &str, holds: bool) -> String {
    match (language, holds) {
        (Language::En, true) => format!("expected {text}"),
        (Language::En, false) => format!("expected {text}, was {actual}"),
        (Language::Ko, true) => format!("기대: {text}"),
        (Language::Ko, false) => format!("기대: {text}, 실제 {actual}"),
    }
}

/// The link cannot be opened, in the reader's words.
pub(in crate::web) fn bad_link(language: Language, error: crate::link::LinkError) -> String {
    use crate::link::LinkError;
    match (language, error) {
        (Language::En, error) => {
            let text = error.to_string();
            let mut letters = text.chars();
            let first = letters.next().map(|c| c.to_ascii_uppercase()).into_iter();
            format!("{}.", first.chain(letters).collect::<String>())
        }
        (Language::Ko, LinkError::NoLink) => {
            "공유 링크가 아닙니다. 공유 링크는 `v1.`로 시작합니다.".to_owned()
        }
        (Language::Ko, LinkError::Version(version)) => {
            format!("버전 {version}의 링크입니다. 새로 고쳐 최신 Loopscope로 열어 주세요.")
        }
        (Language::Ko, LinkError::TooLong) => {
            "링크에 담긴 내용이 너무 큽니다. 스크립트를 파일로 보내 주세요.".to_owned()
        }
        (Language::Ko, LinkError::Damaged) => {
            "링크가 손상되었습니다. 전체 링크를 다시 받아 주세요.".to_owned()
        }
    }
}

/// What a fix would do, as the label of its button.
pub(in crate::web) fn fix(language: Language, fix: &crate::script::Fix) -> String {
    let written: Vec<&str> = fix
        .edits
        .iter()
        .map(|edit| edit.replacement.trim())
        .collect();
    let single = match written.as_slice() {
        [one] if !one.is_empty() && one.len() <= 40 && !one.contains('\n') => Some(*one),
        _ => None,
    };
    match (language, single) {
        (Language::En, Some(text)) => format!("Write `{text}`"),
        (Language::En, None) => "Fix it".to_owned(),
        (Language::Ko, Some(text)) => {
            let to = particles::with(&format!("`{text}`"), "으로", "로");
            format!("{to} 고치기")
        }
        (Language::Ko, None) => "고치기".to_owned(),
    }
}

/// How far a sweep has come.
pub(in crate::web) fn points(language: Language, done: u32, all: Option<u32>) -> String {
    let all = all.map_or_else(|| "…".to_owned(), |all| all.to_string());
    match language {
        Language::En => format!("{done} of {all} points"),
        Language::Ko => format!("점 {all}개 가운데 {done}개"),
    }
}
