//! One body, op by op: until it waits, needs time, or ends.
//!
//! Coroutines and functions on threads run the same ops. What an op does to a
//! primitive, a child or a pool is in the files of those; here is the flow of
//! control: calls, blocks, exceptions.

use crate::limits;
use crate::sim::event_loop::Handle;
use crate::sim::kernel::{Event, Kernel};
use crate::sim::program::{Op, Pc};
use crate::sim::strand::{
    FRESH, FutureState, Outcome, Raised, RaisedKind, Scope, Timeout, WAITING, Wait,
};
use crate::sim::threads::{ThreadId, ThreadJob};
use crate::time::SimDuration;
use crate::trace::{InstanceId, LaneId, Limit, State};
use crate::workload::{HandleIndex, Length, ResourceIndex, TaskIndex};

/// What one op asks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Flow {
    Next,
    Jump(Pc),
    /// The coroutine gives up the loop; the same op goes on, in its next phase, when it is resumed.
    Suspend,
    Raise(Raised),
    /// Needs its thread, for computing or blocking; goes on in the next phase.
    Burn(SimDuration),
    Block(SimDuration),
    /// The body is over.
    Return,
}

/// Why a body stopped running.
enum Pause {
    Suspended,
    /// Its thread computes or blocks, or goes on later.
    OnThread,
    Ended(Outcome),
}

impl Kernel<'_> {
    /// A thread has all it needs to go on.
    pub(super) fn go_on(&mut self, thread: ThreadId) {
        self.end_stall(thread);
        if self.resume_burning(thread) {
            return;
        }
        match self.thread(thread).job {
            ThreadJob::Loop { server } => self.run_loop(server),
            _ => self.run_work(thread),
        }
    }

    /// `Task.__step`. False if the task now holds its loop across time.
    pub(super) fn step(&mut self, id: InstanceId, raised: Option<Raised>) -> bool {
        let slot = self.slot(id).expect("a task that is stepped is alive");
        self.actor = Some(id);
        let segment = self.segment(slot);
        let strand = &mut self.strands[slot];
        strand.was_resolved = strand.wait == Wait::Future(FutureState::Resolved);
        let mut raised = raised;
        if strand.must_cancel {
            strand.must_cancel = false;
            if !raised.is_some_and(Raised::is_cancelled) {
                raised = Some(Raised::cancelled(segment));
            }
        }
        strand.wait = Wait::Nothing;
        strand.turn = strand.turn.wrapping_add(1);
        match raised {
            // Cancelled before its first step: the body never runs.
            Some(raised) if !std::mem::replace(&mut strand.begun, true) => {
                self.coroutine_ended(id, slot, outcome_of(raised));
                true
            }
            _ => {
                strand.begun = true;
                self.run_step(id, slot, raised)
            }
        }
    }

    /// The step that held the loop goes on.
    pub(super) fn go_on_with_step(&mut self, id: InstanceId) -> bool {
        self.actor = Some(id);
        let slot = self.slot(id).expect("a task that holds its loop is alive");
        self.run_step(id, slot, None)
    }

    fn run_step(&mut self, id: InstanceId, slot: usize, raised: Option<Raised>) -> bool {
        let server = self.strands[slot].server;
        let thread = self.event_loop(server).thread;
        match self.run_body(slot, thread, raised) {
            Pause::OnThread => return false,
            Pause::Suspended => self.cancel_at_once(id, slot),
            Pause::Ended(outcome) => self.coroutine_ended(id, slot, outcome),
        }
        true
    }

    /// A cancellation that came during the step reaches the future it now waits for.
    fn cancel_at_once(&mut self, id: InstanceId, slot: usize) {
        if self.strands[slot].must_cancel && self.cancel_wait(id, slot) {
            self.strands[slot].must_cancel = false;
        }
    }

    fn coroutine_ended(&mut self, id: InstanceId, slot: usize, outcome: Outcome) {
        let cancelled = outcome == Outcome::Done && self.strands[slot].must_cancel;
        let outcome = if cancelled {
            Outcome::Cancelled
        } else {
            outcome
        };
        let callbacks = self.strands[slot]
            .extra
            .as_mut()
            .map(|extra| std::mem::take(&mut extra.callbacks));
        let server = self.strands[slot].server;
        let segment = match outcome {
            Outcome::Failed(raised) => raised.segment,
            _ => self.segment(slot),
        };
        let arrived = self.instance(id).parent.is_none();
        self.end(id, outcome, segment);
        if arrived {
            self.call_soon(server, Handle::MainChild);
        }
        for callback in callbacks.into_iter().flatten() {
            self.call_back(id, server, callback);
        }
    }

    /// A function on a thread of some pool goes on.
    fn run_work(&mut self, thread: ThreadId) {
        let job = self.thread(thread).job;
        while let Some(id) = self.thread(thread).work {
            let slot = self.slot(id).expect("work under way is alive");
            self.actor = Some(id);
            let begins = !self.strands[slot].begun;
            let outcome = if self.is_unwanted(slot, job) {
                Outcome::Cancelled
            } else {
                if begins {
                    self.show_beginning(slot, thread);
                }
                match self.run_body(slot, thread, None) {
                    Pause::OnThread | Pause::Suspended => return,
                    Pause::Ended(outcome) => outcome,
                }
            };
            self.work_ended(thread, id, outcome);
            if self.stop.is_some() {
                return;
            }
        }
        self.idle(thread);
    }

    /// The log hears that a function has begun, unless its first segment says so itself.
    fn show_beginning(&mut self, slot: usize, thread: ThreadId) {
        let pc = self.strands[slot].pc;
        let tells = match self.program.ops[pc as usize] {
            Op::Cpu(Length::Fixed(length)) | Op::Block(Length::Fixed(length)) => !length.is_zero(),
            _ => false,
        };
        if !tells {
            let lane = self.thread(thread).lane;
            let segment = self.segment(slot);
            self.record(self.strands[slot].id, State::Running, lane, segment);
        }
    }

    fn run_body(&mut self, slot: usize, thread: ThreadId, raised: Option<Raised>) -> Pause {
        let mut raised = raised;
        loop {
            if raised.is_none() && self.is_time_to_pause() {
                self.go_on_later(thread);
                return Pause::OnThread;
            }
            let pc = self.strands[slot].pc;
            self.count_step(self.program.segments[pc as usize]);
            if self.stop.is_some() {
                return Pause::OnThread;
            }
            match self.perform(slot, self.program.ops[pc as usize], raised.take()) {
                Flow::Next => self.go_to(slot, pc + 1),
                Flow::Jump(target) => self.go_to(slot, target),
                Flow::Suspend => return Pause::Suspended,
                Flow::Burn(length) => {
                    let id = self.strands[slot].id;
                    self.burn(thread, id, self.program.segments[pc as usize], length);
                    return Pause::OnThread;
                }
                Flow::Block(length) => {
                    let id = self.strands[slot].id;
                    self.block(thread, id, self.program.segments[pc as usize], length);
                    return Pause::OnThread;
                }
                Flow::Return => match self.return_from_call(slot) {
                    Some(target) => self.go_to(slot, target),
                    None => return Pause::Ended(Outcome::Done),
                },
                Flow::Raise(exception) => {
                    self.strands[slot].phase = FRESH;
                    if let Err(exception) = self.unwind(slot, exception) {
                        return Pause::Ended(outcome_of(exception));
                    }
                }
            }
        }
    }

    fn go_to(&mut self, slot: usize, pc: Pc) {
        let strand = &mut self.strands[slot];
        strand.pc = pc;
        strand.phase = FRESH;
    }

    fn perform(&mut self, slot: usize, op: Op, raised: Option<Raised>) -> Flow {
        match op {
            Op::Cpu(length) => self.take_time(slot, length, Flow::Burn),
            Op::Block(length) => self.take_time(slot, length, Flow::Block),
            Op::Await(length) => self.sleep(slot, length, raised),
            Op::Yield => self.bare_yield(slot, raised),
            Op::Call(task) => self.call(slot, task),
            Op::Return => Flow::Return,
            Op::Spawn {
                task,
                handle,
                owner,
            } => self.spawn(slot, task, handle, owner),
            Op::Wait(handle) => self.wait_for_handle(slot, handle, raised),
            Op::Cancel(handle) => self.cancel_handle(slot, handle),
            Op::Gather { members, errors } => self.gather(slot, members, errors, raised),
            Op::GroupEnter { exit } => self.enter_group(slot, exit),
            Op::GroupExit => self.exit_group(slot, raised),
            Op::Offload { to, work } => self.offload(slot, to, work, raised),
            Op::Send { task, handle } => self.send(slot, task, handle),
            Op::Put(queue) => self.put(slot, self.own(slot, queue), raised),
            Op::Get(queue) => self.get(slot, self.own(slot, queue), raised),
            Op::WithEnter(resource) => {
                let resource = self.own(slot, resource);
                match self.acquire(slot, resource, raised) {
                    Flow::Next => self.opened(slot, Scope::With(resource)),
                    flow => flow,
                }
            }
            Op::WithExit => match self.strands[slot].close() {
                Some(Scope::With(resource)) => self.release(slot, resource),
                _ => Flow::Next,
            },
            Op::Acquire(resource) => self.acquire(slot, self.own(slot, resource), raised),
            Op::Release(resource) => self.release(slot, self.own(slot, resource)),
            Op::SetEvent(event) => self.set_event(self.own(slot, event)),
            Op::ClearEvent(event) => self.clear_event(self.own(slot, event)),
            Op::WaitEvent(event) => self.wait_for_event(slot, self.own(slot, event), raised),
            Op::WaitCondition(condition) => {
                self.wait_on_condition(slot, self.own(slot, condition), raised)
            }
            Op::Notify { condition, count } => self.notify(slot, self.own(slot, condition), count),
            Op::Shield(task) => self.shield(slot, task, raised),
            Op::Respond => self.mark(slot, State::Responded),
            Op::Print => self.mark(slot, State::Printed),
            Op::TimeoutEnter { after, otherwise } => self.enter_timeout(slot, after, otherwise),
            Op::TimeoutExit => match self.strands[slot].close() {
                Some(Scope::Timeout(timeout)) => self.leave_timeout(slot, timeout, None),
                _ => Flow::Next,
            },
            Op::ExceptEnter { handler } => self.opened(slot, Scope::Except { handler }),
            Op::FinallyEnter { finally } => self.opened(slot, Scope::Finally { finally }),
            Op::ExceptExit => {
                self.strands[slot].close();
                Flow::Next
            }
            Op::FinallyExit => {
                self.strands[slot].close();
                self.opened(slot, Scope::Ending(None))
            }
            Op::FinallyEnd => match self.strands[slot].close() {
                Some(Scope::Ending(Some(raised))) => Flow::Raise(raised),
                _ => Flow::Next,
            },
            Op::Fail => Flow::Raise(Raised::failed(self.segment(slot))),
            Op::RepeatEnter { times: 0, exit } => Flow::Jump(exit),
            Op::RepeatEnter { times, .. } => self.opened(slot, Scope::Repeat { left: times }),
            Op::RepeatEnd { start } => self.repeat(slot, start),
            Op::Jump(target) => Flow::Jump(target),
        }
    }

    /// Each server process has primitives of its own.
    pub(super) fn own(&self, slot: usize, resource: ResourceIndex) -> ResourceIndex {
        let each = self.workload.resources.len() as u32;
        ResourceIndex(u32::from(self.strands[slot].server) * each + resource.0)
    }

    fn opened(&mut self, slot: usize, scope: Scope) -> Flow {
        self.strands[slot].open(scope);
        Flow::Next
    }

    fn repeat(&mut self, slot: usize, start: Pc) -> Flow {
        if let Some(Scope::Repeat { left }) = self.strands[slot].scopes().last_mut() {
            *left -= 1;
            if *left > 0 {
                return Flow::Jump(start);
            }
            self.strands[slot].close();
        }
        Flow::Next
    }

    fn mark(&mut self, slot: usize, mark: State) -> Flow {
        let segment = self.segment(slot);
        self.record(self.strands[slot].id, mark, LaneId::NONE, segment);
        Flow::Next
    }

    // Time

    fn take_time(&mut self, slot: usize, length: Length, how: fn(SimDuration) -> Flow) -> Flow {
        if self.strands[slot].phase == WAITING {
            return Flow::Next;
        }
        let length = self.draw(slot, length);
        if length.is_zero() {
            return Flow::Next;
        }
        self.strands[slot].phase = WAITING;
        how(length)
    }

    fn sleep(&mut self, slot: usize, length: Length, raised: Option<Raised>) -> Flow {
        if self.strands[slot].phase == WAITING {
            return raised.map_or(Flow::Next, Flow::Raise);
        }
        let length = self.draw(slot, length);
        if length.is_zero() {
            return self.bare_yield(slot, raised);
        }
        self.suspend(slot, WAITING, State::Awaiting);
        self.schedule_sleep(slot, length);
        Flow::Suspend
    }

    pub(super) fn bare_yield(&mut self, slot: usize, raised: Option<Raised>) -> Flow {
        if self.strands[slot].phase == WAITING {
            return raised.map_or(Flow::Next, Flow::Raise);
        }
        self.yield_into(slot, WAITING);
        Flow::Suspend
    }

    /// `await sleep(0)`: to the back of the ready queue.
    pub(super) fn yield_into(&mut self, slot: usize, phase: u8) {
        let segment = self.segment(slot);
        let strand = &mut self.strands[slot];
        strand.phase = phase;
        let (id, server) = (strand.id, strand.server);
        self.record(id, State::Ready, LaneId::NONE, segment);
        self.call_soon(server, Handle::Step(id));
    }

    /// Waits for a future that only this task knows.
    pub(super) fn suspend(&mut self, slot: usize, phase: u8, shown: State) {
        self.suspend_on(slot, phase, shown, Wait::Future(FutureState::Pending));
    }

    pub(super) fn suspend_on(&mut self, slot: usize, phase: u8, shown: State, wait: Wait) {
        let segment = self.segment(slot);
        let strand = &mut self.strands[slot];
        strand.phase = phase;
        strand.wait = wait;
        self.record(self.strands[slot].id, shown, LaneId::NONE, segment);
    }

    /// The future a task waits for has a result, or an exception.
    pub(super) fn resolve(&mut self, id: InstanceId, raised: Option<Raised>) {
        let Some(slot) = self.slot(id) else { return };
        if self.strands[slot].wait != Wait::Future(FutureState::Pending) {
            return;
        }
        self.strands[slot].wait = Wait::Future(FutureState::Resolved);
        if raised.is_some() {
            self.strands[slot].extra().delivered = raised;
        }
        self.wake_up(slot);
    }

    /// The same, if the task is still in that turn.
    pub(super) fn resolve_turn(&mut self, id: InstanceId, turn: u32, raised: Option<Raised>) {
        if self
            .slot(id)
            .is_some_and(|slot| self.strands[slot].turn == turn)
        {
            self.resolve(id, raised);
        }
    }

    pub(super) fn wake_up(&mut self, slot: usize) {
        self.record_ready(slot);
        let strand = &self.strands[slot];
        let (id, server) = (strand.id, strand.server);
        self.call_soon(server, Handle::Wakeup(id));
    }

    // Calls

    fn call(&mut self, slot: usize, task: TaskIndex) -> Flow {
        let segment = self.segment(slot);
        let return_to = self.strands[slot].pc + 1;
        let own = self.task_of(self.strands[slot].id).handles.len() as u32;
        let handles = self.strands[slot]
            .innermost_call()
            .map_or(own, |(_, end)| end);
        let handles_end = handles + self.workload.task(task).handles.len() as u32;
        let extra = self.strands[slot].extra();
        extra.scopes.push(Scope::Call {
            return_to,
            handles,
            handles_end,
        });
        extra.calls += 1;
        if extra.calls > limits::CALL_DEPTH_MAX {
            self.stop = Some(Limit::CallDepth { segment });
        }
        Flow::Jump(self.program.entries[task.0 as usize])
    }

    fn return_from_call(&mut self, slot: usize) -> Option<Pc> {
        match self.strands[slot].close() {
            Some(Scope::Call {
                return_to, handles, ..
            }) => {
                self.leave_call(slot, handles);
                Some(return_to)
            }
            _ => None,
        }
    }

    fn leave_call(&mut self, slot: usize, handles: u32) {
        let extra = self.strands[slot].extra();
        extra.calls -= 1;
        extra.handles.truncate(handles as usize);
    }

    pub(super) fn handle(&mut self, slot: usize, handle: HandleIndex) -> Option<InstanceId> {
        let index = self.strands[slot].handle_place(handle);
        self.strands[slot]
            .extra
            .as_ref()?
            .handles
            .get(index)
            .copied()
            .flatten()
    }

    pub(super) fn set_handle(&mut self, slot: usize, handle: Option<HandleIndex>, id: InstanceId) {
        let Some(handle) = handle else { return };
        let index = self.strands[slot].handle_place(handle);
        let handles = &mut self.strands[slot].extra().handles;
        if handles.len() <= index {
            handles.resize(index + 1, None);
        }
        handles[index] = Some(id);
    }

    // Exceptions

    /// Leaves blocks until one takes the exception. `Err` if none does.
    fn unwind(&mut self, slot: usize, raised: Raised) -> Result<(), Raised> {
        let mut raised = raised;
        loop {
            let Some(scope) = self.strands[slot].close() else {
                return Err(raised);
            };
            match scope {
                Scope::Repeat { .. } | Scope::Ending(_) => {}
                Scope::Call { handles, .. } => self.leave_call(slot, handles),
                Scope::Except { handler } => {
                    if !raised.is_cancelled() {
                        self.go_to(slot, handler);
                        return Ok(());
                    }
                }
                Scope::Finally { finally } => {
                    self.strands[slot].open(Scope::Ending(Some(raised)));
                    self.go_to(slot, finally);
                    return Ok(());
                }
                Scope::With(resource) => {
                    if let Flow::Raise(misuse) = self.release(slot, resource) {
                        raised = misuse;
                    }
                }
                Scope::Timeout(timeout) => {
                    if let Flow::Raise(instead) = self.leave_timeout(slot, timeout, Some(raised)) {
                        raised = instead;
                    }
                    if let Some(otherwise) = timeout.otherwise
                        && raised.kind == RaisedKind::TimedOut
                    {
                        self.go_to(slot, otherwise);
                        return Ok(());
                    }
                }
                Scope::Group { group, exit } => {
                    let propagate = raised.is_cancelled();
                    let raised = Some(raised);
                    self.strands[slot].open(Scope::GroupExiting {
                        group,
                        raised,
                        propagate,
                    });
                    self.go_to(slot, exit);
                    return Ok(());
                }
                // Its exit never raises while it waits; it ends by itself.
                Scope::GroupExiting { .. } => {}
            }
        }
    }

    // Timeouts (`asyncio/timeouts.py`)

    fn enter_timeout(&mut self, slot: usize, after: Length, otherwise: Option<Pc>) -> Flow {
        let after = self.draw(slot, after);
        self.serial = self.serial.wrapping_add(1);
        let serial = self.serial;
        let strand = &self.strands[slot];
        let (id, server, cancels) = (strand.id, strand.server, strand.cancels);
        if after.is_zero() {
            self.call_soon(server, Handle::TimeoutOver { id, serial });
        } else {
            self.schedule(after, Event::Timeout { id, serial });
        }
        self.opened(
            slot,
            Scope::Timeout(Timeout {
                serial,
                cancels,
                fired: false,
                otherwise,
            }),
        )
    }

    pub(super) fn timeout_fires(&mut self, id: InstanceId, serial: u32) {
        let Some(slot) = self.slot(id) else { return };
        let Some(timeout) = self.strands[slot].timeout(serial) else {
            return;
        };
        timeout.fired = true;
        let segment = self.segment(slot);
        self.record(id, State::TimedOut, LaneId::NONE, segment);
        self.cancel(id);
    }

    /// `Timeout.__aexit__`: turns its own cancellation into a timeout error.
    fn leave_timeout(&mut self, slot: usize, timeout: Timeout, raised: Option<Raised>) -> Flow {
        if timeout.fired {
            let left = self.strands[slot].uncancel();
            if left <= timeout.cancels
                && let Some(raised) = raised.filter(|raised| raised.is_cancelled())
            {
                return Flow::Raise(Raised {
                    kind: RaisedKind::TimedOut,
                    ..raised
                });
            }
        }
        raised.map_or(Flow::Next, Flow::Raise)
    }
}

fn outcome_of(raised: Raised) -> Outcome {
    if raised.is_cancelled() {
        Outcome::Cancelled
    } else {
        Outcome::Failed(raised)
    }
}
