//! The findings and the formula of a result, as they are in the JSON.
//!
//! Plain data; the caller fills it in.

use serde::Serialize;

/// A finding, with its lines and its remedy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// E.g. `blocking_on_loop`.
    pub code: String,
    /// The lines of the script that cause it.
    pub lines: Vec<u32>,
    /// The files of these lines, for a Python program.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The segments on these lines.
    pub spans: Vec<Stretch>,
    /// The time that other tasks waited because of it.
    pub cost_ns: u64,
    /// Two sentences: the problem, and its consequence.
    pub text: String,
    /// `None` if no change of the script was found that helps.
    pub fix: Option<Fix>,
}

/// A remedy: a change of the script, with its simulated effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    pub text: String,
    /// The total of the changed script.
    pub total_ns: u64,
    /// The waiting time of all tasks in the changed script, added up.
    pub waited_ns: u64,
    /// The edits of the change, to be applied together. They do not overlap.
    pub edits: Vec<Edit>,
}

/// Replaces the script from `start` to `end` by `text`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    pub start: Position,
    pub end: Position,
    pub text: String,
}

/// A range of the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stretch {
    pub start: Position,
    pub end: Position,
}

/// A position in the script. Lines and columns count from 1, columns in characters, bytes from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    pub line: usize,
    pub column: usize,
    pub byte: u32,
}

/// The total in closed form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Formula {
    /// E.g. `3s = ceil(100/40) × 1s`.
    pub text: String,
    /// The durations of the formula, in their order.
    pub terms: Vec<Term>,
}

/// A duration in a formula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    pub value_ns: u64,
    /// The lines of the script with this duration. Empty for a time of arrival.
    pub lines: Vec<u32>,
}
