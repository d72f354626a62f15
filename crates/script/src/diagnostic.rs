//! Diagnostics: a problem, its place in the script, and sometimes a fix.
//!
//! The kinds of problems and their texts are left to [`super::diagnostics`].

use super::diagnostics::{Code, Problem};
use super::edit::apply_edits;
use super::span::Span;
use model::sorting::sort_by_number;
use texts::Language;

/// A problem in a script; an error or a warning.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub span: Span,
    problem: Problem,
    fix: Option<Fix>,
}

/// Whether a diagnostic prevents the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The script cannot run.
    Error,
    /// The script runs, but perhaps not as intended.
    Warning,
}

/// Edits that remove the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Edits that do not overlap.
    pub edits: Vec<Edit>,
    /// Whether the fix surely keeps the intention. Other fixes are offered but never applied
    /// automatically.
    pub safe: bool,
}

/// Replaces the text of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}

impl Diagnostic {
    pub(super) fn new(span: Span, problem: impl Into<Problem>) -> Self {
        Self {
            span,
            problem: problem.into(),
            fix: None,
        }
    }

    /// Takes a [`Fix`] or an `Option` of one.
    pub(super) fn with_fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
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

    /// The problem as a sentence.
    pub fn message(&self, language: Language) -> String {
        self.problem.message(language)
    }

    /// Remedies in sentences that begin with a verb. Code in backticks can be typed as it is,
    /// e.g. "write `cpu 3s`".
    pub fn hints(&self, language: Language) -> Vec<String> {
        self.problem.hints(language)
    }

    /// The fix, if there is one.
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

/// The number of diagnostics that are kept; more would not help a reader.
pub const DIAGNOSTICS_MAX: usize = 100;

/// Sorts the diagnostics by their place, removes duplicates, and limits their number.
pub(super) fn arrange(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    // Two stable sorts: at the same place, the lower code comes first.
    sort_by_number(&mut diagnostics, |d| d.code().number());
    sort_by_number(&mut diagnostics, |d| d.span.place());
    diagnostics
        .dedup_by(|later, earlier| later.span == earlier.span && later.problem == earlier.problem);
    if diagnostics.len() > DIAGNOSTICS_MAX {
        let more = diagnostics.len() - DIAGNOSTICS_MAX;
        let errors = diagnostics.split_off(DIAGNOSTICS_MAX);
        let at = errors[0].span;
        // The last entry is an error if it stands for one, so that it cannot hide an error.
        let any_error = errors.iter().any(Diagnostic::is_error);
        diagnostics.push(Diagnostic::more(at, more, any_error));
    }
    diagnostics
}

/// Applies the fixes of these diagnostics. If two fixes overlap, the first one wins.
pub fn apply_fixes(text: &str, diagnostics: &[Diagnostic], safe_only: bool) -> String {
    let mut taken: Vec<&Edit> = Vec::new();
    for fix in diagnostics.iter().filter_map(Diagnostic::fix) {
        let wanted = fix.safe || !safe_only;
        let free = |edit: &Edit| {
            !taken
                .iter()
                .any(|other| spans_overlap(other.span, edit.span))
        };
        // A fix is applied as a whole or not at all.
        if wanted && fix.edits.iter().all(free) {
            taken.extend(&fix.edits);
        }
    }
    apply_edits(text, taken)
}

/// Two insertions at the same place overlap, because their order would be a guess.
fn spans_overlap(a: Span, b: Span) -> bool {
    a == b || (a.start < b.end && b.start < a.end)
}
