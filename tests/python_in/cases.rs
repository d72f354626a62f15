//! Python programs and the scripts that they become, as files for review.
//!
//! ```text
//! === the title of the case
//! import asyncio
//! ...
//! --- the script
//! async def main: await 1s
//!
//! run main
//! --- what is said
//! 3: how long does `fetch` take? `await 1s` is assumed
//! ```
//!
//! `UPDATE=1` rewrites the part after the first `---`.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use model::trace::Ending;
use reader::{Options, read};
use sim::simulate;
use texts::Language;

const SCRIPT: &str = "--- the script";
const NOTES: &str = "--- what is said";

#[track_caller]
fn check(file: &str) -> usize {
    let path = folder().join(file);
    let text = fs::read_to_string(&path).expect("the cases are there");
    let mut updated = String::new();
    let mut count = 0;
    for case in text.split("=== ").skip(1) {
        let python = case.split(SCRIPT).next().unwrap_or_default().trim_end();
        let (title, python) = python.split_once('\n').unwrap_or((python, ""));
        let _ = write!(
            updated,
            "=== {title}\n{python}\n{}\n",
            answer(title, python)
        );
        count += 1;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &updated).expect("the cases can be written");
    } else {
        for (expected, found) in text.split("=== ").zip(updated.split("=== ")) {
            assert_eq!(found.trim(), expected.trim(), "in {file}");
        }
    }
    count
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/python_in/cases")
}

/// The script, which must run, and the reader's notes.
fn answer(title: &str, python: &str) -> String {
    let reading = read(python, &Options::default());
    let mut answer = format!("{SCRIPT}\n{}", reading.script);
    if !reading.script.is_empty() {
        must_run(title, &reading.script);
    }
    if !reading.notes.is_empty() {
        let _ = writeln!(answer, "{NOTES}");
    }
    for note in &reading.notes {
        let _ = writeln!(answer, "{}: {}", note.line, note.kind.text(Language::En));
    }
    answer
}

#[track_caller]
fn must_run(title: &str, text: &str) {
    let parsed = script::parse(text);
    let Some(workload) = parsed.workload else {
        panic!("{title}: {:#?}\n{text}", parsed.diagnostics);
    };
    assert_eq!(script::format(text).as_deref(), Ok(text), "{title}: layout");
    let trace = simulate(&workload);
    let over = matches!(trace.ending, Ending::Finished | Ending::Deadlock(_));
    assert!(over, "{title}: {:?}\n{text}", trace.ending);
}

#[test]
fn programs_of_asyncio_become_scripts() {
    check("asyncio.txt");
}

#[test]
fn threads_pools_and_jobs_become_scripts() {
    check("pools.txt");
}

#[test]
fn a_hundred_handlers_become_scripts() {
    assert!(check("handlers.txt") >= 100);
}

#[test]
fn only_evidence_makes_a_call_take_time() {
    check("evidence.txt");
}

#[test]
fn handlers_are_found_wherever_they_are_defined() {
    check("routes.txt");
}

#[test]
fn what_cannot_be_mapped_is_said() {
    check("limits.txt");
}
