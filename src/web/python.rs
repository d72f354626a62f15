//! Python in, for the page: a program of its own, loaded when somebody pastes Python.
//!
//! Text in, JSON out, as `loopscope import --format json` writes it.

use serde::Serialize;

use crate::language::Language;
use crate::python::{Options, read};

/// `loopscope.reading/1`: the script, and what has to be said about it.
#[derive(Serialize)]
struct Reading<'a> {
    schema: &'static str,
    script: &'a str,
    notes: Vec<Note>,
}

#[derive(Serialize)]
struct Note {
    line: u32,
    code: &'static str,
    question: bool,
    text: String,
}

/// The script of a Python program; nothing of it is executed.
pub fn read_python(source: &str, language: &str) -> String {
    let language = Language::from_tag(language).unwrap_or_default();
    let reading = read(source, &Options::default());
    let notes = reading.notes.iter().map(|note| Note {
        line: note.line,
        code: note.kind.code(),
        question: note.kind.is_question(),
        text: note.kind.text(language),
    });
    let reading = Reading {
        schema: "loopscope.reading/1",
        script: &reading.script,
        notes: notes.collect(),
    };
    serde_json::to_string(&reading).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_becomes_a_script_with_its_questions() {
        let text = read_python("import requests\nrequests.get('/')\n", "ko");
        let read: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(read["schema"], "loopscope.reading/1");
        let script = read["script"].as_str().expect("a text");
        assert!(script.contains("block 1s \"requests.get\""), "{script}");
        assert_eq!(read["notes"][0]["line"], 2);
        assert_eq!(read["notes"][0]["question"], true);
    }

    #[test]
    fn what_is_no_python_has_no_script() {
        let read: serde_json::Value =
            serde_json::from_str(&read_python("a letter", "en")).expect("it is JSON");
        assert_eq!(read["script"], "");
    }
}
