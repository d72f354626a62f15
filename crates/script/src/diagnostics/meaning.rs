//! Diagnostics about scripts that are well formed and cannot run: coroutines on threads, endless
//! recursion.

use super::{Code, DiagnosticEntry, Explanation};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::span::Span;
use model::workload::PythonVersion;
use texts::{Language, say, text};

group! {
    pub(crate) enum MeaningProblem {
        NotInSync,
        CallFromSync,
        NeedsAsync,
        NeedsSync,
        RespondInBlock,
        EndlessRecursion,
        NothingRuns,
        NewerPythonNeeded,
        PoolInProcess,
    }
}

/// E.g. `eager on` with `python 3.11`, which has no eager tasks.
#[derive(Clone, Debug)]
pub(crate) struct NewerPythonNeeded {
    new: NewInPython,
    version: PythonVersion,
}

/// What CPython has since a version that is not the oldest of a script.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NewInPython {
    EagerTasks,
    Shutdown,
}

impl NewInPython {
    pub(crate) fn since(self) -> PythonVersion {
        match self {
            Self::EagerTasks => PythonVersion::V312,
            Self::Shutdown => PythonVersion::V313,
        }
    }
}

impl Diagnostic {
    /// `written` is the version in the script, `word` what needs a newer one.
    pub(crate) fn new_in_python(
        new: NewInPython,
        version: PythonVersion,
        written: Span,
        word: Span,
    ) -> Self {
        let fix = Fix::unsafe_(vec![Edit::replace(written, new.since().name())]);
        Self::new(word, NewerPythonNeeded { new, version }).with_fix(Some(fix))
    }
}

impl DiagnosticEntry for NewerPythonNeeded {
    const CODE: Code = Code("L408");

    fn message(&self, language: Language) -> String {
        let version = self.version.name();
        match self.new {
            NewInPython::EagerTasks => say!(
                language,
                "eager tasks need Python 3.12, and the script follows {version}",
                version
            ),
            NewInPython::Shutdown => say!(
                language,
                "`shutdown` needs Python 3.13, and the script follows {version}",
                version
            ),
        }
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![match self.new {
            NewInPython::EagerTasks => {
                say!(language, "write `python 3.12`, or delete `eager on`")
            }
            NewInPython::Shutdown => {
                say!(language, "write `python 3.13`, or delete the `python` line")
            }
        }]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A script uses something that its version of Python does not have."),
        why: text!(
            "`asyncio.eager_task_factory` is new in Python 3.12, and `Queue.shutdown` in 3.13."
        ),
        wrong: "python 3.11\neager on\na: cpu 1",
        right: "python 3.12\neager on\na: cpu 1",
    };
}

/// A pool that is used in another process, e.g. `process (with db (block 1))`.
#[derive(Clone, Debug)]
pub(crate) struct PoolInProcess {
    name: String,
    verb: &'static str,
}

impl Diagnostic {
    /// `verb` is the word that runs the segment in another process.
    pub(crate) fn pool_in_process(name: &str, verb: &'static str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, PoolInProcess { name, verb })
    }
}

impl DiagnosticEntry for PoolInProcess {
    const CODE: Code = Code("L409");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "the pool `{name}` is used in another process, by `{verb}`",
            name = self.name,
            verb = self.verb
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![
            say!(language, "run it in a thread of this process: `thread f`"),
            say!(
                language,
                "take the permit outside: `with {name} (process f)`",
                name = self.name
            ),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A worker process or a job uses a pool."),
        why: text!(
            "The threads of one process share a pool. Another process has its own memory, so it cannot take a permit from it."
        ),
        wrong: "pool db 5\na: process (with db (cpu 1))",
        right: "pool db 5\na: with db (process (cpu 1))",
    };
}

/// A segment that needs the event loop, on a thread, e.g. `await 3` in a `def`.
#[derive(Clone, Debug)]
pub(crate) struct NotInSync {
    verb: &'static str,
    place: SyncPlace,
}

impl Diagnostic {
    /// `keyword` is the word of the segment; the fix replaces an `await`.
    pub(crate) fn not_in_sync(
        verb: &'static str,
        place: SyncPlace,
        keyword: Span,
        span: Span,
    ) -> Self {
        let fix = (verb == "await").then(|| Fix::unsafe_(vec![Edit::replace(keyword, "block")]));
        Self::new(span, NotInSync { verb, place }).with_fix(fix)
    }
}

impl DiagnosticEntry for NotInSync {
    const CODE: Code = Code("L401");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{verb}` needs the event loop, but {place} runs on a thread",
            verb = self.verb,
            place = self.place.name(language)
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let instead = match self.verb {
            "await" => Some(text!("write `block` to wait on the thread")),
            "thread" | "executor" => Some(text!(
                "write its segments here: this already runs on a thread"
            )),
            "timeout" => Some(text!("delete the timeout: a thread cannot be cancelled")),
            "with" | "acquire" | "release" => Some(text!(
                "declare a `pool` in place of the lock: threads can take its permits"
            )),
            _ => None,
        };
        let out = match &self.place {
            SyncPlace::Def(name) => say!(
                language,
                "write `async def {name}:` to run it on the loop",
                name
            ),
            SyncPlace::Block(word) => say!(language, "move it out of the `{word}` block", word),
        };
        let instead = instead.map(|text| text.of(language).to_owned());
        instead.into_iter().chain([out]).collect()
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A body that runs on a thread uses the event loop."),
        why: text!(
            "A `def` and the block of `thread`, `executor` or `process` run outside the event loop, so they cannot await. They can use `cpu`, `block`, `print`, loops, `try`, `call` with another `def`, and the permits of a `pool`. Use `block` to wait on the thread, or `async def` to wait on the loop."
        ),
        wrong: "def ping: await 3",
        right: "def ping: block 3",
    };
}

/// A call of a coroutine, on a thread, e.g. `call f` in a `def`.
#[derive(Clone, Debug)]
pub(crate) struct CallFromSync {
    name: String,
    place: SyncPlace,
}

impl Diagnostic {
    pub(crate) fn call_from_sync(name: &str, place: SyncPlace, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, CallFromSync { name, place })
    }
}

impl DiagnosticEntry for CallFromSync {
    const CODE: Code = Code("L402");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{name}` is a coroutine, but {place} cannot await it",
            name = self.name,
            place = self.place.name(language)
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let name = &self.name;
        let out = match &self.place {
            SyncPlace::Def(own) => say!(language, "write `async def {own}:`", own),
            SyncPlace::Block(_) => say!(language, "move `call {name}` out of the block", name),
        };
        vec![
            out,
            say!(
                language,
                "write `def {name}:` if the task does not need the loop",
                name
            ),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A plain function calls a coroutine."),
        why: text!(
            "A coroutine runs only if it is awaited, and a thread cannot await. Make the caller an `async def`, or the called task a `def`."
        ),
        wrong: "def ping: call fetch\nfetch: await 1",
        right: "async def ping: call fetch\nfetch: await 1",
    };
}

/// The body that runs on a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SyncPlace {
    /// `def NAME:`
    Def(String),
    /// A `thread:`, `executor:` or `process:` block.
    Block(&'static str),
}

impl SyncPlace {
    fn name(&self, language: Language) -> String {
        match self {
            Self::Def(name) => say!(language, "the `def` task `{name}`", name),
            Self::Block(word) => say!(language, "a `{word}` block", word),
        }
    }
}

/// A `def` in the place of a coroutine, e.g. `spawn f`.
#[derive(Clone, Debug)]
pub(crate) struct NeedsAsync {
    verb: &'static str,
    name: String,
}

impl Diagnostic {
    /// `keyword` is the `spawn` or `shield` that the fix replaces.
    pub(crate) fn needs_async(verb: &'static str, name: &str, keyword: Span, span: Span) -> Self {
        let becomes_thread = matches!(verb, "spawn" | "shield");
        let fix = becomes_thread.then(|| Fix::unsafe_(vec![Edit::replace(keyword, "thread")]));
        let name = name.to_owned();
        Self::new(span, NeedsAsync { verb, name }).with_fix(fix)
    }
}

impl DiagnosticEntry for NeedsAsync {
    const CODE: Code = Code("L403");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{verb}` takes a coroutine, but `{name}` is a `def`",
            verb = self.verb,
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let name = &self.name;
        let coroutine = say!(
            language,
            "write `async def {name}:` to make it a coroutine",
            name
        );
        match self.verb {
            "spawn" | "shield" => vec![
                say!(
                    language,
                    "write `thread {name}` to run it on the pool",
                    name
                ),
                coroutine,
            ],
            _ => vec![
                coroutine,
                say!(
                    language,
                    "use a coroutine that contains `thread {name}`",
                    name
                ),
            ],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A plain function is started as a coroutine."),
        why: text!(
            "`spawn`, `gather` and `shield` give a coroutine to the loop. Run a `def` on a thread: `thread f`."
        ),
        wrong: "def crunch: cpu 3\na: spawn crunch",
        right: "def crunch: cpu 3\na: thread crunch",
    };
}

/// A coroutine in the place of a `def`, e.g. `thread f`.
#[derive(Clone, Debug)]
pub(crate) struct NeedsSync {
    verb: &'static str,
    name: String,
}

impl Diagnostic {
    /// `keyword` is the word that the fix replaces by `call`.
    pub(crate) fn needs_sync(verb: &'static str, name: &str, keyword: Span, span: Span) -> Self {
        let fix = Fix::unsafe_(vec![Edit::replace(keyword, "call")]);
        let name = name.to_owned();
        Self::new(span, NeedsSync { verb, name }).with_fix(fix)
    }
}

impl DiagnosticEntry for NeedsSync {
    const CODE: Code = Code("L404");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{verb}` takes a `def`, but `{name}` is a coroutine",
            verb = self.verb,
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![
            say!(
                language,
                "write `call {name}` to run it on the loop",
                name = self.name
            ),
            say!(
                language,
                "write `def {name}:` to make it a plain function",
                name = self.name
            ),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A coroutine is sent to a thread."),
        why: text!(
            "Threads and workers run plain functions; calling a coroutine there would only create it. Run it on the loop with `call` or `spawn`, or make it a `def`."
        ),
        wrong: "crunch: cpu 3\na: thread crunch",
        right: "def crunch: cpu 3\na: thread crunch",
    };
}

/// `respond` in a block that runs on a thread, e.g. `thread (respond)`.
#[derive(Clone, Debug)]
pub(crate) struct RespondInBlock {
    word: &'static str,
}

impl Diagnostic {
    pub(crate) fn respond_in_block(word: &'static str, span: Span) -> Self {
        Self::new(span, RespondInBlock { word })
    }
}

impl DiagnosticEntry for RespondInBlock {
    const CODE: Code = Code("L405");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`respond` works only in a handler's own body, not in a `{word}` block",
            word = self.word
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "move `respond` after the block")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A block on a thread sends the response."),
        why: text!(
            "The handler sends the response, not the work on its thread. Segments after `respond` in the handler are a background task."
        ),
        wrong: "a: thread (block 1 -> respond)",
        right: "a: thread (block 1) -> respond",
    };
}

/// Tasks that start each other without end, e.g. `a: call b` with `b: call a`.
#[derive(Clone, Debug)]
pub(crate) struct EndlessRecursion {
    cycle: Vec<String>,
}

impl Diagnostic {
    pub(crate) fn endless_recursion(cycle: Vec<String>, span: Span) -> Self {
        Self::new(span, EndlessRecursion { cycle })
    }
}

impl DiagnosticEntry for EndlessRecursion {
    const CODE: Code = Code("L406");

    fn message(&self, language: Language) -> String {
        match &self.cycle[..] {
            [only] => say!(
                language,
                "the task `{only}` starts itself without end",
                only
            ),
            tasks => say!(
                language,
                "the tasks {tasks} start each other without end",
                tasks = closed_path(tasks)
            ),
        }
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![
            say!(
                language,
                "use `repeat 3:` to repeat a fixed number of times"
            ),
            say!(
                language,
                "use `forever:` with `until 10s` to repeat without end"
            ),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("Tasks start each other without end."),
        why: text!(
            "No segment in this circle can end it. Use `repeat N:` for a fixed number of rounds, or `forever:` with `until` for an endless loop."
        ),
        wrong: "a: await 1 -> call a",
        right: "until 10s\na: forever (await 1)",
    };
}

/// The names as a closed path, e.g. `a → b → a`.
fn closed_path(tasks: &[String]) -> String {
    let quoted: Vec<_> = tasks.iter().map(|name| format!("`{name}`")).collect();
    let back = quoted.first().cloned().unwrap_or_default();
    format!("{} → {back}", quoted.join(" → "))
}

/// A script without `run` in which other tasks name every task.
#[derive(Clone, Debug)]
pub(crate) struct NothingRuns;

impl Diagnostic {
    pub(crate) fn nothing_runs(span: Span) -> Self {
        Self::new(span, NothingRuns)
    }
}

impl DiagnosticEntry for NothingRuns {
    const CODE: Code = Code("L407");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "no task runs: each one is used by another task, and there is no `run` line"
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "write `run` with the name of the first task: `run main`"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("No task runs."),
        why: text!(
            "Without a `run` line, each task that no other task uses runs once. Here other tasks use every task, so name the first one: `run main`."
        ),
        wrong: "a: timeout 3 (call b)\nb: timeout 3 (call a)",
        right: "a: timeout 3 (call b)\nb: await 1\nrun a",
    };
}
