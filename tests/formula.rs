//! A formula is the simulated total in closed form, e.g. `3s = ceil(100/40) × 1s`. Scripts without
//! one get a reason.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use analysis::formula::{Expr, NoFormula, formula};
use model::trace::{AnalysedRun, Record, State, Trace};
use model::workload::Workload;
use script::parse;
use sim::simulate;
use texts::Language;

use support::generate;

fn read(script: &str) -> Workload {
    parse(script).workload.expect("the script is valid")
}

fn run(workload: Workload) -> AnalysedRun {
    let trace = simulate(&workload);
    AnalysedRun::of(workload, trace)
}

fn shown(script: &str) -> String {
    match formula(&run(read(script))) {
        Ok(formula) => formula.text(),
        Err(reason) => reason.text(Language::En).to_owned(),
    }
}

#[track_caller]
fn check(script: &str, expected: &str) {
    assert_eq!(shown(script), expected, "{script}");
}

#[test]
fn beside_each_other_the_longest_counts() {
    check(
        "a: await 3 -> await 5\nb: await 2\n",
        "8s = max(3s + 5s, 2s)",
    );
    check(
        "page: gather a, b\na: await 1\nb: await 3\n",
        "3s = max(1s, 3s)",
    );
    check("run 100 a\na: await 1\n", "1s = 1s");
}

/// A term of a maximum is the end of its task: a toast that only starts at 3 s ends at 5 s.
#[test]
fn what_starts_later_ends_later_in_the_formula() {
    check(
        "pasta: cpu 3 -> await 5\ntoast: await 2\n",
        "8s = max(3s + 5s, 3s + 2s)",
    );
    check(
        "pasta: cpu 3 -> await 5\ntoast: await 4\n",
        "8s = max(3s + 5s, 3s + 4s)",
    );
    check(
        "eggs: cpu 3 -> await 8 -> await 4\ntoast: await 6\n",
        "15s = max(3s + 8s + 4s, 3s + 6s)",
    );
    // Inside a task only the path that counts is left.
    check(
        "page: gather a, b\na: cpu 3 -> await 5\nb: await 2\n",
        "8s = 3s + 5s",
    );
}

#[test]
fn on_the_loop_one_goes_after_the_other() {
    check("run 100 a\na: block 10\n", "1000s = 100 × 10s");
    check("a: cpu 3 -> await 5\nb: cpu 6\n", "9s = 3s + 6s");
    check("a: repeat 4 (block 2)\n", "8s = 4 × 2s");
}

#[test]
fn pools_and_permits_let_them_through_in_waves() {
    check("run 100 a\ndef a: block 1\n", "3s = ceil(100/40) × 1s");
    check(
        "semaphore s 10\nrun 100 a\na: await 2 -> with s (await 1)\n",
        "12s = 2s + ceil(100/10) × 1s",
    );
    check(
        "executor 4\nrun 9 a\na: executor (block 2)\n",
        "6s = ceil(9/4) × 2s",
    );
    check(
        "processes 2\nrun 5 a\na: process (cpu 1)\n",
        "3s = ceil(5/2) × 1s",
    );
    check("lock m\nrun 5 a\na: with m (await 1)\n", "5s = 5 × 1s");
    check(
        "jobs 2\nprefetch 0\nrun 4 a\na: send f\ndef f: block 3\n",
        "6s = ceil(4/2) × 3s",
    );
}

#[test]
fn threads_share_the_gil() {
    check("run 3 a\ndef a: cpu 2\n", "6s = 3 × 2s");
    check(
        "gil off\ncores 2\nrun 4 a\ndef a: cpu 2\n",
        "4s = ceil(4/2) × 2s",
    );
}

#[test]
fn arrivals_are_part_of_it() {
    check("run 5 a every 2s\na: await 1\n", "9s = 4 × 2s + 1s");
    check("run a at 3s\na: await 1\n", "4s = 3s + 1s");
}

#[test]
fn a_time_limit_counts_where_it_ends_something() {
    check(
        "a:\n    timeout 3:\n        await 10\n    else:\n        await 1\n",
        "4s = 3s + 1s",
    );
    check("a:\n    timeout 3:\n        await 2\n", "2s = 2s");
}

#[test]
fn where_there_is_none_it_says_why() {
    check("a: await 1..2s\n", NoFormula::Drawn.text(Language::En));
    check(
        "run 9 a at 5/s\na: await 1\n",
        NoFormula::Drawn.text(Language::En),
    );
    check(
        "until 2s\na: await 5\n",
        NoFormula::CutOff.text(Language::En),
    );
    check("event e\na: wait e\n", NoFormula::CutOff.text(Language::En));
    check(
        "a: cpu 1 -> await 0.3 -> cpu 0.7\ndef b: block 0.1 -> cpu 0.9 -> block 0.2\nrun 3 a, 3 b\n",
        NoFormula::Sliced.text(Language::En),
    );
}

#[test]
fn each_term_knows_its_lines() {
    let run = run(read("run 100 a\na:\n    await 2\n    thread (block 1)\n"));
    let formula = formula(&run).expect("it has one");
    let lines = formula.expr.segments();
    let lines: Vec<u32> = lines
        .iter()
        .map(|id| run.workload().place(*id).line)
        .collect();
    assert_eq!(
        (formula.text().as_str(), lines.as_slice()),
        ("5s = 2s + ceil(100/40) × 1s", &[3, 4][..])
    );
}

/// Compares the formulas of the lessons with `formula/lessons.txt`. `UPDATE=1` rewrites that file.
#[test]
fn the_lessons_formulas_are_those_of_the_list() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/formula/lessons.txt");
    let mut list = String::new();
    for lesson in lessons::with_scripts() {
        for variant in &lesson.variants {
            let _ = writeln!(list, "{}: {}", variant.file, shown(variant.script));
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &list).expect("the list can be written");
    }
    assert_eq!(fs::read_to_string(&path).expect("the list is there"), list);
}

/// The instants at which a task ends, or begins to wait for others.
fn ends(trace: &Trace) -> BTreeSet<u64> {
    let is_end = |record: &Record| {
        record.state.is_terminal() || matches!(record.state, State::WaitingTask | State::WaitingAll)
    };
    let records = trace.log.iter().filter(is_end);
    records.map(|record| record.at.as_nanos()).collect()
}

/// The ends that the outermost maxima of a formula claim, in nanoseconds from `start`.
fn claimed_ends(expr: &Expr, start: u64) -> Vec<u64> {
    match expr {
        Expr::Longest(parts) => {
            let ends = parts.iter().map(|part| start + part.value().as_nanos());
            ends.collect()
        }
        Expr::Sum(parts) => {
            let mut start = start;
            let mut ends = Vec::new();
            for part in parts {
                ends.extend(claimed_ends(part, start));
                start += part.value().as_nanos();
            }
            ends
        }
        Expr::Times { each, .. } | Expr::Waves { each, .. } => claimed_ends(each, start),
        Expr::Length { .. } => Vec::new(),
    }
}

#[test]
fn of_random_programs_a_formula_equals_the_total_and_its_maxima_the_ends_of_tasks() {
    let mut found = 0;
    let mut maxima = 0;
    for seed in 0..1_500 {
        let (workload, _) = generate::anything(seed);
        let run = run(workload);
        if let Ok(formula) = formula(&run) {
            found += 1;
            assert_eq!(formula.expr.value(), run.total(), "seed {seed}");
            let claimed = claimed_ends(&formula.expr, 0);
            let ends = ends(run.trace());
            maxima += usize::from(!claimed.is_empty());
            for end in claimed {
                assert!(
                    ends.contains(&end),
                    "seed {seed}: nothing ends at {end} ns, as {} says",
                    formula.text()
                );
            }
        }
    }
    // Most random programs have no formula, but some must.
    assert!(found > 40, "only {found} have one");
    assert!(maxima >= 5, "only {maxima} have a maximum");
}
