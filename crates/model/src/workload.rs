//! A program to run: tasks made of segments, the machine, and the arrivals.
//!
//! The first narrow waist. The script language produces a `Workload`; the simulator and the
//! Python exporters consume one and do not know how it was written. The script's lowering
//! makes it valid: every index refers to something, the body of a sync task holds only
//! segments that a thread can run, and counts are within [`crate::limits`].
//!
//! When anything happens is left to the simulator or the real runtime.

mod expectation;
mod machine;
mod segment;

use serde::{Deserialize, Serialize};

use crate::time::SimDuration;

pub use expectation::{Bound, Claim, Comparison, Expectation, Percentile, Stage, Tolerance};
pub use machine::{Costs, Gil, Machine, PythonVersion};
pub use segment::{Body, Executor, GatherMode, Length, Member, Segment, SegmentKind, Work};

/// A script, lowered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    pub machine: Machine,
    pub tasks: Vec<Task>,
    pub resources: Vec<Resource>,
    /// In the order written; empty only in a script without tasks.
    pub runs: Vec<Run>,
    pub expectations: Vec<Expectation>,
    /// The position of each segment in the script, indexed by [`SegmentId`].
    pub places: Vec<Place>,
}

/// A task definition: an index into [`Workload::tasks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskIndex(pub u32);

/// A resource: an index into [`Workload::resources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceIndex(pub u32);

/// A segment: its number in the script, in the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SegmentId(pub u32);

/// A handle of a task body (`spawn f as h`): an index into [`Task::handles`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HandleIndex(pub u16);

/// The position of something in the script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Counts from 1.
    pub line: u32,
    /// Byte range in the script's text.
    pub start: u32,
    pub end: u32,
}

/// A task definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub name: String,
    pub kind: TaskKind,
    pub body: Body,
    /// Names of the handles its body assigns, indexed by [`HandleIndex`].
    pub handles: Vec<String>,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskKind {
    /// A coroutine on the event loop.
    Async,
    /// A plain function, for a thread or a process.
    Sync,
}

/// A resource that tasks share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    pub name: String,
    pub kind: ResourceKind,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResourceKind {
    /// `None` is unbounded.
    Queue {
        capacity: Option<u32>,
    },
    Semaphore {
        permits: u32,
    },
    Lock,
    Event,
    Condition,
    /// Permits that threads take. `timeout` fails a wait that lasts longer.
    Pool {
        permits: u32,
        timeout: Option<SimDuration>,
    },
}

/// `run 100 ping every 10ms`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub task: TaskIndex,
    pub count: u64,
    pub arrivals: Arrivals,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arrivals {
    /// All at the same instant; `run pasta` is at 0.
    Together { at: SimDuration },
    /// The first at `start`, then one every `gap`.
    Every {
        start: SimDuration,
        gap: SimDuration,
    },
    /// Poisson arrivals: gaps are exponential with mean `gap`, the first after one gap.
    Poisson {
        start: SimDuration,
        gap: SimDuration,
    },
}

impl Workload {
    pub fn task(&self, index: TaskIndex) -> &Task {
        &self.tasks[index.0 as usize]
    }

    pub fn resource(&self, index: ResourceIndex) -> &Resource {
        &self.resources[index.0 as usize]
    }

    pub fn place(&self, segment: SegmentId) -> Place {
        self.places[segment.0 as usize]
    }

    /// The first line of a segment in the script's text.
    pub fn source<'a>(&self, text: &'a str, segment: SegmentId) -> &'a str {
        let place = self.places.get(segment.0 as usize);
        let written = place.and_then(|place| text.get(place.start as usize..place.end as usize));
        written
            .and_then(|text| text.lines().next())
            .unwrap_or_default()
    }

    /// Whether it has random lengths or random arrivals.
    pub fn draws_random(&self) -> bool {
        let drawn = |length: &Length| !matches!(length, Length::Fixed(_));
        let segments = self.segments();
        let mut segments = segments.iter().flatten();
        let in_bodies = segments.any(|segment| match &segment.kind {
            SegmentKind::Cpu { length, .. }
            | SegmentKind::Await { length, .. }
            | SegmentKind::Block { length, .. }
            | SegmentKind::Timeout { after: length, .. }
            | SegmentKind::WaitFor { after: length, .. } => drawn(length),
            _ => false,
        });
        let poisson = |arrivals: &Arrivals| matches!(arrivals, Arrivals::Poisson { .. });
        in_bodies || self.runs.iter().any(|run| poisson(&run.arrivals))
    }

    /// Every segment, indexed by [`SegmentId`]; `None` for an id that no body contains.
    pub fn segments(&self) -> Vec<Option<&Segment>> {
        let mut found = vec![None; self.places.len()];
        let mut bodies: Vec<&Body> = self.tasks.iter().map(|task| &task.body).collect();
        while let Some(body) = bodies.pop() {
            for segment in body {
                if let Some(slot) = found.get_mut(segment.id.0 as usize) {
                    *slot = Some(segment);
                }
                bodies.extend(segment.kind.bodies());
            }
        }
        found
    }
}
