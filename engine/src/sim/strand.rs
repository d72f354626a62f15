//! One body under way: where it is, what it waits for, what is open around it.
//!
//! A strand is a coroutine on a loop or a function on a thread. It lives from
//! creation to end; its identity ([`InstanceId`]) and outcome outlive it.

use crate::sim::program::Pc;
use crate::trace::{InstanceId, State};
use crate::workload::{HandleIndex, ResourceIndex, SegmentId};

/// The op at hand has not begun.
pub(super) const FRESH: u8 = 0;
/// It has begun, and waits or takes time: its second half is to come.
pub(super) const WAITING: u8 = 1;

#[derive(Debug)]
pub(super) struct Strand {
    pub(super) id: InstanceId,
    pub(super) pc: Pc,
    /// How far the op at `pc` has come: [`FRESH`], [`WAITING`], or a phase of the op's own.
    pub(super) phase: u8,
    pub(super) wait: Wait,
    /// Its first step has run.
    pub(super) begun: bool,
    /// Whether the future of the last wait was resolved (else it was cancelled).
    pub(super) was_resolved: bool,
    /// Throw a cancellation at the next step (`Task._must_cancel`).
    pub(super) must_cancel: bool,
    /// Requests to cancel not yet taken back (`Task.cancelling()`).
    pub(super) cancels: u16,
    pub(super) server: u16,
    /// The state last written to the log.
    pub(super) shown: State,
    /// Counts waits: a timer or an answer that belongs to an earlier one is stale.
    pub(super) turn: u32,
    pub(super) draws: u32,
    /// How many parts of it were given away.
    pub(super) parts: u32,
    /// Which part of its owner it is.
    pub(super) part: u32,
    /// For offloaded work: who waits for the answer, in which of its turns.
    pub(super) owner: Option<(InstanceId, u32)>,
    pub(super) extra: Option<Box<Extra>>,
}

/// What most strands never need.
#[derive(Debug, Default)]
pub(super) struct Extra {
    /// Open blocks, outermost first.
    pub(super) scopes: Vec<Scope>,
    /// Handles of all open calls; each call has its own stretch.
    pub(super) handles: Vec<Option<InstanceId>>,
    pub(super) calls: usize,
    /// To be called when it ends, in this order.
    pub(super) callbacks: Vec<Callback>,
    /// What the future it waits for will raise.
    pub(super) delivered: Option<Raised>,
}

/// What a coroutine is suspended on (`Task._fut_waiter`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Running, not begun, or between two steps of a bare yield.
    Nothing,
    /// A future that only this task waits for.
    Future(FutureState),
    /// Another task.
    Task(InstanceId),
    /// A `gather`: an index into the kernel's table.
    Gather(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FutureState {
    Pending,
    /// Its task will be woken by a handle that is already in the ready queue.
    Resolved,
    Cancelled,
}

/// A block that is open around the current op.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope {
    /// `call f`: where to go on, and where its handles begin.
    Call {
        return_to: Pc,
        handles: u32,
        handles_end: u32,
    },
    Repeat {
        left: u64,
    },
    Except {
        handler: Pc,
    },
    Finally {
        finally: Pc,
    },
    /// Inside a `finally:` body: what to raise at its end.
    Ending(Option<Raised>),
    With(ResourceIndex),
    Timeout(Timeout),
    Group {
        group: u32,
        exit: Pc,
    },
    /// The body of a group is over; its children may not be.
    GroupExiting {
        group: u32,
        raised: Option<Raised>,
        propagate: bool,
    },
}

/// An entered `asyncio.timeout`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeout {
    pub(super) serial: u32,
    /// `Task.cancelling()` on entry.
    pub(super) cancels: u16,
    pub(super) fired: bool,
    pub(super) otherwise: Option<Pc>,
}

/// An exception under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Raised {
    pub(super) kind: RaisedKind,
    /// Who raised it.
    pub(super) segment: SegmentId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RaisedKind {
    /// `asyncio.CancelledError`: not caught by `except:`.
    Cancelled,
    /// `TimeoutError`.
    TimedOut,
    /// `fail`, a misused lock, failures of a group: anything `except:` catches.
    Failed,
}

impl Raised {
    pub(super) fn is_cancelled(self) -> bool {
        self.kind == RaisedKind::Cancelled
    }

    pub(super) fn cancelled(segment: SegmentId) -> Self {
        Self {
            kind: RaisedKind::Cancelled,
            segment,
        }
    }

    pub(super) fn failed(segment: SegmentId) -> Self {
        Self {
            kind: RaisedKind::Failed,
            segment,
        }
    }
}

/// Who wants to know when a task has ended (`Future.add_done_callback`).
#[derive(Clone, Copy, Debug)]
pub(super) enum Callback {
    /// A task that waits for this one.
    Wakeup(InstanceId),
    Gather(u32),
    Group(u32),
    /// The loop, which awaits what it cancelled before it closes.
    Leftover,
    /// The task behind an `asyncio.shield`, in this turn of it.
    Shield {
        owner: InstanceId,
        turn: u32,
    },
}

/// How a strand ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Failed(Raised),
    Cancelled,
}

impl Strand {
    pub(super) fn new(id: InstanceId, pc: Pc, server: u16) -> Self {
        Self {
            id,
            pc,
            phase: FRESH,
            wait: Wait::Nothing,
            begun: false,
            was_resolved: false,
            must_cancel: false,
            cancels: 0,
            server,
            shown: State::Unaccepted,
            turn: 0,
            draws: 0,
            parts: 0,
            part: 0,
            owner: None,
            extra: None,
        }
    }

    pub(super) fn extra(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }

    pub(super) fn scopes(&mut self) -> &mut Vec<Scope> {
        &mut self.extra().scopes
    }

    pub(super) fn open(&mut self, scope: Scope) {
        self.scopes().push(scope);
    }

    pub(super) fn close(&mut self) -> Option<Scope> {
        self.extra.as_mut()?.scopes.pop()
    }

    /// Where the handles of the innermost call begin and end.
    pub(super) fn innermost_call(&self) -> Option<(u32, u32)> {
        let scopes = self.extra.as_ref().map_or(&[][..], |extra| &extra.scopes);
        scopes.iter().rev().find_map(|scope| match scope {
            Scope::Call {
                handles,
                handles_end,
                ..
            } => Some((*handles, *handles_end)),
            _ => None,
        })
    }

    /// Where the body that runs keeps this handle.
    pub(super) fn handle_place(&self, handle: HandleIndex) -> usize {
        let base = self.innermost_call().map_or(0, |(base, _)| base);
        base as usize + handle.0 as usize
    }

    /// `Task.uncancel()`: how many requests remain.
    pub(super) fn uncancel(&mut self) -> u16 {
        self.cancels = self.cancels.saturating_sub(1);
        self.cancels
    }

    /// The timeout with this serial number, if it is still open.
    pub(super) fn timeout(&mut self, serial: u32) -> Option<&mut Timeout> {
        self.extra
            .as_mut()?
            .scopes
            .iter_mut()
            .rev()
            .find_map(|scope| match scope {
                Scope::Timeout(timeout) if timeout.serial == serial => Some(timeout),
                _ => None,
            })
    }
}
