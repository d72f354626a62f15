//! Pointer, wheel and keyboard input on the chart.
//!
//! - Dragging moves the cursor, or the chart if it is zoomed in. Dragging the right edge of a bar
//!   changes its duration in the script, e.g. `await 3s`.
//! - Two fingers zoom. A click selects a bar.
//! - The plain wheel scrolls the page. With Ctrl it zooms the chart.
//! - Keys are identified by their position (`KeyboardEvent.code`): with a Korean input method
//!   active, `key` is not a Latin letter.

use std::rc::Rc;

use web_sys::{HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

use super::{Chart, ChartProps};
use crate::state::action::Action;
use crate::state::shown::Bar;
use crate::state::{Dialog, View};
use chart::scene::{Hit, Kind, Point, Viewport};
use model::time::{SimDuration, SimTime};
use model::workload::{Length, SegmentId, SegmentKind};
use script::{EditableScript, apply_edits};

/// The pressed pointers, and the drag in progress.
#[derive(Debug, Default)]
pub(super) struct Gesture {
    /// Pointer ids and positions, in the order in which they were pressed. Usually at most two.
    pointers: Vec<(i32, Point)>,
    doing: GesturePhase,
}

impl Gesture {
    fn press(&mut self, id: i32, at: Point) {
        // The browser may have dropped an earlier `pointerup`.
        self.lift(id);
        self.pointers.push((id, at));
    }

    fn lift(&mut self, id: i32) {
        self.pointers.retain(|(other, _)| *other != id);
    }
}

/// The meaning of the pointers' movement.
#[derive(Debug, Default)]
enum GesturePhase {
    #[default]
    Nothing,
    /// Pressed and not moved; a click if released now.
    Pressing {
        at: Point,
    },
    Scrubbing,
    Panning {
        last: Point,
    },
    /// Two fingers, with their distance and their middle.
    Pinching {
        apart: f64,
        middle: Point,
    },
    Stretching(DraggedBar),
}

/// A bar whose right edge is being dragged. Its duration in the script changes along.
#[derive(Clone, Debug)]
struct DraggedBar {
    script: Rc<str>,
    segment: SegmentId,
    length: SimDuration,
    from_x: f64,
    /// The scale at the start of the drag. The chart's own scale changes when the run becomes
    /// longer than the axis.
    ns_per_px: f64,
}

/// A shorter movement is a click: fingers are never quite still.
const CLICK_PX: f64 = 4.0;
/// The distance from a bar's end within which the pointer is on its edge.
const EDGE_PX: f64 = 5.0;
/// The width from which on a bar has an edge. A narrower bar would leave no room for clicking.
const EDGY_PX: f64 = 16.0;
/// The zoom factor of one key press.
const KEY_ZOOM: f64 = 0.7;
/// The part of the window by which one key press pans.
const KEY_PAN: f64 = 0.15;

/// Whether the wheel event is for the chart. Otherwise the page scrolls.
pub(super) fn is_ours(event: &WheelEvent) -> bool {
    event.ctrl_key()
        || event.meta_key()
        || event.shift_key()
        || event.alt_key()
        || event.delta_x().abs() > event.delta_y().abs()
}

impl Chart {
    /// Starts a click, a drag or a pinch.
    pub(super) fn pressed(&mut self, ctx: &Context<Self>, event: &PointerEvent) {
        // Only the main button. A touch counts as the main button.
        if event.button() != 0 {
            return;
        }
        let point = point(event);
        if let Some(canvas) = self.above.cast::<HtmlCanvasElement>() {
            // Fails for a pointer that was released in the meantime.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        self.gesture.press(event.pointer_id(), point);
        // A second finger turns the drag into a pinch.
        if let GesturePhase::Stretching(_) = self.gesture.doing {
            ctx.props().on_action.emit(Action::Dragging(false));
        }
        self.gesture.doing = match self.pinch() {
            Some((apart, middle)) => GesturePhase::Pinching { apart, middle },
            None => match self.stretch(ctx.props(), point) {
                Some(stretch) => {
                    ctx.props().on_action.emit(Action::Dragging(true));
                    GesturePhase::Stretching(stretch)
                }
                None if self.is_on_axis(ctx.props(), point) => {
                    self.scrub(ctx.props(), point);
                    GesturePhase::Scrubbing
                }
                None => GesturePhase::Pressing { at: point },
            },
        };
    }

    /// Continues the drag, or hovers.
    pub(super) fn moved(&mut self, ctx: &Context<Self>, event: &PointerEvent) {
        let props = ctx.props();
        let point = point(event);
        let id = event.pointer_id();
        let mut known = self.gesture.pointers.iter_mut();
        if let Some((_, known)) = known.find(|(known, _)| *known == id) {
            *known = point;
        }
        match std::mem::take(&mut self.gesture.doing) {
            GesturePhase::Nothing => self.hover(props, event, point),
            GesturePhase::Pressing { at } if distance(at, point) < CLICK_PX => {
                self.gesture.doing = GesturePhase::Pressing { at };
            }
            GesturePhase::Pressing { at }
                if props.view.window.is_some() || props.view.pitch_px.is_some() =>
            {
                self.gesture.doing = GesturePhase::Panning { last: at };
                // Also pans by the distance up to the click threshold.
                self.moved(ctx, event);
            }
            GesturePhase::Pressing { .. } | GesturePhase::Scrubbing => {
                self.scrub(props, point);
                self.gesture.doing = GesturePhase::Scrubbing;
            }
            GesturePhase::Panning { last } => {
                let viewport = self
                    .viewport(props)
                    .panned(last.x - point.x)
                    .scrolled(last.y - point.y);
                self.look(props, viewport);
                self.gesture.doing = GesturePhase::Panning { last: point };
            }
            GesturePhase::Pinching { apart, middle } => {
                let (now_apart, now_middle) = self.pinch().unwrap_or((apart, middle));
                let viewport = self.viewport(props);
                let viewport = viewport
                    .panned(middle.x - now_middle.x)
                    .zoomed(now_middle.x, apart / now_apart.max(1.0));
                self.look(props, viewport);
                self.gesture.doing = GesturePhase::Pinching {
                    apart: now_apart,
                    middle: now_middle,
                };
            }
            GesturePhase::Stretching(stretch) => {
                if let Some(script) = stretch.script_at(point.x) {
                    props.on_action.emit(Action::Edited(script.into()));
                }
                self.gesture.doing = GesturePhase::Stretching(stretch);
            }
        }
    }

    pub(super) fn released(&mut self, ctx: &Context<Self>, event: &PointerEvent) {
        self.gesture.lift(event.pointer_id());
        match std::mem::take(&mut self.gesture.doing) {
            GesturePhase::Pressing { at } => self.click(ctx.props(), at),
            GesturePhase::Stretching(_) => ctx.props().on_action.emit(Action::Dragging(false)),
            _ => {}
        }
    }

    /// Zooms with Ctrl or Cmd, changes the row height with Alt, and pans otherwise.
    pub(super) fn wheeled(&mut self, ctx: &Context<Self>, event: &WheelEvent) {
        let props = ctx.props();
        let at = Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()));
        let viewport = self.viewport(props);
        let (dx, dy) = (event.delta_x(), event.delta_y());
        let viewport = if event.ctrl_key() || event.meta_key() {
            // One notch of a mouse wheel can report a far larger delta than a trackpad's step.
            viewport.zoomed(at.x, (dy.clamp(-200.0, 200.0) / 300.0).exp())
        } else if event.alt_key() {
            viewport.with_pitch(at.y, viewport.pitch_px() * (-dy / 300.0).exp())
        } else {
            viewport.panned(if dx == 0.0 { dy } else { dx })
        };
        self.look(props, viewport);
    }

    pub(super) fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) {
        // Combinations belong to the browser, e.g. Ctrl+F.
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let props = ctx.props();
        let viewport = self.viewport(props);
        let middle = viewport.plot.center().x;
        let far = viewport.plot.width * KEY_PAN;
        let emit = |action| props.on_action.emit(action);
        match event.code().as_str() {
            "KeyW" | "Equal" | "NumpadAdd" => {
                self.look(props, viewport.zoomed(self.anchor(props, middle), KEY_ZOOM));
            }
            "KeyS" | "Minus" | "NumpadSubtract" => {
                self.look(
                    props,
                    viewport.zoomed(self.anchor(props, middle), 1.0 / KEY_ZOOM),
                );
            }
            "KeyA" => self.look(props, viewport.panned(-far)),
            "KeyD" => self.look(props, viewport.panned(far)),
            "ArrowLeft" if event.shift_key() => self.look(props, viewport.panned(-far)),
            "ArrowRight" if event.shift_key() => self.look(props, viewport.panned(far)),
            "ArrowLeft" => self.select_beside(props, Beside::Before),
            "ArrowRight" => self.select_beside(props, Beside::After),
            "ArrowUp" => self.select_beside(props, Beside::Above),
            "ArrowDown" => self.select_beside(props, Beside::Below),
            "KeyF" => match props.pointed.selected {
                Some(bar) if props.view.window.is_none() => {
                    self.look(props, around(viewport, &bar));
                }
                _ => emit(Action::Viewed(View::default())),
            },
            "Digit0" | "Numpad0" => emit(Action::Viewed(View::default())),
            "BracketLeft" | "Comma" => emit(Action::Stepped(-1)),
            "BracketRight" | "Period" => emit(Action::Stepped(1)),
            "Home" => emit(Action::MovedTo(SimTime::ZERO)),
            "End" => emit(Action::MovedTo(SimTime::MAX)),
            "Space" => emit(Action::PlayToggled),
            "Slash" => emit(Action::Opened(Dialog::Help)),
            "Escape" if props.pointed.selected.is_none() || props.pointed.tip().is_some() => {
                emit(Action::Escaped);
            }
            "Escape" => emit(Action::Selected(None)),
            // All other keys keep their default, e.g. Tab moves the focus.
            _ => return,
        }
        event.prevent_default();
    }

    /// The x position that zooming by key keeps in place: the cursor if it was moved and is visible,
    /// or else the middle.
    fn anchor(&self, props: &ChartProps, middle: f64) -> f64 {
        let viewport = self.viewport(props);
        let x = viewport.x(props.cursor.at);
        let is_visible = (viewport.plot.x..=viewport.plot.right()).contains(&x);
        if is_visible && props.cursor.at > SimTime::ZERO {
            x
        } else {
            middle
        }
    }

    /// The distance of the first two fingers, and their middle.
    fn pinch(&self) -> Option<(f64, Point)> {
        let &[(_, a), (_, b), ..] = &self.gesture.pointers[..] else {
            return None;
        };
        let middle = Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
        Some((distance(a, b), middle))
    }

    /// Whether the point is above or below the plot, where dragging moves the cursor.
    fn is_on_axis(&self, props: &ChartProps, point: Point) -> bool {
        let plot = self.viewport(props).plot;
        point.y > plot.bottom() || point.y < plot.y
    }

    fn scrub(&self, props: &ChartProps, point: Point) {
        let time = self.viewport(props).time(point.x);
        props.on_action.emit(Action::MovedTo(time));
    }

    /// Shows this part of the run. A viewport of the whole run resets the view.
    fn look(&self, props: &ChartProps, viewport: Viewport) {
        let timeline = props.shown.timeline(props.by);
        let rows = timeline.rows().len();
        let viewport = viewport.clamped(timeline.end(), rows);
        let all = viewport.start() == SimTime::ZERO && viewport.end() >= timeline.end();
        // Half a pixel of tolerance, because the row height is rounded.
        let fitting = viewport.pitch_px() * rows as f64 <= viewport.plot.height + 0.5;
        // Ends the borrow: the action may lead to another one.
        drop(timeline);
        props.on_action.emit(Action::Viewed(View {
            window: (!all).then(|| (viewport.start(), viewport.end())),
            pitch_px: (!fitting).then(|| viewport.pitch_px()),
            scroll_px: viewport.scroll_px(),
        }));
    }

    /// Reports the hovered bar and sets the pointer's shape.
    fn hover(&mut self, props: &ChartProps, event: &PointerEvent, point: Point) {
        // A finger selects bars, and would cover their tooltips.
        if event.pointer_type() == "touch" {
            return;
        }
        self.pointer_x = f64::from(event.client_x());
        let bar = match self.hit(props, point) {
            Some(Hit::Piece { piece, .. }) => Some(piece),
            _ => None,
        };
        let on_edge = event.pointer_type() == "mouse" && self.edge(props, point).is_some();
        if let Some(canvas) = self.above.cast::<HtmlElement>() {
            let cursor = if on_edge {
                "ew-resize"
            } else if bar.is_some() {
                "pointer"
            } else {
                "default"
            };
            // The pointer's shape is only a hint, so a failure is harmless.
            let _ = canvas.style().set_property("cursor", cursor);
        }
        if bar != props.pointed.hovered {
            props.on_action.emit(Action::Hovered(bar));
        } else if props.pointed.tip().is_some() {
            self.place_tip(props);
        }
    }

    /// Moves the cursor to the point and selects the bar there.
    fn click(&self, props: &ChartProps, point: Point) {
        match self.hit(props, point) {
            Some(Hit::Piece { piece, .. }) => {
                props
                    .on_action
                    .emit(Action::MovedTo(self.viewport(props).time(point.x)));
                props.on_action.emit(Action::Selected(Some(piece)));
            }
            Some(Hit::Row { at, .. } | Hit::Rows { at, .. }) => {
                props.on_action.emit(Action::MovedTo(at));
                props.on_action.emit(Action::Selected(None));
            }
            None => props.on_action.emit(Action::Selected(None)),
        }
    }

    /// The bar whose right edge is at the point, if its length can be a duration in the script.
    fn edge(&self, props: &ChartProps, point: Point) -> Option<Bar> {
        let Some(Hit::Piece { piece, .. }) =
            // Looks to the left, because the pointer may be just behind the bar's end.
            self.hit(props, Point::new(point.x - EDGE_PX, point.y))
        else {
            return None;
        };
        let viewport = self.viewport(props);
        let (left, right) = (viewport.x(piece.start), viewport.x(piece.end));
        let timed = piece.kind.is_work() || piece.kind == Kind::Awaiting;
        (timed
            && props.is_script
            && !props.stale
            && right - left >= EDGY_PX
            && (right - point.x).abs() <= EDGE_PX)
            .then_some(piece)
    }

    /// Starts dragging a bar's edge. Only fixed lengths can change, e.g. not `await 1..3s`.
    fn stretch(&self, props: &ChartProps, point: Point) -> Option<DraggedBar> {
        let bar = self.edge(props, point)?;
        let workload = props.shown.run.workload();
        let segments = workload.segments();
        let segment = (*segments.get(bar.segment.0 as usize)?)?;
        let (SegmentKind::Cpu { length, .. }
        | SegmentKind::Await { length, .. }
        | SegmentKind::Block { length, .. }) = &segment.kind
        else {
            return None;
        };
        let Length::Fixed(length) = *length else {
            return None;
        };
        let ns_per_px = self.viewport(props).ns_per_px();
        Some(DraggedBar {
            script: props.shown.script.clone(),
            segment: bar.segment,
            length,
            from_x: point.x,
            ns_per_px,
        })
    }

    /// Selects the next bar in this direction, or the first bar if none is selected.
    fn select_beside(&self, props: &ChartProps, beside: Beside) {
        let timeline = props.shown.timeline(props.by);
        let rows = timeline.rows().len();
        let current = props
            .pointed
            .selected
            .and_then(|bar| Some((super::row_of(&timeline, &bar)?, bar)));
        let found = match current {
            None => (0..rows).find_map(|row| timeline.pieces(row).first().copied()),
            Some((row, bar)) => {
                let pieces = timeline.pieces(row);
                let at = pieces.partition_point(|piece| piece.start < bar.start);
                let nearest = |row: usize| {
                    let pieces = timeline.pieces(row);
                    let after = pieces.partition_point(|piece| piece.end <= bar.start);
                    pieces.get(after).or(pieces.last()).copied()
                };
                match beside {
                    Beside::Before => at.checked_sub(1).and_then(|at| pieces.get(at)).copied(),
                    Beside::After => pieces.get(at + 1).copied(),
                    Beside::Above => (0..row).rev().find_map(nearest),
                    Beside::Below => (row + 1..rows).find_map(nearest),
                }
            }
        };
        drop(timeline);
        if let Some(bar) = found {
            props.on_action.emit(Action::Selected(Some(bar)));
            props.on_action.emit(Action::MovedTo(bar.start));
        }
    }
}

/// The direction of an arrow key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Before,
    After,
    Above,
    Below,
}

impl DraggedBar {
    /// The script with the bar's edge dragged to `x`.
    fn script_at(&self, x: f64) -> Option<String> {
        let moved = (x - self.from_x) * self.ns_per_px;
        // At least a pixel wide, so that the reader can still grab the edge.
        let least = SimDuration::from_nanos((self.ns_per_px as u64).max(1));
        let length = (self.length.as_nanos() as f64 + moved).max(least.as_nanos() as f64);
        let script = EditableScript::parse(&self.script);
        let edit = script.drag_duration(self.segment, SimDuration::from_nanos(length as u64))?;
        Some(apply_edits(&self.script, [&edit]))
    }
}

/// A viewport of the bar with a margin of a quarter of its length on each side.
fn around(viewport: Viewport, bar: &Bar) -> Viewport {
    let air = bar.end.since(bar.start).as_nanos() / 4;
    let start = SimTime::from_nanos(bar.start.as_nanos().saturating_sub(air));
    viewport.with_window(start, bar.end + SimDuration::from_nanos(air))
}

fn point(event: &PointerEvent) -> Point {
    Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()))
}

fn distance(a: Point, b: Point) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}
