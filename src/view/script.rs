//! The script's card: the editor, problems with their fixes, and the settings; or its Python side.

use super::node::marked;
use super::node::{ComponentSlot, DeferredPart, Element, Node, el};
use super::{drafts, program};
use crate::state::action::Action;
use crate::state::embedded::Pane;
use crate::state::program::ProgramAction;
use crate::state::sentences;
use crate::state::words;
use crate::state::{Dialog, Saving, State};
use script::Diagnostic;
use texts::Text;

/// Further problems are shown in the editor only.
const PROBLEMS_MAX: usize = 4;

pub(super) fn card(state: &State) -> Element {
    let language = state.language();
    let is_python = state.is_python_side();
    let name = if is_python {
        words::PYTHON
    } else {
        words::SCRIPT
    };
    let title = match state.embedded {
        None => program::sides(state),
        Some(_) => el("h2").text(name.of(language)),
    };
    let head = el("header.pane-head").kid(title);
    let card = el("section#script-card.card.script").label(words::SCRIPT.of(language));
    let card = if is_python {
        card.kid(head.kid(el("span.grow")).kid(program::buttons(state)))
    } else {
        card.kid(head_of_script(state, head))
    };
    // The script's editor keeps its place, and its history, behind the Python side. A lab with a
    // program has no script.
    let card = match state.embedded {
        Some(_) if is_python => card,
        _ => card.kid(ComponentSlot::Editor),
    };
    if is_python {
        return card.kid(program::body(state));
    }
    let foot = || {
        el("div.script-foot")
            .kid(ComponentSlot::Deferred(DeferredPart::Settings))
            .kid(state.embedded.is_none().then(|| cheat_sheet(state)))
    };
    card.kid(below(state))
        .kid(state.shows(Pane::Settings).then(foot))
}

fn cheat_sheet(state: &State) -> Element {
    el("button#cheat-sheet.ghost.small")
        .set("aria-haspopup", "dialog")
        .text(words::CHEAT_SHEET.of(state.language()))
        .on_click(Action::Opened(Dialog::CheatSheet))
}

fn head_of_script(state: &State, head: Element) -> Element {
    let language = state.language();
    let (saving, class) = match state.saving {
        Saving::Kept => (words::SAVED, "sub"),
        Saving::Refused => (words::NOT_SAVED, "sub bad"),
    };
    head.kid(
        el("span")
            .set("class", class)
            .set("role", "status")
            .text(saving.of(language)),
    )
    .kid(el("span.grow"))
    .kid(drafts::button(state))
    .kid(
        el("button#format.ghost.small")
            .set("title", "Shift+Alt+F")
            .text(words::FORMAT.of(language))
            .on_click(Action::Formatted),
    )
}

/// Below the editor: the problems, or what to do with a text that is Python.
fn below(state: &State) -> Option<Element> {
    if state.is_script_python() {
        return Some(python_notice(state));
    }
    if state.is_read_from_python() {
        let language = state.language();
        let button =
            |selector, word: Text, action| el(selector).text(word.of(language)).on_click(action);
        let undo = Action::Program(ProgramAction::ReadUndone);
        let notice = el("div#read-as-script.python-notice")
            .set("role", "status")
            .kid(el("p").text(words::READ_FROM_PYTHON.of(language)))
            .kid(button("button#undo-reading.small", words::UNDO, undo))
            .kid(button(
                "button.ghost.small",
                words::READING_NOTES,
                Action::Opened(Dialog::Python),
            ));
        return Some(notice);
    }
    state.is_fresh().then(|| problems(state)).flatten()
}

fn python_notice(state: &State) -> Element {
    let language = state.language();
    let button = |selector, word: Text, action| {
        el(selector)
            .text(word.of(language))
            .on_click(Action::Program(action))
    };
    el("div#looks-like-python.python-notice")
        .set("role", "status")
        .kid(el("p").kid(el("b").text(words::LOOKS_LIKE_PYTHON.of(language))))
        .kid(el("p").text(words::RUN_HINT.of(language)))
        .kid(button(
            "button#run-as-python.primary.small",
            words::RUN_AS_PYTHON,
            ProgramAction::ScriptIsPython,
        ))
        .kid(button(
            "button#read-as-script-now.small",
            words::READ_AS_SCRIPT,
            ProgramAction::ReadAsScript,
        ))
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
