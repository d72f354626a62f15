//! A completed run, ready to be shown: the trace and the data derived from it.
//!
//! Built once when a run ends, in a task that yields; shared by all components and never
//! changed. Rows are by task or by thread; those that the first chart does not need are laid
//! out on demand.

use std::cell::{OnceCell, RefCell, RefMut};
use std::fmt;
use std::rc::Rc;

use chart::scene::mark::MarkKind;
use chart::scene::{By, Piece, Timeline};
use model::cooperative;
use model::replay::Replay;
use model::time::{SimDuration, SimTime};
use model::trace::{AnalysedRun, Instance, InstanceId, Role, Span, State, Trace};
use model::workload::{Length, SegmentId, SegmentKind, Workload};

/// A piece of a bar that the reader can point at.
pub(crate) type Bar = Piece;

/// A completed run.
pub(crate) struct Shown {
    pub(crate) script: Rc<str>,
    pub(crate) run: AnalysedRun,
    /// The number of instances without parts.
    pub(crate) task_count: usize,
    waited: SimDuration,
    mark_kinds: OnceCell<Vec<MarkKind>>,
    by_task: OnceCell<RefCell<Timeline>>,
    by_thread: OnceCell<RefCell<Timeline>>,
    replay: RefCell<Replay>,
    /// By segment.
    written_waits: OnceCell<Vec<Option<SimDuration>>>,
}

impl Shown {
    #[cfg(test)]
    pub(crate) fn new(script: Rc<str>, workload: Rc<Workload>, trace: Trace) -> Self {
        cooperative::block_on(Self::in_slices(script, workload, trace))
    }

    /// Derives everything but the rows, and yields regularly.
    pub(crate) async fn in_slices(script: Rc<str>, workload: Rc<Workload>, trace: Trace) -> Self {
        let run = AnalysedRun::of_yielding(workload, trace).await;
        let own = |instance: &&Instance| instance.role != Role::Part;
        let task_count = run.trace().instances.iter().filter(own).count();
        let mut waited = SimDuration::ZERO;
        cooperative::for_each(run.spans().all(), |span| {
            if span.state.is_waiting_for_others() {
                waited += span.length();
            }
        })
        .await;
        let mut replay = Replay::new();
        replay.build_snapshots(run.trace()).await;
        Self {
            script,
            run,
            task_count,
            waited,
            mark_kinds: OnceCell::new(),
            by_task: OnceCell::new(),
            by_thread: OnceCell::new(),
            replay: RefCell::new(replay),
            written_waits: OnceCell::new(),
        }
    }

    /// Lays out the rows, with the data for a chart of at most this height.
    pub(crate) async fn make_rows(&self, by: By, height_max_px: f64) {
        if self.rows(by).get().is_some() {
            return;
        }
        let run = &self.run;
        let mut timeline =
            Timeline::new_yielding(run.workload(), run.trace(), run.spans(), by).await;
        timeline.prepare(height_max_px).await;
        // Another task may have stored the same rows first.
        let _ = self.rows(by).set(RefCell::new(timeline));
    }

    pub(crate) fn has_rows(&self, by: By) -> bool {
        self.rows(by).get().is_some()
    }

    fn rows(&self, by: By) -> &OnceCell<RefCell<Timeline>> {
        match by {
            By::Tasks => &self.by_task,
            By::Threads => &self.by_thread,
        }
    }

    pub(crate) fn timeline(&self, by: By) -> RefMut<'_, Timeline> {
        let run = &self.run;
        let make = || RefCell::new(Timeline::new(run.workload(), run.trace(), run.spans(), by));
        self.rows(by).get_or_init(make).borrow_mut()
    }

    /// The marks that occur in the run.
    pub(crate) fn mark_kinds(&self) -> &[MarkKind] {
        self.mark_kinds
            .get_or_init(|| self.timeline(By::Tasks).mark_kinds().to_vec())
    }

    /// The sum of all waiting caused by other instances.
    pub(crate) fn waited(&self) -> SimDuration {
        self.waited
    }

    /// The state of every instance after `records` records.
    pub(crate) fn replay(&self, records: usize) -> RefMut<'_, Replay> {
        let mut replay = self.replay.borrow_mut();
        replay.move_to(self.run.trace(), records);
        replay
    }

    /// The number of records up to an instant, inclusive.
    pub(crate) fn records_until(&self, at: SimTime) -> usize {
        self.run
            .trace()
            .log
            .first_at(SimTime::from_nanos(at.as_nanos().saturating_add(1)))
    }

    /// The time of the last of the first `records` records.
    pub(crate) fn time_after(&self, records: usize) -> SimTime {
        let last = records
            .checked_sub(1)
            .and_then(|number| self.run.trace().log.get(number));
        last.map_or(SimTime::ZERO, |record| record.at)
    }

    /// The span of a state that the instance entered at `since`; `None` if it took no time, which
    /// is frequent where much happens at one instant.
    pub(crate) fn span_entered(
        &self,
        id: InstanceId,
        state: State,
        segment: SegmentId,
        since: SimTime,
    ) -> Option<Span> {
        let spans = self.run.spans().of_instance(id);
        let next = spans.partition_point(|span| span.end <= since);
        let span = spans.get(next).copied()?;
        let is_that = span.start <= since && span.state == state && span.segment == segment;
        is_that.then_some(span)
    }

    /// The length of an `await` or `block` as the script says, unless it is random.
    pub(crate) fn written_wait(&self, segment: SegmentId) -> Option<SimDuration> {
        let waits = self.written_waits.get_or_init(|| {
            let segments = self.run.workload().segments().into_iter();
            segments
                .map(|segment| match segment?.kind {
                    SegmentKind::Await {
                        length: Length::Fixed(length),
                        ..
                    }
                    | SegmentKind::Block {
                        length: Length::Fixed(length),
                        ..
                    } => Some(length),
                    _ => None,
                })
                .collect()
        });
        waits.get(segment.0 as usize).copied().flatten()
    }

    /// The instance's span that ended at `at`, if it took time.
    pub(crate) fn ended_at(&self, id: InstanceId, at: SimTime) -> Option<Span> {
        let spans = self.run.spans().of_instance(id);
        let next = spans.partition_point(|span| span.end < at);
        spans.get(next).filter(|span| span.end == at).copied()
    }
}

/// Compares by identity, not by content.
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
    use sim::simulate;

    /// Runs the work to its end and counts how often it yielded.
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
        let workload = Rc::new(script::parse(&script).workload.expect("no errors"));
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
