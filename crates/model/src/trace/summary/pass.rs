//! One pass over the log that computes the summary. Its memory is proportional to the number of
//! instances.

use super::{
    CpuUse, LaneUse, LongestInterval, OptionalTime, Outcome, Outcomes, Percentiles, Summary,
    TaskSummary, Times,
};
use crate::cooperative;
use crate::time::{SimDuration, SimTime};
use crate::trace::events::{Event, EventDeriver, EventKind};
use crate::trace::{InstanceId, LaneId, LaneKind, Record, Role, State, Trace};
use crate::workload::{TaskIndex, Workload};

const UNKNOWN: Times = Times {
    at: SimTime::MAX,
    start: OptionalTime(None),
    finish: OptionalTime(None),
    respond: OptionalTime(None),
    end: OptionalTime(None),
    outcome: Outcome::Running,
};

pub(super) struct SummaryPass<'a> {
    deriver: EventDeriver<'a>,
    counts: SummaryCounts<'a>,
}

/// The numbers so far. Apart from the deriver, which hands events to them while it is at work.
struct SummaryCounts<'a> {
    trace: &'a Trace,
    now: SimTime,
    open: Vec<OpenState>,
    current_levels: ConcurrencyLevels,
    summary: Summary,
}

/// The current state of an instance.
#[derive(Clone, Copy)]
struct OpenState {
    /// `None` before its first record and after its last.
    state: Option<State>,
    lane: LaneId,
    since: SimTime,
    /// When it began to hold its lane without a break, or when it requested work elsewhere.
    hold_since: SimTime,
    /// The offloaded work that ended and woke it, or [`NO_WORK`]: half of an `Option`, for there are
    /// millions.
    result_of: InstanceId,
}

const NO_WORK: InstanceId = InstanceId(u32::MAX);

/// The current numbers of busy threads and queued instances.
#[derive(Default)]
struct ConcurrencyLevels {
    threads: u32,
    pool_queue: u32,
}

impl<'a> SummaryPass<'a> {
    pub(super) async fn new(workload: &Workload, trace: &'a Trace) -> Self {
        let total = trace.end.since(SimTime::ZERO);
        let not_open = OpenState {
            state: None,
            lane: LaneId::NONE,
            since: SimTime::ZERO,
            hold_since: SimTime::ZERO,
            result_of: NO_WORK,
        };
        let counts = SummaryCounts {
            trace,
            now: SimTime::ZERO,
            open: cooperative::filled_vec(not_open, trace.instances.len()).await,
            current_levels: ConcurrencyLevels::default(),
            summary: Summary {
                total,
                times: cooperative::filled_vec(UNKNOWN, trace.instances.len()).await,
                tasks: vec![TaskSummary::default(); workload.tasks.len()],
                arrivals: Outcomes::default(),
                loop_lag: None,
                freeze: None,
                threads_peak: 0,
                pool_queue_peak: 0,
                cpu: CpuUse {
                    used: SimDuration::ZERO,
                    offered: total.saturating_mul(u64::from(workload.machine.cores)),
                },
                lanes: vec![LaneUse::default(); trace.lanes.len()],
            },
        };
        Self {
            deriver: EventDeriver::new(trace).await,
            counts,
        }
    }

    #[inline]
    pub(super) fn count_record(&mut self, number: usize, record: Record) {
        let Self { deriver, counts } = self;
        if counts.now < record.at {
            counts.instant_is_over();
            counts.now = record.at;
        }
        deriver.derive_events(record, &mut |event| counts.apply_event(number, event));
        if !record.state.is_mark() {
            counts.change_state(record);
        }
    }

    pub(super) async fn finish(self, workload: &Workload) -> Summary {
        // Millions of instances: freed before the latencies need memory.
        drop(self.deriver);
        self.counts.finish(workload).await
    }
}

impl SummaryCounts<'_> {
    /// Updates the peaks. Called at the end of each instant: a level that lasts no time is not a
    /// peak.
    fn instant_is_over(&mut self) {
        let summary = &mut self.summary;
        summary.threads_peak = summary.threads_peak.max(self.current_levels.threads);
        summary.pool_queue_peak = summary.pool_queue_peak.max(self.current_levels.pool_queue);
    }

    #[inline]
    fn apply_event(&mut self, number: usize, event: Event) {
        // Most events change nothing here, e.g. every turn.
        if !matches!(
            event.kind,
            EventKind::Arrive
                | EventKind::Start
                | EventKind::Respond
                | EventKind::Finish
                | EventKind::Fail
                | EventKind::Cancel
        ) {
            return;
        }
        let id = self.owning_instance(event.instance);
        let times = &mut self.summary.times[id.0 as usize];
        match event.kind {
            EventKind::Arrive => times.at = event.at,
            EventKind::Start => {
                times.start.set_once(event.at);
                // Offloaded work has no `Arrive`: it arrives when its caller requests it.
                if times.at == SimTime::MAX {
                    let asked = self.requested_at(id);
                    self.summary.times[id.0 as usize].at = asked.unwrap_or(event.at);
                }
            }
            EventKind::Respond => times.respond.set_once(event.at),
            EventKind::Finish | EventKind::Fail | EventKind::Cancel => {
                times.finish = OptionalTime::some(event.at);
                self.body_ended(number, id, event);
            }
            _ => {}
        }
    }

    /// Records the end of a body.
    fn body_ended(&mut self, number: usize, id: InstanceId, event: Event) {
        let instance = self.trace.instance(id);
        self.summary.tasks[instance.task.0 as usize].last_end = Some(number);
        let times = &mut self.summary.times[id.0 as usize];
        // A handler and offloaded work respond later, on the loop.
        let responds_now = !matches!(instance.role, Role::Handler | Role::Offloaded);
        if responds_now && event.kind != EventKind::Cancel {
            times.respond.set_once(event.at);
        }
    }

    /// The instance that owns a body: for the body of a `def` handler, the handler.
    fn owning_instance(&self, id: InstanceId) -> InstanceId {
        let instance = self.trace.instance(id);
        let handler = instance
            .parent
            .filter(|&parent| self.trace.instance(parent).role == Role::Handler);
        match instance.role {
            Role::Part => handler.unwrap_or(id),
            _ => id,
        }
    }

    /// When offloaded work was requested. Its caller has waited since then.
    fn requested_at(&self, id: InstanceId) -> Option<SimTime> {
        let instance = self.trace.instance(id);
        let caller = instance
            .parent
            .filter(|_| instance.role == Role::Offloaded)?;
        let caller = &self.open[caller.0 as usize];
        caller.state.filter(|&state| is_elsewhere(state))?;
        Some(caller.hold_since)
    }

    fn change_state(&mut self, record: Record) {
        let id = record.instance;
        let before = self.open[id.0 as usize];
        self.end_state(id, before, record.at);
        self.track_result(record, before);
        let state = (!record.state.is_terminal()).then_some(record.state);
        // A step may pass through several states, e.g. `Running`, `QueuedGil`, `Running`.
        let goes_on = match (before.state, state) {
            (Some(old), Some(new)) => {
                (is_elsewhere(old) && is_elsewhere(new)) || same_hold(old, new)
            }
            _ => false,
        };
        let was_freeze = before.state.is_some_and(State::holds_lane) && !goes_on;
        if was_freeze {
            self.hold_is_over(id, before, record.at);
        }
        self.begin_state(state, record.lane);
        let open = &mut self.open[id.0 as usize];
        open.state = state;
        open.lane = record.lane;
        open.since = record.at;
        if !goes_on {
            open.hold_since = record.at;
        }
        let outcome = match record.state {
            State::Done => Outcome::Done,
            State::Failed => Outcome::Failed,
            State::Cancelled => Outcome::Cancelled,
            _ => return,
        };
        let times = &mut self.summary.times[id.0 as usize];
        times.outcome = outcome;
        times.end = OptionalTime::some(record.at);
    }

    /// Sets the response time of offloaded work: the instant at which the loop runs its caller.
    fn track_result(&mut self, record: Record, before: OpenState) {
        let open = &mut self.open[record.instance.0 as usize];
        if open.result_of != NO_WORK && record.state != State::Ready {
            let work = std::mem::replace(&mut open.result_of, NO_WORK);
            self.summary.times[work.0 as usize]
                .respond
                .set_once(record.at);
        } else if before.state == Some(State::Offloaded) && record.state == State::Ready {
            let work = record.cause.filter(|&cause| {
                let work = self.trace.instance(cause);
                work.role == Role::Offloaded && work.parent == Some(record.instance)
            });
            open.result_of = work.unwrap_or(NO_WORK);
        }
    }

    /// Adds the interval from `before` to `end` to the numbers.
    fn end_state(&mut self, id: InstanceId, before: OpenState, end: SimTime) {
        let Some(state) = before.state else { return };
        let length = end.since(before.since);
        // `LaneId::NONE` is no index, so waiting adds to no lane.
        if let Some(lane) = self.summary.lanes.get_mut(before.lane.0 as usize) {
            match state {
                State::Running => lane.running += length,
                State::Blocking => lane.blocking += length,
                _ => lane.waiting += length,
            }
        }
        match state {
            State::Running => self.summary.cpu.used += length,
            State::QueuedToken => self.current_levels.pool_queue -= 1,
            State::Ready if !length.is_zero() => LongestInterval::keep_longer(
                &mut self.summary.loop_lag,
                LongestInterval {
                    length,
                    instance: id,
                    start: before.since,
                },
            ),
            _ => {}
        }
        if self.is_thread(state, before.lane) {
            self.current_levels.threads -= 1;
        }
    }

    fn begin_state(&mut self, state: Option<State>, lane: LaneId) {
        let Some(state) = state else { return };
        if state == State::QueuedToken {
            self.current_levels.pool_queue += 1;
        }
        if self.is_thread(state, lane) {
            self.current_levels.threads += 1;
        }
    }

    fn is_thread(&self, state: State, lane: LaneId) -> bool {
        let kind = self.trace.lane(lane).map(|lane| lane.kind);
        state.holds_lane() && matches!(kind, Some(LaneKind::PoolThread | LaneKind::ExecutorThread))
    }

    fn hold_is_over(&mut self, id: InstanceId, before: OpenState, end: SimTime) {
        let on_loop = self
            .trace
            .lane(before.lane)
            .is_some_and(|lane| lane.kind == LaneKind::Loop);
        let length = end.since(before.hold_since);
        if on_loop && !length.is_zero() {
            LongestInterval::keep_longer(
                &mut self.summary.freeze,
                LongestInterval {
                    length,
                    instance: id,
                    start: before.hold_since,
                },
            );
        }
    }

    async fn finish(mut self, workload: &Workload) -> Summary {
        self.end_open_states().await;
        self.open = Vec::new();
        let mut latencies = vec![Vec::new(); workload.tasks.len()];
        // By task: how many of its latencies are those of arrivals.
        let mut arrived = vec![0_usize; workload.tasks.len()];
        let summary = &mut self.summary;
        let instances = self.trace.instances.iter().zip(&mut summary.times);
        cooperative::for_each(instances, |(instance, times)| {
            // It was created but never started before the trace ended.
            if times.at == SimTime::MAX {
                times.at = self.trace.end;
            }
            // A part is not an instance of its task.
            if instance.role == Role::Part {
                return;
            }
            let TaskIndex(task) = instance.task;
            summary.tasks[task as usize].outcomes.count(times.outcome);
            latencies[task as usize].extend(times.latency());
            if is_arrival(instance.role) {
                summary.arrivals.count(times.outcome);
                arrived[task as usize] += usize::from(times.latency().is_some());
            }
        })
        .await;
        let counts = arrived.iter().zip(&latencies).enumerate();
        let mut with_arrivals = counts.filter(|(_, (count, _))| **count > 0);
        // Mostly one task arrives, and all its latencies are those of arrivals.
        let only = match (with_arrivals.next(), with_arrivals.next()) {
            (Some((index, (count, all))), None) if *count == all.len() => Some(index),
            _ => None,
        };
        for (task, latencies) in summary.tasks.iter_mut().zip(latencies) {
            task.outcomes.latency = Percentiles::of(latencies);
            cooperative::yield_now().await;
        }
        summary.arrivals.latency = match only {
            Some(index) => summary.tasks[index].outcomes.latency,
            None => Percentiles::of(latencies_of_arrivals(self.trace, &summary.times).await),
        };
        self.summary
    }

    /// Ends all open intervals at the end of the trace.
    async fn end_open_states(&mut self) {
        let end = self.trace.end;
        if self.now < end {
            self.instant_is_over();
        }
        cooperative::for_each(0..self.open.len(), |index| {
            let id = InstanceId(index as u32);
            let open = self.open[index];
            self.end_state(id, open, end);
            if open.state.is_some_and(State::holds_lane) {
                self.hold_is_over(id, open, end);
            }
        })
        .await;
    }
}

fn is_arrival(role: Role) -> bool {
    matches!(role, Role::Arrived | Role::Handler)
}

async fn latencies_of_arrivals(trace: &Trace, times: &[Times]) -> Vec<SimDuration> {
    let mut latencies = Vec::new();
    let instances = trace.instances.iter().zip(times);
    cooperative::for_each(instances, |(instance, times)| {
        if is_arrival(instance.role) {
            latencies.extend(times.latency());
        }
    })
    .await;
    latencies
}

/// Whether its work has been requested and its result has not arrived.
fn is_elsewhere(state: State) -> bool {
    matches!(
        state,
        State::QueuedToken | State::QueuedExecutor | State::QueuedProcess | State::Offloaded
    )
}

/// Whether the same step continues: the lane was not released in between.
fn same_hold(old: State, new: State) -> bool {
    old.holds_lane() && new.holds_lane()
}
