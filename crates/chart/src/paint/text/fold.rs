//! Which rows of many are shown: those that look the same are one line, and of
//! the lines of a task the first and the last.
//!
//! Rows are looked at from both ends, so that a million of them cost what the few cost
//! that are shown.

use std::ops::Range;

use crate::paint::text::cell::Cell;

/// Of the lines of one task, so many are shown from the beginning and the end.
const HEAD_LINES: usize = 6;
const TAIL_LINES: usize = 2;

/// Rows that look the same.
pub(super) struct Line {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) cells: Vec<Option<Cell>>,
    pub(super) orphans: Vec<Option<Cell>>,
}

/// The lines of one task and of what it started.
pub(super) struct Family {
    pub(super) head: Vec<Line>,
    pub(super) tail: Vec<Line>,
    /// Rows between head and tail.
    pub(super) hidden: usize,
}

impl Family {
    /// `take_first` and `take_last` take a line of rows from the front and from the back.
    /// They take at least one of the rows that are left.
    pub(super) fn of(
        mut rows: Range<usize>,
        take_first: impl Fn(&mut Range<usize>) -> Line,
        take_last: impl Fn(&mut Range<usize>) -> Line,
    ) -> Self {
        let mut head = Vec::new();
        while head.len() < HEAD_LINES && !rows.is_empty() {
            head.push(take_first(&mut rows));
        }
        // One more than head and tail is shown: the note that hides it would take its line.
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

    /// Rows in lines of `each`, as `first-last …hidden first-last`, and how many lines
    /// were made for that.
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
