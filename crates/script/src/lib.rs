//! The script language: turns text into a [`Workload`] and diagnostics.
//!
//! ```text
//! text ─ lexer ─▶ lines of tokens ─ parser ─▶ tree ─ lower ─▶ Workload
//!                                             tree ─ format ─▶ text
//!                                             tree ─ edit ───▶ edits of the text
//! ```
//!
//! Every stage continues after a mistake, so that all mistakes are reported at once. Every
//! stage is linear in the text and bounded by [`model::limits`]. The words of the language are
//! in [`vocabulary`], the diagnostics with their texts in `diagnostics`. Times and appearance are
//! left to the simulator and the page.

mod diagnostic;
mod diagnostics;
mod edit;
mod format;
mod fragment;
mod highlight;
mod lexer;
mod lint;
mod lower;
mod parser;
mod processes;
mod python;
mod recursion;
mod span;
mod spell;
mod suggest;
mod syntax;
pub mod vocabulary;
mod walk;

use std::borrow::Cow;

pub use diagnostic::{DIAGNOSTICS_MAX, Diagnostic, Edit, Fix, Severity, apply_fixes};
pub use diagnostics::{Code, Explanation, explain, explanation};
pub use edit::{EditableScript, apply_edits, nudge_duration};
pub use format::format;
pub use fragment::{parse_claim, parse_duration};
pub use highlight::{Class, HighlightedToken, tokens};
pub use lexer::is_name;
pub use python::PythonCounterpart;
pub use span::{LineColumn, Span, cells, line_column, line_range};
pub use suggest::nearest;

use model::limits::{LINES_MAX, SCRIPT_BYTES_MAX};
use model::workload::Workload;

/// The meaning of a script, and its problems.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// `None` if there is an error.
    pub workload: Option<Workload>,
    /// In the order of the text: at most [`DIAGNOSTICS_MAX`], and then one with the number of
    /// the others.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    fn refused(diagnostic: Diagnostic) -> Self {
        Self {
            workload: None,
            diagnostics: vec![diagnostic],
        }
    }
}

/// Parses a script.
pub fn parse(text: &str) -> Parsed {
    if let Some(diagnostic) = too_long(text) {
        return Parsed::refused(diagnostic);
    }
    let lexed = lexer::lex(text);
    let tree = parser::parse(text, &lexed);
    meaning(text, lexed.diagnostics, tree)
}

/// Does the work of [`parse`] and of [`tokens`] at once, for an editor that needs both.
pub fn parse_with_tokens(text: &str) -> (Parsed, Vec<HighlightedToken>) {
    if let Some(diagnostic) = too_long(text) {
        return (Parsed::refused(diagnostic), tokens(text));
    }
    let lexed = lexer::lex(text);
    let tree = parser::parse(text, &lexed);
    let tokens = highlight::classified(&lexed, &tree.classes);
    (meaning(text, lexed.diagnostics, tree), tokens)
}

/// Lowers and checks a tree. `diagnostics` are those of the lexer.
fn meaning(text: &str, mut diagnostics: Vec<Diagnostic>, tree: parser::Tree) -> Parsed {
    diagnostics.extend(tree.diagnostics);
    // Checked here, because lowering adds diagnostics of its own.
    let clean = diagnostics.is_empty();
    let lowered = lower::lower(text, &tree.script, clean, &mut diagnostics);
    if !diagnostics.iter().any(Diagnostic::is_error) {
        // Both need complete bodies, so they run only on scripts without errors.
        diagnostics.extend(lower::endless_recursion(&lowered));
        diagnostics.extend(processes::pools_elsewhere(&lowered.workload));
        diagnostics.extend(lint::lint(&lowered));
    }
    let valid = !diagnostics.iter().any(Diagnostic::is_error);
    if !valid {
        // In a script with errors, many tasks only seem to be unused.
        diagnostics.retain(Diagnostic::is_error);
    }
    Parsed {
        workload: valid.then_some(lowered.workload),
        diagnostics: diagnostic::arrange(diagnostics),
    }
}

/// Parses the bytes of a file. Also returns the text to which the places of the diagnostics
/// belong; in it, each invalid byte sequence is `�`.
pub fn parse_bytes(bytes: &[u8]) -> (Cow<'_, str>, Parsed) {
    if bytes.len() > SCRIPT_BYTES_MAX {
        // Cut before decoding, so that a huge file costs no more than a large script.
        let shown = String::from_utf8_lossy(&bytes[..SCRIPT_BYTES_MAX]);
        let end = Span::at(shown.len() as u32);
        let diagnostic = Diagnostic::too_many_bytes(bytes.len(), end);
        return (shown, Parsed::refused(diagnostic));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), parse(text));
    }
    let mut text = String::with_capacity(bytes.len());
    let mut diagnostics = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if let [byte, ..] = chunk.invalid() {
            let start = text.len();
            text.push(char::REPLACEMENT_CHARACTER);
            diagnostics.push(Diagnostic::invalid_utf8(
                *byte,
                Span::new(start, text.len()),
            ));
        }
    }
    let parsed = Parsed {
        workload: None,
        diagnostics: diagnostic::arrange(diagnostics),
    };
    (Cow::Owned(text), parsed)
}

/// Refuses texts beyond the limits before any other work is done for them.
fn too_long(text: &str) -> Option<Diagnostic> {
    if text.len() > SCRIPT_BYTES_MAX {
        let end = Span::at(SCRIPT_BYTES_MAX as u32);
        return Some(Diagnostic::too_many_bytes(text.len(), end));
    }
    let first_beyond = span::lines(text).nth(LINES_MAX)?;
    // A line break at the end of the text does not begin another line.
    if first_beyond.start == text.len() {
        return None;
    }
    let lines = span::lines(text)
        .filter(|line| line.start < text.len())
        .count();
    let place = Span::at(first_beyond.start as u32);
    Some(Diagnostic::too_many_lines(lines, place))
}
