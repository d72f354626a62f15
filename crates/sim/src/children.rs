//! Child tasks: spawn, wait and shield; done callbacks and cancellation.
//!
//! Follows `asyncio/tasks.py` of CPython 3.11 and 3.13. When a child runs is up to `event_loop`.

use crate::event_loop::LoopHandle;
use crate::frame::{CREATED, Callback, Exception, FrameOutcome, FutureState, WAITING, Wait};
use crate::kernel::Kernel;
use crate::program::{Op, SpawnOwner};
use crate::steps::OpResult;
use model::trace::{InstanceId, LaneId, Role, State};
use model::workload::{Executor, HandleIndex, TaskIndex};

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

    /// `add_done_callback`: of a task that is done, the callback is scheduled at once.
    pub(super) fn call_when_over(&mut self, slot: usize, child: InstanceId, callback: Callback) {
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
            Callback::Completed(completions) => LoopHandle::ChildCompleted {
                completions,
                child: ended,
            },
            Callback::Waiter { owner, generation } => LoopHandle::ChildOver {
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
