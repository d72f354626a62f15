//! What a run came to, in the numbers by which placements are told apart.

use serde::Serialize;

use model::time::SimDuration;
use model::trace::{Ending, Trace, summarize};
use model::workload::Workload;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    #[serde(rename = "total_ns")]
    pub total: SimDuration,
    /// Of the latencies of what arrived; zero where nothing answered.
    #[serde(rename = "p50_ns")]
    pub p50: SimDuration,
    #[serde(rename = "p95_ns")]
    pub p95: SimDuration,
    pub threads: u32,
    #[serde(rename = "loop_lag_ns")]
    pub loop_lag: SimDuration,
    /// Failed, cancelled, or never ended.
    pub lost: u64,
    /// Reached its end.
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
            finished: matches!(trace.ending, Ending::Finished | Ending::Until),
        }
    }
}
