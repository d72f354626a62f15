//! What is still to happen, earliest first: the event queue of the kernel.
//!
//! Knows times and order, nothing of tasks or threads.
//!
//! # Why not just a binary heap
//!
//! Most delays in a script are constants, so events of one kind are scheduled
//! in the order in which they fall due. A handful of sorted runs takes those:
//! an event is appended to a run whose last event is not later than it, and
//! only what fits no run goes to the heap. Popping compares the heads. For a
//! million equal sleeps this is a plain queue; at its worst it is the heap.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use crate::time::SimTime;

/// An entry's place in the order: by time, then by when it was scheduled.
///
/// Deadlines that are equal on paper never are on a real clock: the one that
/// was asked for first falls due first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Due {
    pub(super) at: SimTime,
    pub(super) sequence: u32,
}

#[derive(Clone, Copy, Debug)]
struct Entry<T> {
    due: Due,
    event: T,
}

/// More constant delays at once than this are rare, and a scan stays cheap.
const RUNS: usize = 8;

#[derive(Debug)]
pub(super) struct Agenda<T> {
    runs: [VecDeque<Entry<T>>; RUNS],
    rest: BinaryHeap<Entry<T>>,
}

/// Where the earliest entry is.
#[derive(Clone, Copy, Debug)]
enum Place {
    Run(usize),
    Rest,
}

impl<T: Copy> Agenda<T> {
    pub(super) fn new() -> Self {
        Self {
            runs: std::array::from_fn(|_| VecDeque::new()),
            rest: BinaryHeap::new(),
        }
    }

    pub(super) fn schedule(&mut self, due: Due, event: T) {
        let entry = Entry { due, event };
        match self.run_for(due) {
            Some(run) => self.runs[run].push_back(entry),
            None => self.rest.push(entry),
        }
    }

    /// The run whose last entry is the latest among those not after `due`:
    /// the tightest fit leaves the other runs to shorter delays.
    fn run_for(&self, due: Due) -> Option<usize> {
        let mut best: Option<(usize, Due)> = None;
        let mut empty = None;
        for (index, run) in self.runs.iter().enumerate() {
            match run.back() {
                None => empty = empty.or(Some(index)),
                Some(last) if last.due <= due && best.is_none_or(|(_, at)| at < last.due) => {
                    best = Some((index, last.due));
                }
                Some(_) => {}
            }
        }
        best.map(|(index, _)| index).or(empty)
    }

    fn earliest(&self) -> Option<(Place, Due)> {
        let mut best: Option<(Place, Due)> = self.rest.peek().map(|entry| (Place::Rest, entry.due));
        for (index, run) in self.runs.iter().enumerate() {
            if let Some(head) = run.front()
                && best.is_none_or(|(_, due)| head.due < due)
            {
                best = Some((Place::Run(index), head.due));
            }
        }
        best
    }

    pub(super) fn next_time(&self) -> Option<SimTime> {
        self.earliest().map(|(_, due)| due.at)
    }

    /// Takes the earliest event if it is due by `now`.
    pub(super) fn pop_due(&mut self, now: SimTime) -> Option<T> {
        let (place, due) = self.earliest()?;
        if due.at > now {
            return None;
        }
        let entry = match place {
            Place::Run(index) => self.runs[index].pop_front(),
            Place::Rest => self.rest.pop(),
        };
        entry.map(|entry| entry.event)
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.due == other.due
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Reversed, because [`BinaryHeap`] pops the greatest.
impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.due.cmp(&self.due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_deadlines_fall_due_in_the_order_of_asking() {
        let mut agenda = Agenda::new();
        let at = SimTime::from_nanos(5);
        for sequence in [2, 0, 1] {
            agenda.schedule(Due { at, sequence }, sequence);
        }
        let popped: Vec<u32> = std::iter::from_fn(|| agenda.pop_due(at)).collect();
        assert_eq!(popped, [0, 1, 2]);
    }

    #[test]
    fn nothing_is_popped_before_its_time() {
        let mut agenda = Agenda::new();
        agenda.schedule(
            Due {
                at: SimTime::from_nanos(5),
                sequence: 0,
            },
            (),
        );
        assert_eq!(agenda.pop_due(SimTime::from_nanos(4)), None);
        assert_eq!(agenda.next_time(), Some(SimTime::from_nanos(5)));
        assert_eq!(agenda.pop_due(SimTime::from_nanos(5)), Some(()));
    }

    proptest! {
        /// Whatever is scheduled and popped in between, the order is that of a sorted list.
        #[test]
        fn it_pops_like_a_sorted_list(steps in prop::collection::vec(prop::option::of(0_u64..20), 1..200)) {
            let mut agenda = Agenda::new();
            let mut sorted: Vec<Due> = Vec::new();
            for (sequence, step) in steps.into_iter().enumerate() {
                match step {
                    Some(at) => {
                        let due = Due { at: SimTime::from_nanos(at), sequence: sequence as u32 };
                        agenda.schedule(due, due);
                        sorted.push(due);
                        sorted.sort();
                    }
                    None => {
                        let expected = (!sorted.is_empty()).then(|| sorted.remove(0));
                        prop_assert_eq!(agenda.pop_due(SimTime::MAX), expected);
                    }
                }
            }
        }
    }
}
