//! An analysed run: a workload, its trace, and the data derived from both.
//!
//! Leaves the computations to [`spans`](super::spans), [`summary`](super::summary) and
//! [`expectation`](mod@super::expectation).

use std::cell::OnceCell;
use std::rc::Rc;

use super::expectation::{self, Verdict};
use super::summary::{Summary, summarize, summarize_yielding};
use super::{Spans, Trace};
use crate::time::{SimDuration, SimTime};
use crate::workload::{Expectation, Workload};

/// A run with the data derived from its trace. Each part is computed when it is first needed,
/// and then kept.
#[derive(Debug)]
pub struct AnalysedRun {
    workload: Rc<Workload>,
    trace: Trace,
    spans: OnceCell<Spans>,
    summary: OnceCell<Summary>,
    verdicts: OnceCell<Vec<Verdict>>,
}

impl AnalysedRun {
    /// Computes nothing yet.
    pub fn of(workload: impl Into<Rc<Workload>>, trace: Trace) -> Self {
        Self {
            workload: workload.into(),
            trace,
            spans: OnceCell::new(),
            summary: OnceCell::new(),
            verdicts: OnceCell::new(),
        }
    }

    /// Async version of [`AnalysedRun::of`] that computes every part at once and yields
    /// regularly, for use on the UI thread.
    pub async fn of_yielding(workload: Rc<Workload>, trace: Trace) -> Self {
        let summary = summarize_yielding(&workload, &trace).await;
        let spans = Spans::of_yielding(&trace).await;
        let run = Self {
            workload,
            trace,
            spans: spans.into(),
            summary: summary.into(),
            verdicts: OnceCell::new(),
        };
        run.verdicts();
        run
    }

    pub fn workload(&self) -> &Workload {
        &self.workload
    }

    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The log as intervals. They take much memory: ask [`Trace::is_too_long_for_detail`] first
    /// if the trace may be long.
    pub fn spans(&self) -> &Spans {
        self.spans.get_or_init(|| Spans::of(&self.trace))
    }

    pub fn summary(&self) -> &Summary {
        self.summary
            .get_or_init(|| summarize(&self.workload, &self.trace))
    }

    /// The verdicts on the script's `expect` lines.
    pub fn verdicts(&self) -> &[Verdict] {
        self.verdicts
            .get_or_init(|| self.judge(&self.workload.expectations))
    }

    /// One verdict for each of these expectations, e.g. those of a goal.
    pub fn judge(&self, expectations: &[Expectation]) -> Vec<Verdict> {
        expectation::judge(expectations, &self.workload, &self.trace, self.summary())
    }

    /// The time from the start of the script to its end.
    pub fn total(&self) -> SimDuration {
        self.trace.end.since(SimTime::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cooperative;
    use crate::trace::staged::stage;
    use crate::workload::{Claim, Place};

    #[test]
    fn the_yielding_version_computes_the_same() {
        let (mut workload, trace) = stage(
            "task pasta: cpu 3, await 5
             pasta#1 arrived
             0 pasta#1 ready
             0 pasta#1 running @0 on loop
             3 pasta#1 awaiting @1
             8 pasta#1 ready
             8 pasta#1 done",
        );
        workload.expectations.push(Expectation {
            claim: Claim::Deadlock,
            text: "expect deadlock".to_owned(),
            place: Place::default(),
        });
        let workload = Rc::new(workload);
        let lazy = AnalysedRun::of(Rc::clone(&workload), trace.clone());
        let eager = cooperative::block_on(AnalysedRun::of_yielding(workload, trace));
        assert_eq!(lazy.total().to_string(), "8s");
        assert_eq!(lazy.verdicts().len(), 1);
        assert_eq!(lazy.verdicts(), eager.verdicts());
        assert_eq!(lazy.summary(), eager.summary());
        assert_eq!(lazy.spans().all(), eager.spans().all());
    }
}
