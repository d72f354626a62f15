//! Arrivals: the instances of a script's `run`s, and the server that accepts each.
//!
//! The number of an instance is left to [`crate::instances`].

use crate::agenda::EventKey;
use crate::event_loop::{LoopHandle, LoopStage};
use crate::kernel::{Kernel, RunProgress, ScheduledEvent};
use crate::random::RandomStream;
use model::time::{SimDuration, SimTime};
use model::trace::{InstanceId, LaneId, Role, State};
use model::workload::{Arrivals, Length, TaskKind};

impl Kernel<'_> {
    /// The beginning of `main`: creates the arrivals of instant 0, and schedules the others.
    pub(super) fn start_runs(&mut self) {
        for index in 0..self.workload.runs.len() {
            let run = &self.workload.runs[index];
            let count = u32::try_from(run.count).unwrap_or(u32::MAX);
            // Reserves a number for every arrival, ahead of all later events.
            let first_sequence = self.next_sequence.saturating_add(1);
            self.next_sequence = self.next_sequence.saturating_add(count);
            let at = match run.arrivals {
                Arrivals::Together { at } => SimTime::ZERO + at,
                Arrivals::Every { start, .. } => SimTime::ZERO + start,
                Arrivals::Poisson { start, .. } => {
                    SimTime::ZERO + start + self.poisson_gap(index, 0)
                }
            };
            self.arrivals.push(RunProgress {
                arrived: 0,
                at,
                first_sequence,
            });
            let run = index as u32;
            // Arrivals at 0 are created by `main` itself, in the order of the script.
            while self.stop.is_none() && self.next_arrival(run) == Some(SimTime::ZERO) {
                self.count_arrival(run);
                if self.main_starts_eagerly() {
                    let id = self.create_arrival(run, 0);
                    self.record_arrival_ready(id);
                    self.at_start.push_back(id);
                } else {
                    self.dispatch_arrival(run);
                }
            }
            self.schedule_next_arrival(run);
        }
    }

    /// Whether the first steps of the arrivals of instant 0 run inside that of `main`. Several
    /// servers get them from a socket; there a callback of the loop creates the task.
    fn main_starts_eagerly(&self) -> bool {
        let machine = &self.workload.machine;
        machine.starts_eagerly() && machine.servers <= 1 && machine.costs.releases == 0
    }

    fn next_arrival(&self, run: u32) -> Option<SimTime> {
        let progress = self.arrivals[run as usize];
        (progress.arrived < self.workload.runs[run as usize].count).then_some(progress.at)
    }

    pub(super) fn schedule_next_arrival(&mut self, run: u32) {
        if let Some(at) = self.next_arrival(run) {
            let progress = self.arrivals[run as usize];
            let sequence = progress
                .first_sequence
                .saturating_add(progress.arrived as u32);
            self.agenda.schedule(
                EventKey { at, sequence },
                ScheduledEvent::InstanceArrives { run },
            );
        }
    }

    /// Counts one arrival of a run and sets the time of the next.
    pub(super) fn count_arrival(&mut self, run: u32) {
        let arrived = self.arrivals[run as usize].arrived + 1;
        let gap = match self.workload.runs[run as usize].arrivals {
            Arrivals::Together { .. } => SimDuration::ZERO,
            Arrivals::Every { gap, .. } => gap,
            Arrivals::Poisson { .. } => self.poisson_gap(run as usize, arrived as u32),
        };
        let progress = &mut self.arrivals[run as usize];
        progress.arrived = arrived;
        progress.at += gap;
    }

    /// The gap before the `nth` arrival. Two runs of one task draw from different streams.
    fn poisson_gap(&self, run: usize, nth: u32) -> SimDuration {
        let runs = &self.workload.runs;
        let Arrivals::Poisson { gap, .. } = runs[run].arrivals else {
            return SimDuration::ZERO;
        };
        let task = runs[run].task;
        let earlier = runs[..run]
            .iter()
            .filter(|other| other.task == task)
            .count() as u32;
        let name = &self.workload.task(task).name;
        RandomStream::of_instance(self.workload.machine.seed, name, 0)
            .substream(earlier)
            .nth_length(nth, Length::Exponential { mean: gap })
    }

    /// Creates an arrival: a timer of the loop, or a request on the socket that several
    /// servers share.
    pub(super) fn arrival_is_due(&mut self, run: u32) {
        self.count_arrival(run);
        if self.loops.len() == 1 {
            let id = self.create_arrival(run, 0);
            self.record_arrival_ready(id);
            let handle = self.approach_handle(id, LoopHandle::Admit(id));
            self.push_due_handle(0, handle);
        } else {
            self.dispatch_arrival(run);
        }
        self.schedule_next_arrival(run);
    }

    /// Creates an instance of a `run` and gives it to the first server that is free to
    /// accept it.
    pub(super) fn dispatch_arrival(&mut self, run: u32) {
        let free = self.loops.iter().position(|event_loop| {
            event_loop.stage == LoopStage::Main && !self.is_unavailable(event_loop.thread)
        });
        let id = self.create_arrival(run, free.unwrap_or(0) as u16);
        self.assign_number(id);
        match free {
            Some(server) => self.accept_arrival(id, server as u16),
            None => {
                let slot = self.frame_slot(id).expect("just created");
                let segment = self.current_segment(slot);
                self.record(id, State::Unaccepted, LaneId::NONE, segment);
                self.backlog.push_back(id);
            }
        }
    }

    fn create_arrival(&mut self, run: u32, server: u16) -> InstanceId {
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
        self.create_instance(task, None, role, server, entry)
    }

    fn accept_arrival(&mut self, id: InstanceId, server: u16) {
        self.move_to_server(id, server);
        self.record_arrival_ready(id);
        let handle = self.approach_handle(id, LoopHandle::Step(id));
        self.call_soon(server, handle);
    }

    /// The first handle of a request: `then`, or an [`LoopHandle::Approach`] that leads to
    /// it if the machine's costs say how often the loop releases the GIL before.
    fn approach_handle(&self, id: InstanceId, then: LoopHandle) -> LoopHandle {
        match self.workload.machine.costs.releases {
            0 => then,
            releases => LoopHandle::Approach { id, releases },
        }
    }

    /// Continues after a `select`, which took no time but let other threads take the GIL.
    pub(super) fn approach_continues(&mut self, id: InstanceId, releases: u32) {
        let server = self.instance(id).server;
        let handle = match releases {
            0 if self.instance(id).number == 0 => LoopHandle::Admit(id),
            0 => LoopHandle::Step(id),
            _ => LoopHandle::Approach { id, releases },
        };
        self.push_due_handle(server, handle);
    }

    /// Logs that an arrival is ready, without a cause.
    fn record_arrival_ready(&mut self, id: InstanceId) {
        let active_instance = self.active_instance.take();
        let slot = self.frame_slot(id).expect("an arriving instance is alive");
        self.record_ready(slot);
        self.active_instance = active_instance;
    }

    /// Accepts the whole backlog, as a loop does when it returns to `select`.
    pub(super) fn accept_backlog(&mut self, server: u16) {
        if self.event_loop(server).stage == LoopStage::Main {
            while let Some(id) = self.backlog.pop_front() {
                self.accept_arrival(id, server);
            }
        }
    }
}
