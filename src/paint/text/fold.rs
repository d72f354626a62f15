//! Which rows of many are shown: those that look the same are one line, and of
//! the lines of a task the first and the last.

use std::collections::VecDeque;

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

impl Line {
    fn count(&self) -> usize {
        self.last - self.first + 1
    }
}

/// The lines of one task and of what it started.
pub(super) struct Family {
    pub(super) root: usize,
    pub(super) head: Vec<Line>,
    pub(super) tail: VecDeque<Line>,
    pub(super) hidden: usize,
}

impl Family {
    pub(super) fn new(root: usize) -> Self {
        Self {
            root,
            head: Vec::new(),
            tail: VecDeque::new(),
            hidden: 0,
        }
    }

    pub(super) fn last(&mut self) -> Option<&mut Line> {
        self.tail.back_mut().or(self.head.last_mut())
    }

    /// One more than head and tail is no gain: the note would take its line.
    pub(super) fn push(&mut self, line: Line) {
        if self.head.len() < HEAD_LINES {
            self.head.push(line);
            return;
        }
        self.tail.push_back(line);
        if self.tail.len() > TAIL_LINES + 1 {
            self.hide_one();
        }
    }

    fn hide_one(&mut self) {
        self.hidden += self.tail.pop_front().map_or(0, |line| line.count());
    }

    pub(super) fn close(&mut self) {
        if self.hidden > 0 && self.tail.len() > TAIL_LINES {
            self.hide_one();
        }
    }
}
