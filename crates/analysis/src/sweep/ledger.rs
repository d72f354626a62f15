//! The points of a sweep for which one effort suffices.
//!
//! Threads measure points in any order and share the effort. The points that fit must not
//! depend on which thread is faster, so they are always the longest series from the first point
//! on whose work is within the effort. For example, with an effort for three points, points 0,
//! 1 and 2 are kept, even if point 3 was measured first. Threads are left to the caller.

use std::collections::VecDeque;

use super::Row;
use crate::effort::{Effort, Spent};

/// The points that are measured, and the effort that is left for the others.
#[derive(Debug)]
pub struct Ledger {
    /// The rows of the series, from the first point on.
    rows: Vec<Row>,
    /// The effort that the series leaves.
    left: u64,
    /// Points after the series, in order, with their work; `None` while a thread measures one.
    ahead: VecDeque<Option<(Row, u64)>>,
    /// The next point that no thread has taken.
    next: usize,
    /// An upper bound on the end of the series.
    end: usize,
}

impl Ledger {
    /// A ledger for `points` points that may take `work` together.
    pub fn new(work: u64, points: usize) -> Self {
        Self {
            rows: Vec::new(),
            left: work,
            ahead: VecDeque::new(),
            next: 0,
            end: points,
        }
    }

    /// The next point to measure, with the effort that the series leaves so far. The effort for
    /// this point cannot be larger in the end.
    pub fn take(&mut self) -> Option<(usize, Effort)> {
        if self.next >= self.end {
            return None;
        }
        self.ahead.push_back(None);
        self.next += 1;
        Some((self.next - 1, Effort::new(self.left)))
    }

    /// Stores the result of a point and the effort that it took.
    pub fn put(&mut self, point: usize, measured: Result<Row, Spent>, effort: &Effort) {
        // Another point has ended the series before this one.
        if point >= self.end {
            return;
        }
        match measured {
            Ok(row) => self.ahead[point - self.rows.len()] = Some((row, effort.used())),
            // Even with all that the series left it did not fit, so no later point can.
            Err(Spent) => self.end = point,
        }
        self.extend_series();
    }

    fn extend_series(&mut self) {
        while let Some((row, work)) = self.ahead.front_mut().and_then(Option::take) {
            let left = self.left.checked_sub(work);
            let Some(left) = left.filter(|_| self.rows.len() < self.end) else {
                // Once the series has ended, a cheaper later point must not continue it.
                self.end = self.end.min(self.rows.len());
                return;
            };
            self.left = left;
            self.rows.push(row);
            self.ahead.pop_front();
        }
    }

    /// The number of points in the series.
    pub fn done(&self) -> usize {
        self.rows.len()
    }

    /// Whether no point is left to measure.
    pub fn is_over(&self) -> bool {
        self.rows.len() >= self.end
    }

    /// The rows of the series, in order.
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Strategy;
    use crate::sweep::{Parameter, Sweep};
    use script::parse;

    /// Measures five points in this order and returns how many of them fit.
    fn fitting(work: u64, order: [usize; 5]) -> usize {
        let workload = parse("a: await 1\nrun 9 a").workload.expect("valid");
        let sweep = Sweep {
            workload: &workload,
            parameters: vec![Parameter::parse("run 1..5", &workload).expect("valid")],
            strategies: vec![Strategy::AsWritten],
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
