//! The kinds of bars that a chart distinguishes.
//!
//! Some states of a trace are drawn alike, and one, a blocking call, is drawn in two ways,
//! depending on the thread that it holds. Colours and patterns are chosen in
//! [`palette`](super::palette).

use model::trace::{LaneKind, State};

/// A kind of bar: one colour and pattern, one entry in the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// Spends CPU time, on any thread.
    Running,
    /// A blocking call on an event loop: no other task of that server can run.
    BlockingLoop,
    /// A blocking call on another thread: the loop continues.
    BlockingThread,
    Awaiting,
    /// Could continue, but its loop is busy.
    Ready,
    /// No server process has accepted it yet.
    Unaccepted,
    /// Waits for a token of the pool or a thread of the executor.
    QueuedThread,
    /// Waits for a process worker or a job worker.
    QueuedWorker,
    QueuedGil,
    QueuedCore,
    /// A lock, a condition's lock, or a permit of a semaphore or a pool.
    WaitingPermit,
    /// An item of a queue, or room in it.
    WaitingQueue,
    /// An event, or a notification.
    WaitingSignal,
    /// Other tasks: `wait`, `gather`, the end of a group.
    WaitingTasks,
    /// Its work runs elsewhere, shown in another row.
    Offloaded,
}

/// Nanoseconds for each kind, indexed by `Kind as usize`.
pub type TimeByKind = [u64; Kind::COUNT];

impl Kind {
    pub const COUNT: usize = 15;

    /// Every kind, in the order of the legend and of stacked density bars.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Running,
        Self::BlockingLoop,
        Self::BlockingThread,
        Self::Awaiting,
        Self::Ready,
        Self::Unaccepted,
        Self::QueuedThread,
        Self::QueuedWorker,
        Self::QueuedGil,
        Self::QueuedCore,
        Self::WaitingPermit,
        Self::WaitingQueue,
        Self::WaitingSignal,
        Self::WaitingTasks,
        Self::Offloaded,
    ];

    /// `None` for terminal states and marks, which take no time.
    pub fn of(state: State, lane: Option<LaneKind>) -> Option<Self> {
        Some(match state {
            State::Unaccepted => Self::Unaccepted,
            State::Ready => Self::Ready,
            State::Running => Self::Running,
            State::Blocking => match lane {
                Some(LaneKind::Loop) | None => Self::BlockingLoop,
                Some(_) => Self::BlockingThread,
            },
            State::Awaiting => Self::Awaiting,
            State::QueuedToken | State::QueuedExecutor => Self::QueuedThread,
            State::QueuedProcess | State::QueuedJob => Self::QueuedWorker,
            State::QueuedGil => Self::QueuedGil,
            State::QueuedCore => Self::QueuedCore,
            State::WaitingPermit | State::BlockedPermit => Self::WaitingPermit,
            State::WaitingItem | State::WaitingRoom => Self::WaitingQueue,
            State::WaitingEvent | State::WaitingNotify => Self::WaitingSignal,
            State::WaitingTask | State::WaitingAll => Self::WaitingTasks,
            State::Offloaded => Self::Offloaded,
            State::Done
            | State::Failed
            | State::Cancelled
            | State::Printed
            | State::Responded
            | State::CancelRequested
            | State::TimedOut => return None,
        })
    }

    /// Whether the instance is at work; its bar then has the full height.
    pub fn is_work(self) -> bool {
        matches!(
            self,
            Self::Running | Self::BlockingLoop | Self::BlockingThread
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_numbers_agree() {
        for (number, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, number);
        }
    }

    #[test]
    fn every_state_that_takes_time_has_a_kind() {
        for state in State::ALL {
            let takes_time = !state.is_mark() && !state.is_terminal();
            assert_eq!(Kind::of(state, None).is_some(), takes_time, "{state:?}");
        }
    }
}
