//! The stream of a run: lines of JSON from the companion, one event a line.

use serde::Deserialize;
use serde_json::value::RawValue;

use formats::verification::VerificationReport;

/// The longest line that is accepted: 256 MiB. The line with the measured trace is the longest.
const LINE_BYTES_MAX: usize = 256 << 20;

/// An event of a run. `docs/companion-api.md` describes its fields.
#[derive(Debug)]
pub(super) enum RunEvent {
    Queued { ahead: u32 },
    Started { runs: u32, run_ns: u64 },
    Progress { run: u32, runs: u32 },
    Alive,
    Done(Box<RunResult>),
    Failed(RunFailure),
}

#[derive(Debug)]
pub(super) struct RunResult {
    pub(super) report: VerificationReport,
    /// The traces, encoded in base64url.
    pub(super) predicted: String,
    pub(super) measured: String,
}

/// An error of the companion.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct RunFailure {
    pub(super) code: String,
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) remedy: Option<String>,
}

/// A splitter of the stream. Keeps the bytes of an incomplete line.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    /// The events in the lines that these bytes complete. `None` if a line is not a valid event.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Option<Vec<RunEvent>> {
        let mut events = Vec::new();
        let mut bytes = bytes;
        // As bytes: a piece may end inside a character.
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            self.rest.extend_from_slice(&bytes[..end]);
            bytes = &bytes[end + 1..];
            let line = std::mem::take(&mut self.rest);
            events.extend(read(&line)?);
        }
        self.rest.extend_from_slice(bytes);
        // A server that never ends a line must not exhaust the memory.
        (self.rest.len() <= LINE_BYTES_MAX).then_some(events)
    }
}

/// The fields of all events, to read a line once. The report is parsed only for `done`.
#[derive(Deserialize)]
struct EventFields<'a> {
    event: &'a str,
    #[serde(default)]
    ahead: u32,
    #[serde(default)]
    runs: u32,
    #[serde(default)]
    run: u32,
    #[serde(default)]
    run_ns: u64,
    #[serde(borrow, default)]
    report: Option<&'a RawValue>,
    #[serde(default)]
    predicted: &'a str,
    #[serde(default)]
    measured: &'a str,
}

/// Parses a line. An unknown event gives an empty list, because a newer companion may have more
/// events.
fn read(line: &[u8]) -> Option<Vec<RunEvent>> {
    let known: EventFields<'_> = serde_json::from_slice(line).ok()?;
    let EventFields {
        ahead,
        runs,
        run,
        run_ns,
        ..
    } = known;
    Some(vec![match known.event {
        "queued" => RunEvent::Queued { ahead },
        "started" => RunEvent::Started { runs, run_ns },
        "progress" => RunEvent::Progress { run, runs },
        "alive" => RunEvent::Alive,
        "done" => RunEvent::Done(Box::new(RunResult {
            report: serde_json::from_str(known.report?.get()).ok()?,
            predicted: known.predicted.to_owned(),
            measured: known.measured.to_owned(),
        })),
        // As another type, because its strings may have escapes, which `EventFields` cannot borrow.
        "failed" => RunEvent::Failed(serde_json::from_slice(line).ok()?),
        _ => return Some(Vec::new()),
    }])
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A report of two tasks. The second one is late.
    pub(crate) const DONE: &str = r#"{"event":"done","report":{"schema":"loopscope.verification/1","runtime":"asyncio","versions":{"Python":"3.11.7"},"scale":0.1,"runs":3,"interrupted":false,"verdict":"fails","tolerance":{"percent":5.0,"slack_ns":10000000},"total":{"predicted_ns":900000000,"measured_ns":1000000000,"error_ns":100000000,"runs_ns":[990000000,1000000000,1010000000]},"order":{"steps":4,"broken_runs":0,"first_broken":null},"tasks":[{"name":"a","number":1,"predicted":true,"start":{"predicted_ns":0,"measured_ns":1000000,"error_ns":1000000,"runs_ns":[1000000]},"finish":{"predicted_ns":800000000,"measured_ns":801000000,"error_ns":1000000,"runs_ns":[801000000]},"outcome_predicted":"done","outcomes_measured":["done","done","done"],"holds":true},{"name":"b","number":1,"predicted":true,"start":null,"finish":{"predicted_ns":900000000,"measured_ns":1000000000,"error_ns":100000000,"runs_ns":[1000000000]},"outcome_predicted":"done","outcomes_measured":["failed","failed",null],"holds":false}],"notes":[{"note":"fewer_cores","script":8,"machine":2}],"others_cores":0.7},"predicted":"","measured":""}"#;

    #[track_caller]
    fn check(parts: &[&str], expected: Option<usize>) {
        let mut lines = Lines::default();
        let mut count = Some(0);
        for part in parts {
            let found = lines.take(part.as_bytes());
            count = count.zip(found).map(|(count, found)| count + found.len());
        }
        assert_eq!(count, expected, "{parts:?}");
    }

    #[test]
    fn events_come_in_whatever_pieces() {
        let queued = "{\"event\":\"queued\",\"ahead\":2}\n";
        check(&[queued], Some(1));
        check(&[&queued[..7], &queued[7..]], Some(1));
        check(
            &[
                &format!("{queued}{{\"event\":\"alive\"}}\n{{\"ev"),
                "ent\":\"alive\"}\n",
            ],
            Some(3),
        );
        check(&[queued, "{\"event\":\"al"], Some(1));
    }

    #[test]
    fn what_is_new_is_left_out_and_what_is_broken_is_said() {
        check(&["{\"event\":\"coffee\",\"cups\":2}\n"], Some(0));
        check(&["<html>\n"], None);
        check(&["{\"event\":\"done\"}\n"], None);
    }

    #[test]
    fn a_report_is_read_and_sorted_by_how_wrong_it_was() {
        let mut lines = Lines::default();
        let events = lines
            .take(format!("{DONE}\n").as_bytes())
            .expect("it is one");
        let [RunEvent::Done(done)] = &events[..] else {
            panic!("{events:?}");
        };
        let names = done.report.worst_first();
        let names: Vec<&str> = names.iter().map(|task| &*task.name).collect();
        assert_eq!(names, ["b", "a"]);
        assert!(!done.report.tasks[1].ended_as_predicted());
    }

    #[test]
    fn a_failure_has_its_remedy() {
        let line = "{\"event\":\"failed\",\"code\":\"missing\",\"message\":\"no redis\",\"remedy\":\"apt\"}\n";
        let events = Lines::default().take(line.as_bytes());
        let Some([RunEvent::Failed(failed)]) = events.as_deref() else {
            panic!("{events:?}");
        };
        assert_eq!(failed.remedy.as_deref(), Some("apt"));
    }
}
