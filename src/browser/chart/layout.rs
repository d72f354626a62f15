//! The layout of the chart for its width, and the visible part of the run.

use super::ChartProps;
use crate::browser::app::NARROW;
use crate::browser::dom;
use crate::view::chart_plan::{PlanSettings, plan, rows_max_px};
use chart::scene::{Plan, Timeline, Viewport, Words};
use model::time::SimTime;

/// The maximum height of a lab's rows in pixels: a hundred rows of 2 px, or of 3 px where the script
/// is beside the chart. So both are on the screen together. `www/embed/height.js` knows them, too.
const LAB_ROWS_MAX_PX: f64 = 240.0;
const LAB_ROWS_MAX_BESIDE_PX: f64 = 300.0;
/// The maximum height of the rows if the browser does not say how high its window is.
const WINDOW_UNKNOWN_PX: f64 = 600.0;

/// The maximum height of the rows in this window.
pub(in crate::browser) fn height_max_px() -> f64 {
    let height = dom::window().inner_height().ok();
    let height = height.and_then(|height| height.as_f64());
    height.map_or(WINDOW_UNKNOWN_PX, rows_max_px)
}

/// The maximum height of the rows in a lab.
pub(super) fn lab_rows_max_px() -> f64 {
    if dom::media_matches(NARROW) {
        LAB_ROWS_MAX_PX
    } else {
        LAB_ROWS_MAX_BESIDE_PX
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
        let settings = PlanSettings {
            width_px: size_max.width_px,
            rows_max_px: size_max.rows_px,
            in_lab: props.in_lab,
        };
        let plan = plan(timeline, Words(props.language), settings);
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
