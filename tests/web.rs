//! The core in a real browser's WebAssembly: what the page relies on, beyond
//! that it compiles. Run by `make test-page`.

#![cfg(target_arch = "wasm32")]

use loopscope::link::{self, Shared};
use loopscope::protocol;
use loopscope::script;
use loopscope::sim::simulate;
use loopscope::trace::{Trace, summarize};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn run(text: &str) -> Trace {
    simulate(
        &script::parse(text)
            .workload
            .expect("a script without errors"),
    )
}

#[wasm_bindgen_test]
fn the_blackboard_arithmetic_comes_out() {
    let text = "make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\n";
    let workload = script::parse(text)
        .workload
        .expect("a script without errors");
    let trace = simulate(&workload);
    assert_eq!(summarize(&workload, &trace).total.to_string(), "9s");
}

#[wasm_bindgen_test]
fn a_trace_survives_the_way_from_worker_to_page() {
    let trace = run("def ping: block 5\nrun 100 ping\n");
    assert_eq!(
        protocol::trace::decode(&protocol::trace::encode(&trace)),
        Some(trace)
    );
}

#[wasm_bindgen_test]
fn a_link_with_hangul_survives_the_trip() {
    let shared = Shared {
        script: "파스타: cpu 3초 -> await 5초\n".into(),
        ..Shared::default()
    };
    let link = link::encode(&shared).expect("short enough");
    assert_eq!(link::decode(&link), Ok(shared));
}

#[wasm_bindgen_test]
fn an_absurd_script_is_refused_without_running() {
    let parsed = script::parse("a: cpu 1\nrun 1000000000000 a\n");
    assert!(parsed.workload.is_none());
    assert!(!parsed.diagnostics.is_empty());
}
