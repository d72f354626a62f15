//! The choice of the rows to show. Rows that look the same share a line, and a task with many
//! lines shows only its first and last ones.
//!
//! Rows are examined from both ends, so the cost depends on the lines shown, e.g. nine, and not
//! on the number of rows, e.g. a million.

use std::ops::Range;

use crate::paint::text::cell::Cell;

/// Lines shown from the beginning of a task.
const HEAD_LINES: usize = 6;
/// Lines shown from the end of a task.
const TAIL_LINES: usize = 2;

/// Consecutive rows that look the same.
pub(super) struct Line {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) cells: Vec<Option<Cell>>,
    pub(super) orphans: Vec<Option<Cell>>,
}

/// The lines of one task and of its children.
pub(super) struct Family {
    pub(super) head: Vec<Line>,
    pub(super) tail: Vec<Line>,
    /// Rows between head and tail.
    pub(super) hidden: usize,
}

impl Family {
    /// `take_first` and `take_last` remove the rows of one line from the front and from the back
    /// of a range. They remove at least one row.
    pub(super) fn of(
        mut rows: Range<usize>,
        take_first: impl Fn(&mut Range<usize>) -> Line,
        take_last: impl Fn(&mut Range<usize>) -> Line,
    ) -> Self {
        let mut head = Vec::new();
        while head.len() < HEAD_LINES && !rows.is_empty() {
            head.push(take_first(&mut rows));
        }
        // A single line in between is shown, because the note about it would take a line, too.
        let mut tail = Vec::new();
        let mut behind = rows.clone();
        while tail.len() < TAIL_LINES + 1 && !behind.is_empty() {
            tail.push(take_last(&mut behind));
        }
        if !behind.is_empty() {
            tail.truncate(TAIL_LINES);
        }
        tail.reverse();
        let shown: usize = tail.iter().map(|line| line.last - line.first + 1).sum();
        Self {
            hidden: rows.len() - shown,
            head,
            tail,
        }
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.head.iter().chain(&self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell as Counter;

    /// Folds `rows` rows in lines of `each`. Compares `first-last …hidden first-last`, and the
    /// number of lines made.
    #[track_caller]
    fn check(rows: usize, each: usize, expected: &str, made: usize) {
        let count = Counter::new(0);
        let line = |first: usize, last: usize| {
            count.set(count.get() + 1);
            Line {
                first,
                last,
                cells: Vec::new(),
                orphans: Vec::new(),
            }
        };
        let family = Family::of(
            0..rows,
            |rows| {
                let first = rows.start;
                rows.start = (first + each).min(rows.end);
                line(first, rows.start - 1)
            },
            |rows| {
                let last = rows.end - 1;
                rows.end = rows.start.max(last / each * each);
                line(rows.end, last)
            },
        );
        let shown = |lines: &[Line]| {
            let lines = lines
                .iter()
                .map(|line| format!("{}-{} ", line.first, line.last));
            lines.collect::<String>()
        };
        let (head, tail) = (shown(&family.head), shown(&family.tail));
        let written = format!("{head}…{} {tail}", family.hidden);
        assert_eq!((written.trim(), count.get()), (expected, made));
    }

    #[test]
    fn a_million_rows_cost_what_the_few_cost_that_are_shown() {
        let head = "0-0 1-1 2-2 3-3 4-4 5-5";
        let expected = format!("{head} …999992 999998-999998 999999-999999");
        check(1_000_000, 1, &expected, 9);
    }

    #[test]
    fn one_line_is_not_hidden_behind_a_note_of_one_line() {
        check(2, 2, "0-1 …0", 1);
        check(8, 1, "0-0 1-1 2-2 3-3 4-4 5-5 …0 6-6 7-7", 8);
        check(9, 1, "0-0 1-1 2-2 3-3 4-4 5-5 …0 6-6 7-7 8-8", 9);
        check(10, 1, "0-0 1-1 2-2 3-3 4-4 5-5 …2 8-8 9-9", 9);
        check(20, 2, "0-1 2-3 4-5 6-7 8-9 10-11 …4 16-17 18-19", 9);
    }
}
