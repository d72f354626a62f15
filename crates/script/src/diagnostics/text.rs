//! Diagnostics about the text: encoding, indentation, characters and quotes.

use super::{Code, DiagnosticEntry, Explanation};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::span::Span;
use texts::{Language, say, text};

group! {
    pub(crate) enum TextProblem {
        InvalidUtf8,
        MixedIndentation,
        UnexpectedIndent,
        UnevenDedent,
        UnexpectedCharacter,
        UnclosedText,
        EmptyScript,
        NoTasks,
    }
}

/// A byte that is not valid UTF-8, e.g. `0xff`.
#[derive(Clone, Debug)]
pub(crate) struct InvalidUtf8 {
    byte: u8,
}

impl Diagnostic {
    pub(crate) fn invalid_utf8(byte: u8, span: Span) -> Self {
        Self::new(span, InvalidUtf8 { byte })
    }
}

impl DiagnosticEntry for InvalidUtf8 {
    const CODE: Code = Code("L001");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "byte 0x{byte} is not valid UTF-8",
            byte = format_args!("{:02x}", self.byte)
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "save the file as UTF-8")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The file is not UTF-8."),
        why: text!(
            "Scripts are UTF-8 text, so that names in any alphabet mean the same everywhere. If your editor saved the file in another encoding (CP949, Latin-1, UTF-16), save it again as UTF-8."
        ),
        wrong: "",
        right: "파스타: cpu 3초 -> await 5초",
    };
}

/// Tabs in the indentation of one line, spaces in that of another.
#[derive(Clone, Debug)]
pub(crate) struct MixedIndentation;

impl Diagnostic {
    pub(crate) fn mixed_indentation(span: Span, fix: Fix) -> Self {
        Self::new(span, MixedIndentation).with_fix(fix)
    }
}

impl DiagnosticEntry for MixedIndentation {
    const CODE: Code = Code("L004");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "tabs and spaces are mixed in the indentation of this script"
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "indent with spaces only")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("Tabs and spaces are mixed."),
        why: text!(
            "Editors show tabs with different widths, so a block that mixes tabs and spaces may seem to end at another line. Python rejects it for the same reason. A script may use tabs alone."
        ),
        wrong: "a:\n\tcpu 1\n    await 2",
        right: "a:\n    cpu 1\n    await 2",
    };
}

/// A line that is indented further than the line above, which opens no block.
#[derive(Clone, Debug)]
pub(crate) struct UnexpectedIndent {
    /// The segment above, if there is one.
    after: Option<String>,
}

impl Diagnostic {
    pub(crate) fn unexpected_indent(after: Option<&str>, span: Span) -> Self {
        let after = after.map(str::to_owned);
        Self::new(span, UnexpectedIndent { after })
    }
}

impl DiagnosticEntry for UnexpectedIndent {
    const CODE: Code = Code("L005");

    fn message(&self, language: Language) -> String {
        match &self.after {
            None => say!(language, "this line is indented, but no block is open"),
            Some(after) => say!(
                language,
                "this line is indented, but `{after}` above it opens no block",
                after
            ),
        }
    }

    fn hints(&self, language: Language) -> Vec<String> {
        match &self.after {
            None => vec![say!(language, "move the line to the left margin")],
            Some(_) => vec![
                say!(language, "indent it as far as the line above"),
                say!(
                    language,
                    "begin the line with `->` to continue the line above"
                ),
            ],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A line is indented, but no block is open there."),
        why: text!(
            "Only a line that ends in a colon opens a block. A task on one line continues on the next line only with an arrow."
        ),
        wrong: "a: cpu 1\n    await 2",
        right: "a: cpu 1\n    -> await 2",
    };
}

/// A line that is indented less than its block, but more than the block around it.
#[derive(Clone, Debug)]
pub(crate) struct UnevenDedent;

impl Diagnostic {
    pub(crate) fn uneven_dedent(span: Span) -> Self {
        Self::new(span, UnevenDedent)
    }
}

impl DiagnosticEntry for UnevenDedent {
    const CODE: Code = Code("L006");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "this line is indented less than its block, but more than the block around it"
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(
            language,
            "indent it as far as the other lines of its block"
        )]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The indentation of a line matches no block."),
        why: text!(
            "All lines of a block have the same indentation. To end a block, indent the next line as far as the block around it."
        ),
        wrong: "a:\n    repeat 2:\n        cpu 1\n      cpu 2",
        right: "a:\n    repeat 2:\n        cpu 1\n    cpu 2",
    };
}

/// A character without a meaning, e.g. the `$` of `cpu $3`.
#[derive(Clone, Debug)]
pub(crate) struct UnexpectedCharacter {
    found: String,
}

impl Diagnostic {
    pub(crate) fn unexpected_character(found: &str, span: Span) -> Self {
        let found = found.to_owned();
        Self::new(span, UnexpectedCharacter { found })
    }
}

impl DiagnosticEntry for UnexpectedCharacter {
    const CODE: Code = Code("L007");

    fn message(&self, language: Language) -> String {
        say!(
            language,
            "unexpected character `{found}`",
            found = self.found
        )
    }

    fn hints(&self, language: Language) -> Vec<String> {
        match self.found.as_str() {
            "@" => vec![say!(
                language,
                "delete the line: a script has no decorators"
            )],
            "|" | "&" | "+" => vec![say!(language, "write `->` between segments")],
            _ => vec![say!(language, "delete `{found}`", found = self.found)],
        }
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A character has no meaning in a script."),
        why: text!(
            "Separate segments with `->` or `;`, and names with a comma. Scripts have no decorators or operators."
        ),
        wrong: "a: cpu 1 | await 2",
        right: "a: cpu 1 -> await 2",
    };
}

/// A text without its closing quote, e.g. `print "hello`.
#[derive(Clone, Debug)]
pub(crate) struct UnclosedText {
    close: char,
}

impl Diagnostic {
    pub(crate) fn unclosed_text(span: Span, close: char) -> Self {
        let fix = Fix::safe(vec![Edit::insert(span.end, close)]);
        Self::new(span, UnclosedText { close }).with_fix(fix)
    }
}

impl DiagnosticEntry for UnclosedText {
    const CODE: Code = Code("L008");

    fn message(&self, language: Language) -> String {
        let close = &self.close;
        say!(language, "this text has no closing `{close}`", close)
    }

    fn hints(&self, language: Language) -> Vec<String> {
        let close = &self.close;
        vec![say!(language, "write `{close}` at its end", close)]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("A quoted text is not closed on its line."),
        why: text!("Close a text with the quote that opens it. Write a quote inside it as `\\\"`."),
        wrong: "a: print \"ready",
        right: "a: print \"ready\"",
    };
}

/// A script that is empty or holds only blanks.
#[derive(Clone, Debug)]
pub(crate) struct EmptyScript;

impl Diagnostic {
    pub(crate) fn empty_script() -> Self {
        Self::new(Span::default(), EmptyScript)
    }
}

impl DiagnosticEntry for EmptyScript {
    const CODE: Code = Code("L009");

    fn message(&self, language: Language) -> String {
        say!(language, "the script is empty")
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "write a task: `pasta: cpu 3 -> await 5`")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The script is empty."),
        why: text!("A script needs at least one task with one segment."),
        wrong: "\n",
        right: "pasta: cpu 3 -> await 5",
    };
}

/// A script of comments, settings and resources only.
#[derive(Clone, Debug)]
pub(crate) struct NoTasks;

impl Diagnostic {
    pub(crate) fn no_tasks(span: Span) -> Self {
        Self::new(span, NoTasks)
    }
}

impl DiagnosticEntry for NoTasks {
    const CODE: Code = Code("L010");

    fn message(&self, language: Language) -> String {
        say!(language, "the script has no task")
    }

    fn hints(&self, language: Language) -> Vec<String> {
        vec![say!(language, "write a task: `pasta: cpu 3 -> await 5`")]
    }

    const EXPLANATION: Explanation = Explanation {
        what: text!("The script has no task."),
        why: text!(
            "Settings and resources describe the machine and what tasks share. A script also needs a task to run."
        ),
        wrong: "cores 4",
        right: "cores 4\npasta: cpu 3",
    };
}
