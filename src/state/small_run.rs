//! Small runs: simulated at once on the page's own thread, so that the chart changes in the next
//! frame. All other runs go to the simulation worker.

use std::rc::Rc;

use super::parsed::ParsedScript;
use model::trace::Trace;
use sim::{SyncRunLimits, simulate_sync};

/// Limits of a synchronous run; it takes a few milliseconds. They count work instead of measuring
/// time, so that the same script is always simulated in the same way.
const SMALL: SyncRunLimits = SyncRunLimits {
    instances: 2_000,
    records: 20_000,
    steps: 20_000,
};
/// Longer texts take too long to parse on each keystroke.
pub(crate) const SMALL_BYTES: usize = 16 * 1024;

/// The outcome of a run, with the script as it was parsed for it.
#[derive(Debug)]
pub(crate) enum RunOutcome {
    /// The script has errors, so it cannot run.
    Faulty(Rc<ParsedScript>),
    Finished(Rc<ParsedScript>, Trace),
    /// The caller no longer wanted the result.
    Abandoned,
}

/// Runs a small script. Returns `None` for any other.
pub(crate) fn run_small(script: &str) -> Option<RunOutcome> {
    // Checked first, because parsing takes time in proportion to the length.
    if script.len() > SMALL_BYTES {
        return None;
    }
    let parsed = ParsedScript::of(script);
    let Some(workload) = parsed.workload.clone() else {
        return Some(RunOutcome::Faulty(parsed));
    };
    let trace = simulate_sync(&workload, SMALL)?;
    Some(RunOutcome::Finished(parsed, trace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_small_scripts_run_at_once() {
        let long_text = "# long\n".repeat(4_000);
        let many_steps = "async def spin: repeat 20000 (cpu 1us -> yield)\nrun 10 spin\n";
        let many_instances = "async def a: await 1\nrun 2000000 a\n";
        let many_records = "async def a: repeat 1000000 (print \"x\" -> yield)\nrun 1 a\n";
        for script in [&long_text, many_steps, many_instances, many_records] {
            assert!(run_small(script).is_none(), "{script:.40}");
        }
        let Some(RunOutcome::Finished(_, trace)) = run_small("a: await 3s\n") else {
            panic!("it is small");
        };
        assert_eq!(trace.end.as_nanos(), 3_000_000_000);
        assert!(matches!(
            run_small("a: awiat 3s\n"),
            Some(RunOutcome::Faulty(_))
        ));
    }
}
