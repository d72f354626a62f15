//! The states an instance can be in, and the marks that leave it where it is.

use serde::{Deserialize, Serialize};

/// What an instance turned to at the instant of a record.
///
/// The first group are states: they last until the instance's next state. The
/// marks at the end are instants and change nothing.
///
/// **A step that takes no time leaves no `Running` record.** A task that goes
/// from `Ready` to anything else was resumed at that instant; `Running` appears
/// where CPU time is spent. This keeps a million-task trace small and loses
/// nothing: who stepped, when, and in which order is all there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum State {
    /// Arrived, but no server process has accepted it; ends when one does.
    Unaccepted,
    /// Able to go on as soon as its loop takes it. Cause: who woke it.
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
    /// Could go on, but another thread holds the GIL.
    QueuedGil,
    /// Could go on, but every core is busy.
    QueuedCore,
    /// Waits for a lock, a semaphore's permit or a condition's lock.
    WaitingPermit,
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
    /// Its work is in a thread, a process or a job; it waits for the answer.
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
    /// Mark: was asked to cancel. Cause: by whom.
    CancelRequested,
    /// Mark: its `timeout` fired.
    TimedOut,
}

impl State {
    /// Every state and mark, in the order of their numbers.
    pub const ALL: [Self; 26] = [
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

    /// An instant that leaves the instance in the state it was in.
    pub fn is_mark(self) -> bool {
        matches!(
            self,
            Self::Printed | Self::Responded | Self::CancelRequested | Self::TimedOut
        )
    }

    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// The instance occupies the lane of its record.
    pub fn holds_lane(self) -> bool {
        matches!(
            self,
            Self::Running | Self::Blocking | Self::QueuedGil | Self::QueuedCore
        )
    }

    /// Neither at work nor waiting for its own I/O or offloaded work: others are in its way.
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
