//! The panels below the chart, behind a door for each question: why, what if, practice, proof, and
//! the numbers. The answers come ready-made from [`crate::insight`].

use super::node::marked;
use super::node::{Does, Element, Event, Node, Str, el};
use super::{guess, result};
use crate::protocol::analysis::AnalysisKind;
use crate::state::State;
use crate::state::action::{Action, Field};
use crate::state::insight::{AnalysisAction, Door, Failure, Panel, Tab};
use crate::state::sentences;
use crate::state::words;
use texts::{Language, Text};

pub(super) fn card(state: &State) -> Node {
    let language = state.language();
    let open = state.insight.tab;
    let doors = Door::ALL.into_iter();
    let doors = doors.filter(|door| !tabs(state, *door).is_empty());
    let doors = el("div.tabs")
        .set("role", "tablist")
        .label(words::INSIGHT.of(language))
        .kids(doors.map(|door| door_button(state, door).into()));
    let body = el("div#insight.insight-body")
        .set("role", "tabpanel")
        .set("tabindex", "0")
        .label(name(open).of(language))
        .kid(tab_choice(state))
        .kid(Node::Several(body(state)));
    el("section.card.insight")
        .label(words::INSIGHT.of(language))
        .kid(doors)
        .kid(body)
        .into()
}

/// The panels behind a door. An embedded page offers no real runs, and has its numbers elsewhere.
fn tabs(state: &State, door: Door) -> Vec<Tab> {
    let is_alone = state.embedded.is_none();
    let is_there = |tab: &Tab| is_alone || !matches!(tab, Tab::Proof | Tab::Numbers);
    door.tabs().iter().copied().filter(is_there).collect()
}

fn name(tab: Tab) -> Text {
    match tab {
        Tab::Findings => words::FINDINGS,
        Tab::Compare => words::COMPARE,
        Tab::Orders => words::ORDERS,
        Tab::Difference => words::DIFFERENCE,
        Tab::Sweep => words::SWEEP,
        Tab::Exercises => words::EXERCISES,
        Tab::Guess => words::GUESS,
        Tab::Proof => words::PROOF,
        Tab::Numbers => words::NUMBERS,
    }
}

fn door_button(state: &State, door: Door) -> Element {
    let (button, word) = match door {
        Door::Why => (el("button#door-why.door-why.tab"), words::DOOR_WHY),
        Door::WhatIf => (el("button#door-what-if.tab"), words::DOOR_WHAT_IF),
        Door::Practise => (el("button#door-practise.tab"), words::PRACTISE),
        Door::Prove => (el("button#door-prove.tab"), words::DOOR_PROVE),
        Door::Numbers => (el("button#door-numbers.door-numbers.tab"), words::NUMBERS),
    };
    let tabs = tabs(state, door);
    let is_open = tabs.contains(&state.insight.tab);
    let first = tabs.first().copied().unwrap_or_default();
    let count = (door == Door::Why
        && state.insight.findings > 0
        && state.is_looked_at()
        && !state.is_covered())
    .then(|| el("small.count").text(state.insight.findings.to_string()));
    button
        .set("role", "tab")
        .state("aria-selected", is_open)
        .set("aria-controls", "insight")
        .text(word.of(state.language()))
        .kid(count)
        .on_click(open(if is_open { state.insight.tab } else { first }))
}

fn open(tab: Tab) -> Action {
    Action::Analysis(AnalysisAction::Tab(tab))
}

/// The panels behind the open door, if there are several.
fn tab_choice(state: &State) -> Option<Element> {
    let language = state.language();
    let mut doors = Door::ALL.into_iter().map(|door| tabs(state, door));
    let tabs = doors.find(|tabs| tabs.contains(&state.insight.tab))?;
    let choice = |tab: &Tab| {
        let is_open = *tab == state.insight.tab;
        let button = match tab {
            Tab::Findings => el("button#tab-findings"),
            Tab::Compare => el("button#tab-compare"),
            Tab::Orders => el("button#tab-orders"),
            Tab::Difference => el("button#tab-difference"),
            Tab::Sweep => el("button#tab-sweep"),
            Tab::Exercises => el("button#tab-exercises"),
            Tab::Guess => el("button#tab-guess"),
            Tab::Proof => el("button#tab-proof"),
            Tab::Numbers => el("button#tab-numbers"),
        };
        button
            .class_if(is_open, "on")
            .state("aria-pressed", is_open)
            .text(name(*tab).of(language))
            .on_click(open(*tab))
            .into()
    };
    let seg = el("div.seg.panels").set("role", "group");
    (tabs.len() > 1).then(|| seg.kids(tabs.iter().map(choice)))
}

fn body(state: &State) -> Vec<Node> {
    let language = state.language();
    let hint = |text: Text| -> Node { el("p.hint").text(text.of(language)).into() };
    let needs_no_look = matches!(
        state.insight.tab,
        Tab::Sweep | Tab::Exercises | Tab::Proof | Tab::Numbers
    );
    if state.is_too_long_to_look() && !needs_no_look {
        let look = el("button#look")
            .text(words::LOOK_ANYWAY.of(language))
            .on_click(Action::Analysis(AnalysisAction::AtAll));
        return vec![hint(words::LONG_RUN), look.into()];
    }
    match state.insight.tab {
        Tab::Findings if state.shows_program() => vec![match &state.program.findings {
            Some(panel) => el("div.answer").kid(Node::from(&**panel)).into(),
            None => el("p.none").text(words::LOOKING.of(language)).into(),
        }],
        Tab::Findings => vec![panel(state, AnalysisKind::Findings), path_button(state)],
        Tab::Compare => vec![
            hint(words::COMPARE_HINT),
            panel(state, AnalysisKind::Compare),
        ],
        Tab::Orders => vec![
            hint(words::ORDERS_HINT),
            state
                .tab_ask()
                .map_or(Node::NOTHING, |ask| panel(state, ask)),
        ],
        Tab::Difference => difference(state),
        Tab::Sweep => sweep(state),
        Tab::Exercises => guess::exercises(state),
        Tab::Guess => guess::body(state),
        Tab::Numbers => state
            .shown
            .as_ref()
            .map_or_else(Vec::new, |shown| result::numbers(state, shown)),
        Tab::Proof => vec![proof(state)],
    }
}

/// The answer to a question, or the note that it is in progress.
pub(super) fn panel(state: &State, ask: AnalysisKind) -> Node {
    let language = state.language();
    match state.insight.panel(&state.asking(ask)) {
        Panel::Waiting => working(language).into(),
        Panel::Failed(failure) => failed(failure, language),
        Panel::Said { node, is_stale } => el("div.answer")
            .class_if(is_stale, "stale")
            .kid(Node::from(node))
            .into(),
    }
}

/// A note that work is in progress, with a button to cancel it; style sheets delay the button.
pub(super) fn waiting(text: impl Into<Str>, language: Language, cancel: Action) -> Element {
    el("div.working")
        .set("role", "status")
        .kid(el("span.pulse"))
        .text(text)
        .kid(
            el("button.small")
                .set("type", "button")
                .text(words::CANCEL.of(language))
                .on_click(cancel),
        )
}

/// The note that an answer is in progress.
pub(super) fn working(language: Language) -> Element {
    let cancel = Action::Analysis(AnalysisAction::Cancelled);
    waiting(words::LOOKING.of(language), language, cancel)
}

/// The reason why there is no answer, and the remedy.
pub(super) fn failed(failure: Failure, language: Language) -> Node {
    let (class, text) = match failure {
        Failure::NotLoaded => ("p.bad", words::LOOK_NOT_LOADED),
        Failure::Broke => ("p.bad", words::LOOK_BROKE),
        Failure::Cancelled => ("p.none", words::LOOK_CANCELLED),
    };
    let again = el("button.small.again")
        .set("type", "button")
        .text(words::TRY_AGAIN.of(language))
        .on_click(Action::Analysis(AnalysisAction::AskedAgain));
    Node::Several(vec![
        el(class)
            .set("role", "status")
            .text(text.of(language))
            .into(),
        again.into(),
    ])
}

/// The panel of real runs; another program builds it.
fn proof(state: &State) -> Node {
    let language = state.language();
    let panel = match (&state.proof.panel, state.proof.failure) {
        (Some(panel), _) => el("div.answer.proof").kid(Node::from(panel)).into(),
        (None, Some(failure)) => failed(failure, language),
        (None, None) => el("p.none").text(words::LOOKING.of(language)).into(),
    };
    let opening = state.opening.as_ref().map(|name| {
        let text = sentences::opening(language, name);
        waiting(text, language, Action::OpeningCancelled).set("id", "opening")
    });
    Node::Several(vec![opening.into(), panel])
}

fn path_button(state: &State) -> Node {
    let insight = &state.insight;
    if insight.path.is_empty() || !state.is_looked_at() {
        return Node::NOTHING;
    }
    let is_shown = insight.path_is_shown;
    el("button#path.small")
        .class_if(is_shown, "on")
        .state("aria-pressed", is_shown)
        .text(words::SHOW_PATH.of(state.language()))
        .on_click(Action::Analysis(AnalysisAction::PathShown(!is_shown)))
        .into()
}

fn difference(state: &State) -> Vec<Node> {
    let language = state.language();
    let pin = el("button#pin.small")
        .text(words::PIN.of(language))
        .on_click(Action::Analysis(AnalysisAction::Pin));
    let hint = el("p.hint").text(words::DIFFERENCE_HINT.of(language));
    let found = state.tab_ask().map(|ask| panel(state, ask));
    vec![hint.into(), pin.into(), found.unwrap_or(Node::NOTHING)]
}

/// Example ranges that a click puts into the field.
const RANGES: [&str; 3] = ["run 1..1000", "pool 1..200", "cores 1..16"];

fn sweep(state: &State) -> Vec<Node> {
    let language = state.language();
    let insight = &state.insight;
    let example = |range: &'static str| -> Node {
        el("button.chip")
            .kid(el("code").text(range))
            .on_click(Action::Filled(Field::Vary, range.to_owned()))
            .into()
    };
    let field = el("input#vary")
        .set("type", "text")
        .set("spellcheck", "false")
        .set("autocapitalize", "off")
        .set("value", insight.vary.clone())
        .label(words::SWEEP_RANGE.of(language))
        .on(Event::Input, Does::Fill(Field::Vary));
    let is_running = insight.sweep.as_ref().is_some_and(|sweep| sweep.is_running);
    let start = el("button#sweep.primary")
        .flag("disabled", insight.vary.trim().is_empty())
        .text(words::SWEEP_START.of(language))
        .on_click(Action::Analysis(AnalysisAction::SweepStarted));
    let stop = el("button#sweep-stop")
        .text(words::CANCEL.of(language))
        .on_click(Action::Analysis(AnalysisAction::SweepStopped));
    let form = el("div.sweep-form")
        .kid(field)
        .kid(if is_running { stop } else { start });
    let hint = el("p.hint").kid(marked(words::SWEEP_HINT.of(language)));
    let examples = el("div.chips").kids(RANGES.map(example));
    vec![
        hint.into(),
        form.into(),
        examples.into(),
        swept(state, language),
    ]
}

/// The progress of the sweep, or its result.
fn swept(state: &State, language: Language) -> Node {
    match &state.insight.sweep {
        None => Node::NOTHING,
        Some(sweep) if sweep.is_running => el("p.none")
            .set("role", "status")
            .text(sentences::points(language, sweep.done, sweep.all))
            .into(),
        Some(_) => panel(
            state,
            AnalysisKind::Sweep {
                vary: String::new(),
                from: 0,
                points: 0,
            },
        ),
    }
}

/// The reason why the selected bar waits, below its description.
pub(super) fn why(state: &State) -> Option<Element> {
    let ask = state.why().filter(|_| !state.is_stale())?;
    match state.insight.panel(&state.asking(ask.clone())) {
        Panel::Said { node, is_stale } if !is_stale && state.knows(ask) => {
            Some(el("div#why.why").kid(Node::from(node)))
        }
        _ => None,
    }
}
