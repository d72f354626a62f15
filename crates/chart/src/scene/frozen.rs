//! Frozen-loop windows: intervals in which one step held an event loop for long.
//!
//! A step is everything that one instance does on the loop's thread without returning to the
//! loop. A step with a blocking call is always marked; one that only computes is marked if
//! another instance was ready meanwhile. Remedies are left to `why`.

use crate::scene::kind::Kind;
use crate::scene::piece::Piece;
use model::cooperative;
use model::sorting::sort_by_number;
use model::time::{SimDuration, SimTime};
use model::trace::spans::each_span;
use model::trace::{LaneKind, Span, Spans, State, Trace};
use model::workload::SegmentId;

/// The shortest window: asyncio's `slow_callback_duration`, from which it warns in debug mode.
const HELD_MIN: SimDuration = SimDuration::from_millis(100);
/// A window of less than one 200th of the run would be too narrow to see.
const PART_MIN: u64 = 200;

/// One step that held a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrozenWindow {
    pub start: SimTime,
    pub end: SimTime,
    /// The segment with the longest span of the step.
    pub segment: SegmentId,
    pub server: u16,
    /// Whether the step has a blocking call; otherwise it only computes.
    pub blocking: bool,
}

impl FrozenWindow {
    pub fn length(&self) -> SimDuration {
        self.end.since(self.start)
    }
}

/// All windows to mark, by start.
pub(super) async fn windows(trace: &Trace, spans: &Spans) -> Vec<FrozenWindow> {
    let shortest = HELD_MIN.as_nanos().max(trace.end.as_nanos() / PART_MIN);
    let mut held = Vec::new();
    let mut steps = LoopSteps::default();
    cooperative::for_each(spans.all(), |span| {
        let over = steps.next(trace, span);
        held.extend(over.filter(|window| window.length().as_nanos() >= shortest));
    })
    .await;
    let last = steps.under_way;
    held.extend(last.filter(|window| window.length().as_nanos() >= shortest));
    // The waits of others matter only for windows without a blocking call.
    if held.iter().any(|window| !window.blocking) {
        let waits = ReadyTimes::of(trace).await;
        held.retain(|window| window.blocking || waits.overlap(window));
    }
    // Stable sorts: by start, and by server among equal starts.
    sort_by_number(&mut held, |window| u64::from(window.server));
    sort_by_number(&mut held, |window| window.start.as_nanos());
    held
}

/// Joins neighbouring spans of one instance on a loop's thread to steps.
#[derive(Default)]
struct LoopSteps {
    under_way: Option<FrozenWindow>,
    /// The length of the longest span in it.
    longest: SimDuration,
    last: Option<Span>,
}

impl LoopSteps {
    /// Adds a span. Returns the previous step if the span begins a new one.
    fn next(&mut self, trace: &Trace, span: &Span) -> Option<FrozenWindow> {
        let lane = trace.lane(span.lane)?;
        let piece = Piece::of(span, trace)?;
        if lane.kind != LaneKind::Loop {
            return None;
        }
        let blocking = piece.kind == Kind::BlockingLoop;
        let last = self.last.replace(*span);
        let follows =
            last.is_some_and(|last| (last.instance, last.end) == (span.instance, span.start));
        if let Some(step) = self.under_way.as_mut().filter(|_| follows) {
            step.end = span.end;
            step.blocking |= blocking;
            if span.length() > self.longest {
                self.longest = span.length();
                step.segment = span.segment;
            }
            return None;
        }
        self.longest = span.length();
        self.under_way.replace(FrozenWindow {
            start: span.start,
            end: span.end,
            segment: span.segment,
            server: lane.server,
            blocking,
        })
    }
}

/// By server: the intervals in which an instance was ready, disjoint and in order of time.
struct ReadyTimes {
    by_server: Vec<Vec<(SimTime, SimTime)>>,
}

impl ReadyTimes {
    async fn of(trace: &Trace) -> Self {
        let mut by_server: Vec<Vec<(SimTime, SimTime)>> = Vec::new();
        each_span(trace, &mut |span| {
            if span.state != State::Ready {
                return;
            }
            let server = usize::from(trace.instance(span.instance).server);
            if by_server.len() <= server {
                by_server.resize_with(server + 1, Vec::new);
            }
            push_joined(&mut by_server[server], span.start, span.end);
        })
        .await;
        Self { by_server }
    }

    /// Whether an instance was ready during the window. It is another one: the instance that
    /// holds the loop is not ready.
    fn overlap(&self, window: &FrozenWindow) -> bool {
        let Some(intervals) = self.by_server.get(usize::from(window.server)) else {
            return false;
        };
        let first = intervals.partition_point(|&(_, end)| end <= window.start);
        intervals
            .get(first)
            .is_some_and(|&(start, _)| start < window.end)
    }
}

/// Adds an interval that ends after all others, and joins it with those it touches.
fn push_joined(intervals: &mut Vec<(SimTime, SimTime)>, mut start: SimTime, end: SimTime) {
    while let Some(touched) = intervals.pop_if(|interval| start <= interval.1) {
        start = start.min(touched.0);
    }
    intervals.push((start, end));
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::trace::staged::stage;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (workload, trace) = stage(text);
        let written: Vec<String> = cooperative::block_on(windows(&trace, &Spans::of(&trace)))
            .iter()
            .map(|window| {
                let what = if window.blocking {
                    "blocks"
                } else {
                    "computes"
                };
                let line = workload.place(window.segment).line;
                format!("{}-{} {what}, line {line}", window.start, window.end)
            })
            .collect();
        assert_eq!(written, expected);
    }

    #[test]
    fn a_step_lasts_until_the_loop_gets_control_back() {
        check(
            "task a: cpu 1, block 4
             task b: await 1
             a#1 arrived
             b#1 arrived
             0 a#1 running @0 on loop
             0 b#1 ready @2
             1 a#1 blocking @1 on loop
             5 a#1 done @1
             5 b#1 awaiting @2
             6 b#1 ready @2
             6 b#1 done @2",
            &["0s-5s blocks, line 1"],
        );
    }

    #[test]
    fn computing_while_no_instance_waits_is_not_marked() {
        check(
            "task a: cpu 3
             a#1 arrived
             0 a#1 running @0 on loop
             3 a#1 done @0",
            &[],
        );
    }

    #[test]
    fn a_thread_may_block_as_long_as_it_likes() {
        check(
            "def a: block 3
             task b: await 1
             a#1 arrived
             b#1 arrived
             0 a#1 blocking @0 on thread
             0 b#1 ready @1
             3 b#1 done @1
             3 a#1 done @0",
            &[],
        );
    }
}
