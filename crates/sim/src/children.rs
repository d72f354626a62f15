//! Child tasks: spawn, gather, groups and shield; and cancellation.
//!
//! Follows `asyncio/tasks.py` and `asyncio/taskgroups.py` of CPython 3.11 and 3.13. When a child
//! runs is up to `event_loop`.
//!
//! # What this leaves out
//!
//! - A task group cancels its children in the order of a set; here it is the order of
//!   their creation.

use crate::event_loop::LoopHandle;
use crate::frame::{
    BlockScope, CREATED, Callback, Exception, FrameOutcome, FutureState, WAITING, Wait,
};
use crate::kernel::Kernel;
use crate::program::{Op, Pc, SpawnOwner};
use crate::steps::OpResult;
use model::trace::{InstanceId, LaneId, Role, State};
use model::workload::{Executor, GatherErrors, HandleIndex, TaskIndex};

/// The future of an `asyncio.gather`.
#[derive(Debug)]
pub(super) struct GatherFuture {
    owner: InstanceId,
    pub(super) children: Vec<InstanceId>,
    finished: usize,
    errors: GatherErrors,
    cancel_requested: bool,
    /// The exception it raises, or none, once it is done.
    result: Option<Option<Exception>>,
}

impl GatherFuture {
    pub(super) fn raised(&self) -> Option<Exception> {
        self.result.flatten()
    }
}

/// An `asyncio.TaskGroup`.
#[derive(Debug)]
pub(super) struct TaskGroup {
    parent: InstanceId,
    pub(super) children: Vec<InstanceId>,
    /// Children that have not run their done callback.
    unfinished: usize,
    failures: usize,
    aborting: bool,
    /// Whether it cancelled its parent task; its exit takes that request back.
    cancelled_parent: bool,
    /// Whether the parent awaits the end of the last child.
    awaited: bool,
}

impl Kernel<'_> {
    /// `create_task`: creates a child, which runs in a later step, unless tasks are eager: then the
    /// caller returns [`OpResult::Start`].
    pub(super) fn create_task(&mut self, slot: usize, task: TaskIndex, role: Role) -> InstanceId {
        let frame = &self.frames[slot];
        let (parent, server) = (frame.id, frame.server);
        let entry = self.program.entries[task.0 as usize];
        let id = self.create_instance(task, Some(parent), role, server, entry);
        let child = self.frame_slot(id).expect("just created");
        let segment = self.current_segment(child);
        self.record(id, State::Ready, LaneId::NONE, segment);
        if !self.workload.machine.starts_eagerly() {
            self.call_soon(server, LoopHandle::Step(id));
        }
        id
    }

    /// Creates the one child of an op. Returns it once the op can continue: if tasks are eager, when
    /// the child's first step is over.
    pub(super) fn create_child(
        &mut self,
        slot: usize,
        task: TaskIndex,
        role: Role,
    ) -> Result<InstanceId, OpResult> {
        if self.frames[slot].phase == CREATED {
            let created = self.frames[slot].extra().created.take();
            return Ok(created.expect("set when its first step began"));
        }
        let id = self.create_task(slot, task, role);
        if !self.workload.machine.starts_eagerly() {
            return Ok(id);
        }
        let frame = &mut self.frames[slot];
        frame.phase = CREATED;
        frame.extra().created = Some(id);
        Err(OpResult::Start(id))
    }

    pub(super) fn spawn_task(
        &mut self,
        slot: usize,
        task: TaskIndex,
        handle: Option<HandleIndex>,
        owner: SpawnOwner,
    ) -> OpResult {
        let id = match owner {
            SpawnOwner::Ungrouped => match self.create_child(slot, task, Role::Spawned) {
                Ok(id) => id,
                Err(start) => return start,
            },
            SpawnOwner::Group => {
                let group = self
                    .innermost_group(slot)
                    .expect("the block is open around its body");
                let is_fresh = self.frames[slot].phase != CREATED;
                if is_fresh && self.groups[group as usize].aborting {
                    // `RuntimeError: TaskGroup is shutting down`
                    return OpResult::Raise(Exception::failed(self.current_segment(slot)));
                }
                let id = match self.create_child(slot, task, Role::Grouped) {
                    Ok(id) => id,
                    Err(start) => return start,
                };
                self.add_to_group(slot, group, id);
                id
            }
        };
        self.set_handle(slot, handle, id);
        OpResult::Next
    }

    fn add_to_group(&mut self, slot: usize, group: u32, child: InstanceId) {
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

    /// `add_done_callback`: of a task that is done, the callback is scheduled at once.
    fn call_when_over(&mut self, slot: usize, child: InstanceId, callback: Callback) {
        if self.is_over(child) {
            let server = self.frames[slot].server;
            self.schedule_callback(child, server, callback);
        } else {
            self.frame(child).extra().callbacks.push(callback);
        }
    }

    // One child

    pub(super) fn wait_for_handle(
        &mut self,
        slot: usize,
        handle: HandleIndex,
        raised: Option<Exception>,
    ) -> OpResult {
        if self.frames[slot].phase == WAITING {
            return raised.map_or(OpResult::Next, OpResult::Raise);
        }
        let segment = self.current_segment(slot);
        let Some(child) = self.handle_value(slot, handle) else {
            // `UnboundLocalError`: the handle was never assigned.
            return OpResult::Raise(Exception::failed(segment));
        };
        match self.outcome_of(child) {
            Some(FrameOutcome::Done) => OpResult::Next,
            Some(FrameOutcome::Failed(raised)) => OpResult::Raise(raised),
            Some(FrameOutcome::Cancelled) => OpResult::Raise(Exception::cancelled(segment)),
            None if self.instance(child).role == Role::Sent => self.wait_for_job(slot, child),
            None => {
                let id = self.frames[slot].id;
                self.frame(child)
                    .extra()
                    .callbacks
                    .push(Callback::Wakeup(id));
                self.suspend_on(slot, WAITING, State::WaitingTask, Wait::Task(child));
                OpResult::Suspend
            }
        }
    }

    pub(super) fn cancel_handle(&mut self, slot: usize, handle: HandleIndex) -> OpResult {
        let Some(child) = self.handle_value(slot, handle) else {
            return OpResult::Raise(Exception::failed(self.current_segment(slot)));
        };
        if self.instance(child).role == Role::Sent {
            self.revoke_job(child);
        } else {
            self.cancel_task(child);
        }
        OpResult::Next
    }

    pub(super) fn shield_task(
        &mut self,
        slot: usize,
        task: TaskIndex,
        raised: Option<Exception>,
    ) -> OpResult {
        if self.frames[slot].phase == WAITING {
            return raised.map_or(OpResult::Next, OpResult::Raise);
        }
        let inner = match self.create_child(slot, task, Role::Shielded) {
            Ok(id) => id,
            Err(start) => return start,
        };
        let segment = self.current_segment(slot);
        match self.outcome_of(inner) {
            None => {}
            // `shield` returns a task that is done itself.
            Some(FrameOutcome::Done) => return OpResult::Next,
            Some(FrameOutcome::Failed(raised)) => return OpResult::Raise(raised),
            Some(FrameOutcome::Cancelled) => {
                return OpResult::Raise(Exception::cancelled(segment));
            }
        }
        let frame = &self.frames[slot];
        let callback = Callback::Shield {
            owner: frame.id,
            generation: frame.generation,
        };
        self.frame(inner).extra().callbacks.push(callback);
        self.suspend_on_future(slot, WAITING, State::WaitingTask);
        OpResult::Suspend
    }

    /// `_inner_done_callback`: the outer future takes over the outcome of the inner task.
    pub(super) fn shield_child_ended(
        &mut self,
        owner: InstanceId,
        generation: u32,
        inner: InstanceId,
    ) {
        self.active_instance = Some(inner);
        match self.outcome_of(inner) {
            Some(FrameOutcome::Cancelled) => {
                let slot = self.frame_slot(owner);
                if let Some(slot) = slot.filter(|&slot| self.frames[slot].generation == generation)
                {
                    self.cancel_future(slot);
                }
            }
            Some(FrameOutcome::Failed(raised)) => {
                self.resolve_if_current(owner, generation, Some(raised));
            }
            Some(FrameOutcome::Done) | None => self.resolve_if_current(owner, generation, None),
        }
    }

    // Gather

    pub(super) fn gather_tasks(
        &mut self,
        slot: usize,
        members: u32,
        errors: GatherErrors,
        raised: Option<Exception>,
    ) -> OpResult {
        if self.frames[slot].phase == WAITING {
            return raised.map_or(OpResult::Next, OpResult::Raise);
        }
        if self.workload.machine.starts_eagerly() {
            return self.gather_eagerly(slot, members, errors);
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
            errors,
            cancel_requested: false,
            result: None,
        });
        self.suspend_on(slot, WAITING, State::WaitingAll, Wait::Gather(gather));
        OpResult::Suspend
    }

    /// The same with eager tasks: the first step of each child runs before the next is created.
    fn gather_eagerly(&mut self, slot: usize, members: u32, errors: GatherErrors) -> OpResult {
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
                errors,
                cancel_requested: false,
                result: None,
            });
            let gather = self.gathers.len() as u32 - 1;
            self.frames[slot].extra().gathering = Some(gather);
            gather
        };
        if let Some(task) = self.next_member(gather, members) {
            let child = self.create_task(slot, task, Role::Gathered);
            self.gathers[gather as usize].children.push(child);
            let frame = &mut self.frames[slot];
            frame.phase = CREATED;
            frame.extra().created = Some(child);
            return OpResult::Start(child);
        }
        self.finish_eager_gather(slot, gather)
    }

    /// The task of the child that a `gather` creates next.
    fn next_member(&self, gather: u32, members: u32) -> Option<TaskIndex> {
        let mut before = self.gathers[gather as usize].children.len() as u64;
        for member in &self.program.gathers[members as usize] {
            match before.checked_sub(member.count) {
                Some(rest) => before = rest,
                None => return Some(member.task),
            }
        }
        None
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
        let result = match (outcome, state.errors) {
            (Some(FrameOutcome::Cancelled), GatherErrors::Raise) => {
                Some(Exception::cancelled(segment))
            }
            (Some(FrameOutcome::Failed(raised)), GatherErrors::Raise) => Some(raised),
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

    // Groups

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

    fn innermost_group(&mut self, slot: usize) -> Option<u32> {
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

    // Done callbacks and cancellation

    pub(super) fn schedule_callback(&mut self, ended: InstanceId, server: u16, callback: Callback) {
        let handle = match callback {
            Callback::Wakeup(waiter) => {
                if let Some(slot) = self.frame_slot(waiter) {
                    self.record_ready(slot);
                }
                LoopHandle::Wakeup(waiter)
            }
            Callback::Gather(gather) => LoopHandle::GatherChild {
                gather,
                child: ended,
            },
            Callback::Group(group) => LoopHandle::GroupChild {
                group,
                child: ended,
            },
            Callback::Leftover => LoopHandle::LeftoverEnded,
            Callback::Shield { owner, generation } => LoopHandle::ShieldChild {
                owner,
                generation,
                inner: ended,
            },
            Callback::WaitFor { owner, generation } => LoopHandle::ChildOver {
                owner,
                generation,
                child: ended,
            },
        };
        self.call_soon(server, handle);
    }

    /// `Task.cancel` for a task and for the tasks it awaits. Without recursion, because a
    /// chain of tasks that await each other may be long.
    pub(super) fn cancel_task(&mut self, id: InstanceId) {
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            let Some(slot) = self.frame_slot(id) else {
                continue;
            };
            let segment = self.current_segment(slot);
            self.record(id, State::CancelRequested, LaneId::NONE, segment);
            self.frames[slot].cancel_requests = self.frames[slot].cancel_requests.saturating_add(1);
            if !self.pass_on_cancel(id, slot, &mut pending) {
                self.frames[slot].must_cancel = true;
            }
        }
    }

    /// `fut_waiter.cancel()` for a task that has just begun to wait.
    pub(super) fn cancel_wait(&mut self, id: InstanceId, slot: usize) -> bool {
        let mut children = Vec::new();
        let passed_on = self.pass_on_cancel(id, slot, &mut children);
        while let Some(child) = children.pop() {
            self.cancel_task(child);
        }
        passed_on
    }

    /// Cancels the future that a task awaits. Returns false if that is not possible. Adds
    /// the tasks to cancel next to `pending_cancels`, in reverse order.
    fn pass_on_cancel(
        &mut self,
        id: InstanceId,
        slot: usize,
        pending_cancels: &mut Vec<InstanceId>,
    ) -> bool {
        match self.frames[slot].wait {
            Wait::Nothing => false,
            Wait::Future(FutureState::Pending) => {
                self.note_dropped_work(id, slot);
                self.cancel_future(slot);
                true
            }
            Wait::Future(FutureState::Resolved | FutureState::Cancelled) => false,
            Wait::Task(child) => {
                let pending = !self.is_over(child);
                pending_cancels.extend(pending.then_some(child));
                pending
            }
            Wait::Gather(gather) => {
                if self.gathers[gather as usize].result.is_some() {
                    return false;
                }
                let children = self.gathers[gather as usize].children.iter();
                let pending: Vec<InstanceId> = children
                    .copied()
                    .filter(|&child| !self.is_over(child))
                    .collect();
                let any = !pending.is_empty();
                self.gathers[gather as usize].cancel_requested |= any;
                pending_cancels.extend(pending.into_iter().rev());
                any
            }
        }
    }

    /// `Future.cancel` for a pending future that only this task awaits.
    fn cancel_future(&mut self, slot: usize) {
        if self.frames[slot].wait == Wait::Future(FutureState::Pending) {
            self.frames[slot].wait = Wait::Future(FutureState::Cancelled);
            self.wake_up(slot);
        }
    }

    /// Tells an executor that the work a cancelled task awaits is no longer needed.
    fn note_dropped_work(&mut self, id: InstanceId, slot: usize) {
        let frame = &self.frames[slot];
        let (pc, server) = (frame.pc, frame.server);
        if let Op::Offload {
            to: Executor::Own | Executor::Process,
            ..
        } = self.program.ops[pc as usize]
        {
            self.call_soon(server, LoopHandle::DropWork(id));
        }
    }
}
