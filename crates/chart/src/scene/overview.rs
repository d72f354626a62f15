//! Draws the whole run as one strip: the time by kind of each column. Used as a map for a chart
//! that shows a part of the run.
//!
//! One pass over the pieces. A piece that covers many columns is counted where it begins and
//! ends, and running sums fill the columns between. Drawing columns is left to `stack`.

use crate::scene::geometry::Rect;
use crate::scene::kind::{Kind, TimeByKind};
use crate::scene::shape::Shape;
use crate::scene::stack::StackedColumns;
use crate::scene::timeline::Timeline;

/// Width of a column: enough to see a colour.
const COLUMN_PX: f64 = 2.0;

/// Draws all rows, from the first instant to the last, in `area`.
pub fn overview(timeline: &Timeline, area: Rect) -> Vec<Shape> {
    let wanted = (area.width / COLUMN_PX).floor().max(1.0) as u64;
    let column_ns = timeline.end().as_nanos().div_ceil(wanted).max(1);
    let columns = timeline.end().as_nanos().div_ceil(column_ns) as usize;
    let width = area.width / (timeline.end().as_nanos() as f64 / column_ns as f64).max(1.0);
    let amounts = amounts_by_column(timeline, column_ns, columns);
    // The fullest column reaches the top, because at any time few of many rows have a bar.
    let sums = amounts.iter().map(|amounts| amounts.iter().sum::<u64>());
    let capacity = sums.max().unwrap_or_default().max(1);
    let mut shapes = Vec::new();
    let mut stacks = StackedColumns::new(area.y, area.height);
    for (column, amounts) in amounts.iter().enumerate() {
        let left = area.x + column as f64 * width;
        let right = (left + width).min(area.right());
        stacks.add(&mut shapes, left, right, amounts, capacity);
    }
    stacks.flush(&mut shapes);
    shapes
}

/// Time by kind in each column.
fn amounts_by_column(timeline: &Timeline, column_ns: u64, columns: usize) -> Vec<TimeByKind> {
    let mut amounts = vec![[0_u64; Kind::COUNT]; columns];
    // By column: the change in the number of pieces that cover a whole column. Wraps below zero.
    let mut covering = vec![[0_u64; Kind::COUNT]; columns + 1];
    for row in 0..timeline.rows().len() {
        for piece in timeline.tracks_of(row).flatten() {
            let kind = piece.kind as usize;
            let (start, end) = (piece.start.as_nanos(), piece.end.as_nanos());
            let first = (start / column_ns) as usize;
            let last = (end.saturating_sub(1) / column_ns) as usize;
            // Within one column.
            if first == last {
                amounts[first][kind] += end - start;
                continue;
            }
            amounts[first][kind] += (first as u64 + 1) * column_ns - start;
            amounts[last][kind] += end - last as u64 * column_ns;
            covering[first + 1][kind] = covering[first + 1][kind].wrapping_add(1);
            covering[last][kind] = covering[last][kind].wrapping_sub(1);
        }
    }
    let mut open: TimeByKind = [0; Kind::COUNT];
    for (amounts, more) in amounts.iter_mut().zip(&covering) {
        for kind in 0..Kind::COUNT {
            open[kind] = open[kind].wrapping_add(more[kind]);
            amounts[kind] += open[kind].saturating_mul(column_ns);
        }
    }
    amounts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::rows::By;
    use model::trace::Spans;
    use model::trace::staged::stage;

    #[track_caller]
    fn check(story: &str, column_s: u64, expected: &[&[(Kind, u64)]]) {
        const SECOND: u64 = 1_000_000_000;
        let (workload, trace) = stage(story);
        let spans = Spans::of(&trace);
        let timeline = Timeline::new(&workload, &trace, &spans, By::Tasks);
        let found: Vec<Vec<(Kind, u64)>> =
            amounts_by_column(&timeline, column_s * SECOND, expected.len())
                .iter()
                .map(|column| {
                    let kinds = Kind::ALL.into_iter();
                    let of = |kind| (kind, column[kind as usize] / SECOND);
                    kinds.map(of).filter(|&(_, amount)| amount > 0).collect()
                })
                .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_time_of_a_piece_is_split_among_its_columns() {
        let story = "task a: cpu 7, await 1
             a#1 arrived
             0 a#1 ready
             0 a#1 running @0 on loop
             7 a#1 awaiting @1
             8 a#1 ready
             8 a#1 done";
        check(
            story,
            2,
            &[
                &[(Kind::Running, 2)],
                &[(Kind::Running, 2)],
                &[(Kind::Running, 2)],
                &[(Kind::Running, 1), (Kind::Awaiting, 1)],
            ],
        );
        check(story, 8, &[&[(Kind::Running, 7), (Kind::Awaiting, 1)]]);
    }
}
