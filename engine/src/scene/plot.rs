//! The bars, and what shares their coordinates: grid, frozen windows, names, axis.
//!
//! Costs what is on screen. From a pixel a row on, rows are drawn one by one;
//! below, in strips.

use crate::scene::band::bands;
use crate::scene::bar::bars;
use crate::scene::geometry::Point;
use crate::scene::ghost::Stretch;
use crate::scene::measure::{Weight, width};
use crate::scene::palette::Ink;
use crate::scene::plan::{Plan, SMALL_PX, end_label};
use crate::scene::row_name::names;
use crate::scene::shape::{Anchor, Shape};
use crate::scene::strip::strips;
use crate::scene::ticks::ticks;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;

/// Rows lower than this are merged into strips.
pub(super) const MERGED_PITCH_PX: f64 = 1.0;
/// Between the labels of the axis.
const TICK_GAP_PX: f64 = 32.0;

/// Everything inside the plan. Behind each row, where there are any, its ghosts.
pub fn plot(
    timeline: &mut Timeline,
    plan: &Plan,
    viewport: &Viewport,
    words: Words,
    ghosts: &[Vec<Stretch>],
) -> Vec<Shape> {
    let mut shapes = Vec::new();
    back(&mut shapes, timeline, viewport, words);
    if viewport.pitch_px() < MERGED_PITCH_PX {
        strips(&mut shapes, timeline, viewport);
    } else {
        bars(&mut shapes, timeline, plan, viewport, words, ghosts);
    }
    names(&mut shapes, timeline, plan, viewport, words);
    end_line(&mut shapes, timeline, viewport);
    shapes
}

/// Grid, axis and frozen windows: what lies behind the bars.
fn back(shapes: &mut Vec<Shape>, timeline: &Timeline, viewport: &Viewport, words: Words) {
    bands(shapes, timeline, viewport, words);
    let plot = viewport.plot;
    let label_width = |label: &str| width(label, SMALL_PX, Weight::Regular);
    let end = end_label(timeline.end());
    let end_x = viewport.x(timeline.end());
    for tick in ticks(viewport, TICK_GAP_PX, label_width) {
        let x = viewport.x(tick.at);
        shapes.push(Shape::upright(x, plot.y, plot.bottom(), 1.0, Ink::Line));
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

/// The end of the run, with the total under it.
fn end_line(shapes: &mut Vec<Shape>, timeline: &Timeline, viewport: &Viewport) {
    let plot = viewport.plot;
    let x = viewport.x(timeline.end());
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
    let label = end_label(timeline.end());
    shapes.push(Shape::text(at, label, SMALL_PX, Anchor::Middle, Ink::Text).bold());
}
