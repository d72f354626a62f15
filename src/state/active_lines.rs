//! The lines of the script at which tasks are at work or wait at the cursor.

use super::Cursor;
use super::shown::Shown;
use chart::scene::{By, Kind};

/// What happens at a line; of several, the last of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LineActivity {
    /// Tasks wait, for time or for others.
    Waiting,
    /// A call blocks a thread, and the loop continues.
    BlockingThread,
    Running,
    /// A call blocks the event loop.
    BlockingLoop,
}

/// A line, from 1, and the most important activity of all instances there.
pub(crate) type ActiveLine = (u32, LineActivity);

/// The active lines at the cursor, in order.
pub(crate) fn active_lines(shown: &Shown, cursor: Cursor) -> Vec<ActiveLine> {
    let timeline = shown.timeline(By::Tasks);
    let replay = shown.replay(cursor.records);
    // By line: a run may have a hundred thousand instances, but few lines.
    let mut by_line: Vec<Option<LineActivity>> = Vec::new();
    for (_, state) in replay.alive() {
        let lane = shown.run.trace().lane(state.lane).map(|lane| lane.kind);
        let Some(kind) = Kind::of(state.state, lane) else {
            continue;
        };
        let line = timeline.labels().line(state.segment) as usize;
        if by_line.len() <= line {
            by_line.resize(line + 1, None);
        }
        by_line[line] = by_line[line].max(Some(activity(kind)));
    }
    // Line 0 stands for segments that are in no line, e.g. of a trace from a file.
    let lines = by_line.iter().enumerate().skip(1);
    lines
        .filter_map(|(line, activity)| Some((line as u32, (*activity)?)))
        .collect()
}

fn activity(kind: Kind) -> LineActivity {
    match kind {
        Kind::Running => LineActivity::Running,
        Kind::BlockingLoop => LineActivity::BlockingLoop,
        Kind::BlockingThread => LineActivity::BlockingThread,
        _ => LineActivity::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::SimTime;
    use sim::simulate;

    /// Checks the lines at an instant, e.g. `1 Waiting, 3 Running`.
    #[track_caller]
    fn check(script: &str, at_s: u64, expected: &str) {
        let workload = script::parse(script).workload.expect("no errors");
        let trace = simulate(&workload);
        let shown = Shown::new(script.into(), workload.into(), trace);
        let at = SimTime::from_nanos(at_s * 1_000_000_000);
        let records = shown.records_until(at);
        let lines = active_lines(&shown, Cursor { at, records });
        let said: Vec<String> = lines
            .iter()
            .map(|(line, activity)| format!("{line} {activity:?}"))
            .collect();
        assert_eq!(said.join(", "), expected);
    }

    #[test]
    fn each_line_says_what_its_tasks_do() {
        let script = "a: cpu 2 -> await 9\nb: block 2\nc:\n    await 1\n    cpu 1\n";
        check(script, 0, "1 Running, 2 Waiting, 4 Waiting");
        check(script, 2, "1 Waiting, 2 BlockingLoop, 4 Waiting");
        check(script, 4, "1 Waiting, 4 Waiting");
        check(script, 5, "1 Waiting, 5 Running");
        check(script, 11, "");
    }

    #[test]
    fn a_blocked_thread_is_no_blocked_loop() {
        let script = "def ping: block 1\nrun 3 ping\nasync def pong: await 1\nrun pong\n";
        check(script, 0, "1 BlockingThread, 3 Waiting");
    }

    #[test]
    fn before_the_first_event_no_line_is_active() {
        let script = "a: cpu 2\n";
        let workload = script::parse(script).workload.expect("no errors");
        let trace = simulate(&workload);
        let shown = Shown::new(script.into(), workload.into(), trace);
        assert_eq!(active_lines(&shown, Cursor::default()), []);
    }
}
