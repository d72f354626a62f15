//! The execution frame of a body: its program counter, its wait and its open blocks.
//!
//! A frame belongs to a coroutine on a loop or to a function on a thread, like the frame
//! objects of CPython. It is freed when the body ends; the instance's id
//! ([`InstanceId`]) and outcome stay in the kernel. [`steps`](super::steps) executes it.

use crate::program::{Caught, Pc};
use model::time::SimTime;
use model::trace::{InstanceId, LaneId, State};
use model::workload::{HandleIndex, ResourceIndex, SegmentId};

/// A phase of an op: it has not begun.
pub(super) const FRESH: u8 = 0;
/// A phase of an op: it has begun, and now waits or takes time. It is executed a second
/// time when that is over.
pub(super) const WAITING: u8 = 1;
/// A phase of an op that creates a task: the task's first step, which ran at once, is over.
pub(super) const CREATED: u8 = 8;

/// The state of one body that has not ended.
#[derive(Debug)]
pub(super) struct BodyFrame {
    pub(super) id: InstanceId,
    pub(super) pc: Pc,
    /// The phase of the op at `pc`: [`FRESH`], [`WAITING`], or one that only this op has.
    pub(super) phase: u8,
    pub(super) wait: Wait,
    /// Whether its first step has run.
    pub(super) has_begun: bool,
    /// Whether the future of the last wait was resolved (else it was cancelled).
    pub(super) was_resolved: bool,
    /// Throw a cancellation at the next step (`Task._must_cancel`).
    pub(super) must_cancel: bool,
    /// Requests to cancel not yet taken back (`Task.cancelling()`).
    pub(super) cancel_requests: u16,
    pub(super) server: u16,
    /// The state last written to the log.
    pub(super) logged_state: State,
    /// Counts steps. A timer or a result remembers the generation that waits for it and is
    /// ignored in a later one.
    pub(super) generation: u32,
    /// How many random lengths it has drawn.
    pub(super) draw_count: u32,
    /// How many parts it has offloaded.
    pub(super) part_count: u32,
    /// For a part: its number among the parts of its owner, from 1.
    pub(super) part_index: u32,
    /// For offloaded work: the instance that awaits the result, and its generation then.
    pub(super) owner: Option<(InstanceId, u32)>,
    pub(super) extra: Option<Box<FrameExtra>>,
}

/// State that most frames never need, boxed to keep frames small: there are millions.
#[derive(Debug, Default)]
pub(super) struct FrameExtra {
    /// Open blocks, outermost first.
    pub(super) scopes: Vec<BlockScope>,
    /// Handles of all open calls; each call has its own range.
    pub(super) handles: Vec<Option<InstanceId>>,
    pub(super) call_depth: usize,
    /// Callbacks to schedule when it ends, in this order.
    pub(super) callbacks: Vec<Callback>,
    /// The exception of the future it waits for.
    pub(super) future_exception: Option<Exception>,
    /// The task that a `wait_for` runs and awaits.
    pub(super) limited: Option<InstanceId>,
    /// The task that was created last, while its first step runs.
    pub(super) created: Option<InstanceId>,
    /// The `gather` whose children are being created.
    pub(super) gathering: Option<u32>,
    /// The children of a `gather first` or an `as_completed` that were created so far, and then
    /// those of which the first is awaited.
    pub(super) members: Vec<InstanceId>,
    /// The wait for a pool's permit, while its thread is blocked.
    pub(super) permit_wait: Option<PermitWait>,
}

/// A wait for a permit of a pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct PermitWait {
    /// When it fails.
    pub(super) deadline: Option<SimTime>,
    pub(super) lane: LaneId,
    /// Who gave back the permit that woke its thread.
    pub(super) released_by: Option<InstanceId>,
}

/// The awaitable that a coroutine is suspended on (`Task._fut_waiter`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Running, not started, or between two steps of a bare yield.
    Nothing,
    /// A future that only this task waits for.
    Future(FutureState),
    /// Another task.
    Task(InstanceId),
    /// A `gather`: an index into the kernel's table.
    Gather(u32),
}

/// The state of a future that only one task awaits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FutureState {
    Pending,
    /// The handle that wakes its task is already in the ready queue.
    Resolved,
    Cancelled,
}

/// A block around the current op that has been entered and not left.
#[derive(Clone, Copy, Debug)]
pub(super) enum BlockScope {
    /// `call f`: the op after it, and the range of its handles.
    Call {
        return_to: Pc,
        handles: u32,
        handles_end: u32,
    },
    Repeat {
        /// Iterations left, the current one included.
        left: u64,
    },
    Except {
        handler: Pc,
        catches: Caught,
    },
    Finally {
        finally: Pc,
    },
    /// Inside a `finally:` body: the exception to raise again at its end.
    Ending(Option<Exception>),
    With(ResourceIndex),
    /// An `as_completed`: an index into the kernel's table.
    Completions(u32),
    Timeout(TimeoutScope),
    Group {
        group: u32,
        exit: Pc,
    },
    /// The body of a group has ended; the group awaits its children.
    GroupExiting {
        group: u32,
        /// The exception that left the body.
        raised: Option<Exception>,
        /// Whether a cancellation has to be raised again (`propagate_cancellation_error`).
        propagate: bool,
    },
}

/// An entered `asyncio.timeout`.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeoutScope {
    pub(super) serial: u32,
    /// `Task.cancelling()` on entry.
    pub(super) cancel_requests: u16,
    pub(super) fired: bool,
    /// Where its `else:` body begins.
    pub(super) otherwise: Option<Pc>,
}

/// An exception that has been raised and not caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exception {
    pub(super) kind: ExceptionKind,
    /// The segment that raised it.
    pub(super) segment: SegmentId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExceptionKind {
    /// `asyncio.CancelledError`: not caught by `except:`.
    Cancelled,
    /// `TimeoutError`.
    TimedOut,
    /// `fail`, a misused lock, failures of a group: anything `except:` catches.
    Failed,
}

impl Exception {
    pub(super) fn is_cancelled(self) -> bool {
        self.kind == ExceptionKind::Cancelled
    }

    pub(super) fn is_caught_by(self, catches: Caught) -> bool {
        match catches {
            Caught::Failures => !self.is_cancelled(),
            Caught::Timeouts => self.kind == ExceptionKind::TimedOut,
        }
    }

    pub(super) fn cancelled(segment: SegmentId) -> Self {
        Self {
            kind: ExceptionKind::Cancelled,
            segment,
        }
    }

    pub(super) fn timed_out(segment: SegmentId) -> Self {
        Self {
            kind: ExceptionKind::TimedOut,
            segment,
        }
    }

    pub(super) fn failed(segment: SegmentId) -> Self {
        Self {
            kind: ExceptionKind::Failed,
            segment,
        }
    }
}

/// A callback for the end of a task (`Future.add_done_callback`).
#[derive(Clone, Copy, Debug)]
pub(super) enum Callback {
    /// Wakes a task that awaits this one.
    Wakeup(InstanceId),
    Gather(u32),
    Group(u32),
    /// Counts down the cancelled tasks that the loop awaits before it closes.
    Leftover,
    /// Resolves the future of an `asyncio.shield` that `owner` awaits.
    Shield {
        owner: InstanceId,
        generation: u32,
    },
    /// Puts the task into the queue of an `asyncio.as_completed`.
    Completed(u32),
    /// Resolves the future of an `asyncio.wait_for` or `asyncio.wait` in `owner`, while it is in this
    /// generation.
    Waiter {
        owner: InstanceId,
        generation: u32,
    },
}

/// How a body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameOutcome {
    Done,
    Failed(Exception),
    Cancelled,
}

impl BodyFrame {
    pub(super) fn new(id: InstanceId, pc: Pc, server: u16) -> Self {
        Self {
            id,
            pc,
            phase: FRESH,
            wait: Wait::Nothing,
            has_begun: false,
            was_resolved: false,
            must_cancel: false,
            cancel_requests: 0,
            server,
            logged_state: State::Unaccepted,
            generation: 0,
            draw_count: 0,
            part_count: 0,
            part_index: 0,
            owner: None,
            extra: None,
        }
    }

    pub(super) fn extra(&mut self) -> &mut FrameExtra {
        self.extra.get_or_insert_default()
    }

    pub(super) fn scopes(&mut self) -> &mut Vec<BlockScope> {
        &mut self.extra().scopes
    }

    pub(super) fn open_scope(&mut self, scope: BlockScope) {
        self.scopes().push(scope);
    }

    pub(super) fn close_scope(&mut self) -> Option<BlockScope> {
        self.extra.as_mut()?.scopes.pop()
    }

    /// The range of handles of the innermost call.
    pub(super) fn innermost_call(&self) -> Option<(u32, u32)> {
        let scopes = self.extra.as_ref().map_or(&[][..], |extra| &extra.scopes);
        scopes.iter().rev().find_map(|scope| match scope {
            BlockScope::Call {
                handles,
                handles_end,
                ..
            } => Some((*handles, *handles_end)),
            _ => None,
        })
    }

    /// The index of this handle of the running body in [`FrameExtra::handles`].
    pub(super) fn handle_place(&self, handle: HandleIndex) -> usize {
        let base = self.innermost_call().map_or(0, |(base, _)| base);
        base as usize + handle.0 as usize
    }

    /// `Task.uncancel()`: how many requests remain.
    pub(super) fn uncancel(&mut self) -> u16 {
        self.cancel_requests = self.cancel_requests.saturating_sub(1);
        self.cancel_requests
    }

    /// The timeout with this serial number, if it is still open.
    pub(super) fn timeout(&mut self, serial: u32) -> Option<&mut TimeoutScope> {
        self.extra
            .as_mut()?
            .scopes
            .iter_mut()
            .rev()
            .find_map(|scope| match scope {
                BlockScope::Timeout(timeout) if timeout.serial == serial => Some(timeout),
                _ => None,
            })
    }
}
