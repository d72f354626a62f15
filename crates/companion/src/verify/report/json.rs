//! The report as JSON, `loopscope.verification/1`. `docs/data-contract.md` describes its fields.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::verify::{Compared, Note, Pair, Step, StepKind, Verdict, Verification};
use model::trace::summary::Outcome;

const SCHEMA: &str = "loopscope.verification/1";

#[derive(Serialize)]
struct Root<'a> {
    schema: &'static str,
    runtime: &'static str,
    versions: &'a BTreeMap<String, String>,
    scale: f64,
    runs: usize,
    interrupted: bool,
    verdict: &'static str,
    tolerance: ToleranceJson,
    total: PairJson,
    order: OrderJson,
    tasks: Vec<TaskJson>,
    notes: Vec<NoteJson>,
    /// The cores that other programs used during the runs, e.g. 0.3.
    others_cores: Option<f64>,
}

#[derive(Serialize)]
struct ToleranceJson {
    percent: f64,
    slack_ns: u64,
}

#[derive(Serialize)]
struct PairJson {
    predicted_ns: u64,
    measured_ns: u64,
    error_ns: i64,
    runs_ns: Vec<u64>,
}

#[derive(Serialize)]
struct OrderJson {
    steps: usize,
    broken_runs: usize,
    first_broken: Option<(StepJson, StepJson)>,
}

#[derive(Serialize)]
struct StepJson {
    task: String,
    number: u32,
    kind: &'static str,
}

#[derive(Serialize)]
struct TaskJson {
    name: String,
    number: u32,
    predicted: bool,
    start: Option<PairJson>,
    finish: Option<PairJson>,
    outcome_predicted: Option<&'static str>,
    outcomes_measured: Vec<Option<&'static str>>,
    holds: bool,
}

#[derive(Serialize)]
#[serde(tag = "note", rename_all = "snake_case")]
enum NoteJson {
    FewerCores { script: u32, machine: u32 },
    OneProcess { servers: u32 },
    GilIsOn,
    NoGil,
    EveryTaskAThread,
    NoCosts,
    OneByOne,
    RandomLengths,
}

/// Writes the report as one line.
pub fn write_json(verification: &Verification, mut out: impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut out, &report_root(verification))?;
    out.write_all(b"\n")
}

fn report_root(verification: &Verification) -> Root<'_> {
    // One example suffices; the page shows no more.
    let first_swap = verification.order.swaps.iter().flatten().next();
    let step = |step: Step| StepJson {
        task: verification.workload.task(step.task).name.clone(),
        number: step.number,
        kind: match step.kind {
            StepKind::Start => "start",
            StepKind::Print => "print",
            StepKind::Respond => "respond",
            StepKind::End => "end",
        },
    };
    Root {
        schema: SCHEMA,
        runtime: verification.options.runtime.word(),
        versions: &verification.versions,
        scale: verification.options.scale.factor(),
        runs: verification.measured.len(),
        interrupted: verification.interrupted,
        verdict: match verification.verdict {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::TooNoisy => "too_noisy",
        },
        tolerance: ToleranceJson {
            percent: verification.tolerance.percent,
            slack_ns: verification.tolerance.slack.as_nanos(),
        },
        total: pair_json(&verification.total),
        order: OrderJson {
            steps: verification.order.steps,
            broken_runs: verification.order.broken(),
            first_broken: first_swap.map(|swap| (step(swap.earlier), step(swap.later))),
        },
        tasks: verification
            .tasks
            .iter()
            .map(|task| task_json(verification, task))
            .collect(),
        notes: verification
            .notes
            .iter()
            .map(|&note| note_json(note))
            .collect(),
        others_cores: verification.others.cores,
    }
}

fn task_json(verification: &Verification, task: &Compared) -> TaskJson {
    let pairs = [task.start(), task.finish()];
    let in_time = pairs
        .iter()
        .flatten()
        .all(|pair| verification.tolerance.holds(pair));
    let [start, finish] = pairs;
    let measured = task.measured.iter();
    TaskJson {
        name: verification.workload.task(task.task).name.clone(),
        number: task.number,
        predicted: task.predicted.is_some(),
        start: start.as_ref().map(pair_json),
        finish: finish.as_ref().map(pair_json),
        outcome_predicted: task.predicted.map(|life| outcome_name(life.outcome)),
        outcomes_measured: measured
            .map(|life| life.map(|life| outcome_name(life.outcome)))
            .collect(),
        holds: in_time && task.ended_as_predicted(),
    }
}

fn pair_json(pair: &Pair) -> PairJson {
    PairJson {
        predicted_ns: pair.predicted.as_nanos(),
        measured_ns: pair.measured().as_nanos(),
        error_ns: pair.error_ns(),
        runs_ns: pair.runs.iter().map(|run| run.as_nanos()).collect(),
    }
}

fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Failed => "failed",
        Outcome::Cancelled => "cancelled",
        Outcome::Running => "running",
    }
}

fn note_json(note: Note) -> NoteJson {
    match note {
        Note::FewerCores { script, machine } => NoteJson::FewerCores { script, machine },
        Note::OneProcess { servers } => NoteJson::OneProcess { servers },
        Note::GilIsOn => NoteJson::GilIsOn,
        Note::NoGil => NoteJson::NoGil,
        Note::EveryTaskAThread => NoteJson::EveryTaskAThread,
        Note::NoCosts => NoteJson::NoCosts,
        Note::OneByOne => NoteJson::OneByOne,
        Note::RandomLengths => NoteJson::RandomLengths,
    }
}
