//! The minimap: the whole run in a strip, with the visible part marked. Shown only if the chart
//! is zoomed in. [`super::Chart`] paints the density on its canvas.

use std::rc::Rc;

use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use crate::state::View;
use crate::state::action::Action;
use crate::state::number::measure;
use crate::state::shown::Shown;
use crate::state::words;
use chart::scene::By;
use model::time::SimTime;
use texts::Language;

pub(super) struct MinimapProps {
    /// The canvas for the density.
    pub(super) canvas: NodeRef,
    pub(super) shown: Rc<Shown>,
    pub(super) view: View,
    pub(super) language: Language,
    pub(super) on_action: Callback<Action>,
}

/// The size of the strip in SVG units. CSS stretches it to the chart's width.
const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 10.0;

/// The minimap, or nothing while the chart shows the whole run.
pub(super) fn minimap(props: &MinimapProps) -> Html {
    let Some((start, end)) = props.view.window else {
        return Html::default();
    };
    let total = props.shown.run.trace().end.as_nanos().max(1) as f64;
    let x = move |time: SimTime| time.as_nanos() as f64 / total * WIDTH;
    let frozen = props.shown.timeline(By::Tasks).windows().to_vec();
    let window = |from: SimTime, to: SimTime, class: &'static str| {
        // A minimum, so that short windows stay visible.
        let width = (x(to) - x(from)).max(4.0);
        html! { <rect {class} x={measure(x(from))} width={measure(width)} height={measure(HEIGHT)} /> }
    };
    let go = {
        let (view, on_action) = (props.view, props.on_action.clone());
        let length = end.since(start);
        Callback::from(move |event: PointerEvent| {
            let Some(strip) = event
                .target_dyn_into::<Element>()
                .and_then(|at| at.closest("svg").ok().flatten())
            else {
                return;
            };
            // `pointermove` arrives without a pressed button too.
            if event.buttons() & 1 == 0 {
                return;
            }
            let area = strip.get_bounding_client_rect();
            let part = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
            let middle = part.clamp(0.0, 1.0) * total;
            let start =
                SimTime::from_nanos((middle - length.as_nanos() as f64 / 2.0).max(0.0) as u64);
            on_action.emit(Action::Viewed(View {
                window: Some((start, start + length)),
                ..view
            }));
        })
    };
    html! {
        <div class="minimap">
            <canvas ref={props.canvas.clone()} aria-hidden="true" />
            <svg viewBox={format!("0 0 {} {}", measure(WIDTH), measure(HEIGHT))} preserveAspectRatio="none" role="img"
                aria-label={words::MINIMAP.of(props.language)} onpointerdown={go.clone()} onpointermove={go}>
            { for frozen.iter().map(|each| window(each.start, each.end, "minimap-frozen")) }
            <rect class="minimap-veil" width={measure(x(start))} height={measure(HEIGHT)} />
            <rect class="minimap-veil" x={measure(x(end))} width={measure((WIDTH - x(end)).max(0.0))} height={measure(HEIGHT)} />
            { window(start, end, "minimap-window") }
            </svg>
        </div>
    }
}
