//! The numbers of a run: when each instance began and ended, how long answers
//! took, how far the loops lagged, how many threads were at work.
//!
//! One pass over the log, memory in proportion to the instances. Whether the
//! numbers are good is decided elsewhere (see the expectations).

use std::num::NonZeroU64;

use crate::cooperative;
use crate::time::{SimDuration, SimTime};
use crate::trace::events::{Event, EventKind, Teller};
use crate::trace::{InstanceId, LaneId, LaneKind, Record, Role, State, Trace};
use crate::workload::{TaskIndex, Workload};

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// From the start to the last thing that happened.
    pub total: SimDuration,
    /// Indexed by [`InstanceId`].
    pub times: Vec<Times>,
    /// Indexed by [`TaskIndex`].
    pub tasks: Vec<TaskSummary>,
    /// What arrived by `run`: counts and latencies of the requests.
    pub arrivals: Outcomes,
    /// The longest that a ready instance waited for its loop.
    pub loop_lag: Option<Longest>,
    /// The longest that one step held a loop without a break.
    pub freeze: Option<Longest>,
    /// Pool and executor threads at work at once, at the peak.
    pub threads_peak: u32,
    /// Requests waiting for a token of the pool at once, at the peak.
    pub pool_queue_peak: u32,
    pub cpu: CpuUse,
    /// Indexed by [`LaneId`].
    pub lanes: Vec<LaneUse>,
}

/// The life of an instance in instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// When it arrived or was asked for.
    pub at: SimTime,
    start: Moment,
    finish: Moment,
    respond: Moment,
    pub outcome: Outcome,
}

impl Times {
    /// The first instant of its body, wherever that ran.
    pub fn start(&self) -> Option<SimTime> {
        self.start.read()
    }

    /// The last instant of its body, wherever that ran.
    pub fn finish(&self) -> Option<SimTime> {
        self.finish.read()
    }

    /// When its answer was out: on its loop, where it has one. A cancelled
    /// instance has no answer unless it gave it before.
    pub fn respond(&self) -> Option<SimTime> {
        self.respond.read()
    }

    pub fn latency(&self) -> Option<SimDuration> {
        self.respond().map(|respond| respond.since(self.at))
    }
}

/// An instant or none, in eight bytes: there are millions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Moment(Option<NonZeroU64>);

impl Moment {
    fn at(time: SimTime) -> Self {
        Self(NonZeroU64::new(time.as_nanos().saturating_add(1)))
    }

    fn read(self) -> Option<SimTime> {
        self.0.map(|nanos| SimTime::from_nanos(nanos.get() - 1))
    }

    /// Keeps an earlier one.
    fn set_once(&mut self, time: SimTime) {
        if self.0.is_none() {
            *self = Self::at(time);
        }
    }
}

/// How an instance ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Failed,
    Cancelled,
    /// Not at all: the trace ended first.
    Running,
}

/// How many ended how, and how long their answers took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    pub created: u64,
    pub done: u64,
    pub failed: u64,
    pub cancelled: u64,
    pub running: u64,
    /// Of those that answered.
    pub latency: Option<Percentiles>,
}

impl Outcomes {
    /// Finished ones for each second of `total`.
    pub fn throughput(&self, total: SimDuration) -> f64 {
        if total.is_zero() {
            return 0.0;
        }
        self.done as f64 / total.as_secs_f64()
    }

    fn count(&mut self, outcome: Outcome) {
        self.created += 1;
        *match outcome {
            Outcome::Done => &mut self.done,
            Outcome::Failed => &mut self.failed,
            Outcome::Cancelled => &mut self.cancelled,
            Outcome::Running => &mut self.running,
        } += 1;
    }
}

/// All instances of one definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskSummary {
    pub outcomes: Outcomes,
    /// The number in the log of the last record that ended one of them: the
    /// order of ends that share an instant.
    pub last_end: Option<usize>,
}

/// By nearest rank: each is a latency that really occurred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentiles {
    pub p50: SimDuration,
    pub p95: SimDuration,
    pub p99: SimDuration,
    pub max: SimDuration,
}

impl Percentiles {
    /// `None` of nothing.
    pub fn of(mut values: Vec<SimDuration>) -> Option<Self> {
        let max = *values.iter().max()?;
        // Sorting a million would take longer than looking for three of them.
        let mut rank = |percent: usize| {
            let number = (values.len() * percent).div_ceil(100) - 1;
            *values.select_nth_unstable(number).1
        };
        Some(Self {
            p50: rank(50),
            p95: rank(95),
            p99: rank(99),
            max,
        })
    }
}

/// The longest of its kind: how long, whose, from when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Longest {
    pub length: SimDuration,
    pub instance: InstanceId,
    pub start: SimTime,
}

impl Longest {
    /// The first of equals stays.
    fn keep(current: &mut Option<Self>, other: Self) {
        if current.is_none_or(|current| current.length < other.length) {
            *current = Some(other);
        }
    }
}

/// CPU time spent of what the cores offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuUse {
    pub used: SimDuration,
    pub offered: SimDuration,
}

/// What a lane did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneUse {
    pub running: SimDuration,
    pub blocking: SimDuration,
    /// Held by a body that waited for the GIL or a core.
    pub waiting: SimDuration,
}

/// Reads a trace once.
pub fn summarize(workload: &Workload, trace: &Trace) -> Summary {
    cooperative::block_on(summarize_yielding(workload, trace))
}

/// The same for whoever has other duties.
pub async fn summarize_yielding(workload: &Workload, trace: &Trace) -> Summary {
    let mut pass = Pass::new(workload, trace).await;
    let records = trace.log.iter().enumerate();
    cooperative::for_each(records, |(number, record)| pass.record(number, record)).await;
    pass.finish(workload).await
}

const UNKNOWN: Times = Times {
    at: SimTime::MAX,
    start: Moment(None),
    finish: Moment(None),
    respond: Moment(None),
    outcome: Outcome::Running,
};

struct Pass<'a> {
    trace: &'a Trace,
    teller: Teller<'a>,
    now: SimTime,
    open: Vec<Open>,
    levels: Levels,
    summary: Summary,
}

/// The state an instance is in.
#[derive(Clone, Copy)]
struct Open {
    /// `None` before its first record and after its last.
    state: Option<State>,
    lane: LaneId,
    since: SimTime,
    /// Since when it has held its lane without a break, or since when its work
    /// has been asked for elsewhere.
    stretch: SimTime,
    /// Whose answer woke it: its work elsewhere, done.
    answer: Option<InstanceId>,
}

/// How many there are right now.
#[derive(Default)]
struct Levels {
    threads: u32,
    pool_queue: u32,
}

impl<'a> Pass<'a> {
    async fn new(workload: &Workload, trace: &'a Trace) -> Self {
        let total = trace.end.since(SimTime::ZERO);
        let nobody = Open {
            state: None,
            lane: LaneId::NONE,
            since: SimTime::ZERO,
            stretch: SimTime::ZERO,
            answer: None,
        };
        Self {
            trace,
            teller: Teller::new(trace).await,
            now: SimTime::ZERO,
            open: cooperative::filled_vec(nobody, trace.instances.len()).await,
            levels: Levels::default(),
            summary: Summary {
                total,
                times: cooperative::filled_vec(UNKNOWN, trace.instances.len()).await,
                tasks: vec![TaskSummary::default(); workload.tasks.len()],
                arrivals: Outcomes::default(),
                loop_lag: None,
                freeze: None,
                threads_peak: 0,
                pool_queue_peak: 0,
                cpu: CpuUse {
                    used: SimDuration::ZERO,
                    offered: total.saturating_mul(u64::from(workload.machine.cores)),
                },
                lanes: vec![LaneUse::default(); trace.lanes.len()],
            },
        }
    }

    fn record(&mut self, number: usize, record: Record) {
        if self.now < record.at {
            self.instant_is_over();
            self.now = record.at;
        }
        for event in self.teller.tell(record) {
            self.event(number, event);
        }
        if !record.state.is_mark() {
            self.turn(record);
        }
    }

    /// Levels that lasted no time are not peaks.
    fn instant_is_over(&mut self) {
        let summary = &mut self.summary;
        summary.threads_peak = summary.threads_peak.max(self.levels.threads);
        summary.pool_queue_peak = summary.pool_queue_peak.max(self.levels.pool_queue);
    }

    fn event(&mut self, number: usize, event: Event) {
        let id = self.owner(event.instance);
        let asked = self.asked(id);
        let times = &mut self.summary.times[id.0 as usize];
        match event.kind {
            EventKind::Arrive => times.at = event.at,
            EventKind::Start => {
                times.start.set_once(event.at);
                if times.at == SimTime::MAX {
                    times.at = asked.unwrap_or(event.at);
                }
            }
            EventKind::Respond => times.respond.set_once(event.at),
            EventKind::Finish | EventKind::Fail | EventKind::Cancel => {
                times.finish = Moment::at(event.at);
                self.ended(number, id, event);
            }
            _ => {}
        }
    }

    /// A body has ended.
    fn ended(&mut self, number: usize, id: InstanceId, event: Event) {
        let instance = self.trace.instance(id);
        self.summary.tasks[instance.task.0 as usize].last_end = Some(number);
        let times = &mut self.summary.times[id.0 as usize];
        let answered_at_once = !matches!(instance.role, Role::Handler | Role::Offloaded);
        if answered_at_once && event.kind != EventKind::Cancel {
            times.respond.set_once(event.at);
        }
    }

    /// The body of a `def` handler belongs to the handler.
    fn owner(&self, id: InstanceId) -> InstanceId {
        let instance = self.trace.instance(id);
        let handler = instance
            .parent
            .filter(|&parent| self.trace.instance(parent).role == Role::Handler);
        match instance.role {
            Role::Part => handler.unwrap_or(id),
            _ => id,
        }
    }

    /// When work that runs elsewhere was asked for: its caller has waited since.
    fn asked(&self, id: InstanceId) -> Option<SimTime> {
        let instance = self.trace.instance(id);
        let caller = instance
            .parent
            .filter(|_| instance.role == Role::Offloaded)?;
        let caller = &self.open[caller.0 as usize];
        caller.state.filter(|&state| is_elsewhere(state))?;
        Some(caller.stretch)
    }

    fn turn(&mut self, record: Record) {
        let id = record.instance;
        let before = self.open[id.0 as usize];
        self.leave(id, before, record.at);
        self.answer(record, before);
        let state = (!record.state.is_terminal()).then_some(record.state);
        let goes_on = match (before.state, state) {
            (Some(old), Some(new)) => {
                (is_elsewhere(old) && is_elsewhere(new)) || same_hold(old, new)
            }
            _ => false,
        };
        let was_freeze = before.state.is_some_and(State::holds_lane) && !goes_on;
        if was_freeze {
            self.hold_is_over(id, before, record.at);
        }
        self.enter(state, record.lane);
        let open = &mut self.open[id.0 as usize];
        open.state = state;
        open.lane = record.lane;
        open.since = record.at;
        if !goes_on {
            open.stretch = record.at;
        }
        match record.state {
            State::Done => self.summary.times[id.0 as usize].outcome = Outcome::Done,
            State::Failed => self.summary.times[id.0 as usize].outcome = Outcome::Failed,
            State::Cancelled => self.summary.times[id.0 as usize].outcome = Outcome::Cancelled,
            _ => {}
        }
    }

    /// Work elsewhere has answered when the loop gives its caller the turn.
    fn answer(&mut self, record: Record, before: Open) {
        let open = &mut self.open[record.instance.0 as usize];
        if let Some(work) = open.answer.take_if(|_| record.state != State::Ready) {
            self.summary.times[work.0 as usize]
                .respond
                .set_once(record.at);
        } else if before.state == Some(State::Offloaded) && record.state == State::Ready {
            open.answer = record.cause.filter(|&cause| {
                let work = self.trace.instance(cause);
                work.role == Role::Offloaded && work.parent == Some(record.instance)
            });
        }
    }

    /// The interval that `before` began ends at `end`.
    fn leave(&mut self, id: InstanceId, before: Open, end: SimTime) {
        let Some(state) = before.state else { return };
        let length = end.since(before.since);
        if let Some(lane) = self.summary.lanes.get_mut(before.lane.0 as usize) {
            match state {
                State::Running => lane.running += length,
                State::Blocking => lane.blocking += length,
                _ => lane.waiting += length,
            }
        }
        match state {
            State::Running => self.summary.cpu.used += length,
            State::QueuedToken => self.levels.pool_queue -= 1,
            State::Ready if !length.is_zero() => Longest::keep(
                &mut self.summary.loop_lag,
                Longest {
                    length,
                    instance: id,
                    start: before.since,
                },
            ),
            _ => {}
        }
        if self.is_thread(state, before.lane) {
            self.levels.threads -= 1;
        }
    }

    fn enter(&mut self, state: Option<State>, lane: LaneId) {
        let Some(state) = state else { return };
        if state == State::QueuedToken {
            self.levels.pool_queue += 1;
        }
        if self.is_thread(state, lane) {
            self.levels.threads += 1;
        }
    }

    fn is_thread(&self, state: State, lane: LaneId) -> bool {
        let kind = self.trace.lane(lane).map(|lane| lane.kind);
        state.holds_lane() && matches!(kind, Some(LaneKind::PoolThread | LaneKind::ExecutorThread))
    }

    fn hold_is_over(&mut self, id: InstanceId, before: Open, end: SimTime) {
        let on_loop = self
            .trace
            .lane(before.lane)
            .is_some_and(|lane| lane.kind == LaneKind::Loop);
        let length = end.since(before.stretch);
        if on_loop && !length.is_zero() {
            Longest::keep(
                &mut self.summary.freeze,
                Longest {
                    length,
                    instance: id,
                    start: before.stretch,
                },
            );
        }
    }

    async fn finish(mut self, workload: &Workload) -> Summary {
        self.cut().await;
        let mut latencies = vec![Vec::new(); workload.tasks.len()];
        let mut requests = Vec::new();
        let summary = &mut self.summary;
        let instances = self.trace.instances.iter().zip(&mut summary.times);
        cooperative::for_each(instances, |(instance, times)| {
            if times.at == SimTime::MAX {
                times.at = self.trace.end;
            }
            if instance.role == Role::Part {
                return;
            }
            let TaskIndex(task) = instance.task;
            summary.tasks[task as usize].outcomes.count(times.outcome);
            latencies[task as usize].extend(times.latency());
            if matches!(instance.role, Role::Arrived | Role::Handler) {
                summary.arrivals.count(times.outcome);
                requests.extend(times.latency());
            }
        })
        .await;
        for (task, latencies) in summary.tasks.iter_mut().zip(latencies) {
            task.outcomes.latency = Percentiles::of(latencies);
            cooperative::yield_now().await;
        }
        summary.arrivals.latency = Percentiles::of(requests);
        self.summary
    }

    /// The end of the trace ends what still lasts.
    async fn cut(&mut self) {
        let end = self.trace.end;
        if self.now < end {
            self.instant_is_over();
        }
        cooperative::for_each(0..self.open.len(), |index| {
            let id = InstanceId(index as u32);
            let open = self.open[index];
            self.leave(id, open, end);
            if open.state.is_some_and(State::holds_lane) {
                self.hold_is_over(id, open, end);
            }
        })
        .await;
    }
}

/// Its work is asked for, and not yet back.
fn is_elsewhere(state: State) -> bool {
    matches!(
        state,
        State::QueuedToken | State::QueuedExecutor | State::QueuedProcess | State::Offloaded
    )
}

/// One step goes on: the lane was not given back in between.
fn same_hold(old: State, new: State) -> bool {
    old.holds_lane() && new.holds_lane()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::staged::stage;

    fn summary(text: &str) -> Summary {
        let (workload, trace) = stage(text);
        summarize(&workload, &trace)
    }

    fn seconds(count: u64) -> SimDuration {
        SimDuration::from_secs(count)
    }

    /// `at start finish respond` in seconds, `-` for none.
    #[track_caller]
    fn check(text: &str, instance: usize, expected: &str) {
        let times = summary(text).times[instance];
        let written = |time: Option<SimTime>| match time {
            Some(time) => (time.as_nanos() / 1_000_000_000).to_string(),
            None => "-".to_owned(),
        };
        let written = [
            written(Some(times.at)),
            written(times.start()),
            written(times.finish()),
            written(times.respond()),
        ];
        assert_eq!(written.join(" "), expected);
    }

    const PASTA_AND_TOAST: &str = "
        task pasta: cpu 3, await 5
        task toast: cpu 6
        pasta#1 arrived
        toast#1 arrived
        0 pasta#1 ready
        0 toast#1 ready
        0 pasta#1 running @0 on loop
        3 pasta#1 awaiting @1
        3 toast#1 running @2 on loop
        9 toast#1 done
        9 pasta#1 ready
        9 pasta#1 done";

    const HANDLER: &str = "
        def h: block 2
        task a: cpu 5
        h#1 handler
        h#1~1 part of h#1
        a#1 arrived
        0 h#1 ready
        1 h#1 queued_token
        2 h#1 offloaded
        2 h#1~1 blocking @0 on thread
        3 a#1 running @1 on loop
        4 h#1~1 done
        4 h#1 ready by h#1~1
        8 a#1 done
        8 h#1 done";

    #[test]
    fn the_blackboard_comes_out() {
        check(PASTA_AND_TOAST, 0, "0 0 9 9");
        check(PASTA_AND_TOAST, 1, "0 3 9 9");
        let summary = summary(PASTA_AND_TOAST);
        assert_eq!(summary.total, seconds(9));
        assert_eq!(summary.cpu.used, seconds(9));
        assert_eq!(summary.cpu.offered, seconds(36));
        assert_eq!(summary.lanes[0].running, seconds(9));
        assert_eq!(summary.loop_lag.expect("a lag").length, seconds(3));
        assert_eq!(summary.freeze.expect("a freeze").length, seconds(6));
        assert!(summary.tasks[1].last_end < summary.tasks[0].last_end);
    }

    #[test]
    fn a_handler_lives_in_its_thread_and_answers_on_the_loop() {
        check(HANDLER, 0, "0 2 4 8");
        let summary = summary(HANDLER);
        assert_eq!(summary.times[0].outcome, Outcome::Done);
        assert_eq!(summary.arrivals.created, 2);
        assert_eq!(summary.tasks[0].outcomes.created, 1);
        assert_eq!(summary.threads_peak, 1);
        assert_eq!(summary.pool_queue_peak, 1);
        assert_eq!(summary.lanes[0].blocking, seconds(2));
    }

    #[test]
    fn work_given_away_arrives_when_it_is_asked_for_and_answers_on_the_loop() {
        let text = "
            task a: await 1
            def f: block 1
            a#1 arrived
            f#1 offloaded of a#1
            0 a#1 ready
            1 a#1 queued_token
            2 a#1 offloaded
            2 f#1 blocking @1 on thread
            3 f#1 done
            3 a#1 ready by f#1
            5 a#1 done";
        check(text, 1, "1 2 3 5");
        check(text, 0, "0 1 5 5");
    }

    #[test]
    fn a_response_ends_the_latency_of_what_goes_on() {
        let text = "
            task a: respond, await 4
            a#1 arrived
            1 a#1 ready
            2 a#1 responded @0
            2 a#1 awaiting @1
            6 a#1 ready
            6 a#1 done";
        check(text, 0, "1 2 6 2");
        let latency = summary(text).arrivals.latency.expect("one answer");
        assert_eq!(latency.p50, seconds(1));
    }

    #[test]
    fn what_was_cancelled_before_its_first_step_never_started() {
        let text = "
            task a: await 4
            a#1 arrived
            0 a#1 ready
            1 a#1 cancel_requested
            2 a#1 cancelled";
        check(text, 0, "0 - 2 -");
        assert_eq!(summary(text).arrivals.cancelled, 1);
    }

    #[test]
    fn what_the_end_cuts_off_is_running_and_its_time_counts() {
        let text = "
            cores 1
            until 4
            task a: cpu 9
            a#1 arrived
            1 a#1 ready
            1 a#1 running @0 on loop";
        check(text, 0, "1 1 - -");
        let summary = summary(text);
        assert_eq!(summary.times[0].outcome, Outcome::Running);
        assert_eq!(summary.cpu.used, seconds(3));
        assert_eq!(summary.freeze.expect("a freeze").length, seconds(3));
    }

    #[test]
    fn a_hold_goes_on_over_segments_and_ends_with_a_yield() {
        let text = "
            task a: cpu 2, block 1, cpu 1
            a#1 arrived
            0 a#1 ready
            0 a#1 running @0 on loop
            2 a#1 blocking @1 on loop
            3 a#1 queued_gil @1 on loop
            4 a#1 running @2 on loop
            5 a#1 ready
            5 a#1 running @2 on loop
            6 a#1 done";
        assert_eq!(summary(text).freeze.expect("a freeze").length, seconds(5));
    }

    #[test]
    fn a_queue_that_lasts_no_time_is_no_peak() {
        let text = "
            def f: block 1
            f#1 handler
            f#1~1 part of f#1
            0 f#1 ready
            0 f#1 queued_token
            0 f#1 offloaded
            0 f#1~1 blocking @0 on thread
            1 f#1~1 done
            1 f#1 ready by f#1~1
            1 f#1 done";
        let summary = summary(text);
        assert_eq!(summary.pool_queue_peak, 0);
        assert_eq!(summary.loop_lag, None);
    }

    #[test]
    fn percentiles_are_latencies_that_occurred() {
        let of = |count: u64| Percentiles::of((1..=count).map(seconds).collect());
        let hundred = of(100).expect("values");
        assert_eq!(
            (hundred.p50, hundred.p95, hundred.p99, hundred.max),
            (seconds(50), seconds(95), seconds(99), seconds(100))
        );
        let one = of(1).expect("a value");
        assert_eq!((one.p50, one.p99), (seconds(1), seconds(1)));
        assert_eq!(of(0), None);
    }
}
