//! What pointer, wheel and keys mean on the chart.
//!
//! Drag: move the cursor, or the chart once it is zoomed in; the edge of a bar
//! that was written as a duration: make it longer. Two fingers: zoom. Click: choose a bar.
//! The plain wheel belongs to the page around; with Ctrl it zooms. Keys go by
//! their place on the keyboard, so that they work while Korean is typed.

use std::rc::Rc;

use web_sys::{HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

use super::{Chart, Props};
use crate::scene::{Hit, Kind, Point, Viewport};
use crate::script::{EditableScript, apply_edits};
use crate::time::{SimDuration, SimTime};
use crate::web::model::action::Action;
use crate::web::model::shown::Bar;
use crate::web::model::state::{Dialog, View};
use crate::workload::{Length, SegmentId, SegmentKind};

/// Pointers that are down, and what their movement does.
#[derive(Debug, Default)]
pub(super) struct Gesture {
    /// A finger or two, rarely more: each by its number, in the order in which they came.
    pointers: Vec<(i32, Point)>,
    doing: Doing,
}

impl Gesture {
    fn press(&mut self, id: i32, at: Point) {
        // Nobody may have said that it was lifted.
        self.lift(id);
        self.pointers.push((id, at));
    }

    fn lift(&mut self, id: i32) {
        self.pointers.retain(|(other, _)| *other != id);
    }
}

#[derive(Debug, Default)]
enum Doing {
    #[default]
    Nothing,
    /// Down and not yet moved: a click, if it stays so.
    Pressing {
        at: Point,
    },
    Scrubbing,
    Panning {
        last: Point,
    },
    Pinching {
        apart: f64,
        middle: Point,
    },
    Stretching(Stretch),
}

/// A bar whose end is dragged: its segment's duration in the script follows.
#[derive(Clone, Debug)]
struct Stretch {
    script: Rc<str>,
    segment: SegmentId,
    length: SimDuration,
    from_x: f64,
    /// As it was at the start: the chart below is drawn anew all the time.
    ns_per_px: f64,
}

/// Less than a wobble of a finger.
const CLICK_PX: f64 = 4.0;
/// How near the end of a bar is its edge.
const EDGE_PX: f64 = 5.0;
/// A bar must be so wide to have an edge besides a middle.
const EDGY_PX: f64 = 16.0;
/// One press of a zoom key.
const KEY_ZOOM: f64 = 0.7;
/// Part of the window that one press of an arrow moves.
const KEY_PAN: f64 = 0.15;

/// Whether the wheel is for the chart; if not, the page scrolls.
pub(super) fn is_ours(event: &WheelEvent) -> bool {
    event.ctrl_key()
        || event.meta_key()
        || event.shift_key()
        || event.alt_key()
        || event.delta_x().abs() > event.delta_y().abs()
}

impl Chart {
    pub(super) fn pressed(&mut self, ctx: &Context<Self>, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let point = point(event);
        if let Some(canvas) = self.above.cast::<HtmlCanvasElement>() {
            // Refused for a pointer that is already gone.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        self.gesture.press(event.pointer_id(), point);
        self.gesture.doing = match self.pinch() {
            Some((apart, middle)) => Doing::Pinching { apart, middle },
            None => match self.stretch(ctx.props(), point) {
                Some(stretch) => Doing::Stretching(stretch),
                None if self.is_on_axis(ctx.props(), point) => {
                    self.scrub(ctx.props(), point);
                    Doing::Scrubbing
                }
                None => Doing::Pressing { at: point },
            },
        };
    }

    pub(super) fn moved(&mut self, ctx: &Context<Self>, event: &PointerEvent) {
        let props = ctx.props();
        let point = point(event);
        let id = event.pointer_id();
        let mut known = self.gesture.pointers.iter_mut();
        if let Some((_, known)) = known.find(|(known, _)| *known == id) {
            *known = point;
        }
        match std::mem::take(&mut self.gesture.doing) {
            Doing::Nothing => self.hover(props, event, point),
            Doing::Pressing { at } if distance(at, point) < CLICK_PX => {
                self.gesture.doing = Doing::Pressing { at };
            }
            Doing::Pressing { at }
                if props.view.window.is_some() || props.view.pitch_px.is_some() =>
            {
                self.gesture.doing = Doing::Panning { last: at };
                self.moved(ctx, event);
            }
            Doing::Pressing { .. } | Doing::Scrubbing => {
                self.scrub(props, point);
                self.gesture.doing = Doing::Scrubbing;
            }
            Doing::Panning { last } => {
                let viewport = self
                    .viewport(props)
                    .panned(last.x - point.x)
                    .scrolled(last.y - point.y);
                self.look(props, viewport);
                self.gesture.doing = Doing::Panning { last: point };
            }
            Doing::Pinching { apart, middle } => {
                let (now_apart, now_middle) = self.pinch().unwrap_or((apart, middle));
                let viewport = self.viewport(props);
                let viewport = viewport
                    .panned(middle.x - now_middle.x)
                    .zoomed(now_middle.x, apart / now_apart.max(1.0));
                self.look(props, viewport);
                self.gesture.doing = Doing::Pinching {
                    apart: now_apart,
                    middle: now_middle,
                };
            }
            Doing::Stretching(stretch) => {
                if let Some(script) = stretch.script_at(point.x) {
                    props.on_action.emit(Action::Edited(script.into()));
                }
                self.gesture.doing = Doing::Stretching(stretch);
            }
        }
    }

    pub(super) fn released(&mut self, ctx: &Context<Self>, event: &PointerEvent) {
        self.gesture.lift(event.pointer_id());
        if let Doing::Pressing { at } = std::mem::take(&mut self.gesture.doing) {
            self.click(ctx.props(), at);
        }
    }

    pub(super) fn wheeled(&mut self, ctx: &Context<Self>, event: &WheelEvent) {
        let props = ctx.props();
        let at = Point::new(f64::from(event.offset_x()), f64::from(event.offset_y()));
        let viewport = self.viewport(props);
        let (dx, dy) = (event.delta_x(), event.delta_y());
        let viewport = if event.ctrl_key() || event.meta_key() {
            viewport.zoomed(at.x, (dy.clamp(-200.0, 200.0) / 300.0).exp())
        } else if event.alt_key() {
            viewport.with_pitch(at.y, viewport.pitch_px() * (-dy / 300.0).exp())
        } else {
            viewport.panned(if dx == 0.0 { dy } else { dx })
        };
        self.look(props, viewport);
    }

    pub(super) fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) {
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
                self.look(props, viewport.zoomed(self.anchor(props, middle), KEY_ZOOM))
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
                    self.look(props, around(viewport, &bar))
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
            "Escape" if props.pointed.selected.is_none() => emit(Action::Escaped),
            "Escape" => emit(Action::Selected(None)),
            _ => return,
        }
        event.prevent_default();
    }

    /// Zooming by key keeps the cursor in place while it is to be seen.
    fn anchor(&self, props: &Props, middle: f64) -> f64 {
        let viewport = self.viewport(props);
        let x = viewport.x(props.cursor.at);
        if (viewport.plot.x..=viewport.plot.right()).contains(&x) {
            x
        } else {
            middle
        }
    }

    fn pinch(&self) -> Option<(f64, Point)> {
        let &[(_, a), (_, b), ..] = &self.gesture.pointers[..] else {
            return None;
        };
        let middle = Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
        Some((distance(a, b), middle))
    }

    fn is_on_axis(&self, props: &Props, point: Point) -> bool {
        let plot = self.viewport(props).plot;
        point.y > plot.bottom() || point.y < plot.y
    }

    fn scrub(&self, props: &Props, point: Point) {
        let time = self.viewport(props).time(point.x);
        props.on_action.emit(Action::MovedTo(time));
    }

    /// Shows this part of the run; all of it is no part.
    fn look(&self, props: &Props, viewport: Viewport) {
        let timeline = props.shown.timeline(props.by);
        let rows = timeline.rows().len();
        let viewport = viewport.clamped(timeline.end(), rows);
        let all = viewport.start() == SimTime::ZERO && viewport.end() >= timeline.end();
        let fitting = viewport.pitch_px() * rows as f64 <= viewport.plot.height + 0.5;
        drop(timeline);
        props.on_action.emit(Action::Viewed(View {
            window: (!all).then(|| (viewport.start(), viewport.end())),
            pitch_px: (!fitting).then(|| viewport.pitch_px()),
            scroll_px: viewport.scroll_px(),
        }));
    }

    fn hover(&self, props: &Props, event: &PointerEvent, point: Point) {
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
            // Only a hint for the eye.
            let _ = canvas.style().set_property("cursor", cursor);
        }
        if bar != props.pointed.hovered {
            props.on_action.emit(Action::Hovered(bar));
        }
    }

    fn click(&self, props: &Props, point: Point) {
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

    /// A bar whose end is under the pointer and was written as a duration.
    fn edge(&self, props: &Props, point: Point) -> Option<Bar> {
        let Some(Hit::Piece { piece, .. }) =
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

    fn stretch(&self, props: &Props, point: Point) -> Option<Stretch> {
        let bar = self.edge(props, point)?;
        let workload = &props.shown.workload;
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
        Some(Stretch {
            script: props.shown.script.clone(),
            segment: bar.segment,
            length,
            from_x: point.x,
            ns_per_px,
        })
    }

    fn select_beside(&self, props: &Props, beside: Beside) {
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Before,
    After,
    Above,
    Below,
}

impl Stretch {
    /// The script with the edge of the bar dragged to `x`.
    fn script_at(&self, x: f64) -> Option<String> {
        let moved = (x - self.from_x) * self.ns_per_px;
        let least = SimDuration::from_nanos((self.ns_per_px as u64).max(1));
        let length = (self.length.as_nanos() as f64 + moved).max(least.as_nanos() as f64);
        let script = EditableScript::parse(&self.script);
        let edit = script.drag_duration(self.segment, SimDuration::from_nanos(length as u64))?;
        Some(apply_edits(&self.script, [&edit]))
    }
}

/// A window with some air around a bar.
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
