//! Diagnostics about the tokens of a line: missing, surplus or in the wrong place.

use super::{Code, DiagnosticEntry, Explanation};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::lexer::is_name;
use crate::span::Span;
use texts::{Language, Text, say, text};

group! {
    pub(crate) enum GrammarProblem {
        Expected,
        UnbalancedBracket,
        TaskArguments,
        MissingArrow,
        ClashingArrivals,
    }
}

/// Another token than the grammar requires, e.g. `cpu -> await 5`.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    want: Want,
    found: Found,
}

impl Diagnostic {
    pub(crate) fn expected(want: Want, found: Found, span: Span) -> Self {
        Self::new(span, Expected { want, found })
    }

    /// A header without its colon, e.g. `pasta cpu 3`. The fix inserts the colon behind `before`.
    pub(crate) fn missing_colon(found: Found, span: Span, before: Span) -> Self {
        let want = Want::Colon;
        let fix = Fix::safe(vec![Edit::insert(before.end, ":")]);
        Self::new(span, Expected { want, found }).with_fix(fix)
    }
}

impl DiagnosticEntry for Expected {
    const CODE: Code = Code("L104");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "expected {want}, found {found}",
            want = self.want.name_in_message().of(language),
            found = self.found.quoted(language)
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        self.want.hints(&self.found, language)
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A part of the line is missing, or another word is in its place."),
        why: text!(
            "The message says which part is expected at the marked place. A duration is a number with a unit: `ns`, `us`, `ms`, `s`, `min` or `h`. Without a unit, it is in seconds."
        ),
        wrong: "a: cpu -> await 5",
        right: "a: cpu 3 -> await 5",
    };
}

/// The token or phrase that the grammar requires at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Segment,
    Duration,
    /// Behind `..`.
    UpperEnd,
    Count,
    /// The number of a `/s`.
    RateUnit,
    TaskName,
    NewName,
    QueueName,
    ResourceName,
    EventName,
    ConditionName,
    WaitName,
    HandleName,
    Text,
    Colon,
    Def,
    Block,
    TaskOrBlock,
    OnOrOff,
    Version,
    Claim,
    Stage,
    LineEnd,
    Arrival,
}

impl Want {
    /// Its name in a message; the Korean name ends in its particle.
    fn name_in_message(self) -> Text {
        match self {
            Self::Segment => text!("a segment such as `cpu 3`"),
            Self::Duration => text!("a duration such as `3s`"),
            Self::UpperEnd => text!("the upper end of the range"),
            Self::Count => text!("a number"),
            Self::RateUnit => text!("a unit of time such as `s`"),
            Self::TaskName => text!("the name of a task"),
            Self::NewName => text!("a name"),
            Self::QueueName => text!("the name of a queue"),
            Self::ResourceName => text!("the name of a semaphore, a lock, a condition or a pool"),
            Self::EventName => text!("the name of an event"),
            Self::ConditionName => text!("the name of a condition"),
            Self::WaitName => text!("the name of a handle, an event or a condition"),
            Self::HandleName => text!("the name of a handle"),
            Self::Text => text!("a text in quotes"),
            Self::Colon => text!("`:`"),
            Self::Def => text!("`def`"),
            Self::Block => text!("`:` and a block"),
            Self::TaskOrBlock => text!("the name of a task, or `:` and a block"),
            Self::OnOrOff => text!("`on` or `off`"),
            Self::Version => text!("a version such as `3.14`"),
            Self::Claim => text!("an expectation such as `total 9s`"),
            Self::Stage => text!("`started`, `done`, `responded`, `failed`, `cancelled` or `p95`"),
            Self::LineEnd => text!("the end of the line"),
            Self::Arrival => text!("`at`, `every` or `from`"),
        }
    }

    fn hints(self, found: &Found, language: Language) -> Vec<String> {
        match self {
            Self::Segment => vec![say!(language, "write `cpu 1`, `await 1` or `block 1`")],
            Self::Duration => vec![say!(language, "write `3s` or `150ms`")],
            Self::UpperEnd => vec![say!(language, "write `1..3s`")],
            Self::Count => vec![say!(language, "write `3`")],
            Self::RateUnit => vec![say!(language, "write `50/s`")],
            Self::NewName => match found {
                Found::Text(text) if begins_with_digit(text) => {
                    vec![say!(language, "begin the name with a letter")]
                }
                _ => vec![say!(language, "write a name such as `pasta`")],
            },
            Self::Text => vec![say!(language, "write `\"text\"`")],
            Self::Colon => vec![say!(language, "write `:`")],
            Self::Def => vec![say!(language, "write `async def`")],
            Self::Block => vec![
                say!(language, "write `:` and the segments indented below"),
                say!(language, "write the segments in parentheses"),
            ],
            Self::OnOrOff => vec![say!(language, "write `gil on` or `gil off`")],
            Self::Version => vec![say!(language, "write `python 3.14`")],
            Self::Claim => vec![
                say!(language, "write `expect total 9s`"),
                say!(language, "write `expect pasta done 8s`"),
            ],
            Self::Stage => vec![say!(
                language,
                "write `done` after the task: `expect pasta done 8s`"
            )],
            Self::LineEnd => vec![say!(language, "start a new line")],
            Self::Arrival => match found {
                Found::Text(number) if begins_with_digit(number) => {
                    vec![say!(
                        language,
                        "write the number first: `run {number} task`",
                        number
                    )]
                }
                Found::Text(name) if is_name(name) => vec![
                    say!(language, "write `, {name}` to run that task too", name),
                    say!(language, "write `at 2s`, `every 10ms` or `at 50/s`"),
                ],
                _ => vec![say!(language, "write `at 2s`, `every 10ms` or `at 50/s`")],
            },
            Self::TaskOrBlock => vec![
                say!(language, "write `thread f`"),
                say!(language, "write `thread (block 1)`"),
            ],
            Self::TaskName
            | Self::QueueName
            | Self::ResourceName
            | Self::EventName
            | Self::ConditionName
            | Self::WaitName
            | Self::HandleName => vec![say!(language, "write its name")],
        }
    }
}

/// The token that is there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    LineEnd,
    Text(String),
}

impl Found {
    fn quoted(&self, language: Language) -> String {
        match self {
            Self::Text(text) => say!(language, "`{text}`", text),
            Self::LineEnd => say!(language, "the end of the line"),
        }
    }
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// A bracket without its counterpart, e.g. `thread (block 1` or `cpu 3)`.
#[derive(Clone, Debug)]
pub(crate) struct UnbalancedBracket {
    bracket: char,
    counterpart: char,
}

impl Diagnostic {
    pub(crate) fn unbalanced_bracket(bracket: char, counterpart: char, span: Span) -> Self {
        let problem = UnbalancedBracket {
            bracket,
            counterpart,
        };
        Self::new(span, problem)
    }
}

impl DiagnosticEntry for UnbalancedBracket {
    const CODE: Code = Code("L108");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{bracket}` has no `{counterpart}`",
            bracket = self.bracket,
            counterpart = self.counterpart
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        match self.bracket {
            '(' | '[' => vec![say!(
                language,
                "write `{counterpart}` at its end",
                counterpart = self.counterpart
            )],
            _ => vec![say!(language, "delete `{bracket}`", bracket = self.bracket)],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A bracket is not closed, or was never opened."),
        why: text!(
            "Parentheses enclose a block on one line, and square brackets can enclose a segment. Close each on the line that opens it."
        ),
        wrong: "a: thread (block 1 -> cpu 2",
        right: "a: thread (block 1) -> cpu 2",
    };
}

/// A task with arguments, e.g. `def f(x):`.
#[derive(Clone, Debug)]
pub(crate) struct TaskArguments {
    name: String,
}

impl Diagnostic {
    /// `span` covers the parentheses, which the fix deletes.
    pub(crate) fn task_arguments(name: &str, span: Span) -> Self {
        let name = name.to_owned();
        let fix = Fix::safe(vec![Edit::replace(span, "")]);
        Self::new(span, TaskArguments { name }).with_fix(fix)
    }
}

impl DiagnosticEntry for TaskArguments {
    const CODE: Code = Code("L113");

    fn message(&self, language: Language) -> String {
        let name = &self.name;
        say!(language, "the task `{name}` takes no arguments", name)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "write `{name}:`", name = self.name)]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A task has arguments."),
        why: text!(
            "A script describes when tasks run, not the values that they use. Define a separate task for each different duration."
        ),
        wrong: "async def ping(seconds): await 3",
        right: "async def ping: await 3",
    };
}

/// Two segments without an arrow between them, e.g. `cpu 3 await 5`.
#[derive(Clone, Debug)]
pub(crate) struct MissingArrow {
    found: String,
    missing: MissingSign,
}

impl Diagnostic {
    /// `before` ends where the fix inserts an arrow or a comma.
    pub(crate) fn missing_arrow(
        found: &str,
        missing: MissingSign,
        span: Span,
        before: Span,
    ) -> Self {
        let fix = match missing {
            MissingSign::Arrow => Some(Fix::safe(vec![Edit::insert(before.end, " ->")])),
            MissingSign::ArrowInstead => Some(Fix::safe(vec![Edit::replace(span, "->")])),
            MissingSign::Comma => Some(Fix::safe(vec![Edit::insert(before.end, ",")])),
            MissingSign::Nothing => None,
        };
        let problem = MissingArrow {
            found: found.to_owned(),
            missing,
        };
        Self::new(span, problem).with_fix(fix)
    }
}

impl DiagnosticEntry for MissingArrow {
    const CODE: Code = Code("L114");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "expected `->` or the end of the line, found `{found}`",
            found = self.found
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let found = &self.found;
        let hint = match self.missing {
            MissingSign::Arrow => say!(language, "write `-> {found}`", found),
            MissingSign::ArrowInstead => say!(language, "write `->`"),
            MissingSign::Comma => say!(language, "write `, {found}`", found),
            MissingSign::Nothing => say!(language, "delete `{found}`", found),
        };
        vec![hint]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("Two segments on a line have no arrow between them."),
        why: text!(
            "On one line, separate segments with `->` or `;`. In a block, write each segment on its own line."
        ),
        wrong: "a: cpu 3 await 5",
        right: "a: cpu 3 -> await 5",
    };
}

/// The sign that makes sense of a token behind a whole segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MissingSign {
    /// The token begins a segment.
    Arrow,
    /// The token looks like an arrow: `>`, `=>`.
    ArrowInstead,
    /// The token is one more member: `gather a b`.
    Comma,
    /// No sign would help, so the token has to go.
    Nothing,
}

/// Arrivals that contradict each other, e.g. `run a every 1s at 50/s`.
#[derive(Clone, Debug)]
pub(crate) struct ClashingArrivals;

impl Diagnostic {
    pub(crate) fn clashing_arrivals(span: Span) -> Self {
        Self::new(span, ClashingArrivals)
    }
}

impl DiagnosticEntry for ClashingArrivals {
    const CODE: Code = Code("L117");

    fn message(&self, language: Language) -> String {
        say!(language, "this line already says when its tasks arrive")
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "write only one of `at 2s`, `every 10ms` and `at 50/s`; `from 2s` may follow the last two"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A `run` line describes its arrivals in two ways."),
        why: text!(
            "Tasks arrive together (`at 2s`), at a fixed interval (`every 10ms`) or at random (`at 50/s`). For the last two, `from 2s` sets the first arrival."
        ),
        wrong: "a: cpu 1\nrun 9 a every 1s at 50/s",
        right: "a: cpu 1\nrun 9 a every 1s from 3s",
    };
}
