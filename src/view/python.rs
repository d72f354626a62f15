//! The Python dialog: the pasted text, the reader's answers about its libraries, and the script
//! that the Python reader makes of it.

use super::insight::{failed, working};
use super::node::{Does, Element, Event, Node, el};
use crate::state::State;
use crate::state::action::Field;
use crate::state::insight::Panel;
use crate::state::words;

pub(super) fn body(state: &State) -> Node {
    let language = state.language();
    let paste = area("python", "14", &state.python.text)
        .label(words::PYTHON_TEXT.of(language))
        .set("placeholder", words::PYTHON_EXAMPLE)
        .on(Event::Input, Does::Fill(Field::Python));
    let library = area("library", "3", &state.python.library)
        .label(words::PYTHON_LIBRARY.of(language))
        .set("placeholder", words::LIBRARY_EXAMPLE)
        .on(Event::Input, Does::Fill(Field::Library));
    let own = el("details")
        .kid(el("summary").text(words::PYTHON_LIBRARY.of(language)))
        .kid(library);
    Node::Several(vec![
        el("p.lead").text(words::PYTHON_INTRO.of(language)).into(),
        paste.into(),
        own.into(),
        el("div.python-out")
            .set("role", "status")
            .kid(answer(state))
            .into(),
    ])
}

fn area(id: &'static str, rows: &'static str, text: &str) -> Element {
    el("textarea.code")
        .set("id", id)
        .set("rows", rows)
        .set("spellcheck", "false")
        .set("autocapitalize", "off")
        .set("value", text.to_owned())
}

fn answer(state: &State) -> Node {
    let language = state.language();
    let Some(request) = state.python_asked() else {
        return Node::NOTHING;
    };
    match state.python_panel(&request) {
        Panel::Waiting => working(language).into(),
        Panel::Failed(failure) => failed(failure, language),
        Panel::Said { node, .. } => el("div.answer").kid(Node::from(node)).into(),
    }
}
