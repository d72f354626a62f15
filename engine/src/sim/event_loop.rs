//! One event loop: its ready queue, its iterations, its beginning and end.
//!
//! As in `asyncio/base_events.py`: an iteration appends the timers that are due
//! to the ready queue, then runs exactly the handles that are in it; what they
//! add runs in the next one. Cancellation of everything that is left, and the
//! hops until the loop is closed, follow `asyncio/runners.py`.
//!
//! # What this leaves out
//!
//! - `asyncio.run` cancels leftover tasks in the order of a set; here it is
//!   the order of their creation.

use std::collections::VecDeque;

use crate::sim::kernel::{Event, Kernel};
use crate::sim::strand::{Callback, FutureState, Outcome, Raised, Wait};
use crate::sim::threads::{ThreadId, ThreadJob};
use crate::sorting::sort_by_number;
use crate::time::SimDuration;
use crate::trace::{InstanceId, LaneId, Role, State};
use crate::workload::{SegmentId, TaskKind};

#[derive(Debug)]
pub(super) struct EventLoop {
    pub(super) thread: ThreadId,
    ready: VecDeque<Handle>,
    /// Handles that are left of the current iteration.
    todo: usize,
    /// Timers that fell due since the iteration began.
    due: VecDeque<Handle>,
    /// Answers from other threads, in the order of their handles.
    answers: VecDeque<Answer>,
    /// The task whose step holds the loop across time.
    current: Option<InstanceId>,
    /// Its step, if that is still to begin: what it costs is being paid.
    unpaid: Option<Handle>,
    stage: Stage,
    /// Stop after this iteration.
    stopping: bool,
    main_is_waiting: bool,
    /// Leftover tasks whose end the loop awaits before it closes.
    leftovers: u64,
}

/// How far the program on a loop has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// `main` runs or waits for what the script's `run`s brought.
    Main,
    /// Everything that was left has been cancelled; ends when the last of it has ended.
    Cancelling,
    /// `shutdown_asyncgens`: two iterations.
    ClosingGenerators,
    /// `shutdown_default_executor`: until its threads are idle.
    ClosingExecutor,
    /// Nothing runs on it any more.
    Closed,
}

/// A callback in the ready queue.
#[derive(Clone, Copy, Debug)]
pub(super) enum Handle {
    /// A task's first step, or the one after a bare yield.
    Step(InstanceId),
    /// The future it waits for is done.
    Wakeup(InstanceId),
    /// Resolve the future of a sleep.
    SleepOver {
        id: InstanceId,
        turn: u32,
    },
    TimeoutOver {
        id: InstanceId,
        serial: u32,
    },
    /// A request is on its way to its handler; the loop will look for other things so often.
    Approach {
        id: InstanceId,
        releases: u32,
    },
    /// A request reaches its handler: the first step is to come.
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
        turn: u32,
        inner: InstanceId,
    },
    /// The front of the loop's answers.
    Answer,
    /// A cancelled wait for an executor: drop its work if it has not begun.
    DropWork(InstanceId),
    MainStart,
    /// A task that arrived has ended.
    MainChild,
    /// `main` goes on, and ends.
    MainWakeup,
    /// The done callback of what `run_until_complete` runs.
    Stop,
    /// The coroutine of a closing stage.
    CloseStep,
    /// The executor's threads have been joined.
    ExecutorJoined,
    /// A leftover task has ended.
    LeftoverEnded,
    LeftoversEnded,
}

/// Work done elsewhere reports back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// The AnyIO thread that is idle again.
    pub(super) thread: Option<ThreadId>,
    pub(super) owner: InstanceId,
    pub(super) turn: u32,
    pub(super) from: InstanceId,
    pub(super) raised: Option<Raised>,
}

impl EventLoop {
    /// The task whose step holds the loop; else those its handles are about, in order.
    pub(super) fn concerned(&self) -> impl Iterator<Item = InstanceId> + '_ {
        let mut answers = self.answers.iter();
        let concerns = move |&handle: &Handle| match handle {
            Handle::Step(id) | Handle::Wakeup(id) | Handle::Admit(id) => Some(id),
            Handle::SleepOver { id, .. } | Handle::TimeoutOver { id, .. } => Some(id),
            Handle::Approach { id, .. } => Some(id),
            Handle::Answer => answers.next().map(|answer| answer.owner),
            _ => None,
        };
        self.current
            .into_iter()
            .chain(self.ready.iter().chain(&self.due).filter_map(concerns))
    }

    pub(super) fn is_in_a_step(&self) -> bool {
        self.current.is_some()
    }
}

impl Kernel<'_> {
    /// The first server's `main` brings the arrivals; the others wait for requests.
    pub(super) fn start_loop(&mut self, server: u16) {
        let begins = server == 0;
        let thread = self.new_thread(ThreadJob::Loop { server });
        self.loops.push(EventLoop {
            thread,
            ready: begins.then_some(Handle::MainStart).into_iter().collect(),
            todo: 0,
            due: VecDeque::new(),
            answers: VecDeque::new(),
            current: None,
            unpaid: None,
            stage: Stage::Main,
            stopping: false,
            main_is_waiting: !begins,
            leftovers: 0,
        });
        if begins {
            self.wake(thread);
        }
    }

    pub(super) fn event_loop(&mut self, server: u16) -> &mut EventLoop {
        &mut self.loops[server as usize]
    }

    /// `loop.call_soon`, from this thread or another.
    pub(super) fn call_soon(&mut self, server: u16, handle: Handle) {
        let event_loop = self.event_loop(server);
        if event_loop.stage == Stage::Closed {
            return;
        }
        event_loop.ready.push_back(handle);
        self.wake_loop(server);
    }

    fn wake_loop(&mut self, server: u16) {
        let thread = self.event_loop(server).thread;
        if self.is_idle(thread) {
            self.wake(thread);
        }
    }

    /// A timer fell due; its handle waits for the next iteration.
    fn fall_due(&mut self, server: u16, handle: Handle) {
        let event_loop = self.event_loop(server);
        if event_loop.stage == Stage::Closed {
            return;
        }
        event_loop.due.push_back(handle);
        self.wake_loop(server);
    }

    // Timers

    pub(super) fn sleep_is_over(&mut self, id: InstanceId, turn: u32) {
        let Some(slot) = self.slot(id) else { return };
        let strand = &self.strands[slot];
        if strand.turn != turn || strand.wait != Wait::Future(FutureState::Pending) {
            return;
        }
        let server = strand.server;
        if self.event_loop(server).stage != Stage::Closed {
            self.record_ready(slot);
        }
        self.fall_due(server, Handle::SleepOver { id, turn });
    }

    pub(super) fn timeout_is_due(&mut self, id: InstanceId, serial: u32) {
        let Some(slot) = self.slot(id) else { return };
        if self.strands[slot].timeout(serial).is_some() {
            let server = self.strands[slot].server;
            self.fall_due(server, Handle::TimeoutOver { id, serial });
        }
    }

    /// With one server an arrival is a timer of its loop; several share a socket.
    pub(super) fn arrival_is_due(&mut self, run: u32) {
        self.advance_run(run);
        if self.loops.len() == 1 {
            let id = self.bring(run, 0);
            self.show_ready(id);
            let handle = self.on_its_way(id, Handle::Admit(id));
            self.fall_due(0, handle);
        } else {
            self.arrive(run);
        }
        self.schedule_next_arrival(run);
    }

    // Arrivals

    /// A new instance of a `run`, on a server that is free to accept it.
    pub(super) fn arrive(&mut self, run: u32) {
        let free = self.loops.iter().position(|event_loop| {
            event_loop.stage == Stage::Main && !self.is_held(event_loop.thread)
        });
        let id = self.bring(run, free.unwrap_or(0) as u16);
        self.number(id);
        match free {
            Some(server) => self.accept(id, server as u16),
            None => {
                let slot = self.slot(id).expect("just created");
                let segment = self.segment(slot);
                self.record(id, State::Unaccepted, LaneId::NONE, segment);
                self.backlog.push_back(id);
            }
        }
    }

    fn bring(&mut self, run: u32, server: u16) -> InstanceId {
        let task = self.workload.runs[run as usize].task;
        let (role, entry) = match self.workload.task(task).kind {
            TaskKind::Async => (Role::Arrived, self.program.entries[task.0 as usize]),
            TaskKind::Sync => {
                let handler = self.program.handlers[task.0 as usize];
                (
                    Role::Handler,
                    handler.expect("every sync task has a handler"),
                )
            }
        };
        self.create(task, None, role, server, entry)
    }

    fn accept(&mut self, id: InstanceId, server: u16) {
        self.move_to_server(id, server);
        self.show_ready(id);
        let handle = self.on_its_way(id, Handle::Step(id));
        self.call_soon(server, handle);
    }

    /// What a loop does with a request at first, `then` being what it does where nobody
    /// counts how often it lets go of the GIL meanwhile.
    fn on_its_way(&self, id: InstanceId, then: Handle) -> Handle {
        match self.workload.machine.costs.releases {
            0 => then,
            releases => Handle::Approach { id, releases },
        }
    }

    /// The loop's `select` is over, which took no time but let others have the GIL.
    pub(super) fn approached(&mut self, id: InstanceId, releases: u32) {
        let server = self.instance(id).server;
        let handle = match releases {
            0 if self.instance(id).number == 0 => Handle::Admit(id),
            0 => Handle::Step(id),
            _ => Handle::Approach { id, releases },
        };
        self.fall_due(server, handle);
    }

    /// It has arrived: nobody brought it.
    fn show_ready(&mut self, id: InstanceId) {
        let actor = self.actor.take();
        let slot = self.slot(id).expect("an arriving instance is alive");
        self.record_ready(slot);
        self.actor = actor;
    }

    /// A loop that comes back to `select` accepts everything that piled up.
    fn accept_backlog(&mut self, server: u16) {
        if self.event_loop(server).stage == Stage::Main {
            while let Some(id) = self.backlog.pop_front() {
                self.accept(id, server);
            }
        }
    }

    // Iterations

    /// The loop's thread has the GIL and a core: handles run until one needs time, or none is left.
    pub(super) fn run_loop(&mut self, server: u16) {
        let current = self.event_loop(server).current.take();
        let unpaid = self.event_loop(server).unpaid.take();
        let held = match (current, unpaid) {
            (_, Some(handle)) => self.run_handle(server, handle),
            (Some(id), None) => (!self.go_on_with_step(id)).then_some(id),
            (None, None) => None,
        };
        if let Some(id) = held {
            return self.hold(server, id);
        }
        while self.stop.is_none() {
            if self.is_time_to_pause() {
                let thread = self.event_loop(server).thread;
                return self.go_on_later(thread);
            }
            if self.event_loop(server).todo == 0 && !self.begin_iteration(server) {
                return;
            }
            let event_loop = self.event_loop(server);
            event_loop.todo -= 1;
            let handle = event_loop
                .ready
                .pop_front()
                .expect("todo counts what is in the queue");
            if let Some(id) = self.pay(server, handle) {
                return self.hold(server, id);
            }
            if let Some(id) = self.run_handle(server, handle) {
                return self.hold(server, id);
            }
        }
    }

    /// What a step costs, before it begins: its loop computes for so long.
    fn pay(&mut self, server: u16, handle: Handle) -> Option<InstanceId> {
        let costs = &self.workload.machine.costs;
        // Usually nothing costs anything, and nobody is looked up for that.
        if costs.hop.is_zero() && costs.http.is_zero() {
            return None;
        }
        let (Handle::Step(id) | Handle::Wakeup(id)) = handle else {
            return None;
        };
        let slot = self.slot(id)?;
        let arrived = matches!(self.instance(id).role, Role::Arrived | Role::Handler);
        let request = match arrived && !self.strands[slot].begun {
            true => costs.http,
            false => SimDuration::ZERO,
        };
        let cost = costs.hop + request;
        if cost.is_zero() {
            return None;
        }
        self.actor = None;
        let segment = self.segment(slot);
        let event_loop = self.event_loop(server);
        event_loop.unpaid = Some(handle);
        let thread = event_loop.thread;
        self.burn(thread, id, segment, cost);
        Some(id)
    }

    fn hold(&mut self, server: u16, id: InstanceId) {
        self.event_loop(server).current = Some(id);
    }

    /// Who was shown to wait for the GIL in the loop's place waits for the loop again.
    pub(super) fn end_stall(&mut self, thread: ThreadId) {
        let Some(id) = self.thread(thread).stall_shown.take() else {
            return;
        };
        if let ThreadJob::Loop { server } = self.thread(thread).job
            && self.event_loop(server).current != Some(id)
            && let Some(slot) = self.slot(id)
        {
            self.actor = None;
            self.record_ready(slot);
        }
    }

    /// False if the loop has nothing to do: it is idle, or closed.
    fn begin_iteration(&mut self, server: u16) -> bool {
        if self.event_loop(server).stopping {
            self.next_stage(server);
        }
        self.accept_backlog(server);
        let event_loop = self.event_loop(server);
        let closed = event_loop.stage == Stage::Closed;
        let due = std::mem::take(&mut event_loop.due);
        event_loop.ready.extend(due);
        event_loop.todo = event_loop.ready.len();
        if closed || event_loop.todo == 0 {
            let thread = event_loop.thread;
            self.idle(thread);
            return false;
        }
        true
    }

    /// Runs one callback. `Some` if its task now holds the loop across time.
    fn run_handle(&mut self, server: u16, handle: Handle) -> Option<InstanceId> {
        self.actor = None;
        match handle {
            Handle::Step(id) => return (!self.step(id, None)).then_some(id),
            Handle::Wakeup(id) => {
                let raised = self.result_of_wait(id);
                return (!self.step(id, raised)).then_some(id);
            }
            Handle::SleepOver { id, turn } => self.resolve_turn(id, turn, None),
            Handle::TimeoutOver { id, serial } => self.timeout_fires(id, serial),
            Handle::Approach { id, releases } => {
                let releases = releases - 1;
                self.schedule(SimDuration::ZERO, Event::Approach { id, releases });
            }
            Handle::Admit(id) => {
                self.number(id);
                self.call_soon(server, Handle::Step(id));
            }
            Handle::GatherChild { gather, child } => self.gather_child_ended(gather, child),
            Handle::GroupChild { group, child } => self.group_child_ended(group, child),
            Handle::ShieldChild { owner, turn, inner } => self.shielded_ended(owner, turn, inner),
            Handle::Answer => self.take_answer(server),
            Handle::DropWork(id) => self.drop_work(id),
            Handle::MainStart => self.main_starts(server),
            Handle::MainChild => self.main_child_ended(),
            Handle::MainWakeup => self.call_soon(server, Handle::Stop),
            Handle::Stop => self.event_loop(server).stopping = true,
            Handle::CloseStep => self.close_step(server),
            Handle::ExecutorJoined => self.call_soon(server, Handle::MainWakeup),
            Handle::LeftoverEnded => {
                let event_loop = self.event_loop(server);
                event_loop.leftovers -= 1;
                if event_loop.leftovers == 0 {
                    self.call_soon(server, Handle::LeftoversEnded);
                }
            }
            Handle::LeftoversEnded => self.event_loop(server).stopping = true,
        }
        None
    }

    /// What the future a task waited for has to say.
    fn result_of_wait(&mut self, id: InstanceId) -> Option<Raised> {
        let slot = self.slot(id).expect("a task that is woken is alive");
        let segment = self.segment(slot);
        let strand = &mut self.strands[slot];
        match strand.wait {
            Wait::Nothing => None,
            Wait::Future(FutureState::Cancelled) => Some(Raised::cancelled(segment)),
            Wait::Future(_) => strand
                .extra
                .as_mut()
                .and_then(|extra| extra.delivered.take()),
            Wait::Task(child) => match self.outcome(child) {
                Some(Outcome::Failed(raised)) => Some(raised),
                Some(Outcome::Cancelled) => Some(Raised::cancelled(segment)),
                Some(Outcome::Done) | None => None,
            },
            Wait::Gather(gather) => self.gathers[gather as usize].raised(),
        }
    }

    /// Work that was done elsewhere tells its owner's loop, which hears of it so much later.
    pub(super) fn answer(&mut self, server: u16, answer: Answer, delay: SimDuration) {
        if delay.is_zero() {
            return self.answered(server, answer);
        }
        let number = self.sequence();
        self.late_answers.insert(number, (server, answer));
        self.schedule(delay, Event::Answered { number });
    }

    pub(super) fn answer_is_there(&mut self, number: u32) {
        if let Some((server, answer)) = self.late_answers.remove(&number) {
            self.answered(server, answer);
        }
    }

    fn answered(&mut self, server: u16, answer: Answer) {
        if self.event_loop(server).stage == Stage::Closed {
            return;
        }
        if let Some(slot) = self.slot(answer.owner) {
            let strand = &self.strands[slot];
            if strand.turn == answer.turn && strand.wait == Wait::Future(FutureState::Pending) {
                self.actor = Some(answer.from);
                self.record_ready(slot);
            }
        }
        self.event_loop(server).answers.push_back(answer);
        self.call_soon(server, Handle::Answer);
    }

    fn take_answer(&mut self, server: u16) {
        let Some(answer) = self.event_loop(server).answers.pop_front() else {
            return;
        };
        if let Some(thread) = answer.thread {
            self.limiters[server as usize].idle.push(thread);
        }
        self.actor = Some(answer.from);
        self.resolve_turn(answer.owner, answer.turn, answer.raised);
    }

    // Beginning and end

    fn main_starts(&mut self, server: u16) {
        self.begin_runs();
        self.event_loop(server).main_is_waiting = true;
        if self.outstanding == 0 {
            self.call_soon(server, Handle::MainWakeup);
        }
    }

    fn main_child_ended(&mut self) {
        self.outstanding -= 1;
        if self.outstanding == 0 {
            for server in 0..self.loops.len() {
                if self.loops[server].main_is_waiting {
                    self.call_soon(server as u16, Handle::MainWakeup);
                }
            }
        }
    }

    /// `run_until_complete` has returned; `asyncio.run` goes on.
    fn next_stage(&mut self, server: u16) {
        self.event_loop(server).stopping = false;
        let stage = self.event_loop(server).stage;
        let next = match stage {
            Stage::Main if self.cancel_leftovers(server) => Stage::Cancelling,
            Stage::Main | Stage::Cancelling => Stage::ClosingGenerators,
            Stage::ClosingGenerators => Stage::ClosingExecutor,
            Stage::ClosingExecutor | Stage::Closed => Stage::Closed,
        };
        self.event_loop(server).stage = next;
        match next {
            Stage::ClosingGenerators | Stage::ClosingExecutor => {
                self.call_soon(server, Handle::CloseStep);
            }
            Stage::Closed => {
                let event_loop = self.event_loop(server);
                event_loop.ready.clear();
                event_loop.due.clear();
            }
            Stage::Main | Stage::Cancelling => {}
        }
    }

    /// Cancels every task that is left on the loop. False if there is none.
    fn cancel_leftovers(&mut self, server: u16) -> bool {
        let mut leftovers: Vec<InstanceId> = self
            .live_coroutines()
            .filter(|&(_, at)| at == server)
            .map(|(id, _)| id)
            .collect();
        sort_by_number(&mut leftovers, |id| u64::from(id.0));
        self.actor = None;
        for &id in &leftovers {
            self.cancel(id);
        }
        for &id in &leftovers {
            self.strand(id).extra().callbacks.push(Callback::Leftover);
        }
        self.event_loop(server).leftovers = leftovers.len() as u64;
        !leftovers.is_empty()
    }

    /// Coroutines that have not ended, with their servers, in no particular order.
    pub(super) fn live_coroutines(&self) -> impl Iterator<Item = (InstanceId, u16)> + '_ {
        let strands = self.strands.iter().enumerate();
        strands.filter_map(|(slot, strand)| {
            let alive = self.slot(strand.id) == Some(slot);
            (alive && strand.owner.is_none() && self.instance(strand.id).role != Role::Sent)
                .then_some((strand.id, strand.server))
        })
    }

    fn close_step(&mut self, server: u16) {
        let closing_executor = self.event_loop(server).stage == Stage::ClosingExecutor;
        if !(closing_executor && self.own_executor_is_busy(server)) {
            self.call_soon(server, Handle::Stop);
        }
    }

    /// The last thread of the loop's own executor became idle.
    pub(super) fn own_executor_is_idle(&mut self, server: u16) {
        let event_loop = self.event_loop(server);
        if event_loop.stage == Stage::ClosingExecutor {
            self.call_soon(server, Handle::ExecutorJoined);
        }
    }

    /// Whether everything that could still end on this loop has ended.
    pub(super) fn is_closed(&self, server: usize) -> bool {
        self.loops[server].stage == Stage::Closed
    }

    pub(super) fn schedule_sleep(&mut self, slot: usize, length: crate::time::SimDuration) {
        let strand = &self.strands[slot];
        let event = Event::Sleep {
            id: strand.id,
            turn: strand.turn,
        };
        self.schedule(length, event);
    }

    pub(super) fn segment_of(&self, id: InstanceId) -> SegmentId {
        self.slot(id)
            .map_or(SegmentId(0), |slot| self.segment(slot))
    }
}
