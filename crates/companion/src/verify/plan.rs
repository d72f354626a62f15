//! What those who watch a real run must know of the script: for each segment
//! in which state a task is that stops there, for each function whose it is.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use formats::export::{Function, Program};
use model::trace::State;
use model::workload::{Body, SegmentId, SegmentKind, TaskIndex, Workload};

/// As `plan.json`, for the watchers written in Python.
#[derive(Debug, Serialize)]
pub(super) struct Plan {
    /// By line of the program.
    lines: BTreeMap<u32, Line>,
    /// By name: `task` or `part`, the task, the segment where it begins.
    functions: BTreeMap<String, (&'static str, u32, u32)>,
    until_ns: Option<u64>,
    servers: u32,
    /// Workers of the job queue.
    jobs: u32,
    /// The program that is their broker, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    redis: Option<String>,
    /// The cores it may use; empty for all.
    affinity: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Line {
    segment: u32,
    /// The state of a task that stops here.
    waits: State,
    /// How a task that is created here came to be.
    role: &'static str,
}

impl Plan {
    pub(super) fn of(workload: &Workload, program: &Program) -> Self {
        let segments = workload.segments();
        let grouped = grouped(workload);
        let line = |&(line, segment): &(u32, SegmentId)| {
            let kind = segments[segment.0 as usize].map(|segment| &segment.kind);
            let entry = Line {
                segment: segment.0,
                waits: kind.map_or(State::Ready, waits),
                role: kind.map_or("spawned", |kind| role(kind, grouped[segment.0 as usize])),
            };
            (line, entry)
        };
        let function = |(name, function): &(String, Function)| {
            let entry = match *function {
                Function::Task(task) => ("task", task.0, first_segment(workload, task).0),
                Function::Part { of, segment } => ("part", of.0, segment.0),
            };
            (name.clone(), entry)
        };
        Self {
            lines: program.lines.iter().map(line).collect(),
            functions: program.functions.iter().map(function).collect(),
            until_ns: workload.machine.until.map(|until| until.as_nanos()),
            servers: workload.machine.servers,
            jobs: workload.machine.jobs.max(1),
            redis: None,
            affinity: affinity(workload.machine.cores),
        }
    }

    pub(super) fn with_redis(self, program: &Path) -> Self {
        Self {
            redis: Some(program.to_string_lossy().into_owned()),
            ..self
        }
    }
}

/// Where a task begins; a task without segments begins nowhere in particular.
pub(super) fn first_segment(workload: &Workload, task: TaskIndex) -> SegmentId {
    let first = workload.task(task).body.first();
    first.map_or(SegmentId(0), |segment| segment.id)
}

/// The first so many, where the machine has more than the script.
pub(super) fn affinity(cores: u32) -> Vec<u32> {
    match cores < machine_cores() {
        true => (0..cores).collect(),
        false => Vec::new(),
    }
}

/// How many cores this process may use.
pub(super) fn machine_cores() -> u32 {
    std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32)
}

/// The state of a task that stopped at such a segment.
pub(super) fn waits(kind: &SegmentKind) -> State {
    match kind {
        SegmentKind::Await { .. } => State::Awaiting,
        SegmentKind::Wait { .. } | SegmentKind::Shield { .. } => State::WaitingTask,
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

fn role(kind: &SegmentKind, grouped: bool) -> &'static str {
    match kind {
        SegmentKind::Gather { .. } => "gathered",
        SegmentKind::Shield { .. } => "shielded",
        _ if grouped => "grouped",
        _ => "spawned",
    }
}

/// Which segments stand inside a `group:` of their own body; by [`SegmentId`].
pub(super) fn grouped(workload: &Workload) -> Vec<bool> {
    let mut grouped = vec![false; workload.places.len()];
    for task in &workload.tasks {
        mark(&task.body, false, &mut grouped);
    }
    grouped
}

fn mark(body: &Body, inside: bool, grouped: &mut [bool]) {
    for segment in body {
        grouped[segment.id.0 as usize] = inside;
        let inside = match segment.kind {
            SegmentKind::Group { .. } => true,
            SegmentKind::Offload { .. } => false,
            _ => inside,
        };
        for inner in segment.kind.bodies() {
            mark(inner, inside, grouped);
        }
    }
}
