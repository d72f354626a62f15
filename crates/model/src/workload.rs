//! A program to run: tasks made of segments, the machine, and the arrivals.
//!
//! The first narrow waist. The script language produces a `Workload`; the simulator and the
//! Python exporters consume one and do not know how it was written. The script's lowering
//! makes it valid: every index refers to something, the body of a sync task holds only
//! segments that a thread can run, and counts are within [`crate::limits`].
//!
//! When anything happens is left to the simulator or the real runtime.

use serde::{Deserialize, Serialize};

use crate::time::SimDuration;

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
    /// The clock stops here, even if tasks still run.
    pub until: Option<SimDuration>,
    /// The time that the runtime itself takes; no script sets it.
    #[serde(default)]
    pub costs: Costs,
    /// The asyncio that is followed; no script sets it.
    #[serde(default)]
    pub asyncio: Asyncio,
}

/// A behaviour of asyncio. Versions of CPython that agree share one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asyncio {
    /// CPython 3.11 and 3.12.
    #[default]
    Python311,
    /// CPython 3.13 to 3.15: a semaphore with several free permits wakes as many waiters at once; a
    /// `wait` on a condition that is cancelled after it was notified passes the notification on; a
    /// group takes its own cancellation of the parent back when its children have ended, and
    /// cancels a parent again that was cancelled from outside as well.
    Python313,
}

impl Asyncio {
    /// The behaviour of a version of CPython, e.g. (3, 14).
    pub fn of_python(version: (u32, u32)) -> Self {
        if version < (3, 13) {
            Self::Python311
        } else {
            Self::Python313
        }
    }
}

/// The time that the runtime's own operations take. All zero unless they were measured, so
/// that 3 s and 6 s of work are 9 s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// CPU time of the loop for one step of a task.
    pub hop: SimDuration,
    /// The time until an idle thread has its work, and until the loop has its result.
    pub hand_over: SimDuration,
    /// The time until a thread that must be started has its work.
    pub thread_start: SimDuration,
    /// The time until a new process can take work.
    pub process_start: SimDuration,
    /// The time that one message to another process takes.
    pub ipc: SimDuration,
    /// CPU time of the loop for one request.
    pub http: SimDuration,
    /// How often the loop releases the GIL between the arrival of a request and its handler.
    /// That takes no time unless other threads compute.
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
            asyncio: Asyncio::default(),
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

/// Segments in the order in which they run.
pub type Body = Vec<Segment>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    pub id: SegmentId,
    pub kind: SegmentKind,
}

/// The kinds of segments, each with its equivalent in Python.
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
    /// Awaits work on another thread or process.
    Offload {
        to: Executor,
        work: Work,
    },
    /// `f.delay()`: the sender continues at once.
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
    /// Sends the response; the segments after it are a background task.
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

/// The length of a segment, fixed or random.
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
    /// The first failure is raised in the caller at once.
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

/// The work that is offloaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Work {
    /// `thread f`.
    Task(TaskIndex),
    /// A `thread:` block.
    Body(Body),
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
    /// The time at which a task reaches a stage. Without a number, the time of the last of
    /// its instances. Without a bound, the claim is that all instances reach the stage.
    Task {
        task: TaskIndex,
        number: Option<u32>,
        stage: Stage,
        bound: Option<Bound>,
    },
    /// The tasks finish in this order, by the last instance of each.
    Order(Vec<TaskIndex>),
    /// The peak number of pool and executor threads at work at once.
    Threads { comparison: Comparison, count: u64 },
    /// The longest time that a ready task waited for its loop.
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
            | SegmentKind::Timeout { after: length, .. } => drawn(length),
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

impl SegmentKind {
    /// The bodies inside a block, in the order of the text.
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

    /// The bodies inside a block, mutably.
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
