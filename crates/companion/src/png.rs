//! Charts as PNG: the SVG, rasterised with this machine's fonts.
//!
//! Chooses the fonts; leaves the picture itself to [`chart`].

use std::fmt;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, FaceInfo, ID, Style};
use resvg::usvg::{FallbackSelectionFn, FontResolver, Options, Tree};

use chart::paint::svg::SvgTheme;
use chart::scene::Theme;
use chart::standalone::{ChartOptions, draw_svg};
use model::trace::AnalysedRun;

/// Pixels for each pixel of the SVG. Two are sharp on a projector and a high-density screen.
pub const SCALE: f32 = 2.0;

/// The largest picture, in pixels: larger than a poster. It takes 480 MB of memory.
const PIXELS_MAX: f64 = 120e6;

/// Frequent sans-serif families, the preferred first.
const SANS: [&str; 10] = [
    "Segoe UI",
    "SF Pro Text",
    "Helvetica Neue",
    "Roboto",
    "Noto Sans",
    "DejaVu Sans",
    "Liberation Sans",
    "Arial",
    "Helvetica",
    "Verdana",
];

/// Reasons why a PNG cannot be made.
#[derive(Clone, Debug, PartialEq)]
pub enum PngError {
    /// The machine has no font, so the chart would lack its texts.
    NoFont,
    TooLarge {
        width: f64,
        height: f64,
    },
    /// A bug: the renderer rejects our SVG, or the PNG cannot be encoded.
    Failed(String),
}

impl fmt::Display for PngError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFont => f.write_str(
                "no font for the chart's texts is installed; install one \
                 (Debian: `apt install fonts-dejavu-core fonts-noto-cjk`) or draw an SVG instead",
            ),
            Self::TooLarge { width, height } => write!(
                f,
                "a picture of {width:.0} by {height:.0} pixels is too large; make it narrower or draw an SVG instead"
            ),
            Self::Failed(reason) => write!(f, "cannot draw the picture: {reason}"),
        }
    }
}

impl std::error::Error for PngError {}

/// The chart as a PNG file. A PNG cannot follow the reader's system theme, so `Auto` means light.
pub fn draw_png(
    run: &AnalysedRun,
    options: &ChartOptions,
    scale: f32,
) -> Result<Vec<u8>, PngError> {
    let theme = match options.theme {
        SvgTheme::Auto => SvgTheme::Fixed(Theme::Light),
        fixed => fixed,
    };
    let options = ChartOptions {
        theme,
        ..options.clone()
    };
    rasterise(&draw_svg(run, &options), scale)
}

/// An SVG of this crate as a PNG file. `scale`: pixels for each pixel of the SVG.
pub fn rasterise(svg: &str, scale: f32) -> Result<Vec<u8>, PngError> {
    rasterise_with(svg, scale, system_fonts())
}

fn rasterise_with(svg: &str, scale: f32, fonts: Database) -> Result<Vec<u8>, PngError> {
    if fonts.is_empty() {
        return Err(PngError::NoFont);
    }
    let options = Options {
        font_resolver: FontResolver {
            select_fallback: fallback_selection(),
            ..FontResolver::default()
        },
        fontdb: Arc::new(fonts),
        ..Options::default()
    };
    let failed = |reason: String| PngError::Failed(reason);
    let tree = Tree::from_str(svg, &options).map_err(|error| failed(error.to_string()))?;
    let (width, height) = (
        f64::from(tree.size().width() * scale).ceil(),
        f64::from(tree.size().height() * scale).ceil(),
    );
    // Checked before the allocation: `Pixmap::new` rejects only empty and overflowing sizes.
    let too_large = || PngError::TooLarge { width, height };
    if width * height > PIXELS_MAX {
        return Err(too_large());
    }
    let mut pixels = Pixmap::new(width as u32, height as u32).ok_or_else(too_large)?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    pixels
        .encode_png()
        .map_err(|error| failed(error.to_string()))
}

/// The fonts of the operating system, with an installed family for `sans-serif`.
fn system_fonts() -> Database {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    let families: Vec<&str> = fonts
        .faces()
        .flat_map(|face| face.families.iter().map(|(name, _)| name.as_str()))
        .collect();
    let known = SANS.iter().copied().find(|name| families.contains(name));
    let chosen = known.or(families.first().copied()).map(str::to_owned);
    if let Some(chosen) = chosen {
        fonts.set_sans_serif_family(chosen.clone());
        // The renderer falls back to the serif family last.
        fonts.set_serif_family(chosen);
    }
    fonts
}

/// The fallback for characters that the chosen font lacks: the installed font that matches it
/// best. Upright, sans-serif and of a similar weight; Korean fonts before other Han fonts.
fn fallback_selection() -> FallbackSelectionFn<'static> {
    // The default selector returns any other font with the character. It is asked until it has
    // no more, and the best of its answers is used.
    let any = FontResolver::default_fallback_selector();
    Box::new(move |letter, used, fonts| {
        let mut refused = used.to_vec();
        let mut candidates: Vec<ID> = Vec::new();
        while let Some(id) = any(letter, &refused, fonts) {
            refused.push(id);
            candidates.push(id);
        }
        let wanted = used.first().and_then(|&id| fonts.face(id));
        // 400 is the weight of regular text.
        let wanted = wanted.map_or(400, |face| face.weight.0);
        let badness = |id: &ID| {
            fonts
                .face(*id)
                .map_or(u32::MAX, |face| match_badness(face, wanted))
        };
        candidates.into_iter().min_by_key(badness)
    })
}

/// How badly a font fits. An italic or serif font is worse than any difference in weight,
/// which is at most 900 × 4. Between equals, a Korean font wins.
fn match_badness(face: &FaceInfo, weight: u16) -> u32 {
    let named = |part: &str| face.families.iter().any(|(name, _)| name.contains(part));
    let korean = named("KR") || named("Nanum") || named("Malgun") || named("Gothic Neo");
    u32::from(face.style != Style::Normal) * 10_000
        + u32::from(face.monospaced) * 5_000
        + u32::from(named("Serif") || named("Myungjo") || named("Batang")) * 5_000
        + u32::from(face.weight.0.abs_diff(weight)) * 4
        + u32::from(!korean)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><text y='15'>가a</text></svg>";

    #[test]
    fn without_fonts_the_error_says_what_to_install() {
        let error = rasterise_with(SVG, 1.0, Database::new()).expect_err("no fonts");
        assert_eq!(error, PngError::NoFont);
        assert!(error.to_string().contains("apt install"));
    }

    #[test]
    fn absurd_sizes_are_refused() {
        let fonts = system_fonts();
        if fonts.is_empty() {
            return;
        }
        let error = rasterise_with(SVG, 1e6, fonts).expect_err("too large");
        assert!(matches!(error, PngError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn a_picture_has_its_size_times_the_scale() {
        let Ok(png) = rasterise(SVG, SCALE) else {
            return;
        };
        assert_eq!(&png[1..4], b"PNG");
        assert_eq!((png[19], png[23]), (80, 40));
    }
}
