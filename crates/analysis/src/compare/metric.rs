//! The metrics by which runs are compared: the total, or a percentile of the latencies.

use model::time::SimDuration;

use super::Figures;

/// A number of a run that is better when it is smaller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Metric {
    #[default]
    Total,
    P50,
    P95,
    P99,
    Mean,
}

impl Metric {
    pub const ALL: [Self; 5] = [Self::Total, Self::P50, Self::P95, Self::P99, Self::Mean];

    /// The name in results and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::P50 => "p50",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Mean => "mean",
        }
    }

    pub fn of(self, figures: &Figures) -> SimDuration {
        match self {
            Self::Total => figures.total,
            Self::P50 => figures.p50,
            Self::P95 => figures.p95,
            Self::P99 => figures.p99,
            Self::Mean => figures.mean,
        }
    }
}
