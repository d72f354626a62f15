//! The JavaScript values that the bundle gets: texts, lines, diagnostics, completions.
//!
//! Offsets are bytes here and UTF-16 code units in JavaScript.

use js_sys::{Array, Object, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

use super::{EditorKind, EditorProps};
use crate::browser::app::document_language;
use crate::browser::embedded;
use crate::protocol::analysis::LineCost;
use crate::protocol::real_run::ProgramMark;
use crate::state::completion::{self, Choice};
use crate::state::tokens::{self, Utf16};
use crate::state::{sentences, words};
use script::{Fix, Severity};
use texts::Language;

pub(super) fn set(object: &Object, name: &str, value: &JsValue) {
    // Fails only for a frozen JavaScript object.
    let _ = Reflect::set(object, &name.into(), value);
}

pub(super) fn label(props: &EditorProps) -> &'static str {
    let label = match props.kind {
        EditorKind::Script => words::SCRIPT,
        EditorKind::Python => words::PYTHON,
    };
    label.of(props.language)
}

/// The editor's label, and CodeMirror's own phrases.
pub(super) fn wording(props: &EditorProps) -> Object {
    let language = props.language;
    let phrases = Object::new();
    for (phrase, text) in words::EDITOR_PHRASES {
        set(&phrases, phrase, &text.of(language).into());
    }
    let options = Object::new();
    let frozen = match props.kind {
        // The button that makes it the reader's.
        EditorKind::Python if !embedded::is_asked_for() => words::OWN_PROGRAM,
        EditorKind::Script | EditorKind::Python => words::FROZEN,
    };
    set(&options, "label", &label(props).into());
    set(&options, "frozen", &frozen.of(language).into());
    set(&options, "phrases", &phrases);
    options
}

/// The locked lines for [`super::bundle::Handle::set_frozen`].
pub(super) fn frozen(props: &EditorProps) -> Option<Uint32Array> {
    let lines = || props.frozen.lines(&props.script).unwrap_or_default();
    (!props.frozen.is_everything).then(|| Uint32Array::from(lines().as_slice()))
}

pub(super) fn active(props: &EditorProps) -> Uint32Array {
    let pairs = props.active.iter();
    let pairs: Vec<u32> = pairs
        .flat_map(|&(line, activity)| [line, activity as u32])
        .collect();
    Uint32Array::from(pairs.as_slice())
}

pub(super) fn margin(props: &EditorProps) -> Array {
    let entry = |margin: &LineCost| {
        let entry = Object::new();
        set(&entry, "line", &margin.line.into());
        set(&entry, "text", &(&*margin.text).into());
        set(&entry, "title", &(&*margin.title).into());
        set(&entry, "weight", &margin.weight.into());
        JsValue::from(entry)
    };
    props.margin.iter().map(entry).collect()
}

/// Tokens as triples: start, end, style.
pub(super) fn triples(text: &str) -> Uint32Array {
    let mut units = Utf16::of(text);
    let mut triples = Vec::new();
    for token in tokens::tokens(text).iter() {
        triples.extend([
            units.at(token.range.start),
            units.at(token.range.end),
            token.style as u32,
        ]);
    }
    Uint32Array::from(triples.as_slice())
}

/// The problems for CodeMirror's lint gutter.
pub(super) fn problems(props: &EditorProps) -> Array {
    match props.kind {
        EditorKind::Script => diagnostics(props),
        EditorKind::Python => marks(props),
    }
}

/// The diagnostics of the script, each with its fix.
fn diagnostics(props: &EditorProps) -> Array {
    let mut units = Utf16::of(&props.script);
    let problem = |diagnostic: &script::Diagnostic| {
        let problem = Object::new();
        let range = diagnostic.span.range();
        set(&problem, "from", &units.at(range.start).into());
        set(&problem, "to", &units.at(range.end).into());
        let severity = match diagnostic.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        set(&problem, "severity", &severity.into());
        let message = std::iter::once(diagnostic.message(props.language))
            .chain(diagnostic.hints(props.language));
        let message = message.collect::<Vec<_>>().join("\n");
        set(&problem, "message", &message.into());
        let fixes = Array::new();
        if let Some(fix) = diagnostic.fix() {
            fixes.push(&offered(fix, &mut units, props.language));
        }
        set(&problem, "fixes", &fixes);
        JsValue::from(problem)
    };
    props.checked.diagnostics.iter().map(problem).collect()
}

/// A fix with its name and edits.
fn offered(fix: &Fix, units: &mut Utf16, language: Language) -> JsValue {
    let edits = Array::new();
    for edit in &fix.edits {
        let range = edit.span.range();
        let change = Object::new();
        set(&change, "from", &units.at(range.start).into());
        set(&change, "to", &units.at(range.end).into());
        set(&change, "insert", &(&*edit.replacement).into());
        edits.push(&change);
    }
    let offered = Object::new();
    set(&offered, "name", &sentences::fix(language, fix).into());
    set(&offered, "edits", &edits);
    offered.into()
}

/// The errors of a Python program, each at its line.
fn marks(props: &EditorProps) -> Array {
    let mark = |mark: &ProgramMark| {
        let problem = Object::new();
        let [line, text] = [mark.line.into(), JsValue::from(&*mark.text)];
        set(&problem, "line", &line);
        set(&problem, "severity", &"error".into());
        set(&problem, "message", &text);
        set(&problem, "fixes", &Array::new());
        JsValue::from(problem)
    };
    props.marks.iter().map(mark).collect()
}

/// Completions at an offset, in CodeMirror's format; `null` if there are none.
pub(super) fn complete(text: &str, units: u32) -> JsValue {
    let byte = tokens::byte_at(text, units);
    let (start, choices) = completion::complete(text, byte, document_language());
    if choices.is_empty() {
        return JsValue::NULL;
    }
    let option = |choice: &Choice| {
        let option = Object::new();
        set(&option, "label", &(&*choice.label).into());
        set(&option, "detail", &(&*choice.detail).into());
        if !choice.info.is_empty() {
            set(&option, "info", &(&*choice.info).into());
        }
        let kind = if choice.is_name {
            "variable"
        } else {
            "keyword"
        };
        set(&option, "type", &kind.into());
        JsValue::from(option)
    };
    let options: Array = choices.iter().map(option).collect();
    let found = Object::new();
    set(&found, "from", &Utf16::of(text).at(start).into());
    set(&found, "options", &options);
    found.into()
}
