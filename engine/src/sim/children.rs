//! Tasks that tasks create: spawn, gather, groups, shield; and cancellation.
//!
//! As in `asyncio/tasks.py` and `asyncio/taskgroups.py` of CPython 3.11.
//!
//! # What this leaves out
//!
//! - A task group cancels its children in the order of a set; here it is the
//!   order of their creation.

use crate::sim::event_loop::Handle;
use crate::sim::kernel::Kernel;
use crate::sim::program::{Op, Pc, SpawnOwner};
use crate::sim::steps::Flow;
use crate::sim::strand::{Callback, FutureState, Outcome, Raised, Scope, WAITING, Wait};
use crate::trace::{InstanceId, LaneId, Role, State};
use crate::workload::{Executor, GatherErrors, HandleIndex, TaskIndex};

/// The future of an `asyncio.gather`.
#[derive(Debug)]
pub(super) struct Gather {
    owner: InstanceId,
    pub(super) children: Vec<InstanceId>,
    finished: usize,
    errors: GatherErrors,
    cancel_requested: bool,
    /// Its result, once it is done: nothing, or what it raises.
    result: Option<Option<Raised>>,
}

impl Gather {
    pub(super) fn raised(&self) -> Option<Raised> {
        self.result.flatten()
    }
}

/// An `asyncio.TaskGroup`.
#[derive(Debug)]
pub(super) struct Group {
    parent: InstanceId,
    pub(super) children: Vec<InstanceId>,
    /// Children whose end it has not been told of.
    unfinished: usize,
    failures: usize,
    aborting: bool,
    /// It asked its own parent to cancel, and has to take that back.
    cancelled_parent: bool,
    /// The parent awaits the end of the last child.
    awaited: bool,
}

impl Kernel<'_> {
    /// `create_task`: nothing runs yet.
    fn create_task(&mut self, slot: usize, task: TaskIndex, role: Role) -> InstanceId {
        let strand = &self.strands[slot];
        let (parent, server) = (strand.id, strand.server);
        let entry = self.program.entries[task.0 as usize];
        let id = self.create(task, Some(parent), role, server, entry);
        let child = self.slot(id).expect("just created");
        let segment = self.segment(child);
        self.record(id, State::Ready, LaneId::NONE, segment);
        self.call_soon(server, Handle::Step(id));
        id
    }

    pub(super) fn spawn(
        &mut self,
        slot: usize,
        task: TaskIndex,
        handle: Option<HandleIndex>,
        owner: SpawnOwner,
    ) -> Flow {
        let id = match owner {
            SpawnOwner::Nobody => self.create_task(slot, task, Role::Spawned),
            SpawnOwner::Group => {
                let group = self
                    .innermost_group(slot)
                    .expect("the block is open around its body");
                if self.groups[group as usize].aborting {
                    // `RuntimeError: TaskGroup is shutting down`
                    return Flow::Raise(Raised::failed(self.segment(slot)));
                }
                let id = self.create_task(slot, task, Role::Grouped);
                self.strand(id)
                    .extra()
                    .callbacks
                    .push(Callback::Group(group));
                let group = &mut self.groups[group as usize];
                group.children.push(id);
                group.unfinished += 1;
                id
            }
        };
        self.set_handle(slot, handle, id);
        Flow::Next
    }

    // One child

    pub(super) fn wait_for_handle(
        &mut self,
        slot: usize,
        handle: HandleIndex,
        raised: Option<Raised>,
    ) -> Flow {
        if self.strands[slot].phase == WAITING {
            return raised.map_or(Flow::Next, Flow::Raise);
        }
        let segment = self.segment(slot);
        let Some(child) = self.handle(slot, handle) else {
            // `UnboundLocalError`: the handle was never assigned.
            return Flow::Raise(Raised::failed(segment));
        };
        match self.outcome(child) {
            Some(Outcome::Done) => Flow::Next,
            Some(Outcome::Failed(raised)) => Flow::Raise(raised),
            Some(Outcome::Cancelled) => Flow::Raise(Raised::cancelled(segment)),
            None if self.instance(child).role == Role::Sent => self.wait_for_job(slot, child),
            None => {
                let id = self.strands[slot].id;
                self.strand(child)
                    .extra()
                    .callbacks
                    .push(Callback::Wakeup(id));
                self.suspend_on(slot, WAITING, State::WaitingTask, Wait::Task(child));
                Flow::Suspend
            }
        }
    }

    pub(super) fn cancel_handle(&mut self, slot: usize, handle: HandleIndex) -> Flow {
        let Some(child) = self.handle(slot, handle) else {
            return Flow::Raise(Raised::failed(self.segment(slot)));
        };
        if self.instance(child).role == Role::Sent {
            self.revoke(child);
        } else {
            self.cancel(child);
        }
        Flow::Next
    }

    pub(super) fn shield(&mut self, slot: usize, task: TaskIndex, raised: Option<Raised>) -> Flow {
        if self.strands[slot].phase == WAITING {
            return raised.map_or(Flow::Next, Flow::Raise);
        }
        let inner = self.create_task(slot, task, Role::Shielded);
        let strand = &self.strands[slot];
        let callback = Callback::Shield {
            owner: strand.id,
            turn: strand.turn,
        };
        self.strand(inner).extra().callbacks.push(callback);
        self.suspend(slot, WAITING, State::WaitingTask);
        Flow::Suspend
    }

    /// `_inner_done_callback`: the outer future becomes what the inner task was.
    pub(super) fn shielded_ended(&mut self, owner: InstanceId, turn: u32, inner: InstanceId) {
        self.actor = Some(inner);
        match self.outcome(inner) {
            Some(Outcome::Cancelled) => {
                let slot = self.slot(owner);
                if let Some(slot) = slot.filter(|&slot| self.strands[slot].turn == turn) {
                    self.cancel_future(slot);
                }
            }
            Some(Outcome::Failed(raised)) => self.resolve_turn(owner, turn, Some(raised)),
            Some(Outcome::Done) | None => self.resolve_turn(owner, turn, None),
        }
    }

    // Gather

    pub(super) fn gather(
        &mut self,
        slot: usize,
        members: u32,
        errors: GatherErrors,
        raised: Option<Raised>,
    ) -> Flow {
        if self.strands[slot].phase == WAITING {
            return raised.map_or(Flow::Next, Flow::Raise);
        }
        let owner = self.strands[slot].id;
        let gather = self.gathers.len() as u32;
        let members = self.program.gathers[members as usize].clone();
        let count: u64 = members.iter().map(|member| member.count).sum();
        if !self.has_room_for(count) {
            return Flow::Next;
        }
        let mut children = Vec::with_capacity(count as usize);
        for member in members {
            for _ in 0..member.count {
                let child = self.create_task(slot, member.task, Role::Gathered);
                self.strand(child)
                    .extra()
                    .callbacks
                    .push(Callback::Gather(gather));
                children.push(child);
            }
        }
        if children.is_empty() {
            return Flow::Next;
        }
        self.gathers.push(Gather {
            owner,
            children,
            finished: 0,
            errors,
            cancel_requested: false,
            result: None,
        });
        self.suspend_on(slot, WAITING, State::WaitingAll, Wait::Gather(gather));
        Flow::Suspend
    }

    /// `_done_callback` of a gathered task.
    pub(super) fn gather_child_ended(&mut self, gather: u32, child: InstanceId) {
        let outcome = self.outcome(child);
        let segment = self.segment_of(child);
        let state = &mut self.gathers[gather as usize];
        state.finished += 1;
        if state.result.is_some() {
            return;
        }
        let all = state.finished == state.children.len();
        let result = match (outcome, state.errors) {
            (Some(Outcome::Cancelled), GatherErrors::Raise) => Some(Raised::cancelled(segment)),
            (Some(Outcome::Failed(raised)), GatherErrors::Raise) => Some(raised),
            _ if !all => return,
            _ => state.cancel_requested.then(|| Raised::cancelled(segment)),
        };
        state.result = Some(result);
        state.children = Vec::new();
        let owner = state.owner;
        self.actor = Some(child);
        if let Some(slot) = self.slot(owner)
            && self.strands[slot].wait == Wait::Gather(gather)
        {
            self.wake_up(slot);
        }
    }

    // Groups

    pub(super) fn enter_group(&mut self, slot: usize, exit: Pc) -> Flow {
        let group = self.groups.len() as u32;
        self.groups.push(Group {
            parent: self.strands[slot].id,
            children: Vec::new(),
            unfinished: 0,
            failures: 0,
            aborting: false,
            cancelled_parent: false,
            awaited: false,
        });
        self.strands[slot].open(Scope::Group { group, exit });
        Flow::Next
    }

    fn innermost_group(&mut self, slot: usize) -> Option<u32> {
        self.strands[slot]
            .scopes()
            .iter()
            .rev()
            .find_map(|scope| match scope {
                Scope::Group { group, .. } => Some(*group),
                _ => None,
            })
    }

    /// `TaskGroup.__aexit__`, from its beginning or from its one `await`.
    pub(super) fn exit_group(&mut self, slot: usize, raised: Option<Raised>) -> Flow {
        let Some(scope) = self.strands[slot].close() else {
            return Flow::Next;
        };
        let (group, body_raised, mut propagate) = match scope {
            Scope::Group { group, .. } => (group, None, false),
            Scope::GroupExiting {
                group,
                raised,
                propagate,
            } => (group, raised, propagate),
            _ => return Flow::Next,
        };
        if self.strands[slot].phase == WAITING {
            self.groups[group as usize].awaited = false;
            if raised.is_some() && !self.groups[group as usize].aborting {
                propagate = true;
                self.abort(group);
            }
        } else {
            if self.groups[group as usize].cancelled_parent && self.strands[slot].uncancel() == 0 {
                propagate = false;
            }
            if body_raised.is_some() && !self.groups[group as usize].aborting {
                self.abort(group);
            }
        }
        if self.groups[group as usize].unfinished > 0 {
            self.groups[group as usize].awaited = true;
            self.strands[slot].open(Scope::GroupExiting {
                group,
                raised: body_raised,
                propagate,
            });
            self.suspend(slot, WAITING, State::WaitingAll);
            return Flow::Suspend;
        }
        let segment = self.segment(slot);
        self.groups[group as usize].children = Vec::new();
        let failures = self.groups[group as usize].failures;
        if propagate && failures == 0 {
            return Flow::Raise(Raised::cancelled(segment));
        }
        match body_raised.filter(|raised| !raised.is_cancelled()) {
            Some(raised) => Flow::Raise(Raised::failed(raised.segment)),
            None if failures > 0 => Flow::Raise(Raised::failed(segment)),
            None => Flow::Next,
        }
    }

    fn abort(&mut self, group: u32) {
        self.groups[group as usize].aborting = true;
        for child in self.groups[group as usize].children.clone() {
            self.cancel(child);
        }
    }

    /// `_on_task_done`.
    pub(super) fn group_child_ended(&mut self, group: u32, child: InstanceId) {
        let state = &mut self.groups[group as usize];
        state.unfinished -= 1;
        let parent = state.parent;
        self.actor = Some(child);
        if state.awaited && state.unfinished == 0 {
            self.resolve(parent, None);
        }
        if !matches!(self.outcome(child), Some(Outcome::Failed(_))) {
            return;
        }
        let state = &mut self.groups[group as usize];
        state.failures += 1;
        let first = !state.aborting && !state.cancelled_parent;
        if first && !self.is_over(parent) {
            self.abort(group);
            self.groups[group as usize].cancelled_parent = true;
            self.cancel(parent);
        }
    }

    // Ends and cancellation

    pub(super) fn call_back(&mut self, ended: InstanceId, server: u16, callback: Callback) {
        let handle = match callback {
            Callback::Wakeup(waiter) => {
                if let Some(slot) = self.slot(waiter) {
                    self.record_ready(slot);
                }
                Handle::Wakeup(waiter)
            }
            Callback::Gather(gather) => Handle::GatherChild {
                gather,
                child: ended,
            },
            Callback::Group(group) => Handle::GroupChild {
                group,
                child: ended,
            },
            Callback::Leftover => Handle::LeftoverEnded,
            Callback::Shield { owner, turn } => Handle::ShieldChild {
                owner,
                turn,
                inner: ended,
            },
        };
        self.call_soon(server, handle);
    }

    /// `Task.cancel`, for it and for what it waits for, without recursion: a
    /// chain of tasks that wait for each other may be long.
    pub(super) fn cancel(&mut self, id: InstanceId) {
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            let Some(slot) = self.slot(id) else { continue };
            let segment = self.segment(slot);
            self.record(id, State::CancelRequested, LaneId::NONE, segment);
            self.strands[slot].cancels = self.strands[slot].cancels.saturating_add(1);
            if !self.pass_on_cancel(id, slot, &mut todo) {
                self.strands[slot].must_cancel = true;
            }
        }
    }

    /// `fut_waiter.cancel()` of a task that has just begun to wait.
    pub(super) fn cancel_wait(&mut self, id: InstanceId, slot: usize) -> bool {
        let mut children = Vec::new();
        let passed_on = self.pass_on_cancel(id, slot, &mut children);
        while let Some(child) = children.pop() {
            self.cancel(child);
        }
        passed_on
    }

    /// Cancels the future a task waits for. False if that is not possible.
    /// Tasks to cancel in turn are added to `todo`, the first one last.
    fn pass_on_cancel(&mut self, id: InstanceId, slot: usize, todo: &mut Vec<InstanceId>) -> bool {
        match self.strands[slot].wait {
            Wait::Nothing => false,
            Wait::Future(FutureState::Pending) => {
                self.note_dropped_work(id, slot);
                self.cancel_future(slot);
                true
            }
            Wait::Future(FutureState::Resolved | FutureState::Cancelled) => false,
            Wait::Task(child) => {
                let pending = !self.is_over(child);
                todo.extend(pending.then_some(child));
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
                todo.extend(pending.into_iter().rev());
                any
            }
        }
    }

    /// `Future.cancel` of a pending future that only this task waits for.
    fn cancel_future(&mut self, slot: usize) {
        if self.strands[slot].wait == Wait::Future(FutureState::Pending) {
            self.strands[slot].wait = Wait::Future(FutureState::Cancelled);
            self.wake_up(slot);
        }
    }

    /// A wait for an executor tells it first that its work is not wanted any more.
    fn note_dropped_work(&mut self, id: InstanceId, slot: usize) {
        let strand = &self.strands[slot];
        let (pc, server) = (strand.pc, strand.server);
        if let Op::Offload {
            to: Executor::Own | Executor::Process,
            ..
        } = self.program.ops[pc as usize]
        {
            self.call_soon(server, Handle::DropWork(id));
        }
    }
}
