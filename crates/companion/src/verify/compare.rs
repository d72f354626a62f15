//! Predicted and measured lives of the same instances, side by side.
//!
//! Instances are the same if they are of the same task and were created as the
//! same of its number. Of several runs the median counts.

use std::collections::BTreeMap;

use model::time::{SimDuration, SimTime};
use model::trace::summary::Outcome;
use model::trace::{Role, Trace, summarize};
use model::workload::{TaskIndex, Workload};

/// Which instance: its task and its number.
pub(super) type Who = (TaskIndex, u32);

/// When an instance began and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    pub start: Option<SimTime>,
    pub finish: Option<SimTime>,
    pub outcome: Outcome,
}

/// One instance in the prediction and in every run.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub task: TaskIndex,
    pub number: u32,
    /// `None` for an instance that nobody foresaw.
    pub predicted: Option<Life>,
    /// By run; `None` where it did not appear.
    pub measured: Vec<Option<Life>>,
}

impl Compared {
    pub fn start(&self) -> Option<Pair> {
        self.pair(|life| life.start)
    }

    pub fn finish(&self) -> Option<Pair> {
        self.pair(|life| life.finish)
    }

    /// Whether it ended as foreseen: done, failed, cancelled, in most of the runs.
    pub fn ended_as_predicted(&self) -> bool {
        let predicted = self.predicted.map(|life| life.outcome);
        let same = self
            .measured
            .iter()
            .filter(|life| life.map(|life| life.outcome) == predicted);
        same.count() * 2 > self.measured.len()
    }

    fn pair(&self, of: impl Fn(Life) -> Option<SimTime>) -> Option<Pair> {
        let predicted = self.predicted.and_then(&of)?;
        let measured = self.measured.iter().copied();
        let measured: Vec<SimTime> = measured.filter_map(|life| life.and_then(&of)).collect();
        Pair::of(predicted, measured)
    }
}

/// One instant, predicted and measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub predicted: SimTime,
    /// In ascending order; never empty.
    pub runs: Vec<SimTime>,
}

impl Pair {
    pub(super) fn of(predicted: SimTime, mut runs: Vec<SimTime>) -> Option<Self> {
        runs.sort_unstable();
        (!runs.is_empty()).then_some(Self { predicted, runs })
    }

    /// The median; of two the later, which is the worse one for most.
    pub fn measured(&self) -> SimTime {
        self.runs[self.runs.len() / 2]
    }

    /// Nanoseconds by which it came late; negative if it came early.
    pub fn error_ns(&self) -> i64 {
        difference(self.measured(), self.predicted)
    }

    pub fn spread(&self) -> SimDuration {
        self.runs[self.runs.len() - 1].since(self.runs[0])
    }
}

pub(super) fn difference(later: SimTime, earlier: SimTime) -> i64 {
    later.as_nanos() as i64 - earlier.as_nanos() as i64
}

/// Everybody, in the order of the prediction, then whoever came unforeseen.
pub(super) fn compare(workload: &Workload, predicted: &Trace, measured: &[Trace]) -> Vec<Compared> {
    let runs: Vec<BTreeMap<Who, Life>> = measured
        .iter()
        .map(|trace| lives(workload, trace).into_iter().collect())
        .collect();
    let row = |who: Who, predicted: Option<Life>| Compared {
        task: who.0,
        number: who.1,
        predicted,
        measured: runs.iter().map(|run| run.get(&who).copied()).collect(),
    };
    let foreseen = lives(workload, predicted);
    let known: BTreeMap<Who, Life> = foreseen.iter().copied().collect();
    let mut rows: Vec<Compared> = foreseen
        .into_iter()
        .map(|(who, life)| row(who, Some(life)))
        .collect();
    let mut others: Vec<Who> = runs.iter().flat_map(BTreeMap::keys).copied().collect();
    others.retain(|who| !known.contains_key(who));
    others.sort_unstable();
    others.dedup();
    rows.extend(others.into_iter().map(|who| row(who, None)));
    rows
}

/// In order of creation; a part belongs to its owner's life.
fn lives(workload: &Workload, trace: &Trace) -> Vec<(Who, Life)> {
    let summary = summarize(workload, trace);
    let instances = trace.instances.iter().zip(&summary.times);
    instances
        .filter(|(instance, _)| instance.role != Role::Part)
        .map(|(instance, times)| {
            let life = Life {
                start: times.start(),
                finish: times.finish(),
                outcome: times.outcome,
            };
            ((instance.task, instance.number), life)
        })
        .collect()
}
