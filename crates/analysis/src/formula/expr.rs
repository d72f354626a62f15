//! Expressions: lengths of segments, with sums, maxima and products.

use std::fmt;

use crate::why::Scarce;
use model::time::SimDuration;
use model::workload::SegmentId;

/// An expression for a duration.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A length with its segments in the script; an arrival time has none.
    Length {
        length: SimDuration,
        segments: Vec<SegmentId>,
    },
    /// Consecutive durations.
    Sum(Vec<Expr>),
    /// Concurrent durations: the longest counts.
    Longest(Vec<Expr>),
    /// Consecutive repetitions.
    Times { count: u64, each: Box<Expr> },
    /// Repetitions of which only some run at the same time, e.g. `ceil(100/40) × 1s`.
    Waves {
        count: u64,
        at_once: u64,
        scarce: Scarce,
        each: Box<Expr>,
    },
}

impl Expr {
    pub(super) fn zero() -> Self {
        Self::Sum(Vec::new())
    }

    pub(super) fn length(length: SimDuration, segment: SegmentId) -> Self {
        Self::Length {
            length,
            segments: vec![segment],
        }
    }

    /// A sum without zeros and nested sums. Equal neighbours become a product: `1s + 1s` → `2 ×
    /// 1s`.
    pub(super) fn sum(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat: Vec<(u64, Self)> = Vec::new();
        let mut open: Vec<Self> = parts.into_iter().collect();
        // A stack instead of recursion; reversed, so that the parts come in their order.
        open.reverse();
        while let Some(part) = open.pop() {
            match part {
                Self::Sum(inner) => open.extend(inner.into_iter().rev()),
                part if part.value().is_zero() => {}
                part => match flat.last_mut() {
                    Some((count, last)) if *last == part => *count += 1,
                    _ => flat.push((1, part)),
                },
            }
        }
        let mut parts: Vec<Self> = flat
            .into_iter()
            .map(|(count, part)| part.times(count))
            .collect();
        match parts.len() {
            1 => parts.swap_remove(0),
            _ => Self::Sum(parts),
        }
    }

    /// A maximum without zeros, duplicates and nested maxima.
    pub(super) fn longest(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept: Vec<Self> = Vec::new();
        for part in parts {
            let parts = match part {
                Self::Longest(inner) => inner,
                other => vec![other],
            };
            for part in parts {
                // Compared as text: the same length in two segments is no second part for a
                // reader.
                let shown = part.to_string();
                let known = kept.iter().any(|kept| kept.to_string() == shown);
                if !known && !part.value().is_zero() {
                    kept.push(part);
                }
            }
        }
        match kept.len() {
            0 => Self::zero(),
            1 => kept.swap_remove(0),
            _ => Self::Longest(kept),
        }
    }

    pub(super) fn times(self, count: u64) -> Self {
        match (count, self) {
            (0, _) => Self::zero(),
            (1, each) => each,
            (_, each) if each.value().is_zero() => Self::zero(),
            (count, each) => Self::Times {
                count,
                each: Box::new(each),
            },
        }
    }

    /// `count` repetitions, at most `at_once` of them at the same time because of `scarce`.
    pub(super) fn waves(self, count: u64, at_once: u64, scarce: Scarce) -> Self {
        match at_once {
            0 => self,
            1 => self.times(count),
            _ if count <= at_once => self,
            _ => Self::Waves {
                count,
                at_once,
                scarce,
                each: Box::new(self),
            },
        }
    }

    /// Evaluates the expression.
    pub fn value(&self) -> SimDuration {
        match self {
            Self::Length { length, .. } => *length,
            Self::Sum(parts) => parts.iter().fold(SimDuration::ZERO, |sum, part| {
                let sum = sum.as_nanos().saturating_add(part.value().as_nanos());
                SimDuration::from_nanos(sum)
            }),
            Self::Longest(parts) => parts
                .iter()
                .map(Self::value)
                .max()
                .unwrap_or(SimDuration::ZERO),
            Self::Times { count, each } => each.value().saturating_mul(*count),
            Self::Waves {
                count,
                at_once,
                each,
                ..
            } => each
                .value()
                .saturating_mul(count.div_ceil((*at_once).max(1))),
        }
    }

    /// The segments whose lengths are in the expression, in the order in which they are
    /// written.
    pub fn segments(&self) -> Vec<SegmentId> {
        let mut found = Vec::new();
        self.each_length(&mut |_, segments| {
            for segment in segments {
                if !found.contains(segment) {
                    found.push(*segment);
                }
            }
        });
        found
    }

    /// The lengths in the expression, in the order in which they are written.
    pub fn terms(&self) -> Vec<(SimDuration, Vec<SegmentId>)> {
        let mut found = Vec::new();
        self.each_length(&mut |length, segments| found.push((length, segments.to_vec())));
        found
    }

    fn each_length(&self, visit: &mut dyn FnMut(SimDuration, &[SegmentId])) {
        match self {
            Self::Length { length, segments } => visit(*length, segments),
            Self::Sum(parts) | Self::Longest(parts) => {
                parts.iter().for_each(|part| part.each_length(visit));
            }
            Self::Times { each, .. } | Self::Waves { each, .. } => each.each_length(visit),
        }
    }

    /// The number of lengths and operators, a measure of the effort to read it.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Length { .. } => 1,
            Self::Sum(parts) | Self::Longest(parts) => {
                1 + parts.iter().map(Self::size).sum::<usize>()
            }
            Self::Times { each, .. } | Self::Waves { each, .. } => 1 + each.size(),
        }
    }
}

/// E.g. `ceil(100/40) × (1s + 2s)`.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |parts: &[Self], sign: &str| {
            let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
            parts.join(sign)
        };
        let factor = |each: &Self| match each {
            Self::Sum(_) => format!("({each})"),
            _ => each.to_string(),
        };
        match self {
            Self::Length { length, .. } => write!(f, "{length}"),
            Self::Sum(parts) if parts.is_empty() => f.write_str("0s"),
            Self::Sum(parts) => f.write_str(&joined(parts, " + ")),
            Self::Longest(parts) => write!(f, "max({})", joined(parts, ", ")),
            Self::Times { count, each } => write!(f, "{count} × {}", factor(each)),
            Self::Waves {
                count,
                at_once,
                each,
                ..
            } => write!(f, "ceil({count}/{at_once}) × {}", factor(each)),
        }
    }
}
