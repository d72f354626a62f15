//! The option `--scale`: a workload with all lengths multiplied, e.g. by 0.1.
//!
//! Times of the machine do not scale, e.g. the GIL's switch interval.

use model::time::SimDuration;
use model::workload::{Arrivals, Body, Length, SegmentKind, Workload};

/// The real seconds that a second of the script takes. Positive and finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunScale(f64);

impl RunScale {
    pub const ONE: Self = Self(1.0);
    /// Below a thousandth a run consists of overhead only.
    const RANGE: std::ops::RangeInclusive<f64> = 0.001..=1_000.0;

    pub fn new(factor: f64) -> Option<Self> {
        Self::RANGE.contains(&factor).then_some(Self(factor))
    }

    /// The nearest valid scale. A factor that is not finite gives [`RunScale::ONE`]: it comes from
    /// a script that takes no time, which cannot be shortened.
    pub(super) fn nearest(factor: f64) -> Self {
        if factor.is_finite() {
            Self(factor.clamp(*Self::RANGE.start(), *Self::RANGE.end()))
        } else {
            Self::ONE
        }
    }

    pub fn factor(self) -> f64 {
        self.0
    }

    fn of(self, length: SimDuration) -> SimDuration {
        // An `f64` has 53 bits, so multiplying a long length by 1 could change it.
        if self == Self::ONE {
            return length;
        }
        SimDuration::from_nanos((length.as_nanos() as f64 * self.0).round() as u64)
    }

    fn scale_duration(self, length: &mut SimDuration) {
        *length = self.of(*length);
    }

    fn scale_length(self, length: &mut Length) {
        match length {
            Length::Fixed(fixed) => self.scale_duration(fixed),
            Length::Uniform { low, high } => {
                self.scale_duration(low);
                self.scale_duration(high);
            }
            Length::Exponential { mean } => self.scale_duration(mean),
        }
    }

    fn scale_body(self, body: &mut Body) {
        for segment in body {
            self.scale_segment(&mut segment.kind);
        }
    }

    fn scale_segment(self, kind: &mut SegmentKind) {
        match kind {
            SegmentKind::Cpu { length, .. }
            | SegmentKind::Await { length, .. }
            | SegmentKind::Block { length, .. }
            | SegmentKind::WaitFor { after: length, .. }
            | SegmentKind::Timeout { after: length, .. } => self.scale_length(length),
            _ => {}
        }
        kind.bodies_mut().for_each(|body| self.scale_body(body));
    }

    fn scale_arrivals(self, arrivals: &mut Arrivals) {
        match arrivals {
            Arrivals::Together { at } => self.scale_duration(at),
            Arrivals::Every { start, gap } | Arrivals::Poisson { start, gap } => {
                self.scale_duration(start);
                self.scale_duration(gap);
            }
        }
    }
}

pub(super) fn scaled_workload(workload: &Workload, scale: RunScale) -> Workload {
    let mut workload = workload.clone();
    for task in &mut workload.tasks {
        scale.scale_body(&mut task.body);
    }
    for run in &mut workload.runs {
        scale.scale_arrivals(&mut run.arrivals);
    }
    if let Some(until) = &mut workload.machine.until {
        scale.scale_duration(until);
    }
    workload
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::simulate;

    #[test]
    fn every_length_shrinks_and_the_order_stays() {
        let text = "until 9\ndef work: block 1 -> cpu 500ms\n\
                    a: timeout 2: (await 3) -> thread (block 1)\nrun a at 1\nrun 3 work every 1\n";
        let workload = script::parse(text).workload.expect("a valid script");
        let scale = RunScale::new(0.5).expect("in range");
        let half = simulate(&scaled_workload(&workload, scale));
        let whole = simulate(&workload);
        assert_eq!(half.end.as_nanos() * 2, whole.end.as_nanos());
        let order = |trace: &model::trace::Trace| -> Vec<_> {
            let records = trace.log.iter();
            records
                .map(|record| (record.instance, record.state))
                .collect()
        };
        assert_eq!(order(&half), order(&whole));
    }

    #[test]
    fn a_scale_is_a_positive_number() {
        assert_eq!(RunScale::nearest(2e9).factor(), 1_000.0);
        assert_eq!(RunScale::nearest(1.0 / 0.0), RunScale::ONE);
        for factor in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert_eq!(RunScale::new(factor), None);
        }
    }
}
