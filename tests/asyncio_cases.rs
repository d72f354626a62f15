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
use model::trace::AnalysedRun;
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
        // A case whose rule has changed names a version.
        let (workload, is_like) = if case.text.contains("\npython 3") {
            let here = PythonVersion::nearest(python::version());
            let workload = case.workload.clone();
            let is_like = workload.machine.python.is_like(here);
            (workload, is_like)
        } else {
            (python::followed(&case.workload), true)
        };
        if is_like {
            assert_eq!(observed.lines(), expected, "CPython on {name}");
        }
        let trace = simulate(&workload);
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

/// Checks the events of a script that follows this version; under CPython, too, if it is the machine's.
#[track_caller]
fn check_version(script: &str, version: PythonVersion, expected: &[&str]) {
    let text = format!("{script}python {}\n", version.name());
    let workload = workload_of(&text, version.name());
    let simulated = Observation::of_trace(&workload, &simulate(&workload));
    assert_eq!(simulated.lines(), expected, "{}", version.name());
    let is_older = workload.machine.eager && python::has_groups_of_older_version();
    if version.is_like(PythonVersion::nearest(python::version())) && !is_older {
        let observed = &python::observe(&[export::asyncio(&workload)])[0];
        assert_eq!(observed.lines(), expected, "CPython");
    }
}

#[test]
fn wait_for_is_a_task_of_its_own_in_the_oldest_version_only() {
    python::require();
    check_version(
        LIMITED,
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
            LIMITED,
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

const LIMITED_BLOCK: &str = "\
queue plates
taker:
    wait_for 1s:
        get plates
        print \"taken\"
    else:
        print \"none\"
    wait_for 2s (get plates -> print \"taken\")
giver: put plates
run taker
run giver at 2s
";

#[test]
fn the_block_of_wait_for_is_a_task_of_its_own_in_the_oldest_version_only() {
    python::require();
    check_version(
        LIMITED_BLOCK,
        PythonVersion::V311,
        &[
            "1s taker_wait_for#1 ends: cancelled",
            "1s taker#1 prints \"none\"",
            "2s giver#1 ends: done",
            "2s taker_wait_for_2#1 prints \"taken\"",
            "2s taker_wait_for_2#1 ends: done",
            "2s taker#1 ends: done",
            "finished",
        ],
    );
    check_version(
        LIMITED_BLOCK,
        PythonVersion::V314,
        &[
            "1s taker#1 prints \"none\"",
            "2s giver#1 ends: done",
            "2s taker#1 prints \"taken\"",
            "2s taker#1 ends: done",
            "finished",
        ],
    );
}

#[test]
fn the_first_step_of_an_eager_task_runs_inside_its_creator() {
    python::require();
    let script = "\
eager on
cook:
    print \"before\"
    gather quick, slow
    print \"after\"
quick: cpu 1s -> print \"quick\"
slow: cpu 1s -> await 2s
late: print \"late\"
run cook
run late at 500ms
";
    for version in [PythonVersion::V312, PythonVersion::V314] {
        check_version(
            script,
            version,
            &[
                "0s cook#1 prints \"before\"",
                "1s quick#1 prints \"quick\"",
                "1s quick#1 ends: done",
                "2s late#1 prints \"late\"",
                "2s late#1 ends: done",
                "4s slow#1 ends: done",
                "4s cook#1 prints \"after\"",
                "4s cook#1 ends: done",
                "finished",
            ],
        );
    }
}

#[test]
fn a_queue_that_is_shut_down_gives_what_it_has() {
    python::require();
    let script = "\
queue q
maker:
    put q
    put q
    shutdown q
    try: put q
    except: print \"no more\"
taker:
    try:
        forever:
            get q
            print \"taken\"
            await 1s
    except:
        print \"empty\"
";
    for version in [PythonVersion::V313, PythonVersion::V314] {
        check_version(
            script,
            version,
            &[
                "0s maker#1 prints \"no more\"",
                "0s maker#1 ends: done",
                "0s taker#1 prints \"taken\"",
                "1s taker#1 prints \"taken\"",
                "2s taker#1 prints \"empty\"",
                "2s taker#1 ends: done",
                "finished",
            ],
        );
    }
}

#[test]
fn a_group_hears_at_once_of_an_eager_task_that_failed_in_older_versions_only() {
    python::require();
    let script = "\
eager on
boss:
    try:
        group:
            spawn bad
            spawn good
            print \"both\"
    except:
        print \"failed\"
bad: fail \"at once\"
good: await 1s
run boss
";
    check_version(
        script,
        PythonVersion::V312,
        &[
            "0s bad#1 ends: failed",
            "0s boss#1 prints \"failed\"",
            // The group's cancellation of its parent was never raised.
            "0s boss#1 ends: cancelled",
            "finished",
        ],
    );
    check_version(
        script,
        PythonVersion::V313,
        &[
            "0s bad#1 ends: failed",
            "0s boss#1 prints \"both\"",
            "0s good#1 ends: cancelled",
            "0s boss#1 prints \"failed\"",
            "0s boss#1 ends: done",
            "finished",
        ],
    );
}

/// The scripts beside the lessons in docs/model-card.md.
#[test]
fn the_scripts_of_the_model_card_keep_their_expectations() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/model_card");
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("its entries can be read").path();
        let text = fs::read_to_string(&path).expect("a script is UTF-8 text");
        let name = path.display().to_string();
        let workload = workload_of(&text, &name);
        let trace = simulate(&workload);
        let run = AnalysedRun::of(workload, trace);
        let verdicts = run.verdicts();
        assert!(!verdicts.is_empty(), "{name} expects nothing");
        assert!(verdicts.iter().all(|verdict| verdict.holds), "{name}");
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
