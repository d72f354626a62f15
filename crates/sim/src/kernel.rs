//! The kernel: one clock, one agenda, and the state of every instance and thread.
//!
//! Advances the clock and applies the events that are due. The neighbouring files, each
//! an `impl Kernel` of its own, decide how a loop, a thread or a primitive reacts:
//!
//! ```text
//! agenda ─▶ kernel ─▶ threads (cores, GIL) ─▶ event_loop ─▶ steps ─▶ sync, offload, children …
//!              ▲                                                              │
//!              └──────── schedule, wake_thread, call_soon, record ◀───────────┘
//! ```
//!
//! **Invariant:** all events of one instant are applied before any thread continues, so
//! timers with the same deadline enter the same loop iteration.

use std::collections::{BTreeMap, VecDeque};

use crate::agenda::{Agenda, EventKey};
use crate::completed::Completions;
use crate::event_loop::{EventLoop, WorkResult};
use crate::frame::{BodyFrame, Exception};
use crate::gather::GatherFuture;
use crate::groups::TaskGroup;
use crate::instances::FrameSlot;
use crate::jobs::JobQueue;
use crate::offload::{DefaultExecutor, ProcessPool, ThreadLimiter};
use crate::program::CompiledProgram;
use crate::random::RandomStream;
use crate::sync::Primitive;
use crate::threads::{Cores, GilState, SimThread, ThreadId};
use model::limits;
use model::time::{SimDuration, SimTime};
use model::trace::{Deadlock, Ending, InstanceId, LaneId, Limit, Log, Record, Role, State, Trace};
use model::workload::{self, ResourceIndex, SegmentId, Workload};

/// An entry of the agenda: happens at a later instant.
#[derive(Clone, Copy, Debug)]
pub(super) enum ScheduledEvent {
    /// A sleep ends, unless the frame has moved on to a later generation.
    SleepEnds { id: InstanceId, generation: u32 },
    /// A timeout fires, unless its block has been left.
    TimeoutFires { id: InstanceId, serial: u32 },
    /// The next instance of a `run` arrives.
    InstanceArrives { run: u32 },
    /// A request comes one loop iteration closer to its handler; its loop will release
    /// the GIL `releases` more times before the handler starts.
    RequestApproaches { id: InstanceId, releases: u32 },
    /// A thread may have to stop computing: its segment is over, or another thread wants
    /// the GIL or the core.
    ComputingStops { thread: ThreadId, check: u32 },
    /// A blocking call returns, or delayed work reaches its thread.
    ThreadWakes { thread: ThreadId },
    /// A thread has waited for a pool's permit as long as it may.
    PermitWaitEnds { index: ResourceIndex, serial: u32 },
    /// The result of offloaded work reaches its loop.
    ResultArrives { number: u32 },
}

/// The whole state of a simulation.
#[derive(Debug)]
pub(super) struct Kernel<'w> {
    pub(super) workload: &'w Workload,
    pub(super) program: CompiledProgram,
    pub(super) now: SimTime,
    pub(super) agenda: Agenda<ScheduledEvent>,
    pub(super) next_sequence: u32,
    /// The serial number of the last `timeout` entered.
    pub(super) serial: u32,

    /// Frames of live instances, and unused ones (see `free_frames`).
    pub(super) frames: Vec<BodyFrame>,
    /// Indices of unused frames: their instances have ended.
    pub(super) free_frames: Vec<u32>,
    /// By instance: the index of its frame, or how it ended.
    pub(super) frame_slots: Vec<FrameSlot>,
    pub(super) failures: BTreeMap<InstanceId, Exception>,
    /// The instance that runs a step; records written meanwhile name it as their cause.
    pub(super) active_instance: Option<InstanceId>,

    pub(super) threads: Vec<SimThread>,
    pub(super) cores: Cores,
    pub(super) gils: Vec<GilState>,
    /// Threads that hold a core and their GIL and can continue, in order.
    pub(super) runnable: VecDeque<ThreadId>,
    /// Threads that began to wait for a GIL or a core at this instant. They are logged only
    /// if time passes before they get it.
    pub(super) newly_stalled: Vec<ThreadId>,

    pub(super) loops: Vec<EventLoop>,
    pub(super) limiters: Vec<ThreadLimiter>,
    pub(super) default_executors: Vec<DefaultExecutor>,
    pub(super) processes: ProcessPool,
    pub(super) jobs: JobQueue,
    /// Results on their way to their loop, by the number in their event.
    pub(super) late_results: BTreeMap<u32, (u16, WorkResult)>,
    /// The primitives of server 0, then those of server 1, and so on.
    pub(super) primitives: Vec<Primitive>,
    pub(super) gathers: Vec<GatherFuture>,
    pub(super) completions: Vec<Completions>,
    pub(super) groups: Vec<TaskGroup>,

    /// The progress of each `run`.
    pub(super) arrivals: Vec<RunProgress>,
    /// Arrivals of instant 0 that `main` still has to start, if tasks are eager.
    pub(super) at_start: VecDeque<InstanceId>,
    /// Functions on threads, processes and job workers that have not ended, queued ones included.
    pub(super) unfinished_work: u64,
    /// Instances created so far. Parts are not counted: see [`Role::Part`].
    pub(super) instance_count: u64,
    /// Instances of `run`s that have not ended, including those still to arrive.
    pub(super) unfinished_arrivals: u64,
    /// Requests that arrived while every server was busy: the socket's accept backlog.
    pub(super) backlog: VecDeque<InstanceId>,

    pub(super) trace: Trace,
    pub(super) limits: limits::RunLimits,
    pub(super) instances_max: u64,
    /// By task: the number of its latest instance.
    pub(super) instance_numbers: Vec<u32>,
    pub(super) steps: u64,
    /// [`Kernel::advance`] returns when `steps` reaches this.
    pause_at_step: u64,
    /// Steps since time last advanced.
    steps_at_instant: u64,
    /// The limit that ended the run, if one did.
    pub(super) stop: Option<Limit>,
}

/// The progress of a `run`.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunProgress {
    pub(super) arrived: u64,
    /// When the next instance arrives.
    pub(super) at: SimTime,
    /// The sequence number of the first arrival. Each arrival has its own, because the
    /// real program schedules all of them at the start.
    pub(super) first_sequence: u32,
}

/// The state of a simulation after a call of [`Simulation::advance`](super::Simulation::advance).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimulationProgress {
    /// Not finished; the simulated clock is at `at`.
    Under {
        at: SimTime,
    },
    Over,
}

impl<'w> Kernel<'w> {
    pub(super) fn new(workload: &'w Workload, run_limits: limits::RunLimits) -> Self {
        let machine = &workload.machine;
        let servers = machine.servers.max(1) as usize;
        let arrivals: u64 = workload.runs.iter().map(|run| run.count).sum();
        // Avoids regrowing the largest vectors; children may still make them grow.
        let expected = arrivals.min(limits::INSTANCES_MAX) as usize;
        let mut kernel = Self {
            workload,
            program: CompiledProgram::compile(workload),
            now: SimTime::ZERO,
            agenda: Agenda::new(),
            next_sequence: 0,
            serial: 0,
            frames: Vec::with_capacity(expected),
            free_frames: Vec::new(),
            frame_slots: Vec::with_capacity(expected),
            failures: BTreeMap::new(),
            active_instance: None,
            threads: Vec::new(),
            cores: Cores::new(machine.cores),
            gils: (0..servers).map(|_| GilState::new(machine)).collect(),
            runnable: VecDeque::new(),
            newly_stalled: Vec::new(),
            loops: Vec::new(),
            limiters: (0..servers)
                .map(|_| ThreadLimiter::new(machine.pool))
                .collect(),
            default_executors: (0..servers).map(|_| DefaultExecutor::default()).collect(),
            processes: ProcessPool::default(),
            jobs: JobQueue::new(machine),
            late_results: BTreeMap::new(),
            primitives: (0..servers)
                .flat_map(|_| workload.resources.iter().map(Primitive::new))
                .collect(),
            gathers: Vec::new(),
            completions: Vec::new(),
            groups: Vec::new(),
            arrivals: Vec::with_capacity(workload.runs.len()),
            at_start: VecDeque::new(),
            unfinished_work: 0,
            instance_count: 0,
            unfinished_arrivals: arrivals,
            backlog: VecDeque::new(),
            trace: Trace {
                instances: Vec::with_capacity(expected),
                lanes: Vec::new(),
                log: Log::default(),
                end: SimTime::ZERO,
                ending: Ending::Finished,
            },
            limits: run_limits,
            instances_max: limits::INSTANCES_MAX,
            instance_numbers: vec![0; workload.tasks.len()],
            steps: 0,
            pause_at_step: 0,
            steps_at_instant: 0,
            stop: (arrivals > limits::INSTANCES_MAX).then_some(Limit::Instances),
        };
        for server in 0..servers {
            kernel.start_loop(server as u16);
        }
        kernel
    }

    /// Runs for about `steps` steps, then returns, even inside a loop of the script that
    /// never lets time pass.
    pub(super) fn advance(&mut self, steps: u64) -> SimulationProgress {
        self.pause_at_step = self.steps.saturating_add(steps.max(1));
        while self.stop.is_none() {
            // Time advances only when no thread can continue at this instant.
            if let Some(thread) = self.runnable.pop_front() {
                self.resume_thread(thread);
            } else if !self.advance_to_next_instant() {
                return SimulationProgress::Over;
            }
            if self.is_time_to_pause() && self.stop.is_none() {
                return SimulationProgress::Under { at: self.now };
            }
        }
        SimulationProgress::Over
    }

    pub(super) fn is_time_to_pause(&self) -> bool {
        self.steps >= self.pause_at_step
    }

    /// Puts the thread back at the head of the queue; it keeps its GIL and its core.
    pub(super) fn requeue_front(&mut self, thread: ThreadId) {
        self.runnable.push_front(thread);
    }

    /// Moves the clock to the next event and applies all events of that instant.
    /// Returns false when the simulation is over.
    fn advance_to_next_instant(&mut self) -> bool {
        self.log_stalls();
        // After a limit the log ends within this instant, so the clock must stop here too.
        if self.stop.is_some() || self.is_finished() {
            return false;
        }
        let Some(next) = self.agenda.next_time() else {
            return false;
        };
        if self
            .workload
            .machine
            .until
            .is_some_and(|until| next > SimTime::ZERO + until)
        {
            return false;
        }
        if next > SimTime::ZERO + limits::HORIZON {
            self.stop = Some(Limit::Horizon);
            return false;
        }
        debug_assert!(next >= self.now, "the agenda holds an event of the past");
        if next > self.now {
            self.now = next;
            self.steps_at_instant = 0;
        }
        self.active_instance = None;
        while let Some(event) = self.agenda.pop_due(self.now) {
            self.apply_event(event);
        }
        true
    }

    /// Whether all loops are closed and all work has ended. Timers that are still on the
    /// agenda, e.g. those of abandoned timeouts, do not matter then.
    fn is_finished(&self) -> bool {
        self.unfinished_work == 0 && (0..self.loops.len()).all(|server| self.is_closed(server))
    }

    fn apply_event(&mut self, event: ScheduledEvent) {
        match event {
            ScheduledEvent::SleepEnds { id, generation } => self.sleep_is_over(id, generation),
            ScheduledEvent::TimeoutFires { id, serial } => self.timeout_is_due(id, serial),
            ScheduledEvent::InstanceArrives { run } => self.arrival_is_due(run),
            ScheduledEvent::RequestApproaches { id, releases } => {
                self.approach_continues(id, releases);
            }
            ScheduledEvent::ComputingStops { thread, check } => self.check_computing(thread, check),
            ScheduledEvent::ThreadWakes { thread } => self.wake_thread(thread),
            ScheduledEvent::PermitWaitEnds { index, serial } => {
                self.time_out_permit_wait(index, serial);
            }
            ScheduledEvent::ResultArrives { number } => self.result_arrives(number),
        }
    }

    pub(super) fn into_trace(mut self) -> Trace {
        self.assign_remaining_numbers();
        let until = self
            .workload
            .machine
            .until
            .map(|until| SimTime::ZERO + until);
        let last = self
            .trace
            .log
            .len()
            .checked_sub(1)
            .and_then(|last| self.trace.log.get(last));
        self.trace.end = last.map_or(SimTime::ZERO, |record| record.at);
        self.trace.ending = if let Some(limit) = self.stop {
            // The log may end earlier than the clock, e.g. in an endless loop.
            self.trace.end = self.now;
            Ending::Limit(limit)
        } else if let Some(until) =
            until.filter(|_| !self.is_finished() && self.agenda.next_time().is_some())
        {
            // Events were still to come.
            self.trace.end = until;
            Ending::Until
        } else if let Some(deadlock) = self.find_deadlock() {
            match until {
                // Tasks wait for ever, but only until the script stops the clock.
                Some(until) => {
                    self.trace.end = until;
                    Ending::Until
                }
                None => Ending::Deadlock(Deadlock {
                    at: self.trace.end,
                    ..deadlock
                }),
            }
        } else {
            Ending::Finished
        };
        self.trace
    }

    // Time

    pub(super) fn next_sequence_number(&mut self) -> u32 {
        self.next_sequence += 1;
        self.next_sequence
    }

    pub(super) fn schedule(&mut self, delay: SimDuration, event: ScheduledEvent) {
        let sequence = self.next_sequence_number();
        self.agenda.schedule(
            EventKey {
                at: self.now + delay,
                sequence,
            },
            event,
        );
    }

    pub(super) fn schedule_at(&mut self, at: SimTime, event: ScheduledEvent) {
        let sequence = self.next_sequence_number();
        self.agenda.schedule(EventKey { at, sequence }, event);
    }

    /// The time until the next event; nothing but turn-taking under the GIL happens before.
    pub(super) fn time_to_next_event(&self) -> SimDuration {
        let until = self
            .workload
            .machine
            .until
            .map(|until| SimTime::ZERO + until);
        let next = self.agenda.next_time().into_iter().chain(until).min();
        next.unwrap_or(SimTime::ZERO + limits::HORIZON)
            .since(self.now)
    }

    /// Counts a step towards the limits. `at` is the segment to name if time stands still.
    pub(super) fn count_step(&mut self, at: SegmentId) {
        self.steps += 1;
        self.steps_at_instant += 1;
        if self.steps > limits::STEPS_MAX {
            self.stop = Some(Limit::Steps);
        }
        if self.steps_at_instant > limits::STEPS_AT_ONCE_MAX {
            self.stop = Some(Limit::Spinning { segment: at });
        }
    }

    pub(super) fn task_of(&self, id: InstanceId) -> &'w workload::Task {
        self.workload.task(self.instance(id).task)
    }

    /// Draws a length from the instance's own stream.
    pub(super) fn draw_length(&mut self, slot: usize, length: workload::Length) -> SimDuration {
        // A fixed length takes no number from the stream.
        if let workload::Length::Fixed(duration) = length {
            return duration;
        }
        let id = self.frames[slot].id;
        let nth = self.frames[slot].draw_count;
        self.frames[slot].draw_count += 1;
        self.stream_of(id).nth_length(nth, length)
    }

    fn stream_of(&self, id: InstanceId) -> RandomStream {
        let instance = self.instance(id);
        let own = RandomStream::of_instance(
            self.workload.machine.seed,
            &self.workload.task(instance.task).name,
            instance.number,
        );
        match instance.role {
            Role::Part => own.substream(
                self.frame_slot(id)
                    .map_or(0, |slot| self.frames[slot].part_index),
            ),
            _ => own,
        }
    }

    // The log

    /// Appends a record to the log.
    #[inline]
    pub(super) fn record(
        &mut self,
        id: InstanceId,
        state: State,
        lane: LaneId,
        segment: SegmentId,
    ) {
        if let Some(slot) = self.frame_slot(id)
            && !state.is_mark()
        {
            self.frames[slot].logged_state = state;
        }
        if self.trace.log.len() as u64 >= self.limits.records {
            self.stop = Some(Limit::Records {
                most: self.limits.records,
            });
            return;
        }
        // An instance is never the cause of its own changes.
        let cause = self
            .active_instance
            .filter(|&active_instance| active_instance != id);
        let record = Record {
            at: self.now,
            instance: id,
            state,
            lane,
            segment,
            cause,
        };
        self.trace.log.push(record);
    }

    /// Logs that the instance waits for its loop, unless the log says so already.
    pub(super) fn record_ready(&mut self, slot: usize) {
        if self.frames[slot].logged_state != State::Ready {
            let segment = self.current_segment(slot);
            self.record(self.frames[slot].id, State::Ready, LaneId::NONE, segment);
        }
    }

    /// The segment of the op that the frame is at.
    pub(super) fn current_segment(&self, slot: usize) -> SegmentId {
        self.program.segments[self.frames[slot].pc as usize]
    }

    pub(super) fn lanes(&mut self) -> &mut Vec<model::trace::Lane> {
        &mut self.trace.lanes
    }
}
