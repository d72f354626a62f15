//! Draws merged spans: columns in which the height of each colour is its share of the time.
//!
//! Merging is left to `detail` and `density`.

use crate::scene::geometry::Rect;
use crate::scene::kind::{Kind, TimeByKind};
use crate::scene::shape::{Paint, Shape};

/// The least height of a column that has anything in it.
const SEEN_PX: f64 = 1.0;

/// Collects columns and draws them.
///
/// Neighbours that look nearly the same are merged. Each colour is drawn down to the bottom
/// and the next one over it, so no background shows between two colours.
pub(super) struct StackedColumns {
    top: f64,
    height: f64,
    left: f64,
    right: f64,
    amounts: TimeByKind,
    /// The time that would fill the column to the top.
    capacity: u64,
}

/// Shares that differ by no more than this count as the same. Slices shorter than a pixel
/// make shares vary by chance, which would be drawn as noise.
const SIMILAR_SHARE: f64 = 0.2;

impl StackedColumns {
    pub(super) fn new(top: f64, height: f64) -> Self {
        Self {
            top,
            height,
            left: 0.0,
            right: f64::MIN,
            amounts: [0; Kind::COUNT],
            capacity: 0,
        }
    }

    pub(super) fn add(
        &mut self,
        shapes: &mut Vec<Shape>,
        left: f64,
        right: f64,
        amounts: &TimeByKind,
        capacity: u64,
    ) {
        // Edges are computed in floating point, so they are rarely equal.
        let continues = (left - self.right).abs() < 0.01;
        if !continues || !self.looks_like(amounts, capacity) {
            self.flush(shapes);
            self.left = left;
        }
        self.right = right;
        self.capacity = self.capacity.saturating_add(capacity);
        for (sum, amount) in self.amounts.iter_mut().zip(amounts) {
            *sum = sum.saturating_add(*amount);
        }
    }

    fn looks_like(&self, amounts: &TimeByKind, capacity: u64) -> bool {
        let (all, one) = (self.capacity.max(1) as f64, capacity.max(1) as f64);
        let mut pairs = self.amounts.iter().zip(amounts);
        pairs.all(|(&sum, &amount)| {
            // A kind must not disappear in a neighbour without it.
            (sum == 0) == (amount == 0)
                && (sum as f64 / all - amount as f64 / one).abs() <= SIMILAR_SHARE
        })
    }

    pub(super) fn flush(&mut self, shapes: &mut Vec<Shape>) {
        let bottom = self.top + self.height;
        for (kind, level) in colour_levels(&self.amounts, self.capacity, self.height) {
            // At least half a pixel, so that a single instant is visible.
            let right = self.right.max(self.left + 0.5);
            let top = bottom - f64::from(level) / 4.0;
            let area = Rect::between(self.left, right, top.max(self.top), bottom);
            shapes.push(Shape::rect(area, 0.0, Paint::Flat(kind)));
        }
        *self = Self::new(self.top, self.height);
    }
}

/// The top of each colour in quarters of a pixel from the bottom, the highest first.
fn colour_levels(amounts: &TimeByKind, capacity: u64, height: f64) -> Vec<(Kind, u32)> {
    let busy: f64 = amounts.iter().map(|&amount| amount as f64).sum();
    if busy == 0.0 {
        return Vec::new();
    }
    let full = (height * 4.0).round().max(1.0);
    let seen = (SEEN_PX * 4.0).min(full);
    // Rounding and saturated sums may make the time exceed the capacity.
    let share = busy / (capacity.max(1) as f64).max(busy);
    let whole = (share * full).round().max(seen);
    let mut above = 0.0;
    let mut levels: Vec<(Kind, u32)> = Vec::new();
    for kind in Kind::ALL {
        let amount = amounts[kind as usize] as f64;
        if amount > 0.0 {
            let level = (whole - (above / busy * whole).round()).max(1.0) as u32;
            // A colour with less than a quarter of a pixel is covered by the next one.
            levels.retain(|&(_, taken)| taken > level);
            levels.push((kind, level));
            above += amount;
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(running: u64, ready: u64, capacity: u64, expected: &[(Kind, u32)]) {
        let mut amounts = [0; Kind::COUNT];
        amounts[Kind::Running as usize] = running;
        amounts[Kind::Ready as usize] = ready;
        assert_eq!(colour_levels(&amounts, capacity, 10.0), expected);
    }

    #[test]
    fn the_height_of_a_colour_is_its_share() {
        check(0, 0, 100, &[]);
        check(100, 0, 100, &[(Kind::Running, 40)]);
        check(50, 50, 100, &[(Kind::Running, 40), (Kind::Ready, 20)]);
        check(25, 25, 100, &[(Kind::Running, 20), (Kind::Ready, 10)]);
    }

    #[test]
    fn the_smallest_share_is_visible() {
        check(1, 0, 1_000_000, &[(Kind::Running, 4)]);
    }

    #[test]
    fn a_million_rows_in_a_strip_do_not_overflow() {
        check(
            u64::MAX,
            u64::MAX,
            0,
            &[(Kind::Running, 40), (Kind::Ready, 20)],
        );
    }
}
