//! Diagnostics about the words that begin a statement or a segment.

use super::{Code, DiagnosticEntry, Explanation, respelling_fix, write_near};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::lexer::is_name;
use crate::python::PythonCounterpart;
use crate::span::Span;
use texts::{Language, say, text};

group! {
    pub(crate) enum WordProblem {
        UnknownStatement,
        UnknownSegment,
        PythonWord,
        UnknownWord,
        SegmentOutsideTask,
        StatementInsideTask,
        AwaitTask,
    }
}

/// A word at the left margin that begins no statement, e.g. `rnu 100 ping`.
#[derive(Clone, Debug)]
pub(crate) struct UnknownStatement {
    word: String,
    near: Option<String>,
}

impl Diagnostic {
    pub(crate) fn unknown_statement(word: &str, near: Option<&str>, span: Span) -> Self {
        let problem = UnknownStatement {
            word: word.to_owned(),
            near: near.map(str::to_owned),
        };
        Self::new(span, problem).with_fix(respelling_fix(span, near))
    }
}

impl DiagnosticEntry for UnknownStatement {
    const CODE: Code = Code("L101");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "expected a task, a setting, `run` or `expect`, found `{word}`",
            word = self.word
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let word = &self.word;
        match &self.near {
            Some(near) => vec![write_near(near, language)],
            None if is_name(word) => vec![say!(
                language,
                "write `{word}: cpu 1` to define a task",
                word
            )],
            None => vec![say!(language, "write a task: `pasta: cpu 3 -> await 5`")],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A line at the left margin is not a statement."),
        why: text!(
            "The left margin is for tasks (`name:`, `def name:`), settings such as `cores 4`, resources such as `queue q`, and `run` and `expect` lines."
        ),
        wrong: "pasta: cpu 3\nrnu 100 pasta",
        right: "pasta: cpu 3\nrun 100 pasta",
    };
}

/// A word that begins no segment, e.g. `cpuu 3`.
#[derive(Clone, Debug)]
pub(crate) struct UnknownSegment {
    word: String,
    near: Option<String>,
}

impl Diagnostic {
    pub(crate) fn unknown_segment(word: &str, near: Option<&str>, span: Span) -> Self {
        let problem = UnknownSegment {
            word: word.to_owned(),
            near: near.map(str::to_owned),
        };
        Self::new(span, problem).with_fix(respelling_fix(span, near))
    }
}

impl DiagnosticEntry for UnknownSegment {
    const CODE: Code = Code("L102");

    fn message(&self, language: Language) -> String {
        say!(language, "unknown segment `{word}`", word = self.word)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let word = &self.word;
        match &self.near {
            Some(near) => vec![write_near(near, language)],
            None if is_name(word) => vec![
                say!(language, "write `call {word}` if it is a task", word),
                say!(language, "write `cpu 1`, `await 1` or `block 1`"),
            ],
            None => vec![say!(language, "write `cpu 1`, `await 1` or `block 1`")],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A segment begins with an unknown word."),
        why: text!(
            "A segment is one step of a task: `cpu` computes, `await` waits and lets the loop run other tasks, `block` waits and holds its thread. The language reference lists all segments."
        ),
        wrong: "pasta: boil 3",
        right: "pasta: await 3 \"boil\"",
    };
}

/// Python code in the place of a segment, e.g. `requests.get(url)`.
#[derive(Clone, Debug)]
pub(crate) struct PythonWord {
    word: String,
    python: &'static PythonCounterpart,
}

impl Diagnostic {
    pub(crate) fn python_word(word: &str, python: &'static PythonCounterpart, span: Span) -> Self {
        let word = word.to_owned();
        Self::new(span, PythonWord { word, python })
    }
}

impl DiagnosticEntry for PythonWord {
    const CODE: Code = Code("L103");

    fn message(&self, language: Language) -> String {
        let word = &self.word;
        say!(language, "`{word}` is Python code, not a segment", word)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let doc = self.python.doc.of(language);
        match self.python.instead {
            "" => vec![say!(language, "delete it: {doc}", doc)],
            instead => vec![say!(language, "write `{instead}`: {doc}", instead, doc)],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The script contains Python code in place of a segment."),
        why: text!(
            "A script does not call libraries. It says how long a call takes and whether it holds its thread: write `block` for `requests` and `psycopg2`, `await` for `httpx` and `asyncpg`. The name of the call can follow as a label."
        ),
        wrong: "ping: requests.get(\"http://x\")",
        right: "ping: block 1 \"requests.get\"",
    };
}

/// An unknown word in an expectation, e.g. `expect totl 9s`.
#[derive(Clone, Debug)]
pub(crate) struct UnknownWord {
    word: String,
    near: Option<String>,
    of: WordsOf,
}

impl Diagnostic {
    pub(crate) fn unknown_word(word: &str, near: Option<&str>, of: WordsOf, span: Span) -> Self {
        let problem = UnknownWord {
            word: word.to_owned(),
            near: near.map(str::to_owned),
            of,
        };
        Self::new(span, problem).with_fix(respelling_fix(span, near))
    }
}

impl DiagnosticEntry for UnknownWord {
    const CODE: Code = Code("L105");

    fn message(&self, language: Language) -> String {
        match self.of {
            WordsOf::Claim => say!(language, "unknown expectation `{word}`", word = self.word),
            WordsOf::Stage => say!(
                language,
                "unknown stage `{word}` of a task",
                word = self.word
            ),
        }
    }

    fn hints(&self, language: Language) -> Vec<String> {
        match (&self.near, self.of) {
            (Some(near), _) => vec![write_near(near, language)],
            (None, WordsOf::Claim) => vec![say!(
                language,
                "write `total`, `order`, `threads`, `loop lag`, `freeze` or `deadlock`"
            )],
            (None, WordsOf::Stage) => vec![say!(
                language,
                "write `started`, `done`, `responded`, `failed`, `cancelled` or `p95`"
            )],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("An expectation contains an unknown word."),
        why: text!(
            "An expectation is about `total`, `order`, `threads`, `loop lag`, `freeze` or `deadlock`, or about a task: `started`, `done`, `responded`, `failed` or `cancelled`, and `p50`, `p95` or `p99` of its latencies."
        ),
        wrong: "a: cpu 3\nexpect totl 3s",
        right: "a: cpu 3\nexpect total 3s",
    };
}

/// The set of words that a misspelt one belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WordsOf {
    Claim,
    Stage,
}

/// A segment at the left margin, e.g. `cpu 3`.
#[derive(Clone, Debug)]
pub(crate) struct SegmentOutsideTask {
    word: String,
}

impl Diagnostic {
    pub(crate) fn segment_outside_task(word: &str, span: Span) -> Self {
        let word = word.to_ascii_lowercase();
        Self::new(span, SegmentOutsideTask { word })
    }
}

impl DiagnosticEntry for SegmentOutsideTask {
    const CODE: Code = Code("L115");

    fn message(&self, language: Language) -> String {
        let word = &self.word;
        say!(language, "the segment `{word}` is outside a task", word)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![
            say!(language, "indent it below a task"),
            say!(
                language,
                "write `name: {word} …` to define a task",
                word = self.word
            ),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A segment is at the left margin, outside a task."),
        why: text!("Segments belong to a task: write them after its colon or indented below it."),
        wrong: "cpu 3 -> await 5\na: cpu 1",
        right: "pasta: cpu 3 -> await 5\na: cpu 1",
    };
}

/// A statement in the body of a task, e.g. `run a`.
#[derive(Clone, Debug)]
pub(crate) struct StatementInsideTask {
    word: String,
}

impl Diagnostic {
    pub(crate) fn statement_inside_task(word: &str, span: Span) -> Self {
        let word = word.to_owned();
        Self::new(span, StatementInsideTask { word })
    }
}

impl DiagnosticEntry for StatementInsideTask {
    const CODE: Code = Code("L116");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{word}` belongs at the left margin, not inside a task",
            word = self.word
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "move the line to the left margin")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A statement is inside a task."),
        why: text!(
            "Tasks, settings, resources, `run` and `expect` apply to the whole script: write them at the left margin."
        ),
        wrong: "a:\n    cpu 1\n    run 3 a",
        right: "a:\n    cpu 1\nrun 3 a",
    };
}

/// A name in the place of the duration of `await`, e.g. `await f`.
#[derive(Clone, Debug)]
pub(crate) struct AwaitTask {
    name: String,
}

impl Diagnostic {
    /// `keyword` is the `await` that the fix replaces.
    pub(crate) fn await_task(name: &str, keyword: Span, span: Span) -> Self {
        let fix = Fix::unsafe_(vec![Edit::replace(keyword, "call")]);
        let name = name.to_owned();
        Self::new(span, AwaitTask { name }).with_fix(fix)
    }
}

impl DiagnosticEntry for AwaitTask {
    const CODE: Code = Code("L118");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`await` takes a duration, but `{name}` is a name",
            name = self.name
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![
            say!(
                language,
                "write `call {name}` to run the task here",
                name = self.name
            ),
            say!(
                language,
                "write `wait {name}` to wait for a spawned task",
                name = self.name
            ),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A name follows `await`."),
        why: text!(
            "Python's `await` has three words here: `await 3` waits for a time, `call f` runs a coroutine inline, and `wait h` waits for a spawned task."
        ),
        wrong: "a: await b\nb: cpu 1",
        right: "a: call b\nb: cpu 1",
    };
}
