//! Scarce resources: the ones that a task can hold while another task waits for them.
//!
//! Queues, events and awaited tasks are not scarce: a task that waits there waits for a result,
//! not for another task to release something.

use serde::{Deserialize, Serialize};

use model::trace::State;

/// A kind of scarce resource.
///
/// In this order, the holder of one kind may wait for a later kind, e.g. a task with a permit
/// for a token, and a task on the loop for the GIL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scarce {
    /// A lock, or one of a semaphore's permits.
    Permit,
    /// One of the AnyIO pool's tokens.
    Token,
    /// A thread of the loop's own executor.
    Executor,
    /// A worker of the process pool.
    Process,
    /// A worker of the job queue.
    Job,
    /// A turn on the event loop.
    Loop,
    Gil,
    Core,
}

impl Scarce {
    pub const ALL: [Self; 8] = [
        Self::Permit,
        Self::Token,
        Self::Executor,
        Self::Process,
        Self::Job,
        Self::Loop,
        Self::Gil,
        Self::Core,
    ];

    /// The kind that an instance in this state waits for; `None` if no other instance can hold
    /// it, e.g. for [`State::Awaiting`].
    pub fn awaited_in(state: State) -> Option<Self> {
        Some(match state {
            State::Ready | State::Unaccepted => Self::Loop,
            State::QueuedToken => Self::Token,
            State::QueuedExecutor => Self::Executor,
            State::QueuedProcess => Self::Process,
            State::QueuedJob => Self::Job,
            State::QueuedGil => Self::Gil,
            State::QueuedCore => Self::Core,
            State::WaitingPermit | State::BlockedPermit => Self::Permit,
            _ => return None,
        })
    }

    /// The name in results.
    pub fn word(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Token => "token",
            Self::Executor => "executor",
            Self::Process => "process",
            Self::Job => "job",
            Self::Loop => "loop",
            Self::Gil => "gil",
            Self::Core => "core",
        }
    }
}
