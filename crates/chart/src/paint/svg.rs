//! The SVG painter: a scene as a self-contained file.
//!
//! The output is deterministic: equal scenes give equal bytes. Colours are classes in the file's
//! own style sheet. It is scoped by an id made from the content, e.g. `#ls1f3a90c2 .f0`, so that
//! several charts can be inlined in one page, each with its own theme. Texts of a script are
//! escaped.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::paint::{Painter, TextRun, paint};
use crate::scene::geometry::{Point, Rect};
use crate::scene::kind::Kind;
use crate::scene::measure::Weight;
use crate::scene::palette::{Colour, Ink, PatternTile, RING_PX, Theme, ghost, tile, tone};
use crate::scene::shape::{Anchor, Paint, Scene};

/// The theme of a file. `Auto` follows the reader's system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SvgTheme {
    Fixed(Theme),
    #[default]
    Auto,
}

/// The title and description for screen readers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Caption<'a> {
    pub title: &'a str,
    pub description: &'a str,
}

/// The fonts of the page, followed by fonts with Hangul.
const FONTS: &str = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans','Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR','Noto Sans CJK KR',sans-serif";

/// The SVG file as text.
pub fn svg(scene: &Scene, theme: SvgTheme, caption: Caption<'_>) -> String {
    // The body is painted first: the style sheet above it contains only the classes it uses.
    let mut painter = SvgPainter::default();
    paint(scene, &mut painter);
    let id = format!("ls{:08x}", hash(&painter.body) as u32);
    let mut file = String::with_capacity(painter.body.len() + 4_096);
    open(&mut file, scene, &id, caption);
    file.push_str("<style>");
    styles(&mut file, &painter, &id, theme);
    file.push_str("</style>\n<defs>\n");
    for &kind in &painter.patterns {
        pattern(&mut file, kind, &id);
    }
    file.push_str("</defs>\n");
    file.push_str(&painter.body);
    file.push_str("</svg>\n");
    file
}

fn open(file: &mut String, scene: &Scene, id: &str, caption: Caption<'_>) {
    let (width, height) = (Number(scene.width), Number(scene.height));
    let _ = writeln!(
        file,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{id}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">"
    );
    let _ = writeln!(
        file,
        "<title id=\"{id}-t\">{}</title>",
        Escaped(caption.title)
    );
    let _ = writeln!(
        file,
        "<desc id=\"{id}-d\">{}</desc>",
        Escaped(caption.description)
    );
}

// --- style sheet ---

fn styles(file: &mut String, painter: &SvgPainter, id: &str, theme: SvgTheme) {
    let _ = write!(
        file,
        "#{id}{{max-width:100%;height:auto}}#{id} text{{font-family:{FONTS};font-variant-numeric:tabular-nums}}\
         #{id} .b{{font-weight:600}}#{id} .m{{text-anchor:middle}}#{id} .e{{text-anchor:end}}"
    );
    // Outside the themes: a pattern is the same in both, and its tile's classes have the colours.
    for kind in &painter.patterns {
        let number = *kind as usize;
        let _ = write!(file, "#{id} .p{number}{{fill:url(#{id}-p{number})}}");
    }
    match theme {
        SvgTheme::Fixed(theme) => colours(file, painter, id, theme),
        SvgTheme::Auto => {
            // Light without a condition, for renderers that ignore media queries.
            colours(file, painter, id, Theme::Light);
            file.push_str("@media (prefers-color-scheme:dark){");
            colours(file, painter, id, Theme::Dark);
            file.push('}');
        }
    }
}

fn colours(file: &mut String, painter: &SvgPainter, id: &str, theme: Theme) {
    for &ink in &painter.inks {
        let colour = ink.colour(theme);
        let class = ink_class(ink);
        let _ = write!(
            file,
            "#{id} .{class}{{fill:{colour}{}}}",
            opacity("fill", colour)
        );
        let _ = write!(
            file,
            "#{id} .{class}l{{stroke:{colour}{}}}",
            opacity("stroke", colour)
        );
    }
    for &kind in &painter.flats {
        let number = kind as usize;
        let _ = write!(file, "#{id} .f{number}{{fill:{}}}", tone(kind, theme).flat);
    }
    for &kind in painter.patterns.union(&painter.grounds) {
        let number = kind as usize;
        let _ = write!(
            file,
            "#{id} .g{number}{{fill:{}}}",
            tone(kind, theme).ground
        );
    }
    for &kind in &painter.ghosts {
        let (number, colour) = (kind as usize, ghost(kind, theme));
        let opacity = opacity("fill", colour);
        let _ = write!(file, "#{id} .h{number}{{fill:{colour}{opacity}}}");
    }
    for &kind in &painter.patterns {
        let (number, tone) = (kind as usize, tone(kind, theme));
        let _ = write!(file, "#{id} .d{number}{{fill:{}}}", tone.ink);
        let _ = write!(file, "#{id} .s{number}{{fill:none;stroke:{}}}", tone.ink);
    }
}

fn opacity(what: &str, colour: Colour) -> String {
    match colour.opacity {
        100 => String::new(),
        percent => format!(";{what}-opacity:.{percent:02}"),
    }
}

fn ink_class(ink: Ink) -> &'static str {
    match ink {
        Ink::Card => "ic",
        Ink::Text => "it",
        Ink::Soft => "is",
        Ink::Line => "il",
        Ink::LineStrong => "ix",
        Ink::OnBar => "io",
        Ink::Alarm => "ia",
        Ink::AlarmTint => "iat",
        Ink::Busy => "ib",
        Ink::BusyTint => "ibt",
        Ink::Good => "ig",
    }
}

fn pattern(file: &mut String, kind: Kind, id: &str) {
    let number = kind as usize;
    let Some(tile) = tile(kind) else { return };
    let size = Number(tile.size);
    let _ = write!(
        file,
        "<pattern id=\"{id}-p{number}\" width=\"{size}\" height=\"{size}\" patternUnits=\"userSpaceOnUse\">\
         <path class=\"g{number}\" d=\"M0 0h{size}v{size}h-{size}z\"/>"
    );
    tile_body(file, number, &tile);
    file.push_str("</pattern>\n");
}

fn tile_body(file: &mut String, number: usize, tile: &PatternTile) {
    for &[x1, y1, x2, y2, width] in tile.lines {
        let (x1, y1, x2, y2) = (Number(x1), Number(y1), Number(x2), Number(y2));
        let width = Number(width);
        let _ = write!(
            file,
            "<path class=\"s{number}\" stroke-width=\"{width}\" d=\"M{x1} {y1}L{x2} {y2}\"/>"
        );
    }
    for &[x, y, radius] in tile.dots {
        let (x, y, radius) = (Number(x), Number(y), Number(radius));
        let _ = write!(
            file,
            "<circle class=\"d{number}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"
        );
    }
    for &[x, y, radius] in tile.rings {
        let (x, y, radius, width) = (Number(x), Number(y), Number(radius), Number(RING_PX));
        let _ = write!(
            file,
            "<circle class=\"s{number}\" stroke-width=\"{width}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"
        );
    }
}

// --- shapes ---

#[derive(Debug, Default)]
struct SvgPainter {
    body: String,
    inks: BTreeSet<Ink>,
    flats: BTreeSet<Kind>,
    patterns: BTreeSet<Kind>,
    grounds: BTreeSet<Kind>,
    ghosts: BTreeSet<Kind>,
}

impl SvgPainter {
    fn class(&mut self, paint: Paint) -> String {
        match paint {
            Paint::Ink(ink) => {
                self.inks.insert(ink);
                ink_class(ink).to_owned()
            }
            Paint::Flat(kind) => {
                self.flats.insert(kind);
                format!("f{}", kind as usize)
            }
            Paint::Pattern(kind) => {
                self.patterns.insert(kind);
                format!("p{}", kind as usize)
            }
            Paint::Ground(kind) => {
                self.grounds.insert(kind);
                format!("g{}", kind as usize)
            }
            Paint::Ghost(kind) => {
                self.ghosts.insert(kind);
                format!("h{}", kind as usize)
            }
        }
    }
}

impl Painter for SvgPainter {
    fn rect(&mut self, area: Rect, radius: f64, paint: Paint) {
        let class = self.class(paint);
        let (x, y) = (Number(area.x), Number(area.y));
        let (width, height) = (Number(area.width), Number(area.height));
        let _ = write!(
            self.body,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\""
        );
        if radius > 0.0 {
            let _ = write!(self.body, " rx=\"{}\"", Number(radius));
        }
        self.body.push_str("/>\n");
    }

    fn line(&mut self, from: Point, to: Point, width: f64, ink: Ink) {
        self.inks.insert(ink);
        let class = ink_class(ink);
        let (x1, y1) = (Number(from.x), Number(from.y));
        let (x2, y2) = (Number(to.x), Number(to.y));
        let width = Number(width);
        let _ = writeln!(
            self.body,
            "<path class=\"{class}l\" stroke-width=\"{width}\" d=\"M{x1} {y1}L{x2} {y2}\"/>"
        );
    }

    fn text(&mut self, text: &TextRun<'_>) {
        // E.g. a bar without a label; an empty element would only enlarge the file.
        if text.text.is_empty() {
            return;
        }
        let mut class = self.class(Paint::Ink(text.ink));
        if text.weight == Weight::Bold {
            class.push_str(" b");
        }
        match text.anchor {
            Anchor::Start => {}
            Anchor::Middle => class.push_str(" m"),
            Anchor::End => class.push_str(" e"),
        }
        let (x, y, size) = (Number(text.at.x), Number(text.at.y), Number(text.size));
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" font-size=\"{size}\">{}</text>",
            Escaped(text.text)
        );
    }
}

// --- writing ---

/// A number with at most two decimals, e.g. 3.14159 → `3.14`. A hundredth of a pixel is invisible.
struct Number(f64);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hundredths = (self.0 * 100.0).round();
        // Infinities and NaN are not valid in SVG.
        let hundredths = if hundredths.is_finite() {
            hundredths as i64
        } else {
            0
        };
        let sign = if hundredths < 0 { "-" } else { "" };
        let (whole, rest) = (
            hundredths.unsigned_abs() / 100,
            hundredths.unsigned_abs() % 100,
        );
        match rest {
            0 => write!(f, "{sign}{whole}"),
            rest if rest % 10 == 0 => write!(f, "{sign}{whole}.{}", rest / 10),
            rest => write!(f, "{sign}{whole}.{rest:02}"),
        }
    }
}

/// Text that cannot end its element or attribute, without the characters that XML forbids.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // Line breaks would also break the one-line-per-shape layout of the file.
                '\t' | '\n' | '\r' => f.write_str(" ")?,
                // XML allows some control characters, but viewers do not show them.
                '\u{fffe}' | '\u{ffff}' => f.write_str("\u{fffd}")?,
                control if control.is_control() => f.write_str("\u{fffd}")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

/// The FNV-1a hash, for ids. It is stable across versions and platforms, unlike std's hashers.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::Shape;

    #[test]
    fn numbers_are_short() {
        let check = |number: f64, expected: &str| assert_eq!(Number(number).to_string(), expected);
        check(0.0, "0");
        check(-0.001, "0");
        check(12.345, "12.35");
        check(-7.5, "-7.5");
        check(3.05, "3.05");
        check(f64::NAN, "0");
        check(1e300, "92233720368547758.07");
    }

    #[test]
    fn a_name_cannot_leave_its_element() {
        let text = Shape::text(
            Point::new(0.0, 0.0),
            "</text><script>alert('1')</script>\u{1}\u{7f}\u{9b}&\"",
            10.0,
            Anchor::Start,
            Ink::Text,
        );
        let scene = Scene {
            width: 10.0,
            height: 10.0,
            shapes: vec![text],
        };
        let caption = Caption {
            title: "<img onerror=x>",
            description: "a & b",
        };
        let file = svg(&scene, SvgTheme::Auto, caption);
        assert!(!file.contains("<script"), "{file}");
        assert!(!file.contains("<img"), "{file}");
        assert!(file.contains("&lt;/text&gt;&lt;script&gt;alert(&#39;1&#39;)"));
        assert!(file.contains("a &amp; b"));
        let is_control = |character: char| character.is_control() && character != '\n';
        assert!(!file.contains(is_control), "{file}");
    }
}
