//! The states of a thread from its nested slices. The innermost function determines the state,
//! e.g. `time.sleep` inside `main` means blocking.

use super::names::FunctionActivity;
use model::trace::State;

/// One call of a function, with its times in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) begin: u64,
    pub(super) end: u64,
    pub(super) function: usize,
}

/// A change of a thread's state, and the function that it enters or returns to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SliceChange {
    pub(super) at: u64,
    pub(super) state: State,
    pub(super) function: usize,
}

/// C functions that block a Python thread, by the end of their names in VizTracer, e.g.
/// `socket.socket.recv`.
const BLOCKING: &[&str] = &[
    "time.sleep",
    "lock.acquire",
    "RLock.acquire",
    "SimpleQueue.get",
    "socket.recv",
    "socket.accept",
    "socket.connect",
    "waitpid",
];
/// C functions in which an event loop waits for I/O.
const IDLE: &[&str] = &[
    "epoll.poll",
    "kqueue.control",
    "select.select",
    "select.poll",
];

impl FunctionActivity {
    pub(super) fn of(name: &str) -> Self {
        let is = |names: &[&str]| names.iter().any(|end| name.ends_with(end));
        match name {
            _ if is(BLOCKING) => Self::Blocking,
            _ if is(IDLE) => Self::Idle,
            _ => Self::Computing,
        }
    }

    fn state(self) -> State {
        match self {
            Self::Computing => State::Running,
            Self::Blocking => State::Blocking,
            Self::Idle => State::Awaiting,
        }
    }
}

/// The changes of a thread. The slices are sorted by beginning, longer ones first. Between them
/// the thread waits. A slice that overlaps the end of its parent is cut there.
pub(super) fn state_changes(
    slices: Vec<Slice>,
    doing: impl Fn(usize) -> FunctionActivity,
) -> Vec<SliceChange> {
    let mut line = SliceStack {
        changes: Vec::with_capacity(2 * slices.len()),
        stack: Vec::new(),
    };
    for slice in slices {
        line.leave_ended(slice.begin, &doing);
        let around = line.stack.last().map_or(u64::MAX, |outer| outer.end);
        let end = slice.end.min(around);
        line.stack.push(Slice { end, ..slice });
        line.push_change(slice.begin, doing(slice.function).state(), slice.function);
    }
    line.leave_ended(u64::MAX, &doing);
    // The end of the last slice is the end of the thread, as far as the trace shows.
    if let Some(last) = line.changes.last_mut() {
        last.state = State::Done;
    }
    line.changes
}

struct SliceStack {
    changes: Vec<SliceChange>,
    stack: Vec<Slice>,
}

impl SliceStack {
    /// Leaves the slices that have ended by `now`.
    fn leave_ended(&mut self, now: u64, doing: &impl Fn(usize) -> FunctionActivity) {
        while let Some(inner) = self.stack.pop_if(|inner| inner.end <= now) {
            match self.stack.last().copied() {
                Some(outer) => {
                    self.push_change(inner.end, doing(outer.function).state(), outer.function);
                }
                None => self.push_change(inner.end, State::Awaiting, inner.function),
            }
        }
    }

    /// Adds a change. Of several at one instant only the last one is kept.
    fn push_change(&mut self, at: u64, state: State, function: usize) {
        match self.changes.last_mut() {
            Some(last) if last.at == at => (last.state, last.function) = (state, function),
            _ => self.changes.push(SliceChange {
                at,
                state,
                function,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes slices as begin, end and name; compares the time and state of each change.
    #[track_caller]
    fn check(slices: &[(u64, u64, &str)], expected: &[(u64, State)]) {
        let names: Vec<&str> = slices.iter().map(|slice| slice.2).collect();
        let slices = slices
            .iter()
            .enumerate()
            .map(|(function, &(begin, end, _))| Slice {
                begin,
                end,
                function,
            });
        let changes = state_changes(slices.collect(), |function| {
            FunctionActivity::of(names[function])
        });
        let states: Vec<(u64, State)> = changes.iter().map(|each| (each.at, each.state)).collect();
        assert_eq!(states, expected);
    }

    #[test]
    fn the_innermost_function_says_what_a_thread_does() {
        check(
            &[
                (0, 10, "main"),
                (2, 5, "time.sleep"),
                (20, 30, "select.epoll.poll"),
            ],
            &[
                (0, State::Running),
                (2, State::Blocking),
                (5, State::Running),
                (10, State::Awaiting),
                (20, State::Awaiting),
                (30, State::Done),
            ],
        );
    }

    #[test]
    fn what_reaches_out_ends_with_what_is_around_it() {
        check(
            &[(0, 10, "outer"), (5, 50, "inner"), (60, 60, "nothing")],
            &[
                (0, State::Running),
                (5, State::Running),
                (10, State::Awaiting),
                (60, State::Done),
            ],
        );
    }
}
