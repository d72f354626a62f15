//! The axes of a sweep's picture, for SVG files and for the page.

/// A linear or a logarithmic axis.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// The value at its beginning: 0 on a linear axis.
    pub low: f64,
    pub high: f64,
    pub is_logarithmic: bool,
}

impl Axis {
    /// An axis for these values.
    pub fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(0.0, f64::max);
        // From two orders of magnitude on, a linear axis would squeeze the small values
        // together.
        let is_logarithmic = low > 0.0 && high / low >= 100.0;
        let low = if is_logarithmic { low } else { 0.0 };
        Self {
            low,
            high,
            is_logarithmic,
        }
    }

    /// The position of a value, from 0 to 1, e.g. 0.5 for 100 on an axis from 1 to 10 000.
    pub fn place(&self, value: f64) -> f64 {
        let (low, high, value) = if self.is_logarithmic {
            (self.low.ln(), self.high.ln(), value.max(self.low).ln())
        } else {
            (self.low, self.high, value)
        };
        if high > low {
            (value - low) / (high - low)
        } else {
            // A single value is drawn in the middle.
            0.5
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[f64], value: f64, place: f64) {
        let found = Axis::of(values.iter().copied()).place(value);
        assert!((found - place).abs() < 1e-9, "{found}");
    }

    #[test]
    fn a_narrow_range_begins_at_nothing_and_a_wide_one_goes_by_factors() {
        check(&[5.0, 10.0], 5.0, 0.5);
        check(&[5.0, 10.0], 10.0, 1.0);
        check(&[1.0, 10_000.0], 100.0, 0.5);
        check(&[1.0, 10_000.0], 1.0, 0.0);
    }

    #[test]
    fn where_nothing_differs_all_is_in_the_middle() {
        check(&[0.0], 0.0, 0.5);
    }
}
