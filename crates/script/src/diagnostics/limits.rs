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
            "use `repeat N:` and `run N task` for repeated parts"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The script is too long."),
        why: text!(
            "The limit bounds the time and memory that a script from a link can use. A lesson is smaller than one kilobyte."
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
            "use `repeat N:` and `run N task` for repeated parts"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The script has too many lines."),
        why: text!(
            "Write many equal requests as one line, `run 1000 ping`, and many equal steps as one block, `repeat 1000:`."
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
            "blocks are nested more than {deepest} levels deep",
            deepest = NESTING_MAX
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "move the inner blocks into another task, and `call` it"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("Blocks are nested too deeply."),
        why: text!(
            "The limit is deeper than any readable script, and keeps a hostile one from exhausting the stack. Move a part into another task, and `call` it."
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
            "the script runs {instances} task instances; the limit is {most}",
            instances = self.instances,
            most = INSTANCES_MAX
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "lower the count: a thousand instances show the same effects"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("More task instances run than the simulator allows."),
        why: text!(
            "The simulator records every instance, so their number is limited. A thousand are enough to see how queues grow."
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
            "the script defines too many tasks; the limit is {most}",
            most = TASKS_MAX
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "define one task, and use `run N task`")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The script defines too many tasks."),
        why: text!("Define equal tasks once, and run them many times: `run 1000 ping`."),
        wrong: "",
        right: "ping: await 1\nrun 1000 ping",
    };
}
