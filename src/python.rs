//! The translation of pasted Python code into a script: a separate program, loaded on first use.
//! Pasted code is never executed.

// In a native build only the tests use parts of this.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

use crate::protocol;
use crate::protocol::panel::{PanelAction, PanelNode, el, marked};
use crate::protocol::python::{PythonReader, PythonRequest};
use crate::state::words;
use reader::{Note, Options, Reading, entries, read};
use texts::Language;

/// The encoded response to an encoded request; `None` if the request cannot be decoded.
pub(crate) fn respond(request: &[u8]) -> Option<Vec<u8>> {
    protocol::respond::<PythonReader>(request, |request| answer(&request))
}

fn answer(request: &PythonRequest) -> PanelNode {
    let language = request.language;
    match entries(&request.library) {
        Ok(library) => {
            let options = Options {
                library,
                ..Options::default()
            };
            view(&read(&request.python, &options), language)
        }
        Err(bad) => el("p.bad").text(words::bad_library(language, bad.0)).into(),
    }
}

/// The translated script with a button to use it, and the notes about it.
fn view(reading: &Reading, language: Language) -> PanelNode {
    let script = || {
        el("div.reading")
            .kid(el("pre").text(reading.script.clone()))
            .kid(
                el("button.primary.use")
                    .text(words::USE_SCRIPT.of(language))
                    .on_click(PanelAction::Rewrite(reading.script.clone())),
            )
    };
    let notes = reading.notes.iter().map(|each| note(each, language));
    PanelNode::Several(vec![
        (!reading.script.is_empty()).then(script).into(),
        el("ul.notes").kids(notes).into(),
    ])
}

/// A note about a line, e.g. a call of an unknown library.
fn note(note: &Note, language: Language) -> PanelNode {
    el("li")
        .class_if(note.kind.is_question(), "question")
        .set("data-code", note.kind.code())
        .kid(el("b").text(words::python_line(language, note.line)))
        .text(" ")
        .kid(marked(&note.kind.text(language)))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Request, RequestId, Response};

    fn ask(python: &str, library: &str) -> String {
        let kind = PythonRequest {
            python: python.to_owned(),
            library: library.to_owned(),
            language: Language::En,
        };
        let id = RequestId(1);
        let response = respond(&protocol::encode(&Request { id, kind })).expect("a request");
        let response: Response<PanelNode> =
            protocol::decode(&response).expect("an answer of known names");
        response.kind.html()
    }

    const PYTHON: &str = "import asyncio, time\n\nasync def main():\n    time.sleep(3)\n    await mine.fetch()\n\nasyncio.run(main())\n";

    #[test]
    fn a_program_becomes_a_script_with_its_questions() {
        let html = ask(PYTHON, "");
        assert!(html.contains("block 3s"), "{html}");
        assert!(html.contains("<b>line 5</b>"), "{html}");
        assert!(html.contains("class=\"question\""), "{html}");
    }

    #[test]
    fn ones_own_library_answers_them() {
        let html = ask(PYTHON, "mine.fetch await 250ms\n");
        assert!(html.contains("await 250ms"), "{html}");
        assert!(!html.contains("class=\"question\""), "{html}");
        assert!(ask(PYTHON, "mine.fetch takes long\n").contains("line 1"));
    }

    #[test]
    fn what_is_no_question_has_no_answer() {
        assert_eq!(respond(&[1, 250, 3]), None);
    }
}
