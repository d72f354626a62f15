//! Verdicts on the `expect` lines of a script, which make lessons tests.
//!
//! Evaluates claims on a [`Summary`]. Showing verdicts and choosing an exit code are left to
//! the page and the command line.

use std::fmt;

use crate::sorting::sort_by_number;
use crate::time::{SimDuration, SimTime};
use crate::trace::summary::{LongestInterval, Outcome, Summary, Times};
use crate::trace::{Ending, Role, Trace};
use crate::workload::{
    Bound, Claim, Comparison, Expectation, Percentile, Place, Stage, TaskIndex, Tolerance, Workload,
};

/// The verdict on one expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub holds: bool,
    /// The claim, as the formatter writes it.
    pub text: String,
    /// The actual value, in the notation of the script language.
    pub actual: String,
    pub place: Place,
}

/// One verdict for each of these expectations, in their order.
pub(super) fn judge(
    expectations: &[Expectation],
    workload: &Workload,
    trace: &Trace,
    summary: &Summary,
) -> Vec<Verdict> {
    let judge = Judge {
        workload,
        trace,
        summary,
    };
    let verdict = |expectation: &Expectation| {
        let ActualValue { holds, actual } = judge.evaluate(&expectation.claim);
        Verdict {
            holds,
            text: expectation.text.clone(),
            actual,
            place: expectation.place,
        }
    };
    expectations.iter().map(verdict).collect()
}

struct Judge<'a> {
    workload: &'a Workload,
    trace: &'a Trace,
    summary: &'a Summary,
}

struct ActualValue {
    holds: bool,
    actual: String,
}

impl ActualValue {
    fn new(holds: bool, actual: impl fmt::Display) -> Self {
        Self {
            holds,
            actual: actual.to_string(),
        }
    }
}

impl Judge<'_> {
    fn evaluate(&self, claim: &Claim) -> ActualValue {
        match claim {
            Claim::Total(bound) => {
                let total = self.summary.total;
                ActualValue::new(bound.admits(total), total)
            }
            Claim::Task {
                task,
                number,
                stage,
                bound,
            } => self.evaluate_task(*task, *number, *stage, *bound),
            Claim::Latency {
                task,
                percentile,
                bound,
            } => self.evaluate_latency(*task, *percentile, *bound),
            Claim::Order(tasks) => self.evaluate_order(tasks),
            Claim::Threads { comparison, count } => {
                let peak = self.summary.threads_peak;
                ActualValue::new(comparison.holds(u64::from(peak), *count), peak)
            }
            Claim::LoopLag(bound) => evaluate_longest(self.summary.loop_lag, *bound),
            Claim::Freeze(bound) => evaluate_longest(self.summary.freeze, *bound),
            Claim::Deadlock => match &self.trace.ending {
                Ending::Deadlock(deadlock) => {
                    ActualValue::new(true, format!("deadlock at {}", deadlock.at))
                }
                _ => ActualValue::new(false, "no deadlock"),
            },
        }
    }

    /// Whether all instances of the claim reach the stage, the last of them within the bound.
    fn evaluate_task(
        &self,
        task: TaskIndex,
        number: Option<u32>,
        stage: Stage,
        bound: Option<Bound>,
    ) -> ActualValue {
        let asked = self.times_of(task, number);
        let reached: Vec<SimTime> = asked
            .iter()
            .filter_map(|times| time_of_stage(times, stage))
            .collect();
        let (many, few) = (asked.len(), reached.len());
        let Some(&last) = reached.iter().max() else {
            return ActualValue::new(false, self.describe_unreached(task, number, many));
        };
        // All must reach it: `expect toast done` fails if one of two does.
        if few < many {
            return ActualValue::new(false, format!("{few} of {many}, the last at {last}"));
        }
        let last = last.since(SimTime::ZERO);
        ActualValue::new(bound.is_none_or(|bound| bound.admits(last)), last)
    }

    /// An instance that failed or did not respond counts as later than all others, so that failures
    /// do not make a task look fast.
    fn evaluate_latency(
        &self,
        task: TaskIndex,
        percentile: Percentile,
        bound: Bound,
    ) -> ActualValue {
        let asked = self.times_of(task, None);
        let mut latencies: Vec<SimDuration> = asked
            .iter()
            .filter_map(|times| latency_of_answer(times))
            .collect();
        if latencies.is_empty() {
            return ActualValue::new(false, self.describe_unreached(task, None, asked.len()));
        }
        sort_by_number(&mut latencies, |latency| latency.as_nanos());
        let rank = (asked.len() * percentile.percent()).div_ceil(100);
        match latencies.get(rank - 1) {
            Some(&latency) => ActualValue::new(bound.admits(latency), latency),
            None => {
                let (few, many) = (latencies.len(), asked.len());
                ActualValue::new(false, format!("{few} of {many} succeeded"))
            }
        }
    }

    /// The actual outcome where no instance reached the stage.
    fn describe_unreached(&self, task: TaskIndex, number: Option<u32>, many: usize) -> String {
        let name = &self.workload.task(task).name;
        match (number, many) {
            (Some(number), 0) => format!("there is no {name}#{number}"),
            (None, 0) => format!("{name} never ran"),
            (_, 1) => match self.times_of(task, number)[0] {
                Times {
                    outcome: Outcome::Done,
                    ..
                } => "done".to_owned(),
                Times {
                    outcome: Outcome::Failed,
                    ..
                } => "failed".to_owned(),
                Times {
                    outcome: Outcome::Cancelled,
                    ..
                } => "cancelled".to_owned(),
                Times {
                    outcome: Outcome::Running,
                    ..
                } => "never".to_owned(),
            },
            (_, many) => format!("0 of {many}"),
        }
    }

    fn times_of(&self, task: TaskIndex, number: Option<u32>) -> Vec<&Times> {
        let instances = self.trace.instances.iter().zip(&self.summary.times);
        instances
            .filter(|(instance, _)| instance.task == task && instance.role != Role::Part)
            .filter(|(instance, _)| number.is_none_or(|number| instance.number == number))
            .map(|(_, times)| times)
            .collect()
    }

    /// Whether the tasks end in this order. The log decides the order within one instant.
    fn evaluate_order(&self, tasks: &[TaskIndex]) -> ActualValue {
        let last_end = |task: &TaskIndex| self.summary.tasks[task.0 as usize].last_end;
        let ends: Vec<Option<usize>> = tasks.iter().map(last_end).collect();
        let holds = ends.iter().all(Option::is_some) && ends.is_sorted();
        let mut actual: Vec<&TaskIndex> = tasks
            .iter()
            .filter(|task| last_end(task).is_some())
            .collect();
        sort_by_number(&mut actual, |task| {
            last_end(task).map_or(0, |end| end as u64)
        });
        let names: Vec<&str> = actual
            .iter()
            .map(|task| self.workload.task(**task).name.as_str())
            .collect();
        let missing = tasks.len() - names.len();
        ActualValue::new(
            holds,
            match (names.is_empty(), missing) {
                (true, _) => "none ended".to_owned(),
                (false, 0) => names.join(", "),
                (false, _) => format!("{}; {missing} did not end", names.join(", ")),
            },
        )
    }
}

/// The latency, unless the response is the failure itself.
fn latency_of_answer(times: &Times) -> Option<SimDuration> {
    let had_responded = times.respond() < times.finish();
    times
        .latency()
        .filter(|_| times.outcome != Outcome::Failed || had_responded)
}

fn time_of_stage(times: &Times, stage: Stage) -> Option<SimTime> {
    let ended = |outcome: Outcome| times.finish().filter(|_| times.outcome == outcome);
    match stage {
        Stage::Started => times.start(),
        Stage::Responded => times.respond(),
        Stage::Done => ended(Outcome::Done),
        Stage::Failed => ended(Outcome::Failed),
        Stage::Cancelled => ended(Outcome::Cancelled),
    }
}

/// Compares the longest lag or freeze; a run without any counts as zero.
fn evaluate_longest(found: Option<LongestInterval>, bound: Bound) -> ActualValue {
    let length = found.map_or(SimDuration::ZERO, |longest| longest.length);
    ActualValue::new(bound.admits(length), length)
}

impl Bound {
    /// Whether a measured value is within it.
    fn admits(self, value: SimDuration) -> bool {
        if self.comparison != Comparison::Equal {
            return self.comparison.holds(value, self.value);
        }
        // In 128 bits: products of nanoseconds and millionths exceed 64.
        let difference = u128::from(value.as_nanos().abs_diff(self.value.as_nanos()));
        match self.tolerance {
            Tolerance::Exact => difference == 0,
            Tolerance::Relative { millionths } => {
                let allowed = u128::from(self.value.as_nanos()) * u128::from(millionths);
                difference * 1_000_000 <= allowed
            }
            Tolerance::Absolute(allowed) => difference <= u128::from(allowed.as_nanos()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::staged::stage;
    use crate::trace::summary::summarize;

    const PASTA_AND_TOAST: &str = "
        task pasta: cpu 3, await 5
        task toast: cpu 6
        task soup: yield
        pasta#1 arrived
        toast#1 arrived
        toast#2 arrived
        0 pasta#1 ready
        0 toast#1 ready
        0 toast#2 ready
        0 pasta#1 running @0 on loop
        3 pasta#1 awaiting @1
        3 toast#1 running @2 on loop
        9 toast#1 done
        9 toast#2 cancel_requested
        9 toast#2 cancelled
        9 pasta#1 ready
        9 pasta#1 done";

    #[track_caller]
    fn check(claim: Claim, holds: bool, actual: &str) {
        let (mut workload, trace) = stage(PASTA_AND_TOAST);
        workload.expectations.push(Expectation {
            claim,
            text: String::new(),
            place: Place::default(),
        });
        let summary = summarize(&workload, &trace);
        let verdict = &judge(&workload.expectations, &workload, &trace, &summary)[0];
        assert_eq!((verdict.holds, verdict.actual.as_str()), (holds, actual));
    }

    fn bound(comparison: Comparison, millis: u64, tolerance: Tolerance) -> Bound {
        Bound {
            comparison,
            value: SimDuration::from_millis(millis),
            tolerance,
        }
    }

    fn exactly(millis: u64) -> Bound {
        bound(Comparison::Equal, millis, Tolerance::Exact)
    }

    const PASTA: TaskIndex = TaskIndex(0);
    const TOAST: TaskIndex = TaskIndex(1);
    const SOUP: TaskIndex = TaskIndex(2);

    fn reaches(task: TaskIndex, number: Option<u32>, stage: Stage, bound: Option<Bound>) -> Claim {
        Claim::Task {
            task,
            number,
            stage,
            bound,
        }
    }

    #[test]
    fn totals_are_compared_exactly_or_within_a_tolerance() {
        let within = |tolerance| Claim::Total(bound(Comparison::Equal, 8_950, tolerance));
        check(Claim::Total(exactly(9_000)), true, "9s");
        check(Claim::Total(exactly(8_999)), false, "9s");
        check(
            within(Tolerance::Relative { millionths: 10_000 }),
            true,
            "9s",
        );
        check(
            within(Tolerance::Relative { millionths: 1_000 }),
            false,
            "9s",
        );
        let millis = |count| Tolerance::Absolute(SimDuration::from_millis(count));
        check(within(millis(50)), true, "9s");
        check(within(millis(49)), false, "9s");
        let less = bound(Comparison::Less, 9_000, Tolerance::Exact);
        check(Claim::Total(less), false, "9s");
    }

    #[test]
    fn all_instances_of_a_claim_must_reach_the_stage() {
        check(
            reaches(PASTA, None, Stage::Done, Some(exactly(9_000))),
            true,
            "9s",
        );
        check(
            reaches(TOAST, Some(1), Stage::Started, Some(exactly(3_000))),
            true,
            "3s",
        );
        check(
            reaches(TOAST, None, Stage::Done, None),
            false,
            "1 of 2, the last at 9s",
        );
        check(reaches(TOAST, Some(2), Stage::Cancelled, None), true, "9s");
        check(
            reaches(TOAST, Some(2), Stage::Done, None),
            false,
            "cancelled",
        );
        check(reaches(TOAST, None, Stage::Failed, None), false, "0 of 2");
        check(
            reaches(TOAST, Some(3), Stage::Done, None),
            false,
            "there is no toast#3",
        );
        check(
            reaches(SOUP, None, Stage::Done, None),
            false,
            "soup never ran",
        );
    }

    #[test]
    fn a_percentile_is_about_all_instances() {
        let within = |task, percentile, millis| Claim::Latency {
            task,
            percentile,
            bound: bound(Comparison::AtMost, millis, Tolerance::Exact),
        };
        check(within(PASTA, Percentile::P95, 9_000), true, "9s");
        check(within(PASTA, Percentile::P95, 8_999), false, "9s");
        // One of two was cancelled: half of them responded in time.
        check(within(TOAST, Percentile::P50, 9_000), true, "9s");
        check(
            within(TOAST, Percentile::P95, 9_000),
            false,
            "1 of 2 succeeded",
        );
        check(
            within(SOUP, Percentile::P50, 9_000),
            false,
            "soup never ran",
        );
    }

    #[test]
    fn the_log_decides_the_order_of_ends_at_one_instant() {
        check(Claim::Order(vec![TOAST, PASTA]), true, "toast, pasta");
        check(Claim::Order(vec![PASTA, TOAST]), false, "toast, pasta");
        check(
            Claim::Order(vec![PASTA, SOUP]),
            false,
            "pasta; 1 did not end",
        );
        check(Claim::Order(vec![SOUP]), false, "none ended");
    }

    #[test]
    fn peaks_and_lags_are_claims_too() {
        let at_most = |millis| bound(Comparison::AtMost, millis, Tolerance::Exact);
        check(Claim::LoopLag(at_most(8_999)), false, "9s");
        check(Claim::Freeze(at_most(6_000)), true, "6s");
        let threads = |comparison, count| Claim::Threads { comparison, count };
        check(threads(Comparison::AtMost, 40), true, "0");
        check(threads(Comparison::More, 0), false, "0");
        check(Claim::Deadlock, false, "no deadlock");
    }
}
