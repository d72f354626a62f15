//! The trace of a run: which instance was in which state, when, on which thread, and why.
//!
//! The second narrow waist. The simulator and the real runners produce a [`Trace`];
//! summaries, checks, charts and exports read one and do not know where it came from.
//!
//! - [`bounds`]: checks that the instances and lanes that a trace names exist.
//! - [`log`]: one record for each change of state.
//! - `instants`: the times of the records.
//! - [`state`]: the states and marks.
//! - [`mod@events`]: the log as starts, resumptions and ends.
//! - [`spans`]: the log as intervals, by instance.
//! - [`summary`]: the numbers: starts, ends, latencies, peaks.
//! - [`critical`]: the critical path: the parts of the total.
//! - [`expectation`]: verdicts on the script's `expect` lines.
//! - [`analysed`]: a run with its spans, summary and verdicts.
//! - [`mod@check`]: the invariants, for tests.

pub mod analysed;
mod bounds;
pub mod check;
pub mod codec;
pub mod critical;
pub mod events;
pub mod expectation;
mod instants;
pub mod log;
pub mod spans;
#[cfg(any(test, feature = "staged"))]
pub mod staged;
pub mod state;
pub mod summary;

use crate::limits;
use std::fmt;
use texts::{Language, say};

use serde::{Deserialize, Serialize};

use crate::time::{SimDuration, SimTime};
use crate::workload::{ResourceIndex, SegmentId, TaskIndex};

pub use analysed::AnalysedRun;
pub use check::{Violation, check};
pub use events::{Event, EventKind, events};
pub use log::{Log, Record};
pub use spans::{Span, Spans};
pub use state::State;
pub use summary::{Summary, summarize};

/// One run of one task (or of an anonymous body), from creation to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(pub u32);

/// A thread of execution: an index into [`Trace::lanes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId(pub u16);

impl LaneId {
    /// On no thread, because the instance waits.
    pub const NONE: Self = Self(u16::MAX);
}

/// A complete record of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// In the order in which they were created.
    pub instances: Vec<Instance>,
    /// In the order in which they started.
    pub lanes: Vec<Lane>,
    pub log: Log,
    /// The instant of the last record, or that of `until` if it ended the run.
    pub end: SimTime,
    pub ending: Ending,
}

/// The identity of an instance. When and where it ran is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance {
    /// For [`Role::Part`], the definition whose body holds the segments.
    pub task: TaskIndex,
    /// Counts the instances of a task from 1, in order of creation; a part has the number of
    /// its owner.
    pub number: u32,
    /// The instance that created it; `None` for an arrival by `run`.
    pub parent: Option<InstanceId>,
    pub role: Role,
    /// The server process that it runs in, from 0.
    pub server: u16,
}

/// How an instance was created. Results and trace files write it by its [`Role::word`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// By a `run`, as a coroutine.
    Arrived,
    /// By a `run` of a `def`: the coroutine on the loop that awaits its body. The body is its
    /// one [`Role::Part`].
    Handler,
    Spawned,
    Gathered,
    /// Spawned inside a `group:`.
    Grouped,
    Shielded,
    /// `thread f`, `executor f`, `process f`.
    Offloaded,
    /// `send f`.
    Sent,
    /// Not a task but the part of its parent that runs on another thread: the body of a
    /// `thread:`, `executor:` or `process:` block, or of a [`Role::Handler`]. Charts show it
    /// in its parent's row.
    Part,
}

impl Role {
    pub const ALL: [Self; 9] = [
        Self::Arrived,
        Self::Handler,
        Self::Spawned,
        Self::Gathered,
        Self::Grouped,
        Self::Shielded,
        Self::Offloaded,
        Self::Sent,
        Self::Part,
    ];

    /// The word in results and trace files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Handler => "handler",
            Self::Spawned => "spawned",
            Self::Gathered => "gathered",
            Self::Grouped => "grouped",
            Self::Shielded => "shielded",
            Self::Offloaded => "offloaded",
            Self::Sent => "sent",
            Self::Part => "part",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether it is a function on a pool, executor or worker thread, not a coroutine on a loop.
    pub fn is_work(self) -> bool {
        matches!(self, Self::Offloaded | Self::Sent | Self::Part)
    }
}

/// A thread of execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    pub kind: LaneKind,
    /// The server process that it belongs to, from 0; 0 for workers that all servers share.
    pub server: u16,
    /// Counts from 1 within its kind and server.
    pub number: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LaneKind {
    /// The thread of an event loop.
    Loop,
    /// AnyIO's worker threads.
    PoolThread,
    /// The loop's own executor.
    ExecutorThread,
    /// A worker of the process pool.
    ProcessWorker,
    /// A worker of the job queue.
    JobWorker,
}

impl LaneKind {
    /// The word on screen and in results.
    pub fn word(self) -> &'static str {
        match self {
            Self::Loop => "loop",
            Self::PoolThread => "thread",
            Self::ExecutorThread => "executor",
            Self::ProcessWorker => "process",
            Self::JobWorker => "job",
        }
    }
}

/// Why the run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All tasks ended.
    Finished,
    /// The script's `until` came first.
    Until,
    /// Instances wait, and no event can end their waits.
    Deadlock(Deadlock),
    /// A limit of [`crate::limits`] was reached; the trace ends there.
    Limit(Limit),
}

/// The report of a deadlock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlock {
    pub at: SimTime,
    /// All instances that wait, in order of creation.
    pub waiters: Vec<Waiter>,
    /// Indices into `waiters`: each waits for the next, the last for the first. Empty if
    /// there is no cycle, e.g. because no task puts into a queue, sets an event or notifies.
    pub cycle: Vec<usize>,
}

impl Deadlock {
    /// The deadlock of a real run: all instances that have not ended by its log, in order of
    /// creation. The log does not say for which resources they wait.
    pub fn without_resources(log: &Log, instances: usize, at: SimTime) -> Self {
        let mut last: Vec<Option<Record>> = vec![None; instances];
        for record in log.iter().filter(|record| !record.state.is_mark()) {
            last[record.instance.0 as usize] = Some(record);
        }
        let waiting = last.into_iter().flatten();
        let waiters = waiting
            .filter(|record| !record.state.is_terminal())
            .map(|record| Waiter {
                instance: record.instance,
                state: record.state,
                segment: record.segment,
                resource: None,
                held_by: Vec::new(),
            })
            .collect();
        Self {
            at,
            waiters,
            cycle: Vec::new(),
        }
    }
}

/// An instance that waits in a deadlock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiter {
    pub instance: InstanceId,
    pub state: State,
    pub segment: SegmentId,
    pub resource: Option<ResourceIndex>,
    /// The instances that could end the wait and do not: holders or awaited tasks.
    pub held_by: Vec<InstanceId>,
}

/// The limit that ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`crate::limits::INSTANCES_MAX`].
    Instances,
    /// [`crate::limits::RunLimits::records`] of the host that simulated.
    Records { most: u64 },
    /// [`crate::limits::STEPS_MAX`].
    Steps,
    /// [`crate::limits::HORIZON`].
    Horizon,
    /// [`crate::limits::CALL_DEPTH_MAX`], exceeded at this `call`.
    CallDepth { segment: SegmentId },
    /// A loop in the script that lets no time pass and never yields.
    Spinning { segment: SegmentId },
    /// More threads than a [`LaneId`] can number.
    Lanes,
}

impl Limit {
    pub fn text(&self, language: Language) -> String {
        use crate::limits::*;
        match self {
            Self::Instances => say!(
                language,
                "more than {most} task instances",
                most = INSTANCES_MAX
            ),
            Self::Records { most } => say!(language, "more than {most} state changes", most),
            Self::Steps => say!(language, "more than {most} steps", most = STEPS_MAX),
            Self::Horizon => {
                let days = HORIZON.as_nanos() / SimDuration::HOUR.as_nanos() / 24;
                say!(language, "more than {days} days of simulated time", days)
            }
            Self::CallDepth { .. } => say!(
                language,
                "more than {most} nested calls",
                most = CALL_DEPTH_MAX
            ),
            Self::Spinning { .. } => say!(language, "a loop that never lets time pass"),
            Self::Lanes => say!(language, "more than {most} threads", most = u16::MAX),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

impl Trace {
    pub fn instance(&self, id: InstanceId) -> &Instance {
        &self.instances[id.0 as usize]
    }

    /// The names of lanes, indexed by [`LaneId`], e.g. `loop` or `thread 3`; with several
    /// servers `server 2 thread 3`.
    pub fn lane_names(&self) -> Vec<String> {
        // Names have a server only if there are several.
        let several = self.lanes.iter().any(|lane| lane.server > 0);
        let name = |lane: &Lane| {
            let shared = matches!(lane.kind, LaneKind::ProcessWorker | LaneKind::JobWorker);
            let server = if several && !shared {
                format!("server {} ", u32::from(lane.server) + 1)
            } else {
                String::new()
            };
            match lane.kind {
                LaneKind::Loop => format!("{server}loop"),
                kind => format!("{server}{} {}", kind.word(), lane.number),
            }
        };
        self.lanes.iter().map(name).collect()
    }

    /// More records than [`limits::DETAIL_RECORDS_MAX`]: its spans would take too much memory.
    pub fn is_too_long_for_detail(&self) -> bool {
        self.log.len() as u64 > limits::DETAIL_RECORDS_MAX
    }

    /// `None` for [`LaneId::NONE`].
    pub fn lane(&self, id: LaneId) -> Option<&Lane> {
        self.lanes.get(id.0 as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Role;

    #[test]
    fn a_role_has_one_word_everywhere() {
        for role in Role::ALL {
            let word = role.word();
            assert_eq!(Role::from_word(word), Some(role));
            let json = serde_json::to_string(&role).expect("a word");
            assert_eq!(json, format!("\"{word}\""));
        }
        assert_eq!(Role::from_word("cook"), None);
    }
}
