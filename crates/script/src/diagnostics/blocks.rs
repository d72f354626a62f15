//! Diagnostics about blocks: their bodies, clauses and nesting.

use super::{Code, DiagnosticEntry, Explanation};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::span::Span;
use crate::vocabulary::{CLAUSES, ClauseWord, spelling};
use texts::{Language, say, text};

group! {
    pub(crate) enum BlockProblem {
        MissingBody,
        StrayClause,
        LonelyTry,
        ReservedName,
        BlockInLine,
    }
}

/// A header without a segment below it, e.g. `a:`.
#[derive(Clone, Debug)]
pub(crate) struct MissingBody {
    after: String,
}

impl Diagnostic {
    pub(crate) fn missing_body(after: &str, span: Span) -> Self {
        let after = after.to_owned();
        Self::new(span, MissingBody { after })
    }
}

impl DiagnosticEntry for MissingBody {
    const CODE: Code = Code("L106");

    fn message(&self, language: Language) -> String {
        say!(language, "`{after}:` has no body", after = self.after)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "indent at least one segment below it, such as `await 1`"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A line ends in a colon, but no line below it is indented."),
        why: text!("A block needs at least one segment, on the same line or indented below it."),
        wrong: "a:\nb: cpu 1",
        right: "a:\n    cpu 1\nb: cpu 1",
    };
}

/// A clause without its block, e.g. `else:` without a `timeout` above it.
#[derive(Clone, Debug)]
pub(crate) struct StrayClause {
    clause: ClauseWord,
}

impl Diagnostic {
    pub(crate) fn stray_clause(clause: ClauseWord, span: Span) -> Self {
        Self::new(span, StrayClause { clause })
    }
}

impl DiagnosticEntry for StrayClause {
    const CODE: Code = Code("L109");

    fn message(&self, language: Language) -> String {
        let owner = match self.clause {
            ClauseWord::Else => "timeout",
            ClauseWord::Except | ClauseWord::Finally => "try",
        };
        say!(
            language,
            "`{clause}` has no `{owner}` above it in this block",
            clause = spelling(CLAUSES, self.clause),
            owner
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        match self.clause {
            ClauseWord::Else => vec![say!(language, "write `timeout 3:` and a block above it")],
            ClauseWord::Except | ClauseWord::Finally => {
                vec![say!(language, "write `try:` and a block above it")]
            }
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("`else` has no `timeout` above it, or `except` or `finally` has no `try`."),
        why: text!(
            "`else:` comes after a `timeout` block, `except:` and then `finally:` after a `try` block. Indent them as far as the `timeout` or the `try`."
        ),
        wrong: "a:\n    await 5\n    else:\n        print \"late\"",
        right: "a:\n    timeout 3:\n        await 5\n    else:\n        print \"late\"",
    };
}

/// `try:` without `except:` and `finally:`.
#[derive(Clone, Debug)]
pub(crate) struct LonelyTry;

impl Diagnostic {
    pub(crate) fn lonely_try(span: Span) -> Self {
        Self::new(span, LonelyTry)
    }
}

impl DiagnosticEntry for LonelyTry {
    const CODE: Code = Code("L110");

    fn message(&self, language: Language) -> String {
        say!(language, "`try` has neither `except` nor `finally`")
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "write `except:` and a block below it")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("`try` has neither `except` nor `finally`."),
        why: text!(
            "A `try` alone has no effect. `except:` runs if the block fails, `finally:` runs in any case."
        ),
        wrong: "a: try (fail \"x\")",
        right: "a: try (fail \"x\") except (print \"caught\")",
    };
}

/// The word of a block at the left margin, e.g. `thread:`.
#[derive(Clone, Debug)]
pub(crate) struct ReservedName {
    word: String,
}

impl Diagnostic {
    pub(crate) fn reserved_name(word: &str, span: Span) -> Self {
        let fix = Fix::unsafe_(vec![Edit::insert(span.start, "async def ")]);
        let word = word.to_owned();
        Self::new(span, ReservedName { word }).with_fix(fix)
    }
}

impl DiagnosticEntry for ReservedName {
    const CODE: Code = Code("L111");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "`{word}:` opens a block and belongs inside a task, not at the left margin",
            word = self.word
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![
            say!(language, "indent it below the task that it belongs to"),
            say!(
                language,
                "write `async def {word}:` to define a task with this name",
                word = self.word
            ),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A block is at the left margin, outside a task."),
        why: text!(
            "A name with a colon at the left margin defines a task, but `thread:` opens a block. To define a task called `thread`, write `async def thread:`."
        ),
        wrong: "thread:\n    block 1",
        right: "a:\n    thread:\n        block 1",
    };
}

/// A block with a colon within a line, e.g. `a: thread: block 1`.
#[derive(Clone, Debug)]
pub(crate) struct BlockInLine {
    word: String,
    /// The segment up to its block: `timeout 3`.
    head: String,
}

impl Diagnostic {
    /// The fix puts the block in parentheses. It exists if the block ends with the line, at
    /// `line_end`. `colon` covers the blanks around the colon too.
    pub(crate) fn block_in_line(
        word: &str,
        head: &str,
        span: Span,
        colon: Span,
        line_end: Option<Span>,
    ) -> Self {
        let fix = line_end
            .map(|end| Fix::unsafe_(vec![Edit::replace(colon, " ("), Edit::insert(end.end, ")")]));
        let (word, head) = (word.to_owned(), head.to_owned());
        Self::new(span, BlockInLine { word, head }).with_fix(fix)
    }
}

impl DiagnosticEntry for BlockInLine {
    const CODE: Code = Code("L112");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "on one line, the block of `{word}` needs parentheses",
            word = self.word
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let head = &self.head;
        vec![
            say!(language, "write `{head} (block 1 -> cpu 2)`", head),
            say!(
                language,
                "write each segment on its own line, indented below the task"
            ),
        ]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A block on one line begins with a colon."),
        why: text!(
            "In `thread: block 1 -> await 2`, the end of the block is ambiguous: `await 2` may belong to the block or follow it. Parentheses mark both ends."
        ),
        wrong: "a: await 1 -> thread: block 1",
        right: "a: await 1 -> thread (block 1)",
    };
}
