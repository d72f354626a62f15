//! What the page may ask, and what it is told.

use serde::{Deserialize, Serialize};

use crate::view::node::Node;
use texts::Language;

/// What is asked of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Question {
    pub(crate) script: String,
    pub(crate) language: Language,
    /// Small charts have the page's colours.
    pub(crate) dark: bool,
    pub(crate) ask: Ask,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// What is wrong, what each line costs others, what the total consists of.
    Findings,
    /// Why an instance waits at an instant, and who waits for it.
    Why { instance: u32, at_ns: u64 },
    /// The script under each placement.
    Compare,
    /// Which orders are accidents.
    Orders { percent: u32 },
    /// Where a run of another script first differs.
    Difference { other: String },
    /// An exercise of each family.
    Exercises { seed: u64 },
    /// Whether a guess is right, and what a wrong one thinks.
    Guess(Guessed),
    /// The program that stands in the place of the script, as a script.
    Python { library: String },
    /// The next points of a sweep; the first of them begins it.
    Sweep {
        vary: String,
        from: u32,
        points: u32,
    },
}

/// What was guessed, as it was written or drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Guessed {
    Total(String),
    Order(String),
    Bars(Vec<Drawn>),
}

/// When somebody is thought to begin and to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Drawn {
    pub(crate) instance: u32,
    pub(crate) start_ns: u64,
    pub(crate) end_ns: u64,
}

impl Ask {
    /// Whether both are about the same thing, whatever its details: the later replaces the earlier.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) panel: Node,
    pub(crate) more: More,
}

/// What an answer says beyond its panel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum More {
    Nothing,
    Found {
        findings: u32,
        /// The total in closed form, or why there is none.
        formula: Box<Node>,
        margin: Vec<Margin>,
        path: Vec<Stretch>,
    },
    Judged {
        is_right: bool,
    },
    /// How far a sweep has come.
    Swept {
        done: u32,
        all: u32,
    },
}

/// What stands beside a line of the script: what it cost others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Margin {
    pub(crate) line: u32,
    /// `6s`.
    pub(crate) text: String,
    /// In a sentence.
    pub(crate) title: String,
    /// Of the dearest line, in hundredths.
    pub(crate) weight: u32,
}

/// A part of the critical path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stretch {
    pub(crate) instance: u32,
    pub(crate) start_ns: u64,
    pub(crate) end_ns: u64,
}

/// What the reader can do in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Deed {
    /// This as the script; what it replaces can be had back.
    Rewrite(String),
    /// This as the script, to be guessed at.
    Exercise(String),
    /// Move the cursor to this instant.
    At(u64),
    /// Light the bars of this line.
    Line(u32),
    /// Into the clipboard.
    Copy(String),
}
