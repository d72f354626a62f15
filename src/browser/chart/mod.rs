//! The chart: the scene on a canvas, and a second canvas above it for everything that changes in
//! each frame, e.g. the cursor and the hovered bar.
//!
//! [`gesture`] handles input, [`below`] paints the bars, [`motion`] moves them after an edit, and
//! [`tip`] places the tooltip; [`layout`] divides the picture. [`chart::scene`] decides the shapes.

mod below;
mod canvas;
mod gesture;
mod layout;
mod minimap;
mod motion;
mod tip;

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

use self::canvas::{Brushes, Canvas};
use self::gesture::Gesture;
pub(super) use self::layout::height_max_px;
use self::layout::{ChartLayout, SizeMax, lab_rows_max_px};
use self::motion::Motion;
use super::clock::{AnimationFrame, do_next, put_off, request_animation_frame};
use super::dom;
use crate::protocol::analysis::PathSpan;
use crate::state::action::Action;
use crate::state::moment::Moment;
use crate::state::proof::OverlayRows;
use crate::state::shown::{Bar, Shown};
use crate::state::words;
use crate::state::{Cursor, Pointed, View};
use chart::scene::lit::line_outline;
use chart::scene::overview::overview;
use chart::scene::palette::{Ink, Theme};
use chart::scene::plan::NamePosition;
use chart::scene::{By, Hit, Point, Rect, RowOwner, Timeline, Viewport};
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
    /// In a lab, which is as high as its content, the chart's height is not a part of the window's.
    pub(super) in_lab: bool,
    /// The critical path; empty while it is switched off.
    pub(super) path: Rc<[PathSpan]>,
    /// The measured overlay.
    pub(super) behind: Option<Rc<OverlayRows>>,
    /// The comparison with the run before an edit.
    pub(super) moment: Option<Moment>,
    /// A bar or a number of the script is being dragged.
    pub(super) is_dragging: bool,
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
    /// The last place of the mouse in the window.
    pointer_x: f64,
    motion: Option<Motion>,
    /// The next frame of the motion.
    motion_frame: Option<AnimationFrame>,
    /// The maximum height of all rows together.
    rows_max_px: f64,
    /// Measures the window again when its height changes.
    resized: Option<EventListener>,
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
    /// The window has another size.
    WindowResized,
    Down(PointerEvent),
    Move(PointerEvent),
    Up(PointerEvent),
    Left,
    Wheel(WheelEvent),
    DoubleClick,
    Key(KeyboardEvent),
    /// An animation frame of the motion, with its time in milliseconds.
    Frame(f64),
}

/// Everything that the lower canvas depends on.
#[derive(Clone, PartialEq)]
struct Painted {
    shown: Rc<Shown>,
    behind: Option<Rc<OverlayRows>>,
    moment: Option<Moment>,
    /// The part of the motion that is done.
    motion: Option<f64>,
    by: By,
    view: View,
    language: Language,
    dark: bool,
    width: f64,
    height_max_px: f64,
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

const MAP_HEIGHT_PX: f64 = 30.0;
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
            pointer_x: 0.0,
            motion: None,
            motion_frame: None,
            rows_max_px: 0.0,
            resized: None,
            painted: None,
            mapped: None,
            watch: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: ChartMessage) -> bool {
        match message {
            ChartMessage::Placed => self.take_place(ctx),
            ChartMessage::Measured => self.paint(ctx),
            ChartMessage::Resized(width) => {
                let changed = width > 0.0 && width != self.width;
                // A hidden chart has width 0 and keeps its last width.
                self.width = if changed { width } else { self.width };
                if changed {
                    self.measure_height(ctx.props());
                }
                return changed;
            }
            ChartMessage::WindowResized => {
                let before = self.rows_max_px;
                self.measure_height(ctx.props());
                return self.rows_max_px != before;
            }
            ChartMessage::Down(event) => self.pressed(ctx, &event),
            ChartMessage::Move(event) => self.moved(ctx, &event),
            ChartMessage::Up(event) => self.released(ctx, &event),
            ChartMessage::Left => ctx.props().on_action.emit(Action::Hovered(None)),
            ChartMessage::Wheel(event) => self.wheeled(ctx, &event),
            ChartMessage::DoubleClick => {
                ctx.props().on_action.emit(Action::Viewed(View::default()));
            }
            ChartMessage::Key(event) => self.key(ctx, &event),
            ChartMessage::Frame(now_ms) => {
                self.motion_frame = None;
                let motion = self.motion.take();
                self.motion =
                    motion.and_then(|mut motion| motion.advance(now_ms).then_some(motion));
                self.paint(ctx);
            }
        }
        false
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &ChartProps) -> bool {
        let props = ctx.props();
        let axis_from = self.axis_end(old, old.shown.timeline(old.by).end());
        let next = Motion::between(old, props, axis_from, self.motion.as_ref());
        if next.is_some() || old.shown != props.shown || old.by != props.by || props.is_dragging {
            self.motion = next;
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let language = props.language;
        let link = ctx.link();
        let label = crate::state::sentences::chart_summary(language, &props.shown);
        html! {
            <div class={classes!("chart", props.stale.then_some("stale"), props.behind.is_some().then_some("proven"))} ref={self.frame.clone()}
                data-moment={props.moment.is_some().then_some("")}>
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
            self.paint(ctx);
        }
    }
}

impl Chart {
    /// Measures the width, and paints in a later task: measuring forces a layout of the page.
    fn take_place(&mut self, ctx: &Context<Self>) {
        if let Some(frame) = self.frame.cast::<HtmlElement>() {
            self.width = f64::from(frame.client_width());
            self.measure_height(ctx.props());
            self.follow_window(ctx);
            self.watch = Watch::of(&frame, ctx.link().callback(ChartMessage::Resized));
            self.listen_to_wheel(ctx);
        }
        let link = ctx.link().clone();
        do_next(move || link.send_message(ChartMessage::Measured));
    }

    fn measure_height(&mut self, props: &ChartProps) {
        self.rows_max_px = if props.in_lab {
            lab_rows_max_px()
        } else {
            height_max_px()
        };
    }

    /// Follows the height of the window. Not on a phone, where the height changes with the
    /// browser's own bars while the reader scrolls.
    fn follow_window(&mut self, ctx: &Context<Self>) {
        if dom::media_matches("(pointer: fine)") {
            let link = ctx.link().clone();
            self.resized = Some(EventListener::new(&dom::window(), "resize", move |_| {
                link.send_message(ChartMessage::WindowResized);
            }));
        }
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
    fn paint(&mut self, ctx: &Context<Self>) {
        let props = ctx.props();
        if self.width <= 0.0 {
            return;
        }
        if self.motion.is_some() && self.motion_frame.is_none() {
            let link = ctx.link().clone();
            let frame = move |now_ms| link.send_message(ChartMessage::Frame(now_ms));
            self.motion_frame = Some(request_animation_frame(frame));
        }
        let mut timeline = props.shown.timeline(props.by);
        let layout = self.layout(props, &timeline);
        let now = Painted {
            shown: props.shown.clone(),
            behind: props.behind.clone(),
            moment: props.moment.clone(),
            motion: self.motion.as_ref().map(|motion| motion.part),
            by: props.by,
            view: props.view,
            language: props.language,
            dark: props.dark,
            width: self.width,
            height_max_px: self.rows_max_px,
            ratio: dom::window().device_pixel_ratio(),
        };
        // A moving cursor repaints only the upper canvas.
        if self.painted.as_ref() != Some(&now) {
            self.paint_below(props, &mut timeline, &layout);
            self.painted = Some(now.clone());
        }
        self.paint_above(props, &timeline, &layout);
        self.paint_map(props, &timeline, now);
        drop(timeline);
        self.place_tip(props);
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
            let motion = self.motion.as_ref();
            match motion.and_then(|motion| Some((motion.morph.as_ref()?, motion.part))) {
                Some((morph, part)) => {
                    let (plan, viewport) = (&layout.plan, &layout.viewport);
                    for area in morph.line_boxes(part, line, timeline, plan, viewport) {
                        canvas.outline(area, 4.0, 2.0, Ink::Text);
                    }
                }
                None => outline_line(&mut canvas, timeline, layout, line),
            }
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
        let layout = self.layout(props, &timeline);
        timeline.hit(&layout.viewport, point)
    }

    /// The visible part of the run, at the end of a motion: a zoom must not keep a part of the way.
    fn viewport(&self, props: &ChartProps) -> Viewport {
        let timeline = props.shown.timeline(props.by);
        let axis_end = longest_end(props, timeline.end());
        ChartLayout::of(&timeline, props, self.size_max(), axis_end).viewport
    }

    fn layout(&self, props: &ChartProps, timeline: &Timeline) -> ChartLayout {
        let axis_end = self.axis_end(props, timeline.end());
        ChartLayout::of(timeline, props, self.size_max(), axis_end)
    }

    fn size_max(&self) -> SizeMax {
        SizeMax {
            width_px: self.width,
            rows_px: self.rows_max_px,
        }
    }

    /// The end of the time axis while the whole run is visible.
    fn axis_end(&self, props: &ChartProps, end: SimTime) -> SimTime {
        let end = longest_end(props, end);
        let motion = self.motion.as_ref();
        motion.map_or(end, |motion| motion.axis_end(end))
    }
}

/// The end of the run, or of a longer one that is drawn behind it.
fn longest_end(props: &ChartProps, end: SimTime) -> SimTime {
    let behind = props.behind.as_ref().map(|behind| behind.end);
    let moment = props.moment.as_ref().map(|moment| moment.axis_end);
    end.max(behind.unwrap_or_default())
        .max(moment.unwrap_or_default())
}

/// The distance of the cursor from the names at the start.
const CURSOR_ASIDE_PX: f64 = 3.0;

fn draw_cursor(canvas: &mut Canvas<'_>, layout: &ChartLayout, at: SimTime) {
    let plot = layout.plan.plot;
    let x = layout.viewport.x(at);
    if !(plot.x - 0.5..=plot.right() + 0.5).contains(&x) {
        return;
    }
    // Names above the bars begin at the left edge, and the cursor would cover their first letter.
    let is_on_names = layout.plan.names == NamePosition::Above && x < plot.x + 1.0;
    let x = if is_on_names { x - CURSOR_ASIDE_PX } else { x };
    canvas.line((x, plot.y - 4.0), (x, plot.bottom()), 1.5, Ink::Text);
    canvas.disc((x, plot.y - 4.0), 5.0, Ink::Text);
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

/// Outlines the visible bars of a script line.
fn outline_line(canvas: &mut Canvas<'_>, timeline: &Timeline, layout: &ChartLayout, line: u32) {
    let outline = line_outline(timeline, &layout.plan, &layout.viewport, line);
    for area in outline.boxes {
        canvas.outline(area, 4.0, 2.0, Ink::Text);
    }
    for (from, to) in outline.edges {
        canvas.line((from.x, from.y), (to.x, to.y), 1.5, Ink::Text);
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
