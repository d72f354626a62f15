//! The comparison of predicted and measured times, instance by instance.
//!
//! An instance is identified by its task and its number, e.g. `ping 3`. Of several runs the
//! median counts.

use std::collections::BTreeMap;

use model::time::{SimDuration, SimTime};
use model::trace::summary::Outcome;
use model::trace::{Role, Trace, summarize};
use model::workload::{TaskIndex, Workload};

/// The key of an instance: its task and its number.
pub(super) type InstanceKey = (TaskIndex, u32);

/// The start, the finish and the outcome of an instance in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    pub start: Option<SimTime>,
    pub finish: Option<SimTime>,
    pub outcome: Outcome,
}

/// One instance in the prediction and in every run.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedInstance {
    pub task: TaskIndex,
    pub number: u32,
    /// `None` for an instance that only real runs have.
    pub predicted: Option<Life>,
    /// By run; `None` for a run without this instance.
    pub measured: Vec<Option<Life>>,
}

impl ComparedInstance {
    pub fn start(&self) -> Option<Pair> {
        self.pair(|life| life.start)
    }

    pub fn finish(&self) -> Option<Pair> {
        self.pair(|life| life.finish)
    }

    /// Whether it had the predicted outcome, e.g. done or cancelled, in most of the runs.
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
        // Runs without the instance are left out: `ended_as_predicted` notices them.
        let measured = self.measured.iter().copied();
        let measured: Vec<SimTime> = measured.filter_map(|life| life.and_then(&of)).collect();
        Pair::of(predicted, measured)
    }
}

/// One point in time, predicted and measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub predicted: SimTime,
    /// The measured times in ascending order; never empty.
    pub runs: Vec<SimTime>,
}

impl Pair {
    pub(super) fn of(predicted: SimTime, mut runs: Vec<SimTime>) -> Option<Self> {
        runs.sort_unstable();
        (!runs.is_empty()).then_some(Self { predicted, runs })
    }

    /// The median. Of an even number of runs the later of the two in the middle, which is
    /// usually the one further from the prediction.
    pub fn measured(&self) -> SimTime {
        self.runs[self.runs.len() / 2]
    }

    /// The deviation in nanoseconds; negative if the measured time is early.
    pub fn error_ns(&self) -> i64 {
        signed_difference(self.measured(), self.predicted)
    }

    /// The time between the first and the last of the runs.
    pub fn spread(&self) -> SimDuration {
        self.runs[self.runs.len() - 1].since(self.runs[0])
    }
}

pub(super) fn signed_difference(later: SimTime, earlier: SimTime) -> i64 {
    later.as_nanos() as i64 - earlier.as_nanos() as i64
}

/// All instances: the predicted ones in the order of the prediction, then the others.
pub(super) fn compare_lives(
    workload: &Workload,
    predicted: &Trace,
    measured: &[Trace],
) -> Vec<ComparedInstance> {
    let runs: Vec<BTreeMap<InstanceKey, Life>> = measured
        .iter()
        .map(|trace| instance_lives(workload, trace).into_iter().collect())
        .collect();
    let row = |who: InstanceKey, predicted: Option<Life>| ComparedInstance {
        task: who.0,
        number: who.1,
        predicted,
        measured: runs.iter().map(|run| run.get(&who).copied()).collect(),
    };
    let foreseen = instance_lives(workload, predicted);
    let known: BTreeMap<InstanceKey, Life> = foreseen.iter().copied().collect();
    let mut rows: Vec<ComparedInstance> = foreseen
        .into_iter()
        .map(|(who, life)| row(who, Some(life)))
        .collect();
    let mut others: Vec<InstanceKey> = runs.iter().flat_map(BTreeMap::keys).copied().collect();
    others.retain(|who| !known.contains_key(who));
    others.sort_unstable();
    others.dedup();
    rows.extend(others.into_iter().map(|who| row(who, None)));
    rows
}

/// The instances of a trace in order of creation. Parts, such as the body of `thread (…)`, are
/// left out, because their instance is compared as a whole.
fn instance_lives(workload: &Workload, trace: &Trace) -> Vec<(InstanceKey, Life)> {
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
