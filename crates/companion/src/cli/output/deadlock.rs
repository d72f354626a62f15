//! The description of a deadlock: the waiting tasks, their lines, and the holders.
//!
//! ```text
//! deadlock at 1s: they wait for each other (a → b → a)
//!   a (line 4) waits for the lock m, held by b
//!   b (line 10) waits for the lock n, held by a
//! ```

use std::fmt::Write;

use super::outcome::RunOutcome;
use crate::cli::colour::Ink;
use crate::cli::console::Style;
use crate::cli::words::Say;
use chart::paint::text::plain;
use chart::scene::label::brief;
use model::time::SimTime;
use model::trace::{Deadlock, Ending, InstanceId, State, Waiter};
use model::workload::ResourceKind;
use texts::{Text, say, text};

/// Lines of waiting tasks; those of the cycle come first.
const LINES_MAX: usize = 10;
/// Names of the cycle in the heading. The lines below name the rest.
const AROUND_MAX: usize = 6;
/// Holders named in a line.
const HOLDERS_MAX: usize = 3;

/// The description, or an empty text if the run did not end in a deadlock.
pub(crate) fn deadlock_text(outcome: &RunOutcome, style: Style) -> String {
    let Ending::Deadlock(deadlock) = &outcome.run.trace().ending else {
        return String::new();
    };
    let say = style.say();
    let at = brief(deadlock.at.since(SimTime::ZERO));
    let heading = say.deadlock_at(&at, &waiter_lines(outcome, deadlock));
    let mut text = format!("{}\n", style.out.paint(Ink::Error, &heading));
    let crowds = waiter_groups(outcome, deadlock);
    for crowd in crowds.iter().take(LINES_MAX) {
        let _ = writeln!(text, "  {}", waiter_line(outcome, crowd, say));
    }
    if crowds.len() > LINES_MAX {
        let _ = writeln!(text, "  {}", say.more_rows(crowds.len() - LINES_MAX));
    }
    text
}

/// The names around the cycle, with the first one repeated, e.g. a, b, a. Empty if there is no
/// cycle.
fn waiter_lines(outcome: &RunOutcome, deadlock: &Deadlock) -> Vec<String> {
    let cycle = &deadlock.cycle;
    let name = |&index: &usize| outcome.name(deadlock.waiters[index].instance);
    let mut names: Vec<String> = cycle.iter().take(AROUND_MAX).map(name).collect();
    if cycle.len() > AROUND_MAX {
        names.push("…".to_owned());
    }
    names.extend(cycle.first().map(name));
    names
}

/// Instances of one task that wait at the same segment for the same resource and holders.
struct WaiterGroup<'a> {
    first: &'a Waiter,
    count: usize,
}

impl WaiterGroup<'_> {
    fn includes(&self, outcome: &RunOutcome, other: &Waiter) -> bool {
        let task = |waiter: &Waiter| outcome.run.trace().instance(waiter.instance).task;
        let place = |waiter: &Waiter| (task(waiter), waiter.segment, waiter.state);
        place(self.first) == place(other) && self.first.held_by == other.held_by
    }
}

/// The waiters in groups: the cycle in its order, then the others.
fn waiter_groups<'a>(outcome: &RunOutcome, deadlock: &'a Deadlock) -> Vec<WaiterGroup<'a>> {
    let mut in_cycle = vec![false; deadlock.waiters.len()];
    for &index in &deadlock.cycle {
        in_cycle[index] = true;
    }
    let others = (0..deadlock.waiters.len()).filter(|&index| !in_cycle[index]);
    let mut crowds: Vec<WaiterGroup> = Vec::new();
    for index in deadlock.cycle.iter().copied().chain(others) {
        let waiter = &deadlock.waiters[index];
        // Only neighbours are merged, so that the cycle keeps its order.
        match crowds.last_mut() {
            Some(last) if last.includes(outcome, waiter) => last.count += 1,
            _ => crowds.push(WaiterGroup {
                first: waiter,
                count: 1,
            }),
        }
    }
    crowds
}

fn waiter_line(outcome: &RunOutcome, crowd: &WaiterGroup, say: Say) -> String {
    let waiter = crowd.first;
    let who = match crowd.count {
        1 => outcome.name(waiter.instance),
        count => format!("{count} × {}", outcome.task_name(waiter.instance)),
    };
    let place = outcome.place(waiter.segment, say);
    let wait = match holder_names(outcome, &waiter.held_by, say) {
        // Its work has a line of its own, under the same name.
        _ if waiter.state == State::Offloaded => say.waits_for(text!("work on a thread").of(say.0)),
        Some(tasks) if waits_for_tasks(waiter.state) => say.waits_for(&tasks),
        None => say.waits_for(&wanted_resource(outcome, waiter, say)),
        Some(holders) => say.waits_for_held(&wanted_resource(outcome, waiter, say), &holders),
    };
    match place {
        Some(place) => format!("{} {wait}", say.who_at(&who, &place)),
        None => format!("{who} {wait}"),
    }
}

/// The task waits for other tasks, not for a resource. Then the holders are those tasks, so
/// naming both would say the same thing twice.
fn waits_for_tasks(state: State) -> bool {
    matches!(state, State::WaitingTask | State::WaitingAll)
}

fn holder_names(outcome: &RunOutcome, held_by: &[InstanceId], say: Say) -> Option<String> {
    let names: Vec<String> = held_by
        .iter()
        .take(HOLDERS_MAX)
        .map(|&id| outcome.name(id))
        .collect();
    let more = held_by.len().saturating_sub(HOLDERS_MAX);
    match (names.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(names.join(", ")),
        (false, more) => Some(format!("{} {}", names.join(", "), say.more_rows(more))),
    }
}

/// The resource with its kind, e.g. `the lock m`.
fn wanted_resource(outcome: &RunOutcome, waiter: &Waiter, say: Say) -> String {
    if outcome.program.is_some() {
        return awaited_by_program(waiter.state).of(say.0).to_owned();
    }
    let resource = waiter
        .resource
        .map(|index| outcome.run.workload().resource(index));
    let name = resource.map_or(String::new(), |resource| plain(&resource.name));
    let semaphore = resource.is_some_and(|r| matches!(r.kind, ResourceKind::Semaphore { .. }));
    let text = match waiter.state {
        State::WaitingPermit if semaphore => text!("a permit of "),
        State::WaitingPermit => text!("the lock "),
        State::BlockedPermit => text!("a permit of "),
        State::QueuedToken => text!("a thread of the pool"),
        State::WaitingItem => text!("an item of the queue "),
        State::WaitingRoom => text!("room in the queue "),
        State::WaitingEvent => text!("the event "),
        State::WaitingNotify => text!("a notification of "),
        State::WaitingTask => text!("its task"),
        State::WaitingAll => text!("its tasks"),
        _ => text!("its turn"),
    };
    format!("{}{name}", text.of(say.0))
}

/// What a task of a Python program waits for. Its trace does not name the resource.
fn awaited_by_program(state: State) -> Text {
    match state {
        State::WaitingPermit | State::BlockedPermit => {
            text!("a lock or semaphore that is not released")
        }
        State::WaitingItem => text!("an item that is never put into the queue"),
        State::WaitingRoom => text!("room in a queue that is never emptied"),
        State::WaitingEvent => text!("an event or a future that is never set"),
        State::WaitingNotify => text!("a notification that never comes"),
        State::WaitingTask => text!("another task"),
        State::WaitingAll => text!("its tasks"),
        State::Offloaded | State::QueuedExecutor => text!("work on a thread"),
        State::QueuedToken => text!("a thread of the pool"),
        State::QueuedProcess => text!("a process of the pool"),
        _ => text!("its turn"),
    }
}

impl Say {
    fn deadlock_at(self, at: &str, around: &[String]) -> String {
        let round = around.join(" → ");
        match around.len() {
            // The first name is repeated, so a cycle of one task has two names.
            0 => say!(
                self.0,
                "deadlock at {at}: no task is left to end the wait",
                at
            ),
            2 => say!(
                self.0,
                "deadlock at {at}: it waits for itself ({round})",
                at,
                round
            ),
            _ => say!(
                self.0,
                "deadlock at {at}: they wait for each other ({round})",
                at,
                round
            ),
        }
    }

    /// E.g. `ping 3 (line 4)`.
    fn who_at(self, who: &str, place: &str) -> String {
        format!("{who} ({place})")
    }

    fn waits_for(self, what: &str) -> String {
        say!(self.0, "waits for {what}", what)
    }

    fn waits_for_held(self, what: &str, holders: &str) -> String {
        say!(self.0, "waits for {what}, held by {holders}", what, holders)
    }
}
