//! One sentence for each step of a run: what happened, and what led to it.

use super::sentences::spoken;
use super::shown::Shown;
use chart::scene::{By, Kind};
use model::time::SimDuration;
use model::trace::{InstanceId, Record, Role, Span, State};
use texts::{Language, say};

/// Describes the record before the cursor.
pub(crate) fn step(language: Language, shown: &Shown, records: usize) -> Option<String> {
    let record = shown.run.trace().log.get(records.checked_sub(1)?)?;
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
        // Not alive before: a task may have several records at the instant of its arrival.
        is_first: shown
            .replay(records - 1)
            .state_of(record.instance)
            .is_none(),
    };
    Some(step.said(language))
}

struct Step<'a> {
    shown: &'a Shown,
    record: Record,
    name: String,
    /// The instance that caused it, unless the instance itself did.
    by: Option<String>,
    /// The span that ended at this instant, if it took time.
    before: Option<Span>,
    /// Whether the instance had no record before.
    is_first: bool,
}

impl Step<'_> {
    /// The length of a wait as written, otherwise the time until the instance's next record.
    fn takes(&self, language: Language) -> String {
        let Record {
            instance,
            state,
            segment,
            at,
            ..
        } = self.record;
        let written = self.shown.written_wait(segment);
        let written = written.filter(|_| matches!(state, State::Awaiting | State::Blocking));
        let taken = written.unwrap_or_else(|| {
            let span = self.shown.span_entered(instance, state, segment, at);
            span.map_or(SimDuration::ZERO, |span| span.end.since(at))
        });
        spoken(language, taken)
    }

    /// Whether the record is about work on a thread or in a process that belongs to a task.
    fn is_part(&self) -> bool {
        self.shown.run.trace().instance(self.record.instance).role == Role::Part
    }

    fn is_on_loop(&self) -> bool {
        let lane = self.shown.run.trace().lane(self.record.lane);
        Kind::of(self.record.state, lane.map(|lane| lane.kind)) == Some(Kind::BlockingLoop)
    }

    /// The time in the ready queue until now.
    fn stood(&self, language: Language) -> Option<String> {
        let before = self.before.filter(|span| span.state == State::Ready);
        before.map(|span| spoken(language, span.length()))
    }

    /// The time since its first record.
    fn age(&self, language: Language) -> String {
        let times = &self.shown.run.summary().times[self.record.instance.0 as usize];
        spoken(language, self.record.at.since(times.at.min(self.record.at)))
    }

    fn said(&self, language: Language) -> String {
        let name = &self.name;
        let (takes, age) = (self.takes(language), self.age(language));
        let stood = self.stood(language);
        let taken = stood.map(|stood| say!(language, "After {stood} in the ready queue, ", stood));
        let taken = taken.unwrap_or_default();
        match self.record.state {
            State::Unaccepted => say!(
                language,
                "{name} arrives; no server process has accepted it yet.",
                name
            ),
            State::Ready => self.ready(language),
            State::Running => say!(
                language,
                "{taken}{name} computes for {takes} and holds its thread.",
                taken,
                name,
                takes
            ),
            State::Blocking if self.is_on_loop() => say!(
                language,
                "{taken}{name} makes a blocking call of {takes} on the event loop: no other task can run until it returns.",
                taken,
                name,
                takes
            ),
            State::Blocking => say!(
                language,
                "{name} makes a blocking call of {takes} on its own thread; the loop keeps running.",
                name,
                takes
            ),
            State::Awaiting => say!(
                language,
                "{taken}{name} awaits for {takes} and gives control back to the loop.",
                taken,
                name,
                takes
            ),
            State::QueuedToken => say!(
                language,
                "{name} waits for a free thread: the whole pool is busy.",
                name
            ),
            State::QueuedExecutor => say!(
                language,
                "{name} waits for a free thread of the loop's executor.",
                name
            ),
            State::QueuedProcess => say!(
                language,
                "{name} waits for a free worker process: all are busy.",
                name
            ),
            State::QueuedJob => say!(
                language,
                "{name} waits in the job queue for a free worker.",
                name
            ),
            State::QueuedGil => say!(
                language,
                "{name} could continue, but another thread holds the GIL.",
                name
            ),
            State::QueuedCore => say!(
                language,
                "{name} could continue, but every core is busy.",
                name
            ),
            State::WaitingPermit => say!(
                language,
                "{name} waits for a permit that other tasks hold.",
                name
            ),
            State::BlockedPermit if self.is_on_loop() => say!(
                language,
                "{name} waits for a permit of a pool and blocks the event loop: no other task can run until it has one.",
                name
            ),
            State::BlockedPermit => say!(
                language,
                "{name} waits for a permit of a pool and keeps its thread occupied.",
                name
            ),
            State::WaitingItem => say!(
                language,
                "{name} waits for an item: the queue is empty.",
                name
            ),
            State::WaitingRoom => say!(language, "{name} waits for room: the queue is full.", name),
            State::WaitingEvent => say!(
                language,
                "{name} waits for an event that is not set yet.",
                name
            ),
            State::WaitingNotify => say!(language, "{name} waits to be notified.", name),
            State::WaitingTask => say!(language, "{name} waits for another task to finish.", name),
            State::WaitingAll => say!(
                language,
                "{name} waits for all tasks that it started.",
                name
            ),
            State::Offloaded => say!(
                language,
                "{taken}{name} hands its work over and waits for the result.",
                taken,
                name
            ),
            // The task itself finishes later, when its loop resumes it.
            State::Done if self.is_part() => {
                say!(language, "The work that {name} handed over is done.", name)
            }
            State::Failed if self.is_part() => {
                say!(language, "The work that {name} handed over fails.", name)
            }
            State::Cancelled if self.is_part() => say!(
                language,
                "The work that {name} handed over is cancelled.",
                name
            ),
            State::Done => say!(
                language,
                "{name} finishes, {age} after it arrived.",
                name,
                age
            ),
            State::Failed => say!(language, "{name} fails, {age} after it arrived.", name, age),
            State::Cancelled => say!(
                language,
                "{name} is cancelled, {age} after it arrived.",
                name,
                age
            ),
            State::Printed => say!(language, "{name} prints.", name),
            State::Responded => say!(
                language,
                "{name} sends its response, {age} after it arrived; its latency ends here.",
                name,
                age
            ),
            State::CancelRequested => match &self.by {
                Some(by) => say!(language, "{by} asks {name} to cancel.", by, name),
                None => say!(language, "{name} is asked to cancel.", name),
            },
            State::TimedOut => say!(language, "A timeout of {name} expires.", name),
        }
    }

    fn ready(&self, language: Language) -> String {
        let name = &self.name;
        match (&self.before, &self.by) {
            (None, Some(by)) if self.is_first => say!(
                language,
                "{by} starts {name}, which joins the end of the ready queue.",
                by,
                name
            ),
            (None, None) if self.is_first => say!(
                language,
                "{name} arrives and joins the end of the ready queue.",
                name
            ),
            (Some(span), _) if span.state == State::Awaiting => say!(
                language,
                "{name} has awaited for {length} and joins the end of the ready queue.",
                name,
                length = spoken(language, span.length())
            ),
            (Some(span), _) if span.state == State::Offloaded => say!(
                language,
                "{name} has the result of its work and joins the end of the ready queue.",
                name
            ),
            (Some(_), Some(by)) => say!(
                language,
                "{by} wakes {name}, which joins the end of the ready queue.",
                by,
                name
            ),
            (None, Some(by)) => say!(
                language,
                "{by} wakes {name} at once, which joins the end of the ready queue.",
                by,
                name
            ),
            (Some(span), None) if span.state.holds_lane() => say!(
                language,
                "{name} gives control back to the loop and joins the end of the ready queue.",
                name
            ),
            _ => say!(
                language,
                "{name} can continue and joins the end of the ready queue.",
                name
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::simulate;

    /// Every sentence of a run; every step has one in both languages.
    #[track_caller]
    fn check(script: &str, expected: &[&str]) {
        let workload = script::parse(script).workload.expect("no errors");
        let trace = simulate(&workload);
        let shown = Shown::new(script.into(), workload.into(), trace);
        let all = |language| -> Vec<String> {
            let steps = 1..=shown.run.trace().log.len();
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
                "a arrives and joins the end of the ready queue.",
                "b arrives and joins the end of the ready queue.",
                "a awaits for 2 s and gives control back to the loop.",
                "b makes a blocking call of 3 s on the event loop: no other task can run until it returns.",
                "a has awaited for 2 s and joins the end of the ready queue.",
                "b finishes, 3 s after it arrived.",
                "After 1 s in the ready queue, a computes for 1 s and holds its thread.",
                "a finishes, 4 s after it arrived.",
            ],
        );
    }

    /// At 1 s both have awaited 1 s, although `b` becomes ready only with the next record.
    #[test]
    fn a_step_has_its_own_length_where_much_happens_at_once() {
        check(
            "a: await 1 -> block 2\nb: await 1\n",
            &[
                "a arrives and joins the end of the ready queue.",
                "b arrives and joins the end of the ready queue.",
                "a awaits for 1 s and gives control back to the loop.",
                "b awaits for 1 s and gives control back to the loop.",
                "a has awaited for 1 s and joins the end of the ready queue.",
                "b has awaited for 1 s and joins the end of the ready queue.",
                "a makes a blocking call of 2 s on the event loop: no other task can run until it returns.",
                "a finishes, 3 s after it arrived.",
                "b finishes, 3 s after it arrived.",
            ],
        );
    }

    /// The thread is done after 1 s; the task finishes when the loop is free.
    #[test]
    fn a_task_with_a_thread_arrives_and_finishes_once() {
        let script =
            "def report: block 1\nasync def a: await 500ms -> block 3\nrun report\nrun a\n";
        let workload = script::parse(script).workload.expect("no errors");
        let trace = simulate(&workload);
        let shown = Shown::new(script.into(), workload.into(), trace);
        let all = (1..=shown.run.trace().log.len()).filter_map(|at| step(Language::En, &shown, at));
        let of_report = all.filter(|said| {
            said.contains("report")
                && ["arrives", "done", "finishes"]
                    .iter()
                    .any(|word| said.contains(word))
        });
        assert_eq!(
            of_report.collect::<Vec<_>>(),
            [
                "report arrives and joins the end of the ready queue.",
                "The work that report handed over is done.",
                "report finishes, 3.5 s after it arrived.",
            ]
        );
    }
}
