//! The sentences about a fitted script, in every language.

use super::{Agreement, FitError, FitNote, FittedScript, NoteKind};
use model::trace::State;
use texts::{Language, say};

impl NoteKind {
    pub fn text(self, language: Language) -> String {
        match self {
            Self::KeptLength(State::WaitingPermit) => say!(
                language,
                "the trace does not name the task that gave the permit back; the wait keeps its length"
            ),
            Self::KeptLength(State::WaitingItem) => say!(
                language,
                "the trace does not name the task that put the item; the wait keeps its length"
            ),
            Self::KeptLength(_) => say!(
                language,
                "the trace does not say why this wait ended; it keeps its length"
            ),
            Self::CutShort => say!(
                language,
                "this wait was cancelled; the script assumes twice its length"
            ),
            Self::Stuck => say!(
                language,
                "nothing ended this wait; in the script it has no end"
            ),
            Self::PlainEnds => say!(
                language,
                "failures and cancellations are plain ends in the script"
            ),
            Self::Lengths => say!(
                language,
                "the causes of the waits could not be repeated; all waits keep their lengths"
            ),
            Self::Flat => say!(
                language,
                "the steps of the tasks could not be repeated; each task is one wait"
            ),
        }
    }
}

impl FitNote {
    /// With its line, e.g. `line 12: this wait was cancelled; …`.
    pub fn text(self, language: Language) -> String {
        let text = self.kind.text(language);
        match self.line {
            0 => text,
            line => say!(language, "line {line}: {text}", line, text),
        }
    }
}

impl FittedScript {
    /// Whether it repeats the run, e.g. `total 30s, as in the run`.
    pub fn verdict(&self, language: Language) -> String {
        let total = self.total.label();
        match self.agreement {
            Agreement::Ends => say!(
                language,
                "total {total}, as in the run; every task ends when it did",
                total
            ),
            Agreement::Total => say!(
                language,
                "total {total}, as in the run; some tasks end at other times",
                total
            ),
            Agreement::None => say!(language, "total {total}, not as in the run", total),
        }
    }
}

impl FitError {
    pub fn text(self, language: Language) -> String {
        match self {
            Self::Empty => say!(language, "no task ran, so there is no script"),
            Self::TooLong => say!(
                language,
                "the tasks of this run differ too much from each other: their script would be too long"
            ),
        }
    }
}
