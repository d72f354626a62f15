//! Instants and durations of simulated time: integer nanoseconds.
//!
//! The only place that writes a duration in the notation of the script language, e.g.
//! `150ms` or `2.5s`. Wall clocks and pixels are left to other modules.

use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// An instant: nanoseconds since the start of the run.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct SimTime(u64);

/// A duration in nanoseconds. Never negative: a script cannot express that.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct SimDuration(u64);

impl SimTime {
    pub const ZERO: Self = Self(0);
    /// Later than any simulation gets: its horizon is days, this is 584 years.
    pub const MAX: Self = Self(u64::MAX);

    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// The time since `earlier`; zero if `earlier` is later.
    pub const fn since(self, earlier: Self) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }
}

impl SimDuration {
    pub const ZERO: Self = Self(0);
    pub const MICROSECOND: Self = Self(1_000);
    pub const MILLISECOND: Self = Self(1_000_000);
    pub const SECOND: Self = Self(1_000_000_000);
    pub const MINUTE: Self = Self(60 * 1_000_000_000);
    pub const HOUR: Self = Self(3_600 * 1_000_000_000);

    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    pub const fn from_micros(micros: u64) -> Self {
        Self(micros.saturating_mul(1_000))
    }

    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000_000_000))
    }

    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub const fn saturating_mul(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add<SimDuration> for SimTime {
    type Output = SimTime;
    fn add(self, delay: SimDuration) -> SimTime {
        SimTime(self.0.saturating_add(delay.0))
    }
}

impl AddAssign<SimDuration> for SimTime {
    fn add_assign(&mut self, delay: SimDuration) {
        *self = *self + delay;
    }
}

impl Add for SimDuration {
    type Output = SimDuration;
    fn add(self, other: SimDuration) -> SimDuration {
        SimDuration(self.0.saturating_add(other.0))
    }
}

impl AddAssign for SimDuration {
    fn add_assign(&mut self, other: SimDuration) {
        *self = *self + other;
    }
}

impl Sub for SimDuration {
    type Output = SimDuration;
    fn sub(self, other: SimDuration) -> SimDuration {
        self.saturating_sub(other)
    }
}

impl SubAssign for SimDuration {
    fn sub_assign(&mut self, other: SimDuration) {
        *self = *self - other;
    }
}

impl SimDuration {
    /// The duration in texts for people: as [`fmt::Display`] writes it, with `µs` instead of `us`.
    pub fn label(self) -> String {
        self.to_string().replace("us", "µs")
    }
}

impl SimTime {
    /// The time in texts for people, e.g. `20µs`.
    pub fn label(self) -> String {
        SimDuration(self.0).label()
    }
}

/// `9s`, `150ms`, `2.5s`, `2min`, `20us`, `7ns`: the largest unit in which the number is at
/// least one, without trailing zeros. Minutes and hours only if they are whole, e.g. `90s`.
/// Exact: the script language reads it back as the same duration.
impl fmt::Display for SimDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0;
        if nanos == 0 {
            return f.write_str("0s");
        }
        let whole_minutes = nanos.is_multiple_of(Self::MINUTE.0);
        let whole_hours = nanos.is_multiple_of(Self::HOUR.0);
        let (unit, name) = match nanos {
            _ if whole_hours => (Self::HOUR.0, "h"),
            _ if whole_minutes => (Self::MINUTE.0, "min"),
            n if n >= Self::SECOND.0 => (Self::SECOND.0, "s"),
            n if n >= Self::MILLISECOND.0 => (Self::MILLISECOND.0, "ms"),
            n if n >= Self::MICROSECOND.0 => (Self::MICROSECOND.0, "us"),
            _ => (1, "ns"),
        };
        let whole = nanos / unit;
        let rest = nanos % unit;
        if rest == 0 {
            return write!(f, "{whole}{name}");
        }
        // Units below a minute are powers of ten, so the rest has a fixed number of digits.
        let digits = unit.ilog10() as usize;
        let fraction = format!("{rest:0digits$}");
        write!(f, "{whole}.{}{name}", fraction.trim_end_matches('0'))
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SimDuration(self.0).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(nanos: u64, written: &str) {
        assert_eq!(SimDuration::from_nanos(nanos).to_string(), written);
    }

    #[test]
    fn durations_are_written_exactly_in_the_largest_fitting_unit() {
        check(0, "0s");
        check(7, "7ns");
        check(20_000, "20us");
        check(150_000_000, "150ms");
        check(2_500_000_000, "2.5s");
        check(9_000_000_000, "9s");
        check(60_000_000_000, "1min");
        check(90_000_000_000, "90s");
        check(7_200_000_000_000, "2h");
        check(1_000_000_001, "1.000000001s");
    }

    #[test]
    fn texts_for_people_have_the_micro_sign() {
        assert_eq!(SimDuration::from_nanos(20_000).label(), "20µs");
        assert_eq!(SimTime::from_nanos(1_500).label(), "1.5µs");
        assert_eq!(SimDuration::from_nanos(2_000_000).label(), "2ms");
    }

    #[test]
    fn time_saturates_instead_of_wrapping() {
        let end = SimTime::from_nanos(u64::MAX);
        assert_eq!(end + SimDuration::SECOND, end);
        assert_eq!(SimTime::ZERO.since(end), SimDuration::ZERO);
    }
}
