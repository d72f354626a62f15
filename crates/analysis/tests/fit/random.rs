//! Runs of random scripts and of all lessons.

use super::{fitted, fitted_again, generate};
use analysis::fit::{Agreement, FittedScript, NoteKind};
use sim::simulate;
use std::collections::BTreeMap;

pub(super) fn programs() -> u64 {
    let set = std::env::var("LOOPSCOPE_PROGRAMS").ok();
    set.and_then(|count| count.parse().ok()).unwrap_or(300)
}

/// Whether each task is one wait, because nothing better was found.
fn is_flat(found: &FittedScript) -> bool {
    let mut kinds = found.notes.iter().map(|note| note.kind);
    kinds.any(|kind| kind == NoteKind::Flat)
}

fn check_seeds(what: &str, make: fn(u64) -> (model::workload::Workload, String), least_exact: u64) {
    let mut counts: BTreeMap<Agreement, u64> = BTreeMap::new();
    for seed in 0..programs() {
        let (workload, text) = make(seed);
        let trace = simulate(&workload);
        // A run that reaches a limit of the simulation has no end of its own.
        if trace.log.is_empty() || matches!(trace.ending, model::trace::Ending::Limit(_)) {
            continue;
        }
        let found = fitted(&workload, &trace);
        let again = script::parse(&found.text).workload.as_ref().map(simulate);
        assert_eq!(
            again.map(|trace| trace.end),
            Some(trace.end),
            "{what} {seed}\n{text}\n{}",
            found.text
        );
        let agreement = if is_flat(&found) {
            Agreement::None
        } else {
            found.agreement
        };
        *counts.entry(agreement).or_default() += 1;
    }
    let all: u64 = counts.values().sum();
    let exact = counts.get(&Agreement::Ends).copied().unwrap_or(0);
    assert!(exact * 100 >= all * least_exact, "{what}: {counts:?}");
}

#[test]
fn the_total_of_any_run_on_one_loop_is_kept() {
    check_seeds("one loop", generate::workload, 95);
}

#[test]
fn the_total_of_any_run_is_kept() {
    check_seeds("anything", generate::anything, 85);
}

#[test]
fn the_total_of_every_lesson_is_kept() {
    let mut flat = Vec::new();
    for lesson in lessons::with_scripts() {
        for variant in &lesson.variants {
            let found = fitted_again(lesson.slug, variant.script);
            if found.agreement < Agreement::Ends || is_flat(&found) {
                flat.push(variant.file);
            }
        }
    }
    // Some end at other times, e.g. jobs that start at one instant in another order.
    assert!(flat.len() <= 3, "{flat:?}");
}
