//! Paints nothing: what a scene costs without a painter.

use crate::paint::{Painter, TextRun};
use crate::scene::geometry::{Point, Rect};
use crate::scene::palette::Ink;
use crate::scene::shape::Paint;

#[derive(Clone, Copy, Debug, Default)]
pub struct NullPainter;

impl Painter for NullPainter {
    fn rect(&mut self, _area: Rect, _radius: f64, _paint: Paint) {}
    fn line(&mut self, _from: Point, _to: Point, _width: f64, _ink: Ink) {}
    fn text(&mut self, _text: &TextRun<'_>) {}
}
