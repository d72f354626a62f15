//! The rules that every input keeps, by kind.
//!
//! A check takes any bytes and panics if a rule is broken. `cargo test --test fuzz` and the
//! targets of cargo-fuzz (`fuzz/`) share these functions.

// Each cargo-fuzz target uses only one kind.
#![allow(dead_code)]

mod answer;
mod link;
mod message;
mod python;
mod run;
#[path = "../../support/scripts/mod.rs"]
pub(crate) mod scripts;
mod table;
mod text;
mod trace;
mod vary;

use loopscope::serve;
use texts::Language;

/// The kind of an input, which selects its parser. The corpus has a folder per kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// The text of a script.
    Script,
    /// The choices of the generator of valid scripts (`support/scripts/`).
    Program,
    /// A Python program.
    Python,
    /// A trace file of Loopscope, Perfetto or VizTracer.
    Trace,
    /// The fragment of a share link.
    Link,
    /// A message between the page and its worker.
    Message,
    /// The body of a request to the companion.
    Request,
    /// The text after `--vary`.
    Vary,
    /// An answer to an exercise or a guess.
    Answer,
    /// A table of libraries, or the shards of a sweep.
    Table,
}

impl Kind {
    pub(crate) const ALL: [Self; 10] = [
        Self::Script,
        Self::Program,
        Self::Python,
        Self::Trace,
        Self::Link,
        Self::Message,
        Self::Request,
        Self::Vary,
        Self::Answer,
        Self::Table,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Program => "program",
            Self::Python => "python",
            Self::Trace => "trace",
            Self::Link => "link",
            Self::Message => "message",
            Self::Request => "request",
            Self::Vary => "vary",
            Self::Answer => "answer",
            Self::Table => "table",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Panics if a rule is broken; returns whether the parser accepted the input.
    pub(crate) fn check(self, input: &[u8]) -> bool {
        // Readers of text get valid UTF-8; the others get the bytes.
        let text = String::from_utf8_lossy(input);
        match self {
            Self::Script => check_script(input),
            Self::Program => check_program(input),
            Self::Python => python::check(&text),
            Self::Trace => trace::check(input),
            Self::Link => link::check(&text),
            Self::Message => message::check(input),
            Self::Request => serve::admits(input),
            Self::Vary => vary::check(&text),
            Self::Answer => answer::check(&text),
            Self::Table => table::check(&text),
        }
    }
}

fn check_script(input: &[u8]) -> bool {
    let (text, parsed) = script::parse_bytes(input);
    text::check_diagnostics(&text, &parsed);
    text::check_tokens(&text);
    if text.as_bytes() != input {
        // The input is not UTF-8, so the text differs from it.
        assert!(parsed.workload.is_none());
        return false;
    }
    text::check_format(&text, &parsed);
    let Some(workload) = parsed.workload else {
        return false;
    };
    run::check(&text, &workload);
    true
}

fn check_program(choices: &[u8]) -> bool {
    let text = scripts::script(&mut scripts::Choices::new(choices));
    assert!(
        check_script(text.as_bytes()),
        "the generator writes valid scripts\n{text}"
    );
    true
}

/// Checks that a user-visible message has a text in every language.
fn check_message(message: impl Fn(Language) -> String) {
    for language in Language::ALL {
        assert!(!message(language).is_empty(), "no text in {language:?}");
    }
}
