//! The fields of a summary result: counts, percentiles and peaks instead of tasks and events.

use serde::Serialize;
use serde::ser::SerializeMap;

use super::{Reference, Report};
use model::time::{SimDuration, SimTime};
use model::trace::summary::{LongestInterval, Outcomes, Percentiles};

/// Adds the fields to the object of the result. No struct of their own, because the fields are
/// next to those of every result, e.g. `total_ns`.
pub(super) fn write<M: SerializeMap>(report: Report, map: &mut M) -> Result<(), M::Error> {
    let summary = report.run.summary();
    map.serialize_entry("counts", &all(report))?;
    map.serialize_entry("arrivals", &Counts::of(&summary.arrivals))?;
    map.serialize_entry("percentiles", &percentiles(&summary.arrivals))?;
    map.serialize_entry(
        "throughput_per_s",
        &summary.arrivals.throughput(summary.total),
    )?;
    map.serialize_entry("peaks", &Peaks::of(report))?;
    map.serialize_entry("cpu", &Cpu::of(report))?;
    map.serialize_entry("lanes", &lanes(report))?;
    map.serialize_entry("by_task", &by_task(report))
}

#[derive(Default, Serialize)]
struct Counts {
    created: u64,
    done: u64,
    failed: u64,
    cancelled: u64,
    running: u64,
}

impl Counts {
    fn of(outcomes: &Outcomes) -> Self {
        let mut counts = Self::default();
        counts.add(outcomes);
        counts
    }

    fn add(&mut self, outcomes: &Outcomes) {
        self.created += outcomes.created;
        self.done += outcomes.done;
        self.failed += outcomes.failed;
        self.cancelled += outcomes.cancelled;
        self.running += outcomes.running;
    }
}

/// The counts of all instances that a full result lists in `tasks`.
fn all(report: Report) -> Counts {
    let mut counts = Counts::default();
    for task in &report.run.summary().tasks {
        counts.add(&task.outcomes);
    }
    counts
}

#[derive(Serialize)]
struct Latency {
    p50_ns: SimDuration,
    p95_ns: SimDuration,
    p99_ns: SimDuration,
    max_ns: SimDuration,
}

fn percentiles(outcomes: &Outcomes) -> Option<Latency> {
    let Percentiles { p50, p95, p99, max } = outcomes.latency?;
    Some(Latency {
        p50_ns: p50,
        p95_ns: p95,
        p99_ns: p99,
        max_ns: max,
    })
}

#[derive(Serialize)]
struct Peaks<'a> {
    threads: u32,
    pool_queue: u32,
    loop_lag_ns: SimDuration,
    loop_lag: Option<Peak<'a>>,
    freeze_ns: SimDuration,
    freeze: Option<Peak<'a>>,
}

/// The instance with the longest interval of a kind, e.g. the longest freeze, and its start.
#[derive(Serialize)]
struct Peak<'a> {
    task: Reference<'a>,
    at_ns: SimTime,
}

impl<'a> Peaks<'a> {
    fn of(report: Report<'a>) -> Self {
        let summary = report.run.summary();
        let length = |longest: Option<LongestInterval>| longest.map(|longest| longest.length);
        // A part has no entry in `tasks`, so a peak names its parent.
        let peak = |longest: LongestInterval| Peak {
            task: report.reference(report.owner(longest.instance)),
            at_ns: longest.start,
        };
        Self {
            threads: summary.threads_peak,
            pool_queue: summary.pool_queue_peak,
            // Zero if there is none, so that a threshold can be compared without a null check.
            loop_lag_ns: length(summary.loop_lag).unwrap_or_default(),
            loop_lag: summary.loop_lag.map(peak),
            freeze_ns: length(summary.freeze).unwrap_or_default(),
            freeze: summary.freeze.map(peak),
        }
    }
}

#[derive(Serialize)]
struct Cpu {
    used_ns: SimDuration,
    offered_ns: SimDuration,
}

impl Cpu {
    fn of(report: Report) -> Self {
        Self {
            used_ns: report.run.summary().cpu.used,
            offered_ns: report.run.summary().cpu.offered,
        }
    }
}

#[derive(Serialize)]
struct LaneTimes {
    name: String,
    running_ns: SimDuration,
    blocking_ns: SimDuration,
    waiting_ns: SimDuration,
}

fn lanes(report: Report) -> Vec<LaneTimes> {
    // Both are in the order of the trace's lanes.
    let names = report.run.trace().lane_names().into_iter();
    names
        .zip(&report.run.summary().lanes)
        .map(|(name, lane)| LaneTimes {
            name,
            running_ns: lane.running,
            blocking_ns: lane.blocking,
            waiting_ns: lane.waiting,
        })
        .collect()
}

#[derive(Serialize)]
struct TaskNumbers<'a> {
    name: &'a str,
    #[serde(flatten)]
    counts: Counts,
    /// `None` if no instance has a latency, e.g. because none has ended.
    percentiles: Option<Latency>,
}

/// The numbers of each task. Tasks that never ran are included, with zeros.
fn by_task(report: Report<'_>) -> Vec<TaskNumbers<'_>> {
    let tasks = report
        .run
        .workload()
        .tasks
        .iter()
        .zip(&report.run.summary().tasks);
    tasks
        .map(|(task, numbers)| TaskNumbers {
            name: &task.name,
            counts: Counts::of(&numbers.outcomes),
            percentiles: percentiles(&numbers.outcomes),
        })
        .collect()
}
