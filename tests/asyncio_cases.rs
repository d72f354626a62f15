//! Small scripts with the complete list of their events, as CPython produces it.
//!
//! Each file of `tests/cases/asyncio` says in its first line which rule it shows. The lines below
//! its script that begin with `#=` are the events, e.g. `#= 9s a#1 ends: done`. The simulator and
//! the machine's own CPython must both produce them. The cases are facts that tutorials get wrong,
//! and programs on which the differential test once failed.
//!
//! `UPDATE=1` writes CPython's events into the files.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use formats::export;
use model::workload::{Arrivals, Length, PythonVersion, Run, SegmentKind, TaskKind, Workload};
use sim::simulate;

use support::observed::Observation;
use support::{generate, python};

const MARK: &str = "#= ";

struct Case {
    path: PathBuf,
    text: String,
    workload: Workload,
}

#[test]
fn cases_happen_as_written_under_cpython_and_simulated() {
    python::require();
    let cases = cases();
    let programs: Vec<String> = cases
        .iter()
        .map(|case| export::asyncio(&case.workload))
        .collect();
    for (case, observed) in cases.iter().zip(python::observe(&programs)) {
        if std::env::var_os("UPDATE").is_some() {
            update(case, &observed);
            continue;
        }
        let name = case.path.display();
        let expected: Vec<&str> = case
            .text
            .lines()
            .filter_map(|line| line.strip_prefix(MARK))
            .collect();
        assert_eq!(observed.lines(), expected, "CPython on {name}");
        let trace = simulate(&python::followed(&case.workload));
        let simulated = Observation::of_trace(&case.workload, &trace);
        assert_eq!(simulated.lines(), expected, "simulated {name}");
    }
}

const LIMITED: &str = "\
slow:
    try:
        await 5s
    finally:
        await 1s
        print \"cleaned up\"
cook:
    try:
        wait_for 3s slow
    except:
        print \"too late\"
run cook
";

#[track_caller]
fn check_version(version: PythonVersion, expected: &[&str]) {
    let text = format!("{LIMITED}python {}\n", version.name());
    let workload = workload_of(&text, version.name());
    let simulated = Observation::of_trace(&workload, &simulate(&workload));
    assert_eq!(simulated.lines(), expected, "{}", version.name());
    if version.is_like(PythonVersion::nearest(python::version())) {
        let observed = &python::observe(&[export::asyncio(&workload)])[0];
        assert_eq!(observed.lines(), expected, "CPython");
    }
}

#[test]
fn wait_for_is_a_task_of_its_own_in_the_oldest_version_only() {
    python::require();
    check_version(
        PythonVersion::V311,
        &[
            "4s slow#1 prints \"cleaned up\"",
            "4s slow#1 ends: cancelled",
            "4s cook#1 prints \"too late\"",
            "4s cook#1 ends: done",
            "finished",
        ],
    );
    for version in [PythonVersion::V312, PythonVersion::V314] {
        check_version(
            version,
            &[
                "4s cook#1 prints \"cleaned up\"",
                "4s cook#1 prints \"too late\"",
                "4s cook#1 ends: done",
                "finished",
            ],
        );
    }
}

/// A generated workload survives a round trip: the script that is written for it parses to a
/// workload with the same export.
#[test]
fn random_programs_survive_being_written_down() {
    for seed in 0..500 {
        let (workload, text) = generate::workload(seed);
        let parsed = workload_of(&text, &format!("seed {seed}"));
        let (written, read) = (export::asyncio(&workload), export::asyncio(&parsed));
        // The first different line says more than two whole programs would.
        let mut lines = written.lines().zip(read.lines());
        let first = lines.find(|(written, read)| written != read);
        assert_eq!(
            first, None,
            "seed {seed}
{text}"
        );
        assert_eq!(
            written.len(),
            read.len(),
            "seed {seed}
{text}"
        );
    }
}

/// The lessons that need nothing but one loop, compared step by step.
#[test]
fn lessons_on_one_loop_happen_as_under_cpython() {
    python::require();
    let scripts = lessons::with_scripts()
        .iter()
        .flat_map(|lesson| &lesson.variants);
    let workloads: Vec<(&str, Workload)> = scripts
        .map(|variant| (variant.file, workload_of(variant.script, variant.file)))
        .filter(|(_, workload)| lives_on_one_loop(workload))
        .collect();
    // Otherwise a filter that excludes too much would pass unnoticed.
    assert!(workloads.len() >= 20, "only {} lessons", workloads.len());
    let programs: Vec<String> = workloads
        .iter()
        .map(|(_, workload)| export::asyncio(workload))
        .collect();
    for ((name, workload), observed) in workloads.iter().zip(python::observe(&programs)) {
        let trace = simulate(&python::followed(workload));
        let simulated = Observation::of_trace(workload, &trace);
        assert_eq!(simulated.lines(), observed.lines(), "{name}");
    }
}

/// Covers threads, processes, jobs and random lengths, which the other tests leave out.
#[test]
fn whatever_is_exported_is_python() {
    python::require();
    let lessons = lessons::with_scripts()
        .iter()
        .flat_map(|lesson| &lesson.variants);
    let lessons = lessons.map(|variant| workload_of(variant.script, variant.file));
    let random = (0..300).map(|seed| generate::anything(seed).0);
    let everything = include_str!("scripts/everything.loop");
    let programs: Vec<String> = lessons
        .chain(random)
        .chain([workload_of(everything, "everything.loop")])
        .map(|workload| export::asyncio(&workload))
        .collect();
    python::compile(&programs);
}

/// Whether a virtual clock can run the workload: no threads, processes or jobs, no random lengths
/// or arrivals, one server, no `until`.
fn lives_on_one_loop(workload: &Workload) -> bool {
    let segments = workload.segments();
    let elsewhere = segments.iter().flatten().any(|segment| {
        let kind = &segment.kind;
        matches!(kind, SegmentKind::Offload { .. } | SegmentKind::Send { .. }) || is_random(kind)
    });
    let random = |run: &Run| matches!(run.arrivals, Arrivals::Poisson { .. });
    let threaded = |run: &Run| workload.task(run.task).kind == TaskKind::Sync;
    let machine = &workload.machine;
    !elsewhere
        && machine.servers == 1
        && machine.until.is_none()
        && !workload.runs.iter().any(|run| random(run) || threaded(run))
}

fn is_random(kind: &SegmentKind) -> bool {
    match kind {
        SegmentKind::Cpu { length, .. }
        | SegmentKind::Await { length, .. }
        | SegmentKind::Block { length, .. }
        | SegmentKind::Timeout { after: length, .. }
        | SegmentKind::WaitFor { after: length, .. } => !matches!(length, Length::Fixed(_)),
        _ => false,
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/asyncio");
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of cases is there")
        .map(|entry| entry.expect("its entries can be read").path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a case is UTF-8 text");
            let workload = workload_of(&text, &path.display().to_string());
            Case {
                path,
                text,
                workload,
            }
        })
        .collect()
}

#[track_caller]
fn workload_of(text: &str, name: &str) -> Workload {
    let parsed = script::parse(text);
    parsed
        .workload
        .unwrap_or_else(|| panic!("{name}: {:?}\n{text}", parsed.diagnostics))
}

fn update(case: &Case, observed: &Observation) {
    let script = case.text.lines().filter(|line| !line.starts_with(MARK));
    let events = observed.lines();
    let lines: Vec<String> = script
        .map(str::to_owned)
        .chain(events.iter().map(|event| format!("{MARK}{event}")))
        .collect();
    fs::write(&case.path, lines.join("\n") + "\n").expect("a case can be written");
}
