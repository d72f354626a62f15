//! The critical path: why the total is what it is, as a sum of its parts.
//!
//! Walked backwards from the last thing that happened. Whoever was at work, or
//! waited for time to pass, accounts for that time; whoever waited for
//! somebody hands over to that somebody: the one that woke it, the one that
//! held its loop, its GIL or its core. The pieces are contiguous from 0 to the
//! end of the trace. Which line is to blame, and what would be faster, is
//! decided elsewhere.

use std::collections::BTreeMap;

use crate::time::{SimDuration, SimTime};
use crate::trace::{InstanceId, LaneId, LaneKind, Span, Spans, State, Trace};
use crate::workload::SegmentId;

/// A stretch of time that one instance accounts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub instance: InstanceId,
    /// What it was doing; `None` before it arrived and after it ended.
    pub state: Option<State>,
    pub segment: SegmentId,
    pub start: SimTime,
    pub end: SimTime,
}

impl Piece {
    pub fn length(&self) -> SimDuration {
        self.end.since(self.start)
    }
}

/// In order of time, without gaps; empty for a trace that takes no time.
pub fn critical_path(trace: &Trace, spans: &Spans) -> Vec<Piece> {
    let Some(last) = trace.log.len().checked_sub(1) else {
        return Vec::new();
    };
    let last = trace.log.get(last).expect("the log is not empty");
    let who = match last.at < trace.end {
        true => at_work(spans, trace.end).unwrap_or(last.instance),
        false => last.instance,
    };
    until(trace, spans, who, SimTime::ZERO, trace.end)
}

/// The same for a part of the time, as seen by one instance: why it was not
/// further at `end` than it was at `start`.
pub fn until(
    trace: &Trace,
    spans: &Spans,
    who: InstanceId,
    start: SimTime,
    end: SimTime,
) -> Vec<Piece> {
    let mut walk = Walk {
        trace,
        spans,
        lanes: Lanes::of(trace, spans),
        at: end,
        who,
        visited: Vec::new(),
        pieces: Vec::new(),
    };
    while walk.at > start {
        walk.step();
    }
    // The last step may have gone too far.
    if let Some(first) = walk.pieces.last_mut() {
        first.start = first.start.max(start);
    }
    walk.pieces.reverse();
    walk.pieces
}

/// Who accounts for a trace that was cut off: somebody at work, or else somebody waiting.
fn at_work(spans: &Spans, end: SimTime) -> Option<InstanceId> {
    let open = spans.all().iter().filter(|span| span.end == end);
    let best = open.min_by_key(|span| match span.state {
        State::Running => 0,
        State::Blocking => 1,
        State::Awaiting => 2,
        _ => 3,
    });
    best.map(|span| span.instance)
}

/// What one segment, in one state, adds to the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub state: Option<State>,
    pub segment: SegmentId,
    pub length: SimDuration,
}

/// The path as a sum, in the order in which its terms first occur: whatever
/// alternates, such as slices under the GIL, becomes one term each.
pub fn shares(path: &[Piece]) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    let mut index_of = BTreeMap::new();
    for piece in path {
        let index = *index_of
            .entry((piece.segment, piece.state))
            .or_insert_with(|| {
                shares.push(Share {
                    state: piece.state,
                    segment: piece.segment,
                    length: SimDuration::ZERO,
                });
                shares.len() - 1
            });
        shares[index].length += piece.length();
    }
    shares
}

struct Walk<'a> {
    trace: &'a Trace,
    spans: &'a Spans,
    lanes: Lanes,
    /// Everything from here on is accounted for.
    at: SimTime,
    who: InstanceId,
    /// Who has been asked at this very instant: causes of one instant may form a circle.
    visited: Vec<InstanceId>,
    /// From the last to the first.
    pieces: Vec<Piece>,
}

impl Walk<'_> {
    /// Hands over to somebody else at this instant, or accounts for some time.
    fn step(&mut self) {
        match last_before(self.spans.of_instance(self.who), self.at) {
            None => self.before_arrival(),
            Some(span) if span.end < self.at => self.account(None, span.segment, span.end),
            Some(span) => match self.responsible(span) {
                Some(other) if !self.visited.contains(&other) => {
                    self.visited.push(self.who);
                    self.wait_for(other, span);
                }
                _ => self.account(Some(span.state), span.segment, span.start),
            },
        }
    }

    /// `other` ended the wait: what it did until then is what took the time.
    /// If it ended before, the rest of the wait belongs to nobody else.
    fn wait_for(&mut self, other: InstanceId, wait: Span) {
        let until = last_before(self.spans.of_instance(other), self.at).map(|span| span.end);
        match until {
            Some(end) if end < self.at && end > wait.start => {
                self.account(Some(wait.state), wait.segment, end);
            }
            // It ended even before the wait began: no reason for the wait.
            Some(end) if end < self.at => {
                return self.account(Some(wait.state), wait.segment, wait.start);
            }
            _ => {}
        }
        self.who = other;
    }

    /// Its creator is why it came now; without one, it simply did.
    fn before_arrival(&mut self) {
        match self.trace.instance(self.who).parent {
            Some(parent) if !self.visited.contains(&parent) => {
                self.visited.push(self.who);
                self.who = parent;
            }
            _ => self.account(None, SegmentId(0), SimTime::ZERO),
        }
    }

    fn account(&mut self, state: Option<State>, segment: SegmentId, start: SimTime) {
        let end = std::mem::replace(&mut self.at, start);
        self.visited.clear();
        let piece = Piece {
            instance: self.who,
            state,
            segment,
            start,
            end,
        };
        match self.pieces.last_mut() {
            Some(next) if belongs_to(&piece, next) => next.start = start,
            _ => self.pieces.push(piece),
        }
    }

    /// Whom an instance in this state was waiting for when the state ended, or
    /// at this instant, if that is earlier.
    fn responsible(&self, span: Span) -> Option<InstanceId> {
        let server = self.trace.instance(span.instance).server;
        let ended_by = span.ended_by.filter(|_| span.end == self.at);
        let other = match span.state {
            State::Running | State::Blocking => None,
            State::Ready => {
                let lane = self.lanes.loops.get(usize::from(server)).copied().flatten();
                self.held(lane?).map(|span| span.instance)
            }
            State::QueuedGil => {
                let process = self.lanes.processes.get(span.lane.0 as usize)?;
                self.running(&self.lanes.members[*process])
            }
            State::QueuedCore => self.running(&self.lanes.all),
            State::Awaiting
            | State::Unaccepted
            | State::QueuedToken
            | State::QueuedExecutor
            | State::QueuedProcess
            | State::QueuedJob
            | State::WaitingPermit
            | State::WaitingItem
            | State::WaitingRoom
            | State::WaitingEvent
            | State::WaitingNotify
            | State::WaitingTask
            | State::WaitingAll
            | State::Offloaded => ended_by,
            State::Done
            | State::Failed
            | State::Cancelled
            | State::Printed
            | State::Responded
            | State::CancelRequested
            | State::TimedOut => None,
        };
        other.filter(|&other| other != span.instance)
    }

    /// Who computed just before this instant; best somebody who then stopped.
    fn running(&self, lanes: &[LaneId]) -> Option<InstanceId> {
        let computing = lanes
            .iter()
            .filter_map(|&lane| self.held(lane))
            .filter(|span| span.state == State::Running);
        let best = computing.min_by_key(|span| span.end != self.at);
        best.map(|span| span.instance)
    }

    /// Who held the lane just before this instant.
    fn held(&self, lane: LaneId) -> Option<Span> {
        let spans = self.spans.all();
        let holds = &self.lanes.holds[lane.0 as usize];
        let after = holds.partition_point(|&index| spans[index as usize].start < self.at);
        let span = spans[holds[after.checked_sub(1)?] as usize];
        (span.end >= self.at).then_some(span)
    }
}

/// Neighbours in time that are one stretch of the same thing.
fn belongs_to(piece: &Piece, next: &Piece) -> bool {
    piece.end == next.start
        && (piece.instance, piece.state, piece.segment) == (next.instance, next.state, next.segment)
}

/// Of spans in order of time, the last that begins before `at`.
fn last_before(spans: &[Span], at: SimTime) -> Option<Span> {
    let after = spans.partition_point(|span| span.start < at);
    after.checked_sub(1).map(|index| spans[index])
}

/// Who held each lane when, and which lanes belong together.
struct Lanes {
    all: Vec<LaneId>,
    /// Indices into the spans, in order of time, for each lane.
    holds: Vec<Vec<u32>>,
    /// Each server's loop, if it was ever held.
    loops: Vec<Option<LaneId>>,
    /// Each lane's process, and each process's lanes: they share a GIL.
    processes: Vec<usize>,
    members: Vec<Vec<LaneId>>,
}

impl Lanes {
    fn of(trace: &Trace, spans: &Spans) -> Self {
        let count = trace.lanes.len();
        let servers = trace.lanes.iter().map(|lane| usize::from(lane.server) + 1);
        let servers = servers.max().unwrap_or(0);
        let mut lanes = Self {
            all: (0..count).map(|index| LaneId(index as u16)).collect(),
            holds: holds(trace, spans),
            loops: vec![None; servers],
            processes: Vec::with_capacity(count),
            members: vec![Vec::new(); servers + count],
        };
        for (index, lane) in trace.lanes.iter().enumerate() {
            let id = LaneId(index as u16);
            let server = usize::from(lane.server);
            let process = match lane.kind {
                LaneKind::ProcessWorker | LaneKind::JobWorker => servers + index,
                LaneKind::Loop | LaneKind::PoolThread | LaneKind::ExecutorThread => server,
            };
            if lane.kind == LaneKind::Loop {
                lanes.loops[server] = Some(id);
            }
            lanes.processes.push(process);
            lanes.members[process].push(id);
        }
        lanes
    }
}

fn holds(trace: &Trace, spans: &Spans) -> Vec<Vec<u32>> {
    let mut holds = vec![Vec::new(); trace.lanes.len()];
    for (index, span) in spans.all().iter().enumerate() {
        if span.state.holds_lane()
            && let Some(lane) = holds.get_mut(span.lane.0 as usize)
        {
            lane.push(index as u32);
        }
    }
    for lane in &mut holds {
        lane.sort_unstable_by_key(|&index| spans.all()[index as usize].start);
    }
    holds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::staged::stage;

    /// `start-end instance state` in seconds.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (workload, trace) = stage(text);
        let path = critical_path(&trace, &Spans::of(&trace));
        let seconds = |time: SimTime| time.as_nanos() / 1_000_000_000;
        let written: Vec<String> = path
            .iter()
            .map(|piece| {
                let instance = trace.instance(piece.instance);
                format!(
                    "{}-{} {}#{} {}",
                    seconds(piece.start),
                    seconds(piece.end),
                    workload.task(instance.task).name,
                    instance.number,
                    piece
                        .state
                        .map_or("away".to_owned(), |state| format!("{state:?}"))
                )
            })
            .collect();
        assert_eq!(written, expected);
    }

    #[test]
    fn waiting_for_the_loop_is_the_time_of_whoever_held_it() {
        check(
            "task pasta: cpu 3, await 5
             task toast: cpu 6
             pasta#1 arrived
             toast#1 arrived
             0 pasta#1 ready
             0 toast#1 ready
             0 pasta#1 running @0 on loop
             3 pasta#1 awaiting @1
             3 toast#1 running @2 on loop
             8 pasta#1 ready
             9 toast#1 done
             9 pasta#1 done",
            &["0-3 pasta#1 Running", "3-9 toast#1 Running"],
        );
    }

    #[test]
    fn a_gather_is_as_long_as_its_slowest_member() {
        check(
            "task main: yield
             task fetch: await 1, await 4
             main#1 arrived
             fetch#1 gathered of main#1
             fetch#2 gathered of main#1
             1 main#1 ready
             1 fetch#1 ready by main#1
             1 fetch#2 ready by main#1
             1 main#1 waiting_all @0
             1 fetch#1 awaiting @1
             1 fetch#2 awaiting @2
             2 fetch#1 ready
             2 fetch#1 done
             5 fetch#2 ready
             5 fetch#2 done
             5 main#1 ready by fetch#2
             5 main#1 done",
            &["0-1 main#1 away", "1-5 fetch#2 Awaiting"],
        );
    }

    #[test]
    fn a_queue_for_a_token_is_the_time_of_whoever_had_it() {
        check(
            "pool 1
             def h: block 2
             h#1 handler
             h#2 handler
             h#1~1 part of h#1
             h#2~1 part of h#2
             0 h#1 ready
             0 h#2 ready
             0 h#1 offloaded
             0 h#1~1 blocking @0 on thread
             0 h#2 queued_token
             2 h#1~1 done
             2 h#1 ready by h#1~1
             2 h#1 done
             2 h#2 ready by h#1
             2 h#2 offloaded
             2 h#2~1 blocking @0 on thread
             4 h#2~1 done
             4 h#2 ready by h#2~1
             4 h#2 done",
            &["0-2 h#1 Blocking", "2-4 h#2 Blocking"],
        );
    }

    #[test]
    fn a_wait_for_the_gil_is_the_time_of_its_holder() {
        check(
            "def h: cpu 2
             task a: cpu 1
             h#1 handler
             h#1~1 part of h#1
             a#1 arrived
             0 h#1 ready
             0 a#1 ready
             0 h#1 offloaded
             0 h#1~1 running @0 on thread
             0 a#1 queued_gil @1 on loop
             2 h#1~1 done
             2 h#1 ready by h#1~1
             2 a#1 running @1 on loop
             3 a#1 done
             3 h#1 done",
            &["0-2 h#1 Running", "2-3 a#1 Running"],
        );
    }

    #[test]
    fn slices_that_alternate_are_one_term_each() {
        let (_, trace) = stage(
            "task a: cpu 2
             def f: cpu 2
             a#1 arrived
             f#1 offloaded of a#1
             0 a#1 ready
             0 a#1 running @0 on loop
             0 f#1 queued_gil @1 on thread
             1 f#1 running @1 on thread
             1 a#1 queued_gil @0 on loop
             2 a#1 running @0 on loop
             2 f#1 queued_gil @1 on thread
             3 f#1 running @1 on thread
             3 a#1 done
             4 f#1 done",
        );
        let path = critical_path(&trace, &Spans::of(&trace));
        assert_eq!(path.len(), 4);
        let share = |segment| Share {
            state: Some(State::Running),
            segment: SegmentId(segment),
            length: SimDuration::from_secs(2),
        };
        assert_eq!(shares(&path), [share(0), share(1)]);
    }

    #[test]
    fn an_answer_that_came_late_is_a_wait_of_its_own() {
        check(
            "task main: yield
             task f: await 2
             main#1 arrived
             f#1 spawned of main#1
             0 main#1 ready
             0 f#1 ready by main#1
             0 main#1 waiting_task @0
             0 f#1 awaiting @1
             2 f#1 ready
             2 f#1 done
             3 main#1 ready by f#1
             3 main#1 done",
            &["0-2 f#1 Awaiting", "2-3 main#1 WaitingTask"],
        );
    }

    #[test]
    fn a_circle_of_causes_at_one_instant_ends() {
        check(
            "task a: yield
             a#1 arrived
             a#2 arrived
             0 a#1 ready
             0 a#2 ready
             0 a#1 waiting_event
             0 a#2 waiting_event
             4 a#1 ready by a#2
             4 a#2 ready by a#1
             4 a#2 done
             4 a#1 done",
            &["0-4 a#2 WaitingEvent"],
        );
    }

    #[test]
    fn a_trace_that_was_cut_is_accounted_for_too() {
        check(
            "until 5
             task a: await 9
             task b: cpu 9
             a#1 arrived
             b#1 arrived
             0 a#1 ready
             0 b#1 ready
             0 a#1 awaiting @0
             0 b#1 running @1 on loop",
            &["0-5 b#1 Running"],
        );
        check("", &[]);
    }
}
