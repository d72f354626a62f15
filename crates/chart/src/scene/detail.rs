//! Level of detail: merges the pieces of a track that are too narrow to draw.
//!
//! A piece of at least a pixel is a bar of its own. Narrower pieces are merged with their
//! neighbours in the same column of pixels into one span with the time of each kind, e.g.
//! 10,000 slices of 5 µs into one span of 50 ms. Pure functions of the pieces and the
//! viewport. No time is lost, to the nanosecond, and the cost depends on the pixels, not on
//! the pieces. Drawing is left to `bar` and `stack`.

use std::ops::Range;

use crate::scene::density::StripReader;
use crate::scene::kind::{Kind, TimeByKind};
use crate::scene::piece::{Piece, Pieces};
use crate::scene::viewport::Viewport;
use model::time::SimTime;

/// The least width of a bar of its own; narrower ones could not be seen.
const WIDE_PX: f64 = 1.0;

/// A part of a track as it is drawn, clipped to the window.
#[derive(Clone, Debug, PartialEq)]
pub enum VisibleSpan {
    /// One piece, by its index among all pieces.
    One {
        piece: usize,
        start: SimTime,
        end: SimTime,
    },
    /// Several pieces, or one that is too narrow.
    Mixed {
        pieces: Range<usize>,
        start: SimTime,
        end: SimTime,
        amounts: TimeByKind,
    },
}

impl VisibleSpan {
    /// Its start and end.
    pub(super) fn window(&self) -> (SimTime, SimTime) {
        match *self {
            Self::One { start, end, .. } | Self::Mixed { start, end, .. } => (start, end),
        }
    }
}

/// The visible spans of a track.
pub(super) fn reduce_track(pieces: &Pieces, track: usize, viewport: &Viewport) -> Vec<VisibleSpan> {
    let range = pieces.track_range(track);
    let mut reducer = TrackReducer {
        pieces,
        viewport,
        at: viewport.start(),
        next: range.start + pieces_before(pieces.track(track), viewport.start()),
        last: range.end,
        found: Vec::new(),
    };
    // Each round takes a wide piece or a column of pixels, so there are at most twice as many
    // rounds as pixels.
    while reducer.at < viewport.end() && reducer.next_starts_before(viewport.end()) {
        if reducer.is_wide(reducer.next) {
            reducer.take_one();
        } else {
            reducer.take_column();
        }
    }
    reducer.found
}

/// A turn is at most this wide; a longer stretch of work is a bar of its own.
const TURN_PX: f64 = 16.0;
/// So many spans in a row are turns, and fewer are bars.
const TURNS_MIN: usize = 8;

/// Merges the turns of a computation that shares the GIL or a core, which would look like a
/// barcode: each run of narrow spans that compute or wait for their turn becomes one span.
pub(super) fn merge_turns(
    spans: Vec<VisibleSpan>,
    pieces: &Pieces,
    viewport: &Viewport,
) -> Vec<VisibleSpan> {
    let segment_of_turn = |span: &VisibleSpan| {
        let VisibleSpan::One { piece, start, end } = *span else {
            return None;
        };
        let piece = &pieces.all()[piece];
        let is_turn = matches!(
            piece.kind,
            Kind::Running | Kind::QueuedGil | Kind::QueuedCore
        );
        let width_px = end.since(start).as_nanos() as f64 / viewport.ns_per_px();
        (is_turn && width_px <= TURN_PX).then_some((piece.instance, piece.segment))
    };
    let mut merged = Vec::with_capacity(spans.len());
    for run in spans.chunk_by(|one, next| {
        let segment = segment_of_turn(one);
        segment.is_some() && segment == segment_of_turn(next)
    }) {
        match run {
            [VisibleSpan::One { piece, start, .. }, .., last] if run.len() >= TURNS_MIN => {
                merged.push(VisibleSpan::Mixed {
                    pieces: *piece..*piece + run.len(),
                    start: *start,
                    end: last.window().1,
                    amounts: amounts_of(run, pieces),
                });
            }
            _ => merged.extend_from_slice(run),
        }
    }
    merged
}

fn amounts_of(run: &[VisibleSpan], pieces: &Pieces) -> TimeByKind {
    let mut amounts = [0; Kind::COUNT];
    for span in run {
        if let VisibleSpan::One { piece, start, end } = *span {
            amounts[pieces.all()[piece].kind as usize] += end.since(start).as_nanos();
        }
    }
    amounts
}

/// How many pieces end at or before an instant.
fn pieces_before(track: &[Piece], at: SimTime) -> usize {
    track.partition_point(|piece| piece.end <= at)
}

/// The same by exponential search: the answer is usually near the start.
fn pieces_before_nearby(track: &[Piece], at: SimTime) -> usize {
    let mut reach = 1;
    while reach < track.len() && track[reach - 1].end <= at {
        reach *= 2;
    }
    pieces_before(&track[..reach.min(track.len())], at)
}

struct TrackReducer<'a> {
    pieces: &'a Pieces,
    viewport: &'a Viewport,
    /// The spans before this instant have been found.
    at: SimTime,
    next: usize,
    last: usize,
    found: Vec<VisibleSpan>,
}

impl TrackReducer<'_> {
    fn next_starts_before(&self, time: SimTime) -> bool {
        self.next < self.last && self.pieces.all()[self.next].start < time
    }

    fn visible(&self, piece: usize) -> (SimTime, SimTime) {
        let piece = &self.pieces.all()[piece];
        (
            piece.start.max(self.viewport.start()),
            piece.end.min(self.viewport.end()),
        )
    }

    fn is_wide(&self, piece: usize) -> bool {
        let (start, end) = self.visible(piece);
        end.since(start).as_nanos() as f64 / self.viewport.ns_per_px() >= WIDE_PX
    }

    fn take_one(&mut self) {
        let (start, end) = self.visible(self.next);
        self.found.push(VisibleSpan::One {
            piece: self.next,
            start,
            end,
        });
        self.at = end;
        self.next += 1;
    }

    /// Merges pieces up to the end of this column of pixels, or up to a wide piece in it.
    fn take_column(&mut self) {
        let start = self.visible(self.next).0.max(self.at);
        let mut end = self.column_end(start);
        let all = &self.pieces.all()[..self.last];
        let over = self.next + pieces_before_nearby(&all[self.next..], end);
        // A wide piece that begins in this column stays a bar of its own.
        if all.get(over).is_some_and(|piece| piece.start < end) && self.is_wide(over) {
            end = self.visible(over).0;
        }
        debug_assert!(start < end, "every span takes time, so the walk ends");
        let (covered, amounts) = self.amounts(over, start, end);
        self.found.push(VisibleSpan::Mixed {
            pieces: covered,
            start,
            end,
            amounts,
        });
        self.at = end;
        self.next = over;
    }

    fn column_end(&self, start: SimTime) -> SimTime {
        let plot = &self.viewport.plot;
        // A start in the last quarter of a column counts to the next one: rounded to
        // nanoseconds, the end of a column may be slightly before its edge.
        let column = (self.viewport.x(start) - plot.x + 0.25).floor() + 1.0;
        let end = self.viewport.time(plot.x + column);
        // If a nanosecond is wider than a pixel, the column would end where it begins.
        let least = SimTime::from_nanos(start.as_nanos() + 1);
        end.max(least).min(self.viewport.end())
    }

    /// Time by kind between two instants. `over` is the first piece that ends after `end`.
    fn amounts(&self, over: usize, start: SimTime, end: SimTime) -> (Range<usize>, TimeByKind) {
        let all = &self.pieces.all()[..self.last];
        let mut amounts = self.pieces.amounts(self.next..over);
        // The sum has whole pieces: removes the part of the first before `start`.
        let first = &all[self.next];
        amounts[first.kind as usize] =
            amounts[first.kind as usize].wrapping_sub(start.since(first.start).as_nanos());
        let mut last = over;
        // Adds the part of the last piece before `end`.
        if let Some(piece) = all.get(over).filter(|piece| piece.start < end) {
            let amount = &mut amounts[piece.kind as usize];
            *amount = amount.wrapping_add(end.since(piece.start).as_nanos());
            last += 1;
        }
        (self.next..last, amounts)
    }
}

/// The time by kind of one column of a strip.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DensityCell {
    pub(super) start: SimTime,
    pub(super) end: SimTime,
    pub(super) amounts: TimeByKind,
}

/// The cells of a strip from the start of the window on, without empty ones. Columns in which
/// nothing changes are merged.
pub(super) fn reduce_strip(
    reader: &mut StripReader<'_>,
    viewport: &Viewport,
    column_px: f64,
) -> Vec<DensityCell> {
    let plot = viewport.plot;
    let columns = (plot.width / column_px).ceil() as usize;
    let edge = |column: usize| viewport.time(plot.x + column as f64 * column_px);
    let mut cells = Vec::new();
    let (mut column, mut start) = (0, viewport.start());
    while column < columns {
        let quiet = reader.next_change().map_or(columns, |change| {
            let x = viewport.x(change) - plot.x;
            (x / column_px).max(0.0) as usize
        });
        // Skips columns without a change, but always moves on.
        column = quiet.min(columns).max(column + 1);
        let end = edge(column);
        let amounts = reader.advance(end);
        if amounts != [0; Kind::COUNT] {
            cells.push(DensityCell {
                start,
                end,
                amounts,
            });
        }
        start = end;
    }
    cells
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scene::density::Strips;
    use crate::scene::geometry::Rect;
    use model::trace::{InstanceId, LaneId, State};
    use model::workload::SegmentId;

    /// The gap before a piece, its length and its kind.
    type Drawn = (u64, u64, usize);

    fn track(drawn: &[Drawn]) -> Vec<Piece> {
        let mut at = 0;
        let mut track = Vec::new();
        for &(gap, length, kind) in drawn {
            let start = at + gap;
            at = start + length;
            track.push(Piece {
                start: SimTime::from_nanos(start),
                end: SimTime::from_nanos(at),
                instance: InstanceId(0),
                segment: SegmentId(0),
                lane: LaneId::NONE,
                state: State::Running,
                kind: Kind::ALL[kind],
            });
        }
        track
    }

    fn busy(track: &[Piece], from: SimTime, to: SimTime) -> TimeByKind {
        let mut amounts = [0; Kind::COUNT];
        for piece in track {
            let (start, end) = (piece.start.max(from), piece.end.min(to));
            amounts[piece.kind as usize] += end.since(start).as_nanos();
        }
        amounts
    }

    fn sum(pieces: &Pieces, stretches: &[VisibleSpan]) -> TimeByKind {
        let mut sum = [0; Kind::COUNT];
        for stretch in stretches {
            match stretch {
                VisibleSpan::One { piece, start, end } => {
                    sum[pieces.all()[*piece].kind as usize] += end.since(*start).as_nanos();
                }
                VisibleSpan::Mixed { amounts, .. } => {
                    for (sum, amount) in sum.iter_mut().zip(amounts) {
                        *sum += amount;
                    }
                }
            }
        }
        sum
    }

    fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
        let length = prop_oneof![1..20_u64, 1..2_000_u64, 1..1_000_000_u64];
        let gap = prop_oneof![Just(0_u64), 0..3_000_u64];
        prop::collection::vec((gap, length, 0..Kind::COUNT), 0..200)
    }

    fn viewport() -> impl Strategy<Value = Viewport> {
        (0..5_000_000_u64, 10..10_000_000_u64, 1..1_500_u32).prop_map(|(start, length, width)| {
            let plot = Rect::new(7.5, 0.0, f64::from(width), 100.0);
            Viewport::fit(plot, SimTime::MAX, 10.0).with_window(
                SimTime::from_nanos(start),
                SimTime::from_nanos(start + length),
            )
        })
    }

    /// Draws turns of 10 ns each, one pixel a nanosecond; compares the number of spans.
    #[track_caller]
    fn check_turns(turns: usize, length: u64, expected: usize) {
        let kinds = [Kind::Running, Kind::QueuedGil].map(|kind| kind as usize);
        let drawn: Vec<Drawn> = (0..turns).map(|n| (0, length, kinds[n % 2])).collect();
        let mut pieces = Pieces::new();
        pieces.push_track(&track(&drawn));
        let plot = Rect::new(0.0, 0.0, 1_000.0, 100.0);
        let end = SimTime::from_nanos(1_000);
        let viewport = Viewport::fit(plot, end, 10.0).with_window(SimTime::ZERO, end);
        let spans = reduce_track(&pieces, 0, &viewport);
        assert_eq!(merge_turns(spans, &pieces, &viewport).len(), expected);
    }

    #[test]
    fn many_short_turns_are_one_span() {
        check_turns(20, 10, 1);
        check_turns(4, 10, 4);
        check_turns(20, 40, 20);
    }

    proptest! {
        #[test]
        fn no_busy_time_is_lost_in_a_row(drawn in drawn(), viewport in viewport()) {
            let track = track(&drawn);
            let mut pieces = Pieces::new();
            pieces.push_track(&track);
            model::cooperative::block_on(pieces.compute_sums());
            let stretches = reduce_track(&pieces, 0, &viewport);
            prop_assert_eq!(
                sum(&pieces, &stretches),
                busy(&track, viewport.start(), viewport.end())
            );
            prop_assert!(stretches.len() as f64 <= 3.0 * viewport.plot.width + 3.0);
            let merged = merge_turns(stretches, &pieces, &viewport);
            prop_assert_eq!(
                sum(&pieces, &merged),
                busy(&track, viewport.start(), viewport.end())
            );
        }

        #[test]
        fn no_busy_time_is_lost_in_a_strip(
            rows in prop::collection::vec(drawn(), 1..6),
            rows_each in 1..4_usize,
            viewport in viewport(),
        ) {
            let tracks: Vec<Vec<Piece>> = rows.iter().map(|row| track(row)).collect();
            let strips = model::cooperative::block_on(Strips::new(tracks.len(), 0, rows_each, |row, found| {
                found(&tracks[row]);
            }));
            for (strip, rows) in tracks.chunks(rows_each).enumerate() {
                let mut expected = [0; Kind::COUNT];
                for row in rows {
                    let busy = busy(row, viewport.start(), viewport.end());
                    expected.iter_mut().zip(busy).for_each(|(sum, more)| *sum += more);
                }
                let cells = reduce_strip(&mut strips.reader(strip, viewport.start()), &viewport, 2.0);
                let mut sum = [0; Kind::COUNT];
                for cell in &cells {
                    sum.iter_mut().zip(cell.amounts).for_each(|(sum, more)| *sum += more);
                }
                prop_assert_eq!(sum, expected);
            }
        }
    }
}
