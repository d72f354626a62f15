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
    let mut shapes = Vec::new();
    draw_background(&mut shapes, timeline, viewport, words);
    if viewport.pitch_px() < MERGED_PITCH_PX {
        draw_strips(&mut shapes, timeline, viewport);
    } else {
        draw_bars(&mut shapes, timeline, plan, viewport, words, ghosts);
    }
    draw_row_names(&mut shapes, timeline, plan, viewport, words);
    draw_end_line(&mut shapes, timeline, viewport);
    shapes
}

/// Draws the grid, the axis and the frozen windows, behind the bars.
fn draw_background(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    viewport: &Viewport,
    words: Words,
) {
    draw_bands(shapes, timeline, viewport, words);
    let plot = viewport.plot;
    let label_width = |label: &str| width(label, SMALL_PX, Weight::Regular);
    let end = end_label(timeline.run_end());
    let end_x = viewport.x(timeline.run_end());
    for tick in ticks(viewport, TICK_GAP_PX, label_width) {
        // Waits that never end are drawn behind the end, where no time is.
        if timeline.has_open_waits() && tick.at > timeline.run_end() {
            break;
        }
        let x = viewport.x(tick.at);
        shapes.push(Shape::upright(x, plot.y, plot.bottom(), 1.0, Ink::Line));
        // Leaves out labels that would touch the total under the end line.
        let room = (label_width(&tick.label) + width(&end, SMALL_PX, Weight::Bold)) / 2.0 + 6.0;
        if (x - end_x).abs() >= room {
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
