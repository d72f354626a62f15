//! Whether a cancellation or a timeout may end the wait of an instance early.

use crate::trace::{Record, State};

/// The requests that an instance has not taken yet.
#[derive(Clone, Copy, Default)]
pub(super) struct Interruption {
    /// One came since its last record.
    asked: bool,
    /// One came in the middle of a step: its next wait ends at once.
    in_step: bool,
}

impl Interruption {
    pub(super) fn is_asked(self) -> bool {
        self.asked
    }

    /// Notes a mark of an instance, whose last record is `before`.
    pub(super) fn note_mark(&mut self, before: Option<Record>, mark: Record) {
        if matches!(mark.state, State::CancelRequested | State::TimedOut) {
            self.asked = true;
            // A step without computing leaves no record: the instance is at a later segment.
            self.in_step |= before.is_some_and(|before| {
                before.state.holds_lane()
                    || before.state == State::Ready && before.segment != mark.segment
            });
        }
    }

    /// Follows the instance from the state `before` to its next one.
    pub(super) fn follow(&mut self, before: State) {
        let is_wait = before != State::Ready && !before.holds_lane();
        self.in_step &= !is_wait;
        self.asked = self.in_step;
    }
}
