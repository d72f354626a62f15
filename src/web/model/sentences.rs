//! Sentences that hold names, numbers and times, in every language: a function
//! each, a template for each language in it.

use super::drafts::{Draft, ReplacedBy, ScriptOrigin, WallTime};
use super::shown::Shown;
use crate::language::{Language, Text, say, text};
use crate::scene::{By, Words, label::brief};
use crate::time::{SimDuration, SimTime};
use crate::trace::summary::Outcomes;
use crate::trace::{Ending, InstanceId, Limit};

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
    let mut text = match tasks {
        1 => say!(
            language,
            "One task, {total} in all.",
            "태스크 {tasks}개, 모두 {total}.",
            total,
            tasks
        ),
        _ => say!(
            language,
            "{tasks} tasks, {total} in all.",
            "태스크 {tasks}개, 모두 {total}.",
            tasks,
            total
        ),
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
    let sentences: [(u64, Text); 3] = [
        (
            sum(|outcomes| outcomes.failed),
            text!("{count} failed", "실패 {count}개"),
        ),
        (
            sum(|outcomes| outcomes.cancelled),
            text!("{count} cancelled", "취소 {count}개"),
        ),
        (
            sum(|outcomes| outcomes.running),
            text!("{count} not over", "끝나지 않음 {count}개"),
        ),
    ];
    let said = sentences.into_iter().filter(|(count, _)| *count > 0);
    let said: Vec<String> = said
        .map(|(count, text)| text.fill(language, &[("count", &count)]))
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
    Some(say!(
        language,
        "Computing in {at} kept the event loop busy for {length} while others were ready.",
        "{at}의 계산이 {length} 동안 이벤트 루프를 차지해 준비된 다른 태스크가 기다렸습니다.",
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
    let sum = spoken(sum);
    Some(match times {
        1 => say!(
            language,
            "A blocking call in {at} froze the event loop for {sum}: nobody else could run.",
            "{at}의 블로킹 호출이 이벤트 루프를 {sum} 동안 멈춰 아무도 실행되지 못했습니다.",
            at,
            sum
        ),
        _ => say!(
            language,
            "Blocking calls froze the event loop {times} times, {sum} in sum, longest in {at}: nobody else could run.",
            "블로킹 호출이 이벤트 루프를 {times}번, 모두 {sum} 동안 멈춰 아무도 실행되지 못했습니다. 가장 긴 것은 {at}입니다.",
            times,
            sum,
            at
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
                    let holders = holders.join(", ");
                    match holders.is_empty() {
                        true => who,
                        false => say!(
                            language,
                            "{who} waits for {holders}",
                            "{who:은/는} {holders:을/를} 기다림",
                            who,
                            holders
                        ),
                    }
                })
                .collect();
            let (at, waits) = (instant(deadlock.at), waits.join("; "));
            Some(say!(
                language,
                "Deadlock at {at}, nobody can ever go on: {waits}.",
                "{at}에 교착 상태입니다. 아무도 계속할 수 없습니다: {waits}.",
                at,
                waits
            ))
        }
        Ending::Until => Some(say!(
            language,
            "Stopped by the script's until.",
            "스크립트의 until에서 멈췄습니다."
        )),
        Ending::Limit(limit @ Limit::Records { .. }) => Some(say!(
            language,
            "Stopped early: {limit}, the most that the page keeps. What is shown is true up to there. With fewer tasks or rounds, or with an until, it comes to its end.",
            "일찍 멈췄습니다: {limit}. 페이지가 담을 수 있는 한도입니다. 보이는 부분까지는 정확합니다. 태스크나 반복을 줄이거나 until을 쓰면 끝까지 볼 수 있습니다.",
            limit = limit.text(language)
        )),
        Ending::Limit(limit) => Some(say!(
            language,
            "Stopped early: {limit}. What is shown is true up to there.",
            "한도에 이르러 일찍 멈췄습니다. 보이는 부분까지는 정확합니다.",
            limit = limit.text(language)
        )),
    }
}

/// `until 8 s`.
pub(in crate::web) fn until(language: Language, at: SimTime) -> String {
    say!(language, "until {at}", "{at}까지", at = instant(at))
}

/// `of 40`, beside how many of them.
pub(in crate::web) fn of(language: Language, all: u64) -> String {
    say!(language, "of {all}", "{all}개 중", all)
}

/// `of 4 cores`, beside a share of them.
pub(in crate::web) fn of_cores(language: Language, cores: u64) -> String {
    match cores {
        1 => say!(language, "of 1 core", "코어 {cores}개 중", cores),
        _ => say!(language, "of {cores} cores", "코어 {cores}개 중", cores),
    }
}

/// `1 – 40 of 350`.
pub(in crate::web) fn lines(language: Language, first: usize, last: usize, all: usize) -> String {
    say!(
        language,
        "{first} – {last} of {all}",
        "{all}개 중 {first} – {last}",
        first,
        last,
        all
    )
}

/// `and 12 more`.
pub(in crate::web) fn more(language: Language, count: usize) -> String {
    say!(language, "and {count} more", "외 {count}개", count)
}

/// How far a long run has come.
pub(in crate::web) fn reached(language: Language, at: SimTime) -> String {
    say!(
        language,
        "Simulating… {at} so far",
        "시뮬레이션 중… {at}까지",
        at = instant(at)
    )
}

/// `3 problems`.
pub(in crate::web) fn problems(language: Language, count: usize) -> String {
    match count {
        1 => say!(language, "1 problem", "문제 {count}개", count),
        _ => say!(language, "{count} problems", "문제 {count}개", count),
    }
}

/// `line 4`.
pub(in crate::web) fn line(language: Language, number: usize) -> String {
    say!(language, "line {number}", "{number}번째 줄", number)
}

/// `expected total 5s, was 9.5s`.
pub(in crate::web) fn verdict(language: Language, text: &str, actual: &str, holds: bool) -> String {
    match holds {
        true => say!(language, "expected {text}", "기대: {text}", text),
        false => say!(
            language,
            "expected {text}, was {actual}",
            "기대: {text}, 실제 {actual}",
            text,
            actual
        ),
    }
}

/// The link cannot be opened, in the reader's words.
pub(in crate::web) fn bad_link(language: Language, error: crate::link::LinkError) -> String {
    use crate::link::{LINK_BYTES_MAX, LinkError};
    match error {
        LinkError::NoLink => say!(
            language,
            "This is no share link; one begins with `v1.`.",
            "공유 링크가 아닙니다. 공유 링크는 `v1.`로 시작합니다."
        ),
        LinkError::Version(version) => say!(
            language,
            "The link is of version {version}; reload for a newer Loopscope.",
            "버전 {version}의 링크입니다. 새로 고쳐 최신 Loopscope로 열어 주세요.",
            version
        ),
        LinkError::TooLong => say!(
            language,
            "The link holds more than {most} KiB; send the script as a file.",
            "링크에 담긴 내용이 너무 큽니다. 스크립트를 파일로 보내 주세요.",
            most = LINK_BYTES_MAX / 1024
        ),
        LinkError::Damaged => say!(
            language,
            "The link is damaged; ask for it again, whole.",
            "링크가 손상되었습니다. 전체 링크를 다시 받아 주세요."
        ),
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
    match single {
        Some(text) => say!(
            language,
            "Write {text}",
            "{text:으로/로} 고치기",
            text = format_args!("`{text}`")
        ),
        None => say!(language, "Fix it", "고치기"),
    }
}

/// How far a sweep has come.
pub(in crate::web) fn points(language: Language, done: u32, all: Option<u32>) -> String {
    let all = all.map_or_else(|| "…".to_owned(), |all| all.to_string());
    say!(
        language,
        "{done} of {all} points",
        "점 {all}개 가운데 {done}개",
        done,
        all
    )
}
/// What is said of a draft below its first line, e.g. `before lesson 3 · 5 min ago · 12 lines`.
pub(in crate::web) fn draft(language: Language, draft: &Draft, now: WallTime) -> String {
    let lines = draft.text.lines().count();
    let parts = [
        draft_origin(language, draft),
        draft.at.minutes_until(now).map(|age| ago(language, age)),
        (lines > 1).then(|| say!(language, "{lines} lines", "{lines}줄", lines)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

/// Of the reader's drafts only what replaced them is news.
fn draft_origin(language: Language, draft: &Draft) -> Option<String> {
    let text = match draft.origin {
        ScriptOrigin::Reader => return replaced_by(language, draft.replaced_by),
        ScriptOrigin::OtherTab => text!("from another tab", "다른 탭에서 작성"),
        ScriptOrigin::Damaged => text!(
            "from a damaged part of the storage",
            "손상된 저장 내용에서 복구"
        ),
        ScriptOrigin::Link => text!("from a link", "링크로 열림"),
        ScriptOrigin::Exercise => text!("an exercise", "연습 문제"),
        ScriptOrigin::Page => return None,
    };
    Some(text.of(language).to_owned())
}

fn replaced_by(language: Language, replaced_by: ReplacedBy) -> Option<String> {
    let text = match replaced_by {
        ReplacedBy::Unknown => return None,
        ReplacedBy::Lesson(number) => {
            let said = say!(
                language,
                "before lesson {number}",
                "실험 {number} 열기 전",
                number
            );
            return Some(said);
        }
        ReplacedBy::LessonChange => text!("before a lesson's change", "실험의 제안 적용 전"),
        ReplacedBy::Exercise => text!("before an exercise", "연습 문제 풀기 전"),
        ReplacedBy::Link => text!("before a link", "링크 열기 전"),
        ReplacedBy::Fix => text!("before a suggested change", "제안한 수정 적용 전"),
        ReplacedBy::Python => text!("before a script from Python", "파이썬에서 가져오기 전"),
        ReplacedBy::OtherTab => text!("before another tab's script", "다른 탭의 스크립트 열기 전"),
        ReplacedBy::Draft => text!("before another draft", "다른 임시 보관본 열기 전"),
    };
    Some(text.of(language).to_owned())
}

/// `5 min ago`, in the largest unit of which there are at least two.
fn ago(language: Language, minutes: u64) -> String {
    const HOUR: u64 = 60;
    const DAY: u64 = 24 * HOUR;
    if minutes == 0 {
        text!("just now", "방금").of(language).to_owned()
    } else if minutes < 2 * HOUR {
        say!(language, "{minutes} min ago", "{minutes}분 전", minutes)
    } else if minutes < 2 * DAY {
        let hours = minutes / HOUR;
        say!(language, "{hours} h ago", "{hours}시간 전", hours)
    } else {
        let days = minutes / DAY;
        say!(language, "{days} d ago", "{days}일 전", days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
