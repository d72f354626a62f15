//! Hit testing: finds the bar or row under the pointer.
//!
//! Showing details of it is left to the page.

use std::ops::Range;

use crate::scene::geometry::Point;
use crate::scene::piece::Piece;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use model::time::SimTime;

/// The distance at which a bar still counts as hit: it may be narrower than a fingertip.
const NEAR_PX: f64 = 3.0;

/// The object at a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    /// A bar.
    Piece { row: usize, piece: Piece },
    /// A row, at an instant without a bar.
    Row { row: usize, at: SimTime },
    /// Rows that share a strip of pixels.
    Rows { rows: Range<usize>, at: SimTime },
}

impl Timeline {
    /// The object at a point; `None` outside the plot and below the last row.
    pub fn hit(&self, viewport: &Viewport, point: Point) -> Option<Hit> {
        if !viewport.plot.contains(point) {
            return None;
        }
        let row = viewport
            .row(point.y)
            .filter(|&row| row < self.rows().len())?;
        let at = viewport.time(point.x);
        // Rows lower than a pixel are drawn in strips: the pointer is on several of them.
        if viewport.pitch_px() < 1.0 {
            let last = viewport.row(point.y + 1.0).unwrap_or(row);
            let last = last.clamp(row + 1, self.rows().len());
            return Some(Hit::Rows {
                rows: row..last,
                at,
            });
        }
        let tracks = self.tracks(row).map(|track| self.pieces.track(track));
        let near = |track: &[Piece]| nearest(track, viewport, point.x, at);
        let piece = tracks.filter_map(near).min_by(|a, b| a.0.total_cmp(&b.0));
        Some(match piece {
            Some((_, piece)) => Hit::Piece { row, piece },
            None => Hit::Row { row, at },
        })
    }
}

/// The piece at an instant, or one at most [`NEAR_PX`] away, and its distance.
fn nearest(track: &[Piece], viewport: &Viewport, x: f64, at: SimTime) -> Option<(f64, Piece)> {
    let after = track.partition_point(|piece| piece.end <= at);
    // The piece at or after the instant, and the one before it.
    let neighbours = track[after.saturating_sub(1)..].iter().take(2);
    let distance = |piece: &Piece| {
        let (left, right) = (viewport.x(piece.start), viewport.x(piece.end));
        (left - x).max(x - right).max(0.0)
    };
    neighbours
        .map(|piece| (distance(piece), *piece))
        .filter(|&(distance, _)| distance <= NEAR_PX)
        .min_by(|a, b| a.0.total_cmp(&b.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::geometry::Rect;
    use crate::scene::rows::By;
    use model::trace::Spans;
    use model::trace::staged::stage;

    const STAGE: &str = "task a: cpu 1, await 2
        a#1 arrived
        a#2 arrived
        0 a#1 running @0 on loop
        0 a#2 ready
        1 a#1 awaiting @1
        1 a#2 running @0 on loop
        2 a#2 done
        3 a#1 done";

    #[track_caller]
    fn check(x: f64, y: f64, expected: &str) {
        let (workload, trace) = stage(STAGE);
        let timeline = Timeline::new(&workload, &trace, &Spans::of(&trace), By::Tasks);
        let plot = Rect::new(100.0, 10.0, 300.0, 80.0);
        let viewport = Viewport::fit(plot, trace.end, 40.0);
        let found = match timeline.hit(&viewport, Point::new(x, y)) {
            Some(Hit::Piece { row, piece }) => format!("{row} {:?}", piece.kind),
            Some(Hit::Row { row, at }) => format!("{row} at {at}"),
            Some(Hit::Rows { rows, at }) => format!("{rows:?} at {at}"),
            None => "nothing".to_owned(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_point_finds_its_bar() {
        check(150.0, 20.0, "0 Running");
        check(250.0, 20.0, "0 Awaiting");
        check(150.0, 60.0, "1 Ready");
        check(350.0, 60.0, "1 at 2.5s");
        check(302.0, 60.0, "1 Running");
        check(50.0, 20.0, "nothing");
        check(150.0, 95.0, "nothing");
    }
}
