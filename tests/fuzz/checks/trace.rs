//! The rules of a trace file: it is refused, or can be drawn, explained and exported.

use analysis::why::blame;
use formats::import::{self, Source};
use model::trace::{AnalysedRun, events};

use super::{check_message, run};

/// Longer traces are skipped, because drawing them takes seconds.
const RECORDS: usize = 5_000;

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
    if let Source::Script(script) = &opened.source {
        run::check_trace_file(script, trace);
    }
    true
}
