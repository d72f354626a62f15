//! The states of an instance, and the marks, which leave its state as it is.
//!
//! How a state is drawn is decided in `scene::kind`.

use serde::{Deserialize, Serialize};

/// The state that an instance enters with a record, or a mark.
///
/// A state lasts until the next state of the instance. Marks, at the end of the list, are
/// instants and change nothing.
///
/// **A step that takes no time leaves no `Running` record.** A task that goes from `Ready`
/// to another state was resumed at that instant; `Running` appears where CPU time is spent.
/// This keeps a trace of a million tasks small, and the order and time of every step can
/// still be derived from it (see [`events`](super::events())).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum State {
    /// Arrived, but no server process has accepted it; ends when one does.
    Unaccepted,
    /// In the ready queue; ends when its loop runs it. Cause: the instance that woke it.
    Ready,
    /// Spends CPU time on its lane.
    Running,
    /// Holds its lane without using the CPU: a blocking call.
    Blocking,
    /// Waits for time to pass, holding nothing: I/O.
    Awaiting,
    /// Waits for a token of the AnyIO pool.
    QueuedToken,
    /// Waits for a thread of the loop's own executor.
    QueuedExecutor,
    /// Waits for a worker of the process pool.
    QueuedProcess,
    /// Waits in the job queue, or reserved by a busy worker.
    QueuedJob,
    /// Could continue, but another thread holds the GIL.
    QueuedGil,
    /// Could continue, but every core is busy.
    QueuedCore,
    /// Waits for a lock, a semaphore's permit or a condition's lock.
    WaitingPermit,
    /// Holds its lane until it gets a permit of a pool.
    BlockedPermit,
    /// Waits for an item of a queue.
    WaitingItem,
    /// Waits for room in a bounded queue.
    WaitingRoom,
    /// Waits for an event to be set.
    WaitingEvent,
    /// Waits to be notified on a condition.
    WaitingNotify,
    /// Waits for one task: `wait h`, `shield f`.
    WaitingTask,
    /// Waits for several: `gather`, the end of a `group:`.
    WaitingAll,
    /// Waits for the result of its work in a thread, a process or a job.
    Offloaded,
    /// Terminal: ran to its end.
    Done,
    /// Terminal: ended by a failure.
    Failed,
    /// Terminal: ended by cancellation.
    Cancelled,
    /// Mark: printed the text of its segment.
    Printed,
    /// Mark: sent its response.
    Responded,
    /// Mark: a cancellation was requested. Cause: the instance that requested it.
    CancelRequested,
    /// Mark: its `timeout` fired.
    TimedOut,
}

impl State {
    /// Every state and mark, in the order of their numbers.
    pub const ALL: [Self; 27] = [
        Self::Unaccepted,
        Self::Ready,
        Self::Running,
        Self::Blocking,
        Self::Awaiting,
        Self::QueuedToken,
        Self::QueuedExecutor,
        Self::QueuedProcess,
        Self::QueuedJob,
        Self::QueuedGil,
        Self::QueuedCore,
        Self::WaitingPermit,
        Self::BlockedPermit,
        Self::WaitingItem,
        Self::WaitingRoom,
        Self::WaitingEvent,
        Self::WaitingNotify,
        Self::WaitingTask,
        Self::WaitingAll,
        Self::Offloaded,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
        Self::Printed,
        Self::Responded,
        Self::CancelRequested,
        Self::TimedOut,
    ];

    /// Whether it is an instant that leaves the state of its instance as it is.
    pub fn is_mark(self) -> bool {
        matches!(
            self,
            Self::Printed | Self::Responded | Self::CancelRequested | Self::TimedOut
        )
    }

    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// Whether the instance occupies the lane of its record.
    pub fn holds_lane(self) -> bool {
        matches!(
            self,
            Self::Running
                | Self::Blocking
                | Self::QueuedGil
                | Self::QueuedCore
                | Self::BlockedPermit
        )
    }

    /// Whether the instance waits because of others: it is neither at work nor waiting for its
    /// own I/O or offloaded work.
    pub fn is_waiting_for_others(self) -> bool {
        matches!(
            self,
            Self::Unaccepted
                | Self::Ready
                | Self::QueuedToken
                | Self::QueuedExecutor
                | Self::QueuedProcess
                | Self::QueuedJob
                | Self::QueuedGil
                | Self::QueuedCore
                | Self::WaitingPermit
                | Self::BlockedPermit
                | Self::WaitingItem
                | Self::WaitingRoom
                | Self::WaitingEvent
                | Self::WaitingNotify
        )
    }

    pub(super) fn from_number(number: u8) -> Self {
        Self::ALL[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    #[test]
    fn numbers_and_states_agree() {
        for (number, state) in State::ALL.into_iter().enumerate() {
            assert_eq!(state as usize, number);
            assert_eq!(State::from_number(number as u8), state);
        }
    }
}
