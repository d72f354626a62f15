//! Figures: the numbers of a run by which strategies are compared.

use serde::Serialize;

use model::time::SimDuration;
use model::trace::{Ending, Role, Summary, Trace, summarize};
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
    #[serde(rename = "p99_ns")]
    pub p99: SimDuration,
    #[serde(rename = "mean_ns")]
    pub mean: SimDuration,
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
            p99: latency.map(|latency| latency.p99).unwrap_or_default(),
            mean: mean_latency(&summary, trace),
            threads: summary.threads_peak,
            loop_lag: summary.loop_lag.map(|lag| lag.length).unwrap_or_default(),
            lost: lost.map(|outcomes| outcomes.created - outcomes.done).sum(),
            // `until` is an end that the script asks for.
            finished: matches!(trace.ending, Ending::Finished | Ending::Until),
        }
    }
}

/// The mean latency of the arrivals that responded; zero if none did.
fn mean_latency(summary: &Summary, trace: &Trace) -> SimDuration {
    let instances = trace.instances.iter().zip(&summary.times);
    let latencies = instances
        .filter(|(instance, _)| matches!(instance.role, Role::Arrived | Role::Handler))
        .filter_map(|(_, times)| times.latency());
    // Two million latencies of a week do not fit into 64 bits of nanoseconds.
    let (mut sum, mut count) = (0_u128, 0_u128);
    for latency in latencies {
        sum += u128::from(latency.as_nanos());
        count += 1;
    }
    SimDuration::from_nanos((sum / count.max(1)) as u64)
}
