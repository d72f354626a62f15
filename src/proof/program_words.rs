//! The texts of the strip below a Python program, in every language.

use crate::state::number::with_places;
use texts::{Language, Text, say, text};

pub(super) const DOWNLOADING_PYTHON: Text = text!("Downloading Python");
pub(super) const STARTING_PYTHON: Text = text!("Starting Python…");
pub(super) const PROGRAM_WAITS: Text = text!("Waiting: Python proves the script first.");
pub(super) const PROGRAM_RUNS: Text = text!("Running…");
pub(super) const PROGRAM_CANCELLED: Text = text!("Cancelled. Your program is unchanged.");
pub(super) const NEEDS_FASTAPI: Text = text!(
    "The program needs FastAPI, which Python in this page does not have. Save it as `app.py` and run it in a terminal:"
);
pub(super) const RESULT_UNREADABLE: Text =
    text!("The program's result cannot be read. Run it again.");
pub(super) const NOT_EXACT: Text =
    text!("Computing was measured on this machine, so the times are not exact.");
pub(super) const OUTPUT: Text = text!("Output");
pub(super) const NO_OUTPUT: Text = text!("The program printed nothing.");

const MEGABYTE: f64 = 1_000_000.0;

/// E.g. `Downloading Python: 1.2 of 4.7 MB, once`.
pub(super) fn downloading_python(language: Language, bytes: u32, all: u32) -> String {
    let [bytes, all] = [bytes, all].map(|bytes| with_places(f64::from(bytes) / MEGABYTE, 1));
    say!(
        language,
        "Downloading Python: {bytes} of {all} MB, once",
        bytes,
        all
    )
}

pub(super) fn program_ended(language: Language, total: &str, tasks: u64, python: &str) -> String {
    match tasks {
        1 => say!(
            language,
            "Ended at {total}: 1 task on CPython {python}.",
            total,
            python
        ),
        _ => say!(
            language,
            "Ended at {total}: {tasks} tasks on CPython {python}.",
            total,
            tasks,
            python
        ),
    }
}

pub(super) fn program_failed_at(language: Language, total: &str, python: &str) -> String {
    say!(
        language,
        "Failed at {total} on CPython {python}.",
        total,
        python
    )
}

pub(super) fn program_stuck(language: Language, total: &str, python: &str) -> String {
    say!(
        language,
        "Stuck at {total} on CPython {python}: these tasks wait for ever.",
        total,
        python
    )
}

pub(super) fn program_stopped(language: Language, why: &str, total: &str) -> String {
    say!(language, "Stopped at {total}: {why}", total, why)
}

pub(super) fn no_chart(language: Language, error: &str) -> String {
    say!(language, "The chart cannot show this run: {error}", error)
}

pub(super) fn more_output(language: Language, count: u64) -> String {
    match count {
        1 => say!(language, "1 more line"),
        _ => say!(language, "{count} more lines", count),
    }
}

/// E.g. `100 × 200`.
pub(super) fn answers(language: Language, count: usize, status: Option<u32>) -> String {
    let count = count.to_string();
    match status {
        Some(status) => [&count, " × ", &status.to_string()].concat(),
        None => [&count, " × ", text!("no answer").of(language)].concat(),
    }
}

pub(super) fn answered_after(language: Language, median: &str, slowest: &str) -> String {
    say!(
        language,
        "answered after {median} (median), at most {slowest}",
        median,
        slowest
    )
}

pub(super) fn program_line(language: Language, line: u32) -> String {
    say!(language, "line {line}", line)
}

pub(super) fn called_from(language: Language, lines: &str) -> String {
    say!(language, "called from {lines}", lines)
}

pub(super) fn in_task(language: Language, task: &str) -> String {
    say!(language, "(in task {task})", task)
}
