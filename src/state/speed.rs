//! The speed of playback.

use super::words;
use texts::Language;

/// The speed: a factor of real time, or a fraction of the whole run per second, which suits
/// every length of run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Speed {
    /// The whole run in ten seconds, whatever its length: microseconds and days can be watched.
    #[default]
    InTenSeconds,
    Quarter,
    Half,
    Real,
    Double,
    Fourfold,
}

impl Speed {
    pub(crate) const ALL: [Self; 6] = [
        Self::InTenSeconds,
        Self::Quarter,
        Self::Half,
        Self::Real,
        Self::Double,
        Self::Fourfold,
    ];

    pub(crate) fn name(self, language: Language) -> &'static str {
        match self {
            Self::Quarter => "¼×",
            Self::Half => "½×",
            Self::Real => "1×",
            Self::Double => "2×",
            Self::Fourfold => "4×",
            Self::InTenSeconds => words::IN_TEN_SECONDS.of(language),
        }
    }

    /// Nanoseconds of simulated time for each real second.
    pub(crate) fn rate(self, total_ns: u64) -> f64 {
        const SECOND: f64 = 1e9;
        match self {
            Self::Quarter => SECOND / 4.0,
            Self::Half => SECOND / 2.0,
            Self::Real => SECOND,
            Self::Double => SECOND * 2.0,
            Self::Fourfold => SECOND * 4.0,
            Self::InTenSeconds => total_ns as f64 / 10.0,
        }
    }
}
