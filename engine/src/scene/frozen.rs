//! Frozen-loop windows: one step held an event loop for long.
//!
//! A blocking call freezes a loop whoever is there; computing is worth a mark
//! only while others were ready. A step is everything one instance does on the loop's thread without giving
//! it back. What to do about one is the findings' business.

use crate::cooperative;
use crate::scene::kind::Kind;
use crate::scene::piece::Piece;
use crate::sorting::sort_by_number;
use crate::time::{SimDuration, SimTime};
use crate::trace::spans::each_span;
use crate::trace::{LaneKind, Span, Spans, State, Trace};
use crate::workload::SegmentId;

/// asyncio's own `slow_callback_duration`: what it warns about in debug mode.
const HELD_MIN: SimDuration = SimDuration::from_millis(100);
/// Shorter than this part of the run, a window is a hair in the picture.
const PART_MIN: u64 = 200;

/// One step that held a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: SimTime,
    pub end: SimTime,
    /// The longest stretch of the step.
    pub segment: SegmentId,
    pub server: u16,
    /// A blocking call was in it; else it computed.
    pub blocking: bool,
}

impl Window {
    pub fn length(&self) -> SimDuration {
        self.end.since(self.start)
    }
}

/// All windows worth marking, by start.
pub(super) async fn windows(trace: &Trace, spans: &Spans) -> Vec<Window> {
    let shortest = HELD_MIN.as_nanos().max(trace.end.as_nanos() / PART_MIN);
    let mut held = Vec::new();
    let mut steps = Steps::default();
    cooperative::for_each(spans.all(), |span| {
        let over = steps.next(trace, span);
        held.extend(over.filter(|window| window.length().as_nanos() >= shortest));
    })
    .await;
    let last = steps.under_way;
    held.extend(last.filter(|window| window.length().as_nanos() >= shortest));
    if held.iter().any(|window| !window.blocking) {
        let waits = Waits::of(trace).await;
        held.retain(|window| window.blocking || waits.overlap(window));
    }
    sort_by_number(&mut held, |window| u64::from(window.server));
    sort_by_number(&mut held, |window| window.start.as_nanos());
    held
}

/// The steps of loops, one after the other: neighbouring spans of one instance on one
/// loop's thread.
#[derive(Default)]
struct Steps {
    under_way: Option<Window>,
    /// Of the longest stretch in it.
    longest: SimDuration,
    last: Option<Span>,
}

impl Steps {
    /// Goes on with a span; the step before, if that is over by it.
    fn next(&mut self, trace: &Trace, span: &Span) -> Option<Window> {
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
        self.under_way.replace(Window {
            start: span.start,
            end: span.end,
            segment: span.segment,
            server: lane.server,
            blocking,
        })
    }
}

/// When somebody was ready on a server, as disjoint stretches in order of time.
struct Waits {
    by_server: Vec<Vec<(SimTime, SimTime)>>,
}

impl Waits {
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
            join(&mut by_server[server], span.start, span.end);
        })
        .await;
        Self { by_server }
    }

    /// The one who holds the loop is not ready, so whoever is, is another.
    fn overlap(&self, window: &Window) -> bool {
        let Some(stretches) = self.by_server.get(usize::from(window.server)) else {
            return false;
        };
        let first = stretches.partition_point(|&(_, end)| end <= window.start);
        stretches
            .get(first)
            .is_some_and(|&(start, _)| start < window.end)
    }
}

/// Adds a stretch that ends after all others: those that it touches become one with it.
fn join(stretches: &mut Vec<(SimTime, SimTime)>, mut start: SimTime, end: SimTime) {
    while let Some(touched) = stretches.pop_if(|stretch| start <= stretch.1) {
        start = start.min(touched.0);
    }
    stretches.push((start, end));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::staged::stage;

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
    fn a_step_is_all_that_happens_without_giving_the_loop_back() {
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
    fn computing_while_nobody_waits_is_not_worth_a_mark() {
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
