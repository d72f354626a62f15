//! Every lesson on every runtime: its prediction holds there, or the runtime refuses it with a
//! reason.
//!
//! `lessons.txt` lists the expected results. `LOOPSCOPE_LESSONS=02` runs only the lessons whose
//! names begin with `02`, which helps on a shared machine.

use std::fmt::Write;
use std::fs;

use serde_json::Value;

use crate::fastapi::set_up;
use crate::support::{Place, one_report, run};

const RUNTIMES: [&str; 5] = ["asyncio", "fastapi", "tokio", "threads", "celery"];
/// The table's entry for a lesson that is not refused.
const RUNS: &str = "runs";
const TABLE: &str = "tests/verify/lessons.txt";

/// The file name and script of every variant.
fn scripts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let variants = lessons::with_scripts()
        .iter()
        .flat_map(|lesson| &lesson.variants);
    variants.map(|variant| (variant.file, variant.script))
}

/// The reason of a refusal. On a machine without any runtime, a supported script fails with exit
/// code 5 (missing software), an unsupported one with 2.
fn refusal(runtime: &str, script: &str) -> String {
    let place = Place::new();
    let mut command = place.verify(
        script,
        &["--on", runtime, "--seconds", "0.01", "--runs", "1"],
    );
    for name in ["LOOPSCOPE_PYTHON", "LOOPSCOPE_DATA", "LOOPSCOPE_REDIS"] {
        command.env(name, "/nowhere");
    }
    let output = run(command);
    if output.status.code() != Some(2) {
        return RUNS.to_owned();
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // The rest of the message is the remedy.
    let reason = said.split(['.', ';']).next().unwrap_or_default();
    let reason = reason.split(", so").next().unwrap_or_default();
    let reason = reason.trim_start_matches("error: ");
    let lacks = format!("`{runtime}` does not support ");
    match reason.strip_prefix(lacks.as_str()) {
        Some(feature) => format!("no {}", feature.trim()),
        None => reason.trim().to_owned(),
    }
}

#[test]
fn a_lesson_runs_or_is_refused_with_the_reason() {
    let mut rows =
        vec![["lesson", "asyncio", "fastapi", "tokio", "threads", "celery"].map(str::to_owned)];
    for (file, script) in scripts() {
        let [a, b, c, d, e] = RUNTIMES.map(|runtime| refusal(runtime, script));
        rows.push([file.trim_end_matches(".loop").to_owned(), a, b, c, d, e]);
    }
    let table = aligned(&rows);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(TABLE, &table).expect("the table can be written");
    }
    let expected = fs::read_to_string(TABLE).expect("the table is there");
    assert_eq!(table, expected, "UPDATE=1 rewrites {TABLE}");
}

fn aligned(rows: &[[String; 6]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let mut table = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table
}

/// The seconds of the attempts. The first is long enough that noise is small. A lesson that
/// deviates or is too noisy runs for longer, since some costs do not depend on the scale: a hundred
/// requests take a fifth of a second in any case, on a slow machine half a second.
const SECONDS: [f64; 3] = [1.5, 8.0, LONGEST];
const LONGEST: f64 = 20.0;
/// The largest accepted error, as a fraction of the predicted total.
const ERROR_MAX: f64 = 0.05;

/// The result of a lesson on a runtime.
#[derive(Debug, PartialEq, Eq)]
enum Shown {
    Holds,
    /// The machine was too busy, or the runs disagree: no evidence against the prediction.
    TooNoisy,
    Otherwise,
}

fn shown(report: &Value) -> Shown {
    let tasks = report["tasks"].as_array().expect("a list");
    let foreseen = tasks.iter().all(|task| {
        let measured = task["outcomes_measured"].as_array().expect("a list");
        let same = |outcome: &Value| outcome == &task["outcome_predicted"];
        task["predicted"] == true && measured.iter().all(same)
    });
    let close = error(report).abs() <= ERROR_MAX && report["order"]["broken_runs"] == 0;
    match report["verdict"].as_str() {
        // Other outcomes than predicted are no matter of noise.
        _ if !foreseen => Shown::Otherwise,
        Some("holds") if close => Shown::Holds,
        Some("too_noisy") => Shown::TooNoisy,
        _ => Shown::Otherwise,
    }
}

/// The error of the total, as a fraction of the predicted total.
fn error(report: &Value) -> f64 {
    let total = |name: &str| report["total"][name].as_f64().expect("a number");
    total("error_ns") / total("predicted_ns")
}

/// Verifies the lessons that the runtime supports, and prints the results.
#[expect(clippy::print_stderr, reason = "minutes pass before there is a result")]
fn check(runtime: &str) {
    let column = RUNTIMES.iter().position(|&name| name == runtime);
    let column = column.expect("a column of the table") + 1;
    let table = fs::read_to_string(TABLE).expect("the table is there");
    let wanted = std::env::var("LOOPSCOPE_LESSONS").unwrap_or_default();
    let mut wrong = Vec::new();
    for (file, script) in scripts().filter(|(file, _)| file.starts_with(&wanted)) {
        let name = file.trim_end_matches(".loop");
        let row = table.lines().find(|line| line.starts_with(name));
        let cells = row
            .expect("a row")
            .split("  ")
            .filter(|cell| !cell.is_empty());
        let cell = cells.map(str::trim).nth(column).expect("a cell");
        if cell != RUNS {
            eprintln!("{name} on {runtime}: refused, {cell}");
            continue;
        }
        for seconds in SECONDS {
            let length = seconds.to_string();
            let report = one_report(runtime, script, &["--runs", "3", "--seconds", &length]);
            let shown = shown(&report);
            let percent = error(&report) * 100.0;
            eprintln!("{name} on {runtime}: {shown:?}, {percent:+.2} % of {seconds} s");
            match shown {
                Shown::Holds => break,
                // Tries again; a lesson that stays noisy is accepted.
                Shown::TooNoisy => {}
                Shown::Otherwise if seconds < LONGEST => {}
                Shown::Otherwise => wrong.push(format!("{name}: {report:#}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "takes five minutes of real time"]
fn every_lesson_holds_on_asyncio() {
    check("asyncio");
}

#[test]
#[ignore = "takes ten minutes of real time"]
fn every_lesson_holds_on_fastapi() {
    set_up();
    check("fastapi");
}

#[test]
#[ignore = "takes five minutes of real time"]
fn every_lesson_holds_on_tokio() {
    check("tokio");
}

#[test]
#[ignore = "takes five minutes of real time"]
fn every_lesson_holds_on_threads() {
    check("threads");
}

#[test]
#[ignore = "takes a minute of real time"]
fn every_lesson_holds_on_celery() {
    set_up();
    check("celery");
}
