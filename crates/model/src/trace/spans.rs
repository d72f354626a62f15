//! The log as intervals, by instance.
//!
//! Derived in two passes over the log. Intervals that took no time are left out, because they
//! cover no pixel and no second; code that needs their order reads the log itself.

use std::ops::Range;

use crate::cooperative;
use crate::time::{SimDuration, SimTime};
use crate::trace::{InstanceId, LaneId, Record, State, Trace};
use crate::workload::SegmentId;

/// An interval in which an instance was in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub instance: InstanceId,
    pub state: State,
    pub start: SimTime,
    pub end: SimTime,
    pub lane: LaneId,
    pub segment: SegmentId,
    /// The instance that ended it, if one did.
    pub ended_by: Option<InstanceId>,
}

impl Span {
    pub fn length(&self) -> SimDuration {
        self.end.since(self.start)
    }
}

/// All intervals of a trace, grouped by instance, each group in order of time.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    spans: Vec<Span>,
    /// The first interval of each instance; one more entry at the end.
    begins: Vec<usize>,
}

impl Spans {
    /// The intervals of a trace. Those that are open at its end, end there.
    pub fn of(trace: &Trace) -> Self {
        cooperative::block_on(Self::of_yielding(trace))
    }

    /// Async version of [`Spans::of`] that yields regularly, for use on the UI thread.
    pub async fn of_yielding(trace: &Trace) -> Self {
        let mut begins = vec![0; trace.instances.len() + 1];
        each_span(trace, &mut |span| begins[span.instance.0 as usize + 1] += 1).await;
        for instance in 1..begins.len() {
            begins[instance] += begins[instance - 1];
        }
        let mut next = begins.clone();
        let count = begins.last().copied().unwrap_or(0);
        let mut spans = cooperative::filled_vec(PLACEHOLDER, count).await;
        each_span(trace, &mut |span| {
            let slot = &mut next[span.instance.0 as usize];
            spans[*slot] = span;
            *slot += 1;
        })
        .await;
        Self { spans, begins }
    }

    pub fn len(&self) -> usize {
        self.spans.len()
    }

    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// All intervals, by instance, then by time.
    pub fn all(&self) -> &[Span] {
        &self.spans
    }

    pub fn of_instance(&self, id: InstanceId) -> &[Span] {
        &self.spans[self.range(id)]
    }

    fn range(&self, id: InstanceId) -> Range<usize> {
        self.begins[id.0 as usize]..self.begins[id.0 as usize + 1]
    }
}

const PLACEHOLDER: Span = Span {
    instance: InstanceId(0),
    state: State::Ready,
    start: SimTime::ZERO,
    end: SimTime::ZERO,
    lane: LaneId::NONE,
    segment: SegmentId(0),
    ended_by: None,
};

/// Calls `found` with each interval that took time, in the order of their ends.
pub async fn each_span(trace: &Trace, found: &mut dyn FnMut(Span)) {
    let mut open: Vec<Option<Span>> = cooperative::filled_vec(None, trace.instances.len()).await;
    cooperative::for_each(trace.log.iter(), |record| {
        if !record.state.is_mark() {
            change_state(&mut open[record.instance.0 as usize], record, found);
        }
    })
    .await;
    let cut = open.into_iter().flatten();
    cooperative::for_each(cut.filter(|span| span.start < trace.end), |span| {
        found(Span {
            end: trace.end,
            ..span
        });
    })
    .await;
}

fn change_state(current: &mut Option<Span>, record: Record, found: &mut dyn FnMut(Span)) {
    if let Some(span) = current.take()
        && span.start < record.at
    {
        found(Span {
            end: record.at,
            ended_by: record.cause,
            ..span
        });
    }
    if !record.state.is_terminal() {
        *current = Some(Span {
            instance: record.instance,
            state: record.state,
            start: record.at,
            end: record.at,
            lane: record.lane,
            segment: record.segment,
            ended_by: None,
        });
    }
}
