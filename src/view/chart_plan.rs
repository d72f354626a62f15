//! The division of the chart for the size that the page has for it.
//!
//! The live chart uses it, and the picture of the first script, which is drawn at build time.

use chart::scene::{Plan, Timeline, Words};

/// The part of the window that the chart takes at most, with its axis.
const WINDOW_PART: f64 = 0.45;
/// The axis and the labels of frozen windows.
const AROUND_ROWS_PX: f64 = 48.0;
/// The rows have at least this height, even in a very low window.
const ROWS_MIN_PX: f64 = 80.0;
/// Below this width, e.g. on a phone, the chart has its names above the bars.
pub(crate) const NARROW_PX: f64 = 520.0;
/// The place of the labels of frozen windows, kept free also while there are none: the bars must
/// not move when a window comes.
const WINDOW_LABELS_PX: f64 = 12.0;

/// The maximum height of the rows in a window of this height.
pub(crate) fn rows_max_px(window_height_px: f64) -> f64 {
    (window_height_px * WINDOW_PART - AROUND_ROWS_PX).max(ROWS_MIN_PX)
}

/// The place that the page has for a chart.
#[derive(Clone, Copy)]
pub(crate) struct PlanSettings {
    pub(crate) width_px: f64,
    /// The maximum height of all rows together, without the axis.
    pub(crate) rows_max_px: f64,
    pub(crate) in_lab: bool,
}

pub(crate) fn plan(timeline: &Timeline, words: Words, settings: PlanSettings) -> Plan {
    let PlanSettings {
        width_px,
        rows_max_px,
        in_lab,
    } = settings;
    // With the names above the plot, the first tick's label is centred below the left edge.
    let side_px = if width_px < NARROW_PX { 8.0 } else { 2.0 };
    let has_labels = !timeline.windows().is_empty();
    let labels_px = if has_labels || in_lab {
        0.0
    } else {
        WINDOW_LABELS_PX
    };
    let top_px = 4.0 + labels_px;
    Plan::new(timeline, words, width_px, side_px, top_px, rows_max_px)
}
