//! Nested slices of one thread as the states it was in: at each time that of
//! the innermost function.

use super::names::Doing;
use model::trace::State;

/// A function's stay, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) begin: u64,
    pub(super) end: u64,
    pub(super) function: usize,
}

/// What a thread turned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) at: u64,
    pub(super) state: State,
    pub(super) function: usize,
}

/// C functions by which Python waits.
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
const IDLE: &[&str] = &[
    "epoll.poll",
    "kqueue.control",
    "select.select",
    "select.poll",
];

impl Doing {
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

/// Slices in order of their beginning, the longer first. Between them the
/// thread waits; one that reaches out of the one around it ends with that.
pub(super) fn changes(slices: Vec<Slice>, doing: impl Fn(usize) -> Doing) -> Vec<Change> {
    let mut line = Line {
        changes: Vec::with_capacity(2 * slices.len()),
        stack: Vec::new(),
    };
    for slice in slices {
        line.leave(slice.begin, &doing);
        let around = line.stack.last().map_or(u64::MAX, |outer| outer.end);
        let end = slice.end.min(around);
        line.stack.push(Slice { end, ..slice });
        line.turn(slice.begin, doing(slice.function).state(), slice.function);
    }
    line.leave(u64::MAX, &doing);
    if let Some(last) = line.changes.last_mut() {
        last.state = State::Done;
    }
    line.changes
}

struct Line {
    changes: Vec<Change>,
    stack: Vec<Slice>,
}

impl Line {
    /// Everything that is over by then.
    fn leave(&mut self, now: u64, doing: &impl Fn(usize) -> Doing) {
        while let Some(inner) = self.stack.pop_if(|inner| inner.end <= now) {
            match self.stack.last().copied() {
                Some(outer) => self.turn(inner.end, doing(outer.function).state(), outer.function),
                None => self.turn(inner.end, State::Awaiting, inner.function),
            }
        }
    }

    /// Of what changes in one instant only the last lasts.
    fn turn(&mut self, at: u64, state: State, function: usize) {
        match self.changes.last_mut() {
            Some(last) if last.at == at => (last.state, last.function) = (state, function),
            _ => self.changes.push(Change {
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

    /// `begin-end name`, nested as in the file; expected as `at state name`.
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
        let changes = changes(slices.collect(), |function| Doing::of(names[function]));
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
