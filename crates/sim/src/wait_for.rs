//! `asyncio.wait_for`: a coroutine with a time limit.
//!
//! From CPython 3.12 on it awaits the coroutine inline, under a timeout: [`crate::scopes`] does that.
//! Here is the `wait_for` of 3.11, which runs the coroutine as a task of its own; every version
//! does so if the limit is zero.

use crate::frame::{
    CREATED, Callback, Exception, ExceptionKind, FRESH, FrameOutcome, FutureState, WAITING, Wait,
};
use crate::kernel::Kernel;
use crate::program::Op;
use crate::steps::OpResult;
use model::time::SimDuration;
use model::trace::{InstanceId, LaneId, Role, State};
use model::workload::{Length, PythonVersion, TaskIndex};

/// A phase: the limit is over, and the cancelled task has to end (`_cancel_and_wait`).
const EXPIRED: u8 = 2;
/// A phase: `wait_for` itself was cancelled, and the cancelled task has to end.
const CANCELLED: u8 = 3;

impl Kernel<'_> {
    pub(super) fn wait_for_task(
        &mut self,
        slot: usize,
        after: Length,
        task: TaskIndex,
        raised: Option<Exception>,
    ) -> OpResult {
        let phase = self.frames[slot].phase;
        if phase == CREATED {
            return self.start_limited(slot, SimDuration::ZERO, task);
        }
        if phase == FRESH {
            let after = self.draw_length(slot, after);
            if !after.is_zero() && self.workload.machine.python >= PythonVersion::V312 {
                return self.open_timeout(slot, after, None);
            }
            return self.start_limited(slot, after, task);
        }
        let child = self.frames[slot].extra().limited;
        let child = child.expect("the task was started in the first phase");
        let segment = self.current_segment(slot);
        match (phase, self.outcome_of(child), raised) {
            // Also if `wait_for` is cancelled at the same moment: the result is not lost.
            (WAITING, Some(outcome), _) => self.result_of_limited(slot, outcome, None),
            (WAITING, None, None) => self.cancel_limited(slot, child, EXPIRED),
            (WAITING, None, Some(_)) => self.cancel_limited(slot, child, CANCELLED),
            // Cancelled while it waits for the end: it does not wait any longer.
            (_, _, Some(raised)) => OpResult::Raise(raised),
            (EXPIRED, Some(outcome), None) => {
                let kind = ExceptionKind::TimedOut;
                self.result_of_limited(slot, outcome, Some(Exception { kind, segment }))
            }
            (_, _, None) => OpResult::Raise(Exception::cancelled(segment)),
        }
    }

    fn start_limited(&mut self, slot: usize, after: SimDuration, task: TaskIndex) -> OpResult {
        // The timer comes before the task: of equal deadlines the older one is first.
        if !after.is_zero() {
            self.schedule_sleep(slot, after);
        }
        let child = match self.create_child(slot, task, Role::Spawned) {
            Ok(child) => child,
            Err(start) => return start,
        };
        self.frames[slot].extra().limited = Some(child);
        if !after.is_zero() {
            return self.await_limited(slot, child, WAITING);
        }
        // An eager task may be over.
        if let Some(outcome) = self.outcome_of(child) {
            return self.result_of_limited(slot, outcome, None);
        }
        self.record_expiry(slot);
        self.cancel_limited(slot, child, EXPIRED)
    }

    /// Whether the instance is in a `wait_for` and has not been resolved in this generation.
    pub(super) fn awaits_limited(&self, slot: usize, generation: u32) -> bool {
        let frame = &self.frames[slot];
        frame.generation == generation
            && frame.wait == Wait::Future(FutureState::Pending)
            && matches!(self.program.ops[frame.pc as usize], Op::WaitFor { .. })
    }

    /// The timer of a `wait_for` has fired, and its instance still waits.
    pub(super) fn limit_over(&mut self, slot: usize) {
        let child = self.frames[slot].extra().limited;
        match child.filter(|&child| self.is_over(child)) {
            // Its end would have resolved the future in a moment.
            Some(child) => self.active_instance = Some(child),
            None => self.record_expiry(slot),
        }
    }

    fn record_expiry(&mut self, slot: usize) {
        let segment = self.current_segment(slot);
        self.record(self.frames[slot].id, State::TimedOut, LaneId::NONE, segment);
    }

    /// `_cancel_and_wait`.
    fn cancel_limited(&mut self, slot: usize, child: InstanceId, phase: u8) -> OpResult {
        let result = self.await_limited(slot, child, phase);
        self.cancel_task(child);
        result
    }

    /// Awaits a new future, which the end of the child resolves.
    fn await_limited(&mut self, slot: usize, child: InstanceId, phase: u8) -> OpResult {
        let frame = &self.frames[slot];
        let callback = Callback::Waiter {
            owner: frame.id,
            generation: frame.generation,
        };
        self.frame(child).extra().callbacks.push(callback);
        self.suspend_on_future(slot, phase, State::WaitingTask);
        OpResult::Suspend
    }

    /// Continues behind the call and the end of the timeout, which later versions need. `expired` is
    /// raised in place of a cancellation.
    fn result_of_limited(
        &mut self,
        slot: usize,
        outcome: FrameOutcome,
        expired: Option<Exception>,
    ) -> OpResult {
        match outcome {
            FrameOutcome::Done => OpResult::Jump(self.frames[slot].pc + 3),
            FrameOutcome::Failed(raised) => OpResult::Raise(raised),
            FrameOutcome::Cancelled => {
                let cancelled = Exception::cancelled(self.current_segment(slot));
                OpResult::Raise(expired.unwrap_or(cancelled))
            }
        }
    }
}
