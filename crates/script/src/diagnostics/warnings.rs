//! Warnings: scripts that run, but probably not as meant.

use super::kind::NameKind;
use super::{Code, DiagnosticEntry, Explanation};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::span::Span;
use texts::{Language, say, text};

group! {
    pub(crate) enum Warning {
        UnusedTask,
        UnusedResource,
        UnusedHandle,
        Unreachable,
        NeverFilled,
        NeverTaken,
        OutsideWith,
        ForeverWithoutTime,
        QueueOfZero,
        More,
    }
}

/// A task that never runs, e.g. `b` beside `run a`.
#[derive(Clone, Debug)]
pub(crate) struct UnusedTask {
    name: String,
}

impl Diagnostic {
    pub(crate) fn unused_task(name: &str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, UnusedTask { name })
    }
}

impl DiagnosticEntry for UnusedTask {
    const CODE: Code = Code("L501");

    fn message(&self, language: Language) -> String {
        say!(language, "the task `{name}` never runs", name = self.name)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![
            say!(language, "write `run {name}` to run it", name = self.name),
            say!(language, "delete this task"),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A task never runs."),
        why: text!(
            "If a script has `run` lines, only the tasks in them run, and the tasks that these start."
        ),
        wrong: "a: cpu 1\nb: cpu 1\nrun a",
        right: "a: cpu 1\nb: cpu 1\nrun a, b",
    };
}

/// A resource that no task uses.
#[derive(Clone, Debug)]
pub(crate) struct UnusedResource {
    name: String,
    kind: NameKind,
}

impl Diagnostic {
    pub(crate) fn unused_resource(name: &str, kind: NameKind, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, UnusedResource { name, kind })
    }
}

impl DiagnosticEntry for UnusedResource {
    const CODE: Code = Code("L502");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "the {kind} `{name}` is never used",
            kind = self.kind.noun().of(language),
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "delete this declaration")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A resource is never used."),
        why: text!("An unused resource has no effect. Perhaps a segment should use it."),
        wrong: "lock sink\na: cpu 1",
        right: "lock sink\na: with sink (cpu 1)",
    };
}

/// A handle that is never used, e.g. `spawn f as h` without `wait h` or `cancel h`.
#[derive(Clone, Debug)]
pub(crate) struct UnusedHandle {
    name: String,
}

impl Diagnostic {
    /// `clause` is the ` as h` that the fix deletes.
    pub(crate) fn unused_handle(name: &str, span: Span, clause: Span) -> Self {
        let fix = Fix::safe(vec![Edit::replace(clause, "")]);
        let name = name.to_owned();
        Self::new(span, UnusedHandle { name }).with_fix(fix)
    }
}

impl DiagnosticEntry for UnusedHandle {
    const CODE: Code = Code("L503");

    fn message(&self, language: Language) -> String {
        let name = &self.name;
        say!(language, "the handle `{name}` is never used", name)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![
            say!(language, "delete `as {name}`", name = self.name),
            say!(
                language,
                "write `wait {name}` to wait for the task",
                name = self.name
            ),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A handle is never used."),
        why: text!(
            "A handle is for `wait` and `cancel`. A task that is neither awaited nor cancelled needs no handle."
        ),
        wrong: "a: spawn b as h\nb: cpu 1",
        right: "a: spawn b as h -> wait h\nb: cpu 1",
    };
}

/// A segment that never runs, e.g. below `forever` or `fail`.
#[derive(Clone, Debug)]
pub(crate) struct Unreachable {
    after: &'static str,
}

impl Diagnostic {
    pub(crate) fn unreachable(after: &'static str, span: Span) -> Self {
        Self::new(span, Unreachable { after })
    }
}

impl DiagnosticEntry for Unreachable {
    const CODE: Code = Code("L504");

    fn message(&self, language: Language) -> String {
        match self.after {
            "fail" => say!(language, "this never runs: `fail` above it ends the block"),
            after => say!(
                language,
                "this never runs: `{after}` above it does not end",
                after
            ),
        }
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "move it into the block, or before it")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A segment never runs."),
        why: text!(
            "`forever` ends only with a failure or a cancellation, and both end the block around it. So does `fail`."
        ),
        wrong: "until 9s\na: forever (await 1) -> print \"done\"",
        right: "a: repeat 9 (await 1) -> print \"done\"",
    };
}

/// A resource that tasks wait for and no task fills, e.g. `get q` without `put q`.
#[derive(Clone, Debug)]
pub(crate) struct NeverFilled {
    name: String,
    kind: NameKind,
}

impl Diagnostic {
    pub(crate) fn never_filled(name: &str, kind: NameKind, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, NeverFilled { name, kind })
    }
}

impl DiagnosticEntry for NeverFilled {
    const CODE: Code = Code("L505");

    fn message(&self, language: Language) -> String {
        let name = &self.name;
        match self.kind {
            NameKind::Queue => say!(
                language,
                "no task puts an item into the queue `{name}`",
                name
            ),
            NameKind::Event => say!(language, "no task sets the event `{name}`", name),
            NameKind::Condition => say!(language, "no task notifies the condition `{name}`", name),
            _ => say!(language, "no task releases a permit of `{name}`", name),
        }
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let name = &self.name;
        let hint = match self.kind {
            NameKind::Queue => say!(language, "write `put {name}` in a task", name),
            NameKind::Event => say!(language, "write `set {name}` in a task", name),
            NameKind::Condition => say!(language, "write `notify {name}` in a task", name),
            _ => say!(language, "write `release {name}` in a task", name),
        };
        vec![hint]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A task waits for an item, a signal or a permit that no task provides."),
        why: text!(
            "The task waits forever. A `get` needs a `put`, a `wait` needs a `set` or a `notify`, and a semaphore without permits needs a `release`."
        ),
        wrong: "queue q\na: get q",
        right: "queue q\na: get q\nb: put q",
    };
}

/// A bounded queue that is filled and never emptied.
#[derive(Clone, Debug)]
pub(crate) struct NeverTaken {
    name: String,
}

impl Diagnostic {
    pub(crate) fn never_taken(name: &str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, NeverTaken { name })
    }
}

impl DiagnosticEntry for NeverTaken {
    const CODE: Code = Code("L506");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "no task takes an item from the bounded queue `{name}`",
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let name = &self.name;
        vec![say!(language, "write `get {name}` in a task", name)]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("Tasks fill a bounded queue and never empty it."),
        why: text!("When the queue is full, `put` waits forever."),
        wrong: "queue q 3\na: put q",
        right: "queue q 3\na: put q\nb: get q",
    };
}

/// A condition that is used without its lock, e.g. `wait c` outside `with c:`.
#[derive(Clone, Debug)]
pub(crate) struct OutsideWith {
    name: String,
    verb: &'static str,
}

impl Diagnostic {
    pub(crate) fn outside_with(name: &str, verb: &'static str, span: Span) -> Self {
        let name = name.to_owned();
        Self::new(span, OutsideWith { name, verb })
    }
}

impl DiagnosticEntry for OutsideWith {
    const CODE: Code = Code("L507");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{verb} {name}` outside `with {name}:` fails when it runs",
            verb = self.verb,
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let name = &self.name;
        vec![say!(language, "write `with {name}:` around it", name)]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A task uses a condition without holding it."),
        why: text!(
            "`wait` and `notify` need the condition's lock; CPython raises `RuntimeError: cannot wait on un-acquired lock`."
        ),
        wrong: "condition c\na: wait c\nb: with c (notify c)",
        right: "condition c\na: with c (wait c)\nb: with c (notify c)",
    };
}

/// An endless loop that takes no time, e.g. `forever (yield)`.
#[derive(Clone, Debug)]
pub(crate) struct ForeverWithoutTime;

impl Diagnostic {
    pub(crate) fn forever_without_time(span: Span) -> Self {
        Self::new(span, ForeverWithoutTime)
    }
}

impl DiagnosticEntry for ForeverWithoutTime {
    const CODE: Code = Code("L508");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "this loop takes no time, so the clock never advances"
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "write `await 1` in it")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("An endless loop takes no time."),
        why: text!(
            "The clock advances only when a segment takes time. A loop that only yields repeats until the simulation reaches a limit; in Python it would use a whole core."
        ),
        wrong: "until 9s\na: forever (yield)",
        right: "until 9s\na: forever (cpu 1ms -> yield)",
    };
}

/// A queue that looks bounded and is not, e.g. `queue q 0`.
#[derive(Clone, Debug)]
pub(crate) struct QueueOfZero {
    name: String,
}

impl Diagnostic {
    /// `size` is the ` 0` that the fix deletes.
    pub(crate) fn queue_of_zero(name: &str, span: Span, size: Span) -> Self {
        let fix = Fix::safe(vec![Edit::replace(size, "")]);
        let name = name.to_owned();
        Self::new(span, QueueOfZero { name }).with_fix(fix)
    }
}

impl DiagnosticEntry for QueueOfZero {
    const CODE: Code = Code("L509");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "the queue `{name}` has size 0, which means unbounded, as in asyncio",
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![
            say!(
                language,
                "write `queue {name}` for an unbounded queue",
                name = self.name
            ),
            say!(
                language,
                "write `queue {name} 1` for the smallest bounded queue",
                name = self.name
            ),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A queue has size 0, which means unbounded."),
        why: text!(
            "`asyncio.Queue(0)` is unbounded, and so is `queue q 0`. The smallest bounded queue has size 1."
        ),
        wrong: "queue q 0\na: put q\nb: get q",
        right: "queue q 1\na: put q\nb: get q",
    };
}

/// The diagnostics beyond [`DIAGNOSTICS_MAX`](crate::DIAGNOSTICS_MAX).
#[derive(Clone, Debug)]
pub(crate) struct More {
    count: usize,
    any_error: bool,
}

impl Diagnostic {
    pub(crate) fn more(span: Span, count: usize, any_error: bool) -> Self {
        Self::new(span, More { count, any_error })
    }
}

impl DiagnosticEntry for More {
    const CODE: Code = Code("L599");

    fn message(&self, language: Language) -> String {
        let count = self.count;
        if self.any_error {
            say!(language, "and {count} more problems", count)
        } else {
            say!(language, "and {count} more warnings", count)
        }
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "fix the first ones, then check again")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The script has more problems than the output shows."),
        why: text!("The output is limited, because the first problems often cause the rest."),
        wrong: "",
        right: "",
    };
}
