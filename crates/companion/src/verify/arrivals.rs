//! The expansion of `run` lines to single arrivals, e.g. `run 3 ping every 1s` → `ping` at 0, 1
//! and 2 s.

use model::time::SimDuration;
use model::workload::{Arrivals, Length, TaskIndex, Workload};

/// All arrivals, sorted by time. Simultaneous arrivals keep the order of the script. `fixed`
/// replaces a random length by a constant.
pub(super) fn arrival_times(
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
                    // In a Poisson process the first arrival, too, comes after a gap.
                    start + gap.saturating_mul(number + 1)
                }
            };
            all.push((run.task, at));
        }
    }
    // A stable sort, which keeps the order of the script.
    all.sort_by_key(|&(_, at)| at);
    all
}
