//! Requests to the analysis of a run.

use serde::{Deserialize, Serialize};

use super::Program;
use super::panel::PanelNode;
use texts::Language;

/// Findings, comparisons, guesses and sweeps.
#[derive(Debug)]
pub(crate) enum Analyst {}

impl Program for Analyst {
    const NAME: &'static str = "insight";
    type Request = AnalysisRequest;
    type Response = AnalysisResponse;
}

/// A question about a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AnalysisRequest {
    pub(crate) script: String,
    pub(crate) language: Language,
    /// Small charts use the page's dark colours.
    pub(crate) dark: bool,
    pub(crate) ask: AnalysisKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum AnalysisKind {
    /// The findings, the time that each line cost other tasks, and the critical path.
    Findings,
    /// Why an instance waits at an instant, and which instances wait for it.
    Why { instance: u32, at_ns: u64 },
    /// The script under each strategy.
    Compare,
    /// Which orders are guaranteed when durations vary by this percentage, e.g. 20.
    Orders { percent: u32 },
    /// The first difference from the run of another script.
    Difference { other: String },
    /// A new exercise of each family.
    Exercises { seed: u64 },
    /// Whether a guess is right, or else the misconception behind it.
    Guess(GuessedAnswer),
    /// The words of the language. It is about no script.
    CheatSheet,
    /// The next points of a sweep. `from` 0 begins a new one.
    Sweep {
        vary: String,
        from: u32,
        points: u32,
    },
}

/// A guess, as typed or drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum GuessedAnswer {
    Total(String),
    Order(String),
    Bars(Vec<DrawnBar>),
}

/// The guessed bar of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DrawnBar {
    pub(crate) instance: u32,
    pub(crate) start_ns: u64,
    pub(crate) end_ns: u64,
}

impl AnalysisKind {
    /// Whether both are of one kind: then the later question replaces the earlier one.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AnalysisResponse {
    pub(crate) panel: PanelNode,
    pub(crate) more: AnalysisData,
}

/// The data of an answer for parts of the page outside of the panel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum AnalysisData {
    Nothing,
    Found {
        /// The number of findings.
        findings: u32,
        /// The total in closed form, or the reason why there is none.
        formula: Box<PanelNode>,
        /// One sentence: the first finding, or the formula. Empty if there is neither.
        verdict: Box<PanelNode>,
        /// The change with the shortest total.
        fix: Option<BestFix>,
        /// Where the total goes.
        parts: Box<PanelNode>,
        margin: Vec<LineCost>,
        path: Vec<PathSpan>,
    },
    Judged {
        is_right: bool,
    },
    /// The progress of a sweep.
    Swept {
        done: u32,
        all: u32,
    },
}

/// The change of the script that shortens the run most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BestFix {
    /// The first line that it changes.
    pub(crate) line: u32,
    /// The setting that it writes, e.g. `pool 80`; empty if it changes a task.
    pub(crate) setting: String,
    /// The total of the changed script.
    pub(crate) total_ns: u64,
    /// The changed script.
    pub(crate) script: String,
}

/// The entry beside a line of the script: the time that it cost other tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LineCost {
    pub(crate) line: u32,
    /// E.g. `6s`.
    pub(crate) text: String,
    /// The tooltip, a sentence.
    pub(crate) title: String,
    /// Percent of the line with the highest cost.
    pub(crate) weight: u32,
}

/// A span of the critical path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PathSpan {
    pub(crate) instance: u32,
    pub(crate) start_ns: u64,
    pub(crate) end_ns: u64,
}
