//! The rules for the first record, the waits and the end of an instance, and for the
//! deadlock report.

use super::interruption::Interruption;
use super::{CheckContext, Rule};
use crate::trace::{Deadlock, Ending, LaneKind, Record, Role, State, Trace};

pub(super) struct LifecycleRules {
    /// By instance.
    interruptions: Vec<Interruption>,
    /// By instance: whether it was created after all arrivals had ended, while the loop was
    /// closing.
    latecomer: Vec<bool>,
    /// Arrivals that have not ended.
    arrivals_left: usize,
}

impl LifecycleRules {
    pub(super) fn new(trace: &Trace) -> Self {
        let arrived = trace.instances.iter().map(|instance| instance.role);
        Self {
            interruptions: vec![Interruption::default(); trace.instances.len()],
            latecomer: vec![false; trace.instances.len()],
            arrivals_left: arrived.filter(|&role| is_arrival(role)).count(),
        }
    }

    pub(super) fn check_record(&mut self, context: &mut CheckContext, record: Record) {
        let index = record.instance.0 as usize;
        match context.record_before(record.instance) {
            None => {
                self.latecomer[index] = self.arrivals_left == 0;
                check_first_record(context, record);
            }
            Some(before) if before.state.is_terminal() => {
                let (name, state) = (context.instance_name(record.instance), record.state);
                let detail = format!("{name} was {:?}, then {state:?}", before.state);
                context.report_violation(Rule::EndsAreFinal, detail);
            }
            before if record.state.is_mark() => {
                self.interruptions[index].note_mark(before, record);
            }
            Some(before) => {
                let interruption = &mut self.interruptions[index];
                check_wait_end(context, before, record, interruption.is_asked());
                interruption.follow(before.state);
            }
        }
        if record.state.is_terminal() && is_arrival(context.trace.instance(record.instance).role) {
            self.arrivals_left = self.arrivals_left.saturating_sub(1);
        }
        if !record.state.is_mark() {
            check_lane(context, record);
        }
    }

    pub(super) fn finish(&self, context: &mut CheckContext) {
        let trace = context.trace;
        let unfinished = |context: &mut CheckContext, excused: &dyn Fn(usize) -> bool| {
            for index in 0..trace.instances.len() {
                let ended = context.last[index].is_some_and(|last| last.state.is_terminal());
                if !ended && !excused(index) {
                    let id = crate::trace::InstanceId(index as u32);
                    let detail = format!("{} does not", context.instance_name(id));
                    context.report_violation(Rule::AllInstancesEnd, detail);
                }
            }
        };
        match &trace.ending {
            // As in `asyncio.run`: a task spawned while leftover tasks are being cancelled
            // gets its first step and is then destroyed.
            Ending::Finished => unfinished(context, &|index| self.latecomer[index]),
            Ending::Deadlock(deadlock) => {
                check_deadlock_report(context, deadlock);
                let mut listed = vec![false; trace.instances.len()];
                for waiter in &deadlock.waiters {
                    if let Some(listed) = listed.get_mut(waiter.instance.0 as usize) {
                        *listed = true;
                    }
                }
                unfinished(context, &|index| listed[index]);
            }
            Ending::Until | Ending::Limit(_) => {}
        }
    }
}

fn is_arrival(role: Role) -> bool {
    matches!(role, Role::Arrived | Role::Handler)
}

fn check_first_record(context: &mut CheckContext, record: Record) {
    let id = record.instance;
    let role = context.trace.instance(id).role;
    // The first record of a body that prints and takes no time elsewhere is a mark.
    let elsewhere = matches!(role, Role::Offloaded | Role::Part);
    if record.state.is_mark() && !elsewhere {
        let detail = format!(
            "{} has a mark before its first state",
            context.instance_name(id)
        );
        context.report_violation(Rule::ParentsComeFirst, detail);
    }
    if let Some(parent) = context.trace.instance(id).parent
        && (parent >= id || context.record_before(parent).is_none())
    {
        let detail = format!("{} does not", context.instance_name(id));
        context.report_violation(Rule::ParentsComeFirst, detail);
    }
}

/// Checks that another instance ends a wait for others, and that every wait on a loop ends
/// in its ready queue.
fn check_wait_end(context: &mut CheckContext, before: Record, record: Record, interrupted: bool) {
    let needs_cause = matches!(
        before.state,
        State::WaitingPermit
            | State::WaitingItem
            | State::WaitingRoom
            | State::WaitingEvent
            | State::WaitingNotify
            | State::WaitingTask
            | State::WaitingAll
            | State::Offloaded
    );
    let parked = needs_cause || before.state == State::Awaiting;
    // A cancelled task may end without a turn in the ready queue.
    let through_queue = record.state == State::Ready || record.state.is_terminal();
    if parked && !through_queue {
        let (old, new) = (before.state, record.state);
        let detail = format!(
            "{} goes from {old:?} to {new:?}",
            context.instance_name(record.instance)
        );
        context.report_violation(Rule::WaitsHaveCauses, detail);
    }
    if needs_cause && record.cause.is_none() && !interrupted {
        let detail = format!(
            "{} leaves {:?} without a cause",
            context.instance_name(record.instance),
            before.state
        );
        context.report_violation(Rule::WaitsHaveCauses, detail);
    }
}

/// Checks that an instance at work holds a lane of its kind and server, and a waiting one none.
fn check_lane(context: &mut CheckContext, record: Record) {
    let instance = context.trace.instance(record.instance);
    let fits = match context.trace.lane(record.lane) {
        None => !record.state.holds_lane(),
        Some(_) if record.state.is_terminal() => true,
        Some(lane) => {
            let kind = match instance.role {
                Role::Sent => lane.kind == LaneKind::JobWorker,
                Role::Offloaded | Role::Part => {
                    !matches!(lane.kind, LaneKind::Loop | LaneKind::JobWorker)
                }
                _ => lane.kind == LaneKind::Loop,
            };
            let shared = matches!(lane.kind, LaneKind::ProcessWorker | LaneKind::JobWorker);
            record.state.holds_lane() && kind && (shared || lane.server == instance.server)
        }
    };
    if !fits {
        let lane = context.trace.lane(record.lane);
        let detail = format!(
            "{} is {:?} on {lane:?}",
            context.instance_name(record.instance),
            record.state
        );
        context.report_violation(Rule::LanesFit, detail);
    }
}

fn check_deadlock_report(context: &mut CheckContext, deadlock: &Deadlock) {
    for waiter in &deadlock.waiters {
        let index = waiter.instance.0 as usize;
        let state = context.last.get(index).copied().flatten();
        if state.is_none_or(|last| last.state != waiter.state) {
            let detail = format!("{waiter:?} was {:?}", state.map(|last| last.state));
            context.report_violation(Rule::DeadlockIsTrue, detail);
        }
    }
    let cycle = &deadlock.cycle;
    for (place, &index) in cycle.iter().enumerate() {
        let next = deadlock.waiters.get(cycle[(place + 1) % cycle.len()]);
        let waits_for_next = match (deadlock.waiters.get(index), next) {
            (Some(waiter), Some(next)) => waiter.held_by.contains(&next.instance),
            _ => false,
        };
        if !waits_for_next {
            let detail = format!("the cycle {cycle:?} breaks at {index}");
            context.report_violation(Rule::DeadlockIsTrue, detail);
        }
    }
}
