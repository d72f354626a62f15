//! Who arrives when, one by one: what a `run` says, spelt out.

use model::time::SimDuration;
use model::workload::{Arrivals, Length, TaskIndex, Workload};

/// Every arrival in order of time; those of one instant in the order written.
pub(super) fn arrivals(
    workload: &Workload,
    fixed: fn(Length) -> SimDuration,
) -> Vec<(TaskIndex, SimDuration)> {
    let mut all = Vec::new();
    for run in &workload.runs {
        for number in 0..run.count {
            let at = match run.arrivals {
                Arrivals::Together { at } => at,
                Arrivals::Every { start, gap } => start + gap.saturating_mul(number),
                Arrivals::Poisson { start, gap } => {
                    let gap = fixed(Length::Exponential { mean: gap });
                    start + gap.saturating_mul(number + 1)
                }
            };
            all.push((run.task, at));
        }
    }
    all.sort_by_key(|&(_, at)| at);
    all
}
