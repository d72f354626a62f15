//! The map that a watcher needs to translate a real run back to the script: from the lines of
//! the exported program to segments, from its functions to tasks.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use formats::export::{FunctionOrigin, PythonProgram};
use model::trace::State;
use model::workload::{ResourceKind, SegmentId, SegmentKind, TaskIndex, Workload};

/// The content of `plan.json`, which the Python watchers read.
#[derive(Debug, Serialize)]
pub(super) struct WatcherPlan {
    /// The segment of each line of the exported program that comes from one.
    lines: BTreeMap<u32, u32>,
    /// By name: kind, task and first segment, e.g. `"ping": ("task", 0, 3)`. The kind is
    /// `task` or `part`.
    functions: BTreeMap<String, (&'static str, u32, u32)>,
    until_ns: Option<u64>,
    servers: u32,
    /// The number of workers of the job queue.
    jobs: u32,
    /// The path of `redis-server`, for Celery only.
    #[serde(skip_serializing_if = "Option::is_none")]
    redis: Option<String>,
    /// The cores that the run may use; empty for all.
    affinity: Vec<u32>,
}

impl WatcherPlan {
    pub(super) fn of(workload: &Workload, program: &PythonProgram) -> Self {
        let segment = |&(line, segment): &(u32, SegmentId)| (line, segment.0);
        let function = |(name, function): &(String, FunctionOrigin)| {
            let entry = match *function {
                FunctionOrigin::Task(task) => ("task", task.0, first_segment(workload, task).0),
                FunctionOrigin::Part { of, segment } => ("part", of.0, segment.0),
            };
            (name.clone(), entry)
        };
        Self {
            lines: program.lines.iter().map(segment).collect(),
            functions: program.functions.iter().map(function).collect(),
            until_ns: workload.machine.until.map(|until| until.as_nanos()),
            servers: workload.machine.servers,
            jobs: workload.machine.jobs.max(1),
            redis: None,
            affinity: core_affinity(workload.machine.cores),
        }
    }

    pub(super) fn with_redis(self, program: &Path) -> Self {
        Self {
            redis: Some(program.to_string_lossy().into_owned()),
            ..self
        }
    }
}

/// The first segment of a task. For a task without segments segment 0, as a placeholder.
pub(super) fn first_segment(workload: &Workload, task: TaskIndex) -> SegmentId {
    let first = workload.task(task).body.first();
    first.map_or(SegmentId(0), |segment| segment.id)
}

/// The cores that a run may use: the first `cores` of the machine. Empty, i.e. all, if the
/// machine has no more than that.
pub(super) fn core_affinity(cores: u32) -> Vec<u32> {
    if cores < machine_cores() {
        (0..cores).collect()
    } else {
        Vec::new()
    }
}

/// The number of cores that this process may use.
pub(super) fn machine_cores() -> u32 {
    // Not the number of cores of the machine: containers and `taskset` allow fewer.
    std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32)
}

/// The first line that shuts a queue down.
pub(super) fn shutdown_line(workload: &Workload) -> Option<u32> {
    let segments = workload.segments();
    let mut all = segments.iter().flatten();
    let segment = all.find(|segment| matches!(segment.kind, SegmentKind::Shutdown { .. }))?;
    Some(workload.place(segment.id).line)
}

/// The first line that declares a pool of permits for threads.
pub(super) fn pool_line(workload: &Workload) -> Option<u32> {
    let mut resources = workload.resources.iter();
    let pool = resources.find(|resource| matches!(resource.kind, ResourceKind::Pool { .. }))?;
    Some(pool.place.line)
}

/// The state of a task that is suspended at a segment of this kind.
pub(super) fn waiting_state(kind: &SegmentKind) -> State {
    match kind {
        SegmentKind::Await { .. } => State::Awaiting,
        SegmentKind::Wait { .. }
        | SegmentKind::Shield { .. }
        | SegmentKind::WaitFor { .. }
        | SegmentKind::AsCompleted { .. } => State::WaitingTask,
        SegmentKind::Gather { .. } | SegmentKind::Group { .. } => State::WaitingAll,
        SegmentKind::Offload { .. } => State::Offloaded,
        SegmentKind::Put { .. } => State::WaitingRoom,
        SegmentKind::Get { .. } => State::WaitingItem,
        SegmentKind::With { .. } | SegmentKind::Acquire { .. } => State::WaitingPermit,
        SegmentKind::WaitEvent { .. } => State::WaitingEvent,
        SegmentKind::WaitCondition { .. } => State::WaitingNotify,
        _ => State::Ready,
    }
}
