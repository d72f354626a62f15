//! The lines of the time axis and their labels.
//!
//! A table of steps that people count in, and one generator. The width of the labels, which
//! the caller measures, decides which step is used.

use crate::scene::viewport::Viewport;
use model::time::{SimDuration, SimTime};

/// A line of the axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    pub at: SimTime,
    pub label: String,
}

const SECOND: u64 = SimDuration::SECOND.as_nanos();
const MINUTE: u64 = SimDuration::MINUTE.as_nanos();
const HOUR: u64 = SimDuration::HOUR.as_nanos();

/// From one second on, the steps of clocks; below, 1, 2 and 5 (see [`steps`]).
const STEPS_FROM_A_SECOND: [u64; 19] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    20 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    20 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    6 * HOUR,
    12 * HOUR,
    24 * HOUR,
    48 * HOUR,
];

/// The most lines of an axis; more are hard to count.
const TICKS_MOST: f64 = 15.0;

/// All steps, from a nanosecond to two days.
fn steps() -> impl Iterator<Item = u64> {
    (0..9)
        .flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)))
        .chain(STEPS_FROM_A_SECOND)
}

/// The finest ticks whose labels are at least `gap_px` apart. `width` is the width of a label
/// in pixels.
pub fn ticks(viewport: &Viewport, gap_px: f64, width: impl Fn(&str) -> f64) -> Vec<Tick> {
    let fits = |step: u64| {
        // The last label is usually the longest.
        let last = viewport.end().as_nanos() / step * step;
        // Of two neighbouring labels one may be short, e.g. `2s` beside `1.5s`; measures both.
        let widths = [last, last.saturating_sub(step)].map(|at| width(&label(at, step, viewport)));
        let room = step as f64 / viewport.ns_per_px();
        room >= widths[0].max(widths[1]) + gap_px && room * TICKS_MOST >= viewport.plot.width
    };
    let step = steps().find(|&step| fits(step));
    generate(viewport, step.unwrap_or(48 * HOUR))
}

fn generate(viewport: &Viewport, step: u64) -> Vec<Tick> {
    let first = viewport.start().as_nanos().div_ceil(step);
    let last = viewport.end().as_nanos() / step;
    // Labels are wider than a pixel, so there are fewer ticks than that.
    let most = viewport.plot.width.max(1.0) as usize + 2;
    (first..=last)
        .take(most)
        .map(|number| Tick {
            at: SimTime::from_nanos(number * step),
            label: label(number * step, step, viewport),
        })
        .collect()
}

/// The label of an instant. The whole axis uses one unit, so labels can be compared.
fn label(at: u64, step: u64, viewport: &Viewport) -> String {
    let last = viewport.end().as_nanos();
    let (unit, name) = match last {
        _ if step >= HOUR => (HOUR, "h"),
        _ if step >= MINUTE && last >= 10 * MINUTE => (MINUTE, "min"),
        _ if last >= SECOND => (SECOND, "s"),
        _ if last >= 1_000_000 => (1_000_000, "ms"),
        _ if last >= 1_000 => (1_000, "µs"),
        _ => (1, "ns"),
    };
    if at.is_multiple_of(unit) {
        return format!("{}{name}", at / unit);
    }
    // Only units below a minute have fractions: every larger step is a multiple of its unit.
    let digits = unit.ilog10() as usize;
    let fraction = format!("{:0digits$}", at % unit);
    format!("{}.{}{name}", at / unit, fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::geometry::Rect;

    #[track_caller]
    fn check(window: (u64, u64), width_px: f64, expected: &str) {
        let plot = Rect::new(0.0, 0.0, width_px, 100.0);
        let viewport = Viewport::fit(plot, SimTime::MAX, 10.0)
            .with_window(SimTime::from_nanos(window.0), SimTime::from_nanos(window.1));
        let ticks = ticks(&viewport, 10.0, |label| label.len() as f64 * 7.0);
        let labels: Vec<String> = ticks.into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels.join(" "), expected);
    }

    #[test]
    fn labels_are_round_and_share_a_unit() {
        check((0, 9 * SECOND), 400.0, "0s 1s 2s 3s 4s 5s 6s 7s 8s 9s");
        check((0, 9 * SECOND), 100.0, "0s 5s");
        check((0, SECOND), 300.0, "0s 0.2s 0.4s 0.6s 0.8s 1s");
        check((0, 40_000_000), 300.0, "0ms 10ms 20ms 30ms 40ms");
        check((0, 10 * MINUTE), 300.0, "0min 2min 4min 6min 8min 10min");
        check((0, 100 * SECOND), 300.0, "0s 20s 40s 60s 80s 100s");
        check((0, 24 * HOUR), 300.0, "0h 4h 8h 12h 16h 20h 24h");
        check((0, 30), 200.0, "0ns 10ns 20ns 30ns");
    }

    #[test]
    fn deep_inside_a_long_run_labels_are_exact() {
        check(
            (3 * SECOND, 3 * SECOND + 40_000),
            300.0,
            "3s 3.00001s 3.00002s 3.00003s 3.00004s",
        );
        check(
            (7 * SECOND + 1, 7 * SECOND + 900),
            400.0,
            "7.0000002s 7.0000004s 7.0000006s 7.0000008s",
        );
    }

    #[test]
    fn there_are_never_more_ticks_than_pixels() {
        let plot = Rect::new(0.0, 0.0, 10.0, 10.0);
        let viewport = Viewport::fit(plot, SimTime::MAX, 1.0);
        assert!(ticks(&viewport, 0.0, |_| 0.0).len() <= 12);
    }
}
