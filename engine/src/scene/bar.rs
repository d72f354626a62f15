//! Rows drawn one by one: bars, their labels, orphans below them, marks on them.

use crate::scene::detail::{self, reduce};
use crate::scene::geometry::{Point, Rect};
use crate::scene::ghost::{Stretch, ghosts};
use crate::scene::kind::{Amounts, Kind};
use crate::scene::mark::{Mark, MarkKind};
use crate::scene::measure::{Weight, width};
use crate::scene::palette::{Ink, tile};
use crate::scene::piece::Piece;
use crate::scene::plan::{BarPlace, Plan, bar_place};
use crate::scene::rows::By;
use crate::scene::shape::{Anchor, Paint, Shape};
use crate::scene::sign::sign;
use crate::scene::stack::Stacks;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;

/// Bars lower than this show a flat colour: a pattern would be noise.
pub(super) const PATTERN_PX: f64 = 7.0;
/// Text on bars.
const BAR_TEXT_PX: f64 = 12.5;
const BAR_TEXT_MIN_HEIGHT_PX: f64 = 15.0;

/// The rows that are in view.
pub(super) fn bars(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    plan: &Plan,
    viewport: &Viewport,
    words: Words,
    behind: &[Vec<Stretch>],
) {
    let whole = bar_place(plan.names, viewport.pitch_px());
    for row in viewport.rows(timeline.rows().len()) {
        let tracks = timeline.tracks(row);
        let measured = behind.get(row).filter(|stretches| !stretches.is_empty());
        let place = match measured {
            Some(_) => whole.narrowed(),
            None => whole,
        };
        if let Some(stretches) = measured {
            let top = viewport.y(row) + whole.top;
            let stretches = stretches.iter().copied();
            ghosts(shapes, stretches, viewport, top, whole.height);
        }
        let top = viewport.y(row) + place.top;
        let pen = Pen {
            timeline,
            viewport,
            words,
            top,
            place,
        };
        pen.track(shapes, tracks.start);
        for orphan in tracks.skip(1) {
            pen.orphans(shapes, orphan);
        }
        pen.marks(shapes, timeline.marks(row));
    }
}

/// Bars so narrow that no paper shows between neighbours: those of one kind are one.
const HAIR_PX: f64 = 4.0;

/// Narrow neighbours of one kind: from where to where.
#[derive(Default)]
struct Hair(Option<(Kind, f64, f64)>);

impl Hair {
    fn of(kind: Kind, left: f64, right: f64) -> Self {
        Self(Some((kind, left, right)))
    }

    /// Whether it goes on with the same kind.
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
struct Pen<'a> {
    timeline: &'a Timeline,
    viewport: &'a Viewport,
    words: Words,
    /// Of the bar.
    top: f64,
    place: BarPlace,
}

impl Pen<'_> {
    fn track(&self, shapes: &mut Vec<Shape>, track: usize) {
        let mut stacks = Stacks::new(self.top, self.place.height);
        let mut hair = Hair::default();
        let mut texts = Vec::new();
        for stretch in reduce(&self.timeline.pieces, track, self.viewport) {
            match stretch {
                detail::Stretch::One { piece, start, end } => {
                    stacks.flush(shapes);
                    let piece = self.timeline.piece(piece);
                    let (left, right) = (self.viewport.x(start), self.viewport.x(end));
                    if right - left <= HAIR_PX && hair.add(piece.kind, left, right) {
                        continue;
                    }
                    self.draw_hair(shapes, &mut hair);
                    if right - left <= HAIR_PX {
                        hair = Hair::of(piece.kind, left, right);
                        continue;
                    }
                    let area = self.bar(shapes, piece.kind, left, right);
                    texts.extend(self.text(piece, area));
                }
                detail::Stretch::Mixed {
                    start,
                    end,
                    amounts,
                    ..
                } => {
                    self.draw_hair(shapes, &mut hair);
                    let (left, right) = (self.viewport.x(start), self.viewport.x(end));
                    let capacity = end.since(start).as_nanos();
                    stacks.add(shapes, left, right, &amounts, capacity);
                }
            }
        }
        stacks.flush(shapes);
        self.draw_hair(shapes, &mut hair);
        shapes.extend(texts.into_iter().flatten());
    }

    fn draw_hair(&self, shapes: &mut Vec<Shape>, hair: &mut Hair) {
        if let Some((kind, left, right)) = hair.0.take() {
            self.bar(shapes, kind, left, right);
        }
    }

    fn bar(&self, shapes: &mut Vec<Shape>, kind: Kind, left: f64, right: f64) -> Rect {
        let height = match kind.is_work() {
            true => self.place.height,
            false => self.place.waiting,
        };
        // A hair of paper between neighbours, where there is room for it.
        let gap = if right - left > HAIR_PX && self.place.height >= 8.0 {
            0.7
        } else {
            0.0
        };
        let top = self.top + (self.place.height - height) / 2.0;
        let area = Rect::between(left + gap, right - gap, top, top + height);
        let radius = match height {
            height if height >= 18.0 => 4.0,
            height if height >= 8.0 => 2.5,
            _ => 0.0,
        };
        shapes.push(Shape::rect(area, radius, paint(kind, height)));
        area
    }

    /// The label, and on a pattern a plate below it.
    fn text(&self, piece: &Piece, area: Rect) -> Option<Vec<Shape>> {
        if area.height < BAR_TEXT_MIN_HEIGHT_PX || area.width < 14.0 {
            return None;
        }
        let weight = match piece.kind.is_work() {
            true => Weight::Bold,
            false => Weight::Regular,
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
        let wide = width(&text, BAR_TEXT_PX, weight) + 8.0;
        let plate = Rect::new(center.x - wide / 2.0, area.y, wide, area.height);
        Some(vec![
            Shape::rect(plate, 0.0, Paint::Ground(piece.kind)),
            Shape::text(at, text, BAR_TEXT_PX, Anchor::Middle, Ink::Text),
        ])
    }

    /// Work that nobody waits for any more: thin, below the bar.
    fn orphans(&self, shapes: &mut Vec<Shape>, track: usize) {
        let height = (self.place.height * 0.2).clamp(0.5, 6.0);
        let top = self.top + self.place.height - height + (self.place.height * 0.1).min(2.0);
        for stretch in reduce(&self.timeline.pieces, track, self.viewport) {
            let (kind, start, end) = match stretch {
                detail::Stretch::One { piece, start, end } => {
                    (self.timeline.piece(piece).kind, start, end)
                }
                detail::Stretch::Mixed {
                    amounts,
                    start,
                    end,
                    ..
                } => (dominant(&amounts), start, end),
            };
            let (left, right) = (self.viewport.x(start), self.viewport.x(end));
            let area = Rect::between(left, right.max(left + 0.5), top, top + height);
            shapes.push(Shape::rect(area, height / 2.0, Paint::Flat(kind)));
        }
    }

    fn marks(&self, shapes: &mut Vec<Shape>, marks: &[Mark]) {
        if self.place.height < 9.0 {
            return;
        }
        let from = marks.partition_point(|mark| mark.at < self.viewport.start());
        let mut last = f64::MIN;
        for mark in &marks[from..] {
            let x = self.viewport.x(mark.at);
            if x > self.viewport.plot.right() + 0.5 {
                break;
            }
            // Signs on top of each other say no more than one.
            if x - last >= 2.0 || mark.kind >= MarkKind::Failed {
                sign(shapes, mark.kind, x, self.top, self.place.height);
                last = x;
            }
        }
    }
}

fn paint(kind: Kind, height: f64) -> Paint {
    match height >= PATTERN_PX && tile(kind).is_some() {
        true => Paint::Pattern(kind),
        false => Paint::Flat(kind),
    }
}

fn dominant(amounts: &Amounts) -> Kind {
    let most = |kind: &Kind| (amounts[*kind as usize], std::cmp::Reverse(*kind));
    let found = Kind::ALL.into_iter().max_by_key(most);
    found.unwrap_or(Kind::Running)
}
