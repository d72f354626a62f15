//! All diagnostics, one entry each, in files by concept.
//!
//! An entry consists of three items:
//!
//! - a struct with the data of the problem, e.g. [`words::UnknownSegment`] with the word
//! - a constructor in `impl Diagnostic`, which also makes the fix
//! - an implementation of [`DiagnosticEntry`]: code, message, hints and explanation
//!
//! To add a diagnostic, write its entry in the file of its concept, name it in the `group!` at the
//! top of that file, and translate its texts in `crates/texts/languages/ko.txt`.
//!
//! The decision that a script has a problem is left to the lexer, the parser, the lowering and the
//! lint.

/// Defines the enum of a file's entries, e.g. `group! { pub(crate) enum NameProblem { … } }`.
macro_rules! group {
    ($visibility:vis enum $group:ident { $($entry:ident,)* }) => {
        // A variant has the name of its entry, also where all begin alike, e.g. `TooManyLines`.
        #[allow(clippy::enum_variant_names)]
        #[derive(Clone, Debug)]
        $visibility enum $group {
            $($entry($entry),)*
        }

        impl $group {
            /// Each code with its explanation.
            pub(super) const EXPLANATIONS: &[(Code, Explanation)] =
                &[$(($entry::CODE, $entry::EXPLANATION),)*];

            pub(super) const fn code(&self) -> Code {
                match self { $(Self::$entry(_) => $entry::CODE,)* }
            }

            pub(super) fn message(&self, language: Language) -> String {
                match self { $(Self::$entry(entry) => entry.message(language),)* }
            }

            pub(super) fn hints(&self, language: Language) -> Vec<String> {
                match self { $(Self::$entry(entry) => entry.hints(language),)* }
            }
        }

        $(impl From<$entry> for super::Problem {
            fn from(entry: $entry) -> Self {
                $group::$entry(entry).into()
            }
        })*
    };
}

mod blocks;
mod code;
mod explanation;
mod grammar;
mod kind;
mod limits;
mod meaning;
mod names;
mod text;
mod values;
mod warnings;
mod words;

pub use code::Code;
pub use explanation::{Explanation, explain, explanation};
pub(crate) use grammar::{Found, MissingSign, Want};
pub(crate) use kind::{NameKind, Wanted};
pub(crate) use meaning::{NewInPython, SyncPlace};
pub(crate) use words::WordsOf;

use super::diagnostic::{Edit, Fix};
use super::span::Span;
use texts::{Language, say};

/// The code and the texts of a diagnostic. The compiler names a part that is missing.
pub(crate) trait DiagnosticEntry {
    const CODE: Code;

    /// In lower case, without a full stop. Names the expected and the found, and quotes the script.
    fn message(&self, language: Language) -> String;

    /// The remedies, the likeliest first. Each starts with a verb, and the text in its backticks
    /// can be typed as it is.
    fn hints(&self, language: Language) -> Vec<String>;

    /// The text of `loopscope explain`. A constant, so that the page's program does not contain it.
    const EXPLANATION: Explanation;
}

/// Defines [`Problem`] and passes each question on to the group.
macro_rules! problem {
    ($($variant:ident($group:ty),)*) => {
        /// A problem of a script: an entry of one of the groups.
        #[derive(Clone, Debug)]
        pub(crate) enum Problem {
            $($variant($group),)*
        }

        impl Problem {
            /// Each code with its explanation, by group.
            const EXPLANATIONS: &[&[(Code, Explanation)]] = &[$(<$group>::EXPLANATIONS,)*];

            pub(crate) const fn code(&self) -> Code {
                match self { $(Self::$variant(group) => group.code(),)* }
            }

            pub(crate) fn message(&self, language: Language) -> String {
                match self { $(Self::$variant(group) => group.message(language),)* }
            }

            pub(crate) fn hints(&self, language: Language) -> Vec<String> {
                match self { $(Self::$variant(group) => group.hints(language),)* }
            }
        }

        $(impl From<$group> for Problem {
            fn from(group: $group) -> Self {
                Self::$variant(group)
            }
        })*
    };
}

problem! {
    Text(text::TextProblem),
    Word(words::WordProblem),
    Grammar(grammar::GrammarProblem),
    Block(blocks::BlockProblem),
    Limit(limits::LimitProblem),
    Value(values::ValueProblem),
    Name(names::NameProblem),
    Meaning(meaning::MeaningProblem),
    Warning(warnings::Warning),
}

/// Problems with equal texts are equal. Comparing the data of each entry instead would make the
/// page's program larger.
impl PartialEq for Problem {
    fn eq(&self, other: &Self) -> bool {
        let texts = |one: &Self| (one.message(Language::En), one.hints(Language::En));
        self.code() == other.code() && texts(self) == texts(other)
    }
}

/// The fix of a misspelt word, if there is a similar one.
fn respelling_fix(span: Span, near: Option<&str>) -> Option<Fix> {
    near.map(|near| Fix::safe(vec![Edit::replace(span, near)]))
}

/// The hint of a misspelt word.
fn write_near(near: &str, language: Language) -> String {
    say!(language, "write `{near}`", near)
}
