//! Diagnostics about scripts that are larger than the limits allow.

use super::{Code, DiagnosticEntry, Explanation};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use model::limits::{INSTANCES_MAX, LINES_MAX, NESTING_MAX, SCRIPT_BYTES_MAX, TASKS_MAX};
use texts::{Language, say, text};

group! {
    pub(crate) enum LimitProblem {
        TooManyBytes,
        TooManyLines,
        TooDeep,
        TooManyInstances,
        TooManyTasks,
    }
}

/// A script longer than [`SCRIPT_BYTES_MAX`].
#[derive(Clone, Debug)]
pub(crate) struct TooManyBytes {
    bytes: usize,
}

impl Diagnostic {
    pub(crate) fn too_many_bytes(bytes: usize, span: Span) -> Self {
        Self::new(span, TooManyBytes { bytes })
    }
}

impl DiagnosticEntry for TooManyBytes {
    const CODE: Code = Code("L002");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "the script is {bytes} bytes long; the limit is {most}",
            bytes = self.bytes,
            most = SCRIPT_BYTES_MAX
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "use `repeat N:` and `run N task` instead of writing everything out"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The script is too long."),
        why: text!(
            "The limit keeps a link from somebody else from costing much time or memory. A lesson is under one kilobyte."
        ),
        wrong: "",
        right: "a: repeat 1000 (cpu 1ms -> yield)",
    };
}

/// A script of more lines than [`LINES_MAX`].
#[derive(Clone, Debug)]
pub(crate) struct TooManyLines {
    lines: usize,
}

impl Diagnostic {
    pub(crate) fn too_many_lines(lines: usize, span: Span) -> Self {
        Self::new(span, TooManyLines { lines })
    }
}

impl DiagnosticEntry for TooManyLines {
    const CODE: Code = Code("L003");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "the script has {lines} lines; the limit is {most}",
            lines = self.lines,
            most = LINES_MAX
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "use `repeat N:` and `run N task` instead of writing everything out"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The script has too many lines."),
        why: text!(
            "Many equal requests are one line: `run 1000 ping`. Many equal steps are one block: `repeat 1000:`."
        ),
        wrong: "",
        right: "ping: await 1\nrun 1000 ping",
    };
}

/// Blocks that are nested deeper than [`NESTING_MAX`].
#[derive(Clone, Debug)]
pub(crate) struct TooDeep;

impl Diagnostic {
    pub(crate) fn too_deep(span: Span) -> Self {
        Self::new(span, TooDeep)
    }
}

impl DiagnosticEntry for TooDeep {
    const CODE: Code = Code("L107");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "blocks are nested deeper than {deepest}",
            deepest = NESTING_MAX
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "move the inner blocks into a task of their own, and `call` it"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("Blocks are nested too deeply."),
        why: text!(
            "The limit is far beyond what anybody can read, and keeps a hostile script from exhausting the stack. A part can be a task of its own that is `call`ed."
        ),
        wrong: "",
        right: "a: repeat 3 (call b)\nb: repeat 3 (cpu 1)",
    };
}

/// More task instances than [`INSTANCES_MAX`], e.g. `run 1000000000000 ping`.
#[derive(Clone, Debug)]
pub(crate) struct TooManyInstances {
    instances: u128,
}

impl Diagnostic {
    pub(crate) fn too_many_instances(instances: u128, span: Span) -> Self {
        Self::new(span, TooManyInstances { instances })
    }
}

impl DiagnosticEntry for TooManyInstances {
    const CODE: Code = Code("L210");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "{instances} task instances are more than the limit of {most}",
            instances = self.instances,
            most = INSTANCES_MAX
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "run fewer: `run 1000 …` shows the same")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("More tasks arrive than a simulation holds."),
        why: text!(
            "Every instance is simulated and kept, so their number is limited. Queues and waves look the same with a thousand."
        ),
        wrong: "ping: await 1\nrun 1000000000000 ping",
        right: "ping: await 1\nrun 1000 ping",
    };
}

/// More tasks than [`TASKS_MAX`].
#[derive(Clone, Debug)]
pub(crate) struct TooManyTasks;

impl Diagnostic {
    pub(crate) fn too_many_tasks(span: Span) -> Self {
        Self::new(span, TooManyTasks)
    }
}

impl DiagnosticEntry for TooManyTasks {
    const CODE: Code = Code("L211");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "the script defines more tasks than the limit of {most}",
            most = TASKS_MAX
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "use `run N task` instead of many tasks")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The script defines too many tasks."),
        why: text!("Many equal tasks are one definition that runs often: `run 1000 ping`."),
        wrong: "",
        right: "ping: await 1\nrun 1000 ping",
    };
}
