//! Level of detail: what of a track is drawn as itself, and what is merged.
//!
//! A piece at least a pixel wide is a bar of its own. Narrower ones are merged
//! with their neighbours in the same column of pixels into one stretch that
//! knows how much of each kind is in it. Pure functions of the pieces and the
//! viewport; no busy time is lost, to the nanosecond, and the cost follows the
//! pixels, not the pieces.

use std::ops::Range;

use crate::scene::density::Reader;
use crate::scene::kind::{Amounts, Kind};
use crate::scene::piece::{Piece, Pieces};
use crate::scene::viewport::Viewport;
use crate::time::SimTime;

/// Below this a bar would be no more than a hint of colour.
const WIDE_PX: f64 = 1.0;

/// A stretch of a track as it is drawn, cut off at the edges of the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Stretch {
    /// One piece, by its number among all.
    One {
        piece: usize,
        start: SimTime,
        end: SimTime,
    },
    /// Several, or one too narrow to see.
    Mixed {
        pieces: Range<usize>,
        start: SimTime,
        end: SimTime,
        amounts: Amounts,
    },
}

/// What of a track is to be seen.
pub(super) fn reduce(pieces: &Pieces, track: usize, viewport: &Viewport) -> Vec<Stretch> {
    let range = pieces.track_range(track);
    let mut walk = Walk {
        pieces,
        viewport,
        at: viewport.start(),
        next: range.start + passed(pieces.track(track), viewport.start()),
        last: range.end,
        found: Vec::new(),
    };
    while walk.at < viewport.end() && walk.next_starts_before(viewport.end()) {
        if walk.is_wide(walk.next) {
            walk.take_one();
        } else {
            walk.take_column();
        }
    }
    walk.found
}

/// How many pieces end by an instant.
fn passed(track: &[Piece], at: SimTime) -> usize {
    track.partition_point(|piece| piece.end <= at)
}

/// The same, searched in growing steps: the answer is mostly near.
fn passed_nearby(track: &[Piece], at: SimTime) -> usize {
    let mut reach = 1;
    while reach < track.len() && track[reach - 1].end <= at {
        reach *= 2;
    }
    passed(&track[..reach.min(track.len())], at)
}

struct Walk<'a> {
    pieces: &'a Pieces,
    viewport: &'a Viewport,
    /// Everything before is drawn.
    at: SimTime,
    next: usize,
    last: usize,
    found: Vec<Stretch>,
}

impl Walk<'_> {
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
        self.found.push(Stretch::One {
            piece: self.next,
            start,
            end,
        });
        self.at = end;
        self.next += 1;
    }

    /// To the end of this column of pixels, or to a bar that begins in it.
    fn take_column(&mut self) {
        let start = self.visible(self.next).0.max(self.at);
        let mut end = self.column_end(start);
        let all = &self.pieces.all()[..self.last];
        let over = self.next + passed_nearby(&all[self.next..], end);
        if all.get(over).is_some_and(|piece| piece.start < end) && self.is_wide(over) {
            end = self.visible(over).0;
        }
        let (covered, amounts) = self.amounts(over, start, end);
        self.found.push(Stretch::Mixed {
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
        // What begins in the last quarter of a column goes into the next: rounded
        // to nanoseconds, the end of a column may lie a hair before it.
        let column = (self.viewport.x(start) - plot.x + 0.25).floor() + 1.0;
        let end = self.viewport.time(plot.x + column);
        // Where a nanosecond is wider than a pixel, the column ends where it begins.
        let least = SimTime::from_nanos(start.as_nanos() + 1);
        end.max(least).min(self.viewport.end())
    }

    /// Time by kind between two instants; `over` is the first piece that ends after both.
    fn amounts(&self, over: usize, start: SimTime, end: SimTime) -> (Range<usize>, Amounts) {
        let all = &self.pieces.all()[..self.last];
        let mut amounts = self.pieces.amounts(self.next..over);
        let first = &all[self.next];
        amounts[first.kind as usize] =
            amounts[first.kind as usize].wrapping_sub(start.since(first.start).as_nanos());
        let mut last = over;
        if let Some(piece) = all.get(over).filter(|piece| piece.start < end) {
            let amount = &mut amounts[piece.kind as usize];
            *amount = amount.wrapping_add(end.since(piece.start).as_nanos());
            last += 1;
        }
        (self.next..last, amounts)
    }
}

/// A cell of a strip: many rows, one column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) start: SimTime,
    pub(super) end: SimTime,
    pub(super) amounts: Amounts,
}

/// A strip of many rows from the start of the window, column by column, without
/// the empty ones. Columns in which nothing changes are one.
pub(super) fn reduce_strip(
    reader: &mut Reader<'_>,
    viewport: &Viewport,
    column_px: f64,
) -> Vec<Cell> {
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
        column = quiet.min(columns).max(column + 1);
        let end = edge(column);
        let amounts = reader.advance(end);
        if amounts != [0; Kind::COUNT] {
            cells.push(Cell {
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
    use crate::trace::{InstanceId, LaneId, State};
    use crate::workload::SegmentId;

    /// Gap before, length, kind.
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

    fn busy(track: &[Piece], from: SimTime, to: SimTime) -> Amounts {
        let mut amounts = [0; Kind::COUNT];
        for piece in track {
            let (start, end) = (piece.start.max(from), piece.end.min(to));
            amounts[piece.kind as usize] += end.since(start).as_nanos();
        }
        amounts
    }

    fn sum(pieces: &Pieces, stretches: &[Stretch]) -> Amounts {
        let mut sum = [0; Kind::COUNT];
        for stretch in stretches {
            match stretch {
                Stretch::One { piece, start, end } => {
                    sum[pieces.all()[*piece].kind as usize] += end.since(*start).as_nanos();
                }
                Stretch::Mixed { amounts, .. } => {
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

    proptest! {
        #[test]
        fn no_busy_time_is_lost_in_a_row(drawn in drawn(), viewport in viewport()) {
            let track = track(&drawn);
            let mut pieces = Pieces::new();
            pieces.push_track(&track);
            crate::cooperative::block_on(pieces.sum_up());
            let stretches = reduce(&pieces, 0, &viewport);
            prop_assert_eq!(
                sum(&pieces, &stretches),
                busy(&track, viewport.start(), viewport.end())
            );
            prop_assert!(stretches.len() as f64 <= 3.0 * viewport.plot.width + 3.0);
        }

        #[test]
        fn no_busy_time_is_lost_in_a_strip(
            rows in prop::collection::vec(drawn(), 1..6),
            rows_each in 1..4_usize,
            viewport in viewport(),
        ) {
            let tracks: Vec<Vec<Piece>> = rows.iter().map(|row| track(row)).collect();
            let strips = crate::cooperative::block_on(Strips::new(tracks.len(), 0, rows_each, |row, found| {
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
