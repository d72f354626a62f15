//! The event loop of a server: its ready queue, iterations, start and shutdown.
//!
//! As in `asyncio/base_events.py`, an iteration appends the handles of due timers to the
//! ready queue, then runs exactly the handles in it; handles that those add run in the
//! next iteration. Cancelling leftover tasks and closing the loop follow
//! `asyncio/runners.py`. The tasks themselves are executed in `steps`.
//!
//! # What this leaves out
//!
//! - `asyncio.run` cancels leftover tasks in the order of a set; here it is the order of
//!   their creation.

use std::collections::VecDeque;

use crate::frame::{Exception, FrameOutcome, FutureState, Wait};
use crate::kernel::{Kernel, ScheduledEvent};
use crate::threads::{ThreadId, ThreadRole};
use model::time::SimDuration;
use model::trace::{InstanceId, Role};
use model::workload::SegmentId;

/// The loop of one server process.
#[derive(Debug)]
pub(super) struct EventLoop {
    pub(super) thread: ThreadId,
    pub(super) ready: VecDeque<LoopHandle>,
    /// Handles left to run in the current iteration.
    left_in_iteration: usize,
    /// Handles of timers that fell due since the iteration began.
    pub(super) due_handles: VecDeque<LoopHandle>,
    /// Results from other threads, in the order of their handles.
    results: VecDeque<WorkResult>,
    /// The task that holds the loop across time with one step.
    current: Option<InstanceId>,
    /// Whose steps wait for the first step of a task that they created, the innermost last.
    pub(super) creators: Vec<Creator>,
    /// The step that will begin when its cost in CPU time has been paid.
    charged_step: Option<LoopHandle>,
    pub(super) stage: LoopStage,
    /// Whether `run_until_complete` returns after this iteration.
    pub(super) stopping: bool,
    /// Whether `main` awaits the end of all arrivals.
    pub(super) main_is_waiting: bool,
    /// Leftover tasks whose end the loop awaits before it closes.
    pub(super) leftovers: u64,
}

/// The code that creates a task and waits, without giving the loop away, for its first step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Creator {
    Task(InstanceId),
    /// The first step of `main`, which creates the arrivals of instant 0.
    Main,
}

/// The stages of `asyncio.run`, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LoopStage {
    /// `main` runs, or awaits the arrivals of the script's `run`s.
    Main,
    /// Leftover tasks have been cancelled; ends when the last of them has ended.
    Cancelling,
    /// `shutdown_asyncgens`: takes two iterations.
    ClosingGenerators,
    /// `shutdown_default_executor`: ends when the executor's threads are idle.
    ClosingExecutor,
    /// Terminal: the loop runs nothing any more.
    Closed,
}

/// A callback in the ready queue.
#[derive(Clone, Copy, Debug)]
pub(super) enum LoopHandle {
    /// A task's first step, or the one after a bare yield.
    Step(InstanceId),
    /// A task's step after the future that it awaited is done.
    Wakeup(InstanceId),
    /// Resolves the future of a sleep.
    SleepOver {
        id: InstanceId,
        generation: u32,
    },
    TimeoutOver {
        id: InstanceId,
        serial: u32,
    },
    /// A request on its way to its handler; the loop calls `select` and thereby releases
    /// the GIL `releases` more times before the handler starts.
    Approach {
        id: InstanceId,
        releases: u32,
    },
    /// Creates the task of a request.
    Admit(InstanceId),
    GatherChild {
        gather: u32,
        child: InstanceId,
    },
    GroupChild {
        group: u32,
        child: InstanceId,
    },
    ShieldChild {
        owner: InstanceId,
        generation: u32,
        inner: InstanceId,
    },
    ChildCompleted {
        completions: u32,
        child: InstanceId,
    },
    /// Resolves the future of a `wait_for` or a `gather first`, whose child has ended.
    ChildOver {
        owner: InstanceId,
        generation: u32,
        child: InstanceId,
    },
    /// Delivers the first of the loop's results.
    WorkResult,
    /// After a cancelled wait for an executor: drops its work if that has not begun.
    DropWork(InstanceId),
    MainStart,
    /// The task of an arrival has ended.
    MainChildEnded,
    /// `main` continues, and returns.
    MainWakeup,
    /// The done callback of `run_until_complete`.
    Stop,
    /// The step of a shutdown coroutine.
    CloseStep,
    /// The executor's threads have been joined.
    ExecutorJoined,
    /// One leftover task has ended.
    LeftoverEnded,
    /// All leftover tasks have ended.
    LeftoversEnded,
}

/// The result of work that ran on another thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct WorkResult {
    /// The AnyIO thread that is idle again.
    pub(super) thread: Option<ThreadId>,
    /// The instance that awaits the result.
    pub(super) owner: InstanceId,
    /// The generation of `owner` that awaits it.
    pub(super) generation: u32,
    /// The instance that did the work.
    pub(super) from: InstanceId,
    pub(super) raised: Option<Exception>,
}

impl EventLoop {
    /// The task that holds the loop, then the tasks of the queued handles, in order.
    pub(super) fn instances_in_line(&self) -> impl Iterator<Item = InstanceId> + '_ {
        let mut results = self.results.iter();
        let task_of = move |&handle: &LoopHandle| match handle {
            LoopHandle::Step(id) | LoopHandle::Wakeup(id) | LoopHandle::Admit(id) => Some(id),
            LoopHandle::SleepOver { id, .. } | LoopHandle::TimeoutOver { id, .. } => Some(id),
            LoopHandle::Approach { id, .. } => Some(id),
            LoopHandle::WorkResult => results.next().map(|result| result.owner),
            _ => None,
        };
        self.current.into_iter().chain(
            self.ready
                .iter()
                .chain(&self.due_handles)
                .filter_map(task_of),
        )
    }

    pub(super) fn is_in_a_step(&self) -> bool {
        self.current.is_some()
    }
}

impl Kernel<'_> {
    /// Starts the loop of a server. Only the first one runs `main`; the others wait for
    /// requests.
    pub(super) fn start_loop(&mut self, server: u16) {
        let runs_main = server == 0;
        let thread = self.new_thread(ThreadRole::Loop { server });
        self.loops.push(EventLoop {
            thread,
            ready: runs_main
                .then_some(LoopHandle::MainStart)
                .into_iter()
                .collect(),
            left_in_iteration: 0,
            due_handles: VecDeque::new(),
            results: VecDeque::new(),
            current: None,
            creators: Vec::new(),
            charged_step: None,
            stage: LoopStage::Main,
            stopping: false,
            main_is_waiting: !runs_main,
            leftovers: 0,
        });
        if runs_main {
            self.wake_thread(thread);
        }
    }

    pub(super) fn event_loop(&mut self, server: u16) -> &mut EventLoop {
        &mut self.loops[server as usize]
    }

    /// `loop.call_soon`, from this thread or another.
    pub(super) fn call_soon(&mut self, server: u16, handle: LoopHandle) {
        let event_loop = self.event_loop(server);
        if event_loop.stage == LoopStage::Closed {
            return;
        }
        event_loop.ready.push_back(handle);
        self.wake_loop(server);
    }

    fn wake_loop(&mut self, server: u16) {
        let thread = self.event_loop(server).thread;
        if self.is_idle(thread) {
            self.wake_thread(thread);
        }
    }

    /// Queues the handle of a due timer for the next iteration.
    pub(super) fn push_due_handle(&mut self, server: u16, handle: LoopHandle) {
        let event_loop = self.event_loop(server);
        if event_loop.stage == LoopStage::Closed {
            return;
        }
        event_loop.due_handles.push_back(handle);
        self.wake_loop(server);
    }

    // Timers

    pub(super) fn sleep_is_over(&mut self, id: InstanceId, generation: u32) {
        let Some(slot) = self.frame_slot(id) else {
            return;
        };
        let frame = &self.frames[slot];
        if frame.generation != generation || frame.wait != Wait::Future(FutureState::Pending) {
            return;
        }
        let server = frame.server;
        // The task of a `wait_for` may still end before the loop gets to the timer.
        let is_certain = !self.awaits_limited(slot, generation);
        if is_certain && self.event_loop(server).stage != LoopStage::Closed {
            self.record_ready(slot);
        }
        self.push_due_handle(server, LoopHandle::SleepOver { id, generation });
    }

    pub(super) fn timeout_is_due(&mut self, id: InstanceId, serial: u32) {
        let Some(slot) = self.frame_slot(id) else {
            return;
        };
        if self.frames[slot].timeout(serial).is_some() {
            let server = self.frames[slot].server;
            self.push_due_handle(server, LoopHandle::TimeoutOver { id, serial });
        }
    }

    // Iterations

    /// Runs handles until one needs time or none is left. The loop's thread has the GIL and a
    /// core.
    pub(super) fn run_loop(&mut self, server: u16) {
        // Continues the step that held the loop, or begins the one whose cost has been paid.
        let current = self.event_loop(server).current.take();
        let charged_step = self.event_loop(server).charged_step.take();
        let held = match (current, charged_step) {
            (_, Some(handle)) => self.run_handle(server, handle),
            (Some(id), None) => self.resume_step(id),
            (None, None) => None,
        };
        if let Some(id) = held {
            return self.hold_loop(server, id);
        }
        while self.stop.is_none() {
            // The driver wants control back; the loop keeps its place.
            if self.is_time_to_pause() {
                let thread = self.event_loop(server).thread;
                return self.requeue_front(thread);
            }
            if self.event_loop(server).left_in_iteration == 0 && !self.begin_iteration(server) {
                return;
            }
            let event_loop = self.event_loop(server);
            event_loop.left_in_iteration -= 1;
            let handle = event_loop
                .ready
                .pop_front()
                .expect("`left_in_iteration` counts handles in the queue");
            if let Some(id) = self.charge_step(server, handle) {
                return self.hold_loop(server, id);
            }
            if let Some(id) = self.run_handle(server, handle) {
                return self.hold_loop(server, id);
            }
        }
    }

    /// Lets the loop compute for the cost of a step before the step begins. `Some` if the
    /// step costs time.
    fn charge_step(&mut self, server: u16, handle: LoopHandle) -> Option<InstanceId> {
        let costs = &self.workload.machine.costs;
        // The usual case, without a look at the instance: this runs for every handle.
        if costs.hop.is_zero() && costs.http.is_zero() {
            return None;
        }
        let (LoopHandle::Step(id) | LoopHandle::Wakeup(id)) = handle else {
            return None;
        };
        let slot = self.frame_slot(id)?;
        let arrived = matches!(self.instance(id).role, Role::Arrived | Role::Handler);
        let is_new_request = arrived && !self.frames[slot].has_begun;
        let request = if is_new_request {
            costs.http
        } else {
            SimDuration::ZERO
        };
        let cost = costs.hop + request;
        if cost.is_zero() {
            return None;
        }
        self.active_instance = None;
        let segment = self.current_segment(slot);
        let event_loop = self.event_loop(server);
        event_loop.charged_step = Some(handle);
        let thread = event_loop.thread;
        self.start_computing(thread, id, segment, cost);
        Some(id)
    }

    /// Marks the loop as held by the step of an instance across time.
    fn hold_loop(&mut self, server: u16, id: InstanceId) {
        debug_assert_eq!(self.event_loop(server).current, None, "one step at a time");
        self.event_loop(server).current = Some(id);
    }

    /// Ends the logged wait of an instance for the GIL or a core: if its step has not begun,
    /// it is ready again and waits for the loop.
    pub(super) fn end_stall(&mut self, thread: ThreadId) {
        let Some(id) = self.thread(thread).stalled_instance.take() else {
            return;
        };
        if let ThreadRole::Loop { server } = self.thread(thread).role
            && self.event_loop(server).current != Some(id)
            && let Some(slot) = self.frame_slot(id)
        {
            self.active_instance = None;
            self.record_ready(slot);
        }
    }

    /// Begins an iteration. Returns false if the loop is idle or closed.
    fn begin_iteration(&mut self, server: u16) -> bool {
        if self.event_loop(server).stopping {
            self.enter_next_stage(server);
        }
        self.accept_backlog(server);
        let event_loop = self.event_loop(server);
        let closed = event_loop.stage == LoopStage::Closed;
        // Exactly these handles run in this iteration; those they add run in the next.
        let due = std::mem::take(&mut event_loop.due_handles);
        event_loop.ready.extend(due);
        event_loop.left_in_iteration = event_loop.ready.len();
        if closed || event_loop.left_in_iteration == 0 {
            let thread = event_loop.thread;
            self.make_idle(thread);
            return false;
        }
        true
    }

    /// Runs one handle. `Some` if its task now holds the loop across time.
    fn run_handle(&mut self, server: u16, handle: LoopHandle) -> Option<InstanceId> {
        self.active_instance = None;
        match handle {
            LoopHandle::Step(id) => return self.step(id, None),
            LoopHandle::Wakeup(id) => {
                let raised = self.result_of_wait(id);
                return self.step(id, raised);
            }
            LoopHandle::SleepOver { id, generation } => {
                if let Some(slot) = self.frame_slot(id)
                    && self.awaits_limited(slot, generation)
                {
                    self.limit_over(slot);
                }
                self.resolve_if_current(id, generation, None);
            }
            LoopHandle::TimeoutOver { id, serial } => self.timeout_fires(id, serial),
            LoopHandle::Approach { id, releases } => {
                // An event with no delay: other threads can take the GIL at this instant.
                let releases = releases - 1;
                self.schedule(
                    SimDuration::ZERO,
                    ScheduledEvent::RequestApproaches { id, releases },
                );
            }
            LoopHandle::Admit(id) => {
                self.assign_number(id);
                if self.workload.machine.starts_eagerly() {
                    return self.start_eagerly(id);
                }
                self.call_soon(server, LoopHandle::Step(id));
            }
            LoopHandle::GatherChild { gather, child } => self.gather_child_ended(gather, child),
            LoopHandle::GroupChild { group, child } => self.group_child_ended(group, child),
            LoopHandle::ShieldChild {
                owner,
                generation,
                inner,
            } => self.shield_child_ended(owner, generation, inner),
            LoopHandle::ChildCompleted { completions, child } => {
                self.child_completed(completions, child);
            }
            LoopHandle::ChildOver {
                owner,
                generation,
                child,
            } => {
                self.active_instance = Some(child);
                self.resolve_if_current(owner, generation, None);
            }
            LoopHandle::WorkResult => self.deliver_result(server),
            LoopHandle::DropWork(id) => self.drop_work(id),
            LoopHandle::MainStart => return self.main_starts(server),
            LoopHandle::MainChildEnded => self.main_child_ended(),
            LoopHandle::MainWakeup => self.call_soon(server, LoopHandle::Stop),
            LoopHandle::Stop => self.event_loop(server).stopping = true,
            LoopHandle::CloseStep => self.close_step(server),
            LoopHandle::ExecutorJoined => self.call_soon(server, LoopHandle::MainWakeup),
            LoopHandle::LeftoverEnded => {
                let event_loop = self.event_loop(server);
                event_loop.leftovers -= 1;
                if event_loop.leftovers == 0 {
                    self.call_soon(server, LoopHandle::LeftoversEnded);
                }
            }
            LoopHandle::LeftoversEnded => self.event_loop(server).stopping = true,
        }
        None
    }

    /// The exception of the future that a task waited for.
    fn result_of_wait(&mut self, id: InstanceId) -> Option<Exception> {
        let slot = self.frame_slot(id).expect("a task that is woken is alive");
        let segment = self.current_segment(slot);
        let frame = &mut self.frames[slot];
        match frame.wait {
            Wait::Nothing => None,
            Wait::Future(FutureState::Cancelled) => Some(Exception::cancelled(segment)),
            Wait::Future(_) => frame
                .extra
                .as_mut()
                .and_then(|extra| extra.future_exception.take()),
            Wait::Task(child) => match self.outcome_of(child) {
                Some(FrameOutcome::Failed(raised)) => Some(raised),
                Some(FrameOutcome::Cancelled) => Some(Exception::cancelled(segment)),
                Some(FrameOutcome::Done) | None => None,
            },
            Wait::Gather(gather) => self.gathers[gather as usize].raised(),
        }
    }

    /// Sends the result of work to its owner's loop, where it arrives after `delay`.
    pub(super) fn send_result(&mut self, server: u16, result: WorkResult, delay: SimDuration) {
        if delay.is_zero() {
            return self.receive_result(server, result);
        }
        let number = self.next_sequence_number();
        self.late_results.insert(number, (server, result));
        self.schedule(delay, ScheduledEvent::ResultArrives { number });
    }

    pub(super) fn result_arrives(&mut self, number: u32) {
        if let Some((server, result)) = self.late_results.remove(&number) {
            self.receive_result(server, result);
        }
    }

    /// Queues a result on a loop: `call_soon_threadsafe`.
    fn receive_result(&mut self, server: u16, result: WorkResult) {
        if self.event_loop(server).stage == LoopStage::Closed {
            return;
        }
        // The log shows the task as ready from now on, though the loop resolves its future
        // only in an iteration of its own.
        if let Some(slot) = self.frame_slot(result.owner) {
            let frame = &self.frames[slot];
            if frame.generation == result.generation
                && frame.wait == Wait::Future(FutureState::Pending)
            {
                self.active_instance = Some(result.from);
                self.record_ready(slot);
            }
        }
        self.event_loop(server).results.push_back(result);
        self.call_soon(server, LoopHandle::WorkResult);
    }

    /// Resolves the future of the oldest result.
    fn deliver_result(&mut self, server: u16) {
        let Some(result) = self.event_loop(server).results.pop_front() else {
            return;
        };
        if let Some(thread) = result.thread {
            self.limiters[server as usize].idle.push(thread);
        }
        self.active_instance = Some(result.from);
        self.resolve_if_current(result.owner, result.generation, result.raised);
    }

    pub(super) fn schedule_sleep(&mut self, slot: usize, length: SimDuration) {
        let frame = &self.frames[slot];
        let event = ScheduledEvent::SleepEnds {
            id: frame.id,
            generation: frame.generation,
        };
        self.schedule(length, event);
    }

    pub(super) fn segment_of(&self, id: InstanceId) -> SegmentId {
        self.frame_slot(id)
            .map_or(SegmentId(0), |slot| self.current_segment(slot))
    }
}
