//! The file format of a machine's costs, `loopscope.costs/1`: each cost with its median and its
//! spread.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Runtime;
use model::time::SimDuration;
use model::workload;

const SCHEMA: &str = "loopscope.costs/1";
/// Larger costs in a file are reduced to this. One minute is longer than any real cost.
const COST_MAX_NS: u64 = 60_000_000_000;

/// The costs of a machine, as measured by `calibrate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasuredCosts {
    schema: String,
    pub versions: BTreeMap<String, String>,
    pub cores: u32,
    pub costs: CostTable,
}

/// The costs by kind. See [`workload::Costs`] for their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostTable {
    pub hop: Cost,
    /// The cost of a hop while the watcher of `verify` records it.
    pub watched_hop: Cost,
    pub hand_over: Cost,
    pub thread_start: Cost,
    pub process_start: Cost,
    pub ipc: Cost,
    /// `None` if FastAPI is not installed.
    pub http: Option<Cost>,
}

/// One cost, measured in several rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub median_ns: u64,
    pub low_ns: u64,
    pub high_ns: u64,
}

impl Cost {
    /// `None` if there are no rounds.
    pub(super) fn of(mut rounds: Vec<u64>) -> Option<Self> {
        rounds.sort_unstable();
        Some(Self {
            median_ns: *rounds.get(rounds.len() / 2)?,
            low_ns: *rounds.first()?,
            high_ns: *rounds.last()?,
        })
    }

    fn time(self) -> SimDuration {
        SimDuration::from_nanos(self.median_ns.min(COST_MAX_NS))
    }
}

impl MeasuredCosts {
    pub(super) fn new(versions: BTreeMap<String, String>, cores: u32, costs: CostTable) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            versions,
            cores,
            costs,
        }
    }

    /// Reads a costs file. `None` if the text is something else, e.g. a trace.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let costs: Self = serde_json::from_slice(bytes).ok()?;
        (costs.schema == SCHEMA).then_some(costs)
    }

    /// The costs for a plain simulation, i.e. of a run without watcher and without HTTP.
    pub fn plain(&self) -> workload::Costs {
        let table = &self.costs;
        workload::Costs {
            hop: table.hop.time(),
            hand_over: table.hand_over.time(),
            thread_start: table.thread_start.time(),
            process_start: table.process_start.time(),
            ipc: table.ipc.time(),
            http: SimDuration::ZERO,
            releases: 0,
        }
    }

    /// The costs for predicting a verification on this runtime. `None` if it is not Python,
    /// because the costs were measured with Python.
    pub fn on(&self, runtime: Runtime) -> Option<workload::Costs> {
        let table = &self.costs;
        let watched = workload::Costs {
            hop: table.watched_hop.time(),
            ..self.plain()
        };
        match runtime {
            Runtime::Asyncio | Runtime::Celery => Some(watched),
            Runtime::Fastapi => Some(workload::Costs {
                http: table.http.map_or(SimDuration::ZERO, Cost::time),
                ..watched
            }),
            Runtime::Threads | Runtime::Tokio => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_counts_and_the_spread_is_kept() {
        let cost = Cost::of(vec![5, 1, 9]).expect("rounds");
        assert_eq!((cost.median_ns, cost.low_ns, cost.high_ns), (5, 1, 9));
        assert_eq!(Cost::of(Vec::new()), None);
    }

    #[test]
    fn what_is_no_file_of_costs_is_none() {
        for text in ["", "{}", "[]", r#"{"schema":"loopscope.trace/1"}"#] {
            assert_eq!(MeasuredCosts::read(text.as_bytes()), None, "{text}");
        }
    }
}
