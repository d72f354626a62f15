//! The verdict of a verification: holds, fails, or too noisy to say.
//!
//! A prediction fails only if all runs contradict it and no other program kept the machine
//! busy. Runs that contradict each other are too noisy.

use model::time::{SimDuration, SimTime};

use super::Verdict;
use super::compare::{ComparedInstance, Pair};
use super::load::Others;
use super::order::OrderCheck;

/// How far a measured time may be from the predicted one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// The part that grows with the predicted time.
    pub percent: f64,
    /// The fixed part, for timers and for starting threads and processes.
    pub slack: SimDuration,
}

impl Tolerance {
    /// The default of `percent`.
    pub const PERCENT: f64 = 5.0;

    pub(super) fn allowed(&self, predicted: SimTime) -> SimDuration {
        let part = predicted.as_nanos() as f64 * self.percent / 100.0;
        SimDuration::from_nanos(part.round() as u64) + self.slack
    }

    fn covers(&self, predicted: SimTime, measured: SimTime) -> bool {
        let off = super::compare::signed_difference(measured, predicted).unsigned_abs();
        off <= self.allowed(predicted).as_nanos()
    }

    /// Whether the median of the runs is within the tolerance.
    pub fn holds(&self, pair: &Pair) -> bool {
        self.covers(pair.predicted, pair.measured())
    }

    /// Whether the time is too late, and the load of other programs suffices as a reason. Load
    /// never makes a run too early.
    fn is_explained(&self, pair: &Pair, others: Others) -> bool {
        let measured = pair.measured();
        let latest = pair.predicted + self.allowed(pair.predicted);
        let elapsed = measured.since(SimTime::ZERO);
        measured > latest && others.explain(measured.since(latest), elapsed)
    }

    /// Whether some runs are within the tolerance and others are not.
    fn is_disputed(&self, pair: &Pair) -> bool {
        let yes = pair
            .runs
            .iter()
            .filter(|&&run| self.covers(pair.predicted, run));
        let yes = yes.count();
        0 < yes && yes < pair.runs.len()
    }
}

/// The input of [`judge_evidence`].
pub(super) struct VerdictEvidence<'a> {
    pub(super) total: &'a Pair,
    pub(super) tasks: &'a [ComparedInstance],
    pub(super) order: &'a OrderCheck,
    /// Whether all runs ended in the predicted way: finished, stopped by `until`, deadlocked.
    pub(super) same_ending: bool,
    pub(super) others: Others,
    /// Whether the script has random lengths and no figures to judge them by (see `draws`).
    pub(super) random: bool,
}

pub(super) fn judge_evidence(evidence: &VerdictEvidence<'_>, tolerance: Tolerance) -> Verdict {
    let times = evidence
        .tasks
        .iter()
        .flat_map(|task| [task.start(), task.finish()]);
    let pairs: Vec<Pair> = times.flatten().chain([evidence.total.clone()]).collect();
    let off: Vec<&Pair> = pairs.iter().filter(|pair| !tolerance.holds(pair)).collect();
    let runs = evidence.total.runs.len();
    let broken = evidence.order.broken();
    let as_foreseen = evidence.same_ending
        && evidence
            .tasks
            .iter()
            .all(ComparedInstance::ended_as_predicted);
    // Times are judged by their median, so the order is judged by the majority of the runs.
    if off.is_empty() && broken * 2 < runs && as_foreseen {
        return Verdict::Holds;
    }
    // From here on the prediction does not hold. It fails unless noise is a possible reason:
    // runs that disagree, other programs, random lengths.
    let disputed = off.iter().all(|pair| tolerance.is_disputed(pair));
    let noisy = as_foreseen && disputed && broken < runs;
    let explained = as_foreseen
        && broken == 0
        && off
            .iter()
            .all(|pair| tolerance.is_explained(pair, evidence.others));
    if noisy || explained || evidence.others.disturb() || evidence.random {
        Verdict::TooNoisy
    } else {
        Verdict::Fails
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLERANCE: Tolerance = Tolerance {
        percent: 5.0,
        slack: SimDuration::from_millis(10),
    };

    fn millis(runs: &[u64]) -> Vec<SimTime> {
        runs.iter()
            .map(|&ms| SimTime::from_nanos(ms * 1_000_000))
            .collect()
    }

    #[track_caller]
    fn check(predicted_ms: u64, runs_ms: &[u64], others: Option<f64>, expected: Verdict) {
        let predicted = SimTime::from_nanos(predicted_ms * 1_000_000);
        let total = Pair::of(predicted, millis(runs_ms)).expect("runs");
        let order = OrderCheck {
            steps: 0,
            swaps: vec![None; runs_ms.len()],
        };
        let evidence = VerdictEvidence {
            total: &total,
            tasks: &[],
            order: &order,
            same_ending: true,
            others: Others { cores: others },
            random: false,
        };
        assert_eq!(judge_evidence(&evidence, TOLERANCE), expected);
    }

    #[test]
    fn the_median_decides() {
        check(1_000, &[1_001, 1_059, 1_400], None, Verdict::Holds);
        check(1_000, &[990, 940, 950], Some(0.0), Verdict::Holds);
    }

    #[test]
    fn what_all_runs_deny_fails() {
        check(1_000, &[1_100, 1_120, 1_110], None, Verdict::Fails);
        check(1_000, &[500], Some(0.1), Verdict::Fails);
    }

    #[test]
    fn runs_that_disagree_say_nothing() {
        check(1_000, &[1_000, 1_120, 1_110], None, Verdict::TooNoisy);
    }

    #[test]
    fn on_a_busy_machine_nothing_fails() {
        check(1_000, &[1_100, 1_120, 1_110], Some(0.9), Verdict::TooNoisy);
        check(1_000, &[1_010, 1_020, 1_005], Some(0.9), Verdict::Holds);
    }

    #[test]
    fn what_others_computed_makes_late_and_never_early() {
        check(1_000, &[1_150, 1_160, 1_155], Some(0.1), Verdict::TooNoisy);
        check(1_000, &[1_300, 1_310, 1_305], Some(0.1), Verdict::Fails);
        check(1_000, &[850, 840, 845], Some(0.2), Verdict::Fails);
    }
}
