//! Draws the names of rows: beside them, above them, or one for a group.
//!
//! The names come from `label`, their position from `plan`.

use crate::scene::geometry::Point;
use crate::scene::measure::fitted_name;
use crate::scene::palette::Ink;
use crate::scene::plan::{
    ABOVE_PX, INDENT_PX, INDENTS, NAME_GAP_PX, NAME_PX, NAMED_PITCH_PX, NamePosition, Plan,
    SMALL_PX,
};
use crate::scene::shape::{Anchor, Shape};
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;

pub(super) fn draw_row_names(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    plan: &Plan,
    viewport: &Viewport,
    words: Words,
) {
    match plan.names {
        NamePosition::Above => draw_names_above(shapes, timeline, viewport, words),
        NamePosition::Beside { width_px } if viewport.pitch_px() >= NAMED_PITCH_PX => {
            draw_names_beside(shapes, timeline, viewport, words, width_px);
        }
        NamePosition::Beside { width_px } => {
            draw_group_names(shapes, timeline, viewport, words, width_px);
        }
    }
}

fn draw_names_above(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    viewport: &Viewport,
    words: Words,
) {
    let plot = viewport.plot;
    for number in viewport.rows(timeline.rows().len()) {
        let row = &timeline.rows()[number];
        let indent = f64::from(row.depth.min(INDENTS)) * INDENT_PX;
        let name = timeline.labels().row(row, words);
        let name = fitted_name(&name, plot.width - indent, NAME_PX);
        let at = Point::new(plot.x + indent, viewport.y(number) + ABOVE_PX - 5.0);
        shapes.push(Shape::text(at, name, NAME_PX, Anchor::Start, Ink::Text));
    }
}

fn draw_names_beside(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    viewport: &Viewport,
    words: Words,
    width_px: f64,
) {
    let plot = viewport.plot;
    let size = NAME_PX.min(viewport.pitch_px() - 2.0);
    // Looks at a sample only: there may be a million rows.
    let nested = timeline.rows().iter().take(1_000).any(|row| row.depth > 0);
    for number in viewport.rows(timeline.rows().len()) {
        let middle = viewport.y(number) + viewport.pitch_px() / 2.0;
        if middle < plot.y || middle > plot.bottom() {
            continue;
        }
        let row = &timeline.rows()[number];
        let indent = f64::from(row.depth.min(INDENTS)) * INDENT_PX;
        let name = timeline.labels().row(row, words);
        let room = width_px - NAME_GAP_PX - indent;
        let name = fitted_name(&name, room, size);
        // Indented names are aligned on the left, flat lists on their bars.
        let (x, anchor) = if nested {
            (plot.x - width_px + indent, Anchor::Start)
        } else {
            (plot.x - NAME_GAP_PX, Anchor::End)
        };
        let at = Point::new(x, middle + size * 0.35);
        shapes.push(Shape::text(at, name, size, anchor, Ink::Text));
    }
}

/// Draws one name and a bracket for each group of rows that are too low for names.
fn draw_group_names(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    viewport: &Viewport,
    words: Words,
    width_px: f64,
) {
    let rows = timeline.rows();
    let plot = viewport.plot;
    let visible = viewport.rows(rows.len());
    let mut taken = f64::MIN;
    let mut first = visible.start;
    while first < visible.end {
        let can_share_name =
            |row: &usize| timeline.labels().can_share_name(&rows[first], &rows[*row]);
        let last = (first + 1..visible.end)
            .take_while(can_share_name)
            .last()
            .unwrap_or(first);
        let top = viewport.y(first).max(plot.y) + 1.0;
        let bottom = viewport.y(last + 1).min(plot.bottom()) - 1.0;
        let middle = (top + bottom) / 2.0;
        if bottom - top >= 9.0 && middle - 7.0 >= taken {
            let x = plot.x - NAME_GAP_PX / 2.0;
            shapes.push(Shape::upright(x, top, bottom, 1.5, Ink::LineStrong));
            let name = timeline.labels().rows(&rows[first], &rows[last], words);
            let name = fitted_name(&name, width_px - NAME_GAP_PX, SMALL_PX);
            let at = Point::new(plot.x - NAME_GAP_PX, middle + SMALL_PX * 0.35);
            shapes.push(Shape::text(at, name, SMALL_PX, Anchor::End, Ink::Text));
            taken = middle + 7.0;
        }
        first = last + 1;
    }
}
