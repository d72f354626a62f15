//! One sentence for each step of a run: what happened, and what led to it.

use super::sentences::spoken;
use super::shown::Shown;
use crate::language::Language;
use crate::scene::{By, Kind};
use crate::time::{SimDuration, SimTime};
use crate::trace::{InstanceId, Record, Span, State};

/// What the record that has just happened means.
pub(in crate::web) fn step(language: Language, shown: &Shown, records: usize) -> Option<String> {
    let record = shown.trace.log.get(records.checked_sub(1)?)?;
    let name = |id: InstanceId| shown.timeline(By::Tasks).labels().instance(id);
    let step = Step {
        shown,
        record,
        name: name(record.instance),
        by: record
            .cause
            .map(name)
            .filter(|by| *by != name(record.instance)),
        before: shown.ended_at(record.instance, record.at),
    };
    Some(match language {
        Language::En => step.english(),
        Language::Ko => step.korean(),
    })
}

struct Step<'a> {
    shown: &'a Shown,
    record: Record,
    name: String,
    /// Who brought it about, where it was somebody else.
    by: Option<String>,
    /// What it was at until this instant, if that took time.
    before: Option<Span>,
}

impl Step<'_> {
    /// How long what follows takes: until the instance's next record.
    fn takes(&self) -> String {
        let until = self.shown.until(self.record.instance, self.record.at);
        spoken(until.map_or(SimDuration::ZERO, |until| until.since(self.record.at)))
    }

    fn is_on_loop(&self) -> bool {
        let lane = self.shown.trace.lane(self.record.lane);
        Kind::of(self.record.state, lane.map(|lane| lane.kind)) == Some(Kind::BlockingLoop)
    }

    /// How long it stood in the ready queue until now.
    fn stood(&self) -> Option<String> {
        let before = self.before.filter(|span| span.state == State::Ready);
        before.map(|span| spoken(span.length()))
    }

    /// From its first record on.
    fn age(&self) -> String {
        let times = &self.shown.summary.times[self.record.instance.0 as usize];
        spoken(self.record.at.since(times.at.min(self.record.at)))
    }

    fn is_first(&self) -> bool {
        self.before.is_none()
            && self.shown.summary.times[self.record.instance.0 as usize].at == self.record.at
            && self.record.at != SimTime::MAX
    }

    fn english(&self) -> String {
        let name = &self.name;
        let taken = self
            .stood()
            .map(|stood| format!("After {stood} in the ready queue, "))
            .unwrap_or_default();
        match self.record.state {
            State::Unaccepted => {
                format!("{name} arrives; no server process has accepted it yet.")
            }
            State::Ready => self.ready_english(),
            State::Running => format!(
                "{taken}{name} computes for {} and holds its thread.",
                self.takes()
            ),
            State::Blocking if self.is_on_loop() => format!(
                "{taken}{name} makes a blocking call of {} on the event loop: nobody else can run until it returns.",
                self.takes()
            ),
            State::Blocking => format!(
                "{name} makes a blocking call of {} on a thread of its own; the loop goes on.",
                self.takes()
            ),
            State::Awaiting => format!(
                "{taken}{name} awaits for {} and gives the loop back.",
                self.takes()
            ),
            State::QueuedToken => {
                format!("{name} waits for a free thread: the whole pool is busy.")
            }
            State::QueuedExecutor => {
                format!("{name} waits for a free thread of the loop's executor.")
            }
            State::QueuedProcess => {
                format!("{name} waits for a free worker process: all are busy.")
            }
            State::QueuedJob => format!("{name} waits in the job queue for a free worker."),
            State::QueuedGil => format!("{name} could go on, but another thread holds the GIL."),
            State::QueuedCore => format!("{name} could go on, but every core is busy."),
            State::WaitingPermit => format!("{name} waits for a permit that others hold."),
            State::WaitingItem => format!("{name} waits for an item: the queue is empty."),
            State::WaitingRoom => format!("{name} waits for room: the queue is full."),
            State::WaitingEvent => format!("{name} waits for an event that nobody has set yet."),
            State::WaitingNotify => format!("{name} waits to be notified."),
            State::WaitingTask => format!("{name} waits for another task to finish."),
            State::WaitingAll => format!("{name} waits until all of its tasks have finished."),
            State::Offloaded => {
                format!("{taken}{name} hands its work over and waits for the answer.")
            }
            State::Done => format!("{name} is finished, {} after it came.", self.age()),
            State::Failed => format!("{name} fails, {} after it came.", self.age()),
            State::Cancelled => format!("{name} is cancelled, {} after it came.", self.age()),
            State::Printed => format!("{name} prints."),
            State::Responded => format!(
                "{name} sends its response, {} after it came; its latency ends here.",
                self.age()
            ),
            State::CancelRequested => match &self.by {
                Some(by) => format!("{by} asks {name} to cancel."),
                None => format!("{name} is asked to cancel."),
            },
            State::TimedOut => format!("A timeout of {name} fires."),
        }
    }

    fn ready_english(&self) -> String {
        let name = &self.name;
        let because = match (&self.before, &self.by) {
            (None, Some(by)) if self.is_first() => format!("{by} starts {name}"),
            (None, None) if self.is_first() => format!("{name} arrives"),
            (Some(span), _) if span.state == State::Awaiting => {
                format!(
                    "What {name} awaited has come after {}",
                    spoken(span.length())
                )
            }
            (Some(span), _) if span.state == State::Offloaded => {
                format!("The answer for {name} is there")
            }
            (Some(_), Some(by)) => format!("{by} wakes {name}"),
            (None, Some(by)) => format!("{by} wakes {name} at once"),
            (Some(span), None) if span.state.holds_lane() => {
                format!("{name} gives the loop back and could go on")
            }
            _ => format!("{name} can go on"),
        };
        format!("{because}; it stands at the end of the ready queue.")
    }

    fn korean(&self) -> String {
        let name = &self.name;
        let taken = self
            .stood()
            .map(|stood| format!("준비 큐에서 {stood} 기다린 뒤 "))
            .unwrap_or_default();
        match self.record.state {
            State::Unaccepted => {
                format!("{name}: 도착했지만 아직 어느 서버 프로세스도 받지 않았습니다.")
            }
            State::Ready => self.ready_korean(),
            State::Running => format!(
                "{name}: {taken}{} 동안 계산하며 스레드를 붙듭니다.",
                self.takes()
            ),
            State::Blocking if self.is_on_loop() => format!(
                "{name}: {taken}이벤트 루프에서 {} 동안 블로킹 호출을 합니다. 끝날 때까지 아무도 실행되지 못합니다.",
                self.takes()
            ),
            State::Blocking => format!(
                "{name}: 자기 스레드에서 {} 동안 블로킹 호출을 합니다. 루프는 계속 돕니다.",
                self.takes()
            ),
            State::Awaiting => format!(
                "{name}: {taken}{} 동안 기다리며 루프를 내어 줍니다.",
                self.takes()
            ),
            State::QueuedToken => {
                format!("{name}: 풀의 스레드가 모두 바빠 차례를 기다립니다.")
            }
            State::QueuedExecutor => format!("{name}: 루프 실행기의 빈 스레드를 기다립니다."),
            State::QueuedProcess => {
                format!("{name}: 작업 프로세스가 모두 바빠 차례를 기다립니다.")
            }
            State::QueuedJob => format!("{name}: 작업 큐에서 빈 작업자를 기다립니다."),
            State::QueuedGil => {
                format!("{name}: 계속할 수 있지만 다른 스레드가 GIL을 잡고 있습니다.")
            }
            State::QueuedCore => format!("{name}: 계속할 수 있지만 모든 코어가 바쁩니다."),
            State::WaitingPermit => format!("{name}: 다른 태스크가 쥔 허가를 기다립니다."),
            State::WaitingItem => format!("{name}: 큐가 비어 항목을 기다립니다."),
            State::WaitingRoom => format!("{name}: 큐가 가득 차 자리를 기다립니다."),
            State::WaitingEvent => format!("{name}: 아직 켜지지 않은 이벤트를 기다립니다."),
            State::WaitingNotify => format!("{name}: 알림을 기다립니다."),
            State::WaitingTask => format!("{name}: 다른 태스크가 끝나기를 기다립니다."),
            State::WaitingAll => format!("{name}: 맡긴 태스크가 모두 끝나기를 기다립니다."),
            State::Offloaded => format!("{name}: {taken}일을 넘기고 결과를 기다립니다."),
            State::Done => format!("{name}: 온 지 {} 만에 끝났습니다.", self.age()),
            State::Failed => format!("{name}: 온 지 {} 만에 실패했습니다.", self.age()),
            State::Cancelled => format!("{name}: 온 지 {} 만에 취소되었습니다.", self.age()),
            State::Printed => format!("{name}: 출력합니다."),
            State::Responded => format!(
                "{name}: 온 지 {} 만에 응답을 보냅니다. 지연 시간은 여기까지입니다.",
                self.age()
            ),
            State::CancelRequested => match &self.by {
                Some(by) => format!("{by}: {name}의 취소를 요청합니다."),
                None => format!("{name}: 취소를 요청받았습니다."),
            },
            State::TimedOut => format!("{name}: 제한 시간이 지났습니다."),
        }
    }

    fn ready_korean(&self) -> String {
        let name = &self.name;
        let because = match (&self.before, &self.by) {
            (None, Some(by)) if self.is_first() => format!("{by}의 손에서 시작되어"),
            (None, None) if self.is_first() => "도착하여".to_owned(),
            (Some(span), _) if span.state == State::Awaiting => {
                format!("{} 만에 기다리던 것이 와서", spoken(span.length()))
            }
            (Some(span), _) if span.state == State::Offloaded => "넘긴 일의 결과가 와서".to_owned(),
            (_, Some(by)) => format!("{by} 덕분에 깨어나"),
            (Some(span), None) if span.state.holds_lane() => "루프를 내어 주고".to_owned(),
            _ => "계속할 수 있게 되어".to_owned(),
        };
        format!("{name}: {because} 준비 큐 맨 뒤에 섭니다.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;
    use crate::sim::simulate;

    /// Every sentence of a run; every step has one in both languages.
    #[track_caller]
    fn check(script: &str, expected: &[&str]) {
        let workload = script::parse(script).workload.expect("no errors");
        let trace = simulate(&workload);
        let shown = Shown::new(script.into(), workload, trace);
        let all = |language| -> Vec<String> {
            let steps = 1..=shown.trace.log.len();
            steps.filter_map(|at| step(language, &shown, at)).collect()
        };
        assert_eq!(all(Language::En), expected);
        assert_eq!(all(Language::Ko).len(), expected.len());
    }

    #[test]
    fn each_step_says_what_happened_and_why() {
        check(
            "a: await 2 -> cpu 1\nb: block 3\n",
            &[
                "a arrives; it stands at the end of the ready queue.",
                "b arrives; it stands at the end of the ready queue.",
                "a awaits for 2 s and gives the loop back.",
                "b makes a blocking call of 3 s on the event loop: nobody else can run until it returns.",
                "What a awaited has come after 2 s; it stands at the end of the ready queue.",
                "b is finished, 3 s after it came.",
                "After 1 s in the ready queue, a computes for 1 s and holds its thread.",
                "a is finished, 4 s after it came.",
            ],
        );
    }
}
