//! Shapes to pictures.
//!
//! A painter draws what it is told, in order, and decides nothing. The page's
//! canvas painter lives with the page.
//!
//! - [`svg`]: a self-contained file. [`text`]: the chart for a terminal.
//! - [`recording`]: what would have been drawn, for tests. [`null`]: nothing.

pub mod null;
pub mod recording;
pub mod svg;
pub mod text;

use crate::scene::geometry::{Point, Rect};
use crate::scene::measure::Weight;
use crate::scene::palette::Ink;
use crate::scene::shape::{Anchor, Paint, Scene, Shape};

/// Something to draw on.
pub trait Painter {
    fn rect(&mut self, area: Rect, radius: f64, paint: Paint);
    fn line(&mut self, from: Point, to: Point, width: f64, ink: Ink);
    fn text(&mut self, text: &TextRun<'_>);
}

/// A line of text and how it is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextRun<'a> {
    /// On the baseline.
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

/// Draws shapes, the first lowest.
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
