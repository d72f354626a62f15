//! The report as JSON, `loopscope.verification/1`. `docs/data-contract.md` describes its fields.

use std::io::{self, Write};

use serde::Serialize;

use crate::verify::{ComparedInstance, DrawnFigure, DrawnRow, ObservedStep, Pair, Verification};
use formats::verification::{
    ReportedOrder, ReportedPair, ReportedStep, ReportedTask, ReportedTolerance, SCHEMA,
    VerificationReport,
};

/// Writes the report as one line.
pub fn write_json(verification: &Verification, mut out: impl Write) -> io::Result<()> {
    let written = WrittenReport {
        report: report(verification),
        draws: verification.draws.as_ref().map(|rows| {
            let row = |row| reported_draw(verification, row);
            rows.iter().map(row).collect()
        }),
    };
    serde_json::to_writer(&mut out, &written)?;
    out.write_all(b"\n")
}

/// The report with the fields that only the command line writes.
#[derive(Serialize)]
struct WrittenReport {
    #[serde(flatten)]
    report: VerificationReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    draws: Option<Vec<ReportedDraw>>,
}

/// A figure of a script with random durations or arrivals.
#[derive(Serialize)]
struct ReportedDraw {
    /// `null` for the whole run.
    task: Option<String>,
    figure: DrawnFigure,
    low_ns: u64,
    high_ns: u64,
    measured: ReportedPair,
    holds: bool,
}

fn reported_draw(verification: &Verification, row: &DrawnRow) -> ReportedDraw {
    let task = |task| verification.workload.task(task).name.clone();
    ReportedDraw {
        task: row.task.map(task),
        figure: row.figure,
        low_ns: row.low.as_nanos(),
        high_ns: row.high.as_nanos(),
        measured: pair(&row.pair),
        holds: row.holds(verification.tolerance),
    }
}

fn report(verification: &Verification) -> VerificationReport {
    // One example suffices; the page shows no more.
    let first_swap = verification.order.swaps.iter().flatten().next();
    let step = |step: ObservedStep| ReportedStep {
        task: verification.workload.task(step.task).name.clone(),
        number: step.number,
        kind: step.kind,
    };
    VerificationReport {
        schema: SCHEMA.to_owned(),
        runtime: verification.options.runtime.word().to_owned(),
        versions: verification.versions.clone(),
        scale: verification.options.scale.factor(),
        runs: verification.measured.len() as u32,
        interrupted: verification.interrupted,
        verdict: verification.verdict,
        tolerance: ReportedTolerance {
            percent: verification.tolerance.percent,
            slack_ns: verification.tolerance.slack.as_nanos(),
        },
        total: pair(&verification.total),
        order: ReportedOrder {
            steps: verification.order.steps,
            broken_runs: verification.order.broken() as u32,
            first_broken: first_swap.map(|swap| (step(swap.earlier), step(swap.later))),
        },
        tasks: verification
            .tasks
            .iter()
            .map(|task| reported_task(verification, task))
            .collect(),
        notes: verification.notes.clone(),
        others_cores: verification.others.cores,
    }
}

fn reported_task(verification: &Verification, task: &ComparedInstance) -> ReportedTask {
    let pairs = [task.start(), task.finish()];
    let in_time = pairs
        .iter()
        .flatten()
        .all(|pair| verification.tolerance.holds(pair));
    let [start, finish] = pairs;
    let measured = task.measured.iter();
    ReportedTask {
        name: verification.workload.task(task.task).name.clone(),
        number: task.number,
        predicted: task.predicted.is_some(),
        start: start.as_ref().map(pair),
        finish: finish.as_ref().map(pair),
        outcome_predicted: task.predicted.map(|life| life.outcome),
        outcomes_measured: measured.map(|life| life.map(|life| life.outcome)).collect(),
        holds: in_time && task.ended_as_predicted(),
    }
}

fn pair(pair: &Pair) -> ReportedPair {
    ReportedPair {
        predicted_ns: pair.predicted.as_nanos(),
        measured_ns: pair.measured().as_nanos(),
        error_ns: pair.error_ns(),
        runs_ns: pair.runs.iter().map(|run| run.as_nanos()).collect(),
    }
}
