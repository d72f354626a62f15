//! A run as a small chart in a line of text: its first tasks, in the colours of the chart.

use super::answer::Style;
use crate::protocol::panel::{PanelElement, PanelNode, el};
use chart::scene::palette;
use chart::scene::{By, Timeline};
use model::time::SimTime;
use model::trace::{Spans, Trace};
use model::workload::Workload;

/// The size of the picture in SVG units.
const WIDTH: u64 = 1_000;
const ROW: u64 = 8;
/// More rows would not be legible in a line of text.
const ROWS_MAX: usize = 8;
/// The minimum width of a bar, in SVG units. Shorter bars cannot be told apart.
const LEAST: u64 = 3;

/// Draws the run on a time axis that ends at `end`.
pub(super) fn small_chart(
    workload: &Workload,
    trace: &Trace,
    end: SimTime,
    style: Style,
) -> PanelElement {
    let timeline = Timeline::new(workload, trace, &Spans::of(trace), By::Tasks);
    let rows = timeline.rows().len().min(ROWS_MAX);
    let height = (rows.max(1) as u64) * ROW;
    let bars = (0..rows).flat_map(|row| bars(&timeline, row, end, style));
    el("svg.small-chart")
        .set("viewBox", format!("0 0 {WIDTH} {height}"))
        .set("preserveAspectRatio", "none")
        .set("height", (height * 2).to_string())
        .state("aria-hidden", true)
        .kids(bars.collect::<Vec<_>>())
}

/// The bars of a row. A bar too short to see is covered by the one before.
fn bars(timeline: &Timeline, row: usize, end: SimTime, style: Style) -> Vec<PanelNode> {
    let x = |at: SimTime| {
        let end = u128::from(end.as_nanos().max(1));
        (u128::from(at.as_nanos()) * u128::from(WIDTH) / end) as u64
    };
    let mut drawn_to = 0;
    let mut bars = Vec::new();
    for piece in timeline.pieces(row) {
        let (from, to) = (x(piece.start).max(drawn_to), x(piece.end));
        if to < from + LEAST {
            continue;
        }
        let tone = palette::tone(piece.kind, style.theme);
        // Work is a bar and waiting a line, because patterns would not be legible.
        let (top, height, colour) = if piece.kind.is_work() {
            (1, ROW - 2, tone.ground)
        } else {
            (ROW / 2, 1, tone.ink)
        };
        let bar = el("rect")
            .set("x", from.to_string())
            .set("y", (row as u64 * ROW + top).to_string())
            .set("width", (to - from).to_string())
            .set("height", height.to_string())
            .set("fill", colour.to_string());
        bars.push(bar.into());
        drawn_to = to;
    }
    bars
}
