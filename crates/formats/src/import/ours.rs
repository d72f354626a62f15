//! The reader of `loopscope.trace/1`, as e.g. `verify --trace` writes it (docs/trace-format.md).
//!
//! Invalid indices are clamped or dropped, so that a damaged file is drawn as far as possible.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{EVENTS_MAX, OpenError, Opened, ROWS_MAX, Source};
use crate::program::{ProgramEnding, ProgramRun, WrittenProgram};
use model::limits::HORIZON;
use model::time::SimTime;
use model::trace::{
    Deadlock, Ending, Instance, InstanceId, Lane, LaneId, LaneKind, Log, Record, Role, State, Trace,
};
use model::workload::{PythonVersion, SegmentId, TaskIndex, Workload};

pub(super) const SCHEMA: &str = "loopscope.trace/1";

#[derive(Deserialize)]
struct File {
    script: String,
    /// Task, number, parent (-1: none), role, server.
    instances: Vec<(u32, u32, i64, Role, u16)>,
    /// Kind and server.
    lanes: Vec<(LaneWord, u16)>,
    /// Nanoseconds, instance, state, lane (-1: none), segment, cause (-1: none).
    records: Vec<(u64, u32, State, i64, u32, i64)>,
    ending: EndingWord,
    end_ns: u64,
    #[serde(default)]
    versions: BTreeMap<String, String>,
    /// Of a Python program only. Read apart, so that another tool's field of this name does no
    /// harm.
    program: Option<Box<serde_json::value::RawValue>>,
    /// File and line of each segment, of a Python program only.
    #[serde(default)]
    lines: Vec<Option<(String, u32)>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LaneWord {
    Loop,
    Thread,
    Executor,
    Process,
    Job,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EndingWord {
    Finished,
    Until,
    /// The file does not contain what the waiters wait for, so the run of a script is drawn like
    /// a finished one.
    Deadlock,
    Limit,
}

pub(super) fn open(bytes: &[u8]) -> Result<(Opened, Option<ProgramRun>), OpenError> {
    let mut file: File =
        serde_json::from_slice(bytes).map_err(|error| OpenError::Unreadable(error.to_string()))?;
    let workload = script::parse(&file.script).workload;
    let workload = workload.filter(|workload| !workload.tasks.is_empty());
    let mut workload = workload.ok_or(OpenError::Script)?;
    // The Python that ran, which may behave otherwise than the one that the script follows.
    let python = file.versions.get("Python");
    if let Some(python) = python.and_then(|release| PythonVersion::of_release(release))
        && !python.is_like(workload.machine.python)
    {
        workload.machine.python = python;
    }
    let too_many = file.instances.len() > EVENTS_MAX
        || file.records.len() > EVENTS_MAX
        || file.lanes.len() > ROWS_MAX;
    if too_many {
        return Err(OpenError::TooMany);
    }
    if file.instances.is_empty() || file.records.is_empty() {
        return Err(OpenError::Empty);
    }
    let instances = instances(&file, &workload);
    let lanes = lanes(&file, &workload);
    let (log, left_out) = log(&file, &workload, instances.len(), lanes.len());
    let last = log.iter().last().map_or(SimTime::ZERO, |record| record.at);
    let end = SimTime::from_nanos(file.end_ns.min(HORIZON.as_nanos())).max(last);
    let program = program(&mut file);
    let stuck = |run: &ProgramRun| run.ending == ProgramEnding::Deadlock;
    let ending = match file.ending {
        EndingWord::Until => Ending::Until,
        EndingWord::Deadlock if program.as_ref().is_some_and(stuck) => {
            Ending::Deadlock(Deadlock::without_resources(&log, instances.len(), end))
        }
        EndingWord::Finished | EndingWord::Deadlock | EndingWord::Limit => Ending::Finished,
    };
    let trace = Trace {
        instances,
        lanes,
        log,
        end,
        ending,
    };
    let opened = Opened {
        workload,
        trace,
        source: Source::Script(file.script),
        left_out,
    };
    Ok((opened, program))
}

fn program(file: &mut File) -> Option<ProgramRun> {
    let written: WrittenProgram = serde_json::from_str(file.program.take()?.get()).ok()?;
    let python = file.versions.remove("Python").unwrap_or_default();
    Some(written.read(&file.lines, python))
}

fn instances(file: &File, workload: &Workload) -> Vec<Instance> {
    let tasks = workload.tasks.len();
    let last_server = workload.machine.last_server();
    let mut instances: Vec<Instance> = Vec::with_capacity(file.instances.len());
    for &(task, number, parent, role, server) in &file.instances {
        let parent = usize::try_from(parent).ok();
        // A parent precedes its children, which rules out cycles.
        let parent = parent.filter(|&parent| parent < instances.len());
        instances.push(Instance {
            task: TaskIndex((task as usize).min(tasks - 1) as u32),
            number,
            parent: parent.map(|parent| InstanceId(parent as u32)),
            role: match (role, parent) {
                // A part without a parent would be in no row of the chart.
                (Role::Part, None) => Role::Arrived,
                _ => role,
            },
            server: server.min(last_server),
        });
    }
    instances
}

fn lanes(file: &File, workload: &Workload) -> Vec<Lane> {
    let last_server = workload.machine.last_server();
    let mut lanes: Vec<Lane> = Vec::with_capacity(file.lanes.len());
    for &(kind, server) in &file.lanes {
        let (kind, server) = (LaneKind::from(kind), server.min(last_server));
        // Lanes of a kind are numbered within their server, as in a simulation.
        let same = lanes.iter().rev();
        let before = same
            .clone()
            .find(|lane| lane.kind == kind && lane.server == server);
        let number = before.map_or(0, |lane| lane.number) + 1;
        lanes.push(Lane {
            kind,
            server,
            number,
        });
    }
    lanes
}

/// The log, and the number of records left out: those with an unknown instance or segment, or
/// after [`HORIZON`].
fn log(file: &File, workload: &Workload, instances: usize, lanes: usize) -> (Log, usize) {
    let mut records: Vec<&(u64, u32, State, i64, u32, i64)> = file.records.iter().collect();
    // A stable sort, because the order of records at one instant matters.
    records.sort_by_key(|record| record.0);
    let (mut log, mut left_out) = (Log::default(), 0);
    for &&(at, who, state, lane, segment, cause) in &records {
        let known = (who as usize) < instances && (segment as usize) < workload.places.len();
        if !known || at > HORIZON.as_nanos() {
            left_out += 1;
            continue;
        }
        let lane = usize::try_from(lane).ok().filter(|&lane| lane < lanes);
        let cause = usize::try_from(cause)
            .ok()
            .filter(|&cause| cause < instances);
        log.push(Record {
            at: SimTime::from_nanos(at),
            instance: InstanceId(who),
            state,
            lane: lane.map_or(LaneId::NONE, |lane| LaneId(lane as u16)),
            segment: SegmentId(segment),
            cause: cause.map(|cause| InstanceId(cause as u32)),
        });
    }
    (log, left_out)
}

impl From<LaneWord> for LaneKind {
    fn from(lane: LaneWord) -> Self {
        match lane {
            LaneWord::Loop => Self::Loop,
            LaneWord::Thread => Self::PoolThread,
            LaneWord::Executor => Self::ExecutorThread,
            LaneWord::Process => Self::ProcessWorker,
            LaneWord::Job => Self::JobWorker,
        }
    }
}
