//! The legend: chips above the chart, and a table in the help.

use super::node::{Element, Node, el};
use crate::state::State;
use crate::state::number::measure;
use crate::state::shown::Shown;
use crate::state::words;
use chart::scene::mark::MarkKind;
use chart::scene::palette::{self, Theme};
use chart::scene::sign::sign;
use chart::scene::{Kind, Paint, Shape, Words};

/// Chips for the kinds and marks that occur in the run.
pub(super) fn chips(state: &State, shown: &Shown) -> Element {
    let words = Words(state.language());
    let looks = Looks::of(state, "legend");
    let chip = |looks: Element, name: &'static str, sentence: &'static str| -> Node {
        el("li.chip")
            .set("title", sentence)
            .kid(looks)
            .text(name)
            .into()
    };
    // Copied, because `mark_kinds` borrows the timeline, too.
    let kinds = shown.timeline(state.by).kinds().to_vec();
    let kinds = kinds.into_iter();
    let kinds = kinds.map(|kind| chip(looks.kind(kind), words.kind(kind), words.sentence(kind)));
    let marks = shown.mark_kinds().iter().map(|&mark| {
        chip(
            looks.mark(mark),
            words.mark(mark),
            words.mark_sentence(mark),
        )
    });
    el("ul.legend")
        .label(words::LEGEND.of(state.language()))
        .kids(kinds)
        .kids(marks)
}

/// Each kind and each mark with its sentence.
pub(super) fn table(
    state: &State,
    kinds: &[Kind],
    marks: &[MarkKind],
    place: &'static str,
) -> Element {
    let words = Words(state.language());
    let looks = Looks::of(state, place);
    let row = |looks: Element, name: &'static str, sentence: &'static str| -> Node {
        el("div.legend-row")
            .kid(el("dt").kid(looks).text(name))
            .kid(el("dd").text(sentence))
            .into()
    };
    let kinds = kinds.iter();
    let kinds = kinds.map(|&kind| row(looks.kind(kind), words.kind(kind), words.sentence(kind)));
    let marks = marks.iter().map(|&mark| {
        row(
            looks.mark(mark),
            words.mark(mark),
            words.mark_sentence(mark),
        )
    });
    el("dl.legend-table").kids(kinds).kids(marks)
}

/// The picture of a kind, for the tooltip.
pub(super) fn swatch_of(state: &State, kind: Kind) -> Element {
    Looks::of(state, "tip").kind(kind)
}

/// Small pictures of kinds and marks, as on the chart.
struct Looks {
    theme: Theme,
    /// A prefix for the patterns' ids, which are unique in the document.
    place: &'static str,
}

impl Looks {
    fn of(state: &State, place: &'static str) -> Self {
        let theme = if state.settings.dark() {
            Theme::Dark
        } else {
            Theme::Light
        };
        Self { theme, place }
    }

    fn mark(&self, mark: MarkKind) -> Element {
        let mut shapes = Vec::new();
        // As large as the space allows: discs grow with the bar, strokes are as high as the bar.
        let (top, height) = match mark {
            MarkKind::Printed | MarkKind::TimedOut => (3.0, 9.0),
            MarkKind::Responded | MarkKind::Failed | MarkKind::Cancelled => (-3.0, 20.0),
        };
        sign(&mut shapes, mark, 10.0, top, height);
        swatch("14").kids(shapes.iter().map(|shape| self.shape(shape)))
    }

    fn shape(&self, shape: &Shape) -> Node {
        match shape {
            Shape::Rect {
                area,
                radius,
                paint: Paint::Ink(ink),
            } => measured(
                el("rect"),
                &["x", "y", "width", "height", "rx"],
                &[area.x, area.y, area.width, area.height, *radius],
            )
            .set("fill", ink.colour(self.theme).to_string())
            .into(),
            Shape::Line {
                from,
                to,
                width,
                ink,
            } => measured(
                el("line"),
                &["x1", "y1", "x2", "y2", "stroke-width"],
                &[from.x, from.y, to.x, to.y, *width],
            )
            .set("stroke", ink.colour(self.theme).to_string())
            .into(),
            // Marks consist of no other shapes.
            Shape::Rect { .. } | Shape::Text { .. } => Node::NOTHING,
        }
    }

    /// A swatch with the pattern of a kind.
    fn kind(&self, kind: Kind) -> Element {
        let tone = palette::tone(kind, self.theme);
        let (ground, ink) = (tone.ground.to_string(), tone.ink.to_string());
        let sample = |fill: String| {
            let sample = el("rect")
                .set("width", "20")
                .set("height", "12")
                .set("rx", "3");
            sample.set("fill", fill)
        };
        let Some(tile) = palette::tile(kind) else {
            return swatch("12").kid(sample(ground));
        };
        let line = |values: &[f64; 5]| {
            measured(
                el("line"),
                &["x1", "y1", "x2", "y2", "stroke-width"],
                values,
            )
            .set("stroke", ink.clone())
            .into()
        };
        let dot = |values: &[f64; 3]| {
            measured(el("circle"), &["cx", "cy", "r"], values)
                .set("fill", ink.clone())
                .into()
        };
        let ring = |values: &[f64; 3]| {
            measured(el("circle"), &["cx", "cy", "r"], values)
                .set("fill", "none")
                .set("stroke", ink.clone())
                .set("stroke-width", measure(palette::RING_PX))
                .into()
        };
        let id = format!("{}-{}", self.place, kind as usize);
        let size = ["width", "height"];
        let sizes = [tile.size; 2];
        let pattern = measured(el("pattern"), &size, &sizes)
            .set("id", id.clone())
            .set("patternUnits", "userSpaceOnUse")
            .kid(measured(el("rect"), &size, &sizes).set("fill", ground))
            .kids(tile.lines.iter().map(line))
            .kids(tile.dots.iter().map(dot))
            .kids(tile.rings.iter().map(ring));
        swatch("12")
            .kid(el("defs").kid(pattern))
            .kid(sample(format!("url(#{id})")))
    }
}

fn swatch(height: &'static str) -> Element {
    el("svg.swatch")
        .set("width", "20")
        .set("height", height)
        .state("aria-hidden", true)
}

fn measured(element: Element, names: &[&'static str], values: &[f64]) -> Element {
    let pairs = names.iter().zip(values);
    pairs.fold(element, |element, (name, value)| {
        element.set(name, measure(*value))
    })
}
