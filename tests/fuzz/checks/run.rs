//! Rules of a valid script's run: the trace, the analyses, the exported files.

use std::collections::BTreeMap;

use loopscope::chart::{ChartOptions, TextOptions, draw_svg, draw_text};
use loopscope::compare::{advise, compare};
use loopscope::effort::Effort;
use loopscope::export;
use loopscope::export::trace::Origin;
use loopscope::formula::formula;
use loopscope::import;
use loopscope::language::Language;
use loopscope::link::{self, LinkError, Shared};
use loopscope::protocol;
use loopscope::replay::Replay;
use loopscope::report::{self, Detail, Report};
use loopscope::scene::rows::By;
use loopscope::script::{self, apply_edits};
use loopscope::sim::{Progress, Simulation, SyncRunLimits, simulate_sync};
use loopscope::time::SimTime;
use loopscope::trace::critical::critical_path;
use loopscope::trace::{Ending, InstanceId, Spans, Summary, Trace, check as violations};
use loopscope::trace::{expectation, summarize};
use loopscope::why::findings::{Adjust, Run, findings};
use loopscope::why::{Why, blame};
use loopscope::workload::Workload;

/// Larger runs are not analysed: an input takes about a millisecond.
pub(super) const BOUNDS: SyncRunLimits = SyncRunLimits {
    instances: 100,
    records: 600,
    steps: 10_000,
};
/// Records that all trials of findings, and of a comparison, may leave.
const EFFORT: u64 = 3_000;
/// Instances that are asked for the reason of their wait.
const ASKED: usize = 8;

pub(super) fn check(text: &str, workload: &Workload) {
    let Some(trace) = simulate_sync(workload, BOUNDS) else {
        return;
    };
    let found = violations(workload, &trace);
    assert!(found.is_empty(), "{found:?}");
    check_slices(workload, &trace);
    check_analyses(workload, &trace);
    check_findings(text, workload, &trace);
    check_comparison(workload);
    let summary = summarize(workload, &trace);
    check_report(workload, &trace, &summary);
    check_drawings(workload, &trace);
    check_exports(workload, &trace);
    check_trace_file(text, &trace);
    check_messages(&trace);
    check_link(text);
    check_replay(&trace);
}

fn check_slices(workload: &Workload, whole: &Trace) {
    let mut simulation = Simulation::new(workload);
    while simulation.advance(7) != Progress::Over {}
    assert!(
        simulation.into_trace() == *whole,
        "a run in slices is the same"
    );
}

/// Blame, critical path, formula and reasons add up.
pub(super) fn check_analyses(workload: &Workload, trace: &Trace) {
    let spans = Spans::of(trace);
    let blame = blame(workload, trace);
    assert_eq!(
        blame.total_blamed() + blame.nobody,
        blame.total_waited(),
        "blamed time is waited time"
    );
    let mut at = SimTime::ZERO;
    for piece in critical_path(trace, &spans) {
        assert_eq!(piece.start, at, "the critical path has a gap");
        at = piece.end;
    }
    assert_eq!(at, trace.end, "the critical path ends with the run");
    if let Ok(formula) = formula(workload, trace) {
        assert_eq!(trace.end.since(SimTime::ZERO), formula.total);
        assert_eq!(formula.expr.value(), formula.total, "{}", formula.text());
    }
    check_reasons(workload, trace, &spans);
}

/// The reasons of a wait are as long as the wait.
pub(super) fn check_reasons(workload: &Workload, trace: &Trace, spans: &Spans) {
    let why = Why::new(workload, trace, spans);
    for id in (0..trace.instances.len().min(ASKED)).map(|id| InstanceId(id as u32)) {
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

/// A remedy is a valid script with the total that the finding gives.
fn check_findings(text: &str, workload: &Workload, trace: &Trace) {
    let total = trace.end.since(SimTime::ZERO);
    let run = Run {
        text,
        workload,
        trace,
        machine: Adjust(&|_| {}),
        effort: EFFORT,
    };
    for finding in findings(run) {
        for language in Language::ALL {
            assert!(!finding.told(total, language).what.is_empty());
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

/// A comparison ends within its effort, whatever a placement does to the script.
fn check_comparison(workload: &Workload) {
    let mut effort = Effort::new(EFFORT);
    let compared = compare(workload, &mut effort);
    let _ = advise(workload, &compared, &mut effort);
    assert!(effort.used() <= EFFORT);
}

fn check_report(workload: &Workload, trace: &Trace, summary: &Summary) {
    let verdicts = expectation::judge(workload, trace, summary);
    assert_eq!(verdicts.len(), workload.expectations.len());
    let report = Report {
        workload,
        trace,
        summary,
        verdicts: &verdicts,
        findings: &[],
        formula: None,
    };
    let mut json = Vec::new();
    report::write_json(report, Detail::Full, &mut json).expect("memory can be written");
    let read: serde_json::Value = serde_json::from_slice(&json).expect("the report is JSON");
    assert_eq!(read["total_ns"], trace.end.as_nanos());
    let mut csv = Vec::new();
    report::write_csv(report, &mut csv).expect("memory can be written");
    assert!(csv.ends_with(b"\n"));
}

/// Pictures hold no control characters, whatever the labels are.
pub(super) fn check_drawings(workload: &Workload, trace: &Trace) {
    for by in [By::Tasks, By::Threads] {
        let options = ChartOptions {
            by,
            ..ChartOptions::default()
        };
        let svg = draw_svg(workload, trace, &options);
        assert!(svg.starts_with("<svg"));
        check_printable(&svg);
    }
    check_printable(&draw_text(workload, trace, &TextOptions::default()));
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

/// Files for other tools.
pub(super) fn check_interchange(workload: &Workload, trace: &Trace) {
    let mut json = Vec::new();
    export::perfetto(workload, trace, &mut json).expect("memory can be written");
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

/// A trace comes back from its file, but for the details of a deadlock.
pub(super) fn check_trace_file(text: &str, trace: &Trace) {
    if trace.log.is_empty() {
        return;
    }
    let opened = import::open(&trace_file(text, trace)).expect("the file can be opened again");
    assert_eq!(opened.left_out, 0);
    let mut expected = trace.clone();
    if expected.ending != Ending::Until {
        expected.ending = Ending::Finished;
    }
    assert!(opened.trace == expected, "the file holds the same trace");
}

pub(super) fn check_messages(trace: &Trace) {
    let whole = protocol::trace::decode(&protocol::trace::encode(trace));
    assert!(
        whole.as_ref() == Some(trace),
        "a trace survives the message"
    );
    let mut chunks = Vec::new();
    protocol::trace::encode_chunks(trace, |chunk| chunks.push(chunk.to_vec()));
    let mut chunks = chunks.iter();
    let decoding = chunks
        .next()
        .and_then(|first| protocol::trace::TraceDecoder::begin(first));
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

/// Going back gives the states that going forward gave.
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
