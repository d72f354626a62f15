//! The views of the page: functions from the state to [`Node`]s.
//!
//! They do not depend on a browser. Components with state of their own (the editor, the chart's
//! canvases) are [`ComponentSlot`] placeholders in the tree.

// In native builds only tests use this.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, unused_imports))]

pub(crate) mod chart_plan;
mod dialogs;
mod drafts;
mod embedded;
#[cfg(test)]
mod first_picture;
mod folds;
mod guess;
mod header;
mod insight;
mod legend;
mod lessons;
pub(crate) mod node;
mod notices;
mod now;
mod program;
mod python;
mod result;
mod script;
mod settings;
mod share;
mod stage;
mod tip;
mod tour;
mod transport;

pub(crate) use self::dialogs::DIALOG;
pub(crate) use self::lessons::{OUTCOME, QUESTION};
use self::node::{ComponentSlot, DeferredPart, Node, Str, el};
pub(crate) use self::program::SCRIPT_SIDE;
pub(crate) use self::tip::TIP;
pub(crate) use self::tour::NEXT as TOUR_NEXT;
use crate::state::action::Action;
use crate::state::sentences;
use crate::state::tour::Tour;
use crate::state::words;
use crate::state::{Phase, Sheet, State};

/// The whole page.
pub(crate) fn page(state: &State) -> Node {
    if let Some(embedded) = &state.embedded {
        return embedded::page(state, embedded);
    }
    let language = state.language();
    let sheet = match state.sheet {
        Sheet::Up => "sheet-up",
        Sheet::Down => "sheet-down",
    };
    let class = match state.tour {
        Tour::At(stop) => format!("{sheet} tour-{}", stop.name()).into(),
        _ => Str::Borrowed(sheet),
    };
    let skip = el("a.skip").set("href", "#script-card");
    let main = el("main")
        .set("class", class)
        // On a phone, the script is read while its chart is covered.
        .class_if(state.is_covered(), "guessing")
        .class_if(state.lesson.is_some(), "learning")
        .set("data-phase", state.phase.name());
    Node::Several(vec![
        skip.text(words::SKIP_TO_SCRIPT.of(language)).into(),
        ComponentSlot::Deferred(DeferredPart::Header).into(),
        notices::notices(state),
        main.kid(
            el("div.side")
                .kid(state.lesson.map(|lesson| lessons::open(state, lesson)))
                .kid(script::card(state)),
        )
        .kid(stage::stage(state))
        .into(),
        sheet_bar(state),
        el("footer").text(words::NOTHING_LEAVES.of(language)).into(),
        tour::tour(state),
        dialogs::open(state),
    ])
}

/// The content of a placeholder that is rebuilt only when necessary.
pub(crate) fn deferred(which: DeferredPart, state: &State) -> Node {
    match (which, &state.shown) {
        (DeferredPart::Header, _) => header::header(state),
        (DeferredPart::Settings, _) => settings::settings(state).into(),
        (DeferredPart::WholePage, _) => embedded::whole_page(state),
        (DeferredPart::Insight, _) => insight::card(state),
        (DeferredPart::Result, Some(shown)) => result::verdict(state, shown),
        (DeferredPart::Now, Some(shown)) => now::now(state, shown).into(),
        (DeferredPart::Folds, Some(shown)) => folds::folds(state, shown),
        (DeferredPart::Result | DeferredPart::Now | DeferredPart::Folds, None) => Node::NOTHING,
    }
}

/// On a phone: the button that brings the script up over the lower half of the screen.
fn sheet_bar(state: &State) -> Node {
    let language = state.language();
    let (word, to) = match state.sheet {
        Sheet::Down => (words::EDIT_SCRIPT, Sheet::Up),
        Sheet::Up => (words::HIDE_SCRIPT, Sheet::Down),
    };
    let errors = match state.phase {
        Phase::Faulty => state.checked.errors(),
        _ => 0,
    };
    let errors =
        (errors > 0).then(|| el("span.errors").text(sentences::problems(language, errors)));
    let button = el("button#sheet")
        .state("aria-expanded", state.sheet == Sheet::Up)
        .set("aria-controls", "script-card")
        .text(word.of(language))
        .kid(errors)
        .on_click(Action::SheetMoved(to));
    el("div.sheet-bar").kid(button).into()
}

#[cfg(test)]
mod tests;
