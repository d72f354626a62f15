//! What has to be said about a reading: guesses, and what has no counterpart.

use model::time::SimDuration;
use texts::{Language, say};

/// Something to be said about a line of the Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// From 1.
    pub line: u32,
    pub kind: NoteKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// No Python.
    Unreadable { found: String },
    /// A call of something unknown, or of unknown length.
    Assumed {
        call: String,
        /// `await`, `block` or `cpu`.
        verb: &'static str,
        length: SimDuration,
    },
    /// A loop whose rounds cannot be read off.
    AssumedRounds { rounds: u64 },
    /// How many requests come is not in the program.
    AssumedRequests { name: String, requests: u64 },
    /// Two branches take time; the first one is in the script.
    FirstBranch,
    /// A coroutine that is made and never awaited: it does not run.
    NotAwaited { name: String },
    /// What the language has no word for.
    NotMapped { what: String },
    /// What Python itself refuses when it gets there: `async with event`.
    Refused { what: String },
    /// What a thread cannot do in the language.
    NotInThread,
    /// Set up before the server takes requests.
    StartUp,
    /// Brackets, blocks or calls in each other, more than are followed.
    TooDeep,
    /// The rest is too much to follow.
    TooMuch,
    /// No line takes any time.
    NothingFound,
}

impl NoteKind {
    /// As in results.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::Assumed { .. } => "assumed",
            Self::AssumedRounds { .. } => "assumed_rounds",
            Self::AssumedRequests { .. } => "assumed_requests",
            Self::FirstBranch => "first_branch",
            Self::NotAwaited { .. } => "not_awaited",
            Self::NotMapped { .. } => "not_mapped",
            Self::Refused { .. } => "refused",
            Self::NotInThread => "not_in_thread",
            Self::StartUp => "start_up",
            Self::TooDeep => "too_deep",
            Self::TooMuch => "too_much",
            Self::NothingFound => "nothing_found",
        }
    }

    /// A guess that the reader is asked to correct.
    pub fn is_question(&self) -> bool {
        matches!(
            self,
            Self::Assumed { .. } | Self::AssumedRounds { .. } | Self::AssumedRequests { .. }
        )
    }

    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Unreadable { found } if found.is_empty() => {
                say!(language, "cannot be read as Python; it is left out")
            }
            Self::Unreadable { found } => say!(
                language,
                "cannot be read as Python at `{found}`; it is left out",
                found
            ),
            Self::Assumed { call, verb, length } => say!(
                language,
                "how long does `{call}` take? `{verb} {length}` is assumed",
                call,
                verb,
                length
            ),
            Self::AssumedRounds { rounds } => {
                say!(language, "how many rounds? {rounds} are assumed", rounds)
            }
            Self::AssumedRequests { name, requests } => say!(
                language,
                "how many requests for `{name}`? {requests} at once are assumed",
                name,
                requests
            ),
            Self::FirstBranch => say!(
                language,
                "both branches take time; the script takes the first"
            ),
            Self::NotAwaited { name } => say!(
                language,
                "`{name}` is never awaited, so it does not run",
                name
            ),
            Self::NotMapped { what } => say!(
                language,
                "`{what}` has no counterpart in a script; it is left out",
                what
            ),
            Self::Refused { what } => say!(
                language,
                "Python raises an error at `{what}`; it is left out. Correct the program",
                what
            ),
            Self::NotInThread => say!(
                language,
                "a script cannot do this in a thread; it is left out"
            ),
            Self::StartUp => say!(language, "work before the first request is left out"),
            Self::TooDeep => say!(
                language,
                "brackets, blocks or calls are nested too deeply; the inner ones are left out. Give them lines or functions of their own"
            ),
            Self::TooMuch => say!(
                language,
                "too much to follow; the rest is left out. Import a smaller part of the program"
            ),
            Self::NothingFound => say!(
                language,
                "nothing here takes time: no handler, no `await`, no known call"
            ),
        }
    }
}
