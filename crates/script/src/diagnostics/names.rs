//! Diagnostics about the names of tasks, resources, handles and settings.

use super::kind::{Kind, Wanted};
use super::{Code, DiagnosticEntry, Explanation, respell, write_near};
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
        Self::new(span, problem).with_fix(respell(span, near))
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
        what: text!("A name stands for no task."),
        why: text!("Names are case-sensitive and may be used above the line that defines them."),
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
        Self::new(span, problem).with_fix(respell(span, near))
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
        what: text!("A name stands for no queue, lock, semaphore, event or condition."),
        why: text!("What tasks share is declared at the left margin, anywhere in the script."),
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
        Self::new(span, problem).with_fix(respell(span, near))
    }
}

impl DiagnosticEntry for UnknownHandle {
    const CODE: Code = Code("L303");

    fn message(&self, language: Language) -> String {
        let name = &self.name;
        match self.verb {
            "wait" => say!(
                language,
                "`wait` finds no handle, event or condition `{name}`",
                name
            ),
            verb => say!(language, "`{verb}` finds no handle `{name}`", verb, name),
        }
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let name = &self.name;
        match &self.near {
            Some(near) => vec![write_near(near, language)],
            None => vec![say!(
                language,
                "make the handle above: `spawn task as {name}`",
                name
            )],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A name stands for nothing that can be waited for or cancelled."),
        why: text!(
            "`spawn f` makes a handle `f`, `spawn f as h` a handle `h`, in this body only. `wait` also takes an event or a condition."
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
            "`{verb} {name}` stands above the line that makes `{name}`",
            verb = self.verb,
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let verb = &self.verb;
        vec![say!(language, "move the `{verb}` below it", verb)]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A handle is used above the line that makes it."),
        why: text!(
            "A body runs from top to bottom, so the handle does not exist yet; Python raises `UnboundLocalError`."
        ),
        wrong: "a: wait h -> spawn b as h\nb: cpu 1",
        right: "a: spawn b as h -> wait h\nb: cpu 1",
    };
}

/// A name of another kind than the segment takes, e.g. `put m` with a lock `m`.
#[derive(Clone, Debug)]
pub(crate) struct WrongKind {
    name: String,
    kind: Kind,
    verb: String,
    wanted: Wanted,
}

impl Diagnostic {
    pub(crate) fn wrong_kind(
        name: &str,
        kind: Kind,
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
            "`{verb}` takes {wanted}, and `{name}` is {kind}",
            verb = self.verb,
            wanted = self.wanted.with_article().of(language),
            name = self.name,
            kind = self.kind.with_article().of(language)
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let use_it = match self.kind {
            Kind::AsyncTask => text!("use the task with `call`, `spawn` or `gather`"),
            Kind::SyncTask => text!("use the task with `call`, `thread` or `process`"),
            Kind::Queue => text!("use the queue with `put` or `get`"),
            Kind::Semaphore => text!("use the semaphore with `with`, `acquire` or `release`"),
            Kind::Lock => text!("use the lock with `with`, `acquire` or `release`"),
            Kind::Event => text!("use the event with `set`, `clear` or `wait`"),
            Kind::Condition => text!("use the condition with `with`, `wait` or `notify`"),
        };
        let mut hints = vec![use_it.of(language).to_owned()];
        if self.wanted == Wanted::Handle {
            hints.push(say!(language, "make a handle with `spawn task as h`"));
        }
        hints
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A name stands for something that the segment cannot use."),
        why: text!(
            "`put` and `get` take queues, `with`, `acquire` and `release` take semaphores, locks and conditions, `set` and `clear` events, `notify` conditions."
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
    first_kind: Kind,
}

impl Diagnostic {
    pub(crate) fn duplicate_name(
        name: &str,
        first_line: u32,
        first_kind: Kind,
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
            "`{name}` is {first_kind} in line {first_line} already",
            name = self.name,
            first_kind = self.first_kind.with_article().of(language),
            first_line = self.first_line
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "rename one of them, such as `{name}2`",
            name = self.name
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("Two things have the same name."),
        why: text!(
            "Tasks and resources share one set of names, as the globals of a Python module do."
        ),
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
            "`{word}` is set in line {first_line} already",
            word = self.word,
            first_line = self.first_line
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "delete one of the two")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A setting stands twice."),
        why: text!("A machine has one number of cores; which of two was meant, nobody can know."),
        wrong: "cores 2\ncores 4\na: cpu 1",
        right: "cores 4\na: cpu 1",
    };
}

/// A handle with the name of a resource, e.g. `spawn f as q` with a queue `q`.
#[derive(Clone, Debug)]
pub(crate) struct HandleTakesName {
    name: String,
    kind: Kind,
}

impl Diagnostic {
    pub(crate) fn handle_takes_name(name: &str, kind: Kind, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, HandleTakesName { name, kind })
    }
}

impl DiagnosticEntry for HandleTakesName {
    const CODE: Code = Code("L308");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{name}` is {kind} already",
            name = self.name,
            kind = self.kind.with_article().of(language)
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "rename the handle, such as `{name}_task`",
            name = self.name
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A handle has the name of a resource."),
        why: text!("After `spawn f as q`, nobody could say what `wait q` waits for."),
        wrong: "event go\na: spawn b as go -> wait go\nb: set go",
        right: "event go\na: spawn b as helper -> wait helper -> wait go\nb: set go",
    };
}
