//! The rules of a run: its trace, analyses and exported files.

use model::trace::codec;
use std::collections::BTreeMap;

use analysis::compare::{advise, compare};
use analysis::effort::Effort;
use analysis::formula::formula;
use analysis::why::findings::{Adjust, Examined, findings};
use analysis::why::{Why, blame};
use chart::scene::rows::By;
use chart::standalone::{ChartOptions, TextOptions, draw_svg, draw_text};
use formats::export;
use formats::export::trace::Origin;
use formats::import;
use formats::link::{self, LinkError, Shared};
use formats::report::{self, Detail, Report};
use model::replay::Replay;
use model::time::SimTime;
use model::trace::critical::critical_path;
use model::trace::{AnalysedRun, Ending, InstanceId, Trace, check as violations};
use model::workload::Workload;
use script::apply_edits;
use sim::{Simulation, SimulationProgress, SyncRunLimits, simulate_sync};
use texts::Language;

/// Larger runs are skipped, so that an input takes about a millisecond.
pub(super) const BOUNDS: SyncRunLimits = SyncRunLimits {
    instances: 100,
    records: 600,
    steps: 10_000,
};
/// Records that the trials of findings may produce, and those of a comparison.
const EFFORT: u64 = 3_000;
/// Instances that must explain their longest wait.
const ASKED: usize = 8;

pub(super) fn check(text: &str, workload: &Workload) {
    let Some(trace) = simulate_sync(workload, BOUNDS) else {
        return;
    };
    let found = violations(workload, &trace);
    assert!(found.is_empty(), "{found:?}\n{text}");
    check_slices(workload, &trace);
    let run = AnalysedRun::of(workload.clone(), trace);
    check_analyses(&run);
    check_findings(text, &run);
    check_comparison(workload);
    check_report(&run);
    check_drawings(&run);
    check_exports(workload, run.trace());
    check_trace_file(text, run.trace());
    check_messages(run.trace());
    check_link(text);
    check_replay(run.trace());
}

fn check_slices(workload: &Workload, whole: &Trace) {
    let mut simulation = Simulation::new(workload);
    // Short slices interrupt the run at many different points.
    while simulation.advance(7) != SimulationProgress::Over {}
    assert!(
        simulation.into_trace() == *whole,
        "a run in slices is the same"
    );
}

/// Blame, critical path, formula and reasons add up to the times of the run.
pub(super) fn check_analyses(run: &AnalysedRun) {
    let trace = run.trace();
    let blame = blame(run.workload(), trace);
    assert_eq!(
        blame.total_blamed() + blame.unattributed,
        blame.total_waited(),
        "blamed time is waited time"
    );
    let mut at = SimTime::ZERO;
    for piece in critical_path(trace, run.spans()) {
        assert_eq!(piece.start, at, "the critical path has a gap");
        at = piece.end;
    }
    // A run that `until` ended before the first arrival has no path.
    if !trace.log.is_empty() {
        assert_eq!(at, trace.end, "the critical path ends with the run");
    }
    if let Ok(formula) = formula(run) {
        assert_eq!(run.total(), formula.total);
        assert_eq!(formula.expr.value(), formula.total, "{}", formula.text());
    }
    check_reasons(run);
}

/// The reasons of a wait add up to its length.
pub(super) fn check_reasons(run: &AnalysedRun) {
    let why = Why::new(run);
    for id in (0..run.trace().instances.len().min(ASKED)).map(|id| InstanceId(id as u32)) {
        let Some(span) = why.longest_wait(id) else {
            continue;
        };
        let pieces = why.explain(span);
        let explained: u64 = pieces.iter().map(|piece| piece.length().as_nanos()).sum();
        assert_eq!(explained, span.length().as_nanos(), "{span:?}\n{pieces:?}");
        let chain = why.chain(id, span.start);
        for link in chain.links {
            let _ = why.waiting_for(link.instance, span.start);
            let _ = why.on_its_loop(link.instance, span.start);
        }
    }
}

/// A remedy is a valid script, and its total is the one in the finding.
fn check_findings(text: &str, run: &AnalysedRun) {
    let examined = Examined {
        text,
        run,
        // No settings beyond those of the script, as the total is compared.
        machine: Adjust(&|_| {}),
        effort: EFFORT,
    };
    for finding in findings(examined) {
        for language in Language::ALL {
            assert!(!finding.told(run.total(), language).what.is_empty());
        }
        let Some(fix) = finding.fix else { continue };
        let fixed = apply_edits(text, &fix.edits);
        let Some(repaired) = script::parse(&fixed).workload else {
            panic!("a remedy breaks the script:\n{fixed}");
        };
        if let Some(trace) = simulate_sync(&repaired, BOUNDS) {
            assert_eq!(trace.end.since(SimTime::ZERO), fix.total, "{fixed}");
        }
    }
}

/// A comparison stays within its effort, for any strategy.
fn check_comparison(workload: &Workload) {
    let mut effort = Effort::new(EFFORT);
    let compared = compare(workload, &mut effort);
    let _ = advise(workload, &compared, &mut effort);
    assert!(effort.used() <= EFFORT);
}

fn check_report(run: &AnalysedRun) {
    assert_eq!(run.verdicts().len(), run.workload().expectations.len());
    let report = Report {
        run,
        findings: &[],
        formula: None,
    };
    let mut json = Vec::new();
    report::write_json(report, Detail::Full, &mut json).expect("memory can be written");
    let read: serde_json::Value = serde_json::from_slice(&json).expect("the report is JSON");
    assert_eq!(read["total_ns"], run.trace().end.as_nanos());
    let mut csv = Vec::new();
    report::write_csv(report, &mut csv).expect("memory can be written");
    assert!(csv.ends_with(b"\n"));
}

/// Charts contain no control characters, whatever the labels are.
pub(super) fn check_drawings(run: &AnalysedRun) {
    for by in [By::Tasks, By::Threads] {
        let options = ChartOptions {
            by,
            ..ChartOptions::default()
        };
        let svg = draw_svg(run, &options);
        assert!(svg.starts_with("<svg"));
        check_printable(&svg);
    }
    check_printable(&draw_text(run, &TextOptions::default()));
}

fn check_printable(text: &str) {
    let control = text.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(control, None, "a control character");
}

fn check_exports(workload: &Workload, trace: &Trace) {
    for program in [
        export::asyncio(workload),
        export::fastapi(workload),
        export::celery(workload),
    ] {
        check_printable(&program);
    }
    check_interchange(workload, trace);
}

/// The exported files for other tools are well-formed.
pub(super) fn check_interchange(workload: &Workload, trace: &Trace) {
    let mut json = Vec::new();
    export::perfetto("", workload, trace, &mut json).expect("memory can be written");
    serde_json::from_slice::<serde::de::IgnoredAny>(&json).expect("Perfetto's file is JSON");
    check_printable(&export::mermaid(workload, trace));
}

pub(super) fn trace_file(text: &str, trace: &Trace) -> Vec<u8> {
    let origin = Origin {
        script: text,
        runtime: None,
        versions: &BTreeMap::new(),
        scale: 1.0,
    };
    let mut bytes = Vec::new();
    export::trace::trace(origin, trace, &mut bytes).expect("memory can be written");
    bytes
}

/// Reading a written trace file restores the trace, except the details of a deadlock.
pub(super) fn check_trace_file(text: &str, trace: &Trace) {
    if trace.log.is_empty() {
        return;
    }
    let opened = import::open(&trace_file(text, trace)).expect("the file can be opened again");
    assert_eq!(opened.left_out, 0);
    let mut expected = trace.clone();
    // Reading turns deadlocks and limits to `Finished`: the file lacks their details.
    if expected.ending != Ending::Until {
        expected.ending = Ending::Finished;
    }
    assert!(opened.trace == expected, "the file holds the same trace");
}

pub(super) fn check_messages(trace: &Trace) {
    let whole = codec::decode(&codec::encode(trace));
    assert!(
        whole.as_ref() == Some(trace),
        "a trace survives the message"
    );
    let mut chunks = Vec::new();
    codec::encode_chunks(trace, |chunk| chunks.push(chunk.to_vec()));
    let mut chunks = chunks.iter();
    let decoding = chunks
        .next()
        .and_then(|first| codec::TraceDecoder::begin(first));
    let mut decoding = decoding.expect("the first chunk can be read");
    for chunk in chunks {
        assert_eq!(decoding.add(chunk), Some(()));
    }
    assert!(
        decoding.finish().as_ref() == Some(trace),
        "a trace survives its chunks"
    );
}

fn check_link(text: &str) {
    let shared = Shared {
        script: text.to_owned(),
        ..Shared::default()
    };
    match link::encode(&shared) {
        Ok(link) => assert_eq!(link::decode(&link).as_ref(), Ok(&shared)),
        Err(error) => assert_eq!(error, LinkError::TooLong),
    }
}

/// Replaying backward reaches the same states as replaying forward.
pub(super) fn check_replay(trace: &Trace) {
    let middle = trace.log.len() / 2;
    let mut forward = Replay::new();
    forward.move_to(trace, middle);
    let mut back = Replay::new();
    back.move_to(trace, usize::MAX);
    back.move_to(trace, middle);
    assert!(
        forward.alive().eq(back.alive()),
        "replay differs at record {middle}"
    );
}
