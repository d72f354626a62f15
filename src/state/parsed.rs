//! A parsed script: everything that the page derives from its text alone.
//!
//! A keystroke needs the diagnostics, the workload and the editor's tokens of the same text. The
//! editor asks first, in the middle of its own update, then the small run, then the chart. So the
//! last result is remembered, and the next caller gets the same value.

use std::cell::RefCell;
use std::rc::Rc;

use super::tokens::{self, Token};
use model::workload::{Machine, Workload};
use script::Diagnostic;

/// The parser's results for a script.
#[derive(Debug, Default)]
pub(crate) struct ParsedScript {
    pub(crate) text: Rc<str>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The machine as the script sets it; the defaults while the script has errors.
    pub(crate) machine: Machine,
    /// `None` if the script has errors.
    pub(crate) workload: Option<Rc<Workload>>,
    /// For the editor.
    pub(crate) tokens: Vec<Token>,
}

thread_local! {
    static LAST: RefCell<Option<Rc<ParsedScript>>> = const { RefCell::new(None) };
}

impl ParsedScript {
    /// Parses a script, unless it was the last one.
    pub(crate) fn of(text: &str) -> Rc<Self> {
        let last = LAST.with_borrow(Clone::clone);
        last.filter(|last| *last.text == *text).unwrap_or_else(|| {
            let parsed = Rc::new(Self::new(text));
            LAST.replace(Some(parsed.clone()));
            parsed
        })
    }

    /// Parses a script without remembering it, e.g. in a worker or from a file.
    pub(crate) fn new(text: &str) -> Self {
        #[cfg(test)]
        tests::PARSES.set(tests::PARSES.get() + 1);
        let (parsed, found) = script::parse_with_tokens(text);
        let machine = parsed.workload.as_ref();
        Self {
            text: text.into(),
            diagnostics: parsed.diagnostics,
            machine: machine.map_or_else(Machine::default, |workload| workload.machine.clone()),
            workload: parsed.workload.map(Rc::new),
            tokens: tokens::for_editor(text, found),
        }
    }

    pub(crate) fn errors(&self) -> usize {
        let errors = self.diagnostics.iter();
        errors.filter(|found| found.is_error()).count()
    }
}

/// Compares by identity, not by content.
impl PartialEq for ParsedScript {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::state::completion;
    use crate::state::small_run::{RunOutcome, run_small};
    use texts::Language;

    thread_local! {
        /// The number of parses in this test's thread.
        pub(super) static PARSES: Cell<usize> = const { Cell::new(0) };
    }

    /// Asks for everything that a keystroke needs, in the order of the browser.
    #[track_caller]
    fn check_keystroke(text: &str, parses: usize) {
        let before = PARSES.get();
        // The editor colours the text and offers completions.
        tokens::tokens(text);
        completion::complete(text, text.len(), Language::En);
        // The page runs the script, and shows the outcome.
        let parsed = match run_small(text).expect("it is small") {
            RunOutcome::Faulty(parsed) | RunOutcome::Finished(parsed, _) => parsed,
            RunOutcome::Abandoned => panic!("nothing abandons it"),
        };
        assert!(Rc::ptr_eq(&parsed, &ParsedScript::of(text)));
        assert_eq!(PARSES.get() - before, parses, "{text}");
    }

    #[test]
    fn a_keystroke_parses_once() {
        check_keystroke("a: cpu 1\n", 1);
        check_keystroke("a: cpu 12\n", 1);
        // An edit that brings an error.
        check_keystroke("a: cpuu 12\n", 1);
        // A caret that moves changes no text.
        check_keystroke("a: cpuu 12\n", 0);
    }
}
