//! The report of a verification, `loopscope.verification/1`: prediction and real runs compared.
//!
//! The companion writes it, the page and other programs read it; `docs/data-contract.md`
//! describes its fields. The comparison itself is left to the companion.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use model::trace::summary::Outcome;
use model::workload::PythonVersion;

/// The value of [`VerificationReport::schema`].
pub const SCHEMA: &str = "loopscope.verification/1";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerificationReport {
    pub schema: String,
    /// E.g. `asyncio`.
    pub runtime: String,
    /// Versions by the name of the software, e.g. `Python` → `3.11.7`.
    pub versions: BTreeMap<String, String>,
    /// Real seconds for a second of the script.
    pub scale: f64,
    pub runs: u32,
    /// An interrupt ended the verification before its last run.
    #[serde(default)]
    pub interrupted: bool,
    pub verdict: VerificationVerdict,
    pub tolerance: ReportedTolerance,
    pub total: ReportedPair,
    pub order: ReportedOrder,
    pub tasks: Vec<ReportedTask>,
    #[serde(default, deserialize_with = "known_notes")]
    pub notes: Vec<VerificationNote>,
    /// The cores that other programs used during the runs, e.g. 0.3.
    pub others_cores: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerificationVerdict {
    Holds,
    Fails,
    TooNoisy,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportedTolerance {
    /// Percent of the predicted time.
    pub percent: f64,
    pub slack_ns: u64,
}

/// A predicted time and its measurements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedPair {
    pub predicted_ns: u64,
    /// The median of the runs.
    pub measured_ns: u64,
    /// Positive if the runs were late.
    pub error_ns: i64,
    /// Each run, ascending.
    pub runs_ns: Vec<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedOrder {
    /// The number of compared steps; 0 if none were compared.
    pub steps: usize,
    pub broken_runs: u32,
    /// The two steps that changed places in the first broken run.
    pub first_broken: Option<(ReportedStep, ReportedStep)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedStep {
    pub task: String,
    pub number: u32,
    pub kind: StepKind,
}

/// An observable step of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Start,
    Print,
    Respond,
    End,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedTask {
    pub name: String,
    pub number: u32,
    pub predicted: bool,
    pub start: Option<ReportedPair>,
    pub finish: Option<ReportedPair>,
    pub outcome_predicted: Option<Outcome>,
    /// By run; `None` where the instance did not appear.
    pub outcomes_measured: Vec<Option<Outcome>>,
    pub holds: bool,
}

/// A difference between the script and its prediction that explains the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum VerificationNote {
    /// The machine has fewer cores than the script. The prediction uses the machine's.
    FewerCores { script: u32, machine: u32 },
    /// The script has several servers, the runtime is one process. The prediction uses one.
    OneProcess { servers: u32 },
    /// The script turns the GIL off, but this Python has a GIL. The prediction has one, too.
    GilIsOn,
    /// The runtime's Python behaves differently from the script's version. The prediction follows the
    /// runtime's.
    OtherPython {
        script: PythonVersion,
        machine: PythonVersion,
    },
    /// The runtime has no GIL. Neither has the prediction.
    NoGil,
    /// The script runs as threads. The prediction gives each task a thread.
    EveryTaskAThread,
    /// The costs are Python's, but the runtime is not Python. The prediction ignores them.
    NoCosts,
    /// Simultaneous requests reach a server in sequence. The prediction spaces them.
    OneByOne,
    /// The script has random lengths. The real run draws other values than the prediction.
    RandomLengths,
}

/// Reads the notes of this version. A newer companion may have others, which are skipped.
fn known_notes<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<VerificationNote>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum NoteEntry {
        Known(VerificationNote),
        Unknown(serde::de::IgnoredAny),
    }
    let entries: Vec<NoteEntry> = Deserialize::deserialize(deserializer)?;
    let known = entries.into_iter().filter_map(|entry| match entry {
        NoteEntry::Known(note) => Some(note),
        NoteEntry::Unknown(_) => None,
    });
    Ok(known.collect())
}

impl ReportedTask {
    /// The larger deviation of its start and its finish.
    #[must_use]
    pub fn error_ns(&self) -> u64 {
        let pairs = [&self.start, &self.finish].into_iter().flatten();
        let errors = pairs.map(|pair| pair.error_ns.unsigned_abs());
        errors.max().unwrap_or(0)
    }

    /// Whether the instance exists in any run.
    #[must_use]
    pub fn appeared(&self) -> bool {
        self.outcomes_measured.iter().any(Option::is_some)
    }

    /// Whether it had the predicted outcome, e.g. done or cancelled, in most of the runs.
    #[must_use]
    pub fn ended_as_predicted(&self) -> bool {
        let same = self.outcomes_measured.iter();
        let same = same
            .filter(|outcome| **outcome == self.outcome_predicted)
            .count();
        same * 2 > self.outcomes_measured.len()
    }
}

impl VerificationReport {
    /// The tasks that do not hold, then the others, each by their deviation.
    #[must_use]
    pub fn worst_first(&self) -> Vec<&ReportedTask> {
        let mut tasks: Vec<&ReportedTask> = self.tasks.iter().collect();
        // `false` sorts before `true`.
        tasks.sort_by_key(|task| (task.holds, std::cmp::Reverse(task.error_ns())));
        tasks
    }

    /// Whether a task has only one instance, so that its name needs no number.
    #[must_use]
    pub fn is_alone(&self, name: &str) -> bool {
        self.tasks.iter().filter(|task| task.name == name).count() < 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The JSON of a report with these notes.
    fn with_notes(notes: &str) -> String {
        format!(
            r#"{{"schema":"loopscope.verification/1","runtime":"fastapi","versions":{{"Python":"3.11.7"}},"scale":0.5,"runs":1,"interrupted":false,"verdict":"too_noisy","tolerance":{{"percent":5.0,"slack_ns":1}},"total":{{"predicted_ns":9,"measured_ns":8,"error_ns":-1,"runs_ns":[8]}},"order":{{"steps":2,"broken_runs":1,"first_broken":[{{"task":"a","number":1,"kind":"start"}},{{"task":"a","number":2,"kind":"end"}}]}},"tasks":[{{"name":"a","number":1,"predicted":true,"start":null,"finish":null,"outcome_predicted":"done","outcomes_measured":["cancelled",null],"holds":false}}],"notes":[{notes}],"others_cores":null}}"#
        )
    }

    #[track_caller]
    fn check_notes(json: &str, expected: &[VerificationNote]) {
        let report: VerificationReport = serde_json::from_str(&with_notes(json)).expect("a report");
        assert_eq!(report.notes, expected, "{json}");
    }

    #[test]
    fn a_report_is_written_as_it_was_read() {
        let json = with_notes(
            r#"{"note":"fewer_cores","script":8,"machine":2},{"note":"one_process","servers":3},{"note":"other_python","script":"3.14","machine":"3.11"},{"note":"one_by_one"},{"note":"random_lengths"}"#,
        );
        let report: VerificationReport = serde_json::from_str(&json).expect("a report");
        assert_eq!(serde_json::to_string(&report).expect("JSON"), json);
    }

    #[test]
    fn notes_of_a_newer_companion_are_skipped() {
        check_notes(
            r#"{"note":"full_moon","phase":1},{"note":"one_by_one"}"#,
            &[VerificationNote::OneByOne],
        );
        check_notes("", &[]);
    }
}
