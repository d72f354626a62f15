//! The script's card: the editor, problems with their fixes, and the settings.

use super::drafts;
use super::node::marked;
use super::node::{ComponentSlot, DeferredPart, Element, Node, el};
use crate::state::action::Action;
use crate::state::sentences;
use crate::state::words;
use crate::state::{Dialog, Saving, State};
use script::Diagnostic;

/// Further problems are shown in the editor only.
const PROBLEMS_MAX: usize = 4;

pub(super) fn card(state: &State) -> Element {
    let language = state.language();
    let (saving, class) = match state.saving {
        Saving::Kept => (words::SAVED, "sub"),
        Saving::Refused => (words::NOT_SAVED, "sub bad"),
    };
    let head = el("header.pane-head")
        .kid(el("h2").text(words::SCRIPT.of(language)))
        .kid(
            el("span")
                .set("class", class)
                .set("role", "status")
                .text(saving.of(language)),
        )
        .kid(el("span.grow"))
        .kid(drafts::button(state))
        .kid(
            el("button#from-python.ghost.small")
                .set("aria-haspopup", "dialog")
                .text(words::FROM_PYTHON.of(language))
                .on_click(Action::Opened(Dialog::Python)),
        )
        .kid(
            el("button#format.ghost.small")
                .set("title", "Shift+Alt+F")
                .text(words::FORMAT.of(language))
                .on_click(Action::Formatted),
        );
    el("section#script-card.card.script")
        .label(words::SCRIPT.of(language))
        .kid(head)
        .kid(ComponentSlot::Editor)
        .kid(state.is_fresh().then(|| problems(state)).flatten())
        .kid(
            el("div.script-foot")
                .kid(ComponentSlot::Deferred(DeferredPart::Settings))
                .kid(state.embedded.is_none().then(|| cheat_sheet(state))),
        )
}

fn cheat_sheet(state: &State) -> Element {
    el("button#cheat-sheet.ghost.small")
        .set("aria-haspopup", "dialog")
        .text(words::CHEAT_SHEET.of(state.language()))
        .on_click(Action::Opened(Dialog::CheatSheet))
}

/// The editor's diagnostics as text, readable without hovering over them.
fn problems(state: &State) -> Option<Element> {
    let language = state.language();
    let diagnostics = &state.checked.diagnostics;
    if diagnostics.is_empty() {
        return None;
    }
    let rest = diagnostics.len().saturating_sub(PROBLEMS_MAX);
    let more = || el("li.none").text(sentences::more(language, rest));
    let listed = diagnostics.iter().take(PROBLEMS_MAX).enumerate();
    let list = el("ul.problems")
        .label(words::PROBLEMS.of(language))
        .set("aria-live", "polite")
        .kids(listed.map(|(index, found)| problem(state, index, found)))
        .kid((rest > 0).then(more));
    Some(list)
}

fn problem(state: &State, index: usize, found: &Diagnostic) -> Node {
    let language = state.language();
    let line = script::line_column(&state.script, found.span.start as usize).line;
    let hint = |hint: &String| el("p.hint").kid(marked(hint)).into();
    let words = el("div")
        .kid(el("b").text(sentences::line(language, line)))
        .text(" ")
        .kid(marked(&found.message(language)))
        .kids(found.hints(language).iter().map(hint));
    let fix = found.fix().map(|fix| {
        el("button.primary.small.fix")
            .kid(marked(&sentences::fix(language, fix)))
            .on_click(Action::Fixed(index))
    });
    el("li")
        .set("class", if found.is_error() { "error" } else { "warning" })
        .kid(words)
        .kid(fix)
        .into()
}
