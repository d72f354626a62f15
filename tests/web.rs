//! The core in a real browser's WebAssembly: the functions that the page relies on.
//!
//! `make test-page` runs it, in a worker, as on the page.

#![cfg(target_arch = "wasm32")]

mod support;

use chart::standalone::{ChartOptions, draw_svg};
use formats::link::{self, LinkError, Shared};
use model::replay::Replay;
use model::trace::codec;
use model::trace::{AnalysedRun, Trace, check, summarize};
use model::workload::Workload;
use sim::{Simulation, SimulationProgress, simulate};
use support::{fingerprint, generate};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[track_caller]
fn run(text: &str) -> (Workload, Trace) {
    let workload = script::parse(text)
        .workload
        .expect("a script without errors");
    let trace = simulate(&workload);
    (workload, trace)
}

#[track_caller]
fn check_total(text: &str, expected: &str) {
    let (workload, trace) = run(text);
    assert_eq!(summarize(&workload, &trace).total.to_string(), expected);
}

#[wasm_bindgen_test]
fn the_blackboard_arithmetic_comes_out() {
    check_total("make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\n", "9s");
    check_total("def ping: block 1\nrun 100 ping\n", "3s");
    check_total("a: await 1500ms\nb: cpu 250us\n", "1.5s");
}

#[wasm_bindgen_test]
fn the_traces_are_those_of_the_native_program_byte_for_byte() {
    let differences = fingerprint::differences(&fingerprint::lines());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[wasm_bindgen_test]
fn the_invariants_hold_here_too() {
    for seed in 1_000..1_100 {
        let (workload, text) = generate::anything(seed);
        let violations = check(&workload, &simulate(&workload));
        assert!(violations.is_empty(), "seed {seed}\n{text}\n{violations:?}");
    }
}

#[wasm_bindgen_test]
fn a_run_in_slices_is_the_run_in_one() {
    let (workload, whole) =
        run("def ping: block 5\nasync def pong: cpu 1 -> await 2\nrun 50 ping\nrun 50 pong\n");
    let mut simulation = Simulation::new(&workload);
    while simulation.advance(7) != SimulationProgress::Over {}
    assert_eq!(simulation.into_trace(), whole);
}

#[wasm_bindgen_test]
fn a_trace_survives_the_way_from_worker_to_page() {
    let (_, trace) = run("def ping: block 5\nrun 100 ping\n");
    assert_eq!(codec::decode(&codec::encode(&trace)), Some(trace));
}

#[wasm_bindgen_test]
fn a_damaged_trace_is_refused_not_believed() {
    let (_, trace) = run("a: cpu 1 -> await 2\n");
    let bytes = codec::encode(&trace);
    for length in 0..bytes.len() {
        assert_eq!(codec::decode(&bytes[..length]), None, "cut to {length}");
    }
}

#[wasm_bindgen_test]
fn fifty_steps_on_and_fifty_back_are_no_step() {
    let (_, trace) =
        run("def ping: block 5\nasync def pong: cpu 1 -> await 2\nrun 30 ping\nrun 30 pong\n");
    let standings = |replay: &Replay| -> Vec<_> {
        replay
            .alive()
            .map(|(id, standing)| (id, format!("{standing:?}")))
            .collect()
    };
    let mut replay = Replay::new();
    replay.move_to(&trace, 40);
    let before = standings(&replay);
    replay.move_to(&trace, 90);
    assert_ne!(standings(&replay), before);
    replay.move_to(&trace, 40);
    assert_eq!(standings(&replay), before);
}

#[wasm_bindgen_test]
fn a_picture_comes_out_for_hangul_names() {
    let (workload, trace) = run("파스타: cpu 3초 -> await 5초\n");
    let svg = draw_svg(&AnalysedRun::of(workload, trace), &ChartOptions::default());
    assert!(svg.starts_with("<svg") && svg.contains("파스타"), "{svg}");
}

#[track_caller]
fn check_link(script: &str) {
    let shared = Shared {
        script: script.into(),
        ..Shared::default()
    };
    let link = link::encode(&shared).expect("short enough");
    assert_eq!(link::decode(&link), Ok(shared));
}

#[wasm_bindgen_test]
fn a_link_survives_the_trip() {
    check_link("파스타: cpu 3초 -> await 5초\n");
    check_link("");
    check_link("\u{1f35d} </script>\r\n\t");
}

#[wasm_bindgen_test]
fn a_hostile_link_has_a_worded_answer() {
    assert_eq!(link::decode("#v99.abc"), Err(LinkError::Version(99)));
    assert_eq!(link::decode("#v1.!!!!"), Err(LinkError::Damaged));
    assert_eq!(link::decode("#v1."), Err(LinkError::Damaged));
    assert_eq!(
        link::decode(&format!("#v1.{}", "A".repeat(1 << 20))),
        Err(LinkError::TooLong)
    );
}

#[track_caller]
fn check_refused(text: &str) {
    let parsed = script::parse(text);
    assert!(parsed.workload.is_none(), "{text}");
    assert!(!parsed.diagnostics.is_empty(), "{text}");
}

#[wasm_bindgen_test]
fn an_absurd_script_is_refused_without_running() {
    check_refused("a: cpu 1\nrun 1000000000000 a\n");
    check_refused("a: cpu 99999999999999999999h\n");
    check_refused(&format!(
        "a: {}cpu 1{}\n",
        "repeat 2 (".repeat(50_000),
        ")".repeat(50_000)
    ));
}
