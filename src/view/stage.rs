//! The area beside the script: the verdict, the chart with its playback controls, and all
//! instances at the cursor. Below them, the panels.

use super::node::{ComponentSlot, DeferredPart, Element, Node, el};
use super::{insight, legend, lessons, notices, tip, transport};
use crate::state::action::Action;
use crate::state::bars;
use crate::state::embedded::Pane;
use crate::state::insight::Tab;
use crate::state::shown::Shown;
use crate::state::words;
use crate::state::{State, View};
use chart::scene::By;

pub(super) fn stage(state: &State) -> Node {
    let stage = el("div.stage");
    if state.is_predicting() {
        return stage.kid(lessons::question(state)).into();
    }
    if state.embedded.is_some() && state.is_python_side() && !state.shows_program() {
        let waits = el("p.hint").text(words::CHART_AFTER_RUN.of(state.language()));
        return stage.kid(el("section.card.empty").kid(waits)).into();
    }
    // The chart of an older text is misleading when the script is empty.
    let is_blank = state.is_stale() && state.script.trim().is_empty();
    match state.shown.as_ref().filter(|_| !is_blank) {
        // A trace needs no script, so messages about a trace file appear here, too.
        None => stage
            .kid(notices::empty(state))
            .kid(match state.insight.tab {
                Tab::Proof => insight::card(state),
                _ => Node::NOTHING,
            })
            .into(),
        Some(_) if state.is_covered() => stage
            .kid(ComponentSlot::Deferred(DeferredPart::Insight))
            .into(),
        Some(shown) => stage
            .kid(hero(state, shown))
            .kid(still(state.is_looked_closer_at(), DeferredPart::Insight))
            .into(),
    }
}

fn still(is_shown: bool, which: DeferredPart) -> Node {
    if is_shown {
        ComponentSlot::Deferred(which).into()
    } else {
        Node::NOTHING
    }
}

/// The first screen: the verdict, the chart, its playback, and the moment at the cursor.
fn hero(state: &State, shown: &Shown) -> Option<Element> {
    let has_chart = state.shows(Pane::Chart);
    let has_folds = has_chart || state.shows(Pane::Result);
    if !has_folds && !state.shows(Pane::Now) {
        return None;
    }
    let in_lab = state.embedded.is_some();
    let moment = || {
        el("div.moment")
            .kid(has_chart.then(|| transport::say(state, shown)))
            .kid(still(state.shows(Pane::Now), DeferredPart::Now))
            .kid(has_chart.then(|| about(state)))
    };
    let hero = el("section.card.hero")
        .kid(still(state.shows(Pane::Result), DeferredPart::Result))
        .kid(has_chart.then(|| chart(state, shown)))
        .kid(has_chart.then(|| transport::transport(state, shown)))
        .kid((has_chart || state.shows(Pane::Now)).then(moment))
        // On the whole page these are behind *Numbers*.
        .kid(still(in_lab && has_folds, DeferredPart::Folds));
    Some(hero)
}

fn chart(state: &State, shown: &Shown) -> Element {
    let top = el("div.bar-top")
        .kid(rows_choice(state))
        .kid(legend::chips(state, shown))
        .kid(zoom_buttons(state));
    el("section.view")
        .label(words::CHART.of(state.language()))
        .kid(top)
        .kid(
            el("div.plot")
                .kid(ComponentSlot::Chart)
                .kid(tip::tip(state))
                .kid(notices::progress(state)),
        )
}

/// The selected bar, and why it waits.
fn about(state: &State) -> Element {
    el("div.about").kid(picked(state)).kid(insight::why(state))
}

fn rows_choice(state: &State) -> Element {
    let choice = |by: By, word: texts::Text| {
        el("button")
            .class_if(state.by == by, "on")
            .state("aria-pressed", state.by == by)
            .text(word.of(state.language()))
            .on_click(Action::RowsChosen(by))
    };
    el("div.seg")
        .set("role", "group")
        .kid(choice(By::Tasks, words::BY_TASK))
        .kid(choice(By::Threads, words::BY_THREAD))
}

fn zoom_buttons(state: &State) -> Element {
    let language = state.language();
    let is_fitted = state.view == View::default();
    let sign = |sign: &'static str| el("span").state("aria-hidden", true).text(sign);
    el("div.zoom")
        .kid(
            el("button#zoom-out.ghost.small")
                .label(words::ZOOM_OUT.of(language))
                .flag("disabled", is_fitted)
                .kid(sign("−"))
                .on_click(Action::Zoomed(2.0)),
        )
        .kid(
            el("button#zoom-in.ghost.small")
                .label(words::ZOOM_IN.of(language))
                .kid(sign("+"))
                .on_click(Action::Zoomed(0.5)),
        )
        .kid(
            el("button#fit.ghost.small")
                .flag("disabled", is_fitted)
                .text(words::FIT.of(language))
                .on_click(Action::Viewed(View::default())),
        )
}

/// The description of the selected bar; the tooltip has that of the hovered one.
fn picked(state: &State) -> Element {
    let language = state.language();
    // Only durations in the script can be dragged.
    let hint = match state.opened {
        None => words::ASK_OR_DRAG_A_BAR,
        Some(_) => words::ASK_A_BAR,
    };
    let bar = state.pointed.selected;
    let text = bar
        .zip(state.shown.as_ref())
        .map(|(bar, shown)| bars::bar(language, shown, &bar));
    el("p#picked.picked")
        .class_if(text.is_none(), "hint")
        .set("aria-live", "polite")
        .text(text.unwrap_or_else(|| hint.of(language).to_owned()))
}
