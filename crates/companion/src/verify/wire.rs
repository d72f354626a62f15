//! The format in which watchers record a run, and its conversion to a [`Trace`].
//!
//! The watchers of all runtimes use it: instances in order of creation, lanes in order of
//! appearance, records in order of time. It comes from another process, so the conversion
//! checks every number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use model::time::SimTime;
use model::trace::{
    Deadlock, Ending, Instance, InstanceId, Lane, LaneId, LaneKind, Log, Record, Role, State, Trace,
};
use model::workload::{SegmentId, TaskIndex, Workload};

/// One measured run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Wire {
    /// Task, parent (-1: none), role, server; e.g. `(2, -1, "arrived", 0)`.
    pub(super) instances: Vec<(u32, i64, Role, u16)>,
    /// Kind, server, and a key that distinguishes lanes of one kind, such as a thread's number.
    pub(super) lanes: Vec<(WireLane, u16, i64)>,
    /// Nanoseconds, instance, state, lane, segment, cause (-1: none).
    pub(super) records: Vec<(i64, i64, State, i64, i64, i64)>,
    pub(super) ending: WireEnding,
    /// The end, if it is not the time of the last record.
    pub(super) end_ns: Option<u64>,
    /// Versions by the name of the software, e.g. `Python` → `3.11.7`.
    pub(super) versions: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WireLane {
    Loop,
    Thread,
    Executor,
    Process,
    Job,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum WireEnding {
    #[default]
    Finished,
    Until,
    Deadlock,
}

impl Wire {
    /// Converts to a trace. Drops records of unknown instances and records after the `until`
    /// of the script.
    pub(super) fn into_trace(mut self, workload: &Workload) -> Trace {
        // Several threads record, so neighbouring records may be swapped. The sort is stable:
        // records of one time keep their order.
        self.records.sort_by_key(|record| record.0);
        let instances = self.trace_instances(workload);
        let lanes = self.trace_lanes(workload);
        let until = (self.ending == WireEnding::Until)
            .then_some(self.end_ns)
            .flatten();
        let mut log = Log::default();
        let mut last = SimTime::ZERO;
        for &(at, who, state, lane, segment, cause) in &self.records {
            let at = SimTime::from_nanos(at.max(0) as u64);
            let known = usize::try_from(who).is_ok_and(|who| who < instances.len());
            // Threads may still record after `until` has stopped the loop.
            if !known || until.is_some_and(|until| at.as_nanos() > until) {
                continue;
            }
            let lane = usize::try_from(lane)
                .ok()
                .filter(|&lane| lane < lanes.len());
            let segment = usize::try_from(segment).ok();
            let segment = segment.filter(|&segment| segment < workload.places.len());
            let cause = usize::try_from(cause).ok();
            let cause = cause.filter(|&cause| cause < instances.len());
            log.push(Record {
                at,
                instance: InstanceId(who as u32),
                state,
                lane: lane.map_or(LaneId::NONE, |lane| LaneId(lane as u16)),
                segment: SegmentId(segment.unwrap_or(0) as u32),
                cause: cause.map(|cause| InstanceId(cause as u32)),
            });
            last = at;
        }
        let end = until.map_or(last, SimTime::from_nanos);
        let ending = match self.ending {
            WireEnding::Finished => Ending::Finished,
            WireEnding::Until => Ending::Until,
            WireEnding::Deadlock => {
                Ending::Deadlock(Deadlock::without_resources(&log, instances.len(), last))
            }
        };
        Trace {
            instances,
            lanes,
            log,
            end,
            ending,
        }
    }

    fn trace_instances(&self, workload: &Workload) -> Vec<Instance> {
        let mut counts = vec![0; workload.tasks.len()];
        let last_server = workload.machine.last_server();
        let mut instances: Vec<Instance> = Vec::with_capacity(self.instances.len());
        for &(task, parent, role, server) in &self.instances {
            let task = (task as usize).min(counts.len().saturating_sub(1));
            let parent = usize::try_from(parent).ok();
            let parent = parent.filter(|&parent| parent < instances.len());
            let number = match (role, parent) {
                (Role::Part, Some(owner)) => instances[owner].number,
                _ => {
                    counts[task] += 1;
                    counts[task]
                }
            };
            instances.push(Instance {
                task: TaskIndex(task as u32),
                number,
                parent: parent.map(|parent| InstanceId(parent as u32)),
                role,
                server: server.min(last_server),
            });
        }
        instances
    }

    fn trace_lanes(&self, workload: &Workload) -> Vec<Lane> {
        let last_server = workload.machine.last_server();
        let mut counts = BTreeMap::new();
        // A lane's number is a `u16`, and the greatest one means no lane.
        let lanes = self.lanes.iter().take(usize::from(u16::MAX));
        let lane = |&(kind, server, _): &(WireLane, u16, i64)| {
            let server = server.min(last_server);
            let number = counts.entry((kind, server)).or_insert(0);
            *number += 1;
            Lane {
                kind: kind.into(),
                server,
                number: *number,
            }
        };
        lanes.map(lane).collect()
    }
}

impl From<WireLane> for LaneKind {
    fn from(lane: WireLane) -> Self {
        match lane {
            WireLane::Loop => Self::Loop,
            WireLane::Thread => Self::PoolThread,
            WireLane::Executor => Self::ExecutorThread,
            WireLane::Process => Self::ProcessWorker,
            WireLane::Job => Self::JobWorker,
        }
    }
}
