//! The outlines of all bars of one script line, e.g. while the editor's cursor is in it.
//!
//! Bars that touch have one outline. Low rows share it with the rows above and below: a hundred
//! outlines in a hundred low rows would cover the bars. Drawing is left to the caller.

use crate::scene::geometry::{Point, Rect};
use crate::scene::plan::{Plan, bar_geometry};
use crate::scene::plot::MERGED_PITCH_PX;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use model::sorting::sort_by_number;

/// Rows lower than this share their outlines.
pub(super) const JOINED_PITCH_PX: f64 = 24.0;
/// Bars with a smaller gap between them have one outline.
pub(super) const GAP_PX: f64 = 3.0;
/// Narrower outlines could not be told apart from a line.
pub(super) const WIDTH_MIN_PX: f64 = 2.0;
/// Places are compared in this part of a pixel.
const UNITS_PER_PX: f64 = 16.0;

/// The outlines of a line's bars: boxes around single bars, or the edges of larger areas.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LineOutline {
    pub boxes: Vec<Rect>,
    pub edges: Vec<(Point, Point)>,
}

/// Outlines the visible bars of a script line.
pub fn line_outline(
    timeline: &Timeline,
    plan: &Plan,
    viewport: &Viewport,
    line: u32,
) -> LineOutline {
    let mut outline = LineOutline::default();
    let pitch_px = viewport.pitch_px();
    if pitch_px < MERGED_PITCH_PX {
        return outline;
    }
    let place = bar_geometry(plan.names, pitch_px);
    let rows = viewport.rows(timeline.rows().len());
    let mut above: Vec<u64> = Vec::new();
    for row in rows.clone() {
        let top = viewport.y(row);
        let intervals = line_intervals(timeline, viewport, row, line);
        if pitch_px >= JOINED_PITCH_PX {
            let top = top + place.top;
            let boxed =
                |&(left, right): &(f64, f64)| Rect::between(left, right, top, top + place.height);
            outline.boxes.extend(intervals.iter().map(boxed));
            continue;
        }
        let here: Vec<u64> = intervals
            .iter()
            .flat_map(|&(left, right)| [left, right])
            .map(|x| (x * UNITS_PER_PX) as u64)
            .collect();
        for &x in &here {
            let x = x as f64 / UNITS_PER_PX;
            outline
                .edges
                .push((Point::new(x, top), Point::new(x, top + pitch_px)));
        }
        add_border(&mut outline.edges, top, &above, &here);
        above = here;
    }
    add_border(&mut outline.edges, viewport.y(rows.end), &above, &[]);
    outline
}

/// The intervals of pixels that the line's bars cover in a row, joined where they touch.
fn line_intervals(
    timeline: &Timeline,
    viewport: &Viewport,
    row: usize,
    line: u32,
) -> Vec<(f64, f64)> {
    let pieces = timeline.pieces(row);
    let first = pieces.partition_point(|piece| piece.end < viewport.start());
    let seen = pieces[first..]
        .iter()
        .take_while(|piece| piece.start <= viewport.end());
    let mut intervals: Vec<(f64, f64)> = Vec::new();
    for piece in seen.filter(|piece| timeline.labels().line(piece.segment) == line) {
        let left = viewport.x_within(piece.start);
        let right = viewport.x_within(piece.end);
        match intervals.last_mut() {
            Some((_, end)) if left - *end < GAP_PX => *end = right,
            _ => intervals.push((left, right)),
        }
    }
    intervals.retain(|(left, right)| right - left >= WIDTH_MIN_PX);
    intervals
}

/// Adds the horizontal edges between two rows: where one is covered and the other is not. Sorted,
/// the ends of both rows' intervals are the ends of these edges in turn.
fn add_border(edges: &mut Vec<(Point, Point)>, y: f64, above: &[u64], below: &[u64]) {
    let mut ends = [above, below].concat();
    sort_by_number(&mut ends, |&x| x);
    for pair in ends.chunks_exact(2).filter(|pair| pair[0] < pair[1]) {
        let [from, to] = [pair[0], pair[1]].map(|x| Point::new(x as f64 / UNITS_PER_PX, y));
        edges.push((from, to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::rows::By;
    use crate::scene::words::Words;
    use model::trace::Spans;
    use model::trace::staged::stage;

    /// Three instances of which each runs for a second after the other.
    const STAGE: &str = "task a: cpu 1, await 2
        a#1 arrived
        a#2 arrived
        a#3 arrived
        0 a#1 running @0 on loop
        0 a#2 ready
        0 a#3 ready
        1 a#1 awaiting @1
        1 a#2 running @0 on loop
        2 a#2 awaiting @1
        2 a#3 running @0 on loop
        3 a#3 awaiting @1
        3 a#1 done
        4 a#2 done
        5 a#3 done";

    fn outline(pitch_px: f64) -> (LineOutline, Viewport) {
        let (mut workload, trace) = stage(STAGE);
        let line = 7;
        workload.places[0].line = line;
        let timeline = Timeline::new(&workload, &trace, &Spans::of(&trace), By::Tasks);
        let words = Words(texts::Language::En);
        let plan = Plan::new(&timeline, words, 800.0, 8.0, 4.0, 600.0);
        let viewport = Viewport::fit(Rect::new(100.0, 0.0, 500.0, 600.0), trace.end, pitch_px);
        (line_outline(&timeline, &plan, &viewport, line), viewport)
    }

    #[test]
    fn high_rows_have_a_box_for_bars_that_touch() {
        let (outline, viewport) = outline(40.0);
        let widths = outline.boxes.iter().map(|area| area.width);
        // Waiting for the segment, if it has to, and running it.
        assert_eq!(widths.collect::<Vec<_>>(), [100.0, 200.0, 300.0]);
        assert!(outline.boxes.iter().all(|area| area.x == viewport.plot.x));
        assert_eq!(outline.edges, []);
    }

    #[test]
    fn low_rows_have_one_outline_around_all() {
        let (outline, _) = outline(6.0);
        assert_eq!(outline.boxes, []);
        let horizontal = outline.edges.iter().filter(|(from, to)| from.y == to.y);
        let length: f64 = horizontal.map(|(from, to)| to.x - from.x).sum();
        // Each upper edge, and the lower ones, once: a staircase is as long as its widest row.
        let widest = outline
            .edges
            .iter()
            .map(|(_, to)| to.x - 100.0)
            .fold(0.0, f64::max);
        assert_eq!(length, 2.0 * widest);
    }
}
