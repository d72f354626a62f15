//! A painter that records its calls as text, for tests.

use crate::paint::{Painter, TextRun};
use crate::scene::geometry::{Point, Rect};
use crate::scene::palette::Ink;
use crate::scene::shape::Paint;

/// Records one line for each call, e.g. `rect 0.0 4.0 10.0x2.0 Flat(Running)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordingPainter {
    pub calls: Vec<String>,
}

impl Painter for RecordingPainter {
    // One decimal suffices for tests, and hides rounding errors.
    fn rect(&mut self, area: Rect, _radius: f64, paint: Paint) {
        self.calls.push(format!(
            "rect {:.1} {:.1} {:.1}x{:.1} {paint:?}",
            area.x, area.y, area.width, area.height
        ));
    }

    fn line(&mut self, from: Point, to: Point, _width: f64, ink: Ink) {
        self.calls.push(format!(
            "line {:.1} {:.1} to {:.1} {:.1} {ink:?}",
            from.x, from.y, to.x, to.y
        ));
    }

    fn text(&mut self, text: &TextRun<'_>) {
        self.calls.push(format!(
            "text {:.1} {:.1} {:?} {:?}",
            text.at.x, text.at.y, text.ink, text.text
        ));
    }
}
