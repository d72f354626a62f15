//! `asyncio.TaskGroup`.
//!
//! Follows `asyncio/taskgroups.py` of CPython 3.11 and 3.13.
//!
//! # What this leaves out
//!
//! - A task group cancels its children in the order of a set; here it is the order of
//!   their creation.

use crate::frame::{BlockScope, Callback, Exception, FrameOutcome, WAITING};
use crate::kernel::Kernel;
use crate::program::Pc;
use crate::steps::OpResult;
use model::trace::{InstanceId, State};

/// An `asyncio.TaskGroup`.
#[derive(Debug)]
pub(super) struct TaskGroup {
    parent: InstanceId,
    pub(super) children: Vec<InstanceId>,
    /// Children that have not run their done callback.
    unfinished: usize,
    failures: usize,
    pub(super) aborting: bool,
    /// Whether it cancelled its parent task; its exit takes that request back.
    cancelled_parent: bool,
    /// Whether the parent awaits the end of the last child.
    awaited: bool,
}

impl Kernel<'_> {
    pub(super) fn enter_group(&mut self, slot: usize, exit: Pc) -> OpResult {
        let group = self.groups.len() as u32;
        self.groups.push(TaskGroup {
            parent: self.frames[slot].id,
            children: Vec::new(),
            unfinished: 0,
            failures: 0,
            aborting: false,
            cancelled_parent: false,
            awaited: false,
        });
        self.frames[slot].open_scope(BlockScope::Group { group, exit });
        OpResult::Next
    }

    pub(super) fn innermost_group(&mut self, slot: usize) -> Option<u32> {
        self.frames[slot]
            .scopes()
            .iter()
            .rev()
            .find_map(|scope| match scope {
                BlockScope::Group { group, .. } => Some(*group),
                _ => None,
            })
    }

    /// `TaskGroup.__aexit__`, from its start or from its one `await`.
    pub(super) fn exit_group(&mut self, slot: usize, raised: Option<Exception>) -> OpResult {
        let Some(scope) = self.frames[slot].close_scope() else {
            return OpResult::Next;
        };
        let (group, body_raised, mut propagate) = match scope {
            BlockScope::Group { group, .. } => (group, None, false),
            BlockScope::GroupExiting {
                group,
                raised,
                propagate,
            } => (group, raised, propagate),
            _ => return OpResult::Next,
        };
        if self.frames[slot].phase == WAITING {
            // Resumed from the `await`; a cancellation that came meanwhile aborts the group.
            self.groups[group as usize].awaited = false;
            if raised.is_some() && !self.groups[group as usize].aborting {
                propagate = true;
                self.abort_group(group);
            }
        } else {
            // Entered from the body.
            if !self.follows_python313() && self.takes_back_cancellation(slot, group) {
                propagate = false;
            }
            if body_raised.is_some() && !self.groups[group as usize].aborting {
                self.abort_group(group);
            }
        }
        if self.groups[group as usize].unfinished > 0 {
            // `await self._on_completed_fut`
            self.groups[group as usize].awaited = true;
            self.frames[slot].open_scope(BlockScope::GroupExiting {
                group,
                raised: body_raised,
                propagate,
            });
            self.suspend_on_future(slot, WAITING, State::WaitingAll);
            return OpResult::Suspend;
        }
        let segment = self.current_segment(slot);
        self.groups[group as usize].children = Vec::new();
        if self.follows_python313() && self.takes_back_cancellation(slot, group) {
            propagate = false;
        }
        let failures = self.groups[group as usize].failures;
        // A cancellation from outside is raised again, unless children failed.
        if propagate && failures == 0 {
            return OpResult::Raise(Exception::cancelled(segment));
        }
        // The exception of the body and those of children are one `ExceptionGroup`.
        let body_failed = body_raised.filter(|raised| !raised.is_cancelled());
        if self.follows_python313()
            && (body_failed.is_some() || failures > 0)
            && self.frames[slot].cancel_requests > 0
        {
            // Cancelled from outside as well: the cancellation comes at the next `await`.
            self.uncancel(slot);
            let parent = self.frames[slot].id;
            self.cancel_task(parent);
        }
        match body_failed {
            Some(raised) => OpResult::Raise(Exception::failed(raised.segment)),
            None if failures > 0 => OpResult::Raise(Exception::failed(segment)),
            None => OpResult::Next,
        }
    }

    /// The group takes back its own cancellation of the parent. Whether no other one is left.
    fn takes_back_cancellation(&mut self, slot: usize, group: u32) -> bool {
        self.groups[group as usize].cancelled_parent && self.uncancel(slot) == 0
    }

    /// `Task.uncancel()`: how many requests remain. With none, 3.13 also forgets a cancellation
    /// that has not been raised yet.
    pub(super) fn uncancel(&mut self, slot: usize) -> u16 {
        let left = self.frames[slot].uncancel();
        if left == 0 && self.follows_python313() {
            self.frames[slot].must_cancel = false;
        }
        left
    }

    fn abort_group(&mut self, group: u32) {
        self.groups[group as usize].aborting = true;
        for child in self.groups[group as usize].children.clone() {
            self.cancel_task(child);
        }
    }

    /// `_on_task_done`.
    pub(super) fn group_child_ended(&mut self, group: u32, child: InstanceId) {
        let state = &mut self.groups[group as usize];
        debug_assert!(state.unfinished > 0, "each child ends once");
        state.unfinished -= 1;
        let parent = state.parent;
        self.active_instance = Some(child);
        if state.awaited && state.unfinished == 0 {
            self.resolve_future(parent, None);
        }
        if !matches!(self.outcome_of(child), Some(FrameOutcome::Failed(_))) {
            return;
        }
        let state = &mut self.groups[group as usize];
        state.failures += 1;
        // Only the first failure cancels the other children and the parent.
        let first = !state.aborting && !state.cancelled_parent;
        if first && !self.is_over(parent) {
            self.abort_group(group);
            self.groups[group as usize].cancelled_parent = true;
            self.cancel_task(parent);
        }
    }

    pub(super) fn add_to_group(&mut self, slot: usize, group: u32, child: InstanceId) {
        let is_over = self.is_over(child);
        self.groups[group as usize].unfinished += 1;
        if is_over && !self.follows_python313() {
            // 3.12 calls `_on_task_done` inside `create_task`.
            self.group_child_ended(group, child);
            self.active_instance = Some(self.frames[slot].id);
            return;
        }
        self.groups[group as usize].children.push(child);
        self.call_when_over(slot, child, Callback::Group(group));
    }
}
