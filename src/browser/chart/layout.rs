//! The layout of the chart for its width, and the visible part of the run.

use super::Props;
use crate::browser::dom;
use chart::scene::{Plan, Timeline, Viewport, Words};
use model::time::SimTime;

/// The maximum height of the chart in pixels. Charts with more rows have lower rows.
const HEIGHT_MAX_PX: f64 = 600.0;
const HEIGHT_MAX_NARROW_PX: f64 = 420.0;
/// Below this width, e.g. on a phone, the chart is less high and has its names above the bars.
const NARROW_PX: f64 = 520.0;

/// An estimate of the maximum height, for laying out rows before the chart exists.
pub(in crate::browser) fn height_max_px() -> f64 {
    let width = dom::window().inner_width().ok();
    match width.and_then(|width| width.as_f64()) {
        Some(width) if width < NARROW_PX => HEIGHT_MAX_NARROW_PX,
        _ => HEIGHT_MAX_PX,
    }
}

/// The division of the picture, and the part of the run on it.
pub(super) struct Layout {
    pub(super) plan: Plan,
    pub(super) viewport: Viewport,
}

impl Layout {
    /// `axis_end` is the end of the time axis as long as the whole run is visible.
    pub(super) fn of(timeline: &Timeline, props: &Props, width: f64, axis_end: SimTime) -> Self {
        let height_max = if width < NARROW_PX {
            HEIGHT_MAX_NARROW_PX
        } else {
            HEIGHT_MAX_PX
        };
        // With the names above the plot, the first tick's label is centred below the left edge.
        let side_px = if width < NARROW_PX { 8.0 } else { 2.0 };
        // Room for the labels of frozen windows, also without any: the bars stay in their place
        // when an edit removes the last one.
        let top_px = if timeline.windows().is_empty() {
            16.0
        } else {
            4.0
        };
        let plan = Plan::new(
            timeline,
            Words(props.language),
            width,
            side_px,
            top_px,
            height_max,
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
