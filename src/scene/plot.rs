//! The bars, and what shares their coordinates: grid, frozen windows, names, axis.
//!
//! Costs what is on screen. From a pixel a row on, rows are drawn one by one;
//! below, in strips.

use crate::scene::density::Strips;
use crate::scene::detail::{Stretch, reduce, reduce_strip};
use crate::scene::frozen::Window;
use crate::scene::geometry::{Point, Rect};
use crate::scene::kind::{Amounts, Kind};
use crate::scene::label::brief;
use crate::scene::mark::{Mark, MarkKind};
use crate::scene::measure::{Weight, fitted, width};
use crate::scene::palette::{Ink, tile};
use crate::scene::piece::Piece;
use crate::scene::plan::{
    ABOVE_PX, BarPlace, INDENT_PX, INDENTS, NAME_GAP_PX, NAME_PX, NAMED_PITCH_PX, Names, Plan,
    SMALL_PX, bar_place, end_label,
};
use crate::scene::rows::By;
use crate::scene::shape::{Anchor, Paint, Shape};
use crate::scene::ticks::ticks;
use crate::scene::timeline::Timeline;
use crate::scene::viewport::Viewport;
use crate::scene::words::Words;

/// Rows lower than this are merged into strips of at least `STRIP_PX`.
const MERGED_PITCH_PX: f64 = 1.0;
const STRIP_PX: f64 = 3.0;
const COLUMN_PX: f64 = 2.0;
/// Bars lower than this show a flat colour: a pattern would be noise.
pub(super) const PATTERN_PX: f64 = 7.0;
/// Text on bars.
const BAR_TEXT_PX: f64 = 12.5;
const BAR_TEXT_MIN_HEIGHT_PX: f64 = 15.0;
/// Between the labels of the axis.
const TICK_GAP_PX: f64 = 32.0;
/// However little of a kind there is, it is seen.
const SEEN_PX: f64 = 1.0;

/// Everything inside the plan.
pub fn plot(timeline: &mut Timeline, plan: &Plan, viewport: &Viewport, words: Words) -> Vec<Shape> {
    let mut shapes = Vec::new();
    back(&mut shapes, timeline, viewport, words);
    if viewport.pitch_px() < MERGED_PITCH_PX {
        strips(&mut shapes, timeline, viewport);
    } else {
        bars(&mut shapes, timeline, plan, viewport, words);
    }
    names(&mut shapes, timeline, plan, viewport, words);
    end_line(&mut shapes, timeline, viewport);
    shapes
}

/// Grid, axis and frozen windows: what lies behind the bars.
fn back(shapes: &mut Vec<Shape>, timeline: &Timeline, viewport: &Viewport, words: Words) {
    frozen(shapes, timeline, viewport, words);
    let plot = viewport.plot;
    let label_width = |label: &str| width(label, SMALL_PX, Weight::Regular);
    let end = end_label(timeline.end());
    let end_x = viewport.x(timeline.end());
    for tick in ticks(viewport, TICK_GAP_PX, label_width) {
        let x = viewport.x(tick.at);
        shapes.push(upright(x, plot.y, plot.bottom(), 1.0, Ink::Line));
        let room = (label_width(&tick.label) + width(&end, SMALL_PX, Weight::Bold)) / 2.0 + 6.0;
        if (x - end_x).abs() >= room {
            let at = Point::new(x, plot.bottom() + 17.0);
            shapes.push(Shape::text(
                at,
                tick.label,
                SMALL_PX,
                Anchor::Middle,
                Ink::Soft,
            ));
        }
    }
}

/// The end of the run, with the total under it.
fn end_line(shapes: &mut Vec<Shape>, timeline: &Timeline, viewport: &Viewport) {
    let plot = viewport.plot;
    let x = viewport.x(timeline.end());
    if x < plot.x || x > plot.right() + 0.5 {
        return;
    }
    shapes.push(upright(x, plot.y, plot.bottom() + 4.0, 1.5, Ink::Text));
    let at = Point::new(x, plot.bottom() + 17.0);
    let label = end_label(timeline.end());
    shapes.push(Shape::text(at, label, SMALL_PX, Anchor::Middle, Ink::Text).bold());
}

fn upright(x: f64, top: f64, bottom: f64, width: f64, ink: Ink) -> Shape {
    Shape::line(Point::new(x, top), Point::new(x, bottom), width, ink)
}

// --- frozen windows ---

/// Neighbouring windows of one cause, under one label.
struct Run {
    first: Window,
    last: Window,
    count: usize,
}

fn frozen(shapes: &mut Vec<Shape>, timeline: &Timeline, viewport: &Viewport, words: Words) {
    let seen: Vec<&Window> = timeline
        .windows()
        .iter()
        .filter(|window| window.end > viewport.start() && window.start < viewport.end())
        .collect();
    let plot = viewport.plot;
    let mut covered = f64::MIN;
    for window in &seen {
        let left = viewport.x_within(window.start).max(covered);
        let right = viewport.x_within(window.end);
        if right - left < 0.25 {
            continue;
        }
        let (tint, line) = match window.blocking {
            true => (Ink::AlarmTint, Ink::Alarm),
            false => (Ink::BusyTint, Ink::Busy),
        };
        for rows in timeline.rows_of(window, viewport.rows(timeline.rows().len())) {
            let top = viewport.y(rows.start).max(plot.y);
            let bottom = viewport.y(rows.end).min(plot.bottom());
            let area = Rect::between(left, right, top, bottom);
            shapes.push(Shape::rect(area, 0.0, Paint::Ink(tint)));
        }
        let gap = if right - left > 6.0 { 1.0 } else { 0.0 };
        let strip = Rect::between(left + gap, right - gap, plot.y - 3.0, plot.y);
        shapes.push(Shape::rect(strip, 1.0, Paint::Ink(line)));
        covered = right;
    }
    let single: Vec<Run> = seen.iter().map(|window| run(window)).collect();
    let labels = frozen_labels(&single, timeline, viewport, words);
    let labels = labels
        .or_else(|| frozen_labels(&joined(&single), timeline, viewport, words))
        .unwrap_or_default();
    shapes.extend(labels);
}

fn run(window: &Window) -> Run {
    Run {
        first: *window,
        last: *window,
        count: 1,
    }
}

fn joined(runs: &[Run]) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::new();
    for next in runs {
        match joined.last_mut() {
            Some(run)
                if run.last.end == next.first.start && run.last.segment == next.first.segment =>
            {
                run.last = next.last;
                run.count += 1;
            }
            _ => joined.push(run_of(next)),
        }
    }
    joined
}

fn run_of(run: &Run) -> Run {
    Run {
        first: run.first,
        last: run.last,
        count: run.count,
    }
}

/// One label for each run; `None` where single windows have no room for theirs.
fn frozen_labels(
    runs: &[Run],
    timeline: &Timeline,
    viewport: &Viewport,
    words: Words,
) -> Option<Vec<Shape>> {
    let plot = viewport.plot;
    let mut labels = Vec::new();
    let mut taken = plot.x - 30.0;
    for run in runs {
        let (left, right) = (
            viewport.x_within(run.first.start),
            viewport.x_within(run.last.end),
        );
        let length = brief(run.first.length());
        let length = match run.count {
            1 => length,
            count => format!("{count} × {length}"),
        };
        let line = timeline.labels().line(run.first.segment);
        let blocking = run.first.blocking;
        let texts = [
            words.frozen(blocking, &length, line),
            words.held(blocking, &length),
            length,
        ];
        let fits = |text: &String| {
            let wide = width(text, SMALL_PX, Weight::Bold);
            let x = ((left + right) / 2.0)
                .min(plot.right() + 10.0 - wide / 2.0)
                .max(plot.x - 10.0 + wide / 2.0);
            let free = x - wide / 2.0 >= taken && wide <= (right - left) + 24.0;
            free.then_some((x, x + wide / 2.0 + 8.0))
        };
        let Some((text, (x, end))) = texts.iter().find_map(|text| Some((text, fits(text)?))) else {
            // Room for some and not for others reads as if only some were frozen.
            if runs.len() > 1 && run.count == 1 {
                return None;
            }
            continue;
        };
        taken = end;
        let ink = if blocking { Ink::Alarm } else { Ink::Busy };
        let at = Point::new(x, plot.y - 8.0);
        labels.push(Shape::text(at, text.clone(), SMALL_PX, Anchor::Middle, ink).bold());
    }
    Some(labels)
}

// --- bars ---

fn bars(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    plan: &Plan,
    viewport: &Viewport,
    words: Words,
) {
    let place = bar_place(plan.names, viewport.pitch_px());
    for row in viewport.rows(timeline.rows().len()) {
        let tracks = timeline.tracks(row);
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
        let mut texts = Vec::new();
        for stretch in reduce(&self.timeline.pieces, track, self.viewport) {
            match stretch {
                Stretch::One { piece, start, end } => {
                    stacks.flush(shapes);
                    let piece = self.timeline.piece(piece);
                    let (left, right) = (self.viewport.x(start), self.viewport.x(end));
                    let area = self.bar(shapes, piece.kind, left, right);
                    texts.extend(self.text(piece, area));
                }
                Stretch::Mixed {
                    start,
                    end,
                    amounts,
                    ..
                } => {
                    let (left, right) = (self.viewport.x(start), self.viewport.x(end));
                    let capacity = end.since(start).as_nanos();
                    stacks.add(shapes, left, right, &amounts, capacity);
                }
            }
        }
        stacks.flush(shapes);
        shapes.extend(texts.into_iter().flatten());
    }

    fn bar(&self, shapes: &mut Vec<Shape>, kind: Kind, left: f64, right: f64) -> Rect {
        let height = match kind.is_work() {
            true => self.place.height,
            false => self.place.waiting,
        };
        // A hair of paper between neighbours, where there is room for it.
        let gap = if right - left > 4.0 && self.place.height >= 8.0 {
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
                Stretch::One { piece, start, end } => (self.timeline.piece(piece).kind, start, end),
                Stretch::Mixed {
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

/// The sign of a mark on a bar that begins at `top`.
pub(super) fn sign(shapes: &mut Vec<Shape>, kind: MarkKind, x: f64, top: f64, height: f64) {
    let middle = top + height / 2.0;
    let size = (height * 0.2).clamp(2.5, 4.5);
    let disc = |radius: f64, ink: Ink| {
        let area = Rect::new(x - radius, middle - radius, radius * 2.0, radius * 2.0);
        Shape::rect(area, radius, Paint::Ink(ink))
    };
    match kind {
        MarkKind::Printed => {
            shapes.push(upright(x, top - 2.0, top + height * 0.35, 3.5, Ink::Card));
            shapes.push(upright(x, top - 2.0, top + height * 0.35, 1.7, Ink::Text));
        }
        MarkKind::TimedOut => {
            shapes.push(upright(x, top - 2.0, top + height + 2.0, 4.0, Ink::Card));
            shapes.push(upright(x, top - 2.0, top + height + 2.0, 2.0, Ink::Alarm));
        }
        MarkKind::Responded => {
            shapes.push(disc(size + 1.5, Ink::Card));
            shapes.push(disc(size, Ink::Good));
        }
        MarkKind::Failed => {
            shapes.push(disc(size + 3.0, Ink::Card));
            shapes.push(disc(size + 1.8, Ink::Alarm));
            let arm = size * 0.55;
            for slope in [1.0, -1.0] {
                shapes.push(Shape::line(
                    Point::new(x - arm, middle - arm * slope),
                    Point::new(x + arm, middle + arm * slope),
                    1.6,
                    Ink::Card,
                ));
            }
        }
        MarkKind::Cancelled => {
            shapes.push(disc(size + 3.0, Ink::Card));
            shapes.push(disc(size + 1.8, Ink::Soft));
            let (left, right) = (x - size * 0.65, x + size * 0.65);
            let (from, to) = (Point::new(left, middle), Point::new(right, middle));
            shapes.push(Shape::line(from, to, 1.8, Ink::Card));
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

// --- what is merged ---

/// Columns in which the height of each colour is its share of the time.
///
/// Neighbours that look nearly the same become one with the sum of their times;
/// each colour is drawn down to the bottom and the next over it, so that no
/// paper shows through a seam.
struct Stacks {
    top: f64,
    height: f64,
    left: f64,
    right: f64,
    amounts: Amounts,
    /// The time that would fill the column to the top.
    capacity: u64,
}

/// Shares that differ by no more look the same. Slices shorter than a pixel
/// make shares waver by chance, which would be drawn as noise.
const ALIKE: f64 = 0.2;

impl Stacks {
    fn new(top: f64, height: f64) -> Self {
        Self {
            top,
            height,
            left: 0.0,
            right: f64::MIN,
            amounts: [0; Kind::COUNT],
            capacity: 0,
        }
    }

    fn add(
        &mut self,
        shapes: &mut Vec<Shape>,
        left: f64,
        right: f64,
        amounts: &Amounts,
        capacity: u64,
    ) {
        let continues = (left - self.right).abs() < 0.01;
        if !continues || !self.is_like(amounts, capacity) {
            self.flush(shapes);
            self.left = left;
        }
        self.right = right;
        self.capacity = self.capacity.saturating_add(capacity);
        for (sum, amount) in self.amounts.iter_mut().zip(amounts) {
            *sum = sum.saturating_add(*amount);
        }
    }

    fn is_like(&self, amounts: &Amounts, capacity: u64) -> bool {
        let (all, one) = (self.capacity.max(1) as f64, capacity.max(1) as f64);
        let mut pairs = self.amounts.iter().zip(amounts);
        pairs.all(|(&sum, &amount)| {
            // What is there at all must not disappear in a neighbour without it.
            (sum == 0) == (amount == 0) && (sum as f64 / all - amount as f64 / one).abs() <= ALIKE
        })
    }

    fn flush(&mut self, shapes: &mut Vec<Shape>) {
        let bottom = self.top + self.height;
        for (kind, level) in levels(&self.amounts, self.capacity, self.height) {
            // Half a pixel more than nothing, so that a lone instant is seen.
            let right = self.right.max(self.left + 0.5);
            let top = bottom - f64::from(level) / 4.0;
            let area = Rect::between(self.left, right, top.max(self.top), bottom);
            shapes.push(Shape::rect(area, 0.0, Paint::Flat(kind)));
        }
        *self = Self::new(self.top, self.height);
    }
}

/// Where each colour begins, in quarters of a pixel from the bottom, the highest first.
fn levels(amounts: &Amounts, capacity: u64, height: f64) -> Vec<(Kind, u32)> {
    let busy: f64 = amounts.iter().map(|&amount| amount as f64).sum();
    if busy == 0.0 {
        return Vec::new();
    }
    let full = (height * 4.0).round().max(1.0);
    let seen = (SEEN_PX * 4.0).min(full);
    let share = busy / (capacity.max(1) as f64).max(busy);
    let whole = (share * full).round().max(seen);
    let mut above = 0.0;
    let mut levels: Vec<(Kind, u32)> = Vec::new();
    for kind in Kind::ALL {
        let amount = amounts[kind as usize] as f64;
        if amount > 0.0 {
            let level = (whole - (above / busy * whole).round()).max(1.0) as u32;
            // A colour without a quarter of a pixel of its own gives way to the next.
            levels.retain(|&(_, taken)| taken > level);
            levels.push((kind, level));
            above += amount;
        }
    }
    levels
}

/// Many rows in a few pixels.
fn strips(shapes: &mut Vec<Shape>, timeline: &mut Timeline, viewport: &Viewport) {
    let rows = timeline.rows().len();
    let rows_each = rows_each(viewport.pitch_px());
    let height = rows_each as f64 * viewport.pitch_px();
    let visible = viewport.rows(rows);
    let strips = timeline.strips(rows_each);
    for strip in visible.start / rows_each..visible.end.div_ceil(rows_each) {
        let first = strip * rows_each;
        let count = rows_each.min(rows - first);
        draw_strip(
            shapes,
            strips,
            strip,
            viewport,
            viewport.y(first),
            height,
            count,
        );
    }
}

/// A power of two, so that a little more or less height does not merge anew.
fn rows_each(pitch_px: f64) -> usize {
    let wanted = (STRIP_PX / pitch_px).max(1.0);
    (wanted as usize).next_power_of_two()
}

fn draw_strip(
    shapes: &mut Vec<Shape>,
    strips: &Strips,
    strip: usize,
    viewport: &Viewport,
    top: f64,
    height: f64,
    rows: usize,
) {
    let plot = viewport.plot;
    let bottom = (top + height).min(plot.bottom());
    let top = top.max(plot.y);
    let mut stacks = Stacks::new(top, bottom - top);
    for cell in reduce_strip(&mut strips.reader(strip), viewport, COLUMN_PX) {
        let (left, right) = (viewport.x(cell.start), viewport.x(cell.end));
        let capacity = cell.end.since(cell.start).as_nanos();
        let capacity = capacity.saturating_mul(rows as u64);
        stacks.add(shapes, left, right, &cell.amounts, capacity);
    }
    stacks.flush(shapes);
}

// --- names ---

fn names(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    plan: &Plan,
    viewport: &Viewport,
    words: Words,
) {
    match plan.names {
        Names::Above => names_above(shapes, timeline, viewport, words),
        Names::Beside { width_px } if viewport.pitch_px() >= NAMED_PITCH_PX => {
            names_beside(shapes, timeline, viewport, words, width_px);
        }
        Names::Beside { width_px } => names_of_groups(shapes, timeline, viewport, words, width_px),
    }
}

fn names_above(shapes: &mut Vec<Shape>, timeline: &Timeline, viewport: &Viewport, words: Words) {
    let plot = viewport.plot;
    for number in viewport.rows(timeline.rows().len()) {
        let row = &timeline.rows()[number];
        let indent = f64::from(row.depth.min(INDENTS)) * INDENT_PX;
        let name = timeline.labels().row(row, words);
        let name = fitted(&name, plot.width - indent, NAME_PX, Weight::Regular);
        let at = Point::new(plot.x + indent, viewport.y(number) + ABOVE_PX - 5.0);
        shapes.push(Shape::text(at, name, NAME_PX, Anchor::Start, Ink::Text));
    }
}

fn names_beside(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    viewport: &Viewport,
    words: Words,
    width_px: f64,
) {
    let plot = viewport.plot;
    let size = NAME_PX.min(viewport.pitch_px() - 2.0);
    let nested = timeline.rows().iter().take(1_000).any(|row| row.depth > 0);
    for number in viewport.rows(timeline.rows().len()) {
        let middle = viewport.y(number) + viewport.pitch_px() / 2.0;
        if middle < plot.y || middle > plot.bottom() {
            continue;
        }
        let row = &timeline.rows()[number];
        let indent = f64::from(row.depth.min(INDENTS)) * INDENT_PX;
        let name = timeline.labels().row(row, words);
        let room = width_px - NAME_GAP_PX - indent;
        let name = fitted(&name, room, size, Weight::Regular);
        // Families are read from the left, single names beside their bars.
        let (x, anchor) = match nested {
            true => (plot.x - width_px + indent, Anchor::Start),
            false => (plot.x - NAME_GAP_PX, Anchor::End),
        };
        let at = Point::new(x, middle + size * 0.35);
        shapes.push(Shape::text(at, name, size, anchor, Ink::Text));
    }
}

/// Rows too low for a name share one with their like, beside a bracket.
fn names_of_groups(
    shapes: &mut Vec<Shape>,
    timeline: &Timeline,
    viewport: &Viewport,
    words: Words,
    width_px: f64,
) {
    let rows = timeline.rows();
    let plot = viewport.plot;
    let visible = viewport.rows(rows.len());
    let mut taken = f64::MIN;
    let mut first = visible.start;
    while first < visible.end {
        let alike = |row: &usize| timeline.labels().alike(&rows[first], &rows[*row]);
        let last = (first + 1..visible.end)
            .take_while(alike)
            .last()
            .unwrap_or(first);
        let top = viewport.y(first).max(plot.y) + 1.0;
        let bottom = viewport.y(last + 1).min(plot.bottom()) - 1.0;
        let middle = (top + bottom) / 2.0;
        if bottom - top >= 9.0 && middle - 7.0 >= taken {
            let x = plot.x - NAME_GAP_PX / 2.0;
            shapes.push(upright(x, top, bottom, 1.5, Ink::LineStrong));
            let name = timeline.labels().rows(&rows[first], &rows[last], words);
            let name = fitted(&name, width_px - NAME_GAP_PX, SMALL_PX, Weight::Regular);
            let at = Point::new(plot.x - NAME_GAP_PX, middle + SMALL_PX * 0.35);
            shapes.push(Shape::text(at, name, SMALL_PX, Anchor::End, Ink::Text));
            taken = middle + 7.0;
        }
        first = last + 1;
    }
}
