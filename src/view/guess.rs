//! The guess before the chart is uncovered: the total, the order, or each bar.

use super::insight::panel;
use super::node::{Does, Element, Event, Node, el};
use crate::protocol::analysis::AnalysisKind;
use crate::state::State;
use crate::state::action::{Action, Field};
use crate::state::insight::{About, AnalysisAction, DRAWING_STEPS};
use crate::state::{bars, sentences, words};
use model::time::SimTime;
use model::trace::InstanceId;
use texts::Text;

pub(super) fn body(state: &State) -> Vec<Node> {
    let language = state.language();
    let guess = &state.insight.guess;
    let mut nodes: Vec<Node> = Vec::new();
    if !guess.is_revealed {
        nodes.push(el("p.hint").text(words::GUESS_HINT.of(language)).into());
        nodes.push(about(state).into());
        nodes.push(asked(state));
        nodes.push(buttons(state).into());
    }
    let judged = state.guess_ask().map(|ask| panel(state, ask));
    nodes.push(judged.unwrap_or(Node::NOTHING));
    nodes
}

/// An exercise of each family; a click on one opens its script for a guess.
pub(super) fn exercises(state: &State) -> Vec<Node> {
    let language = state.language();
    let seed = state.insight.guess.seed;
    let hint = el("p.hint").text(words::EXERCISES_HINT.of(language));
    let other = el("button#other-exercises.ghost.small")
        .text(words::OTHER_EXERCISES.of(language))
        .on_click(Action::Analysis(AnalysisAction::OtherExercises));
    vec![
        hint.into(),
        panel(state, AnalysisKind::Exercises { seed }),
        other.into(),
    ]
}

fn about(state: &State) -> Element {
    let choice = |about: About, word: Text| -> Node {
        let is_chosen = state.insight.guess.about == about;
        el("button")
            .class_if(is_chosen, "on")
            .state("aria-pressed", is_chosen)
            .text(word.of(state.language()))
            .on_click(Action::Analysis(AnalysisAction::GuessAbout(about)))
            .into()
    };
    el("div#guess-about.seg")
        .set("role", "group")
        .label(words::GUESS_WHAT.of(state.language()))
        .kid(choice(About::Total, words::GUESS_TOTAL))
        .kid(choice(About::Order, words::GUESS_ORDER))
        .kid(choice(About::Bars, words::GUESS_BARS))
}

fn asked(state: &State) -> Node {
    let language = state.language();
    let written = |text: Text| -> Node {
        el("input#guess")
            .set("type", "text")
            .set("autocomplete", "off")
            .set("spellcheck", "false")
            .set("value", state.insight.guess.text.clone())
            .label(text.of(language))
            .on(Event::Input, Does::Fill(Field::Guess))
            .into()
    };
    let (text, field) = match state.insight.guess.about {
        About::Total => (words::ASK_TOTAL, written(words::ASK_TOTAL)),
        About::Order => (words::ASK_ORDER, written(words::ASK_ORDER)),
        About::Bars => (words::ASK_BARS, drawing(state)),
    };
    Node::Several(vec![el("p").text(text.of(language)).into(), field])
}

fn buttons(state: &State) -> Element {
    let language = state.language();
    el("div.buttons")
        .kid(
            el("button#check.primary")
                .text(words::CHECK_GUESS.of(language))
                .on_click(Action::Analysis(AnalysisAction::GuessGiven)),
        )
        .kid(
            el("button#reveal")
                .text(words::REVEAL.of(language))
                .on_click(Action::Analysis(AnalysisAction::Revealed)),
        )
}

/// A row for each task: its bar, with controls for start and end.
fn drawing(state: &State) -> Node {
    let rows = state.drawn().into_iter().enumerate();
    el("div.drawing")
        .kids(rows.map(|(row, id)| drawn_row(state, row, id)))
        .into()
}

fn drawn_row(state: &State, row: usize, id: InstanceId) -> Node {
    let Some(shown) = &state.shown else {
        return Node::NOTHING;
    };
    let name = bars::name(shown, id);
    let drawn = state.insight.guess.bars.get(row);
    let (start, end) = drawn.map_or((0, 0), |bar| (bar.start_ns, bar.end_ns));
    let a_step = (state.drawing_end_ns() / DRAWING_STEPS).max(1);
    let instant = |at_ns: u64| sentences::instant(state.language(), SimTime::from_nanos(at_ns));
    let bar = el("rect.drawn-bar")
        .set("x", (start / a_step).to_string())
        .set("width", ((end - start) / a_step).to_string())
        .set("height", "10");
    let track = el("svg.drawn")
        .set("viewBox", format!("0 0 {DRAWING_STEPS} 10"))
        .set("preserveAspectRatio", "none")
        .state("aria-hidden", true)
        .kid(bar);
    let slider = |word: Text, at_ns: u64, is_end: bool| {
        let word = word.of(state.language());
        el("input")
            .set("type", "range")
            .set("min", "0")
            .set("max", DRAWING_STEPS.to_string())
            .set("value", (at_ns / a_step).to_string())
            .label(format!("{name}: {word}"))
            .set("aria-valuetext", instant(at_ns))
            .on(Event::Input, Does::Fill(Field::Bar { row, is_end }))
    };
    el("div.drawn-row")
        .kid(el("b").text(name.clone()))
        .kid(track)
        .kid(el("span.t").text(format!("{} – {}", instant(start), instant(end))))
        .kid(slider(words::BAR_START, start, false))
        .kid(slider(words::BAR_END, end, true))
        .into()
}
