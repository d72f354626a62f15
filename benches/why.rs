//! Measures the analysis: `why N` prints one line of JSON.
//!
//! The trace has about `N` spans: requests of three kinds on one server, with contention for the
//! loop, the pool, the GIL and a lock. Findings are computed without simulating their remedies.

#![allow(clippy::print_stdout)]

use std::time::Instant;

use analysis::why::blame;
use analysis::why::findings::{Adjust, Examined, findings_given};
use model::trace::AnalysedRun;
use model::trace::critical::critical_path;
use script::parse;
use sim::simulate;

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"));
    let n: u64 = arguments
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_000_000);
    // Each of the three tasks has about five spans.
    let each = n / 16;
    let script = format!(
        "lock m\na: cpu 1ms -> await 20ms -> with m (await 1ms)\ndef b: block 5ms -> cpu 1ms\n\
         c: await 3ms -> block 1ms\nrun {each} a every 1ms\nrun {each} b every 1ms\nrun {each} c every 1ms\n"
    );
    let workload = parse(&script)
        .workload
        .expect("the bench's script is valid");
    let trace = simulate(&workload);
    let run = AnalysedRun::of(workload, trace);
    let trace = run.trace();
    let started = Instant::now();
    let spans = run.spans();
    let for_spans = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let blame = blame(run.workload(), trace);
    let for_blame = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let found = findings_given(
        Examined {
            text: &script,
            run: &run,
            machine: Adjust(&|_| {}),
            // No effort: remedies would be simulations, which `simulate` measures.
            effort: 0,
        },
        &blame,
    );
    let for_findings = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let pieces = critical_path(trace, spans).len();
    let for_path = started.elapsed().as_secs_f64();
    println!(
        r#"{{"case":"why","spans":{},"records":{},"spans_s":{for_spans:.6},"blame_s":{for_blame:.6},"findings_s":{for_findings:.6},"critical_path_s":{for_path:.6},"pieces":{pieces},"lines":{},"findings":{}}}"#,
        spans.len(),
        trace.log.len(),
        blame.lines.len(),
        found.len()
    );
}
