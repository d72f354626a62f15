//! Points and rectangles in device-independent pixels, y downwards. They know no time.

/// Clamps a value. Unlike `f64::clamp`, it does not panic if the bounds are not in order; the
/// text of that panic would add 8 KB to the page.
pub(super) fn within(value: f64, least: f64, most: f64) -> f64 {
    value.min(most).max(least)
}

/// A position in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// A rectangle. Width and height are never negative and never NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    /// A negative or undefined extent becomes zero.
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self {
            x,
            y,
            width: width.max(0.0),
            height: height.max(0.0),
        }
    }

    /// From edge to edge.
    pub fn between(left: f64, right: f64, top: f64, bottom: f64) -> Self {
        Self::new(left, top, right - left, bottom - top)
    }

    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub fn center(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    pub fn contains(&self, point: Point) -> bool {
        (self.x..=self.right()).contains(&point.x) && (self.y..=self.bottom()).contains(&point.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_or_undefined_extent_is_empty() {
        assert_eq!(Rect::new(1.0, 2.0, -3.0, f64::NAN).width, 0.0);
        assert_eq!(Rect::new(1.0, 2.0, -3.0, f64::NAN).height, 0.0);
        assert_eq!(Rect::between(5.0, 3.0, 0.0, 1.0).width, 0.0);
    }
}
