//! A run becomes a script that repeats it.

extern crate loopscope_analysis as analysis;

mod cases;
mod programs;
mod random;

#[path = "../../../../tests/support/bodies.rs"]
#[allow(dead_code)]
mod bodies;
#[path = "../../../../tests/support/generate.rs"]
#[allow(dead_code)]
mod generate;
#[path = "../../../../tests/support/layout.rs"]
#[allow(dead_code)]
mod layout;
#[path = "../../../../tests/support/rng.rs"]
#[allow(dead_code)]
mod rng;
#[path = "../../../../tests/support/taste.rs"]
#[allow(dead_code)]
mod taste;

use analysis::fit::{FitSource, FittedScript, fit};
use model::trace::Trace;
use model::workload::Workload;
use sim::simulate;

/// The script of a run, by its trace alone.
fn fitted(workload: &Workload, trace: &Trace) -> FittedScript {
    let source = FitSource {
        workload,
        text: "",
        is_program: false,
        printed: &[],
    };
    fit(source, trace).expect("a script")
}

/// The script of the simulated run of a script. It must have the run's total.
#[track_caller]
fn fitted_again(name: &str, script: &str) -> FittedScript {
    let workload = script::parse(script).workload.expect("no errors");
    let trace = simulate(&workload);
    let found = fitted(&workload, &trace);
    let parsed = script::parse(&found.text);
    let again = parsed.workload.as_ref().map(simulate);
    assert_eq!(
        again.map(|trace| trace.end),
        Some(trace.end),
        "{name}\n{script}\n{}\n{:#?}",
        found.text,
        parsed.diagnostics
    );
    found
}
