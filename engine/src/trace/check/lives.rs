//! Births, waits and ends of instances, and the deadlock report.

use super::{Board, Rule};
use crate::trace::{Deadlock, Ending, LaneKind, Record, Role, State, Trace};

pub(super) struct Lives {
    /// Asked to cancel, or timed out, since its wait began: that ends it too.
    interrupted: Vec<bool>,
    /// Born when everything that arrived had ended: the loop closes over its head.
    latecomer: Vec<bool>,
    arrivals_left: usize,
}

impl Lives {
    pub(super) fn new(trace: &Trace) -> Self {
        let arrived = trace.instances.iter().map(|instance| instance.role);
        Self {
            interrupted: vec![false; trace.instances.len()],
            latecomer: vec![false; trace.instances.len()],
            arrivals_left: arrived.filter(|&role| is_arrival(role)).count(),
        }
    }

    pub(super) fn record(&mut self, board: &mut Board, record: Record) {
        let index = record.instance.0 as usize;
        match board.before(record.instance) {
            None => {
                self.latecomer[index] = self.arrivals_left == 0;
                birth(board, record);
            }
            Some(before) if before.state.is_terminal() => {
                let (name, state) = (board.name(record.instance), record.state);
                let detail = format!("{name} was {:?}, then {state:?}", before.state);
                board.report(Rule::EndsAreFinal, detail);
            }
            Some(_) if record.state.is_mark() => {
                self.interrupted[index] |=
                    matches!(record.state, State::CancelRequested | State::TimedOut);
            }
            Some(before) => {
                wait_end(board, before, record, self.interrupted[index]);
                self.interrupted[index] = false;
            }
        }
        if record.state.is_terminal() && is_arrival(board.trace.instance(record.instance).role) {
            self.arrivals_left = self.arrivals_left.saturating_sub(1);
        }
        if !record.state.is_mark() {
            place(board, record);
        }
    }

    pub(super) fn finish(&self, board: &mut Board) {
        let trace = board.trace;
        let unfinished = |board: &mut Board, excused: &dyn Fn(usize) -> bool| {
            for index in 0..trace.instances.len() {
                let ended = board.last[index].is_some_and(|last| last.state.is_terminal());
                if !ended && !excused(index) {
                    let id = crate::trace::InstanceId(index as u32);
                    let detail = format!("{} does not", board.name(id));
                    board.report(Rule::EverybodyEnds, detail);
                }
            }
        };
        match &trace.ending {
            // As in `asyncio.run`: what is spawned while the rest is being
            // cancelled gets its first step and is then destroyed.
            Ending::Finished => unfinished(board, &|index| self.latecomer[index]),
            Ending::Deadlock(deadlock) => {
                report_is_true(board, deadlock);
                let mut listed = vec![false; trace.instances.len()];
                for waiter in &deadlock.waiters {
                    if let Some(listed) = listed.get_mut(waiter.instance.0 as usize) {
                        *listed = true;
                    }
                }
                unfinished(board, &|index| listed[index]);
            }
            Ending::Until | Ending::Limit(_) => {}
        }
    }
}

fn is_arrival(role: Role) -> bool {
    matches!(role, Role::Arrived | Role::Handler)
}

fn birth(board: &mut Board, record: Record) {
    let id = record.instance;
    let role = board.trace.instance(id).role;
    // A body that prints and takes no time elsewhere has no other record before.
    let elsewhere = matches!(role, Role::Offloaded | Role::Part);
    if record.state.is_mark() && !elsewhere {
        let detail = format!("{} has a mark before its first state", board.name(id));
        board.report(Rule::ParentsComeFirst, detail);
    }
    if let Some(parent) = board.trace.instance(id).parent
        && (parent >= id || board.before(parent).is_none())
    {
        let detail = format!("{} does not", board.name(id));
        board.report(Rule::ParentsComeFirst, detail);
    }
}

/// Waiting for others ends by one of them; every wait on a loop ends in its ready queue.
fn wait_end(board: &mut Board, before: Record, record: Record, interrupted: bool) {
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
    let through_queue = record.state == State::Ready || record.state.is_terminal();
    if parked && !through_queue {
        let (old, new) = (before.state, record.state);
        let detail = format!(
            "{} goes from {old:?} to {new:?}",
            board.name(record.instance)
        );
        board.report(Rule::WaitsHaveCauses, detail);
    }
    if needs_cause && record.cause.is_none() && !interrupted {
        let detail = format!(
            "{} leaves {:?} and nobody is the cause",
            board.name(record.instance),
            before.state
        );
        board.report(Rule::WaitsHaveCauses, detail);
    }
}

/// Who is at work holds a lane of its own kind and server; who waits holds none.
fn place(board: &mut Board, record: Record) {
    let instance = board.trace.instance(record.instance);
    let fits = match board.trace.lane(record.lane) {
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
        let lane = board.trace.lane(record.lane);
        let detail = format!(
            "{} is {:?} on {lane:?}",
            board.name(record.instance),
            record.state
        );
        board.report(Rule::LanesFit, detail);
    }
}

fn report_is_true(board: &mut Board, deadlock: &Deadlock) {
    for waiter in &deadlock.waiters {
        let index = waiter.instance.0 as usize;
        let state = board.last.get(index).copied().flatten();
        if state.is_none_or(|last| last.state != waiter.state) {
            let detail = format!("{waiter:?} was {:?}", state.map(|last| last.state));
            board.report(Rule::DeadlockIsTrue, detail);
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
            board.report(Rule::DeadlockIsTrue, detail);
        }
    }
}
