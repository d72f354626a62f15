//! The place of the tooltip: beside the hovered bar, at the pointer, and inside the window. Its
//! content is in `view::tip`.

use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlElement};

use super::canvas::pixels;
use super::{Chart, ChartProps, bar_area, row_of};
use crate::browser::dom;
use crate::view;

/// The distance of a tooltip from its bar and from the window's edges.
const TIP_GAP_PX: f64 = 8.0;
/// The distance of a tooltip's left edge from the pointer.
const TIP_SHIFT_PX: f64 = 20.0;

impl Chart {
    /// Puts the tooltip below the hovered bar, or above it, next to the pointer and inside the
    /// window.
    pub(super) fn place_tip(&self, props: &ChartProps) {
        let (Some(bar), Some(tip), Some(canvas)) = (
            props.pointed.tip(),
            dom::by_id(view::TIP).and_then(|tip| tip.dyn_into::<HtmlElement>().ok()),
            self.above.cast::<HtmlCanvasElement>(),
        ) else {
            return;
        };
        let timeline = props.shown.timeline(props.by);
        let layout = self.layout(props, &timeline);
        let area = row_of(&timeline, &bar).and_then(|row| bar_area(&layout, row, &bar));
        let (Some(area), Some(parent)) = (area, tip.offset_parent()) else {
            return;
        };
        let (canvas, parent) = (
            canvas.get_bounding_client_rect(),
            parent.get_bounding_client_rect(),
        );
        let (width, height) = (
            f64::from(tip.offset_width()),
            f64::from(tip.offset_height()),
        );
        let [window_width, window_height] = dom::window_size();
        let left = (canvas.left() + area.x).max(self.pointer_x.min(canvas.left() + area.right()));
        // Slightly to the left, so that the pointer is not at a corner.
        let left = (left - TIP_SHIFT_PX)
            .min(window_width - width - TIP_GAP_PX)
            .max(TIP_GAP_PX);
        let below = canvas.top() + area.bottom() + TIP_GAP_PX;
        let above = canvas.top() + area.y - TIP_GAP_PX - height;
        let fits = below + height + TIP_GAP_PX <= window_height;
        let top = if fits { below } else { above.max(TIP_GAP_PX) };
        let style = tip.style();
        for (name, value) in [
            ("left", pixels(left - parent.left())),
            ("top", pixels(top - parent.top())),
            ("visibility", "visible".to_owned()),
        ] {
            // These fail only for names that do not exist.
            let _ = style.set_property(name, &value);
        }
    }
}
