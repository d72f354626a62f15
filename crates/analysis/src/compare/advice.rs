//! Advice: the strategy to choose, and the changes that would make another one the best.
//!
//! The shortest total wins. Totals that differ by less than a hundredth count as equal; then
//! latency, loop lag and the number of threads decide, and finally the effort of rewriting.

use super::{Compared, Figures, Metric, Strategy, compare, is_complete};
use crate::effort::Effort;
use model::limits::INSTANCES_MAX;
use model::time::SimDuration;
use model::workload::{Body, Length, SegmentKind, Workload};

/// The best strategy of a comparison, with its reason and its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub best: Strategy,
    pub reason: Reason,
    /// Changes of the workload that would make another strategy the best.
    pub unless: Vec<(Variation, Strategy)>,
    /// The number of changes that were not tried because the effort was used up.
    pub untried: usize,
    /// The latency of a request that only sends a job, if the best strategy takes long. It
    /// helps readers whose requests need not wait for the result.
    pub as_job: Option<SimDuration>,
}

/// The criterion by which the best strategy wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Total,
    Latency,
    LoopLag,
    Threads,
    /// No difference: the best strategy needs the fewest changes.
    Simplest,
}

/// A change of the workload, such as ten times as many requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variation {
    TenTimesRequests,
    TenthOfRequests,
    TenTimesCpu,
    TenthOfCpu,
    TenTimesIo,
    OneCore,
}

impl Variation {
    pub const ALL: [Self; 6] = [
        Self::TenTimesRequests,
        Self::TenthOfRequests,
        Self::TenTimesCpu,
        Self::TenthOfCpu,
        Self::TenTimesIo,
        Self::OneCore,
    ];

    /// The workload with this change.
    pub fn apply(self, workload: &Workload) -> Workload {
        let mut varied = workload.clone();
        let is_cpu = |kind: &SegmentKind| matches!(kind, SegmentKind::Cpu { .. });
        match self {
            Self::TenTimesRequests => requests(&mut varied, |count| count.saturating_mul(10)),
            Self::TenthOfRequests => requests(&mut varied, |count| count.div_ceil(10)),
            Self::TenTimesCpu => lengths(&mut varied, is_cpu, |nanos| nanos.saturating_mul(10)),
            Self::TenthOfCpu => lengths(&mut varied, is_cpu, |nanos| nanos / 10),
            Self::TenTimesIo => lengths(
                &mut varied,
                |kind| !is_cpu(kind),
                |nanos| nanos.saturating_mul(10),
            ),
            Self::OneCore => varied.machine.cores = 1,
        }
        varied
    }
}

/// The most requests that a variation may have: more take too long while a reader types.
const REQUESTS_MAX: u64 = 20_000;

/// A user of a website rarely waits longer for a response.
const LONG: SimDuration = SimDuration::from_secs(5);

fn requests(workload: &mut Workload, change: impl Fn(u64) -> u64) {
    for run in &mut workload.runs {
        run.count = change(run.count).clamp(1, INSTANCES_MAX);
    }
}

fn lengths(
    workload: &mut Workload,
    of: impl Fn(&SegmentKind) -> bool + Copy,
    change: impl Fn(u64) -> u64 + Copy,
) {
    for task in &mut workload.tasks {
        scale(&mut task.body, of, change);
    }
}

fn scale(
    body: &mut Body,
    of: impl Fn(&SegmentKind) -> bool + Copy,
    change: impl Fn(u64) -> u64 + Copy,
) {
    let scaled = |time: SimDuration| SimDuration::from_nanos(change(time.as_nanos()));
    for segment in body {
        let wanted = of(&segment.kind);
        if let SegmentKind::Cpu { length, .. }
        | SegmentKind::Await { length, .. }
        | SegmentKind::Block { length, .. } = &mut segment.kind
            && wanted
        {
            *length = match *length {
                Length::Fixed(time) => Length::Fixed(scaled(time)),
                Length::Uniform { low, high } => Length::Uniform {
                    low: scaled(low),
                    high: scaled(high),
                },
                Length::Exponential { mean } => Length::Exponential { mean: scaled(mean) },
            };
        }
        for inner in segment.kind.bodies_mut() {
            scale(inner, of, change);
        }
    }
}

/// Chooses a strategy and tries the variations of the workload. `None` if some strategies were
/// not compared, since one of them may be the best.
pub fn advise(workload: &Workload, compared: &[Compared], effort: &mut Effort) -> Option<Advice> {
    advise_by(Metric::Total, workload, compared, effort)
}

/// Like [`advise`], but the smallest value of `metric` wins.
pub fn advise_by(
    metric: Metric,
    workload: &Workload,
    compared: &[Compared],
    effort: &mut Effort,
) -> Option<Advice> {
    if !is_complete(compared) {
        return None;
    }
    let (best, reason) = choose_by(metric, compared)?;
    let mut unless = Vec::new();
    let mut untried = 0;
    for (variation, varied) in variations(workload) {
        let others = compare(&varied, effort);
        if !is_complete(&others) {
            untried += 1;
            continue;
        }
        let other = choose_by(metric, &others);
        if let Some((other, _)) = other.filter(|(other, _)| *other != best) {
            unless.push((variation, other));
        }
    }
    let long = find(compared, best).filter(|figures| figures.p95 > LONG);
    let as_job = find(compared, Strategy::Jobs).map(|figures| figures.p95);
    Some(Advice {
        best,
        reason,
        unless,
        untried,
        as_job: as_job.filter(|_| long.is_some() && best != Strategy::Jobs),
    })
}

/// The variations that change this workload and are small enough to simulate.
fn variations(workload: &Workload) -> impl Iterator<Item = (Variation, Workload)> + '_ {
    let requests: u64 = workload.runs.iter().map(|run| run.count).sum();
    let is_small = move |variation: &Variation| {
        let times = match variation {
            Variation::TenTimesRequests => 10,
            _ => 1,
        };
        requests.saturating_mul(times) <= REQUESTS_MAX
    };
    let varied = Variation::ALL
        .into_iter()
        .filter(is_small)
        .map(|variation| (variation, variation.apply(workload)));
    // Leaves out changes without effect, e.g. of the CPU time in a script without `cpu`.
    varied.filter(move |(_, varied)| varied != workload)
}

/// The best strategy and its advantage over the next one.
pub fn choose(compared: &[Compared]) -> Option<(Strategy, Reason)> {
    choose_by(Metric::Total, compared)
}

/// Like [`choose`], but the smallest value of `metric` wins.
pub fn choose_by(metric: Metric, compared: &[Compared]) -> Option<(Strategy, Reason)> {
    let better = |one: Figures, other: Figures| better(metric, one, other);
    let written = find(compared, Strategy::AsWritten);
    let lost = written.map_or(u64::MAX, |figures| figures.lost);
    let mut able: Vec<(Strategy, Figures)> = compared
        .iter()
        .filter_map(|one| Some((one.strategy, answered(one.strategy, one.figures?))))
        // Free threading is another Python, not a strategy that a rewrite could choose.
        .filter(|(strategy, _)| *strategy != Strategy::FreeThreaded)
        // A strategy that loses more work than the script is no alternative.
        .filter(|(_, figures)| figures.finished && figures.lost <= lost)
        .collect();
    // A stable sort: equal strategies stay in the order of the effort.
    able.sort_by_key(|(strategy, _)| effort(*strategy));
    let mut best = *able.first()?;
    let mut reason = Reason::Simplest;
    for other in &able[1..] {
        if let Some(why) = better(other.1, best.1) {
            best = *other;
            reason = why;
        }
    }
    let others = able.iter().filter(|(strategy, _)| *strategy != best.0);
    let over = |figures: &Figures| better(best.1, *figures);
    let own = able
        .iter()
        .find(|(strategy, _)| *strategy == Strategy::AsWritten);
    let shown = match own {
        // The gain over the script as it is: `it finishes first` is no gain where all end together.
        Some((_, own)) if best.0 != Strategy::AsWritten => over(own),
        // As written is best: the reason that holds against all others.
        Some(_) => {
            let reasons = others.map(|(_, figures)| over(figures).unwrap_or(Reason::Simplest));
            reasons.max_by_key(|why| rank(*why))
        }
        None => others
            .filter_map(|(_, figures)| over(figures))
            .min_by_key(|why| rank(*why)),
    };
    Some((best.0, shown.unwrap_or(reason)))
}

/// Figures by the time of the result. A request that sends a job responds before there is a
/// result, which must not count as a shorter latency.
fn answered(strategy: Strategy, figures: Figures) -> Figures {
    match strategy {
        Strategy::Jobs => Figures {
            p50: figures.total,
            p95: figures.total,
            p99: figures.total,
            mean: figures.total,
            loop_lag: figures.total,
            ..figures
        },
        _ => figures,
    }
}

fn find(compared: &[Compared], strategy: Strategy) -> Option<Figures> {
    compared
        .iter()
        .find(|one| one.strategy == strategy)?
        .figures
}

/// A rank of how much code a strategy changes, e.g. 0 for the script as written.
fn effort(strategy: Strategy) -> u32 {
    match strategy {
        Strategy::AsWritten => 0,
        Strategy::Awaiting => 1,
        Strategy::Pool => 2,
        Strategy::Process => 3,
        Strategy::Executor => 4,
        Strategy::OnLoop => 5,
        Strategy::Jobs => 6,
        Strategy::FreeThreaded => 7,
    }
}

fn rank(reason: Reason) -> u32 {
    match reason {
        Reason::Total => 0,
        Reason::Latency => 1,
        Reason::LoopLag => 2,
        Reason::Threads => 3,
        Reason::Simplest => 4,
    }
}

/// The first criterion in which `one` is better than `other`; `None` if `other` is better or
/// they are equal.
fn better(metric: Metric, one: Figures, other: Figures) -> Option<Reason> {
    let nanos = |time: SimDuration| u128::from(time.as_nanos());
    let reason = match metric {
        Metric::Total => Reason::Total,
        Metric::P50 | Metric::P95 | Metric::P99 | Metric::Mean => Reason::Latency,
    };
    let criteria = [
        (reason, nanos(metric.of(&one)), nanos(metric.of(&other))),
        (Reason::Total, nanos(one.total), nanos(other.total)),
        (Reason::Latency, nanos(one.p95), nanos(other.p95)),
        (Reason::LoopLag, nanos(one.loop_lag), nanos(other.loop_lag)),
        (
            Reason::Threads,
            u128::from(one.threads),
            u128::from(other.threads),
        ),
    ];
    for (reason, one, other) in criteria {
        // A tolerance of 1 %, so that noise in a figure does not outweigh the next criterion.
        match () {
            () if one * 101 < other * 100 => return Some(reason),
            () if other * 101 < one * 100 => return None,
            () => {}
        }
    }
    None
}
