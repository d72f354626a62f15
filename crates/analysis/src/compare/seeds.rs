//! The same workload with many seeds: the median of each figure, and the interval that holds 90 % of
//! the seeds.

use model::workload::Workload;

use super::{Figures, Metric, Strategy, measure};
use crate::effort::{Effort, Spent};
use model::time::SimDuration;

/// The figures of a workload over its seeds. Each figure is taken by itself, so the median total and
/// the median latency may be those of different seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedSpread {
    /// The 5th percentile.
    pub low: Figures,
    pub median: Figures,
    /// The 95th percentile.
    pub high: Figures,
}

impl SeedSpread {
    /// `None` without runs.
    pub fn of(runs: &[Figures]) -> Option<Self> {
        let last = runs.len().checked_sub(1)?;
        // By nearest rank, so each figure is one that occurred.
        let at = |percent: usize| (runs.len() * percent).div_ceil(100).clamp(1, last + 1) - 1;
        Some(Self {
            low: figures_at(runs, at(5)),
            median: figures_at(runs, at(50)),
            high: figures_at(runs, at(95)),
        })
    }

    /// The interval of one metric.
    pub fn interval(&self, metric: Metric) -> (SimDuration, SimDuration) {
        (metric.of(&self.low), metric.of(&self.high))
    }
}

/// The 5th percentile, the median and the 95th percentile by nearest rank; zeros without values.
pub fn quantiles(values: &[SimDuration]) -> [SimDuration; 3] {
    let mut values = values.to_vec();
    values.sort_unstable();
    [5, 50, 95].map(|percent| {
        let rank = (values.len() * percent).div_ceil(100).max(1) - 1;
        values.get(rank).copied().unwrap_or_default()
    })
}

/// Each figure at this rank of its own order.
fn figures_at(runs: &[Figures], rank: usize) -> Figures {
    fn ranked<T: Ord + Copy>(runs: &[Figures], rank: usize, of: impl Fn(&Figures) -> T) -> T {
        let mut values: Vec<T> = runs.iter().map(of).collect();
        values.sort_unstable();
        values[rank]
    }
    Figures {
        total: ranked(runs, rank, |figures| figures.total),
        p50: ranked(runs, rank, |figures| figures.p50),
        p95: ranked(runs, rank, |figures| figures.p95),
        p99: ranked(runs, rank, |figures| figures.p99),
        mean: ranked(runs, rank, |figures| figures.mean),
        threads: ranked(runs, rank, |figures| figures.threads),
        loop_lag: ranked(runs, rank, |figures| figures.loop_lag),
        lost: ranked(runs, rank, |figures| figures.lost),
        // A strategy that hangs with one seed is no strategy.
        finished: runs.iter().all(|figures| figures.finished),
    }
}

/// The spread of a strategy over `seeds` seeds, from that of the script on; `None` if the strategy
/// cannot be applied.
pub fn measure_seeds(
    workload: &Workload,
    strategy: Strategy,
    seeds: u32,
    effort: &mut Effort,
) -> Result<Option<SeedSpread>, Spent> {
    let mut runs = Vec::new();
    for more in 0..seeds.max(1) {
        let mut seeded = workload.clone();
        seeded.machine.seed = seeded.machine.seed.wrapping_add(u64::from(more));
        match measure(&seeded, strategy, effort)? {
            Some(figures) => runs.push(figures),
            None => return Ok(None),
        }
    }
    Ok(SeedSpread::of(&runs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(millis: u64) -> Figures {
        Figures {
            total: SimDuration::from_millis(millis),
            p50: SimDuration::ZERO,
            p95: SimDuration::from_millis(1_000 - millis),
            p99: SimDuration::ZERO,
            mean: SimDuration::ZERO,
            threads: 0,
            loop_lag: SimDuration::ZERO,
            lost: 0,
            finished: true,
        }
    }

    #[test]
    fn each_figure_has_its_own_median_and_interval() {
        let runs: Vec<Figures> = (1..=20).map(run).collect();
        let spread = SeedSpread::of(&runs).expect("runs");
        let millis = SimDuration::from_millis;
        assert_eq!(spread.interval(Metric::Total), (millis(1), millis(19)));
        assert_eq!(spread.median.total, millis(10));
        assert_eq!(spread.interval(Metric::P95), (millis(980), millis(998)));
        assert_eq!(spread.median.p95, millis(989));
    }

    #[test]
    fn one_seed_is_its_own_interval() {
        let spread = SeedSpread::of(&[run(7)]).expect("a run");
        assert_eq!((spread.low, spread.high), (run(7), run(7)));
        assert_eq!(SeedSpread::of(&[]), None);
    }
}
