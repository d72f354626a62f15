//! The rules of a trace file: it is refused, or can be drawn, explained and exported.

use analysis::fit::{FitSource, fit};
use analysis::why::blame;
use formats::import::{self, Source};
use model::trace::{AnalysedRun, Trace, events};
use model::workload::Workload;

use super::{check_message, run};

/// Longer traces are skipped, because drawing them takes seconds.
const RECORDS: usize = 5_000;
/// Longer ones are not made a script, which simulates several.
const FITTED_RECORDS: usize = 200;

pub(super) fn check(bytes: &[u8]) -> bool {
    let opened = match import::open(bytes) {
        Ok(opened) => opened,
        Err(error) => {
            check_message(|language| error.message(language));
            return false;
        }
    };
    if opened.trace.log.len() > RECORDS {
        return true;
    }
    let run = AnalysedRun::of(opened.workload, opened.trace);
    let (workload, trace) = (run.workload(), run.trace());
    let _ = run.summary();
    let _ = events(trace).count();
    let _ = blame(workload, trace);
    run::check_reasons(&run);
    run::check_drawings(&run);
    run::check_interchange(workload, trace);
    run::check_messages(trace);
    run::check_replay(trace);
    let text = match &opened.source {
        Source::Script(script) => {
            run::check_trace_file(script, trace);
            script
        }
        Source::Names(_) => "",
    };
    if trace.log.len() <= FITTED_RECORDS {
        check_fit(workload, text, trace);
    }
    true
}

/// The script of a run has no errors.
fn check_fit(workload: &Workload, text: &str, trace: &Trace) {
    let source = FitSource {
        workload,
        text,
        is_program: false,
        printed: &[],
    };
    if let Ok(fitted) = fit(source, trace) {
        let parsed = script::parse(&fitted.text);
        assert!(parsed.workload.is_some(), "{}", fitted.text);
    }
}
