//! The segments of a task's body.

use serde::{Deserialize, Serialize};

use super::{HandleIndex, ResourceIndex, SegmentId, TaskIndex};
use crate::time::SimDuration;

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
    /// `await asyncio.gather(…)`, or `asyncio.wait` for the first.
    Gather {
        members: Vec<Member>,
        mode: GatherMode,
    },
    /// `for task in asyncio.as_completed(…): await task`, and the body for each.
    AsCompleted {
        members: Vec<Member>,
        body: Body,
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
    /// `q.shutdown()`: nothing more can be put, and what is left can be taken.
    Shutdown {
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
    /// `await asyncio.wait_for(f(), …)`: 3.11 runs `f` as a task of its own, later versions run it
    /// inline.
    WaitFor {
        after: Length,
        task: TaskIndex,
        /// Whether the task is the block of this segment: a coroutine function without a name in
        /// the script.
        is_block: bool,
        /// `except TimeoutError:`, only behind a block.
        otherwise: Option<Body>,
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

/// `3 g` inside a `gather` or an `as_completed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub count: u64,
    pub task: TaskIndex,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GatherMode {
    /// The first failure is raised in the caller at once.
    Raise,
    /// `return_exceptions=True`: `gather all`.
    Collect,
    /// `return_when=FIRST_COMPLETED`, then the others are cancelled: `gather first`.
    First,
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

/// The bodies inside a block; one list for `&` and `&mut`.
macro_rules! bodies {
    ($kind:expr, $as_ref:ident) => {{
        let bodies = match $kind {
            Self::Group { body }
            | Self::AsCompleted { body, .. }
            | Self::With { body, .. }
            | Self::Repeat { body, .. }
            | Self::Forever { body }
            | Self::Offload {
                work: Work::Body(body),
                ..
            } => [Some(body), None, None],
            Self::Timeout {
                body, otherwise, ..
            } => [Some(body), otherwise.$as_ref(), None],
            Self::WaitFor { otherwise, .. } => [otherwise.$as_ref(), None, None],
            Self::Try {
                body,
                except,
                finally,
            } => [Some(body), except.$as_ref(), finally.$as_ref()],
            _ => [None, None, None],
        };
        bodies.into_iter().flatten()
    }};
}

impl SegmentKind {
    /// The bodies inside a block, in the order of the text.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        bodies!(self, as_ref)
    }

    /// The bodies inside a block, mutably.
    pub fn bodies_mut(&mut self) -> impl Iterator<Item = &mut Body> {
        bodies!(self, as_mut)
    }
}
