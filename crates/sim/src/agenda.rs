//! The event queue of the kernel, earliest event first.
//!
//! Orders events by time; what they mean is up to the kernel.
//!
//! # Why not just a binary heap
//!
//! Most delays in a script are constants, so events of one kind are scheduled in the
//! order of their deadlines. A few sorted runs take those: an event is appended to a run
//! that ends no later than it, and only an event that fits no run goes to the heap.
//! Popping compares the heads. A million equal sleeps cost as much as in a plain queue;
//! random delays cost as much as in the heap.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use model::time::SimTime;

/// The order of events: by time, then by the order in which they were scheduled.
///
/// Two deadlines that are equal here differ on a real clock: the one that was scheduled
/// first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EventKey {
    pub(super) at: SimTime,
    pub(super) sequence: u32,
}

#[derive(Clone, Copy, Debug)]
struct AgendaEntry<T> {
    due: EventKey,
    event: T,
}

/// How many sorted runs there are. Scripts rarely use more constant delays at once, and
/// a scan of eight heads is cheap.
const SORTED_RUNS: usize = 8;

/// Scheduled events, in sorted runs and a heap.
#[derive(Debug)]
pub(super) struct Agenda<T> {
    sorted_runs: [VecDeque<AgendaEntry<T>>; SORTED_RUNS],
    heap: BinaryHeap<AgendaEntry<T>>,
}

/// Where the earliest entry is.
#[derive(Clone, Copy, Debug)]
enum HeadLocation {
    SortedRun(usize),
    Heap,
}

impl<T: Copy> Agenda<T> {
    pub(super) fn new() -> Self {
        Self {
            sorted_runs: std::array::from_fn(|_| VecDeque::new()),
            heap: BinaryHeap::new(),
        }
    }

    pub(super) fn schedule(&mut self, due: EventKey, event: T) {
        let entry = AgendaEntry { due, event };
        match self.find_run_for(due) {
            Some(run) => self.sorted_runs[run].push_back(entry),
            None => self.heap.push(entry),
        }
    }

    /// The run with the latest end that is not after `due`. The tightest fit leaves the other
    /// runs to events with shorter delays.
    fn find_run_for(&self, due: EventKey) -> Option<usize> {
        let mut best: Option<(usize, EventKey)> = None;
        let mut empty = None;
        for (index, run) in self.sorted_runs.iter().enumerate() {
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

    fn find_earliest(&self) -> Option<(HeadLocation, EventKey)> {
        let mut best: Option<(HeadLocation, EventKey)> = self
            .heap
            .peek()
            .map(|entry| (HeadLocation::Heap, entry.due));
        for (index, run) in self.sorted_runs.iter().enumerate() {
            if let Some(head) = run.front()
                && best.is_none_or(|(_, due)| head.due < due)
            {
                best = Some((HeadLocation::SortedRun(index), head.due));
            }
        }
        best
    }

    pub(super) fn next_time(&self) -> Option<SimTime> {
        self.find_earliest().map(|(_, due)| due.at)
    }

    /// Removes the earliest event if it is due by `now`.
    pub(super) fn pop_due(&mut self, now: SimTime) -> Option<T> {
        let (head, due) = self.find_earliest()?;
        if due.at > now {
            return None;
        }
        let entry = match head {
            HeadLocation::SortedRun(index) => self.sorted_runs[index].pop_front(),
            HeadLocation::Heap => self.heap.pop(),
        };
        entry.map(|entry| entry.event)
    }
}

impl<T> PartialEq for AgendaEntry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.due == other.due
    }
}

impl<T> Eq for AgendaEntry<T> {}

impl<T> PartialOrd for AgendaEntry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Reversed, because [`BinaryHeap`] pops the greatest.
impl<T> Ord for AgendaEntry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.due.cmp(&self.due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_deadlines_come_in_the_order_of_scheduling() {
        let mut agenda = Agenda::new();
        let at = SimTime::from_nanos(5);
        for sequence in [2, 0, 1] {
            agenda.schedule(EventKey { at, sequence }, sequence);
        }
        let popped: Vec<u32> = std::iter::from_fn(|| agenda.pop_due(at)).collect();
        assert_eq!(popped, [0, 1, 2]);
    }

    #[test]
    fn nothing_is_popped_before_its_time() {
        let mut agenda = Agenda::new();
        agenda.schedule(
            EventKey {
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
        /// Scheduling and popping in any sequence gives the order of a sorted list.
        #[test]
        fn it_pops_like_a_sorted_list(steps in prop::collection::vec(prop::option::of(0_u64..20), 1..200)) {
            let mut agenda = Agenda::new();
            let mut sorted: Vec<EventKey> = Vec::new();
            for (sequence, step) in steps.into_iter().enumerate() {
                match step {
                    Some(at) => {
                        let due = EventKey { at: SimTime::from_nanos(at), sequence: sequence as u32 };
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
