//! The parts of a chart file around the bars: headline, total, facts and legend.
//!
//! Only for charts without a page; the page has its own, in HTML.

use crate::scene::geometry::{Point, Rect};
use crate::scene::label::brief;
use crate::scene::measure::{Weight, fitted, width};
use crate::scene::palette::{Ink, tile};
use crate::scene::plan::Plan;
use crate::scene::plot::plot;
use crate::scene::shape::{Anchor, Paint, Scene, Shape};
use crate::scene::sign::sign;
use crate::scene::timeline::Timeline;
use crate::scene::words::Words;
use model::time::SimDuration;

/// The texts above the bars.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Headline {
    pub title: Option<String>,
    /// `None` for a run that never ends.
    pub total: Option<SimDuration>,
    /// A warning beside the total: a deadlock or a limit.
    pub warning: Option<String>,
    /// Name and value.
    pub facts: Vec<(String, String)>,
}

// Font sizes.
const TITLE_PX: f64 = 19.0;
const CAPTION_PX: f64 = 12.5;
const TOTAL_PX: f64 = 42.0;
const UNIT_PX: f64 = 22.0;
const FACT_PX: f64 = 18.0;
const LEGEND_PX: f64 = 12.5;
/// The gaps between facts, and between entries of the legend.
const FACT_GAP_PX: f64 = 30.0;
const LEGEND_GAP_PX: f64 = 18.0;
/// Width and height of a sample in the legend.
const SWATCH: (f64, f64) = (20.0, 12.0);

/// Draws a chart that needs no explanation beside it.
pub fn standalone(
    timeline: &mut Timeline,
    headline: &Headline,
    words: Words,
    width_px: f64,
    height_max_px: f64,
) -> Scene {
    let side = if width_px < 520.0 { 16.0 } else { 28.0 };
    let mut shapes = Vec::new();
    let top = draw_head(&mut shapes, headline, words, width_px, side);
    let plan = Plan::new(timeline, words, width_px, side, top, height_max_px);
    let viewport = plan.fit(timeline.end());
    let mut bottom = plan.bottom();
    if timeline.end().as_nanos() == 0 {
        let at = Point::new(width_px / 2.0, top + 20.0);
        shapes.push(Shape::text(
            at,
            words.nothing_ran(),
            13.0,
            Anchor::Middle,
            Ink::Soft,
        ));
        bottom = top + 34.0;
    } else {
        shapes.extend(plot(timeline, &plan, &viewport, words, &[]));
    }
    let legend = Legend {
        words,
        flat: plan.is_flat(),
        left: side,
        right: width_px - side,
    };
    let bottom = legend.draw(&mut shapes, timeline, bottom + 14.0);
    let height = bottom + side * 0.75;
    // The background is drawn first, but its height is known only now.
    let paper = Rect::new(0.0, 0.0, width_px, height);
    shapes.insert(0, Shape::rect(paper, 0.0, Paint::Ink(Ink::Card)));
    Scene {
        width: width_px,
        height,
        shapes,
    }
}

/// Draws title, total and facts. Returns their bottom.
fn draw_head(
    shapes: &mut Vec<Shape>,
    headline: &Headline,
    words: Words,
    width_px: f64,
    side: f64,
) -> f64 {
    let mut y = side * 0.75;
    let right = width_px - side;
    if let Some(title) = &headline.title {
        let title = fitted(title, right - side, TITLE_PX, Weight::Bold);
        let at = Point::new(side, y + TITLE_PX);
        shapes.push(Shape::text(at, title, TITLE_PX, Anchor::Start, Ink::Text).bold());
        y += TITLE_PX + 16.0;
    }
    let caption = Point::new(side, y + CAPTION_PX);
    let soft = |at, text: &str| Shape::text(at, text, CAPTION_PX, Anchor::Start, Ink::Soft);
    shapes.push(soft(caption, words.total_elapsed()).bold());
    let baseline = y + CAPTION_PX + 8.0 + TOTAL_PX * 0.8;
    let mut x = match headline.total {
        Some(total) => draw_total(shapes, total, side, baseline),
        None => draw_never(shapes, words, side, baseline),
    };
    x = x.max(side + width(words.total_elapsed(), CAPTION_PX, Weight::Bold));
    if let Some(warning) = &headline.warning {
        let at = Point::new(x + 14.0, baseline);
        shapes.push(Shape::text(at, warning.as_str(), 14.0, Anchor::Start, Ink::Alarm).bold());
        x += 14.0 + width(warning, 14.0, Weight::Bold);
    }
    let bottom = draw_facts(shapes, headline, x + 44.0, side, right, y, baseline);
    bottom + 18.0
}

/// Draws the total: the figure large, its unit smaller. Returns its right edge.
fn draw_total(shapes: &mut Vec<Shape>, total: SimDuration, x: f64, baseline: f64) -> f64 {
    let text = brief(total);
    let split = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (figure, unit) = text.split_at(split);
    let at = Point::new(x, baseline);
    shapes.push(Shape::text(at, figure, TOTAL_PX, Anchor::Start, Ink::Text).bold());
    let x = x + width(figure, TOTAL_PX, Weight::Bold) + 3.0;
    let at = Point::new(x, baseline);
    shapes.push(Shape::text(at, unit, UNIT_PX, Anchor::Start, Ink::Text).bold());
    x + width(unit, UNIT_PX, Weight::Bold)
}

/// Draws the words in place of a total. Returns their right edge.
fn draw_never(shapes: &mut Vec<Shape>, words: Words, x: f64, baseline: f64) -> f64 {
    let text = words.never_ends();
    let at = Point::new(x, baseline);
    shapes.push(Shape::text(at, text, UNIT_PX, Anchor::Start, Ink::Alarm).bold());
    x + width(text, UNIT_PX, Weight::Bold)
}

/// Draws the facts beside the total if they fit, else below it, in as many lines as needed.
/// Returns their bottom.
fn draw_facts(
    shapes: &mut Vec<Shape>,
    headline: &Headline,
    beside: f64,
    left: f64,
    right: f64,
    top: f64,
    baseline: f64,
) -> f64 {
    let fact_width = |(name, value): &(String, String)| {
        let name = width(name, CAPTION_PX, Weight::Regular);
        name.max(width(value, FACT_PX, Weight::Bold))
    };
    let all: f64 = headline
        .facts
        .iter()
        .map(|fact| fact_width(fact) + FACT_GAP_PX)
        .sum();
    let fits_beside = beside + all - FACT_GAP_PX <= right;
    let (mut x, mut y) = if fits_beside {
        (
            beside,
            top + (baseline - top - FACT_PX - CAPTION_PX) / 2.0 - 2.0,
        )
    } else {
        (left, baseline + 16.0)
    };
    let mut bottom = baseline;
    for fact in &headline.facts {
        let wide = fact_width(fact);
        if !fits_beside && x > left && x + wide > right {
            x = left;
            y += 46.0;
        }
        let (name, value) = (fact.0.as_str(), fact.1.as_str());
        let at = Point::new(x, y + CAPTION_PX);
        shapes.push(Shape::text(at, name, CAPTION_PX, Anchor::Start, Ink::Soft));
        let at = Point::new(x, y + CAPTION_PX + 5.0 + FACT_PX * 0.85);
        shapes.push(Shape::text(at, value, FACT_PX, Anchor::Start, Ink::Text).bold());
        bottom = bottom.max(at.y);
        x += wide + FACT_GAP_PX;
    }
    bottom
}

/// The legend of a chart.
struct Legend {
    words: Words,
    /// Whether the bars are too low for patterns.
    flat: bool,
    left: f64,
    right: f64,
}

impl Legend {
    /// Draws an entry for each kind and mark that occurs. Returns the bottom of the last.
    fn draw(&self, shapes: &mut Vec<Shape>, timeline: &Timeline, top: f64) -> f64 {
        let Self {
            words,
            flat,
            left,
            right,
        } = *self;
        let (mut x, mut y) = (left, top);
        let mut next = |text: &str| {
            let wide = SWATCH.0 + 7.0 + width(text, LEGEND_PX, Weight::Regular);
            if x > left && x + wide > right {
                x = left;
                y += 20.0;
            }
            let at = Point::new(x, y);
            x += wide + LEGEND_GAP_PX;
            at
        };
        let mut bottom = top;
        let mut entry = |shapes: &mut Vec<Shape>, at: Point, text: &str| {
            let baseline = at.y + SWATCH.1 / 2.0 + LEGEND_PX * 0.35;
            let at_text = Point::new(at.x + SWATCH.0 + 7.0, baseline);
            shapes.push(Shape::text(
                at_text,
                text,
                LEGEND_PX,
                Anchor::Start,
                Ink::Soft,
            ));
            bottom = at.y + SWATCH.1;
        };
        for &kind in timeline.kinds() {
            let at = next(words.kind(kind));
            let area = Rect::new(at.x, at.y, SWATCH.0, SWATCH.1);
            let paint = match tile(kind) {
                Some(_) if !flat => Paint::Pattern(kind),
                _ => Paint::Flat(kind),
            };
            shapes.push(Shape::rect(area, 3.0, paint));
            entry(shapes, at, words.kind(kind));
        }
        for &mark in timeline.mark_kinds() {
            let at = next(words.mark(mark));
            sign(shapes, mark, at.x + SWATCH.0 / 2.0, at.y, SWATCH.1);
            entry(shapes, at, words.mark(mark));
        }
        bottom
    }
}
