//! Painters: they draw the shapes of a scene, e.g. as SVG.
//!
//! A painter draws shapes in their order and makes no layout decisions. The canvas painter of
//! the page is in the page's module.
//!
//! - [`svg`]: a self-contained file. [`text`]: the chart for a terminal.
//! - [`recording`]: a log of the calls, for tests. [`null`]: draws nothing, for benchmarks.

pub mod null;
pub mod recording;
pub mod svg;
pub mod text;

use crate::scene::geometry::{Point, Rect};
use crate::scene::measure::Weight;
use crate::scene::palette::Ink;
use crate::scene::shape::{Anchor, Paint, Scene, Shape};

/// A target of drawing operations, in pixels.
pub trait Painter {
    fn rect(&mut self, area: Rect, radius: f64, paint: Paint);
    fn line(&mut self, from: Point, to: Point, width: f64, ink: Ink);
    fn text(&mut self, text: &TextRun<'_>);
}

/// A line of text with its position and font.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextRun<'a> {
    /// A point on the baseline; `anchor` says whether it is the start, middle or end of the text.
    pub at: Point,
    pub text: &'a str,
    pub size: f64,
    pub weight: Weight,
    pub anchor: Anchor,
    pub ink: Ink,
}

/// Draws a scene.
pub fn paint(scene: &Scene, painter: &mut impl Painter) {
    paint_shapes(&scene.shapes, painter);
}

/// Draws shapes in their order; later ones cover earlier ones.
pub fn paint_shapes(shapes: &[Shape], painter: &mut impl Painter) {
    for shape in shapes {
        match shape {
            Shape::Rect {
                area,
                radius,
                paint,
            } => painter.rect(*area, *radius, *paint),
            Shape::Line {
                from,
                to,
                width,
                ink,
            } => painter.line(*from, *to, *width, *ink),
            Shape::Text {
                at,
                text,
                size,
                weight,
                anchor,
                ink,
            } => painter.text(&TextRun {
                at: *at,
                text,
                size: *size,
                weight: *weight,
                anchor: *anchor,
                ink: *ink,
            }),
        }
    }
}
