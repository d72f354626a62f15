//! The points of a sweep that one effort suffices for.
//!
//! Threads measure points in any order and share the effort. Which points fit must not
//! depend on which thread was faster: it is always the longest series from the first
//! point on whose work together is within the effort. Threads are the caller's matter.

use std::collections::VecDeque;

use super::Row;
use crate::effort::{Effort, Spent};

/// Which points are measured, and what is left for the others.
#[derive(Debug)]
pub struct Ledger {
    /// The series from the first point on.
    rows: Vec<Row>,
    /// What the series has left of the effort.
    left: u64,
    /// Points behind the series, in order, with their work; `None` while a thread measures one.
    ahead: VecDeque<Option<(Row, u64)>>,
    /// The next point that no thread has.
    next: usize,
    /// Where the series ends at the latest.
    end: usize,
}

impl Ledger {
    pub fn new(work: u64, points: usize) -> Self {
        Self {
            rows: Vec::new(),
            left: work,
            ahead: VecDeque::new(),
            next: 0,
            end: points,
        }
    }

    /// The next point to be measured, with what the series has left: no less than there
    /// will be for it.
    pub fn take(&mut self) -> Option<(usize, Effort)> {
        if self.next >= self.end {
            return None;
        }
        self.ahead.push_back(None);
        self.next += 1;
        Some((self.next - 1, Effort::new(self.left)))
    }

    /// What came of a point and of the effort that it was taken with.
    pub fn put(&mut self, point: usize, measured: Result<Row, Spent>, effort: &Effort) {
        if point >= self.end {
            return;
        }
        match measured {
            Ok(row) => self.ahead[point - self.rows.len()] = Some((row, effort.used())),
            Err(Spent) => self.end = point,
        }
        self.extend_series();
    }

    fn extend_series(&mut self) {
        while let Some((row, work)) = self.ahead.front_mut().and_then(Option::take) {
            let left = self.left.checked_sub(work);
            let Some(left) = left.filter(|_| self.rows.len() < self.end) else {
                self.end = self.end.min(self.rows.len());
                return;
            };
            self.left = left;
            self.rows.push(row);
            self.ahead.pop_front();
        }
    }

    /// How many points are done.
    pub fn done(&self) -> usize {
        self.rows.len()
    }

    /// Whether no point is left to measure.
    pub fn is_over(&self) -> bool {
        self.rows.len() >= self.end
    }

    /// The series, in order.
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Placement;
    use crate::sweep::{Parameter, Sweep};
    use script::parse;

    /// How many of five points fit, if they are measured in this order.
    fn fitting(work: u64, order: [usize; 5]) -> usize {
        let workload = parse("a: await 1\nrun 9 a").workload.expect("valid");
        let sweep = Sweep {
            workload: &workload,
            parameters: vec![Parameter::parse("run 1..5", &workload).expect("valid")],
            placements: vec![Placement::AsWritten],
        };
        let mut ledger = Ledger::new(work, sweep.len());
        let mut taken: Vec<_> = std::iter::from_fn(|| ledger.take()).map(Some).collect();
        for index in order {
            let (point, mut effort) = taken[index].take().expect("each comes once");
            let measured = sweep.measure(point, &mut effort);
            ledger.put(point, measured, &effort);
        }
        assert!(ledger.is_over());
        ledger.into_rows().len()
    }

    #[test]
    fn which_points_fit_does_not_depend_on_which_thread_is_faster() {
        let mut seen = Vec::new();
        for work in 0..80 {
            let count = fitting(work, [0, 1, 2, 3, 4]);
            for order in [[4, 3, 2, 1, 0], [2, 0, 4, 1, 3], [1, 4, 0, 3, 2]] {
                assert_eq!(fitting(work, order), count, "{work}: {order:?}");
            }
            seen.push(count);
        }
        assert!(seen.is_sorted());
        seen.dedup();
        assert_eq!(seen, [0, 1, 2, 3, 4, 5]);
    }
}
