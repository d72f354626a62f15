//! Execution of a body, op by op, until it waits, needs time or ends.
//!
//! Coroutines and functions on threads run the same ops. This file has the control flow:
//! calls, blocks and exceptions. The files of primitives, child tasks and pools have the
//! ops that concern those.

use crate::event_loop::{Creator, LoopHandle};
use crate::frame::{BlockScope, Exception, FRESH, FrameOutcome, FutureState, WAITING, Wait};
use crate::kernel::Kernel;
use crate::program::{Op, Pc};
use crate::threads::{ThreadId, ThreadRole};
use model::limits;
use model::time::SimDuration;
use model::trace::{InstanceId, LaneId, Limit, State};
use model::workload::{GatherMode, Length, ResourceIndex};

/// The result of one op: how its body continues.
#[derive(Clone, Copy, Debug)]
pub(super) enum OpResult {
    /// With the next op.
    Next,
    /// With the op at this index.
    Jump(Pc),
    /// The coroutine returns to the loop. The same op continues in its next phase when the
    /// coroutine is resumed.
    Suspend,
    Raise(Exception),
    /// The first step of this new task runs at once; then the op continues in its next phase.
    Start(InstanceId),
    /// The thread computes for this long; then the op continues in its next phase.
    Compute(SimDuration),
    /// The thread blocks for this long; then the op continues in its next phase.
    Block(SimDuration),
    /// The thread blocks until a permit of this pool may be free; then the op is executed again.
    WaitForPermit(ResourceIndex),
    /// A call returns, or the body ends.
    Return,
}

/// Why a body stopped executing.
enum BodyPause {
    Suspended,
    /// The body created this task, whose first step runs now.
    Starts(InstanceId),
    /// The body keeps its thread, which computes, blocks or continues later.
    OnThread,
    Ended(FrameOutcome),
}

impl Kernel<'_> {
    /// Continues the code of a thread that has got its GIL and a core.
    pub(super) fn resume_thread(&mut self, thread: ThreadId) {
        self.end_stall(thread);
        if self.resume_computing(thread) {
            return;
        }
        match self.thread(thread).role {
            ThreadRole::Loop { server } => self.run_loop(server),
            _ => self.run_work(thread),
        }
    }

    /// `Task.__step`. Returns the task that now holds the loop across time, if one does: this one
    /// or one that it created.
    pub(super) fn step(&mut self, id: InstanceId, raised: Option<Exception>) -> Option<InstanceId> {
        let slot = self
            .frame_slot(id)
            .expect("a task that is stepped is alive");
        self.active_instance = Some(id);
        let segment = self.current_segment(slot);
        let frame = &mut self.frames[slot];
        frame.was_resolved = frame.wait == Wait::Future(FutureState::Resolved);
        let mut raised = raised;
        // A pending cancellation replaces any exception but another cancellation.
        if frame.must_cancel {
            frame.must_cancel = false;
            if !raised.is_some_and(Exception::is_cancelled) {
                raised = Some(Exception::cancelled(segment));
            }
        }
        frame.wait = Wait::Nothing;
        frame.generation = frame.generation.wrapping_add(1);
        match raised {
            // Cancelled before its first step: the body never runs.
            Some(raised) if !std::mem::replace(&mut frame.has_begun, true) => {
                self.coroutine_ended(id, slot, outcome_of_exception(raised));
                None
            }
            _ => {
                frame.has_begun = true;
                self.run_step(id, slot, raised)
            }
        }
    }

    /// Continues the step that held the loop. Returns the task that still holds it.
    pub(super) fn resume_step(&mut self, id: InstanceId) -> Option<InstanceId> {
        self.active_instance = Some(id);
        let slot = self
            .frame_slot(id)
            .expect("a task that holds its loop is alive");
        self.run_step(id, slot, None)
    }

    /// Runs a step to its end. Inside it run the first steps of the tasks that it starts eagerly, and
    /// inside those again others.
    fn run_step(
        &mut self,
        id: InstanceId,
        slot: usize,
        raised: Option<Exception>,
    ) -> Option<InstanceId> {
        let server = self.frames[slot].server;
        let thread = self.event_loop(server).thread;
        let (mut id, mut slot, mut raised) = (id, slot, raised);
        loop {
            match self.run_body(slot, thread, raised.take()) {
                BodyPause::OnThread => return Some(id),
                BodyPause::Starts(child) => {
                    self.push_creator(server, Creator::Task(id), slot);
                    (id, slot) = (child, self.begin_first_step(child));
                    continue;
                }
                BodyPause::Suspended => self.cancel_at_once(id, slot),
                BodyPause::Ended(outcome) => self.coroutine_ended(id, slot, outcome),
            }
            // The step is over: its creator continues.
            id = match self.event_loop(server).creators.pop() {
                None => return None,
                Some(Creator::Task(creator)) => {
                    self.active_instance = Some(creator);
                    slot = self.frame_slot(creator).expect("its step is under way");
                    creator
                }
                Some(Creator::Main) => {
                    let arrival = self.next_at_start(server)?;
                    self.event_loop(server).creators.push(Creator::Main);
                    slot = self.begin_first_step(arrival);
                    arrival
                }
            };
        }
    }

    /// Runs the first step of an instance that a callback creates, or `main`.
    pub(super) fn start_eagerly(&mut self, id: InstanceId) -> Option<InstanceId> {
        let slot = self.begin_first_step(id);
        self.run_step(id, slot, None)
    }

    fn begin_first_step(&mut self, id: InstanceId) -> usize {
        let slot = self.frame_slot(id).expect("just created");
        self.active_instance = Some(id);
        let frame = &mut self.frames[slot];
        frame.has_begun = true;
        frame.generation = frame.generation.wrapping_add(1);
        slot
    }

    fn push_creator(&mut self, server: u16, creator: Creator, slot: usize) {
        let creators = &mut self.event_loop(server).creators;
        creators.push(creator);
        if creators.len() > limits::CALL_DEPTH_MAX {
            let segment = self.current_segment(slot);
            self.stop = Some(Limit::CallDepth { segment });
        }
    }

    /// The task whose step created the one that is about to hold the thread no longer runs.
    fn set_creator_aside(&mut self, thread: ThreadId, slot: usize) {
        let server = self.frames[slot].server;
        let event_loop = self.event_loop(server);
        if event_loop.thread == thread
            && let Some(&Creator::Task(creator)) = event_loop.creators.last()
            && let Some(slot) = self.frame_slot(creator)
            && self.frames[slot].logged_state.holds_lane()
        {
            self.record_ready(slot);
        }
    }

    /// Passes a cancellation that was requested during the step on to the future that the task
    /// now awaits.
    fn cancel_at_once(&mut self, id: InstanceId, slot: usize) {
        if self.frames[slot].must_cancel && self.cancel_wait(id, slot) {
            self.frames[slot].must_cancel = false;
        }
    }

    /// Ends a task and schedules its callbacks.
    fn coroutine_ended(&mut self, id: InstanceId, slot: usize, outcome: FrameOutcome) {
        // As in `Task.__step`: a task that returns with a cancellation pending counts as cancelled.
        let cancelled = outcome == FrameOutcome::Done && self.frames[slot].must_cancel;
        let outcome = if cancelled {
            FrameOutcome::Cancelled
        } else {
            outcome
        };
        let callbacks = self.frames[slot]
            .extra
            .as_mut()
            .map(|extra| std::mem::take(&mut extra.callbacks));
        let server = self.frames[slot].server;
        let segment = match outcome {
            FrameOutcome::Failed(raised) => raised.segment,
            _ => self.current_segment(slot),
        };
        // Only arrivals have no parent; `main` awaits them.
        let arrived = self.instance(id).parent.is_none();
        self.end_instance(id, outcome, segment);
        if arrived {
            self.call_soon(server, LoopHandle::MainChildEnded);
        }
        for callback in callbacks.into_iter().flatten() {
            self.schedule_callback(id, server, callback);
        }
    }

    /// Continues the function on a pool's, an executor's or a worker's thread, and then the
    /// work that is queued for that thread.
    fn run_work(&mut self, thread: ThreadId) {
        let role = self.thread(thread).role;
        while let Some(id) = self.thread(thread).work {
            let slot = self.frame_slot(id).expect("work under way is alive");
            self.active_instance = Some(id);
            let begins = !self.frames[slot].has_begun;
            let outcome = if self.is_abandoned(slot, role) {
                FrameOutcome::Cancelled
            } else {
                if begins {
                    self.record_beginning(slot, thread);
                }
                match self.run_body(slot, thread, None) {
                    BodyPause::OnThread | BodyPause::Suspended | BodyPause::Starts(_) => return,
                    BodyPause::Ended(outcome) => outcome,
                }
            };
            self.work_ended(thread, id, outcome);
            if self.stop.is_some() {
                return;
            }
        }
        self.make_idle(thread);
    }

    /// Logs that a function has begun, unless its first segment leaves such a record itself.
    fn record_beginning(&mut self, slot: usize, thread: ThreadId) {
        let pc = self.frames[slot].pc;
        let is_logged_anyway = match self.program.ops[pc as usize] {
            Op::Cpu(Length::Fixed(length)) | Op::Block(Length::Fixed(length)) => !length.is_zero(),
            _ => false,
        };
        if !is_logged_anyway {
            let lane = self.thread(thread).lane;
            let segment = self.current_segment(slot);
            self.record(self.frames[slot].id, State::Running, lane, segment);
        }
    }

    /// Executes ops until the body pauses. `raised` is thrown into the first one.
    fn run_body(&mut self, slot: usize, thread: ThreadId, raised: Option<Exception>) -> BodyPause {
        let mut raised = raised;
        loop {
            // A pending exception would be lost in a pause.
            if raised.is_none() && self.is_time_to_pause() {
                self.requeue_front(thread);
                return BodyPause::OnThread;
            }
            let pc = self.frames[slot].pc;
            self.count_step(self.program.segments[pc as usize]);
            if self.stop.is_some() {
                return BodyPause::OnThread;
            }
            match self.perform_op(slot, self.program.ops[pc as usize], raised.take()) {
                OpResult::Next => self.jump_to(slot, pc + 1),
                OpResult::Jump(target) => self.jump_to(slot, target),
                OpResult::Suspend => return BodyPause::Suspended,
                OpResult::Start(child) => return BodyPause::Starts(child),
                OpResult::Compute(length) => {
                    self.set_creator_aside(thread, slot);
                    let id = self.frames[slot].id;
                    self.start_computing(thread, id, self.program.segments[pc as usize], length);
                    return BodyPause::OnThread;
                }
                OpResult::Block(length) => {
                    self.set_creator_aside(thread, slot);
                    let id = self.frames[slot].id;
                    self.start_blocking(thread, id, self.program.segments[pc as usize], length);
                    return BodyPause::OnThread;
                }
                OpResult::WaitForPermit(pool) => {
                    self.set_creator_aside(thread, slot);
                    self.block_for_permit(thread, slot, pool);
                    return BodyPause::OnThread;
                }
                OpResult::Return => match self.return_from_call(slot) {
                    Some(target) => self.jump_to(slot, target),
                    None => return BodyPause::Ended(FrameOutcome::Done),
                },
                OpResult::Raise(exception) => {
                    // The op that raised will not be resumed; a handler begins with a fresh one.
                    self.frames[slot].phase = FRESH;
                    if let Err(exception) = self.unwind_scopes(slot, exception) {
                        return BodyPause::Ended(outcome_of_exception(exception));
                    }
                }
            }
        }
    }

    pub(super) fn jump_to(&mut self, slot: usize, pc: Pc) {
        let frame = &mut self.frames[slot];
        frame.pc = pc;
        frame.phase = FRESH;
    }

    fn perform_op(&mut self, slot: usize, op: Op, raised: Option<Exception>) -> OpResult {
        match op {
            Op::Cpu(length) => self.occupy_thread(slot, length, OpResult::Compute),
            Op::Block(length) => self.occupy_thread(slot, length, OpResult::Block),
            Op::Await(length) => self.start_sleep(slot, length, raised),
            Op::Yield => self.bare_yield(slot, raised),
            Op::Call(task) => self.enter_call(slot, task),
            Op::Return => OpResult::Return,
            Op::Spawn {
                task,
                handle,
                owner,
            } => self.spawn_task(slot, task, handle, owner),
            Op::Wait(handle) => self.wait_for_handle(slot, handle, raised),
            Op::Cancel(handle) => self.cancel_handle(slot, handle),
            Op::Gather {
                members,
                mode: GatherMode::First,
            } => self.gather_first(slot, members, raised),
            Op::Gather { members, mode } => self.gather_tasks(slot, members, mode, raised),
            Op::CompletionsEnter { members } => self.enter_completions(slot, members),
            Op::CompletionsNext { exit } => self.await_next(slot, exit, raised),
            Op::GroupEnter { exit } => self.enter_group(slot, exit),
            Op::GroupExit => self.exit_group(slot, raised),
            Op::Offload { to, work } => self.offload_work(slot, to, work, raised),
            Op::Send { task, handle } => self.send_job(slot, task, handle),
            Op::Put(queue) => self.put_item(slot, self.own_resource(slot, queue), raised),
            Op::Get(queue) => self.get_item(slot, self.own_resource(slot, queue), raised),
            Op::Shutdown(queue) => self.shut_queue(self.own_resource(slot, queue)),
            Op::WithEnter(resource) => {
                let resource = self.own_resource(slot, resource);
                match self.acquire_permit(slot, resource, raised) {
                    OpResult::Next => self.enter_scope(slot, BlockScope::With(resource)),
                    flow => flow,
                }
            }
            Op::WithExit => match self.frames[slot].close_scope() {
                Some(BlockScope::With(resource)) => self.release_permit(slot, resource),
                _ => OpResult::Next,
            },
            Op::Acquire(resource) => {
                self.acquire_permit(slot, self.own_resource(slot, resource), raised)
            }
            Op::Release(resource) => self.release_permit(slot, self.own_resource(slot, resource)),
            Op::SetEvent(event) => self.set_event(self.own_resource(slot, event)),
            Op::ClearEvent(event) => self.clear_event(self.own_resource(slot, event)),
            Op::WaitEvent(event) => {
                self.wait_for_event(slot, self.own_resource(slot, event), raised)
            }
            Op::WaitCondition(condition) => {
                self.wait_on_condition(slot, self.own_resource(slot, condition), raised)
            }
            Op::Notify { condition, count } => {
                self.notify_waiters(slot, self.own_resource(slot, condition), count)
            }
            Op::Shield(task) => self.shield_task(slot, task, raised),
            Op::WaitFor { after, task } => self.wait_for_task(slot, after, task, raised),
            Op::Respond => self.record_mark(slot, State::Responded),
            Op::Print => self.record_mark(slot, State::Printed),
            Op::TimeoutEnter { after, otherwise } => self.enter_timeout(slot, after, otherwise),
            Op::TimeoutExit => match self.frames[slot].close_scope() {
                Some(BlockScope::Timeout(timeout)) => self.leave_timeout(slot, timeout, None),
                _ => OpResult::Next,
            },
            Op::ExceptEnter { handler, catches } => {
                self.enter_scope(slot, BlockScope::Except { handler, catches })
            }
            Op::FinallyEnter { finally } => self.enter_scope(slot, BlockScope::Finally { finally }),
            Op::ExceptExit => {
                self.frames[slot].close_scope();
                OpResult::Next
            }
            // A body that ended without an exception runs the `finally` body too.
            Op::FinallyExit => {
                self.frames[slot].close_scope();
                self.enter_scope(slot, BlockScope::Ending(None))
            }
            Op::FinallyEnd => match self.frames[slot].close_scope() {
                Some(BlockScope::Ending(Some(raised))) => OpResult::Raise(raised),
                _ => OpResult::Next,
            },
            Op::Fail => OpResult::Raise(Exception::failed(self.current_segment(slot))),
            Op::RepeatEnter { times: 0, exit } => OpResult::Jump(exit),
            Op::RepeatEnter { times, .. } => {
                self.enter_scope(slot, BlockScope::Repeat { left: times })
            }
            Op::RepeatEnd { start } => self.repeat_block(slot, start),
            Op::Jump(target) => OpResult::Jump(target),
        }
    }

    /// The index of the frame's own primitive: each server process has a copy of all of them.
    pub(super) fn own_resource(&self, slot: usize, resource: ResourceIndex) -> ResourceIndex {
        let each = self.workload.resources.len() as u32;
        ResourceIndex(u32::from(self.frames[slot].server) * each + resource.0)
    }

    fn record_mark(&mut self, slot: usize, mark: State) -> OpResult {
        let segment = self.current_segment(slot);
        self.record(self.frames[slot].id, mark, LaneId::NONE, segment);
        OpResult::Next
    }

    // Time

    /// Lets the thread compute or block for a drawn length; a length of zero takes no step.
    fn occupy_thread(
        &mut self,
        slot: usize,
        length: Length,
        result: fn(SimDuration) -> OpResult,
    ) -> OpResult {
        if self.frames[slot].phase == WAITING {
            return OpResult::Next;
        }
        let length = self.draw_length(slot, length);
        if length.is_zero() {
            return OpResult::Next;
        }
        self.frames[slot].phase = WAITING;
        result(length)
    }

    fn start_sleep(&mut self, slot: usize, length: Length, raised: Option<Exception>) -> OpResult {
        if self.frames[slot].phase == WAITING {
            return raised.map_or(OpResult::Next, OpResult::Raise);
        }
        let length = self.draw_length(slot, length);
        // `asyncio.sleep(0)` is a bare yield, not a timer.
        if length.is_zero() {
            return self.bare_yield(slot, raised);
        }
        self.suspend_on_future(slot, WAITING, State::Awaiting);
        self.schedule_sleep(slot, length);
        OpResult::Suspend
    }

    pub(super) fn bare_yield(&mut self, slot: usize, raised: Option<Exception>) -> OpResult {
        if self.frames[slot].phase == WAITING {
            return raised.map_or(OpResult::Next, OpResult::Raise);
        }
        self.yield_into(slot, WAITING);
        OpResult::Suspend
    }

    /// `await sleep(0)`: puts the task at the back of the ready queue.
    pub(super) fn yield_into(&mut self, slot: usize, phase: u8) {
        let segment = self.current_segment(slot);
        let frame = &mut self.frames[slot];
        frame.phase = phase;
        let (id, server) = (frame.id, frame.server);
        self.record(id, State::Ready, LaneId::NONE, segment);
        self.call_soon(server, LoopHandle::Step(id));
    }

    /// Suspends a coroutine on a new future that only it awaits, and logs `state`.
    pub(super) fn suspend_on_future(&mut self, slot: usize, phase: u8, state: State) {
        self.suspend_on(slot, phase, state, Wait::Future(FutureState::Pending));
    }

    pub(super) fn suspend_on(&mut self, slot: usize, phase: u8, state: State, wait: Wait) {
        let segment = self.current_segment(slot);
        let frame = &mut self.frames[slot];
        frame.phase = phase;
        debug_assert_eq!(
            frame.wait,
            Wait::Nothing,
            "a task awaits one thing at a time"
        );
        frame.wait = wait;
        self.record(self.frames[slot].id, state, LaneId::NONE, segment);
    }

    /// Resolves the future that a task awaits, with an exception if there is one.
    pub(super) fn resolve_future(&mut self, id: InstanceId, raised: Option<Exception>) {
        let Some(slot) = self.frame_slot(id) else {
            return;
        };
        if self.frames[slot].wait != Wait::Future(FutureState::Pending) {
            return;
        }
        self.frames[slot].wait = Wait::Future(FutureState::Resolved);
        if raised.is_some() {
            self.frames[slot].extra().future_exception = raised;
        }
        self.wake_up(slot);
    }

    /// Resolves the future if the task still awaits it, i.e. is in the same generation.
    pub(super) fn resolve_if_current(
        &mut self,
        id: InstanceId,
        generation: u32,
        raised: Option<Exception>,
    ) {
        if self
            .frame_slot(id)
            .is_some_and(|slot| self.frames[slot].generation == generation)
        {
            self.resolve_future(id, raised);
        }
    }

    pub(super) fn wake_up(&mut self, slot: usize) {
        self.record_ready(slot);
        let frame = &self.frames[slot];
        let (id, server) = (frame.id, frame.server);
        self.call_soon(server, LoopHandle::Wakeup(id));
    }
}

fn outcome_of_exception(raised: Exception) -> FrameOutcome {
    if raised.is_cancelled() {
        FrameOutcome::Cancelled
    } else {
        FrameOutcome::Failed(raised)
    }
}
