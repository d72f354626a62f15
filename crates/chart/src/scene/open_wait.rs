//! The waits of a deadlock, which never end. They are drawn beyond the end of the run.

use crate::scene::piece::Piece;
use model::sorting::sort_by_number;
use model::time::SimTime;
use model::trace::{Ending, InstanceId, LaneId, Span, State, Trace};
use model::workload::SegmentId;

/// The part of the run by which a chart goes on after a deadlock: 1/4.
const TAIL: u64 = 4;
/// The tail of a run that is stuck at its beginning.
const TAIL_AT_ZERO: SimTime = SimTime::from_nanos(1_000_000_000);

/// The instances that wait for ever.
#[derive(Debug, Default)]
pub(super) struct OpenWaits {
    /// Sorted by instance. A map would be several KB of code of its own in the page.
    waits: Vec<(InstanceId, State, SegmentId)>,
    run_end: SimTime,
    chart_end: SimTime,
}

impl OpenWaits {
    pub(super) fn of(trace: &Trace) -> Self {
        let Ending::Deadlock(deadlock) = &trace.ending else {
            return Self {
                waits: Vec::new(),
                run_end: trace.end,
                chart_end: trace.end,
            };
        };
        let waiters = deadlock.waiters.iter();
        let mut waits: Vec<_> = waiters
            .map(|waiter| (waiter.instance, waiter.state, waiter.segment))
            .collect();
        sort_by_number(&mut waits, |&(id, ..)| u64::from(id.0));
        let end = trace.end.as_nanos();
        Self {
            waits,
            run_end: trace.end,
            chart_end: match end {
                0 => TAIL_AT_ZERO,
                _ => SimTime::from_nanos(end.saturating_add(end.div_ceil(TAIL))),
            },
        }
    }

    /// The end of the chart: that of the run, or later if waits go on.
    pub(super) fn chart_end(&self) -> SimTime {
        self.chart_end
    }

    /// Extends the last piece of an instance that waits for ever, or adds its wait, which took no
    /// time until the end of the run.
    pub(super) fn extend(&self, id: InstanceId, pieces: &mut Vec<Piece>, trace: &Trace) {
        let Ok(index) = self.waits.binary_search_by_key(&id, |&(id, ..)| id) else {
            return;
        };
        let (_, state, segment) = self.waits[index];
        let last = pieces
            .last_mut()
            .filter(|last| (last.state, last.segment, last.end) == (state, segment, self.run_end));
        if let Some(last) = last {
            last.end = self.chart_end;
            return;
        }
        let span = Span {
            instance: id,
            state,
            start: self.run_end,
            end: self.chart_end,
            lane: LaneId::NONE,
            segment,
            ended_by: None,
        };
        pieces.extend(Piece::of(&span, trace));
    }
}
