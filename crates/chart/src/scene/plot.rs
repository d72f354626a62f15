//! The bars and everything in their coordinates: grid, frozen windows, names and axis.
//!
//! The cost is proportional to what is on screen. Rows of at least a pixel are drawn one by
//! one, lower ones in strips. The texts around a chart are left to `frame`.

use crate::scene::band::draw_bands;
use crate::scene::bar::draw_bars;
use crate::scene::geometry::Point;
use crate::scene::ghost::OverlaySpan;
use crate::scene::measure::{Weight, width};
use crate::scene::palette::Ink;
use crate::scene::plan::{Plan, SMALL_PX, end_label};
use crate::scene::row_name::draw_row_names;
use crate::scene::shape::{Anchor, Shape};
use crate::scene::strip::draw_strips;
use crate::scene::ticks::ticks;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;
use model::time::SimTime;

/// Rows lower than this are merged into strips.
pub(super) const MERGED_PITCH_PX: f64 = 1.0;
/// The least distance between two labels of the axis.
const TICK_GAP_PX: f64 = 32.0;

/// Draws everything inside the layout. `ghosts` has the measured bars behind each row; empty
/// without a measured run.
pub fn plot(
    timeline: &mut Timeline,
    plan: &Plan,
    viewport: &Viewport,
    words: Words,
    ghosts: &[Vec<OverlaySpan>],
) -> Vec<Shape> {
    let mut shapes = plot_background(timeline, viewport, words, None);
    shapes.extend(plot_bars(timeline, plan, viewport, words, ghosts));
    shapes.extend(plot_front(timeline, plan, viewport, words));
    shapes
}

/// Draws only the bars: row by row, or in strips.
pub fn plot_bars(
    timeline: &mut Timeline,
    plan: &Plan,
    viewport: &Viewport,
    words: Words,
    ghosts: &[Vec<OverlaySpan>],
) -> Vec<Shape> {
    let mut shapes = Vec::new();
    if viewport.pitch_px() < MERGED_PITCH_PX {
        draw_strips(&mut shapes, timeline, viewport);
    } else {
        draw_bars(&mut shapes, timeline, plan, viewport, words, ghosts);
    }
    shapes
}

/// Draws what is not covered by bars: the names and the end of the run.
pub fn plot_front(
    timeline: &Timeline,
    plan: &Plan,
    viewport: &Viewport,
    words: Words,
) -> Vec<Shape> {
    let mut shapes = Vec::new();
    draw_row_names(&mut shapes, timeline, plan, viewport, words);
    draw_end_line(&mut shapes, timeline, viewport);
    shapes
}

/// Draws the grid, the axis and the frozen windows, behind the bars. `earlier_end` is the end of
/// the run before an edit, as long as that is compared.
pub fn plot_background(
    timeline: &Timeline,
    viewport: &Viewport,
    words: Words,
    earlier_end: Option<SimTime>,
) -> Vec<Shape> {
    let mut shapes = Vec::new();
    draw_bands(&mut shapes, timeline, viewport, words);
    let plot = viewport.plot;
    let label_width = |label: &str| width(label, SMALL_PX, Weight::Regular);
    let end_width = |end: SimTime| width(&end_label(end), SMALL_PX, Weight::Bold);
    let ends = [Some(timeline.run_end()), earlier_end];
    for tick in ticks(viewport, TICK_GAP_PX, label_width) {
        // Waits that never end are drawn behind the end, where no time is.
        if timeline.has_open_waits() && tick.at > timeline.run_end() {
            break;
        }
        let x = viewport.x(tick.at);
        shapes.push(Shape::upright(x, plot.y, plot.bottom(), 1.0, Ink::Line));
        // Leaves out labels that would touch the total under an end line.
        let is_free = |end: SimTime| {
            let room = (label_width(&tick.label) + end_width(end)) / 2.0 + 6.0;
            (x - viewport.x(end)).abs() >= room
        };
        if ends.into_iter().flatten().all(is_free) {
            let at = Point::new(x, plot.bottom() + 17.0);
            shapes.push(Shape::text(
                at,
                tick.label,
                SMALL_PX,
                Anchor::Middle,
                Ink::Soft,
            ));
        }
    }
    if let Some(end) = earlier_end {
        let x = viewport.x(end);
        let room = (end_width(end) + end_width(timeline.run_end())) / 2.0 + 6.0;
        let is_visible = x >= plot.x && x <= plot.right() + 0.5;
        if is_visible && (x - viewport.x(timeline.run_end())).abs() >= room {
            let (top, bottom) = (plot.y, plot.bottom() + 4.0);
            shapes.push(Shape::upright(x, top, bottom, 1.5, Ink::LineStrong));
            let at = Point::new(x, plot.bottom() + 17.0);
            let label = end_label(end);
            shapes.push(Shape::text(at, label, SMALL_PX, Anchor::Middle, Ink::Soft));
        }
    }
    shapes
}

/// Draws the end of the run, with the total below it.
fn draw_end_line(shapes: &mut Vec<Shape>, timeline: &Timeline, viewport: &Viewport) {
    let plot = viewport.plot;
    let x = viewport.x(timeline.run_end());
    if x < plot.x || x > plot.right() + 0.5 {
        return;
    }
    shapes.push(Shape::upright(
        x,
        plot.y,
        plot.bottom() + 4.0,
        1.5,
        Ink::Text,
    ));
    let at = Point::new(x, plot.bottom() + 17.0);
    let label = end_label(timeline.run_end());
    shapes.push(Shape::text(at, label, SMALL_PX, Anchor::Middle, Ink::Text).bold());
}
