//! Sentences that hold names, numbers and times, in every language: a function
//! each, a `match` on the language in it.

use super::shown::{Bar, Shown};
use crate::language::Language;
use crate::scene::{By, Kind, Words, label::brief};
use crate::time::{SimDuration, SimTime};
use crate::trace::{Ending, InstanceId, Record, Role, State};

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

/// The picture in one sentence, for those who do not see it.
pub(in crate::web) fn chart_summary(language: Language, shown: &Shown) -> String {
    let tasks = shown
        .trace
        .instances
        .iter()
        .filter(|instance| instance.role != Role::Part)
        .count();
    let total = spoken(shown.summary.total);
    let freeze = shown.summary.freeze.map(|freeze| spoken(freeze.length));
    match (language, freeze) {
        (Language::En, None) => format!("Gantt chart: {tasks} tasks, total {total}."),
        (Language::En, Some(freeze)) => {
            format!(
                "Gantt chart: {tasks} tasks, total {total}. One step held the event loop for {freeze}."
            )
        }
        (Language::Ko, None) => format!("간트 차트: 태스크 {tasks}개, 총 {total}."),
        (Language::Ko, Some(freeze)) => {
            format!(
                "간트 차트: 태스크 {tasks}개, 총 {total}. 한 단계가 이벤트 루프를 {freeze} 동안 붙들었습니다."
            )
        }
    }
}

/// What ended the run, where it did not simply finish.
pub(in crate::web) fn ending(language: Language, shown: &Shown) -> Option<String> {
    let name = |id: InstanceId| shown.timeline(By::Tasks).labels().instance(id);
    match &shown.trace.ending {
        Ending::Finished => None,
        Ending::Deadlock(deadlock) => {
            let waiting: Vec<String> = deadlock
                .waiters
                .iter()
                .take(4)
                .map(|waiter| name(waiter.instance))
                .collect();
            let waiting = waiting.join(", ");
            Some(match language {
                Language::En => format!(
                    "Deadlock at {}: {waiting} can never go on.",
                    instant(deadlock.at)
                ),
                Language::Ko => format!(
                    "{}에 교착 상태: {waiting}이(가) 영원히 기다립니다.",
                    instant(deadlock.at)
                ),
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

/// A bar in words: who, what, when, which line.
pub(in crate::web) fn bar(language: Language, shown: &Shown, bar: &Bar) -> String {
    let timeline = shown.timeline(By::Tasks);
    let name = timeline.labels().instance(bar.instance);
    let kind = Words(language).kind(bar.kind);
    let length = spoken(bar.end.since(bar.start));
    let (from, to) = (instant(bar.start), instant(bar.end));
    let line = timeline.labels().line(bar.segment);
    match language {
        Language::En => format!("{name}: {kind} for {length}, {from} – {to}, line {line}"),
        Language::Ko => format!("{name}: {kind} {length}, {from} – {to}, {line}번째 줄"),
    }
}

/// What the record that has just happened means.
pub(in crate::web) fn step(language: Language, shown: &Shown, records: usize) -> Option<String> {
    let record = shown.trace.log.get(records.checked_sub(1)?)?;
    let name = shown.timeline(By::Tasks).labels().instance(record.instance);
    let cause = record
        .cause
        .map(|id| shown.timeline(By::Tasks).labels().instance(id));
    let by = cause.filter(|cause| *cause != name);
    Some(match language {
        Language::En => english(shown, &record, &name, by.as_deref()),
        Language::Ko => korean(shown, &record, &name, by.as_deref()),
    })
}

/// How long what follows takes: until the instance's next record.
fn length(shown: &Shown, record: &Record) -> String {
    let until = shown.until(record.instance, record.at);
    spoken(until.map_or(SimDuration::ZERO, |until| until.since(record.at)))
}

fn is_on_loop(shown: &Shown, record: &Record) -> bool {
    let lane = shown.trace.lane(record.lane).map(|lane| lane.kind);
    Kind::of(record.state, lane) == Some(Kind::BlockingLoop)
}

fn english(shown: &Shown, record: &Record, name: &str, by: Option<&str>) -> String {
    let takes = || length(shown, record);
    let because = by.map(|by| format!(", woken by {by}")).unwrap_or_default();
    match record.state {
        State::Unaccepted => format!("{name} arrives; no server process has accepted it yet."),
        State::Ready => {
            format!("{name} is ready and stands at the end of the ready queue{because}.")
        }
        State::Running => format!("{name} computes for {}; it holds its thread.", takes()),
        State::Blocking if is_on_loop(shown, record) => {
            format!(
                "{name} makes a blocking call of {} on the event loop: nobody else can run until it returns.",
                takes()
            )
        }
        State::Blocking => format!(
            "{name} makes a blocking call of {} on a thread; the loop goes on.",
            takes()
        ),
        State::Awaiting => format!("{name} awaits for {} and gives the loop back.", takes()),
        State::QueuedToken => format!("{name} waits for a free thread of the pool."),
        State::QueuedExecutor => format!("{name} waits for a free thread of the loop's executor."),
        State::QueuedProcess => format!("{name} waits for a free worker process."),
        State::QueuedJob => format!("{name} waits in the job queue."),
        State::QueuedGil => format!("{name} could go on, but another thread holds the GIL."),
        State::QueuedCore => format!("{name} could go on, but every core is busy."),
        State::WaitingPermit => format!("{name} waits for a permit that others hold."),
        State::WaitingItem => format!("{name} waits for an item; the queue is empty."),
        State::WaitingRoom => format!("{name} waits for room; the queue is full."),
        State::WaitingEvent => format!("{name} waits for an event to be set."),
        State::WaitingNotify => format!("{name} waits to be notified."),
        State::WaitingTask => format!("{name} waits for another task to finish."),
        State::WaitingAll => format!("{name} waits until all of its tasks have finished."),
        State::Offloaded => format!("{name} has handed its work over and waits for the answer."),
        State::Done => format!("{name} is finished."),
        State::Failed => format!("{name} fails."),
        State::Cancelled => format!("{name} is cancelled."),
        State::Printed => format!("{name} prints."),
        State::Responded => format!("{name} sends its response; its latency ends here."),
        State::CancelRequested => match by {
            Some(by) => format!("{by} asks {name} to cancel."),
            None => format!("{name} is asked to cancel."),
        },
        State::TimedOut => format!("A timeout of {name} fires."),
    }
}

fn korean(shown: &Shown, record: &Record, name: &str, by: Option<&str>) -> String {
    let takes = || length(shown, record);
    let because = by.map(|by| format!("{by} 덕분에 ")).unwrap_or_default();
    match record.state {
        State::Unaccepted => {
            format!("{name}: 도착했지만 아직 어느 서버 프로세스도 받지 않았습니다.")
        }
        State::Ready => format!("{name}: {because}준비되어 준비 큐 맨 뒤에 섭니다."),
        State::Running => format!("{name}: {} 동안 계산하며 스레드를 붙듭니다.", takes()),
        State::Blocking if is_on_loop(shown, record) => {
            format!(
                "{name}: 이벤트 루프에서 {} 블로킹 호출을 합니다. 끝날 때까지 아무도 실행되지 못합니다.",
                takes()
            )
        }
        State::Blocking => format!(
            "{name}: 스레드에서 {} 블로킹 호출을 합니다. 루프는 계속 돕니다.",
            takes()
        ),
        State::Awaiting => format!("{name}: {} 동안 기다리며 루프를 내어 줍니다.", takes()),
        State::QueuedToken => format!("{name}: 풀의 빈 스레드를 기다립니다."),
        State::QueuedExecutor => format!("{name}: 루프 실행기의 빈 스레드를 기다립니다."),
        State::QueuedProcess => format!("{name}: 빈 작업 프로세스를 기다립니다."),
        State::QueuedJob => format!("{name}: 작업 큐에서 기다립니다."),
        State::QueuedGil => format!("{name}: 계속할 수 있지만 다른 스레드가 GIL을 잡고 있습니다."),
        State::QueuedCore => format!("{name}: 계속할 수 있지만 모든 코어가 바쁩니다."),
        State::WaitingPermit => format!("{name}: 다른 태스크가 쥔 허가를 기다립니다."),
        State::WaitingItem => format!("{name}: 큐가 비어 항목을 기다립니다."),
        State::WaitingRoom => format!("{name}: 큐가 가득 차 자리를 기다립니다."),
        State::WaitingEvent => format!("{name}: 이벤트가 켜지기를 기다립니다."),
        State::WaitingNotify => format!("{name}: 알림을 기다립니다."),
        State::WaitingTask => format!("{name}: 다른 태스크가 끝나기를 기다립니다."),
        State::WaitingAll => format!("{name}: 맡긴 태스크가 모두 끝나기를 기다립니다."),
        State::Offloaded => format!("{name}: 일을 넘기고 결과를 기다립니다."),
        State::Done => format!("{name}: 끝났습니다."),
        State::Failed => format!("{name}: 실패했습니다."),
        State::Cancelled => format!("{name}: 취소되었습니다."),
        State::Printed => format!("{name}: 출력합니다."),
        State::Responded => format!("{name}: 응답을 보냅니다. 지연 시간은 여기까지입니다."),
        State::CancelRequested => match by {
            Some(by) => format!("{by}: {name}의 취소를 요청합니다."),
            None => format!("{name}: 취소를 요청받았습니다."),
        },
        State::TimedOut => format!("{name}: 제한 시간이 지났습니다."),
    }
}

/// `until 8 s`.
pub(in crate::web) fn until(language: Language, at: SimTime) -> String {
    match language {
        Language::En => format!("until {}", instant(at)),
        Language::Ko => format!("{}까지", instant(at)),
    }
}

/// `1 of 40`.
pub(in crate::web) fn of(language: Language, some: u64, all: u64) -> String {
    match language {
        Language::En => format!("{some} of {all}"),
        Language::Ko => format!("{all} 중 {some}"),
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
        (Language::Ko, Some(text)) => format!("`{text}`(으)로 고치기"),
        (Language::Ko, None) => "고치기".to_owned(),
    }
}
