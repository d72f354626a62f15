//! Draws rows one by one: bars, their labels, orphans below them and marks on them.
//!
//! Rows lower than a pixel are left to `strip`.

use crate::scene::detail::{self, reduce_track};
use crate::scene::geometry::{Point, Rect};
use crate::scene::ghost::{OverlaySpan, draw_overlay_row};
use crate::scene::kind::{Kind, TimeByKind};
use crate::scene::label::brief;
use crate::scene::mark::{Mark, MarkKind};
use crate::scene::measure::{Weight, width};
use crate::scene::palette::{Ink, tile};
use crate::scene::piece::Piece;
use crate::scene::plan::{BarGeometry, Plan, bar_geometry};
use crate::scene::rows::By;
use crate::scene::shape::{Anchor, Paint, Shape};
use crate::scene::sign::sign;
use crate::scene::stack::StackedColumns;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;
use model::time::SimDuration;

/// Bars lower than this show a flat colour: a pattern could not be recognised.
pub(super) const PATTERN_PX: f64 = 7.0;
/// Font size of labels on bars.
const BAR_TEXT_PX: f64 = 12.5;
const BAR_TEXT_MIN_HEIGHT_PX: f64 = 15.0;
/// Merged spans are columns of pixels; only turns are wider than this.
const TURNS_LABEL_MIN_PX: f64 = 60.0;

/// Draws the visible rows. `behind` has the measured bars of each row.
pub(super) fn draw_bars(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    plan: &Plan,
    viewport: &Viewport,
    words: Words,
    behind: &[Vec<OverlaySpan>],
) {
    let whole = bar_geometry(plan.names, viewport.pitch_px());
    for row in viewport.rows(timeline.rows().len()) {
        let tracks = timeline.tracks(row);
        let measured = behind.get(row).filter(|stretches| !stretches.is_empty());
        let place = if measured.is_some() {
            whole.narrowed()
        } else {
            whole
        };
        if let Some(stretches) = measured {
            let top = viewport.y(row) + whole.top;
            let stretches = stretches.iter().copied();
            draw_overlay_row(shapes, stretches, viewport, top, whole.height);
        }
        let top = viewport.y(row) + place.top;
        let painter = RowPainter {
            timeline,
            viewport,
            words,
            top,
            place,
        };
        painter.draw_track(shapes, tracks.start);
        for orphan in tracks.skip(1) {
            painter.draw_orphans(shapes, orphan);
        }
        painter.draw_marks(shapes, timeline.marks(row));
    }
}

/// The width of a tick, which shows that something shorter is there.
const TICK_PX: f64 = 3.0;
/// The room that each span must have on average for ticks to be told apart.
const TICK_ROOM_PX: f64 = 8.0;
/// In lower rows a tick would be a dot.
const TICK_MIN_HEIGHT_PX: f64 = 8.0;
/// Pieces of one column that are looked at; more than these are short anyway.
const MIXED_CHECKED_MAX: usize = 8;
/// How deep a torn edge is cut, from top to bottom.
const TEAR_PX: [f64; 6] = [9.0, 3.0, 12.0, 1.0, 7.0, 4.0];

/// Bars up to this width leave no gap to their neighbours; neighbours of one kind are drawn
/// as one.
const NARROW_PX: f64 = 4.0;

/// A run of narrow neighbours of one kind: the kind, the left and the right edge.
#[derive(Default)]
struct NarrowRun(Option<(Kind, f64, f64)>);

impl NarrowRun {
    fn of(kind: Kind, left: f64, right: f64) -> Self {
        Self(Some((kind, left, right)))
    }

    /// Extends the run. Returns false if the bar has another kind or does not touch it.
    fn add(&mut self, kind: Kind, left: f64, right: f64) -> bool {
        match &mut self.0 {
            Some((same, _, end)) if *same == kind && (left - *end).abs() < 0.01 => {
                *end = right;
                true
            }
            _ => false,
        }
    }
}

/// Draws one row.
pub(super) struct RowPainter<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) viewport: &'a Viewport,
    pub(super) words: Words,
    /// The top of the bar.
    pub(super) top: f64,
    pub(super) place: BarGeometry,
}

impl RowPainter<'_> {
    fn draw_track(&self, shapes: &mut Vec<Shape>, track: usize) {
        let mut stacks = StackedColumns::new(self.top, self.place.height);
        let mut narrow_run = NarrowRun::default();
        // Drawn after all bars, so that no bar covers a label.
        let mut texts = Vec::new();
        let pieces = &self.timeline.pieces;
        let stretches = reduce_track(pieces, track, self.viewport);
        let stretches = detail::merge_turns(stretches, pieces, self.viewport);
        let ticks = self.short_ticks(&stretches);
        for stretch in stretches {
            match stretch {
                detail::VisibleSpan::One { piece, start, end } => {
                    stacks.flush(shapes);
                    let piece = self.timeline.piece(piece);
                    let (left, right) = (self.viewport.x(start), self.viewport.x(end));
                    if right - left <= NARROW_PX && narrow_run.add(piece.kind, left, right) {
                        continue;
                    }
                    self.draw_narrow_run(shapes, &mut narrow_run);
                    // Begins a new run, which the next bar may extend.
                    if right - left <= NARROW_PX {
                        narrow_run = NarrowRun::of(piece.kind, left, right);
                        continue;
                    }
                    let area = self.draw_bar(shapes, piece.kind, left, right);
                    if self.timeline.is_open(piece) && end == piece.end {
                        self.tear_edge(shapes, area);
                    }
                    texts.extend(self.bar_label(piece, area));
                }
                detail::VisibleSpan::Mixed {
                    start,
                    end,
                    amounts,
                    ..
                } => {
                    self.draw_narrow_run(shapes, &mut narrow_run);
                    let (left, right) = (self.viewport.x(start), self.viewport.x(end));
                    let capacity = end.since(start).as_nanos();
                    stacks.add(shapes, left, right, &amounts, capacity);
                    texts.extend(self.turns_label(&amounts, left, right));
                }
            }
        }
        stacks.flush(shapes);
        self.draw_narrow_run(shapes, &mut narrow_run);
        for (kind, left) in ticks {
            self.draw_bar(shapes, kind, left, left + TICK_PX);
        }
        shapes.extend(texts.into_iter().flatten());
    }

    /// The kinds and left edges of ticks for what is too short to be seen as a bar: work, and
    /// anything that is alone in its part of the row. None in a row full of short spans.
    fn short_ticks(&self, stretches: &[detail::VisibleSpan]) -> Vec<(Kind, f64)> {
        let plot = self.viewport.plot;
        let is_crowded = stretches.len() as f64 > plot.width / TICK_ROOM_PX;
        if self.place.height < TICK_MIN_HEIGHT_PX || is_crowded {
            return Vec::new();
        }
        let edges = |stretch: &detail::VisibleSpan| {
            let (start, end) = stretch.window();
            (self.viewport.x(start), self.viewport.x(end))
        };
        let mut ticks = Vec::new();
        for (index, stretch) in stretches.iter().enumerate() {
            let (left, right) = edges(stretch);
            let before = index.checked_sub(1).map(|index| edges(&stretches[index]).1);
            let after = stretches.get(index + 1).map(|next| edges(next).0);
            let is_alone = before.is_none_or(|before| left - before >= TICK_PX)
                && after.is_none_or(|after| after - right >= TICK_PX);
            let kind = self.short_kind(stretch);
            if let Some(kind) = kind.filter(|kind| is_alone || kind.is_work()) {
                let center = (left + right) / 2.0 - TICK_PX / 2.0;
                // Not `clamp`, whose panic would bring the formatting of numbers along.
                ticks.push((kind, center.max(plot.x).min(plot.right() - TICK_PX)));
            }
        }
        ticks
    }

    /// The kind of a span that is narrower than a tick, preferably of work. The end of a long bar
    /// at the edge of the window is not short.
    fn short_kind(&self, stretch: &detail::VisibleSpan) -> Option<Kind> {
        let is_short = |piece: &Piece| piece.nanos() as f64 / self.viewport.ns_per_px() < TICK_PX;
        match stretch {
            detail::VisibleSpan::One { piece, .. } => {
                let piece = self.timeline.piece(*piece);
                is_short(piece).then_some(piece.kind)
            }
            detail::VisibleSpan::Mixed {
                pieces, amounts, ..
            } => {
                let all = pieces.clone().take(MIXED_CHECKED_MAX);
                if !all
                    .clone()
                    .all(|piece| is_short(self.timeline.piece(piece)))
                {
                    return None;
                }
                let work = Kind::ALL.into_iter().filter(|kind| kind.is_work());
                let work = work.max_by_key(|kind| amounts[*kind as usize]);
                let work = work.filter(|kind| amounts[*kind as usize] > 0);
                Some(work.unwrap_or_else(|| dominant_kind(amounts)))
            }
        }
    }

    /// Tears the right edge of a bar that goes on for ever: covers a strip of it, unevenly.
    fn tear_edge(&self, shapes: &mut Vec<Shape>, area: Rect) {
        let step = area.height / TEAR_PX.len() as f64;
        for (index, depth) in TEAR_PX.into_iter().enumerate() {
            let top = area.y + index as f64 * step;
            let left = (area.right() - depth).max(area.x);
            let gap = Rect::between(left, area.right() + 1.0, top, top + step);
            shapes.push(Shape::rect(gap, 0.0, Paint::Ink(Ink::Card)));
        }
    }

    fn draw_narrow_run(&self, shapes: &mut Vec<Shape>, narrow_run: &mut NarrowRun) {
        if let Some((kind, left, right)) = narrow_run.0.take() {
            self.draw_bar(shapes, kind, left, right);
        }
    }

    fn draw_bar(&self, shapes: &mut Vec<Shape>, kind: Kind, left: f64, right: f64) -> Rect {
        let height = self.place.height_of(kind);
        let area = self.place.bar_area(self.top, height, left, right);
        let radius = corner_radius(height);
        shapes.push(Shape::rect(area, radius, bar_paint(kind, height)));
        area
    }

    /// The longest label that fits on a bar, with a plate below it on a pattern.
    pub(super) fn bar_label(&self, piece: &Piece, area: Rect) -> Option<Vec<Shape>> {
        if area.height < BAR_TEXT_MIN_HEIGHT_PX || area.width < 14.0 {
            return None;
        }
        let weight = if piece.kind.is_work() {
            Weight::Bold
        } else {
            Weight::Regular
        };
        let named = self.timeline.by() == By::Threads;
        let texts = self.timeline.labels().bar(piece, self.words, named);
        let fits = |text: &String| width(text, BAR_TEXT_PX, weight) + 10.0 <= area.width;
        let text = texts.into_iter().find(fits)?;
        let center = area.center();
        let at = Point::new(center.x, center.y + BAR_TEXT_PX * 0.35);
        if piece.kind.is_work() {
            let label = Shape::text(at, text, BAR_TEXT_PX, Anchor::Middle, Ink::OnBar);
            return Some(vec![label.bold()]);
        }
        Some(text_on_plate(text, piece.kind, area))
    }

    /// The label of a computation in turns. Short merged spans have no room for it.
    fn turns_label(&self, amounts: &TimeByKind, left: f64, right: f64) -> Option<Vec<Shape>> {
        let area = self
            .place
            .bar_area(self.top, self.place.height, left, right);
        if area.height < BAR_TEXT_MIN_HEIGHT_PX || area.width < TURNS_LABEL_MIN_PX {
            return None;
        }
        let computed = SimDuration::from_nanos(amounts[Kind::Running as usize]);
        let text = self.words.cpu_in_turns(&brief(computed));
        let fits = width(&text, BAR_TEXT_PX, Weight::Regular) + 10.0 <= area.width;
        fits.then(|| text_on_plate(text, Kind::QueuedGil, area))
    }

    /// Draws work that is no longer awaited as a thin bar below the row's own.
    pub(super) fn draw_orphans(&self, shapes: &mut Vec<Shape>, track: usize) {
        let height = (self.place.height * 0.2).clamp(0.5, 6.0);
        let top = self.top + self.place.height - height + (self.place.height * 0.1).min(2.0);
        for stretch in reduce_track(&self.timeline.pieces, track, self.viewport) {
            let (kind, start, end) = match stretch {
                detail::VisibleSpan::One { piece, start, end } => {
                    (self.timeline.piece(piece).kind, start, end)
                }
                detail::VisibleSpan::Mixed {
                    amounts,
                    start,
                    end,
                    ..
                } => (dominant_kind(&amounts), start, end),
            };
            let (left, right) = (self.viewport.x(start), self.viewport.x(end));
            let area = Rect::between(left, right.max(left + 0.5), top, top + height);
            shapes.push(Shape::rect(area, height / 2.0, Paint::Flat(kind)));
        }
    }

    pub(super) fn draw_marks(&self, shapes: &mut Vec<Shape>, marks: &[Mark]) {
        if self.place.height < 9.0 {
            return;
        }
        // Marks are in order of time: skips those before the window.
        let from = marks.partition_point(|mark| mark.at < self.viewport.start());
        let mut last = f64::MIN;
        for mark in &marks[from..] {
            let x = self.viewport.x(mark.at);
            if x > self.viewport.plot.right() + 0.5 {
                break;
            }
            // Of signs on top of each other only one can be seen; failures and cancellations
            // are always drawn.
            if x - last >= 2.0 || mark.kind >= MarkKind::Failed {
                sign(shapes, mark.kind, x, self.top, self.place.height);
                last = x;
            }
        }
    }
}

/// A text in the middle of a bar, with the bar's own ground below it.
fn text_on_plate(text: String, kind: Kind, area: Rect) -> Vec<Shape> {
    let center = area.center();
    let at = Point::new(center.x, center.y + BAR_TEXT_PX * 0.35);
    let wide = width(&text, BAR_TEXT_PX, Weight::Regular) + 8.0;
    let plate = Rect::new(center.x - wide / 2.0, area.y, wide, area.height);
    vec![
        Shape::rect(plate, 0.0, Paint::Ground(kind)),
        Shape::text(at, text, BAR_TEXT_PX, Anchor::Middle, Ink::Text),
    ]
}

impl BarGeometry {
    /// The height of a bar of this kind.
    pub(super) fn height_of(&self, kind: Kind) -> f64 {
        if kind.is_work() {
            self.height
        } else {
            self.waiting
        }
    }

    /// The area of a bar in the row whose bars begin at `top`.
    pub(super) fn bar_area(&self, top: f64, height: f64, left: f64, right: f64) -> Rect {
        // A thin gap between neighbours, if there is room for it.
        let gap = if right - left > NARROW_PX && self.height >= 8.0 {
            0.7
        } else {
            0.0
        };
        let top = top + (self.height - height) / 2.0;
        Rect::between(left + gap, right - gap, top, top + height)
    }
}

pub(super) fn corner_radius(height: f64) -> f64 {
    match height {
        height if height >= 18.0 => 4.0,
        height if height >= 8.0 => 2.5,
        _ => 0.0,
    }
}

pub(super) fn bar_paint(kind: Kind, height: f64) -> Paint {
    if height >= PATTERN_PX && tile(kind).is_some() {
        Paint::Pattern(kind)
    } else {
        Paint::Flat(kind)
    }
}

/// The kind with the most time; the first in the legend among equals.
fn dominant_kind(amounts: &TimeByKind) -> Kind {
    let most = |kind: &Kind| (amounts[*kind as usize], std::cmp::Reverse(*kind));
    let found = Kind::ALL.into_iter().max_by_key(most);
    found.unwrap_or(Kind::Running)
}
