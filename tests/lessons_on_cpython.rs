//! The lessons on the machine's own CPython: every event must be the same, in the same order, at
//! the same time.
//!
//! Covers each variant and each change to try that needs nothing but one loop. Threads, processes
//! and job queues need real time; `crates/companion/tests/verify/lessons.rs` measures them.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use formats::export;
use model::workload::{SegmentKind, TaskKind, Workload};
use sim::simulate;

use support::observed::Observation;
use support::python;

/// At least this many of the lessons' scripts need nothing but one loop.
const SCRIPTS_LEAST: usize = 40;

/// Every script of the lessons with its name, e.g. `01a-pasta-and-toast.loop, changed`.
fn scripts() -> Vec<(String, Workload)> {
    let mut texts = Vec::new();
    for lesson in lessons::with_scripts() {
        for variant in &lesson.variants {
            texts.push((variant.file.to_owned(), variant.script.to_owned()));
        }
        let variant = &lesson.variants[lesson.change.variant];
        let name = format!("{}, changed", variant.file);
        texts.push((name, lesson.change.apply(variant.script)));
    }
    let read = |(name, text): (String, String)| {
        let workload = script::parse(&text).workload;
        (name, workload.expect("lessons are valid scripts"))
    };
    texts.into_iter().map(read).collect()
}

/// Whether no segment runs on a thread, in a process or as a job.
fn lives_on_one_loop(workload: &Workload) -> bool {
    let leaves =
        |kind: &SegmentKind| matches!(kind, SegmentKind::Offload { .. } | SegmentKind::Send { .. });
    let all_async = workload
        .tasks
        .iter()
        .all(|task| task.kind == TaskKind::Async);
    let segments = workload.segments();
    let stays = !segments
        .iter()
        .flatten()
        .any(|segment| leaves(&segment.kind));
    workload.machine.servers == 1 && all_async && stays
}

#[test]
fn lessons_run_as_under_cpython() {
    python::require();
    let mut scripts = scripts();
    scripts.retain(|(_, workload)| lives_on_one_loop(workload));
    assert!(scripts.len() >= SCRIPTS_LEAST, "only {}", scripts.len());
    let sources: Vec<String> = scripts
        .iter()
        .map(|(_, workload)| export::asyncio(workload))
        .collect();
    for ((name, workload), expected) in scripts.iter().zip(python::observe(&sources)) {
        let trace = simulate(&python::followed(workload));
        let simulated = Observation::of_trace(workload, &trace);
        assert_eq!(simulated.lines(), expected.lines(), "{name}");
    }
}
