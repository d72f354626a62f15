//! What is under the pointer.

use std::ops::Range;

use crate::scene::geometry::Point;
use crate::scene::piece::Piece;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::time::SimTime;

/// How far beside a bar still counts: a bar may be narrower than a fingertip.
const NEAR_PX: f64 = 3.0;

/// An answer to "what is this?".
#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    /// A bar.
    Piece { row: usize, piece: Piece },
    /// A row at an instant in which nothing of it is drawn.
    Row { row: usize, at: SimTime },
    /// Rows that share a strip of pixels.
    Rows { rows: Range<usize>, at: SimTime },
}

impl Timeline {
    /// What is at a point; `None` outside the plot and below the last row.
    pub fn hit(&self, viewport: &Viewport, point: Point) -> Option<Hit> {
        if !viewport.plot.contains(point) {
            return None;
        }
        let row = viewport
            .row(point.y)
            .filter(|&row| row < self.rows().len())?;
        let at = viewport.time(point.x);
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

/// The piece at an instant, or one at most `NEAR_PX` away, with its distance.
fn nearest(track: &[Piece], viewport: &Viewport, x: f64, at: SimTime) -> Option<(f64, Piece)> {
    let after = track.partition_point(|piece| piece.end <= at);
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
