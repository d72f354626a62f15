//! Diagnostics about the names of tasks, resources, handles and settings.

use super::kind::{NameKind, Wanted};
use super::{Code, DiagnosticEntry, Explanation, respelling_fix, write_near};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use texts::{Language, say, text};

group! {
    pub(crate) enum NameProblem {
        UnknownTask,
        UnknownResource,
        UnknownHandle,
        WaitBeforeSpawn,
        WrongKind,
        DuplicateName,
        DuplicateSetting,
        HandleTakesName,
        HandleOutsideBlock,
    }
}

/// A name that no task has, e.g. `call pastaa`.
#[derive(Clone, Debug)]
pub(crate) struct UnknownTask {
    name: String,
    near: Option<String>,
}

impl Diagnostic {
    pub(crate) fn unknown_task(name: &str, near: Option<&str>, span: Span) -> Self {
        let problem = UnknownTask {
            name: name.to_owned(),
            near: near.map(str::to_owned),
        };
        Self::new(span, problem).with_fix(respelling_fix(span, near))
    }
}

impl DiagnosticEntry for UnknownTask {
    const CODE: Code = Code("L301");

    fn message(&self, language: Language) -> String {
        say!(language, "unknown task `{name}`", name = self.name)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let name = &self.name;
        match &self.near {
            Some(near) => vec![write_near(near, language)],
            None => vec![say!(
                language,
                "define it at the left margin: `{name}: cpu 1`",
                name
            )],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("No task has this name."),
        why: text!("Names are case-sensitive. A task may be used above the line that defines it."),
        wrong: "pasta: cpu 3\nrun 2 psata",
        right: "pasta: cpu 3\nrun 2 pasta",
    };
}

/// A name that no resource has, e.g. `put qq`.
#[derive(Clone, Debug)]
pub(crate) struct UnknownResource {
    name: String,
    near: Option<String>,
    wanted: Wanted,
}

impl Diagnostic {
    pub(crate) fn unknown_resource(
        name: &str,
        near: Option<&str>,
        wanted: Wanted,
        span: Span,
    ) -> Self {
        let problem = UnknownResource {
            name: name.to_owned(),
            near: near.map(str::to_owned),
            wanted,
        };
        Self::new(span, problem).with_fix(respelling_fix(span, near))
    }
}

impl DiagnosticEntry for UnknownResource {
    const CODE: Code = Code("L302");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "unknown {wanted} `{name}`",
            wanted = self.wanted.noun().of(language),
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        if let Some(near) = &self.near {
            return vec![write_near(near, language)];
        }
        let name = &self.name;
        let line = match self.wanted {
            Wanted::Queue => format!("queue {name}"),
            Wanted::Lockable => format!("semaphore {name} 10"),
            Wanted::Condition => format!("condition {name}"),
            Wanted::Task => format!("{name}: cpu 1"),
            Wanted::Event | Wanted::Awaitable | Wanted::Handle => format!("event {name}"),
        };
        vec![say!(
            language,
            "declare it at the left margin: `{line}`",
            line
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("No queue, lock, semaphore, event or condition has this name."),
        why: text!("Declare each resource at the left margin, anywhere in the script."),
        wrong: "a: put plates\nb: get plates",
        right: "queue plates\na: put plates\nb: get plates",
    };
}

/// A name that no handle has, e.g. `wait x`.
#[derive(Clone, Debug)]
pub(crate) struct UnknownHandle {
    name: String,
    near: Option<String>,
    verb: &'static str,
}

impl Diagnostic {
    pub(crate) fn unknown_handle(
        name: &str,
        near: Option<&str>,
        verb: &'static str,
        span: Span,
    ) -> Self {
        let problem = UnknownHandle {
            name: name.to_owned(),
            near: near.map(str::to_owned),
            verb,
        };
        Self::new(span, problem).with_fix(respelling_fix(span, near))
    }
}

impl DiagnosticEntry for UnknownHandle {
    const CODE: Code = Code("L303");

    fn message(&self, language: Language) -> String {
        let name = &self.name;
        match self.verb {
            "wait" => say!(
                language,
                "unknown handle, event or condition `{name}`",
                name
            ),
            _ => say!(language, "unknown handle `{name}`", name),
        }
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let name = &self.name;
        match &self.near {
            Some(near) => vec![write_near(near, language)],
            None => vec![say!(
                language,
                "create the handle above: `spawn task as {name}`",
                name
            )],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("No handle, event or condition has this name."),
        why: text!(
            "`spawn f` creates the handle `f`, and `spawn f as h` the handle `h`, for this body only. `wait` also takes an event or a condition."
        ),
        wrong: "a: spawn b as h -> wait job\nb: cpu 1",
        right: "a: spawn b as h -> wait h\nb: cpu 1",
    };
}

/// A handle that is used above its `spawn`, e.g. `wait h -> spawn f as h`.
#[derive(Clone, Debug)]
pub(crate) struct WaitBeforeSpawn {
    name: String,
    verb: &'static str,
}

impl Diagnostic {
    pub(crate) fn wait_before_spawn(name: &str, verb: &'static str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, WaitBeforeSpawn { name, verb })
    }
}

impl DiagnosticEntry for WaitBeforeSpawn {
    const CODE: Code = Code("L304");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{verb} {name}` is above the line that creates the handle `{name}`",
            verb = self.verb,
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let verb = &self.verb;
        vec![say!(language, "move `{verb}` below that line", verb)]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A handle is used above the line that creates it."),
        why: text!(
            "A body runs from top to bottom, so the handle does not exist yet. Python raises `UnboundLocalError` here."
        ),
        wrong: "a: wait h -> spawn b as h\nb: cpu 1",
        right: "a: spawn b as h -> wait h\nb: cpu 1",
    };
}

/// A handle of the task around the block of a `wait_for`, used inside the block.
#[derive(Clone, Debug)]
pub(crate) struct HandleOutsideBlock {
    name: String,
}

impl Diagnostic {
    pub(crate) fn handle_outside_block(name: &str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, HandleOutsideBlock { name })
    }
}

impl DiagnosticEntry for HandleOutsideBlock {
    const CODE: Code = Code("L309");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "the handle `{name}` belongs to the task around this `wait_for` block",
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "write `timeout` in place of `wait_for`, or create the handle inside the block"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The block of a `wait_for` uses a handle of the task around it."),
        why: text!(
            "The block is a coroutine function of its own, with handles of its own. The block of a `timeout` is a part of its task."
        ),
        wrong: "a: spawn b as h -> wait_for 3 (wait h)\nb: cpu 1",
        right: "a: spawn b as h -> timeout 3 (wait h)\nb: cpu 1",
    };
}

/// A name of another kind than the segment takes, e.g. `put m` with a lock `m`.
#[derive(Clone, Debug)]
pub(crate) struct WrongKind {
    name: String,
    kind: NameKind,
    verb: String,
    wanted: Wanted,
}

impl Diagnostic {
    pub(crate) fn wrong_kind(
        name: &str,
        kind: NameKind,
        verb: &str,
        wanted: Wanted,
        span: Span,
    ) -> Self {
        let problem = WrongKind {
            name: name.to_owned(),
            kind,
            verb: verb.to_owned(),
            wanted,
        };
        Self::new(span, problem)
    }
}

impl DiagnosticEntry for WrongKind {
    const CODE: Code = Code("L305");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{verb}` takes {wanted}, but `{name}` is {kind}",
            verb = self.verb,
            wanted = self.wanted.with_article().of(language),
            name = self.name,
            kind = self.kind.with_article().of(language)
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let use_it = match self.kind {
            NameKind::AsyncTask => text!("use the task with `call`, `spawn` or `gather`"),
            NameKind::SyncTask => text!("use the task with `call`, `thread` or `process`"),
            NameKind::Queue => text!("use the queue with `put` or `get`"),
            NameKind::Semaphore => text!("use the semaphore with `with`, `acquire` or `release`"),
            NameKind::Lock => text!("use the lock with `with`, `acquire` or `release`"),
            NameKind::Event => text!("use the event with `set`, `clear` or `wait`"),
            NameKind::Condition => text!("use the condition with `with`, `wait` or `notify`"),
            NameKind::Pool => text!("use the pool with `with`, `acquire` or `release`"),
        };
        let mut hints = vec![use_it.of(language).to_owned()];
        if self.wanted == Wanted::Handle {
            hints.push(say!(language, "create a handle with `spawn task as h`"));
        }
        hints
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A segment cannot use a task or resource of this kind."),
        why: text!(
            "`put` and `get` take a queue. `with`, `acquire` and `release` take a semaphore, a lock, a condition or a pool. `set` and `clear` take an event, and `notify` takes a condition."
        ),
        wrong: "lock sink\na: put sink",
        right: "lock sink\na: with sink (await 1)",
    };
}

/// A name that is defined twice, e.g. a second `a:`.
#[derive(Clone, Debug)]
pub(crate) struct DuplicateName {
    name: String,
    first_line: u32,
    first_kind: NameKind,
}

impl Diagnostic {
    pub(crate) fn duplicate_name(
        name: &str,
        first_line: u32,
        first_kind: NameKind,
        span: Span,
    ) -> Self {
        let problem = DuplicateName {
            name: name.to_owned(),
            first_line,
            first_kind,
        };
        Self::new(span, problem)
    }
}

impl DiagnosticEntry for DuplicateName {
    const CODE: Code = Code("L306");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "line {first_line} already defines `{name}` as {first_kind}",
            name = self.name,
            first_kind = self.first_kind.with_article().of(language),
            first_line = self.first_line
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "rename one of them, e.g. to `{name}2`",
            name = self.name
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("Two tasks or resources have the same name."),
        why: text!("Tasks and resources share one namespace, like the globals of a Python module."),
        wrong: "a: cpu 1\nqueue a",
        right: "a: cpu 1 -> put q -> get q\nqueue q",
    };
}

/// A setting that is written twice, e.g. a second `cores`.
#[derive(Clone, Debug)]
pub(crate) struct DuplicateSetting {
    word: &'static str,
    first_line: u32,
}

impl Diagnostic {
    pub(crate) fn duplicate_setting(word: &'static str, first_line: u32, span: Span) -> Self {
        Self::new(span, DuplicateSetting { word, first_line })
    }
}

impl DiagnosticEntry for DuplicateSetting {
    const CODE: Code = Code("L307");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "line {first_line} already sets `{word}`",
            word = self.word,
            first_line = self.first_line
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "delete one of the two")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A setting appears twice."),
        why: text!("Each setting has one value: a machine has either 2 cores or 4."),
        wrong: "cores 2\ncores 4\na: cpu 1",
        right: "cores 4\na: cpu 1",
    };
}

/// A handle with the name of a resource, e.g. `spawn f as q` with a queue `q`.
#[derive(Clone, Debug)]
pub(crate) struct HandleTakesName {
    name: String,
    kind: NameKind,
}

impl Diagnostic {
    pub(crate) fn handle_takes_name(name: &str, kind: NameKind, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, HandleTakesName { name, kind })
    }
}

impl DiagnosticEntry for HandleTakesName {
    const CODE: Code = Code("L308");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{name}` is already {kind}",
            name = self.name,
            kind = self.kind.with_article().of(language)
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "rename the handle, e.g. to `{name}_task`",
            name = self.name
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A handle has the name of a resource."),
        why: text!("With an event `go` and a handle `go`, `wait go` would be ambiguous."),
        wrong: "event go\na: spawn b as go -> wait go\nb: set go",
        right: "event go\na: spawn b as helper -> wait helper -> wait go\nb: set go",
    };
}
