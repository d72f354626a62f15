//! Joins the spans of one computation that nothing interrupted.
//!
//! The simulator looks at a computing thread again whenever another one arrives, and then may
//! record that it goes on. For a reader `cpu 10s` is one bar. Two rounds of `repeat 2 (cpu 3s)`
//! stay two bars.

use crate::scene::kind::Kind;
use crate::scene::piece::Piece;
use model::time::SimTime;
use model::trace::{InstanceId, LaneId};
use model::workload::{Length, SegmentId, SegmentKind, Workload};

/// The CPU time of each segment, in nanoseconds; the least one if it is random.
#[derive(Debug)]
pub(super) struct CpuLengths(Vec<u64>);

impl CpuLengths {
    pub(super) fn of(workload: &Workload) -> Self {
        let segments = workload.segments().into_iter();
        let lengths = segments.map(|segment| match segment.map(|segment| &segment.kind) {
            Some(SegmentKind::Cpu { length, .. }) => match length {
                Length::Fixed(length) | Length::Uniform { low: length, .. } => length.as_nanos(),
                Length::Exponential { .. } => 0,
            },
            _ => 0,
        });
        Self(lengths.collect())
    }

    fn of_segment(&self, segment: SegmentId) -> u64 {
        self.0.get(segment.0 as usize).copied().unwrap_or(0)
    }

    /// The pieces of one instance, in order of time, with each computation in as few as possible.
    pub(super) fn joined(&self, pieces: impl Iterator<Item = Piece>) -> Vec<Piece> {
        let mut visit = CpuVisit::default();
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces {
            let goes_on = visit.goes_on(&piece, self);
            match joined.last_mut() {
                Some(last) if goes_on => last.end = piece.end,
                _ => joined.push(piece),
            }
        }
        joined
    }
}

/// The computation that a sequence of pieces is at.
#[derive(Debug, Default)]
pub(super) struct CpuVisit {
    latest: Option<(InstanceId, SegmentId, LaneId)>,
    end: SimTime,
    ran: u64,
}

impl CpuVisit {
    /// Whether a piece continues the computation of the piece before without a break. To be asked
    /// for each piece of a sequence.
    pub(super) fn goes_on(&mut self, piece: &Piece, lengths: &CpuLengths) -> bool {
        if piece.kind != Kind::Running {
            return false;
        }
        let is_same = self
            .latest
            .is_some_and(|(id, segment, _)| (id, segment) == (piece.instance, piece.segment));
        // A computation that has had its whole time has ended: this is another one.
        let is_unfinished = is_same && self.ran < lengths.of_segment(piece.segment);
        let touches =
            self.latest.is_some_and(|(.., lane)| lane == piece.lane) && self.end == piece.start;
        if !is_unfinished {
            self.ran = 0;
        }
        self.latest = Some((piece.instance, piece.segment, piece.lane));
        self.ran = self.ran.saturating_add(piece.nanos());
        self.end = piece.end;
        is_unfinished && touches
    }
}
