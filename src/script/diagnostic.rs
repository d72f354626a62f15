//! A problem at a place of the script, and how to repair it.
//!
//! What the problems are, and what is said about each, is the catalogue's
//! matter ([`super::problem`], [`super::message`]).

use super::edit::apply_edits;
use super::problem::{Code, Problem};
use super::span::Span;
use crate::language::Language;
use crate::sorting::sort_by_number;

/// Something that is wrong with a script, or probably is.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub span: Span,
    pub problem: Problem,
    fix: Option<Fix>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The script has no meaning; it does not run.
    Error,
    /// The script runs, but perhaps not as meant.
    Warning,
}

/// A change of the text that removes the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// They do not overlap.
    pub edits: Vec<Edit>,
    /// Whether it surely does what was meant; others are offered, not applied
    /// on their own.
    pub safe: bool,
}

/// Puts a text in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}

impl Diagnostic {
    pub(super) fn new(span: Span, problem: Problem) -> Self {
        Self {
            span,
            problem,
            fix: None,
        }
    }

    pub(super) fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    pub fn code(&self) -> Code {
        self.problem.code()
    }

    pub fn severity(&self) -> Severity {
        self.code().severity()
    }

    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }

    pub fn message(&self, language: Language) -> String {
        super::message::message(&self.problem, language)
    }

    /// What to do about it. Each starts with a verb, and what stands in
    /// backticks can be typed as it is.
    pub fn hints(&self, language: Language) -> Vec<String> {
        super::hint::hints(&self.problem, language)
    }

    pub fn fix(&self) -> Option<&Fix> {
        self.fix.as_ref()
    }
}

impl Fix {
    pub(super) fn safe(edits: Vec<Edit>) -> Self {
        Self { edits, safe: true }
    }

    pub(super) fn unsafe_(edits: Vec<Edit>) -> Self {
        Self { edits, safe: false }
    }
}

impl Edit {
    pub(super) fn replace(span: Span, replacement: impl Into<String>) -> Self {
        Self {
            span,
            replacement: replacement.into(),
        }
    }

    pub(super) fn insert(byte: u32, text: impl Into<String>) -> Self {
        Self::replace(Span::at(byte), text)
    }
}

/// How many are kept: nobody reads on after that.
pub const DIAGNOSTICS_MAX: usize = 100;

/// In the order of the text, each once, and not too many.
pub(super) fn arrange(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    sort_by_number(&mut diagnostics, |d| d.code() as u64);
    sort_by_number(&mut diagnostics, |d| d.span.place());
    diagnostics
        .dedup_by(|later, earlier| later.span == earlier.span && later.problem == earlier.problem);
    if diagnostics.len() > DIAGNOSTICS_MAX {
        let more = diagnostics.len() - DIAGNOSTICS_MAX;
        let errors = diagnostics.split_off(DIAGNOSTICS_MAX);
        let at = errors[0].span;
        let any_error = errors.iter().any(Diagnostic::is_error);
        diagnostics.push(Diagnostic::more(at, more, any_error));
    }
    diagnostics
}

/// The text after the fixes, as far as they do not overlap; the first one wins.
pub fn apply_fixes(text: &str, diagnostics: &[Diagnostic], safe_only: bool) -> String {
    let mut taken: Vec<&Edit> = Vec::new();
    for fix in diagnostics.iter().filter_map(Diagnostic::fix) {
        let wanted = fix.safe || !safe_only;
        let free = |edit: &Edit| !taken.iter().any(|other| overlap(other.span, edit.span));
        if wanted && fix.edits.iter().all(free) {
            taken.extend(&fix.edits);
        }
    }
    apply_edits(text, taken)
}

/// Two insertions at one place overlap as well: their order would be a guess.
fn overlap(a: Span, b: Span) -> bool {
    a == b || (a.start < b.end && b.start < a.end)
}
