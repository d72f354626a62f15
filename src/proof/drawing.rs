//! The conversion of a measured trace to the measured overlay.
//!
//! Times are divided by the scale: with a scale of 0.1, a bar of 100 ms becomes one of 1 s, as in
//! the script.

use super::lines::RunResult;
use crate::protocol::real_run::MeasuredOverlay;
use chart::scene::ghost::Ghosts;
use chart::scene::{By, Timeline};
use formats::link::base64_decode;
use model::trace::Spans;
use model::trace::codec;

/// The overlay of a finished run. `None` if its trace cannot be decoded or does not belong to the
/// script.
pub(super) fn measured(text: &str, done: &RunResult) -> Option<MeasuredOverlay> {
    let workload = script::parse(text).workload?;
    let bytes = base64_decode(&done.measured)?;
    // Its indices come from another program, so check them before they are used.
    let trace = codec::decode(&bytes).filter(|trace| trace.is_of(&workload))?;
    let timeline = Timeline::new(&workload, &trace, &Spans::of(&trace), By::Tasks);
    let ghosts = Ghosts::of(&timeline, &trace, done.report.scale);
    Some(MeasuredOverlay::new(text.to_owned(), &ghosts))
}

#[cfg(test)]
mod tests {
    use super::super::lines::tests::DONE;
    use super::super::lines::{Lines, RunEvent};
    use super::*;
    use formats::link::base64_encode;
    use sim::simulate;

    const SCRIPT: &str = "a: cpu 1s -> await 2s\nb: cpu 3s\n";

    fn done(measured: &str) -> Box<RunResult> {
        let line = DONE.replace("\"measured\":\"\"", &format!("\"measured\":\"{measured}\""));
        let events = Lines::default().take(format!("{line}\n").as_bytes());
        match events.and_then(|mut events| events.pop()) {
            Some(RunEvent::Done(done)) => done,
            other => panic!("{other:?}"),
        }
    }

    fn trace(script: &str) -> String {
        let workload = script::parse(script).workload.expect("no errors");
        base64_encode(&codec::encode(&simulate(&workload)))
    }

    #[test]
    fn ghosts_are_in_the_seconds_of_the_script() {
        let scaled = "a: cpu 100ms -> await 200ms\nb: cpu 300ms\n";
        let measured = measured(SCRIPT, &done(&trace(scaled))).expect("a trace");
        let ghosts = measured.ghosts();
        assert_eq!(ghosts.rows.len(), 2);
        assert_eq!(ghosts.end.as_nanos(), 4_000_000_000);
    }

    #[test]
    fn what_is_no_trace_of_the_script_is_not_drawn() {
        let more = "a: cpu 1s\nb: cpu 1s\nc: cpu 1s\n";
        for measured in ["", "%%%", "AAAA", &trace(more)] {
            assert_eq!(super::measured(SCRIPT, &done(measured)), None, "{measured}");
        }
    }
}
