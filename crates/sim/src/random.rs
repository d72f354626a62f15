//! Random lengths, identical on every machine.
//!
//! Each task instance draws from a stream of its own, keyed by the seed, its name and its
//! number, so adding a task never changes the draws of another. Uses only integers and
//! the four exact operations of IEEE 754: a platform's own `ln` may differ in the last
//! bit, and traces would differ too. Which lengths are drawn is up to the script.

use model::time::SimDuration;
use model::workload::Length;

/// A sequence of random numbers, each computed from its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RandomStream(u64);

impl RandomStream {
    /// The stream of instance `number` of the task called `name`.
    pub(super) fn of_instance(seed: u64, name: &str, number: u32) -> Self {
        let named = name.bytes().fold(mix_bits(seed), |state, byte| {
            mix_bits(state ^ u64::from(byte))
        });
        Self(mix_bits(named ^ (u64::from(number) << 16)))
    }

    /// An independent stream, e.g. for the `nth` part of an instance.
    pub(super) fn substream(self, nth: u32) -> Self {
        Self(mix_bits(self.0 ^ (u64::from(nth) << 32) ^ 0x5bd1_e995))
    }

    /// The `nth` number of the stream.
    fn nth_number(self, nth: u32) -> u64 {
        mix_bits(
            self.0
                .wrapping_add(u64::from(nth).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        )
    }

    /// The `nth` draw of a length.
    pub(super) fn nth_length(self, nth: u32, length: Length) -> SimDuration {
        match length {
            Length::Fixed(duration) => duration,
            Length::Uniform { low, high } => {
                let range = u128::from((high - low).as_nanos()) + 1;
                let offset = (u128::from(self.nth_number(nth)) * range) >> 64;
                low + SimDuration::from_nanos(offset as u64)
            }
            Length::Exponential { mean } => {
                // In (0, 1]: the logarithm of zero would be infinite.
                let uniform = ((self.nth_number(nth) >> 11) + 1) as f64 / (1_u64 << 53) as f64;
                SimDuration::from_nanos((mean.as_nanos() as f64 * -ln(uniform)) as u64)
            }
        }
    }
}

/// SplitMix64's finaliser: every bit of the input affects every bit of the output.
fn mix_bits(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// Natural logarithm of a positive, normal number.
///
/// `x = m · 2^e` with `m` near 1, so `ln x = e · ln 2 + 2 atanh((m - 1) / (m + 1))`,
/// and each term of that series is smaller by a factor of at least 34.
fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mut mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa /= 2.0;
        exponent += 1;
    }
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let mut series = 0.0;
    for term in (0..12).rev() {
        series = series * square + 1.0 / f64::from(2 * term + 1);
    }
    exponent as f64 * std::f64::consts::LN_2 + 2.0 * ratio * series
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: SimDuration = SimDuration::SECOND;

    fn draws(length: Length) -> Vec<f64> {
        (1..=10_000)
            .map(|number| {
                RandomStream::of_instance(1, "ping", number)
                    .nth_length(0, length)
                    .as_secs_f64()
            })
            .collect()
    }

    fn mean(values: &[f64]) -> f64 {
        values.iter().sum::<f64>() / values.len() as f64
    }

    #[test]
    fn the_logarithm_agrees_with_the_platforms() {
        for x in [1e-16, 0.001, 0.3, 0.5, 0.9999, 1.0, 1.5, 2.0, 1e9] {
            assert!(
                (ln(x) - x.ln()).abs() < 1e-14 * (1.0 + x.ln().abs()),
                "ln {x}"
            );
        }
    }

    #[test]
    fn uniform_draws_fill_their_range() {
        let drawn = draws(Length::Uniform {
            low: SECOND,
            high: SECOND.saturating_mul(3),
        });
        assert!(drawn.iter().all(|draw| (1.0..=3.0).contains(draw)));
        assert!((mean(&drawn) - 2.0).abs() < 0.02);
    }

    #[test]
    fn exponential_draws_have_their_mean() {
        let drawn = draws(Length::Exponential { mean: SECOND });
        assert!((mean(&drawn) - 1.0).abs() < 0.03);
        assert!(drawn.iter().any(|&draw| draw > 4.0));
    }

    #[test]
    fn streams_differ_by_seed_name_number_and_draw() {
        let base = RandomStream::of_instance(1, "a", 1);
        let others = [
            RandomStream::of_instance(2, "a", 1).nth_number(0),
            RandomStream::of_instance(1, "b", 1).nth_number(0),
            RandomStream::of_instance(1, "a", 2).nth_number(0),
            base.nth_number(1),
            base.substream(0).nth_number(0),
        ];
        assert!(others.iter().all(|&other| other != base.nth_number(0)));
    }
}
