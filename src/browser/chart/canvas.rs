//! Draws the scene's shapes on a canvas. The scene has decided their place, and the palette their
//! colours.
//!
//! Works in device pixels, so that lines are sharp on every screen. A pattern is drawn once for
//! each kind, theme and pixel ratio.

use wasm_bindgen::prelude::*;
use web_sys::{CanvasPattern, CanvasRenderingContext2d, HtmlCanvasElement};

use crate::browser::dom;
use crate::state::number::measure;
use chart::scene::earlier::EarlierBar;
use chart::scene::kind::Kind;
use chart::scene::measure::Weight;
use chart::scene::palette::{self, Colour, Ink, Theme};
use chart::scene::{Anchor, Paint, Rect, Shape};

/// The page's fonts: a canvas does not inherit them from the style sheet.
const FONT: &str = "system-ui, sans-serif";

/// A cache of patterns for one theme and one pixel ratio.
#[derive(Debug, Default)]
pub(super) struct Brushes {
    theme: Theme,
    ratio: f64,
    /// Indexed by kind.
    patterns: [Option<CanvasPattern>; Kind::COUNT],
}

impl Brushes {
    /// Empties the cache if the theme or the pixel ratio has changed.
    fn renew(&mut self, theme: Theme, ratio: f64) {
        if (self.theme, self.ratio) != (theme, ratio) {
            *self = Self {
                theme,
                ratio,
                ..Self::default()
            };
        }
    }

    /// The pattern of a kind, drawn on first use.
    fn pattern(&mut self, kind: Kind) -> Option<CanvasPattern> {
        let pattern = &mut self.patterns[kind as usize];
        if pattern.is_none() {
            *pattern = draw_tile(kind, self.theme, self.ratio);
        }
        pattern.clone()
    }
}

/// A drawing in progress.
pub(super) struct Canvas<'a> {
    context: CanvasRenderingContext2d,
    brushes: &'a mut Brushes,
    theme: Theme,
    ratio: f64,
    // The current styles; setting them for each of thousands of bars would be slow.
    filled_with: Option<Paint>,
    stroked_with: Option<Ink>,
    lettered_with: Option<(Weight, f64)>,
    anchored_at: Option<Anchor>,
}

impl<'a> Canvas<'a> {
    /// Resizes and clears the canvas. `None` if the browser provides no 2D context.
    pub(super) fn begin(
        element: &HtmlCanvasElement,
        (width, height): (f64, f64),
        theme: Theme,
        brushes: &'a mut Brushes,
    ) -> Option<Self> {
        // The upper bound limits the canvas's memory at a high browser zoom.
        let ratio = dom::window().device_pixel_ratio().clamp(1.0, 4.0);
        let size = (
            (width * ratio).round() as u32,
            (height * ratio).round() as u32,
        );
        // Setting the size reallocates the canvas, even if the size stays the same.
        if (element.width(), element.height()) != size {
            element.set_width(size.0);
            element.set_height(size.1);
            let style = element.style();
            style.set_property("width", &pixels(width)).ok()?;
            style.set_property("height", &pixels(height)).ok()?;
        }
        let context: CanvasRenderingContext2d = element.get_context("2d").ok()??.dyn_into().ok()?;
        context.clear_rect(0.0, 0.0, f64::from(size.0), f64::from(size.1));
        brushes.renew(theme, ratio);
        Some(Self {
            context,
            brushes,
            theme,
            ratio,
            filled_with: None,
            stroked_with: None,
            lettered_with: None,
            anchored_at: None,
        })
    }

    pub(super) fn draw(&mut self, shapes: &[Shape]) {
        for shape in shapes {
            match shape {
                Shape::Rect {
                    area,
                    radius,
                    paint,
                } => self.rect(*area, *radius, *paint),
                Shape::Line {
                    from,
                    to,
                    width,
                    ink,
                } => {
                    self.line((from.x, from.y), (to.x, to.y), *width, *ink);
                }
                Shape::Text { .. } => self.text(shape),
            }
        }
    }

    /// Fills a rectangle; at least one device pixel wide, so that short spans stay visible.
    fn rect(&mut self, area: Rect, radius: f64, paint: Paint) {
        self.fill_with(paint);
        let (left, top) = (self.snap(area.x), self.snap(area.y));
        let width = (self.snap(area.right()) - left).max(1.0);
        let height = (self.snap(area.bottom()) - top).max(1.0);
        if radius < 0.5 {
            self.context.fill_rect(left, top, width, height);
        } else {
            self.round_rect(left, top, width, height, radius * self.ratio);
            self.context.fill();
        }
    }

    /// Draws an outline inside the area's edges.
    pub(super) fn outline(&mut self, area: Rect, radius: f64, width: f64, ink: Ink) {
        self.frame(area, radius, width);
        self.stroke_with(ink);
        self.context.stroke();
    }

    /// Sets the opacity of everything that follows.
    pub(super) fn set_opacity(&mut self, opacity: f64) {
        self.context.set_global_alpha(opacity);
    }

    /// Draws a bar of the earlier run: a pale outline.
    pub(super) fn earlier_bar(&mut self, bar: &EarlierBar) {
        let (fill, stroke) = match self.theme {
            Theme::Light => (8, 45),
            Theme::Dark => (10, 50),
        };
        let ink = palette::tone(bar.kind, self.theme).ink;
        let colour = |opacity| css(Colour { opacity, ..ink });
        self.filled_with = None;
        self.stroked_with = None;
        self.context.set_fill_style_str(&colour(fill));
        self.context.set_stroke_style_str(&colour(stroke));
        self.frame(bar.area, bar.radius, 1.0);
        self.context.fill();
        self.context.stroke();
    }

    /// Makes the outline inside the area's edges the current path.
    fn frame(&self, area: Rect, radius: f64, width: f64) {
        let half = width / 2.0 * self.ratio;
        let (left, top) = (self.snap(area.x) + half, self.snap(area.y) + half);
        let right = self.snap(area.right()) - half;
        let bottom = self.snap(area.bottom()) - half;
        self.round_rect(
            left,
            top,
            (right - left).max(1.0),
            (bottom - top).max(1.0),
            radius * self.ratio,
        );
        self.context.set_line_width(width * self.ratio);
    }

    /// Fills a circle, e.g. the head of the cursor.
    pub(super) fn disc(&mut self, (x, y): (f64, f64), radius: f64, ink: Ink) {
        self.fill_with(Paint::Ink(ink));
        self.context.begin_path();
        // Fails only for a negative radius.
        let _ = self.context.arc(
            x * self.ratio,
            y * self.ratio,
            radius * self.ratio,
            0.0,
            std::f64::consts::TAU,
        );
        self.context.fill();
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), width: f64, ink: Ink) {
        let width = (width * self.ratio).round().max(1.0);
        // A line of odd width is sharp only if its centre is in the middle of a pixel.
        let shift = if width % 2.0 == 1.0 { 0.5 } else { 0.0 };
        let vertical = from.0 == to.0;
        let horizontal = from.1 == to.1;
        let x = |x: f64| {
            if vertical {
                (x * self.ratio).floor() + shift
            } else {
                x * self.ratio
            }
        };
        let y = |y: f64| {
            if horizontal {
                (y * self.ratio).floor() + shift
            } else {
                y * self.ratio
            }
        };
        self.context.begin_path();
        self.context.move_to(x(from.0), y(from.1));
        self.context.line_to(x(to.0), y(to.1));
        self.context.set_line_width(width);
        self.stroke_with(ink);
        self.context.stroke();
    }

    fn text(&mut self, shape: &Shape) {
        let Shape::Text {
            at,
            text,
            size,
            weight,
            anchor,
            ink,
        } = shape
        else {
            return;
        };
        self.letter_with(*weight, size * self.ratio);
        self.anchor_at(*anchor);
        let (x, y) = (at.x * self.ratio, at.y * self.ratio);
        self.fill_with(Paint::Ink(*ink));
        let _ = self.context.fill_text(text, x, y);
    }

    /// The colour of a paint, without its pattern.
    fn flat(&self, paint: Paint) -> Colour {
        match paint {
            Paint::Ink(ink) => ink.colour(self.theme),
            Paint::Pattern(kind) | Paint::Ground(kind) => palette::tone(kind, self.theme).ground,
            Paint::Flat(kind) => palette::tone(kind, self.theme).flat,
            Paint::Ghost(kind) => palette::ghost(kind, self.theme),
        }
    }

    /// Sets the fill style: a pattern if the paint has one.
    fn fill_with(&mut self, paint: Paint) {
        if self.filled_with == Some(paint) {
            return;
        }
        self.filled_with = Some(paint);
        if let Paint::Pattern(kind) = paint
            && let Some(pattern) = self.brushes.pattern(kind)
        {
            self.context.set_fill_style_canvas_pattern(&pattern);
        } else {
            self.context.set_fill_style_str(&css(self.flat(paint)));
        }
    }

    /// Sets the colour of lines.
    fn stroke_with(&mut self, ink: Ink) {
        if self.stroked_with.replace(ink) != Some(ink) {
            self.context
                .set_stroke_style_str(&css(ink.colour(self.theme)));
        }
    }

    /// Sets the font; the size is in device pixels.
    fn letter_with(&mut self, weight: Weight, size: f64) {
        if self.lettered_with.replace((weight, size)) == Some((weight, size)) {
            return;
        }
        let weight = match weight {
            Weight::Regular => 400,
            Weight::Bold => 600,
        };
        self.context
            .set_font(&format!("{weight} {} {FONT}", pixels(size)));
    }

    /// Sets the part of a text that is at its place.
    fn anchor_at(&mut self, anchor: Anchor) {
        if self.anchored_at.replace(anchor) != Some(anchor) {
            self.context.set_text_align(match anchor {
                Anchor::Start => "left",
                Anchor::Middle => "center",
                Anchor::End => "right",
            });
        }
    }

    /// Makes a rectangle with rounded corners the current path. A narrow bar gets a smaller radius.
    fn round_rect(&self, x: f64, y: f64, width: f64, height: f64, radius: f64) {
        self.context.begin_path();
        // Fails only for a negative radius.
        let _ = self
            .context
            .round_rect_with_f64(x, y, width, height, radius);
    }

    /// Rounds to whole device pixels, so that edges are sharp.
    fn snap(&self, px: f64) -> f64 {
        (px * self.ratio).round()
    }
}

/// A colour in CSS syntax, e.g. `rgb(0 114 178 / 8%)`.
fn css(colour: Colour) -> String {
    let Colour {
        red,
        green,
        blue,
        opacity,
    } = colour;
    format!("rgb({red} {green} {blue} / {opacity}%)")
}

/// Draws the tile of a kind's pattern. `None` for kinds without a pattern.
fn draw_tile(kind: Kind, theme: Theme, ratio: f64) -> Option<CanvasPattern> {
    let tile = palette::tile(kind)?;
    let tone = palette::tone(kind, theme);
    let element: HtmlCanvasElement = dom::document()
        .create_element("canvas")
        .ok()?
        .dyn_into()
        .ok()?;
    let size = (tile.size * ratio).round();
    element.set_width(size as u32);
    element.set_height(size as u32);
    let context: CanvasRenderingContext2d = element.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_fill_style_str(&css(tone.ground));
    context.fill_rect(0.0, 0.0, size, size);
    // Scales to whole pixels: a fraction would leave a seam between tiles.
    let scale = size / tile.size;
    context.scale(scale, scale).ok()?;
    context.set_stroke_style_str(&css(tone.ink));
    context.set_fill_style_str(&css(tone.ink));
    for [x1, y1, x2, y2, width] in tile.lines {
        context.begin_path();
        context.set_line_width(*width);
        context.move_to(*x1, *y1);
        context.line_to(*x2, *y2);
        context.stroke();
    }
    for [x, y, radius] in tile.dots {
        context.begin_path();
        context
            .arc(*x, *y, *radius, 0.0, std::f64::consts::TAU)
            .ok()?;
        context.fill();
    }
    for [x, y, radius] in tile.rings {
        context.begin_path();
        context.set_line_width(palette::RING_PX);
        context
            .arc(*x, *y, *radius, 0.0, std::f64::consts::TAU)
            .ok()?;
        context.stroke();
    }
    context
        .create_pattern_with_html_canvas_element(&element, "repeat")
        .ok()?
}

/// A length in CSS syntax, e.g. `12.5px`.
pub(super) fn pixels(length: f64) -> String {
    format!("{}px", measure(length))
}
