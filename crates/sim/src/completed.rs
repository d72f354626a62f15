//! Children that are awaited in the order in which they end: `gather first` and `as_completed`.
//!
//! Follows `wait` and `as_completed` in `asyncio/tasks.py` of CPython 3.11 and 3.13, and the
//! statements around them in an exported program.

use std::collections::VecDeque;

use crate::frame::{BlockScope, CREATED, Callback, Exception, FRESH, FrameOutcome, WAITING};
use crate::kernel::Kernel;
use crate::program::Pc;
use crate::steps::OpResult;
use model::trace::{InstanceId, Role, State};
use model::workload::TaskIndex;

/// An `asyncio.as_completed`.
#[derive(Debug)]
pub(super) struct Completions {
    pub(super) children: Vec<InstanceId>,
    /// Children that have ended and were not yet awaited, in this order.
    ended: VecDeque<InstanceId>,
    /// Children that the loop of the program has still to ask for.
    left: usize,
    /// The task that waits for the next child.
    waiter: Option<InstanceId>,
}

impl Kernel<'_> {
    /// Creates all members as tasks. Returns them once the op can continue: if tasks are eager, when
    /// the first step of the last one is over.
    fn create_members(&mut self, slot: usize, members: u32) -> Result<Vec<InstanceId>, OpResult> {
        let is_eager = self.workload.machine.starts_eagerly();
        if self.frames[slot].phase == FRESH {
            let counts = self.program.gathers[members as usize].iter();
            // Checked before the children are created: a script may ask for millions.
            if !self.has_room_for(counts.map(|member| member.count).sum()) {
                return Err(OpResult::Next);
            }
            self.frames[slot].extra().members.clear();
        }
        loop {
            let created = self.frames[slot].extra().members.len();
            let Some(task) = self.next_member(members, created) else {
                return Ok(std::mem::take(&mut self.frames[slot].extra().members));
            };
            let child = self.create_task(slot, task, Role::Spawned);
            let frame = &mut self.frames[slot];
            frame.extra().members.push(child);
            if is_eager {
                frame.phase = CREATED;
                return Err(OpResult::Start(child));
            }
        }
    }

    /// The task of the member that is created after so many others.
    pub(super) fn next_member(&self, members: u32, created: usize) -> Option<TaskIndex> {
        let mut before = created as u64;
        for member in &self.program.gathers[members as usize] {
            match before.checked_sub(member.count) {
                Some(rest) => before = rest,
                None => return Some(member.task),
            }
        }
        None
    }

    // The first

    /// `asyncio.wait(…, return_when=FIRST_COMPLETED)` for a `gather first`.
    pub(super) fn gather_first(
        &mut self,
        slot: usize,
        members: u32,
        raised: Option<Exception>,
    ) -> OpResult {
        if self.frames[slot].phase == WAITING {
            return self.first_has_ended(slot, raised);
        }
        let children = match self.create_members(slot, members) {
            Ok(children) => children,
            Err(result) => return result,
        };
        let frame = &self.frames[slot];
        let callback = Callback::Waiter {
            owner: frame.id,
            generation: frame.generation,
        };
        for &child in &children {
            self.call_when_over(slot, child, callback);
        }
        self.frames[slot].extra().members = children;
        self.suspend_on_future(slot, WAITING, State::WaitingAll);
        OpResult::Suspend
    }

    /// Cancels the others, and raises if one of those that have ended failed.
    fn first_has_ended(&mut self, slot: usize, raised: Option<Exception>) -> OpResult {
        let owner = self.frames[slot].id;
        let children = std::mem::take(&mut self.frames[slot].extra().members);
        for &child in &children {
            if let Some(pending) = self.frame_slot(child) {
                // `remove_done_callback`
                let is_other = |callback: &Callback| !matches!(callback, Callback::Waiter { owner: waiter, .. } if *waiter == owner);
                self.frames[pending].extra().callbacks.retain(is_other);
            }
        }
        let ended: Vec<FrameOutcome> = children
            .iter()
            .filter_map(|&child| self.outcome_of(child))
            .collect();
        for child in children {
            self.cancel_task(child);
        }
        if let Some(raised) = raised {
            return OpResult::Raise(raised);
        }
        let failed = ended
            .into_iter()
            .find_map(|outcome| self.raised_by(slot, outcome));
        failed.map_or(OpResult::Next, OpResult::Raise)
    }

    /// The exception that `task.result()` raises.
    fn raised_by(&self, slot: usize, outcome: FrameOutcome) -> Option<Exception> {
        match outcome {
            FrameOutcome::Done => None,
            FrameOutcome::Failed(raised) => Some(raised),
            FrameOutcome::Cancelled => Some(Exception::cancelled(self.current_segment(slot))),
        }
    }

    // One after the other

    pub(super) fn enter_completions(&mut self, slot: usize, members: u32) -> OpResult {
        let children = match self.create_members(slot, members) {
            Ok(children) => children,
            Err(result) => return result,
        };
        let completions = self.completions.len() as u32;
        for &child in &children {
            self.call_when_over(slot, child, Callback::Completed(completions));
        }
        self.completions.push(Completions {
            left: children.len(),
            ended: VecDeque::new(),
            waiter: None,
            children,
        });
        self.enter_scope(slot, BlockScope::Completions(completions))
    }

    /// The head of the `for` loop and the `await` below it.
    pub(super) fn await_next(
        &mut self,
        slot: usize,
        exit: Pc,
        raised: Option<Exception>,
    ) -> OpResult {
        let frame = &mut self.frames[slot];
        let Some(&BlockScope::Completions(index)) = frame.scopes().last() else {
            return OpResult::Jump(exit);
        };
        let (owner, is_fresh) = (frame.id, frame.phase == FRESH);
        let completions = &mut self.completions[index as usize];
        completions.waiter = None;
        if let Some(raised) = raised {
            return OpResult::Raise(raised);
        }
        if is_fresh {
            if completions.left == 0 {
                self.frames[slot].close_scope();
                return OpResult::Jump(exit);
            }
            completions.left -= 1;
        }
        let Some(child) = completions.ended.pop_front() else {
            completions.waiter = Some(owner);
            self.suspend_on_future(slot, WAITING, State::WaitingTask);
            return OpResult::Suspend;
        };
        let outcome = self.outcome_of(child).expect("it has ended");
        self.raised_by(slot, outcome)
            .map_or(OpResult::Next, OpResult::Raise)
    }

    /// The done callback of `as_completed`: puts the child into its queue.
    pub(super) fn child_completed(&mut self, index: u32, child: InstanceId) {
        let completions = &mut self.completions[index as usize];
        completions.ended.push_back(child);
        if let Some(waiter) = completions.waiter.take() {
            self.active_instance = Some(child);
            self.resolve_future(waiter, None);
        }
    }
}
