//! A run made ready to be shown: the trace with all that is derived from it.
//!
//! Built once when a run ends, a slice at a time, shared by every component, never
//! changed. Rows are by task or by thread; those that the first picture does not
//! need are made when they are wished for.

use std::cell::{OnceCell, RefCell, RefMut};
use std::fmt;
use std::rc::Rc;

use crate::cooperative;
use crate::replay::Replay;
use crate::scene::mark::MarkKind;
use crate::scene::{By, Piece, Timeline};
use crate::script::{self, Diagnostic};
use crate::time::{SimDuration, SimTime};
use crate::trace::expectation::{self, Verdict};
use crate::trace::summary::{Summary, summarize_yielding};
use crate::trace::{Instance, InstanceId, Role, Span, Spans, Trace};
use crate::workload::{Machine, Workload};

/// A stretch of a bar that can be pointed at.
pub(in crate::web) type Bar = Piece;

/// What the parser said of a script.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::web) struct Checked {
    pub(in crate::web) diagnostics: Vec<Diagnostic>,
    /// As the script sets it; the defaults while it has errors.
    pub(in crate::web) machine: Machine,
}

impl Checked {
    pub(in crate::web) fn errors(&self) -> usize {
        let errors = self.diagnostics.iter();
        errors.filter(|found| found.is_error()).count()
    }
}

/// A finished run.
pub(in crate::web) struct Shown {
    pub(in crate::web) script: Rc<str>,
    pub(in crate::web) workload: Workload,
    pub(in crate::web) trace: Trace,
    pub(in crate::web) summary: Summary,
    pub(in crate::web) verdicts: Vec<Verdict>,
    pub(in crate::web) spans: Spans,
    /// Without parts.
    pub(in crate::web) task_count: usize,
    waited: SimDuration,
    mark_kinds: OnceCell<Vec<MarkKind>>,
    by_task: OnceCell<RefCell<Timeline>>,
    by_thread: OnceCell<RefCell<Timeline>>,
    replay: RefCell<Replay>,
}

/// Parses on the page's own thread. This very text has been parsed before, here
/// or in the worker, so it cannot bring the page down.
pub(in crate::web) fn check(script: &Rc<str>) -> (Rc<Checked>, Option<Workload>) {
    let parsed = script::parse(script);
    let checked = Checked {
        diagnostics: parsed.diagnostics,
        machine: parsed
            .workload
            .as_ref()
            .map(|workload| workload.machine.clone())
            .unwrap_or_default(),
    };
    (Rc::new(checked), parsed.workload)
}

impl Shown {
    #[cfg(test)]
    pub(in crate::web) fn new(script: Rc<str>, workload: Workload, trace: Trace) -> Self {
        cooperative::block_on(Self::in_slices(script, workload, trace))
    }

    /// Everything but rows.
    pub(in crate::web) async fn in_slices(
        script: Rc<str>,
        workload: Workload,
        trace: Trace,
    ) -> Self {
        let summary = summarize_yielding(&workload, &trace).await;
        let verdicts = expectation::judge(&workload, &trace, &summary);
        let spans = Spans::of_yielding(&trace).await;
        let own = |instance: &&Instance| instance.role != Role::Part;
        let task_count = trace.instances.iter().filter(own).count();
        let mut waited = SimDuration::ZERO;
        cooperative::for_each(spans.all(), |span| {
            if span.state.is_waiting_for_others() {
                waited += span.length();
            }
        })
        .await;
        let mut replay = Replay::new();
        replay.build_snapshots(&trace).await;
        Self {
            script,
            workload,
            trace,
            summary,
            verdicts,
            spans,
            task_count,
            waited,
            mark_kinds: OnceCell::new(),
            by_task: OnceCell::new(),
            by_thread: OnceCell::new(),
            replay: RefCell::new(replay),
        }
    }

    /// Makes rows, and all that a picture of them needs which is at most so high.
    pub(in crate::web) async fn make_rows(&self, by: By, height_max_px: f64) {
        if self.rows(by).get().is_some() {
            return;
        }
        let mut timeline =
            Timeline::new_yielding(&self.workload, &self.trace, &self.spans, by).await;
        timeline.prepare(height_max_px).await;
        // Whoever was quicker made the same.
        let _ = self.rows(by).set(RefCell::new(timeline));
    }

    pub(in crate::web) fn has_rows(&self, by: By) -> bool {
        self.rows(by).get().is_some()
    }

    fn rows(&self, by: By) -> &OnceCell<RefCell<Timeline>> {
        match by {
            By::Tasks => &self.by_task,
            By::Threads => &self.by_thread,
        }
    }

    pub(in crate::web) fn timeline(&self, by: By) -> RefMut<'_, Timeline> {
        let make = || RefCell::new(Timeline::new(&self.workload, &self.trace, &self.spans, by));
        self.rows(by).get_or_init(make).borrow_mut()
    }

    /// The signs that occur.
    pub(in crate::web) fn mark_kinds(&self) -> &[MarkKind] {
        self.mark_kinds
            .get_or_init(|| self.timeline(By::Tasks).mark_kinds().to_vec())
    }

    /// All the time in which somebody was in somebody's way.
    pub(in crate::web) fn waited(&self) -> SimDuration {
        self.waited
    }

    /// Everybody's state after so many records.
    pub(in crate::web) fn replay(&self, records: usize) -> RefMut<'_, Replay> {
        let mut replay = self.replay.borrow_mut();
        replay.move_to(&self.trace, records);
        replay
    }

    /// How many records have happened by an instant, it included.
    pub(in crate::web) fn records_until(&self, at: SimTime) -> usize {
        self.trace
            .log
            .first_at(SimTime::from_nanos(at.as_nanos().saturating_add(1)))
    }

    /// The instant at which so many records have just happened.
    pub(in crate::web) fn time_after(&self, records: usize) -> SimTime {
        let last = records
            .checked_sub(1)
            .and_then(|number| self.trace.log.get(number));
        last.map_or(SimTime::ZERO, |record| record.at)
    }

    /// Where the cursor stands at first: in the thick of it.
    pub(in crate::web) fn telling_moment(&self) -> SimTime {
        SimTime::from_nanos(self.trace.end.as_nanos() / 100 * 55)
    }

    /// When what an instance does at `at` is over, if that took time.
    pub(in crate::web) fn until(&self, id: InstanceId, at: SimTime) -> Option<SimTime> {
        let spans = self.spans.of_instance(id);
        let next = spans.partition_point(|span| span.end <= at);
        spans
            .get(next)
            .filter(|span| span.start <= at)
            .map(|span| span.end)
    }

    /// What an instance was at until `at`, if that took time.
    pub(in crate::web) fn ended_at(&self, id: InstanceId, at: SimTime) -> Option<Span> {
        let spans = self.spans.of_instance(id);
        let next = spans.partition_point(|span| span.end < at);
        spans.get(next).filter(|span| span.end == at).copied()
    }
}

/// The same run, not an equal one.
impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown")
            .field("script", &self.script)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;
    use crate::sim::simulate;

    /// Drives work, and says how often it was laid down.
    fn pauses<T>(work: impl Future<Output = T>) -> usize {
        let mut work = pin!(work);
        let mut context = Context::from_waker(Waker::noop());
        (0..)
            .find(|_| work.as_mut().poll(&mut context).is_ready())
            .expect("it ends")
    }

    #[test]
    fn the_work_on_a_trace_is_laid_down_all_the_time() {
        let script: Rc<str> =
            "async def a: repeat 20 (cpu 1ms -> await 1 -> print \"x\")\nrun 1000 a\n".into();
        let workload = script::parse(&script).workload.expect("no errors");
        let trace = simulate(&workload);
        let slices = trace.log.len() / cooperative::SLICE_ITEMS;
        assert!(slices >= 15, "too short to tell");
        let shown = Shown::new(script.clone(), workload.clone(), trace.clone());
        // The log is read for the summary, twice for spans, and by the replay.
        let work = Shown::in_slices(script, workload, trace);
        assert!(pauses(work) >= 4 * slices);
        // For marks; and by thread for the pieces.
        for by in [By::Tasks, By::Threads] {
            assert!(pauses(shown.make_rows(by, 600.0)) >= slices, "{by:?}");
            assert!(shown.has_rows(by));
        }
    }
}
