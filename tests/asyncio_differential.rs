//! Differential test: random programs are simulated and run by the machine's own CPython. Every
//! event must be the same, in the same order, at the same time.
//!
//! `LOOPSCOPE_SEED=S` replaces the fresh seed; the test prints the seed that it used.
//! `LOOPSCOPE_PROGRAMS=N` sets how many programs with fresh seeds run. To repeat a divergence, set
//! the seed that it printed and `LOOPSCOPE_PROGRAMS=1`.
//!
//! `LOOPSCOPE_PYTHON` names another Python, e.g. `tests/pyodide/python3.14.mjs`, CPython 3.14 by
//! Pyodide in Node. The simulator follows its version ([`model::workload::PythonVersion`]).

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::print_stderr,
    reason = "seeds are printed so that a failure can be repeated"
)]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{SystemTime, UNIX_EPOCH};

use formats::export;
use model::time::SimDuration;
use model::workload::{
    Body, Length, PythonVersion, Segment, SegmentId, SegmentKind, TaskKind, Workload,
};
use sim::simulate;

use support::observed::Observation;
use support::rng::Rng;
use support::{generate, layout, prune, python, shrink};

const FIXED_SEED: u64 = 1;
const PROGRAMS: u64 = 1_000;
/// Programs that one Python process runs; bounds the memory of a batch.
const BATCH: u64 = 500;
/// Rounds of shrinking. Each one makes the program smaller by one edit.
const ROUNDS_MAX: usize = 400;

#[test]
fn programs_with_fixed_seeds_run_as_under_cpython() {
    check_seeds(FIXED_SEED, PROGRAMS);
}

#[test]
fn programs_with_fresh_seeds_run_as_under_cpython() {
    let seed = number_from_environment("LOOPSCOPE_SEED").unwrap_or_else(seed_from_clock);
    let programs = number_from_environment("LOOPSCOPE_PROGRAMS").unwrap_or(PROGRAMS);
    eprintln!("LOOPSCOPE_SEED={seed} LOOPSCOPE_PROGRAMS={programs}");
    check_seeds(seed, programs);
}

/// Simulates the programs of `count` seeds, beginning with `first`, and runs them under CPython.
#[track_caller]
fn check_seeds(first: u64, count: u64) {
    python::require();
    for batch in (0..count).step_by(BATCH as usize) {
        let seeds: Vec<u64> = (batch..count.min(batch + BATCH))
            .map(|number| first.wrapping_add(number))
            .collect();
        let workloads: Vec<Workload> = seeds.iter().map(|&seed| workload_of(seed)).collect();
        if let Some(divergent) = first_divergence(&workloads) {
            let smallest = shrunk(workloads[divergent].clone());
            let (major, minor) = python::version();
            panic!(
                "the simulator and CPython {major}.{minor} differ\nrepeat: LOOPSCOPE_SEED={} LOOPSCOPE_PROGRAMS=1\n{}",
                seeds[divergent],
                report(smallest)
            );
        }
    }
}

/// The random workload of a seed, without what this Python lacks.
fn generated(seed: u64) -> Workload {
    let mut workload = generate::workload(seed).0;
    if python::version() < (3, 13) {
        generate::leave_queues_open(&mut workload);
    }
    workload
}

/// The workload of a seed. Every second one has eager tasks, if this Python has them.
fn workload_of(seed: u64) -> Workload {
    let mut workload = generated(seed);
    let has = |is_it: fn(&SegmentKind) -> bool| {
        let segments = workload.segments();
        segments
            .iter()
            .flatten()
            .any(|segment| is_it(&segment.kind))
    };
    let has_groups = has(|kind| matches!(kind, SegmentKind::Group { .. }));
    // It asks eager tasks that are over in the order of a set.
    let has_completions = has(|kind| matches!(kind, SegmentKind::AsCompleted { .. }));
    workload.machine.eager = python::has_eager_tasks()
        && seed.is_multiple_of(2)
        && !(python::has_groups_of_older_version() && has_groups)
        && !has_completions;
    workload
}

/// The index of the first workload that runs differently under CPython.
fn first_divergence(workloads: &[Workload]) -> Option<usize> {
    let sources: Vec<String> = workloads.iter().map(export::asyncio).collect();
    let expected = python::observe(&sources);
    workloads
        .iter()
        .zip(expected)
        .position(|(workload, expected)| simulated(workload) != expected)
}

fn simulated(workload: &Workload) -> Observation {
    // A panic counts as a divergence, so that the program which causes it is shrunk, too.
    let workload = python::followed(workload);
    let trace = catch_unwind(AssertUnwindSafe(|| simulate(&workload)));
    match trace {
        Ok(trace) => Observation::of_trace(&workload, &trace),
        Err(_) => Observation {
            events: Vec::new(),
            ending: "the simulator panicked".to_owned(),
            waiting: Vec::new(),
        },
    }
}

/// The smallest workload found by shrinking that still diverges.
fn shrunk(mut workload: Workload) -> Workload {
    for _ in 0..ROUNDS_MAX {
        let candidates = shrink::smaller(&workload);
        let Some(divergent) = first_divergence(&candidates) else {
            break;
        };
        workload = candidates[divergent].clone();
    }
    // Pruning also removes tasks and resources that no segment uses any more. It must keep the
    // divergence.
    let pruned = prune::pruned(&workload);
    match first_divergence(std::slice::from_ref(&pruned)) {
        Some(_) => pruned,
        None => workload,
    }
}

/// The script, a table of both lists of events, and the exported program.
fn report(mut workload: Workload) -> String {
    let script = layout::lay_out(&mut workload);
    let program = export::asyncio(&workload);
    let expected = python::observe(std::slice::from_ref(&program))
        .remove(0)
        .lines();
    let simulated = simulated(&workload).lines();
    let mut table = format!("  {:<40} {}\n", "CPython", "simulated");
    for row in 0..expected.len().max(simulated.len()) {
        let cell = |lines: &[String]| lines.get(row).cloned().unwrap_or_default();
        let (left, right) = (cell(&expected), cell(&simulated));
        let mark = if left == right { ' ' } else { '!' };
        table.push_str(&format!("{mark} {left:<40} {right}\n"));
    }
    format!("--- script\n{script}--- events\n{table}--- program\n{program}")
}

fn number_from_environment(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    let number = value.parse();
    Some(number.unwrap_or_else(|_| panic!("`{name}={value}` is not a number")))
}

fn seed_from_clock() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}

/// CPython refuses more than 20 nested blocks in one function, so the export moves deeper blocks
/// into functions of their own.
#[test]
fn programs_of_the_deepest_blocks_run_as_under_cpython() {
    python::require();
    let workloads: Vec<Workload> = (0..200)
        .map(|seed| deepened(generated(seed), seed))
        .collect();
    let sources: Vec<String> = workloads.iter().map(export::asyncio).collect();
    let apart = sources
        .iter()
        .filter(|source| source.contains("_block("))
        .count();
    assert!(apart > 150, "only {apart} have functions for their blocks");
    let nonlocal = sources
        .iter()
        .filter(|source| source.contains("nonlocal "))
        .count();
    assert!(nonlocal > 50, "only {nonlocal} share a handle");
    if let Some(divergent) = first_divergence(&workloads) {
        panic!(
            "the simulator and CPython differ\n{}",
            report(workloads[divergent].clone())
        );
    }
}

/// Moves the end of each body into many nested blocks. Some of the segments before it move into the
/// blocks, too.
fn deepened(mut workload: Workload, seed: u64) -> Workload {
    let mut rng = Rng::new(seed);
    for task in &mut workload.tasks {
        let before = rng.below(task.body.len() + 1);
        let mut inner = task.body.split_off(before);
        // More blocks than CPython accepts in one function.
        for _ in 0..20 + rng.below(30) {
            if rng.below(8) == 0 {
                inner.splice(0..0, task.body.pop());
            }
            let kind = block(rng.below(7), std::mem::take(&mut inner), task.kind);
            inner.push(Segment {
                id: SegmentId(0),
                kind,
            });
        }
        task.body.extend(inner);
    }
    layout::lay_out(&mut workload);
    workload
}

/// A block that runs its body once and changes nothing else, e.g. `repeat 1` or a timeout of an
/// hour.
fn block(number: usize, body: Body, task: TaskKind) -> SegmentKind {
    let after = Length::Fixed(SimDuration::from_secs(3_600));
    match (number, task) {
        (0, TaskKind::Async) => SegmentKind::Group { body },
        (1, TaskKind::Async) => SegmentKind::Timeout {
            after,
            body,
            otherwise: None,
        },
        (2, TaskKind::Async) => SegmentKind::Timeout {
            after,
            body,
            otherwise: Some(Body::new()),
        },
        (3, _) => SegmentKind::Try {
            body,
            except: None,
            finally: Some(Body::new()),
        },
        (4, _) => SegmentKind::Try {
            body,
            except: Some(Body::new()),
            finally: Some(Body::new()),
        },
        (5, _) => SegmentKind::Try {
            body,
            except: Some(Body::new()),
            finally: None,
        },
        _ => SegmentKind::Repeat { times: 1, body },
    }
}

/// The corner cases in which versions of CPython differ are frequent enough for the tests above.
#[test]
fn generated_programs_show_what_each_version_changed() {
    const PROGRAMS: u64 = 2_000;
    let observed = |seed, python, eager| {
        let mut workload = generate::workload(seed).0;
        generate::leave_queues_open(&mut workload);
        (workload.machine.python, workload.machine.eager) = (python, eager);
        Observation::of_trace(&workload, &simulate(&workload))
    };
    let differing = |one: (PythonVersion, bool), other: (PythonVersion, bool)| {
        let differs =
            |&seed: &u64| observed(seed, one.0, one.1) != observed(seed, other.0, other.1);
        (0..PROGRAMS).filter(differs).count()
    };
    use PythonVersion::{V311, V312, V313};
    for (what, one, other, least) in [
        ("3.11 and 3.12", (V311, false), (V312, false), 500),
        ("3.12 and 3.13", (V312, false), (V313, false), 7),
        ("eager tasks", (V313, false), (V313, true), 1_000),
        (
            "eager tasks in 3.12 and 3.13",
            (V312, true),
            (V313, true),
            10,
        ),
    ] {
        let count = differing(one, other);
        assert!(
            count >= least,
            "{what}: {count} programs differ, {least} were expected"
        );
    }
}

/// The generator reaches every ending often enough, so that the tests above cover them.
#[test]
fn generated_programs_reach_every_ending() {
    python::require();
    let sources: Vec<String> = (0..400)
        .map(|seed| export::asyncio(&generated(seed)))
        .collect();
    let seen: Vec<String> = python::observe(&sources)
        .iter()
        .flat_map(Observation::lines)
        .collect();
    for (ending, least) in [
        ("ends: done", 600),
        ("ends: failed", 200),
        ("ends: cancelled", 150),
        ("finished", 200),
        ("deadlock", 50),
    ] {
        let count = seen.iter().filter(|line| line.ends_with(ending)).count();
        assert!(
            count >= least,
            "`{ending}` is reached {count} times, {least} were expected"
        );
    }
    // The remaining lines are the endings of whole programs.
    let strange = |line: &&String| !line.contains("ms ") && !line.starts_with("0s ");
    let endings: std::collections::BTreeSet<&String> = seen
        .iter()
        .filter(strange)
        .filter(|line| !line.ends_with(" waits"))
        .collect();
    assert_eq!(
        endings.into_iter().collect::<Vec<_>>(),
        ["deadlock", "finished"]
    );
}
