//! The layout of the chart for its width, and the visible part of the run.

use super::ChartProps;
use crate::browser::dom;
use chart::scene::{Plan, Timeline, Viewport, Words};
use model::time::SimTime;

/// The maximum height of a lab's rows in pixels. Charts with more rows have lower rows.
const LAB_HEIGHT_MAX_PX: f64 = 600.0;
const LAB_HEIGHT_MAX_NARROW_PX: f64 = 420.0;
/// The part of the window that the chart takes at most, with its axis.
const WINDOW_PART: f64 = 0.45;
/// The axis and the labels of frozen windows.
const AROUND_ROWS_PX: f64 = 48.0;
/// The rows have at least this height, even in a very low window.
const ROWS_MIN_PX: f64 = 80.0;
/// Below this width, e.g. on a phone, the chart has its names above the bars.
const NARROW_PX: f64 = 520.0;
/// The place of the labels of frozen windows, kept free also while there are none: the bars must
/// not move when a window comes.
const WINDOW_LABELS_PX: f64 = 12.0;

/// The maximum height of the rows in this window.
pub(in crate::browser) fn height_max_px() -> f64 {
    let height = dom::window().inner_height().ok();
    let height = height.and_then(|height| height.as_f64());
    height.map_or(LAB_HEIGHT_MAX_PX, |height| {
        (height * WINDOW_PART - AROUND_ROWS_PX).max(ROWS_MIN_PX)
    })
}

/// The maximum height of the rows in a lab of this width.
pub(super) fn lab_height_max_px(width: f64) -> f64 {
    if width < NARROW_PX {
        LAB_HEIGHT_MAX_NARROW_PX
    } else {
        LAB_HEIGHT_MAX_PX
    }
}

/// The place that the page has for a chart.
#[derive(Clone, Copy)]
pub(super) struct SizeMax {
    pub(super) width_px: f64,
    /// Of all rows together, without the axis.
    pub(super) rows_px: f64,
}

/// The division of the picture, and the part of the run on it.
pub(super) struct ChartLayout {
    pub(super) plan: Plan,
    pub(super) viewport: Viewport,
}

impl ChartLayout {
    /// `axis_end` is the end of the time axis as long as the whole run is visible.
    pub(super) fn of(
        timeline: &Timeline,
        props: &ChartProps,
        size_max: SizeMax,
        axis_end: SimTime,
    ) -> Self {
        // With the names above the plot, the first tick's label is centred below the left edge.
        let side_px = if size_max.width_px < NARROW_PX {
            8.0
        } else {
            2.0
        };
        let has_labels = !timeline.windows().is_empty();
        let labels_px = if has_labels || props.in_lab {
            0.0
        } else {
            WINDOW_LABELS_PX
        };
        let plan = Plan::new(
            timeline,
            Words(props.language),
            size_max.width_px,
            side_px,
            4.0 + labels_px,
            size_max.rows_px,
        );
        let mut viewport = plan.fit(axis_end);
        if let Some((start, end)) = props.view.window {
            viewport = viewport.with_window(start, end);
        }
        if let Some(pitch_px) = props.view.pitch_px {
            viewport = viewport.with_pitch(plan.plot.y, pitch_px.max(plan.pitch_px));
        }
        let viewport = viewport
            .scrolled(props.view.scroll_px)
            .clamped(axis_end, timeline.rows().len());
        // The zoom may have changed the row height.
        let plan = Plan {
            pitch_px: viewport.pitch_px(),
            ..plan
        };
        Self { plan, viewport }
    }
}
