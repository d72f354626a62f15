//! What there is too little of: the things that one task has while another
//! waits. Queues, events and awaited tasks are none of them: who waits there
//! waits for something to be made, not for somebody to get out of the way.

use serde::{Deserialize, Serialize};

use model::trace::State;

/// In the order in which one can lead to the next: who has a permit may wait
/// for a token, who holds a loop for the GIL.
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

    /// What an instance in this state waits for, if somebody else has it.
    pub fn awaited_in(state: State) -> Option<Self> {
        Some(match state {
            State::Ready | State::Unaccepted => Self::Loop,
            State::QueuedToken => Self::Token,
            State::QueuedExecutor => Self::Executor,
            State::QueuedProcess => Self::Process,
            State::QueuedJob => Self::Job,
            State::QueuedGil => Self::Gil,
            State::QueuedCore => Self::Core,
            State::WaitingPermit => Self::Permit,
            _ => return None,
        })
    }

    /// As in results.
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
