//! The translation of pasted Python code into a script, and of a script into a program: a separate
//! program, loaded on first use. Pasted code is never executed here.

// In a native build only the tests use parts of this.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

use crate::protocol;
use crate::protocol::panel::{PanelAction, PanelNode, el, marked};
use crate::protocol::python::{PythonReader, PythonRequest, PythonResponse, WrittenProgram};
use crate::state::words;
use formats::export::asyncio_program;
use reader::{Note, Options, Reading, entries, read};
use texts::Language;

/// The encoded response to an encoded request; `None` if the request cannot be decoded.
pub(crate) fn respond(request: &[u8]) -> Option<Vec<u8>> {
    protocol::respond::<PythonReader>(request, |request| answer(&request))
}

fn answer(request: &PythonRequest) -> PythonResponse {
    match request {
        PythonRequest::Read {
            python,
            library,
            language,
        } => read_program(python, library, *language),
        PythonRequest::Write { script } => PythonResponse::Written(written(script)),
    }
}

fn read_program(python: &str, library: &str, language: Language) -> PythonResponse {
    match entries(library) {
        Ok(library) => {
            let options = Options {
                library,
                ..Options::default()
            };
            let reading = read(python, &options);
            PythonResponse::Reading {
                panel: view(&reading, language),
                script: reading.script,
            }
        }
        Err(bad) => PythonResponse::Reading {
            panel: el("p.bad").text(words::bad_library(language, bad.0)).into(),
            script: String::new(),
        },
    }
}

fn written(script: &str) -> WrittenProgram {
    let workload = script::parse(script).workload;
    workload.map_or_else(WrittenProgram::default, |workload| {
        let program = asyncio_program(&workload);
        WrittenProgram {
            text: program.source,
            lines: program.script_lines,
        }
    })
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
        let request = PythonRequest::Read {
            python: python.to_owned(),
            library: library.to_owned(),
            language: Language::En,
        };
        match respond_to(request) {
            PythonResponse::Reading { panel, .. } => panel.html(),
            PythonResponse::Written(program) => panic!("{program:?}"),
        }
    }

    fn respond_to(kind: PythonRequest) -> PythonResponse {
        let id = RequestId(1);
        let response = respond(&protocol::encode(&Request { id, kind })).expect("a request");
        let response: Response<PythonResponse> =
            protocol::decode(&response).expect("an answer of known names");
        response.kind
    }

    /// Each line of the program that comes from a line of the script, e.g. `2 async def a():`.
    fn lines_of(script: &str) -> Vec<String> {
        let script = script.to_owned();
        let PythonResponse::Written(program) = respond_to(PythonRequest::Write { script }) else {
            panic!("no program");
        };
        let texts: Vec<&str> = program.text.lines().collect();
        let line = |&(line, of): &(u32, u32)| {
            let text = texts[line as usize - 1].split("  #").next();
            format!("{of} {}", text.unwrap_or_default().trim())
        };
        program.lines.iter().map(line).collect()
    }

    #[test]
    fn a_script_becomes_a_program_whose_lines_know_theirs() {
        assert_eq!(
            lines_of("lock l\nasync def a:\n    await 2\n    print \"# line 9\"\nrun a\n"),
            [
                "1 l = asyncio.Lock()",
                "2 async def a():",
                "3 await asyncio.sleep(2)",
                "4 print(\"# line 9\")",
                "5 asyncio.create_task(a()),",
            ]
        );
        assert_eq!(lines_of("a: awiat 2\n"), Vec::<String>::new());
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
