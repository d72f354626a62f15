//! Merged stretches as they are drawn: columns whose colours are as high as
//! their share of the time.

use crate::scene::geometry::Rect;
use crate::scene::kind::{Amounts, Kind};
use crate::scene::shape::{Paint, Shape};

/// However little of anything there is, it is seen.
const SEEN_PX: f64 = 1.0;

/// Columns in which the height of each colour is its share of the time.
///
/// Neighbours that look nearly the same become one with the sum of their times;
/// each colour is drawn down to the bottom and the next over it, so that no
/// paper shows through a seam.
pub(super) struct Stacks {
    top: f64,
    height: f64,
    left: f64,
    right: f64,
    amounts: Amounts,
    /// The time that would fill the column to the top.
    capacity: u64,
}

/// Shares that differ by no more look the same. Slices shorter than a pixel
/// make shares waver by chance, which would be drawn as noise.
const ALIKE: f64 = 0.2;

impl Stacks {
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
        amounts: &Amounts,
        capacity: u64,
    ) {
        let continues = (left - self.right).abs() < 0.01;
        if !continues || !self.is_like(amounts, capacity) {
            self.flush(shapes);
            self.left = left;
        }
        self.right = right;
        self.capacity = self.capacity.saturating_add(capacity);
        for (sum, amount) in self.amounts.iter_mut().zip(amounts) {
            *sum = sum.saturating_add(*amount);
        }
    }

    fn is_like(&self, amounts: &Amounts, capacity: u64) -> bool {
        let (all, one) = (self.capacity.max(1) as f64, capacity.max(1) as f64);
        let mut pairs = self.amounts.iter().zip(amounts);
        pairs.all(|(&sum, &amount)| {
            // What is there at all must not disappear in a neighbour without it.
            (sum == 0) == (amount == 0) && (sum as f64 / all - amount as f64 / one).abs() <= ALIKE
        })
    }

    pub(super) fn flush(&mut self, shapes: &mut Vec<Shape>) {
        let bottom = self.top + self.height;
        for (kind, level) in levels(&self.amounts, self.capacity, self.height) {
            // Half a pixel more than nothing, so that a lone instant is seen.
            let right = self.right.max(self.left + 0.5);
            let top = bottom - f64::from(level) / 4.0;
            let area = Rect::between(self.left, right, top.max(self.top), bottom);
            shapes.push(Shape::rect(area, 0.0, Paint::Flat(kind)));
        }
        *self = Self::new(self.top, self.height);
    }
}

/// Where each colour begins, in quarters of a pixel from the bottom, the highest first.
fn levels(amounts: &Amounts, capacity: u64, height: f64) -> Vec<(Kind, u32)> {
    let busy: f64 = amounts.iter().map(|&amount| amount as f64).sum();
    if busy == 0.0 {
        return Vec::new();
    }
    let full = (height * 4.0).round().max(1.0);
    let seen = (SEEN_PX * 4.0).min(full);
    let share = busy / (capacity.max(1) as f64).max(busy);
    let whole = (share * full).round().max(seen);
    let mut above = 0.0;
    let mut levels: Vec<(Kind, u32)> = Vec::new();
    for kind in Kind::ALL {
        let amount = amounts[kind as usize] as f64;
        if amount > 0.0 {
            let level = (whole - (above / busy * whole).round()).max(1.0) as u32;
            // A colour without a quarter of a pixel of its own gives way to the next.
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
        assert_eq!(levels(&amounts, capacity, 10.0), expected);
    }

    #[test]
    fn the_height_of_a_colour_is_its_share() {
        check(0, 0, 100, &[]);
        check(100, 0, 100, &[(Kind::Running, 40)]);
        check(50, 50, 100, &[(Kind::Running, 40), (Kind::Ready, 20)]);
        check(25, 25, 100, &[(Kind::Running, 20), (Kind::Ready, 10)]);
    }

    #[test]
    fn however_little_there_is_it_is_seen() {
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
