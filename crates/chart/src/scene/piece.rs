//! The pieces that bars consist of, by track, with running sums.
//!
//! A track is a sequence of pieces that do not overlap. A row has one track, and more only
//! for orphans: parts that continue after their owner stopped waiting. Merging narrow pieces
//! is left to `detail`.

use std::ops::Range;

use crate::scene::kind::{Kind, TimeByKind};
use model::cooperative;
use model::sorting::sort_by_number;
use model::time::SimTime;
use model::trace::{InstanceId, LaneId, Span, State, Trace};
use model::workload::SegmentId;

/// One span of one instance, as part of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub start: SimTime,
    pub end: SimTime,
    /// The instance of the span; the pieces of a part are in its owner's row.
    pub instance: InstanceId,
    pub segment: SegmentId,
    pub lane: LaneId,
    pub state: State,
    pub kind: Kind,
}

impl Piece {
    /// The piece of a span; `None` if its state has no [`Kind`].
    pub(super) fn of(span: &Span, trace: &Trace) -> Option<Self> {
        let lane = trace.lane(span.lane).map(|lane| lane.kind);
        Some(Self {
            start: span.start,
            end: span.end,
            instance: span.instance,
            segment: span.segment,
            lane: span.lane,
            state: span.state,
            kind: Kind::of(span.state, lane)?,
        })
    }

    pub(super) fn nanos(&self) -> u64 {
        self.end.since(self.start).as_nanos()
    }

    fn clipped(self, start: SimTime, end: SimTime) -> Option<Self> {
        let start = self.start.max(start);
        let end = self.end.min(end);
        (start < end).then_some(Self { start, end, ..self })
    }
}

/// Replaces the `Offloaded` pieces of an owner by the work of its parts.
///
/// A part belongs to the `Offloaded` piece in which it began. The rest of it after the end of
/// that piece is an orphan; orphans are the second result.
pub(super) fn overlay_parts(own: &[Piece], parts: &[&[Piece]]) -> (Vec<Piece>, Vec<Piece>) {
    let mut inside: Vec<Piece> = Vec::new();
    let mut orphans: Vec<Piece> = Vec::new();
    for part in parts {
        let home = part
            .first()
            .and_then(|first| containing_wait(own, first.start));
        let (from, to) = home.unwrap_or((SimTime::MAX, SimTime::MAX));
        for piece in *part {
            inside.extend(piece.clipped(from, to));
            match home {
                Some(_) => orphans.extend(piece.clipped(to, SimTime::MAX)),
                None => orphans.push(*piece),
            }
        }
    }
    sort_by_number(&mut inside, |piece| piece.start.as_nanos());
    sort_by_number(&mut orphans, |piece| piece.start.as_nanos());
    (replace_offloaded(own, &inside), orphans)
}

/// The start and end of the `Offloaded` piece in which a part began.
fn containing_wait(own: &[Piece], start: SimTime) -> Option<(SimTime, SimTime)> {
    let index = own.partition_point(|piece| piece.end <= start);
    own.get(index)
        .filter(|piece| piece.kind == Kind::Offloaded && piece.start <= start)
        .map(|piece| (piece.start, piece.end))
}

/// `own` with its `Offloaded` pieces replaced where `inside` has something.
fn replace_offloaded(own: &[Piece], inside: &[Piece]) -> Vec<Piece> {
    let mut track = Vec::with_capacity(own.len() + inside.len());
    let mut next = inside.iter().peekable();
    for piece in own {
        if piece.kind != Kind::Offloaded {
            track.push(*piece);
            continue;
        }
        let mut at = piece.start;
        while let Some(part) = next.next_if(|part| part.start < piece.end) {
            track.extend(piece.clipped(at, part.start));
            // One piece cannot have two parts; if it had, the later would begin where the first ends.
            track.extend(part.clipped(at, piece.end));
            at = at.max(part.end);
        }
        track.extend(piece.clipped(at, piece.end));
    }
    track
}

/// All pieces of a chart, by track, then by time.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    all: Vec<Piece>,
    /// The first piece of each track; one more entry at the end.
    begins: Vec<u32>,
    /// Running sums: entry `n` is the time by kind of all pieces before number
    /// `n * PIECES_PER_SUM`. They wrap around; only their differences matter, which are
    /// correct as long as they fit into 64 bits.
    sums: Vec<TimeByKind>,
}

/// Pieces between two running sums. A sum takes 120 bytes, so that is 4 bytes for each piece;
/// at most this many pieces have to be added up.
const PIECES_PER_SUM: usize = 32;

impl Pieces {
    pub(super) fn new() -> Self {
        Self {
            all: Vec::new(),
            begins: vec![0],
            sums: Vec::new(),
        }
    }

    /// Reserves memory for about this many pieces: moving a million of them later takes long.
    pub(super) fn reserve(&mut self, pieces: usize) {
        self.all.reserve(pieces);
    }

    /// Adds pieces to the track that is pushed next, in order of time and without overlaps.
    pub(super) fn extend_track(&mut self, pieces: &[Piece]) {
        self.all.extend_from_slice(pieces);
    }

    /// Ends a track with these pieces.
    pub(super) fn push_track(&mut self, pieces: &[Piece]) {
        self.extend_track(pieces);
        let begin = self.begins[self.track_count()] as usize;
        debug_assert!(self.all[begin..].is_sorted_by(|a, b| a.end <= b.start));
        self.begins.push(self.all.len() as u32);
    }

    /// Computes the running sums and returns the kinds that occur. To be called once, after the
    /// last track.
    pub(super) async fn compute_sums(&mut self) -> Vec<Kind> {
        let mut found = [false; Kind::COUNT];
        let mut sum = [0_u64; Kind::COUNT];
        self.sums = Vec::with_capacity(self.all.len() / PIECES_PER_SUM + 1);
        let (all, sums) = (&self.all, &mut self.sums);
        cooperative::for_each(all.iter().enumerate(), |(number, piece)| {
            if number % PIECES_PER_SUM == 0 {
                sums.push(sum);
            }
            found[piece.kind as usize] = true;
            add_times(&mut sum, std::slice::from_ref(piece));
        })
        .await;
        self.sums.push(sum);
        let occurs = |kind: &Kind| found[*kind as usize];
        Kind::ALL.into_iter().filter(occurs).collect()
    }

    pub(super) fn track_count(&self) -> usize {
        self.begins.len() - 1
    }

    pub(super) fn track_range(&self, track: usize) -> Range<usize> {
        self.begins[track] as usize..self.begins[track + 1] as usize
    }

    pub(super) fn track(&self, track: usize) -> &[Piece] {
        &self.all[self.track_range(track)]
    }

    pub(super) fn all(&self) -> &[Piece] {
        &self.all
    }

    /// Time by kind of the pieces with these indices.
    pub(super) fn amounts(&self, range: Range<usize>) -> TimeByKind {
        // A short range is cheaper to add up than to look up twice.
        if range.len() <= 2 * PIECES_PER_SUM {
            let mut sum = [0; Kind::COUNT];
            add_times(&mut sum, &self.all[range]);
            return sum;
        }
        let mut from = self.sum_before(range.start);
        let to = self.sum_before(range.end);
        for (from, to) in from.iter_mut().zip(to) {
            *from = to.wrapping_sub(*from);
        }
        from
    }

    fn sum_before(&self, number: usize) -> TimeByKind {
        let mut sum = self.sums[number / PIECES_PER_SUM];
        add_times(
            &mut sum,
            &self.all[number / PIECES_PER_SUM * PIECES_PER_SUM..number],
        );
        sum
    }
}

fn add_times(sum: &mut TimeByKind, pieces: &[Piece]) {
    for piece in pieces {
        let amount = &mut sum[piece.kind as usize];
        *amount = amount.wrapping_add(piece.nanos());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(kind: Kind, start: u64, end: u64) -> Piece {
        Piece {
            start: SimTime::from_nanos(start),
            end: SimTime::from_nanos(end),
            instance: InstanceId(0),
            segment: SegmentId(0),
            lane: LaneId::NONE,
            state: State::Running,
            kind,
        }
    }

    #[track_caller]
    fn check(own: &[Piece], parts: &[&[Piece]], track: &[Piece], orphans: &[Piece]) {
        assert_eq!(
            overlay_parts(own, parts),
            (track.to_vec(), orphans.to_vec())
        );
    }

    #[test]
    fn a_part_replaces_the_wait_for_it() {
        use Kind::*;
        check(
            &[
                piece(Ready, 0, 2),
                piece(Offloaded, 2, 9),
                piece(Ready, 9, 10),
            ],
            &[&[piece(QueuedCore, 3, 5), piece(Running, 5, 8)]],
            &[
                piece(Ready, 0, 2),
                piece(Offloaded, 2, 3),
                piece(QueuedCore, 3, 5),
                piece(Running, 5, 8),
                piece(Offloaded, 8, 9),
                piece(Ready, 9, 10),
            ],
            &[],
        );
    }

    #[test]
    fn a_part_that_outlives_the_wait_becomes_an_orphan_even_beside_the_next_part() {
        use Kind::*;
        check(
            &[piece(Offloaded, 0, 3), piece(Offloaded, 3, 6)],
            &[&[piece(Running, 0, 8)], &[piece(BlockingThread, 3, 6)]],
            &[piece(Running, 0, 3), piece(BlockingThread, 3, 6)],
            &[piece(Running, 3, 8)],
        );
    }

    #[test]
    fn a_part_that_is_not_awaited_is_an_orphan() {
        use Kind::*;
        check(
            &[piece(Awaiting, 0, 3)],
            &[&[piece(Running, 1, 2)]],
            &[piece(Awaiting, 0, 3)],
            &[piece(Running, 1, 2)],
        );
    }

    #[test]
    fn sums_over_any_range_are_exact() {
        let track: Vec<Piece> = (0..100)
            .map(|n| piece(Kind::ALL[n % 3], n as u64 * 100, n as u64 * 101))
            .collect();
        let mut pieces = Pieces::new();
        pieces.push_track(&track);
        cooperative::block_on(pieces.compute_sums());
        for (from, to) in [(0, 100), (0, 0), (31, 33), (64, 96), (5, 99)] {
            let mut expected = [0; Kind::COUNT];
            add_times(&mut expected, &track[from..to]);
            assert_eq!(pieces.amounts(from..to), expected, "{from}..{to}");
        }
    }
}
