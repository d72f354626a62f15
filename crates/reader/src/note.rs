//! The notes of an import: guesses, and Python that has no counterpart in a script.

use model::time::SimDuration;
use texts::{Language, say};

/// A message about a line of the Python text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Counted from 1.
    pub line: u32,
    pub kind: NoteKind,
}

/// The kind of a note, with the data of its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// Not valid Python.
    Unreadable { found: String },
    /// The duration of a call is a guess.
    Assumed {
        call: String,
        /// `await`, `block` or `cpu`.
        verb: &'static str,
        length: SimDuration,
    },
    /// The number of rounds of a loop is a guess.
    AssumedRounds { rounds: u64 },
    /// The number of requests is an assumption; the program does not contain it.
    AssumedRequests { name: String, requests: u64 },
    /// Two branches take time; the script has the first.
    FirstBranch,
    /// A branch that takes time and then leaves the function, e.g. `if slow: …; return`.
    LeftBranch,
    /// The handler of an exception that nothing in the program certainly raises.
    LeftHandler,
    /// A loop that ends in its first round, e.g. a retry that succeeds.
    OneRound,
    /// Calls that no table lists and that are not awaited. They take no time in the script.
    FreeCalls { count: u64, first: String },
    /// Dependencies of handlers that other files define.
    Elsewhere {
        count: u64,
        first: String,
        is_project: bool,
    },
    /// `import app.main:NAME` where the module has no such name.
    NoApp { name: String },
    /// Notes beyond the limit on their number.
    MoreNotes { count: u64 },
    /// The script waits for all tasks where the program goes on with the first.
    WaitsForAll { what: String },
    /// A script has one executor for all thread pools.
    OneExecutor { what: String },
    /// The program limits the number of simultaneous uses, e.g. of connections.
    Unlimited { what: String },
    /// A coroutine is created and never awaited, so it does not run.
    NotAwaited { name: String },
    /// The language has no counterpart.
    NotMapped { what: String },
    /// Python raises an error here, e.g. at `async with event`.
    Refused { what: String },
    /// A thread of a script cannot do this.
    NotInThread,
    /// Work before the first request.
    StartUp,
    /// Brackets, blocks or calls exceed the nesting limit.
    TooDeep,
    /// The program exceeds a limit on its size; the rest is left out.
    TooMuch,
    /// No line takes time.
    NothingFound,
    /// There are handlers, but none of their calls is known to take time.
    NothingKnown { handlers: u64 },
}

impl NoteKind {
    /// The code of the note in results, e.g. `assumed_rounds`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "unreadable",
            Self::Assumed { .. } => "assumed",
            Self::AssumedRounds { .. } => "assumed_rounds",
            Self::AssumedRequests { .. } => "assumed_requests",
            Self::FirstBranch => "first_branch",
            Self::LeftBranch => "left_branch",
            Self::LeftHandler => "left_handler",
            Self::OneRound => "one_round",
            Self::FreeCalls { .. } => "free_calls",
            Self::Elsewhere { .. } => "elsewhere",
            Self::NoApp { .. } => "no_app",
            Self::MoreNotes { .. } => "more_notes",
            Self::WaitsForAll { .. } => "waits_for_all",
            Self::OneExecutor { .. } => "one_executor",
            Self::Unlimited { .. } => "unlimited",
            Self::NotAwaited { .. } => "not_awaited",
            Self::NotMapped { .. } => "not_mapped",
            Self::Refused { .. } => "refused",
            Self::NotInThread => "not_in_thread",
            Self::StartUp => "start_up",
            Self::TooDeep => "too_deep",
            Self::TooMuch => "too_much",
            Self::NothingFound => "nothing_found",
            Self::NothingKnown { .. } => "nothing_known",
        }
    }

    /// Whether the note is a guess that the user can correct.
    pub fn is_question(&self) -> bool {
        matches!(
            self,
            Self::Assumed { .. } | Self::AssumedRounds { .. } | Self::AssumedRequests { .. }
        )
    }

    /// Whether the note is about the whole program; its line is the first of several.
    pub fn is_summary(&self) -> bool {
        matches!(
            self,
            Self::FreeCalls { .. } | Self::Elsewhere { .. } | Self::MoreNotes { .. }
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
                say!(
                    language,
                    "how many repetitions? {rounds} are assumed",
                    rounds
                )
            }
            Self::AssumedRequests { name, requests } => say!(
                language,
                "how many requests for `{name}`? {requests} at once are assumed",
                name,
                requests
            ),
            Self::FirstBranch => say!(
                language,
                "both branches take time; the script uses the first"
            ),
            Self::LeftBranch => say!(
                language,
                "a branch that takes time and then returns is left out"
            ),
            Self::LeftHandler => say!(
                language,
                "what follows an exception takes time and is left out"
            ),
            Self::OneRound => say!(
                language,
                "the loop ends in its first round; further rounds, e.g. retries, are left out"
            ),
            Self::FreeCalls { count: 1, first } => say!(
                language,
                "1 unknown call is taken as free: `{first}`. A table gives it a duration",
                first
            ),
            Self::FreeCalls { count, first } => say!(
                language,
                "{count} unknown calls are taken as free; the first is `{first}`. A table gives them durations",
                count,
                first
            ),
            Self::NoApp { name } => say!(language, "the module does not define `{name}`", name),
            Self::MoreNotes { count } => {
                say!(language, "{count} further notes are not shown", count)
            }
            Self::Elsewhere {
                count,
                first,
                is_project: true,
            } => say!(
                language,
                "dependencies that the project does not define are left out: {count}, the first is `{first}`",
                count,
                first
            ),
            Self::Elsewhere {
                count: 1, first, ..
            } => say!(
                language,
                "the dependency `{first}` is in another file and is left out. Import the folder to follow it",
                first
            ),
            Self::Elsewhere { count, first, .. } => say!(
                language,
                "{count} dependencies are in other files and are left out; the first is `{first}`. Import the folder to follow them",
                count,
                first
            ),
            Self::WaitsForAll { what } => say!(
                language,
                "`{what}` goes on with the first result; the script waits for all",
                what
            ),
            Self::OneExecutor { what } => say!(
                language,
                "a script has one executor for all thread pools; `{what}` shares it, and the largest size is used",
                what
            ),
            Self::Unlimited { what } => say!(
                language,
                "`{what}` limits how many run at once; the script has no such limit",
                what
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
                "the program is too large; the rest is left out. Import a smaller part of the program"
            ),
            Self::NothingFound => say!(
                language,
                "nothing in this program takes time: no handler, no `await`, no known call"
            ),
            Self::NothingKnown { handlers: 1 } => say!(
                language,
                "1 handler found; none of its calls is known to take time"
            ),
            Self::NothingKnown { handlers } => say!(
                language,
                "{handlers} handlers found; none of their calls is known to take time",
                handlers
            ),
        }
    }
}
