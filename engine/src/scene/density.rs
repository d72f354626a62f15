//! Rows that share a strip of pixels, summed up.
//!
//! Where there are more rows than pixels, neighbours are merged into strips.
//! A strip knows exactly how much of which kind there was in it between any two
//! instants, at the price of a binary search: the sum over its pieces of
//! `(t - start) - (t - end)` is `t * open - (starts - ends)`, and both counts
//! are kept at every few of its edges.

use crate::cooperative;
use crate::scene::kind::{Amounts, Kind};
use crate::scene::piece::Piece;
use crate::sorting::sort_yielding;
use crate::time::SimTime;

/// Edges between two running sums.
const STRIDE: usize = 32;

/// All rows of a chart in groups of equal size.
#[derive(Clone, Debug)]
pub(super) struct Strips {
    rows_each: usize,
    /// Sorted by time within a strip.
    edges: Vec<Edge>,
    strips: Vec<Strip>,
    sums: Vec<Sum>,
}

#[derive(Clone, Copy, Debug)]
struct Strip {
    first_edge: u32,
    first_sum: u32,
}

/// A piece's start or end, packed so that sorting is by time: the instant, then
/// 4 bits of kind, then 1 for an end. Simulated time ends after a week of
/// nanoseconds, 50 bits; whatever comes later is pushed to the last instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge(u64);

const TIME_SHIFT: u32 = 5;

impl Edge {
    fn new(at: SimTime, kind: Kind, is_end: bool) -> Self {
        let at = at.as_nanos().min(u64::MAX >> TIME_SHIFT);
        Self(at << TIME_SHIFT | (kind as u64) << 1 | u64::from(is_end))
    }

    fn at(self) -> u64 {
        self.0 >> TIME_SHIFT
    }

    fn kind(self) -> usize {
        (self.0 >> 1 & 0xf) as usize
    }

    fn is_end(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Pieces that are open, and starts minus ends, by kind. Wrapping: see [`Sum::until`].
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    open: Amounts,
    starts: Amounts,
}

impl Sum {
    fn pass(&mut self, edge: Edge) {
        let kind = edge.kind();
        let (open, starts) = (&mut self.open[kind], &mut self.starts[kind]);
        if edge.is_end() {
            *open = open.wrapping_sub(1);
            *starts = starts.wrapping_sub(edge.at());
        } else {
            *open = open.wrapping_add(1);
            *starts = starts.wrapping_add(edge.at());
        }
    }

    /// Time by kind up to an instant. Products wrap around, and the difference
    /// of two answers is still right, as long as it fits: only that means anything.
    fn until(&self, at: u64) -> Amounts {
        std::array::from_fn(|kind| {
            at.wrapping_mul(self.open[kind])
                .wrapping_sub(self.starts[kind])
        })
    }
}

impl Strips {
    /// `pieces_of` calls its argument with every piece of a row; of all rows they are `pieces`.
    pub(super) async fn new(
        rows: usize,
        pieces: usize,
        rows_each: usize,
        pieces_of: impl Fn(usize, &mut dyn FnMut(&[Piece])),
    ) -> Self {
        let rows_each = rows_each.max(1);
        let mut built = Self {
            rows_each,
            edges: Vec::with_capacity(2 * pieces),
            strips: Vec::with_capacity(rows / rows_each + 2),
            sums: Vec::with_capacity(2 * pieces / STRIDE + 2 * (rows / rows_each + 2)),
        };
        let mut edges = Vec::new();
        for first in (0..rows).step_by(rows_each) {
            let strip = first..(first + rows_each).min(rows);
            cooperative::for_each(strip, |row| {
                pieces_of(row, &mut |pieces| add(&mut edges, pieces))
            })
            .await;
            sort_yielding(&mut edges).await;
            built.push_strip(&edges);
            edges.clear();
        }
        built.open_strip();
        built
    }

    pub(super) fn rows_each(&self) -> usize {
        self.rows_each
    }

    fn open_strip(&mut self) {
        self.strips.push(Strip {
            first_edge: self.edges.len() as u32,
            first_sum: self.sums.len() as u32,
        });
    }

    fn push_strip(&mut self, edges: &[u64]) {
        self.open_strip();
        let mut sum = Sum::default();
        for (number, edge) in edges.iter().map(|&edge| Edge(edge)).enumerate() {
            if number % STRIDE == 0 {
                self.sums.push(sum);
            }
            sum.pass(edge);
            self.edges.push(edge);
        }
        // For a strip that ends on a stride, and for one that is empty.
        self.sums.push(sum);
    }

    /// Walks along one strip, from an instant on.
    pub(super) fn reader(&self, strip: usize, from: SimTime) -> Reader<'_> {
        let (this, next) = (self.strips[strip], self.strips[strip + 1]);
        let mut reader = Reader {
            edges: &self.edges[this.first_edge as usize..next.first_edge as usize],
            sums: &self.sums[this.first_sum as usize..next.first_sum as usize],
            passed: 0,
            sum: Sum::default(),
            at: packed(from),
        };
        let target = reader.find(reader.at);
        reader.jump(target);
        reader
    }
}

fn add(edges: &mut Vec<u64>, pieces: &[Piece]) {
    for piece in pieces {
        edges.push(Edge::new(piece.start, piece.kind, false).0);
        edges.push(Edge::new(piece.end, piece.kind, true).0);
    }
}

/// As much of an instant as an edge can hold.
fn packed(at: SimTime) -> u64 {
    at.as_nanos().min(u64::MAX >> TIME_SHIFT)
}

/// Where one is in a strip.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    edges: &'a [Edge],
    sums: &'a [Sum],
    passed: usize,
    sum: Sum,
    at: u64,
}

impl Reader<'_> {
    /// Goes on to an instant: time by kind since the last.
    pub(super) fn advance(&mut self, to: SimTime) -> Amounts {
        let (from, to) = (self.at, packed(to));
        let target = self.find(to);
        self.at = to;
        if target - self.passed <= 2 * STRIDE {
            return self.walk(target, from, to);
        }
        let before = self.sum.until(from);
        self.jump(target);
        let after = self.sum.until(to);
        std::array::from_fn(|kind| after[kind].wrapping_sub(before[kind]))
    }

    /// When something begins or ends next.
    pub(super) fn next_change(&self) -> Option<SimTime> {
        let edge = self.edges.get(self.passed)?;
        Some(SimTime::from_nanos(edge.at()))
    }

    /// Adds up edge by edge: what is open lasts to the end, unless an edge says otherwise.
    fn walk(&mut self, target: usize, from: u64, to: u64) -> Amounts {
        let mut amounts = self.sum.open.map(|open| open.wrapping_mul(to - from));
        for &edge in &self.edges[self.passed..target] {
            self.sum.pass(edge);
            let amount = &mut amounts[edge.kind()];
            *amount = match edge.is_end() {
                true => amount.wrapping_sub(to - edge.at()),
                false => amount.wrapping_add(to - edge.at()),
            };
        }
        self.passed = target;
        amounts
    }

    fn jump(&mut self, target: usize) {
        self.passed = target / STRIDE * STRIDE;
        self.sum = self.sums[target / STRIDE];
        for &edge in &self.edges[self.passed..target] {
            self.sum.pass(edge);
        }
        self.passed = target;
    }

    /// The first edge after `at`, searched in growing steps: the next is mostly near.
    fn find(&self, at: u64) -> usize {
        let rest = &self.edges[self.passed..];
        let mut reach = 1;
        while reach < rest.len() && rest[reach - 1].at() <= at {
            reach *= 2;
        }
        let near = &rest[..reach.min(rest.len())];
        self.passed + near.partition_point(|edge| edge.at() <= at)
    }
}
