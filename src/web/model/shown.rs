//! A run made ready to be shown: the trace with all that is derived from it.
//!
//! Built once when a run ends, shared by every component, never changed. What
//! is costly and not always needed (rows by thread, who does what at an
//! instant) is made when it is first asked for.

use std::cell::{OnceCell, RefCell, RefMut};
use std::fmt;
use std::rc::Rc;

use crate::replay::Replay;
use crate::scene::mark::MarkKind;
use crate::scene::{By, Piece, Timeline};
use crate::script::{self, Diagnostic};
use crate::time::{SimDuration, SimTime};
use crate::trace::expectation::{self, Verdict};
#[cfg(test)]
use crate::trace::summary;
use crate::trace::summary::Summary;
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
        let summary = summary::summarize(&workload, &trace);
        let spans = Spans::of(&trace);
        Self::of(script, workload, trace, summary, spans)
    }

    /// What is derived in one go each comes from the caller, who may take a breath between.
    pub(in crate::web) fn of(
        script: Rc<str>,
        workload: Workload,
        trace: Trace,
        summary: Summary,
        spans: Spans,
    ) -> Self {
        let verdicts = expectation::judge(&workload, &trace, &summary);
        let own = |instance: &&Instance| instance.role != Role::Part;
        let task_count = trace.instances.iter().filter(own).count();
        Self {
            script,
            workload,
            trace,
            summary,
            verdicts,
            spans,
            task_count,
            mark_kinds: OnceCell::new(),
            by_task: OnceCell::new(),
            by_thread: OnceCell::new(),
            replay: RefCell::new(Replay::new()),
        }
    }

    pub(in crate::web) fn timeline(&self, by: By) -> RefMut<'_, Timeline> {
        let place = match by {
            By::Tasks => &self.by_task,
            By::Threads => &self.by_thread,
        };
        let make = || RefCell::new(Timeline::new(&self.workload, &self.trace, &self.spans, by));
        place.get_or_init(make).borrow_mut()
    }

    /// The signs that occur.
    pub(in crate::web) fn mark_kinds(&self) -> &[MarkKind] {
        self.mark_kinds
            .get_or_init(|| self.timeline(By::Tasks).mark_kinds())
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

    /// All the time in which somebody was in somebody's way.
    pub(in crate::web) fn waited(&self) -> SimDuration {
        let all = self.spans.all().iter();
        let waits = all.filter(|span| span.state.is_waiting_for_others());
        waits.fold(SimDuration::ZERO, |sum, span| sum + span.length())
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
