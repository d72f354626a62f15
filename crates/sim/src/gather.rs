//! `asyncio.gather`: several children that are awaited together.
//!
//! Follows `asyncio/tasks.py` of CPython 3.11 and 3.13.

use crate::frame::{CREATED, Callback, Exception, FrameOutcome, WAITING, Wait};
use crate::kernel::Kernel;
use crate::steps::OpResult;
use model::trace::{InstanceId, Role, State};
use model::workload::GatherMode;

/// The future of an `asyncio.gather`.
#[derive(Debug)]
pub(super) struct GatherFuture {
    owner: InstanceId,
    pub(super) children: Vec<InstanceId>,
    finished: usize,
    mode: GatherMode,
    pub(super) cancel_requested: bool,
    /// The exception it raises, or none, once it is done.
    pub(super) result: Option<Option<Exception>>,
}

impl GatherFuture {
    pub(super) fn raised(&self) -> Option<Exception> {
        self.result.flatten()
    }
}

impl Kernel<'_> {
    pub(super) fn gather_tasks(
        &mut self,
        slot: usize,
        members: u32,
        mode: GatherMode,
        raised: Option<Exception>,
    ) -> OpResult {
        if self.frames[slot].phase == WAITING {
            return raised.map_or(OpResult::Next, OpResult::Raise);
        }
        if self.workload.machine.starts_eagerly() {
            return self.gather_eagerly(slot, members, mode);
        }
        let owner = self.frames[slot].id;
        let gather = self.gathers.len() as u32;
        let members = self.program.gathers[members as usize].clone();
        let count: u64 = members.iter().map(|member| member.count).sum();
        // Checked before the children are created: a script may ask for millions.
        if !self.has_room_for(count) {
            return OpResult::Next;
        }
        let mut children = Vec::with_capacity(count as usize);
        for member in members {
            for _ in 0..member.count {
                let child = self.create_task(slot, member.task, Role::Gathered);
                self.frame(child)
                    .extra()
                    .callbacks
                    .push(Callback::Gather(gather));
                children.push(child);
            }
        }
        if children.is_empty() {
            return OpResult::Next;
        }
        self.gathers.push(GatherFuture {
            owner,
            children,
            finished: 0,
            mode,
            cancel_requested: false,
            result: None,
        });
        self.suspend_on(slot, WAITING, State::WaitingAll, Wait::Gather(gather));
        OpResult::Suspend
    }

    /// The same with eager tasks: the first step of each child runs before the next is created.
    fn gather_eagerly(&mut self, slot: usize, members: u32, mode: GatherMode) -> OpResult {
        let gather = if self.frames[slot].phase == CREATED {
            let extra = self.frames[slot].extra();
            let gather = extra.gathering.expect("set before the first child");
            let child = extra.created.take().expect("its first step is over");
            // Of a child that is over, the callback runs when all are created.
            if !self.is_over(child) {
                self.call_when_over(slot, child, Callback::Gather(gather));
            }
            gather
        } else {
            let counts = self.program.gathers[members as usize].iter();
            let count = counts.map(|member| member.count).sum();
            if !self.has_room_for(count) {
                return OpResult::Next;
            }
            self.gathers.push(GatherFuture {
                owner: self.frames[slot].id,
                children: Vec::new(),
                finished: 0,
                mode,
                cancel_requested: false,
                result: None,
            });
            let gather = self.gathers.len() as u32 - 1;
            self.frames[slot].extra().gathering = Some(gather);
            gather
        };
        let created = self.gathers[gather as usize].children.len();
        if let Some(task) = self.next_member(members, created) {
            let child = self.create_task(slot, task, Role::Gathered);
            self.gathers[gather as usize].children.push(child);
            let frame = &mut self.frames[slot];
            frame.phase = CREATED;
            frame.extra().created = Some(child);
            return OpResult::Start(child);
        }
        self.finish_eager_gather(slot, gather)
    }

    /// Awaits the children that their first step has not ended.
    fn finish_eager_gather(&mut self, slot: usize, gather: u32) -> OpResult {
        let children = self.gathers[gather as usize].children.clone();
        if children.is_empty() {
            return OpResult::Next;
        }
        for child in children {
            if self.is_over(child) {
                self.gather_child_ended(gather, child);
            }
        }
        self.active_instance = Some(self.frames[slot].id);
        if let Some(result) = self.gathers[gather as usize].result {
            return result.map_or(OpResult::Next, OpResult::Raise);
        }
        self.suspend_on(slot, WAITING, State::WaitingAll, Wait::Gather(gather));
        OpResult::Suspend
    }

    /// `_done_callback` of a gathered task.
    pub(super) fn gather_child_ended(&mut self, gather: u32, child: InstanceId) {
        let outcome = self.outcome_of(child);
        let segment = self.segment_of(child);
        let state = &mut self.gathers[gather as usize];
        state.finished += 1;
        if state.result.is_some() {
            return;
        }
        let all = state.finished == state.children.len();
        // The first failure or cancellation is the result, unless errors are collected.
        let result = match (outcome, state.mode) {
            (Some(FrameOutcome::Cancelled), GatherMode::Raise) => {
                Some(Exception::cancelled(segment))
            }
            (Some(FrameOutcome::Failed(raised)), GatherMode::Raise) => Some(raised),
            _ if !all => return,
            // With collected errors, a cancelled `gather` still raises once all have ended.
            _ => state
                .cancel_requested
                .then(|| Exception::cancelled(segment)),
        };
        state.result = Some(result);
        state.children = Vec::new();
        let owner = state.owner;
        self.active_instance = Some(child);
        if let Some(slot) = self.frame_slot(owner)
            && self.frames[slot].wait == Wait::Gather(gather)
        {
            self.wake_up(slot);
        }
    }
}
