//! The chart: the scene on a canvas, and a second canvas above it for everything that changes in
//! each frame, e.g. the cursor and the hovered bar.
//!
//! [`gesture`] handles input. [`chart::scene`] decides the shapes.

mod canvas;
mod gesture;
mod minimap;

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

use self::canvas::{Brushes, Canvas};
use self::gesture::Gesture;
use super::clock::{do_next, put_off};
use super::dom;
use crate::protocol::analysis::PathSpan;
use crate::state::action::Action;
use crate::state::proof::OverlayRows;
use crate::state::shown::{Bar, Shown};
use crate::state::words;
use crate::state::{Cursor, Pointed, View};
use chart::scene::overview::overview;
use chart::scene::palette::{Ink, Theme};
use chart::scene::{By, Hit, Plan, Point, Rect, RowOwner, Timeline, Viewport, Words, plot};
use model::time::SimTime;
use model::trace::InstanceId;
use texts::Language;

#[derive(Clone, Properties, PartialEq)]
pub(super) struct ChartProps {
    pub(super) shown: Rc<Shown>,
    pub(super) by: By,
    pub(super) view: View,
    pub(super) cursor: Cursor,
    pub(super) pointed: Pointed,
    pub(super) language: Language,
    pub(super) dark: bool,
    pub(super) stale: bool,
    /// The chart shows the script's run, so dragging a bar can change the script.
    pub(super) is_script: bool,
    /// The critical path; empty while it is switched off.
    pub(super) path: Rc<[PathSpan]>,
    /// The measured overlay.
    pub(super) behind: Option<Rc<OverlayRows>>,
    pub(super) on_action: Callback<Action>,
}

pub(super) struct Chart {
    frame: NodeRef,
    below: NodeRef,
    above: NodeRef,
    map: NodeRef,
    brushes: Brushes,
    gesture: Gesture,
    width: f64,
    /// The content of the lower canvas.
    painted: Option<Painted>,
    /// The content of the minimap. Its view is always the default, because it shows the whole run.
    mapped: Option<Painted>,
    watch: Option<Watch>,
}

pub(super) enum ChartMessage {
    /// The chart is in the document: its width can be measured.
    Placed,
    /// The width is known: the chart can be painted.
    Measured,
    Resized(f64),
    Down(PointerEvent),
    Move(PointerEvent),
    Up(PointerEvent),
    Left,
    Wheel(WheelEvent),
    DoubleClick,
    Key(KeyboardEvent),
}

/// Everything that the lower canvas depends on.
#[derive(Clone, PartialEq)]
struct Painted {
    shown: Rc<Shown>,
    behind: Option<Rc<OverlayRows>>,
    by: By,
    view: View,
    language: Language,
    dark: bool,
    width: f64,
    ratio: f64,
}

/// Observes the width of the frame until dropped.
struct Watch {
    observer: web_sys::ResizeObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Watch {
    /// Starts to observe an element. `found` gets each new width in pixels.
    fn of(element: &Element, found: Callback<f64>) -> Option<Self> {
        let watched: HtmlElement = element.clone().dyn_into().ok()?;
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |_| {
            found.emit(f64::from(watched.client_width()));
        });
        let observer = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _callback: callback,
        })
    }
}

/// The maximum height of the chart in pixels. Charts with more rows have lower rows.
const HEIGHT_MAX_PX: f64 = 600.0;
const HEIGHT_MAX_NARROW_PX: f64 = 420.0;
/// Below this width, e.g. on a phone, the chart is less high and has its names above the bars.
const NARROW_PX: f64 = 520.0;
const MAP_HEIGHT_PX: f64 = 30.0;

/// An estimate of the maximum height, for laying out rows before the chart exists.
pub(super) fn height_max_px() -> f64 {
    let width = dom::window().inner_width().ok();
    match width.and_then(|width| width.as_f64()) {
        Some(width) if width < NARROW_PX => HEIGHT_MAX_NARROW_PX,
        _ => HEIGHT_MAX_PX,
    }
}

/// The division of the picture, and the part of the run on it.
struct ChartLayout {
    plan: Plan,
    viewport: Viewport,
}

impl ChartLayout {
    fn of(timeline: &Timeline, props: &ChartProps, width: f64) -> Self {
        let height_max = if width < NARROW_PX {
            HEIGHT_MAX_NARROW_PX
        } else {
            HEIGHT_MAX_PX
        };
        // With the names above the plot, the first tick's label is centred below the left edge.
        let side_px = if width < NARROW_PX { 8.0 } else { 2.0 };
        let plan = Plan::new(
            timeline,
            Words(props.language),
            width,
            side_px,
            4.0,
            height_max,
        );
        // The measured run may end later than the predicted one.
        let behind = props.behind.as_ref().map(|behind| behind.end);
        let end = timeline.end().max(behind.unwrap_or_default());
        let mut viewport = plan.fit(end);
        if let Some((start, end)) = props.view.window {
            viewport = viewport.with_window(start, end);
        }
        if let Some(pitch_px) = props.view.pitch_px {
            viewport = viewport.with_pitch(plan.plot.y, pitch_px.max(plan.pitch_px));
        }
        let viewport = viewport
            .scrolled(props.view.scroll_px)
            .clamped(end, timeline.rows().len());
        // The zoom may have changed the row height.
        let plan = Plan {
            pitch_px: viewport.pitch_px(),
            ..plan
        };
        Self { plan, viewport }
    }
}

impl Component for Chart {
    type Message = ChartMessage;
    type Properties = ChartProps;

    fn create(_: &Context<Self>) -> Self {
        Self {
            frame: NodeRef::default(),
            below: NodeRef::default(),
            above: NodeRef::default(),
            map: NodeRef::default(),
            brushes: Brushes::default(),
            gesture: Gesture::default(),
            width: 0.0,
            painted: None,
            mapped: None,
            watch: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: ChartMessage) -> bool {
        match message {
            ChartMessage::Placed => self.take_place(ctx),
            ChartMessage::Measured => self.paint(ctx.props()),
            ChartMessage::Resized(width) => {
                let changed = width > 0.0 && width != self.width;
                // A hidden chart has width 0 and keeps its last width.
                self.width = if changed { width } else { self.width };
                return changed;
            }
            ChartMessage::Down(event) => self.pressed(ctx, &event),
            ChartMessage::Move(event) => self.moved(ctx, &event),
            ChartMessage::Up(event) => self.released(ctx, &event),
            ChartMessage::Left => ctx.props().on_action.emit(Action::Hovered(None)),
            ChartMessage::Wheel(event) => self.wheeled(ctx, &event),
            ChartMessage::DoubleClick => {
                ctx.props().on_action.emit(Action::Viewed(View::default()))
            }
            ChartMessage::Key(event) => self.key(ctx, &event),
        }
        false
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let language = props.language;
        let link = ctx.link();
        let label = crate::state::sentences::chart_summary(language, &props.shown);
        html! {
            <div class={classes!("chart", props.stale.then_some("stale"), props.behind.is_some().then_some("proven"))} ref={self.frame.clone()}>
                <canvas class="chart-below" ref={self.below.clone()} aria-hidden="true" />
                <canvas class="chart-above" ref={self.above.clone()} tabindex="0"
                    role="application" aria-roledescription={words::CHART_ROLE.of(language)} aria-label={label}
                    onpointerdown={link.callback(ChartMessage::Down)}
                    onpointermove={link.callback(ChartMessage::Move)}
                    onpointerup={link.callback(ChartMessage::Up)}
                    onpointercancel={link.callback(ChartMessage::Up)}
                    onpointerleave={link.callback(|_| ChartMessage::Left)}
                    ondblclick={link.callback(|_| ChartMessage::DoubleClick)}
                    onkeydown={link.callback(ChartMessage::Key)} />
                { minimap::minimap(&minimap::MinimapProps { canvas: self.map.clone(), shown: props.shown.clone(), view: props.view, language, on_action: props.on_action.clone() }) }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            let link = ctx.link().clone();
            put_off(move || link.send_message(ChartMessage::Placed));
        } else {
            self.paint(ctx.props());
        }
    }
}

impl Chart {
    /// Measures the width, and paints in a later task: measuring forces a layout of the page.
    fn take_place(&mut self, ctx: &Context<Self>) {
        if let Some(frame) = self.frame.cast::<HtmlElement>() {
            self.width = f64::from(frame.client_width());
            self.watch = Watch::of(&frame, ctx.link().callback(ChartMessage::Resized));
            self.listen_to_wheel(ctx);
        }
        let link = ctx.link().clone();
        do_next(move || link.send_message(ChartMessage::Measured));
    }

    /// Adds a wheel listener that can prevent the browser's own zoom; Yew's listeners are passive.
    fn listen_to_wheel(&self, ctx: &Context<Self>) {
        let Some(canvas) = self.above.cast::<HtmlCanvasElement>() else {
            return;
        };
        let link = ctx.link().clone();
        let options = EventListenerOptions::enable_prevent_default();
        let wheel = EventListener::new_with_options(&canvas, "wheel", options, move |event| {
            let event: &WheelEvent = event.unchecked_ref();
            if gesture::is_ours(event) {
                event.prevent_default();
                link.send_message(ChartMessage::Wheel(event.clone()));
            }
        });
        // It lives as long as the canvas.
        wheel.forget();
    }

    fn theme(props: &ChartProps) -> Theme {
        if props.dark {
            Theme::Dark
        } else {
            Theme::Light
        }
    }

    /// Paints the upper canvas, and the others if they would change.
    fn paint(&mut self, props: &ChartProps) {
        if self.width <= 0.0 {
            return;
        }
        let mut timeline = props.shown.timeline(props.by);
        let layout = ChartLayout::of(&timeline, props, self.width);
        let now = Painted {
            shown: props.shown.clone(),
            behind: props.behind.clone(),
            by: props.by,
            view: props.view,
            language: props.language,
            dark: props.dark,
            width: self.width,
            ratio: dom::window().device_pixel_ratio(),
        };
        // A moving cursor repaints only the upper canvas.
        if self.painted.as_ref() != Some(&now) {
            self.paint_below(props, &mut timeline, &layout);
            self.painted = Some(now.clone());
        }
        self.paint_above(props, &timeline, &layout);
        self.paint_map(props, &timeline, now);
    }

    /// Paints the density on the minimap, which exists only while the chart is zoomed in.
    fn paint_map(&mut self, props: &ChartProps, timeline: &Timeline, now: Painted) {
        let now = Painted {
            view: View::default(),
            ..now
        };
        let Some(element) = self.map.cast::<HtmlCanvasElement>() else {
            self.mapped = None;
            return;
        };
        if self.mapped.as_ref() == Some(&now) {
            return;
        }
        let area = Rect::new(0.0, 0.0, self.width, MAP_HEIGHT_PX);
        let size = (area.width, area.height);
        if let Some(mut canvas) =
            Canvas::begin(&element, size, Self::theme(props), &mut self.brushes)
        {
            canvas.draw(&overview(timeline, area));
            self.mapped = Some(now);
        }
    }

    fn size(&self, layout: &ChartLayout) -> (f64, f64) {
        (self.width, layout.plan.bottom().ceil())
    }

    fn paint_below(&mut self, props: &ChartProps, timeline: &mut Timeline, layout: &ChartLayout) {
        let size = self.size(layout);
        let Some(element) = self.below.cast::<HtmlCanvasElement>() else {
            return;
        };
        let shapes = plot::plot(
            timeline,
            &layout.plan,
            &layout.viewport,
            Words(props.language),
            props.behind.as_ref().map_or(&[], |behind| &behind.rows),
        );
        if let Some(mut canvas) =
            Canvas::begin(&element, size, Self::theme(props), &mut self.brushes)
        {
            canvas.draw(&shapes);
        }
    }

    /// Paints outlines, the critical path and the cursor.
    fn paint_above(&mut self, props: &ChartProps, timeline: &Timeline, layout: &ChartLayout) {
        let size = self.size(layout);
        let Some(element) = self.above.cast::<HtmlCanvasElement>() else {
            return;
        };
        let Some(mut canvas) = Canvas::begin(&element, size, Self::theme(props), &mut self.brushes)
        else {
            return;
        };
        // The older chart of a script with errors has other lines.
        if let Some(line) = props.pointed.line().filter(|_| !props.stale) {
            outline_line(&mut canvas, timeline, layout, line);
        }
        if !props.path.is_empty() && !props.stale {
            draw_path(&mut canvas, timeline, layout, &props.path);
        }
        for bar in [props.pointed.hovered, props.pointed.selected]
            .into_iter()
            .flatten()
        {
            outline_bar(&mut canvas, timeline, layout, &bar);
        }
        draw_cursor(&mut canvas, layout, props.cursor.at);
    }

    fn hit(&self, props: &ChartProps, point: Point) -> Option<Hit> {
        let timeline = props.shown.timeline(props.by);
        let layout = ChartLayout::of(&timeline, props, self.width);
        timeline.hit(&layout.viewport, point)
    }

    fn viewport(&self, props: &ChartProps) -> Viewport {
        let timeline = props.shown.timeline(props.by);
        ChartLayout::of(&timeline, props, self.width).viewport
    }
}

fn draw_cursor(canvas: &mut Canvas<'_>, layout: &ChartLayout, at: SimTime) {
    let plot = layout.plan.plot;
    let x = layout.viewport.x(at);
    if (plot.x - 0.5..=plot.right() + 0.5).contains(&x) {
        canvas.line((x, plot.y - 4.0), (x, plot.bottom()), 1.5, Ink::Text);
        canvas.disc((x, plot.y - 4.0), 5.0, Ink::Text);
    }
}

/// Draws a line below the bars of the critical path.
fn draw_path(
    canvas: &mut Canvas<'_>,
    timeline: &Timeline,
    layout: &ChartLayout,
    path: &[PathSpan],
) {
    let viewport = &layout.viewport;
    // Row indices by instance id.
    let mut rows = Vec::new();
    for (index, row) in timeline.rows().iter().enumerate() {
        if let RowOwner::Instance(InstanceId(id)) = row.subject {
            rows.resize(rows.len().max(id as usize + 1), None);
            rows[id as usize] = Some(index);
        }
    }
    let (_, bottom) = layout.plan.bar_px();
    let plot = layout.plan.plot;
    for stretch in path {
        let from = viewport.x_within(SimTime::from_nanos(stretch.start_ns));
        let to = viewport.x_within(SimTime::from_nanos(stretch.end_ns));
        let Some(&Some(row)) = rows.get(stretch.instance as usize) else {
            continue;
        };
        let y = viewport.y(row) + bottom + 1.5;
        // Rows that are scrolled out of the plot have no line.
        if to > from && (plot.y..=plot.bottom() + 2.0).contains(&y) {
            canvas.line((from, y), (to, y), 3.0, Ink::Text);
        }
    }
}

fn bar_area(layout: &ChartLayout, row: usize, bar: &Bar) -> Option<Rect> {
    let viewport = &layout.viewport;
    if bar.end < viewport.start() || bar.start > viewport.end() {
        return None;
    }
    let (top, bottom) = layout.plan.bar_px();
    let area = Rect::between(
        viewport.x_within(bar.start),
        viewport.x_within(bar.end),
        viewport.y(row) + top,
        viewport.y(row) + bottom,
    );
    (area.bottom() > layout.plan.plot.y && area.y < layout.plan.plot.bottom()).then_some(area)
}

fn outline_bar(canvas: &mut Canvas<'_>, timeline: &Timeline, layout: &ChartLayout, bar: &Bar) {
    if let Some(area) = row_of(timeline, bar).and_then(|row| bar_area(layout, row, bar)) {
        canvas.outline(area, 4.0, 2.0, Ink::Text);
    }
}

/// Outlines all visible bars of a script line that are large enough to be told apart.
fn outline_line(canvas: &mut Canvas<'_>, timeline: &Timeline, layout: &ChartLayout, line: u32) {
    let viewport = &layout.viewport;
    // Outlines would cover rows this low.
    if viewport.pitch_px() < 4.0 {
        return;
    }
    for row in viewport.rows(timeline.rows().len()) {
        let pieces = timeline.pieces(row);
        let first = pieces.partition_point(|piece| piece.end < viewport.start());
        let seen = pieces[first..]
            .iter()
            .take_while(|piece| piece.start <= viewport.end());
        let of_line = seen.filter(|piece| timeline.labels().line(piece.segment) == line);
        for bar in of_line.filter(|piece| viewport.x(piece.end) - viewport.x(piece.start) >= 2.0) {
            if let Some(area) = bar_area(layout, row, bar) {
                canvas.outline(area, 4.0, 2.0, Ink::Text);
            }
        }
    }
}

/// The row with this bar.
fn row_of(timeline: &Timeline, bar: &Bar) -> Option<usize> {
    let is_in = |row: usize| {
        let pieces = timeline.pieces(row);
        let at = pieces.partition_point(|piece| piece.start < bar.start);
        pieces
            .get(at)
            .is_some_and(|piece| piece.instance == bar.instance && piece.start == bar.start)
    };
    // The likely row first: searching every row is slow in a large chart.
    let quick = timeline.rows().iter().position(|row| match row.subject {
        RowOwner::Instance(id) => id == bar.instance,
        RowOwner::Lane(id) => id == bar.lane,
    });
    quick
        .filter(|&row| is_in(row))
        .or_else(|| (0..timeline.rows().len()).find(|&row| is_in(row)))
}
