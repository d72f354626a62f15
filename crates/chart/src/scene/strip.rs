//! Draws rows lower than a pixel, merged into strips.
//!
//! The times in a strip come from `density`; taller rows are drawn by `bar`.

use crate::scene::density::Strips;
use crate::scene::detail::reduce_strip;
use crate::scene::shape::Shape;
use crate::scene::stack::StackedColumns;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;

/// The least height of a strip, and the width of its columns: enough to see a colour.
const STRIP_PX: f64 = 3.0;
const COLUMN_PX: f64 = 2.0;

/// Draws the visible rows in strips.
pub(super) fn draw_strips(shapes: &mut Vec<Shape>, timeline: &mut Timeline, viewport: &Viewport) {
    let rows = timeline.rows().len();
    let rows_each = rows_each(viewport.pitch_px());
    let height = rows_each as f64 * viewport.pitch_px();
    let visible = viewport.rows(rows);
    let strips = timeline.strips(rows_each);
    for strip in visible.start / rows_each..visible.end.div_ceil(rows_each) {
        let first = strip * rows_each;
        let count = rows_each.min(rows - first);
        draw_strip(
            shapes,
            strips,
            strip,
            viewport,
            viewport.y(first),
            height,
            count,
        );
    }
}

/// How many rows share a strip. A power of two, so that a small change of height does not
/// merge all rows again.
pub(super) fn rows_each(pitch_px: f64) -> usize {
    let wanted = (STRIP_PX / pitch_px).max(1.0);
    (wanted as usize).next_power_of_two()
}

fn draw_strip(
    shapes: &mut Vec<Shape>,
    strips: &Strips,
    strip: usize,
    viewport: &Viewport,
    top: f64,
    height: f64,
    rows: usize,
) {
    let plot = viewport.plot;
    // On whole pixels, so that no background shows between strips.
    let bottom = (top + height).round().min(plot.bottom());
    let top = top.round().max(plot.y);
    let mut stacks = StackedColumns::new(top, bottom - top);
    for cell in reduce_strip(
        &mut strips.reader(strip, viewport.start()),
        viewport,
        COLUMN_PX,
    ) {
        let (left, right) = (viewport.x(cell.start), viewport.x(cell.end));
        let capacity = cell.end.since(cell.start).as_nanos();
        // A column is full if every row has a bar for its whole time.
        let capacity = capacity.saturating_mul(rows as u64);
        stacks.add(shapes, left, right, &cell.amounts, capacity);
    }
    stacks.flush(shapes);
}
