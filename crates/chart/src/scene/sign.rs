//! Draws the signs of marks from lines and discs: the symbols of fonts differ too much.
//!
//! `mark` finds the marks.

use crate::scene::geometry::{Point, Rect};
use crate::scene::mark::MarkKind;
use crate::scene::palette::Ink;
use crate::scene::shape::{Paint, Shape};

/// Draws the sign of a mark on a bar that begins at `top`.
pub fn sign(shapes: &mut Vec<Shape>, kind: MarkKind, x: f64, top: f64, height: f64) {
    let middle = top + height / 2.0;
    let size = (height * 0.2).clamp(2.5, 4.5);
    let disc = |radius: f64, ink: Ink| {
        let area = Rect::new(x - radius, middle - radius, radius * 2.0, radius * 2.0);
        Shape::rect(area, radius, Paint::Ink(ink))
    };
    match kind {
        // A short line at the top.
        MarkKind::Printed => {
            shapes.push(Shape::upright(
                x,
                top - 2.0,
                top + height * 0.35,
                3.5,
                Ink::Card,
            ));
            shapes.push(Shape::upright(
                x,
                top - 2.0,
                top + height * 0.35,
                1.7,
                Ink::Text,
            ));
        }
        // A line across the bar.
        MarkKind::TimedOut => {
            shapes.push(Shape::upright(
                x,
                top - 2.0,
                top + height + 2.0,
                4.0,
                Ink::Card,
            ));
            shapes.push(Shape::upright(
                x,
                top - 2.0,
                top + height + 2.0,
                2.0,
                Ink::Alarm,
            ));
        }
        // A disc.
        MarkKind::Responded => {
            shapes.push(disc(size + 1.5, Ink::Card));
            shapes.push(disc(size, Ink::Good));
        }
        // A disc with a cross.
        MarkKind::Failed => {
            shapes.push(disc(size + 3.0, Ink::Card));
            shapes.push(disc(size + 1.8, Ink::Alarm));
            let arm = size * 0.55;
            for slope in [1.0, -1.0] {
                shapes.push(Shape::line(
                    Point::new(x - arm, middle - arm * slope),
                    Point::new(x + arm, middle + arm * slope),
                    1.6,
                    Ink::Card,
                ));
            }
        }
        // A disc with a bar.
        MarkKind::Cancelled => {
            shapes.push(disc(size + 3.0, Ink::Card));
            shapes.push(disc(size + 1.8, Ink::Soft));
            let (left, right) = (x - size * 0.65, x + size * 0.65);
            let (from, to) = (Point::new(left, middle), Point::new(right, middle));
            shapes.push(Shape::line(from, to, 1.8, Ink::Card));
        }
    }
}
