//! The shapes of a picture, as data. Painters draw them in order and decide nothing.

use crate::scene::geometry::{Point, Rect, within};
use crate::scene::kind::Kind;
use crate::scene::measure::Weight;
use crate::scene::palette::Ink;

/// A fill; the theme gives it colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paint {
    Ink(Ink),
    /// The kind's colour and pattern.
    Pattern(Kind),
    /// The kind's colour below its pattern.
    Ground(Kind),
    /// One colour for the kind, where a pattern has no room.
    Flat(Kind),
    /// The measured kind, behind the predicted one.
    Ghost(Kind),
}

/// The side of a text that is at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// A rectangle, a line or a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Rect {
        area: Rect,
        /// At most half of the width or height.
        radius: f64,
        paint: Paint,
    },
    Line {
        from: Point,
        to: Point,
        width: f64,
        ink: Ink,
    },
    Text {
        /// On the baseline.
        at: Point,
        text: String,
        size: f64,
        weight: Weight,
        anchor: Anchor,
        ink: Ink,
    },
}

impl Shape {
    pub fn rect(area: Rect, radius: f64, paint: Paint) -> Self {
        let most = area.width.min(area.height) / 2.0;
        Self::Rect {
            area,
            radius: within(radius, 0.0, most.max(0.0)),
            paint,
        }
    }

    pub fn line(from: Point, to: Point, width: f64, ink: Ink) -> Self {
        Self::Line {
            from,
            to,
            width,
            ink,
        }
    }

    /// A vertical line.
    pub fn upright(x: f64, top: f64, bottom: f64, width: f64, ink: Ink) -> Self {
        Self::line(Point::new(x, top), Point::new(x, bottom), width, ink)
    }

    pub fn text(at: Point, text: impl Into<String>, size: f64, anchor: Anchor, ink: Ink) -> Self {
        Self::Text {
            at,
            text: text.into(),
            size,
            weight: Weight::Regular,
            anchor,
            ink,
        }
    }

    /// Makes a text bold; other shapes do not change.
    #[must_use]
    pub fn bold(mut self) -> Self {
        if let Self::Text { weight, .. } = &mut self {
            *weight = Weight::Bold;
        }
        self
    }
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    pub width: f64,
    pub height: f64,
    pub shapes: Vec<Shape>,
}
