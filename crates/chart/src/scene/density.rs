//! The time by kind of rows that share a strip of pixels.
//!
//! If there are more rows than pixels, neighbours are merged into strips. The time of each
//! kind in a strip between any two instants is exact and costs a binary search: up to
//! instant `t`, the open pieces and the ended ones sum to `t * open - (starts - ends)`, and
//! running sums of both are kept at every few edges. Drawing is left to `strip`.

use crate::scene::kind::{Kind, TimeByKind};
use crate::scene::piece::Piece;
use model::cooperative;
use model::sorting::sort_yielding;
use model::time::SimTime;

/// Edges between two running sums: bounds the edges to add up after a search.
const EDGES_PER_SUM: usize = 32;

/// All rows of a chart in groups of equal size.
#[derive(Clone, Debug)]
pub(super) struct Strips {
    rows_each: usize,
    /// The edges of all strips, sorted by time within a strip.
    edges: Vec<DensityEdge>,
    strips: Vec<Strip>,
    sums: Vec<OpenCounts>,
}

#[derive(Clone, Copy, Debug)]
struct Strip {
    first_edge: u32,
    first_sum: u32,
}

/// The start or end of a piece, packed so that numbers sort by time: the instant, 4 bits for
/// the kind, 1 bit for an end. Simulated time ends after a week of nanoseconds, 50 bits; a
/// later instant is clamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct DensityEdge(u64);

const TIME_SHIFT: u32 = 5;

impl DensityEdge {
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

/// By kind: the number of open pieces, and the sum of their starts minus the sum of ends. Both
/// wrap around: see [`OpenCounts::time_until`].
#[derive(Clone, Copy, Debug, Default)]
struct OpenCounts {
    open: TimeByKind,
    starts: TimeByKind,
}

impl OpenCounts {
    fn apply_edge(&mut self, edge: DensityEdge) {
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

    /// Time by kind up to an instant. The products wrap around; only the difference of two
    /// results is meaningful, and it is correct as long as it fits into 64 bits.
    fn time_until(&self, at: u64) -> TimeByKind {
        std::array::from_fn(|kind| {
            at.wrapping_mul(self.open[kind])
                .wrapping_sub(self.starts[kind])
        })
    }
}

impl Strips {
    /// Merges `rows` rows. `pieces_of` calls its argument with the pieces of a row; `pieces` is
    /// their number in all rows.
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
            sums: Vec::with_capacity(2 * pieces / EDGES_PER_SUM + 2 * (rows / rows_each + 2)),
        };
        let mut edges = Vec::new();
        for first in (0..rows).step_by(rows_each) {
            let strip = first..(first + rows_each).min(rows);
            cooperative::for_each(strip, |row| {
                pieces_of(row, &mut |pieces| push_edges(&mut edges, pieces));
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
        let mut sum = OpenCounts::default();
        for (number, edge) in edges.iter().map(|&edge| DensityEdge(edge)).enumerate() {
            if number % EDGES_PER_SUM == 0 {
                self.sums.push(sum);
            }
            sum.apply_edge(edge);
            self.edges.push(edge);
        }
        // `skip_to` reads a sum after the last edge too; an empty strip needs one as well.
        self.sums.push(sum);
    }

    /// A reader of one strip that starts at an instant.
    pub(super) fn reader(&self, strip: usize, from: SimTime) -> StripReader<'_> {
        let (this, next) = (self.strips[strip], self.strips[strip + 1]);
        let mut reader = StripReader {
            edges: &self.edges[this.first_edge as usize..next.first_edge as usize],
            sums: &self.sums[this.first_sum as usize..next.first_sum as usize],
            passed: 0,
            sum: OpenCounts::default(),
            at: clamped_nanos(from),
        };
        let target = reader.first_edge_after(reader.at);
        reader.skip_to(target);
        reader
    }
}

fn push_edges(edges: &mut Vec<u64>, pieces: &[Piece]) {
    for piece in pieces {
        edges.push(DensityEdge::new(piece.start, piece.kind, false).0);
        edges.push(DensityEdge::new(piece.end, piece.kind, true).0);
    }
}

/// The nanoseconds of an instant, clamped to the range of a [`DensityEdge`].
fn clamped_nanos(at: SimTime) -> u64 {
    at.as_nanos().min(u64::MAX >> TIME_SHIFT)
}

/// A position in a strip.
#[derive(Debug)]
pub(super) struct StripReader<'a> {
    edges: &'a [DensityEdge],
    sums: &'a [OpenCounts],
    passed: usize,
    sum: OpenCounts,
    at: u64,
}

impl StripReader<'_> {
    /// Moves to an instant. Returns the time by kind since the last one.
    pub(super) fn advance(&mut self, to: SimTime) -> TimeByKind {
        let (from, to) = (self.at, clamped_nanos(to));
        debug_assert!(from <= to, "a reader moves forward");
        let target = self.first_edge_after(to);
        self.at = to;
        // Short distances are cheaper edge by edge than by two running sums.
        if target - self.passed <= 2 * EDGES_PER_SUM {
            return self.add_edges(target, from, to);
        }
        let before = self.sum.time_until(from);
        self.skip_to(target);
        let after = self.sum.time_until(to);
        std::array::from_fn(|kind| after[kind].wrapping_sub(before[kind]))
    }

    /// The next instant at which a piece begins or ends.
    pub(super) fn next_change(&self) -> Option<SimTime> {
        let edge = self.edges.get(self.passed)?;
        Some(SimTime::from_nanos(edge.at()))
    }

    /// Adds up edge by edge: the open pieces last until `to`; each edge corrects that.
    fn add_edges(&mut self, target: usize, from: u64, to: u64) -> TimeByKind {
        let mut amounts = self.sum.open.map(|open| open.wrapping_mul(to - from));
        for &edge in &self.edges[self.passed..target] {
            self.sum.apply_edge(edge);
            let amount = &mut amounts[edge.kind()];
            *amount = if edge.is_end() {
                amount.wrapping_sub(to - edge.at())
            } else {
                amount.wrapping_add(to - edge.at())
            };
        }
        self.passed = target;
        amounts
    }

    fn skip_to(&mut self, target: usize) {
        // From the nearest running sum before the target.
        self.passed = target / EDGES_PER_SUM * EDGES_PER_SUM;
        self.sum = self.sums[target / EDGES_PER_SUM];
        for &edge in &self.edges[self.passed..target] {
            self.sum.apply_edge(edge);
        }
        self.passed = target;
    }

    /// The first edge after `at`, by exponential search: it is usually near.
    fn first_edge_after(&self, at: u64) -> usize {
        let rest = &self.edges[self.passed..];
        let mut reach = 1;
        while reach < rest.len() && rest[reach - 1].at() <= at {
            reach *= 2;
        }
        let near = &rest[..reach.min(rest.len())];
        self.passed + near.partition_point(|edge| edge.at() <= at)
    }
}
