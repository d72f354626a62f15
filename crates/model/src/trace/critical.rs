//! The critical path: the total time as a sum of parts.
//!
//! Walks backwards from the last record. An instance that was at work, or waited for time
//! to pass, accounts for that time. If it waited for another instance, the walk continues
//! at that one: the instance that woke it, or that held its loop, its GIL or its core. The
//! pieces are contiguous from 0 to the end of the trace. Which line is to blame, and what
//! would be faster, is left to `why`.

use std::collections::BTreeMap;

use crate::time::{SimDuration, SimTime};
use crate::trace::{InstanceId, LaneId, LaneKind, Span, Spans, State, Trace};
use crate::workload::SegmentId;

/// A part of the critical path: an interval that one instance accounts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathPiece {
    pub instance: InstanceId,
    /// Its state; `None` before it arrived and after it ended.
    pub state: Option<State>,
    pub segment: SegmentId,
    pub start: SimTime,
    pub end: SimTime,
}

impl PathPiece {
    pub fn length(&self) -> SimDuration {
        self.end.since(self.start)
    }
}

/// The path in order of time, without gaps. Empty for a trace that takes no time, and for one that
/// `until` ended before the first arrival.
pub fn critical_path(trace: &Trace, spans: &Spans) -> Vec<PathPiece> {
    let Some(last) = trace.log.len().checked_sub(1) else {
        return Vec::new();
    };
    let last = trace.log.get(last).expect("the log is not empty");
    // `until` or a limit cut the trace off while instances were at work.
    let instance = if last.at < trace.end {
        instance_at_end(spans, trace.end).unwrap_or(last.instance)
    } else {
        last.instance
    };
    path_between(trace, spans, instance, SimTime::ZERO, trace.end)
}

/// The path of one instance from `start` to `end`: the reasons why it was no further at
/// `end`.
pub fn path_between(
    trace: &Trace,
    spans: &Spans,
    instance: InstanceId,
    start: SimTime,
    end: SimTime,
) -> Vec<PathPiece> {
    let mut walk = PathWalk {
        trace,
        spans,
        lanes: LaneHolders::of(trace, spans),
        at: end,
        instance,
        visited: Vec::new(),
        pieces: Vec::new(),
    };
    while walk.at > start {
        walk.step();
    }
    // The last step may have gone back beyond `start`.
    if let Some(first) = walk.pieces.last_mut() {
        first.start = first.start.max(start);
    }
    walk.pieces.reverse();
    debug_assert!(
        walk.pieces
            .is_sorted_by(|piece, next| piece.end == next.start),
        "the pieces have no gaps"
    );
    walk.pieces
}

/// The instance that accounts for the end of a trace that was cut off: one at work, if any.
fn instance_at_end(spans: &Spans, end: SimTime) -> Option<InstanceId> {
    let open = spans.all().iter().filter(|span| span.end == end);
    let best = open.min_by_key(|span| match span.state {
        State::Running => 0,
        State::Blocking => 1,
        State::Awaiting => 2,
        _ => 3,
    });
    best.map(|span| span.instance)
}

/// The time that one segment in one state adds to the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathShare {
    pub state: Option<State>,
    pub segment: SegmentId,
    pub length: SimDuration,
}

/// The path as a sum, in the order in which its terms first occur. Pieces that alternate,
/// such as turns under the GIL, become one term each.
pub fn path_shares(path: &[PathPiece]) -> Vec<PathShare> {
    let mut path_shares: Vec<PathShare> = Vec::new();
    let mut index_of = BTreeMap::new();
    for piece in path {
        let index = *index_of
            .entry((piece.segment, piece.state))
            .or_insert_with(|| {
                path_shares.push(PathShare {
                    state: piece.state,
                    segment: piece.segment,
                    length: SimDuration::ZERO,
                });
                path_shares.len() - 1
            });
        path_shares[index].length += piece.length();
    }
    path_shares
}

struct PathWalk<'a> {
    trace: &'a Trace,
    spans: &'a Spans,
    lanes: LaneHolders,
    /// The walk is here; all time after it is accounted for.
    at: SimTime,
    instance: InstanceId,
    /// Instances visited at this instant: causes within one instant may form a circle.
    visited: Vec<InstanceId>,
    /// From the last piece to the first.
    pieces: Vec<PathPiece>,
}

impl PathWalk<'_> {
    /// Moves to another instance at this instant, or accounts for some time.
    fn step(&mut self) {
        match last_before(self.spans.of_instance(self.instance), self.at) {
            // No span before this instant: it had not arrived.
            None => self.continue_before_arrival(),
            // A gap after its last span: it had ended.
            Some(span) if span.end < self.at => self.add_piece(None, span.segment, span.end),
            Some(span) => match self.cause_of_wait(span) {
                Some(other) if !self.visited.contains(&other) => {
                    self.visited.push(self.instance);
                    self.continue_at(other, span);
                }
                _ => self.add_piece(Some(span.state), span.segment, span.start),
            },
        }
    }

    /// Continues at `other`, which ended the wait: its activity until then took the time. If
    /// `other` had ended before, the waiting instance accounts for the time since.
    fn continue_at(&mut self, other: InstanceId, wait: Span) {
        let until = last_before(self.spans.of_instance(other), self.at).map(|span| span.end);
        match until {
            // It ended during the wait: the rest of the wait counts as waiting.
            Some(end) if end < self.at && end > wait.start => {
                self.add_piece(Some(wait.state), wait.segment, end);
            }
            // It ended before the wait began, so it is not the reason for the wait.
            Some(end) if end < self.at => {
                return self.add_piece(Some(wait.state), wait.segment, wait.start);
            }
            _ => {}
        }
        self.instance = other;
    }

    /// Continues at the creator of the instance; an arrival accounts for the time before it.
    fn continue_before_arrival(&mut self) {
        match self.trace.instance(self.instance).parent {
            Some(parent) if !self.visited.contains(&parent) => {
                self.visited.push(self.instance);
                self.instance = parent;
            }
            _ => self.add_piece(None, SegmentId(0), SimTime::ZERO),
        }
    }

    fn add_piece(&mut self, state: Option<State>, segment: SegmentId, start: SimTime) {
        let end = std::mem::replace(&mut self.at, start);
        self.visited.clear();
        let piece = PathPiece {
            instance: self.instance,
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

    /// The instance that an instance in this state waited for, when the state ended or at this
    /// instant, whichever is earlier.
    fn cause_of_wait(&self, span: Span) -> Option<InstanceId> {
        let server = self.trace.instance(span.instance).server;
        let ended_by = span.ended_by.filter(|_| span.end == self.at);
        let other = match span.state {
            State::Running | State::Blocking => None,
            // It waited for its loop.
            State::Ready => {
                let lane = self.lanes.loops.get(usize::from(server)).copied().flatten();
                self.holder_of(lane?).map(|span| span.instance)
            }
            State::QueuedGil => {
                let process = self.lanes.processes.get(span.lane.0 as usize)?;
                self.computing_on(&self.lanes.members[*process])
            }
            State::QueuedCore => self.computing_on(&self.lanes.all),
            State::Awaiting
            | State::Unaccepted
            | State::QueuedToken
            | State::QueuedExecutor
            | State::QueuedProcess
            | State::QueuedJob
            | State::WaitingPermit
            | State::BlockedPermit
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

    /// The instance that computed just before this instant, preferably one that then stopped.
    fn computing_on(&self, lanes: &[LaneId]) -> Option<InstanceId> {
        // A thread that blocks or queues holds neither the GIL nor a core.
        let computing = lanes
            .iter()
            .filter_map(|&lane| self.holder_of(lane))
            .filter(|span| span.state == State::Running);
        let best = computing.min_by_key(|span| span.end != self.at);
        best.map(|span| span.instance)
    }

    /// The span that held the lane just before this instant.
    fn holder_of(&self, lane: LaneId) -> Option<Span> {
        let spans = self.spans.all();
        let holds = &self.lanes.holds[lane.0 as usize];
        let after = holds.partition_point(|&index| spans[index as usize].start < self.at);
        let span = spans[holds[after.checked_sub(1)?] as usize];
        (span.end >= self.at).then_some(span)
    }
}

/// Whether two neighbouring pieces continue each other.
fn belongs_to(piece: &PathPiece, next: &PathPiece) -> bool {
    piece.end == next.start
        && (piece.instance, piece.state, piece.segment) == (next.instance, next.state, next.segment)
}

/// The last of these spans, which are in order of time, that begins before `at`.
fn last_before(spans: &[Span], at: SimTime) -> Option<Span> {
    let after = spans.partition_point(|span| span.start < at);
    after.checked_sub(1).map(|index| spans[index])
}

/// The holders of each lane over time, and the lanes of each process.
struct LaneHolders {
    all: Vec<LaneId>,
    /// Indices into the spans, in order of time, for each lane.
    holds: Vec<Vec<u32>>,
    /// The loop of each server, if there is one.
    loops: Vec<Option<LaneId>>,
    /// The process of each lane.
    processes: Vec<usize>,
    /// The lanes of each process, which share a GIL.
    members: Vec<Vec<LaneId>>,
}

impl LaneHolders {
    fn of(trace: &Trace, spans: &Spans) -> Self {
        let count = trace.lanes.len();
        let servers = trace.lanes.iter().map(|lane| usize::from(lane.server) + 1);
        let servers = servers.max().unwrap_or(0);
        let mut lanes = Self {
            all: (0..count).map(|index| LaneId(index as u16)).collect(),
            holds: holds_by_lane(trace, spans),
            loops: vec![None; servers],
            processes: Vec::with_capacity(count),
            members: vec![Vec::new(); servers + count],
        };
        for (index, lane) in trace.lanes.iter().enumerate() {
            let id = LaneId(index as u16);
            let server = usize::from(lane.server);
            // Workers have processes of their own, numbered after those of the servers.
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

fn holds_by_lane(trace: &Trace, spans: &Spans) -> Vec<Vec<u32>> {
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

    /// `expected` has a line for each piece: `start-end instance state`, in seconds.
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
    fn waiting_for_the_loop_is_the_time_of_its_holder() {
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
    fn waiting_for_a_token_is_the_time_of_its_holder() {
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
    fn turns_that_alternate_are_one_term_each() {
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
        let share = |segment| PathShare {
            state: Some(State::Running),
            segment: SegmentId(segment),
            length: SimDuration::from_secs(2),
        };
        assert_eq!(path_shares(&path), [share(0), share(1)]);
    }

    #[test]
    fn a_result_that_came_late_is_a_wait_of_its_own() {
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
