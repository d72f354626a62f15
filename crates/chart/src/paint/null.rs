//! A painter that draws nothing, to measure the cost of a scene without that of painting.

use crate::paint::{Painter, TextRun};
use crate::scene::geometry::{Point, Rect};
use crate::scene::palette::Ink;
use crate::scene::shape::Paint;

/// Draws nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NullPainter;

impl Painter for NullPainter {
    fn rect(&mut self, _area: Rect, _radius: f64, _paint: Paint) {}
    fn line(&mut self, _from: Point, _to: Point, _width: f64, _ink: Ink) {}
    fn text(&mut self, _text: &TextRun<'_>) {}
}
