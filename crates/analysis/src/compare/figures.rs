//! Figures: the numbers of a run by which strategies are compared.

use serde::Serialize;

use model::time::SimDuration;
use model::trace::{Ending, Trace, summarize};
use model::workload::Workload;

/// The numbers of one run, as in results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    #[serde(rename = "total_ns")]
    pub total: SimDuration,
    /// Of the latencies of all arrivals; zero if none responded.
    #[serde(rename = "p50_ns")]
    pub p50: SimDuration,
    #[serde(rename = "p95_ns")]
    pub p95: SimDuration,
    pub threads: u32,
    #[serde(rename = "loop_lag_ns")]
    pub loop_lag: SimDuration,
    /// The number of instances that failed, were cancelled, or did not end.
    pub lost: u64,
    /// Whether the run reached its end, e.g. without a deadlock.
    pub finished: bool,
}

impl Figures {
    pub fn of(workload: &Workload, trace: &Trace) -> Self {
        let summary = summarize(workload, trace);
        let latency = summary.arrivals.latency;
        let lost = summary.tasks.iter().map(|task| &task.outcomes);
        Self {
            total: summary.total,
            p50: latency.map(|latency| latency.p50).unwrap_or_default(),
            p95: latency.map(|latency| latency.p95).unwrap_or_default(),
            threads: summary.threads_peak,
            loop_lag: summary.loop_lag.map(|lag| lag.length).unwrap_or_default(),
            lost: lost.map(|outcomes| outcomes.created - outcomes.done).sum(),
            // `until` is an end that the script asks for.
            finished: matches!(trace.ending, Ending::Finished | Ending::Until),
        }
    }
}
