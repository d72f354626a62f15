//! The report of a verification, `loopscope.verification/1`: the fields that the page shows.
//!
//! The companion writes it in `crates/companion/src/verify/report/json.rs`; `docs/data-contract.md`
//! describes all fields.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The report.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Report {
    pub(super) runtime: String,
    pub(super) versions: BTreeMap<String, String>,
    pub(super) scale: f64,
    pub(super) runs: u32,
    pub(super) verdict: Verdict,
    pub(super) tolerance: Tolerance,
    pub(super) total: Pair,
    pub(super) order: Order,
    pub(super) tasks: Vec<Task>,
    #[serde(default)]
    pub(super) notes: Vec<Note>,
    pub(super) others_cores: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    Holds,
    Fails,
    TooNoisy,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Tolerance {
    pub(super) percent: f64,
    pub(super) slack_ns: u64,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Pair {
    pub(super) predicted_ns: u64,
    pub(super) measured_ns: u64,
    pub(super) error_ns: i64,
    pub(super) runs_ns: Vec<u64>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Order {
    /// The number of compared steps; 0 if none were compared.
    pub(super) steps: usize,
    pub(super) broken_runs: u32,
    pub(super) first_broken: Option<(Step, Step)>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Step {
    pub(super) task: String,
    pub(super) number: u32,
    pub(super) kind: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Task {
    pub(super) name: String,
    pub(super) number: u32,
    pub(super) predicted: bool,
    pub(super) start: Option<Pair>,
    pub(super) finish: Option<Pair>,
    pub(super) outcome_predicted: Option<String>,
    pub(super) outcomes_measured: Vec<Option<String>>,
    pub(super) holds: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub(super) enum Note {
    FewerCores {
        script: u32,
        machine: u32,
    },
    OneProcess {
        servers: u32,
    },
    GilIsOn,
    NoGil,
    EveryTaskAThread,
    NoCosts,
    RandomLengths,
    /// A note that this page does not know, e.g. of a newer companion.
    #[serde(other)]
    Unknown,
}

impl Task {
    /// The larger deviation of its start and its finish.
    pub(super) fn error_ns(&self) -> u64 {
        let pairs = [&self.start, &self.finish].into_iter().flatten();
        let errors = pairs.map(|pair| pair.error_ns.unsigned_abs());
        errors.max().unwrap_or(0)
    }

    /// Whether the instance exists in any run.
    pub(super) fn appeared(&self) -> bool {
        self.outcomes_measured.iter().any(Option::is_some)
    }

    /// Whether it had the predicted outcome, e.g. done or cancelled, in most of the runs.
    pub(super) fn ended_as_predicted(&self) -> bool {
        let same = self.outcomes_measured.iter();
        let same = same
            .filter(|outcome| **outcome == self.outcome_predicted)
            .count();
        same * 2 > self.outcomes_measured.len()
    }
}

impl Report {
    /// The tasks that do not hold, then the others, each by their deviation.
    pub(super) fn worst_first(&self) -> Vec<&Task> {
        let mut tasks: Vec<&Task> = self.tasks.iter().collect();
        // `false` sorts before `true`.
        tasks.sort_by_key(|task| (task.holds, std::cmp::Reverse(task.error_ns())));
        tasks
    }

    /// Whether a task has only one instance, so that its name needs no number.
    pub(super) fn is_alone(&self, name: &str) -> bool {
        self.tasks.iter().filter(|task| task.name == name).count() < 2
    }
}
