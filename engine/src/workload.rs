//! What is to run: tasks made of segments, the machine, who arrives when.
//!
//! The first narrow waist. The script language produces a `Workload`; the
//! simulator and the Python exporters consume one, and none of them knows how
//! it was written. A `Workload` is valid by construction of the script's
//! lowering: every index points somewhere, a sync body holds only
//! what a thread can do, counts are within [`crate::limits`].
//!
//! Nothing here decides *when* anything happens.

use serde::{Deserialize, Serialize};

use crate::time::SimDuration;

/// Everything a runtime needs to know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    pub machine: Machine,
    pub tasks: Vec<Task>,
    pub resources: Vec<Resource>,
    /// In the order written; empty only in a script without tasks.
    pub runs: Vec<Run>,
    pub expectations: Vec<Expectation>,
    /// Where each segment stands in the script, indexed by [`SegmentId`].
    pub places: Vec<Place>,
}

/// Which task definition: an index into [`Workload::tasks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskIndex(pub u32);

/// Which resource: an index into [`Workload::resources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceIndex(pub u32);

/// Which segment of the whole script, in the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SegmentId(pub u32);

/// A handle of a task body (`spawn f as h`): an index into [`Task::handles`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HandleIndex(pub u16);

/// Where a piece of the workload stands in the script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// From 1.
    pub line: u32,
    /// Byte range in the script's text.
    pub start: u32,
    pub end: u32,
}

/// The machine and the runtime's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    pub cores: u32,
    pub gil: Gil,
    /// How long a thread keeps the GIL while others ask for it (`sys.setswitchinterval`).
    pub switch: SimDuration,
    /// Tokens of AnyIO's worker-thread limiter: `def` handlers and `thread`.
    pub pool: u32,
    /// Threads of the loop's own executor; `None` is CPython's default, `min(32, cores + 4)`.
    pub executor: Option<u32>,
    /// Workers of the process pool; `None` is one a core.
    pub processes: Option<u32>,
    /// Job-queue workers (Celery, one job at a time each).
    pub jobs: u32,
    /// Jobs a worker reserves beyond the one it runs (`worker_prefetch_multiplier`).
    pub prefetch: u32,
    /// Server processes, each with a loop, a pool and a GIL of its own.
    pub servers: u32,
    pub seed: u64,
    /// Stop the clock here, whatever still runs.
    pub until: Option<SimDuration>,
    /// What a script does not say: how long the runtime itself takes.
    #[serde(default)]
    pub costs: Costs,
}

/// How long the runtime's own doings take. All zero unless somebody measured
/// them, so that 3 + 6 is 9.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// A step of a task: CPU time of its loop.
    pub hop: SimDuration,
    /// Until a thread that waits for work has it, and its answer until the loop has it.
    pub hand_over: SimDuration,
    /// The same for a thread that must be started.
    pub thread_start: SimDuration,
    /// Until a new process can take work.
    pub process_start: SimDuration,
    /// One message to another process.
    pub ipc: SimDuration,
    /// A request: CPU time of the loop that serves it.
    pub http: SimDuration,
    /// How often its loop lets go of the GIL between the arrival of a request and its
    /// handler: free, unless others compute.
    pub releases: u32,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            cores: 4,
            gil: Gil::On,
            switch: SimDuration::from_millis(5),
            pool: 40,
            executor: None,
            processes: None,
            jobs: 4,
            prefetch: 4,
            servers: 1,
            seed: 1,
            until: None,
            costs: Costs::default(),
        }
    }
}

impl Machine {
    /// The last server process that a trace may name: settings may have started more than the
    /// script says, but no more than any script may have.
    pub fn last_server(&self) -> u16 {
        let servers = self.servers.max(crate::limits::SERVERS_MAX);
        u16::try_from(servers - 1).unwrap_or(u16::MAX)
    }

    pub fn executor_threads(&self) -> u32 {
        self.executor
            .unwrap_or_else(|| self.cores.saturating_add(4).min(32))
    }

    pub fn process_workers(&self) -> u32 {
        self.processes.unwrap_or(self.cores)
    }
}

/// Whether threads of one process exclude each other while they compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gil {
    On,
    /// Free-threaded CPython.
    Off,
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

/// Segments one after the other.
pub type Body = Vec<Segment>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    pub id: SegmentId,
    pub kind: SegmentKind,
}

/// One step of a body. The doc of each names what it is in Python.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SegmentKind {
    /// Computation: holds its thread and the GIL.
    Cpu {
        length: Length,
        label: Option<String>,
    },
    /// `await asyncio.sleep(…)` and every other non-blocking wait.
    Await {
        length: Length,
        label: Option<String>,
    },
    /// `time.sleep(…)`, `requests.get(…)`: holds its thread, not the GIL.
    Block {
        length: Length,
        label: Option<String>,
    },
    /// `await asyncio.sleep(0)`.
    Yield,
    /// `await f()` (or `f()` for a sync task): inline.
    Call {
        task: TaskIndex,
    },
    /// `create_task(f())`; of the innermost `group:` around it, if there is one in this body.
    Spawn {
        task: TaskIndex,
        handle: Option<HandleIndex>,
    },
    /// `await h`.
    Wait {
        handle: HandleIndex,
    },
    /// `h.cancel()`.
    Cancel {
        handle: HandleIndex,
    },
    /// `await asyncio.gather(…)`.
    Gather {
        members: Vec<Member>,
        errors: GatherErrors,
    },
    /// `async with asyncio.TaskGroup()`.
    Group {
        body: Body,
    },
    /// The work is done elsewhere, and awaited.
    Offload {
        to: Executor,
        work: Work,
    },
    /// `f.delay()`: the sender goes on.
    Send {
        task: TaskIndex,
        handle: Option<HandleIndex>,
    },
    Put {
        queue: ResourceIndex,
    },
    Get {
        queue: ResourceIndex,
    },
    /// `async with s:` for a semaphore, a lock or a condition.
    With {
        resource: ResourceIndex,
        body: Body,
    },
    Acquire {
        resource: ResourceIndex,
    },
    Release {
        resource: ResourceIndex,
    },
    SetEvent {
        event: ResourceIndex,
    },
    ClearEvent {
        event: ResourceIndex,
    },
    WaitEvent {
        event: ResourceIndex,
    },
    /// `await c.wait()`.
    WaitCondition {
        condition: ResourceIndex,
    },
    Notify {
        condition: ResourceIndex,
        count: u32,
    },
    /// `await asyncio.shield(f())`.
    Shield {
        task: TaskIndex,
    },
    /// The response is sent; what follows is a background task.
    Respond,
    Print {
        text: String,
    },
    /// `async with asyncio.timeout(…)`; `otherwise` is `except TimeoutError:`.
    Timeout {
        after: Length,
        body: Body,
        otherwise: Option<Body>,
    },
    /// `except` catches failures, not cancellation (`except Exception:`).
    Try {
        body: Body,
        except: Option<Body>,
        finally: Option<Body>,
    },
    /// `raise RuntimeError(text)`.
    Fail {
        text: String,
    },
    Repeat {
        times: u64,
        body: Body,
    },
    Forever {
        body: Body,
    },
}

/// How long something takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Length {
    Fixed(SimDuration),
    /// `1..3s`: both ends included.
    Uniform {
        low: SimDuration,
        high: SimDuration,
    },
    /// `~200ms`.
    Exponential {
        mean: SimDuration,
    },
}

/// `3 g` inside a `gather`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub count: u64,
    pub task: TaskIndex,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GatherErrors {
    /// The first failure goes to the caller at once.
    Raise,
    /// `return_exceptions=True`: `gather all`.
    Collect,
}

/// Where offloaded work runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Executor {
    /// AnyIO's worker threads: `run_in_threadpool`.
    Pool,
    /// The loop's own executor: `asyncio.to_thread`.
    Own,
    /// `ProcessPoolExecutor`.
    Process,
}

/// What is offloaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Work {
    /// `thread f`.
    Task(TaskIndex),
    /// A `thread:` block.
    Body(Body),
}

/// Something tasks share.
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
    /// All together; `run pasta` is at 0.
    Together { at: SimDuration },
    /// The first at `start`, then one each `gap`.
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

/// A claim about the outcome: `expect total 9s`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expectation {
    pub claim: Claim,
    /// The text of the claim, as the formatter writes it.
    pub text: String,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Claim {
    /// The total elapsed time.
    Total(Bound),
    /// When a task reaches a stage. Without a number: the last of its
    /// instances to do so; `None` as bound: that it does so at all, all of them.
    Task {
        task: TaskIndex,
        number: Option<u32>,
        stage: Stage,
        bound: Option<Bound>,
    },
    /// They finish in this order (the last instance of each).
    Order(Vec<TaskIndex>),
    /// Pool and executor threads at work at once, at the peak.
    Threads { comparison: Comparison, count: u64 },
    /// The longest a ready task waited for its loop.
    LoopLag(Bound),
    /// The longest uninterrupted hold of a loop.
    Freeze(Bound),
    /// The script deadlocks.
    Deadlock,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    Started,
    Done,
    Responded,
    Failed,
    Cancelled,
}

/// `<= 4s`, or `3s ± 1%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    pub comparison: Comparison,
    pub value: SimDuration,
    /// Only with [`Comparison::Equal`]; zero is exact.
    pub tolerance: Tolerance,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tolerance {
    Exact,
    /// In millionths of the value: `1%` is 10 000.
    Relative {
        millionths: u32,
    },
    /// `± 50ms`.
    Absolute(SimDuration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Comparison {
    pub fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }
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

    /// A segment as it is written: its first line in the script's text.
    pub fn source<'a>(&self, text: &'a str, segment: SegmentId) -> &'a str {
        let place = self.places.get(segment.0 as usize);
        let written = place.and_then(|place| text.get(place.start as usize..place.end as usize));
        written
            .and_then(|text| text.lines().next())
            .unwrap_or_default()
    }

    /// Every segment, indexed by [`SegmentId`]; a place that no body refers to is `None`.
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

impl SegmentKind {
    /// The bodies inside it, in the order of the text.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        let bodies = match self {
            Self::Group { body }
            | Self::With { body, .. }
            | Self::Repeat { body, .. }
            | Self::Forever { body }
            | Self::Offload {
                work: Work::Body(body),
                ..
            } => [Some(body), None, None],
            Self::Timeout {
                body, otherwise, ..
            } => [Some(body), otherwise.as_ref(), None],
            Self::Try {
                body,
                except,
                finally,
            } => [Some(body), except.as_ref(), finally.as_ref()],
            _ => [None, None, None],
        };
        bodies.into_iter().flatten()
    }

    /// The same, to be changed.
    pub fn bodies_mut(&mut self) -> impl Iterator<Item = &mut Body> {
        let bodies = match self {
            Self::Group { body }
            | Self::With { body, .. }
            | Self::Repeat { body, .. }
            | Self::Forever { body }
            | Self::Offload {
                work: Work::Body(body),
                ..
            } => [Some(body), None, None],
            Self::Timeout {
                body, otherwise, ..
            } => [Some(body), otherwise.as_mut(), None],
            Self::Try {
                body,
                except,
                finally,
            } => [Some(body), except.as_mut(), finally.as_mut()],
            _ => [None, None, None],
        };
        bodies.into_iter().flatten()
    }
}
