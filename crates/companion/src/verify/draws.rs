//! The comparison of a script with random durations or arrivals: its figures against those of many
//! seeds.
//!
//! The real run draws its own values, so its times cannot be those of one prediction. A figure of the
//! run, e.g. the median latency of `ping`, holds if it lies where the figure of the predictions lies.
//!
//! # What this leaves out
//!
//! - The order of the instances, which changes with each draw.

use model::limits::DETAIL_RECORDS_MAX;
use model::time::SimTime;
use model::trace::{Ending, Trace, summarize};
use model::workload::{TaskIndex, Workload};

use super::compare::Pair;
use super::load::Others;
use super::verdict::Tolerance;
use super::{Runtime, Verdict, fastapi};
use analysis::effort::Effort;
use serde::Serialize;

/// Predictions, each with a seed of its own: with fewer, the interval would miss one run in fifty.
const SEEDS: u64 = 100;
/// The records of all predictions together: a second or two.
const WORK: u64 = DETAIL_RECORDS_MAX;

/// A figure of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawnFigure {
    Total,
    /// The median of the latencies of a task.
    P50,
    P95,
}

/// A figure in the predictions and in the runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnRow {
    /// `None` for the whole run.
    pub task: Option<TaskIndex>,
    pub figure: DrawnFigure,
    /// The smallest and the largest of the predictions.
    pub low: SimTime,
    pub high: SimTime,
    /// The median of the predictions, and the runs.
    pub pair: Pair,
}

impl DrawnRow {
    /// Whether a measured value lies where the predictions lie.
    fn covers(&self, measured: SimTime, tolerance: Tolerance) -> bool {
        let early = self
            .low
            .as_nanos()
            .saturating_sub(tolerance.allowed(self.low).as_nanos());
        (early..=(self.high + tolerance.allowed(self.high)).as_nanos())
            .contains(&measured.as_nanos())
    }

    pub fn holds(&self, tolerance: Tolerance) -> bool {
        self.covers(self.pair.measured(), tolerance)
    }
}

/// The figures of one run, in a fixed order: those of a task only if it has latencies.
fn figures(workload: &Workload, trace: &Trace) -> Vec<(Option<TaskIndex>, DrawnFigure, SimTime)> {
    let summary = summarize(workload, trace);
    let mut found = vec![(None, DrawnFigure::Total, trace.end)];
    for (task, index) in summary.tasks.iter().zip(0..) {
        if let Some(latency) = task.outcomes.latency {
            let task = Some(TaskIndex(index));
            found.push((task, DrawnFigure::P50, SimTime::ZERO + latency.p50));
            found.push((task, DrawnFigure::P95, SimTime::ZERO + latency.p95));
        }
    }
    found
}

/// Predicts with many seeds and compares. `None` if the predictions do not end, e.g. at a limit.
pub(super) fn compare_draws(
    workload: &Workload,
    runtime: Runtime,
    measured: &[Trace],
) -> Option<Vec<DrawnRow>> {
    let mut effort = Effort::new(WORK);
    let mut predictions = Vec::new();
    for seed in 0..SEEDS {
        let mut drawn = workload.clone();
        drawn.machine.seed = drawn.machine.seed.wrapping_add(seed);
        // As for the prediction itself.
        if runtime == Runtime::Fastapi
            && let Some(apart) = fastapi::one_by_one(&drawn)
        {
            drawn = apart;
        }
        // A long script has fewer predictions.
        let Ok(trace) = effort.simulate(&drawn) else {
            break;
        };
        if matches!(trace.ending, Ending::Limit(_)) {
            return None;
        }
        predictions.push(figures(workload, &trace));
    }
    let runs: Vec<_> = measured
        .iter()
        .map(|trace| figures(workload, trace))
        .collect();
    let keys = predictions.first()?.iter();
    let rows = keys.filter_map(|&(task, figure, _)| {
        let of = |all: &[Vec<(Option<TaskIndex>, DrawnFigure, SimTime)>]| {
            let found = all.iter().flatten();
            let own = found.filter(|one| one.0 == task && one.1 == figure);
            let mut values: Vec<SimTime> = own.map(|one| one.2).collect();
            values.sort_unstable();
            values
        };
        let predicted = of(&predictions);
        let (low, high) = (*predicted.first()?, *predicted.last()?);
        Some(DrawnRow {
            task,
            figure,
            low,
            high,
            pair: Pair::of(predicted[predicted.len() / 2], of(&runs))?,
        })
    });
    Some(rows.collect())
}

/// The verdict on the figures. A run of other programs, or runs that disagree, make it too noisy.
pub(super) fn judge_draws(
    rows: &[DrawnRow],
    same_ending: bool,
    others: Others,
    tolerance: Tolerance,
) -> Verdict {
    let off: Vec<&DrawnRow> = rows.iter().filter(|row| !row.holds(tolerance)).collect();
    if off.is_empty() && same_ending {
        return Verdict::Holds;
    }
    let is_disputed = |row: &&DrawnRow| {
        let runs = row.pair.runs.iter();
        runs.copied().any(|run| row.covers(run, tolerance))
    };
    if (same_ending && off.iter().all(is_disputed)) || others.disturb() {
        Verdict::TooNoisy
    } else {
        Verdict::Fails
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::SimDuration;

    const TOLERANCE: Tolerance = Tolerance {
        percent: 5.0,
        slack: SimDuration::from_millis(10),
    };

    /// A script with random durations, and a run of it in which `await` takes this many times as
    /// long.
    #[track_caller]
    fn check(times: u64, others: Option<f64>, expected: Verdict) {
        let read = |mean: u64| {
            let script = format!("async def ping: await ~{mean}ms\nrun 200 ping at 50/s\n");
            script::parse(&script).workload.expect("valid")
        };
        let workload = read(100);
        let mut real = read(100 * times);
        real.machine.seed = 999;
        let runs = [sim::simulate(&real)];
        let rows = compare_draws(&workload, Runtime::Asyncio, &runs).expect("it ends");
        assert_eq!(rows.len(), 3, "total, median and 95 %");
        let others = Others { cores: others };
        assert_eq!(judge_draws(&rows, true, others, TOLERANCE), expected);
    }

    #[test]
    fn another_draw_holds_and_another_distribution_fails() {
        check(1, None, Verdict::Holds);
        check(3, None, Verdict::Fails);
        check(3, Some(0.9), Verdict::TooNoisy);
    }
}
