//! What a result says about itself: findings with their remedies, and the formula.
//!
//! Plain data, filled in by whoever looked for them; the shapes of the JSON.

use serde::Serialize;

/// Something that makes the run slow, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `blocking_on_loop`.
    pub code: String,
    /// Lines of the script that are to blame.
    pub lines: Vec<u32>,
    /// The segments on these lines.
    pub spans: Vec<Stretch>,
    /// Seconds that others waited because of it.
    pub cost_ns: u64,
    /// What it is and why it matters, in two sentences.
    pub text: String,
    pub fix: Option<Fix>,
}

/// A change of the script, and what it was simulated to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    pub text: String,
    pub total_ns: u64,
    /// What all would then wait for others, in sum.
    pub waited_ns: u64,
    /// All of them together; they do not overlap.
    pub edits: Vec<Edit>,
}

/// `text` in the place of what stands from `start` to `end`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    pub start: Position,
    pub end: Position,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stretch {
    pub start: Position,
    pub end: Position,
}

/// Line and column count from 1, in characters; bytes from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
    pub byte: u32,
}

/// The total in closed form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Formula {
    /// `3s = ceil(100/40) × 1s`.
    pub text: String,
    /// Its lengths, in the order in which they stand in it.
    pub terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    pub value_ns: u64,
    /// Where it stands in the script; nowhere, if it is a time of arrival.
    pub lines: Vec<u32>,
}
