//! The numbers of a run: start and end of each instance, latencies, loop lag, freezes, and
//! peaks of threads and queues.
//!
//! Verdicts on the numbers are left to `expectation`.

mod pass;

use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

use crate::cooperative;
use crate::time::{SimDuration, SimTime};
use crate::trace::{InstanceId, Trace};
use crate::workload::Workload;

use self::pass::SummaryPass;

/// The numbers of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// From the start to the last record.
    pub total: SimDuration,
    /// Indexed by [`InstanceId`].
    pub times: Vec<Times>,
    /// Indexed by [`TaskIndex`](crate::workload::TaskIndex).
    pub tasks: Vec<TaskSummary>,
    /// The arrivals by `run`: counts and latencies.
    pub arrivals: Outcomes,
    /// The longest time that a ready instance waited for its loop.
    pub loop_lag: Option<LongestInterval>,
    /// The longest time that one step held a loop.
    pub freeze: Option<LongestInterval>,
    /// The peak number of pool and executor threads at work at once.
    pub threads_peak: u32,
    /// The peak number of instances waiting for a token of the pool at once.
    pub pool_queue_peak: u32,
    pub cpu: CpuUse,
    /// Indexed by [`LaneId`](crate::trace::LaneId).
    pub lanes: Vec<LaneUse>,
}

/// The instants of one instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// When it arrived, or when its caller asked for it.
    pub at: SimTime,
    start: OptionalTime,
    finish: OptionalTime,
    respond: OptionalTime,
    end: OptionalTime,
    pub outcome: Outcome,
}

impl Times {
    /// The first instant of its body, on any thread.
    pub fn start(&self) -> Option<SimTime> {
        self.start.get()
    }

    /// The last instant of its body, on any thread.
    pub fn finish(&self) -> Option<SimTime> {
        self.finish.get()
    }

    /// When it responded: on its loop, if it has one. A cancelled instance has no response,
    /// unless it was sent before.
    pub fn respond(&self) -> Option<SimTime> {
        self.respond.get()
    }

    /// When the instance itself ended. For a `def` handler on its loop, later than its body.
    pub fn end(&self) -> Option<SimTime> {
        self.end.get()
    }

    pub fn latency(&self) -> Option<SimDuration> {
        self.respond().map(|respond| respond.since(self.at))
    }
}

/// An instant or none in eight bytes, half of an `Option<SimTime>`: there are millions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct OptionalTime(Option<NonZeroU64>);

impl OptionalTime {
    fn some(time: SimTime) -> Self {
        Self(NonZeroU64::new(time.as_nanos().saturating_add(1)))
    }

    fn get(self) -> Option<SimTime> {
        self.0.map(|nanos| SimTime::from_nanos(nanos.get() - 1))
    }

    /// Sets the instant, unless it is set already.
    fn set_once(&mut self, time: SimTime) {
        if self.0.is_none() {
            *self = Self::some(time);
        }
    }
}

/// How an instance ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Done,
    Failed,
    Cancelled,
    /// It did not end before the trace.
    Running,
}

/// The number of instances by outcome, and their latencies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    pub created: u64,
    pub done: u64,
    pub failed: u64,
    pub cancelled: u64,
    pub running: u64,
    /// The latencies of instances that responded.
    pub latency: Option<Percentiles>,
}

impl Outcomes {
    /// Finished instances for each second of `total`.
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

/// The numbers of one task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskSummary {
    pub outcomes: Outcomes,
    /// The number of the last record that ended one of its instances. It orders ends that share
    /// an instant.
    pub last_end: Option<usize>,
}

/// Percentiles by nearest rank: each value is a latency that occurred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentiles {
    pub p50: SimDuration,
    pub p95: SimDuration,
    pub p99: SimDuration,
    pub max: SimDuration,
}

impl Percentiles {
    /// `None` without values.
    pub fn of(mut values: Vec<SimDuration>) -> Option<Self> {
        // Selecting three values of a million is faster than sorting all. What lies below one of them
        // need not be looked at for the next.
        let count = values.len();
        let mut begin = 0;
        let mut rank = |percent: usize| {
            let number = (count * percent).div_ceil(100).checked_sub(1)?;
            let value = *values[begin..].select_nth_unstable(number - begin).1;
            begin = number;
            Some(value)
        };
        let (p50, p95, p99) = (rank(50)?, rank(95)?, rank(99)?);
        let max = *values[begin..].iter().max()?;
        Some(Self { p50, p95, p99, max })
    }
}

/// The longest lag or freeze: its length, instance and start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongestInterval {
    pub length: SimDuration,
    pub instance: InstanceId,
    pub start: SimTime,
}

impl LongestInterval {
    /// Keeps the longer one; among equals, the first.
    fn keep_longer(current: &mut Option<Self>, other: Self) {
        if current.is_none_or(|current| current.length < other.length) {
            *current = Some(other);
        }
    }
}

/// The CPU time used, and the CPU time that the cores offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuUse {
    pub used: SimDuration,
    pub offered: SimDuration,
}

/// The use of a lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneUse {
    pub running: SimDuration,
    pub blocking: SimDuration,
    /// Time in which a body held the lane while waiting for the GIL or a core.
    pub waiting: SimDuration,
}

/// Computes the summary of a trace.
pub fn summarize(workload: &Workload, trace: &Trace) -> Summary {
    cooperative::block_on(summarize_yielding(workload, trace))
}

/// Async version of [`summarize`] that yields regularly, for use on the UI thread.
pub async fn summarize_yielding(workload: &Workload, trace: &Trace) -> Summary {
    let mut pass = SummaryPass::new(workload, trace).await;
    let records = trace.log.iter().enumerate();
    cooperative::for_each(records, |(number, record)| {
        pass.count_record(number, record);
    })
    .await;
    pass.finish(workload).await
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

    /// `expected` is `at start finish respond` in seconds, with `-` for none.
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
    fn pasta_and_toast_take_nine_seconds() {
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
    fn a_handler_runs_in_its_thread_and_responds_on_the_loop() {
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
    fn offloaded_work_arrives_when_it_is_requested_and_responds_on_the_loop() {
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
    fn a_response_ends_the_latency_of_a_task_that_continues() {
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
    fn an_instance_cancelled_before_its_first_step_never_started() {
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
    fn an_instance_cut_off_by_the_end_is_running_and_its_time_counts() {
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
    fn a_hold_continues_across_segments_and_ends_with_a_yield() {
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
    fn a_queue_that_lasts_no_time_is_not_a_peak() {
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
