//! Charts as files and for the terminal.

use std::path::Path;

use crate::cli::args::TextChartArgs;
use crate::cli::console::Style;
use crate::cli::failure::Failure;
use crate::png::{SCALE, draw_png};
use chart::standalone::{ChartOptions, Colours, Glyphs, TextOptions, draw_svg, draw_text};
use model::trace::AnalysedRun;

/// The format of a picture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picture {
    Svg,
    Png,
    Text,
}

impl Picture {
    pub(crate) fn of(path: &Path) -> Result<Self, Failure> {
        let ending = path.extension().and_then(|ending| ending.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            Some("txt") => Ok(Self::Text),
            _ => Err(Failure::UnknownEnding {
                path: path.to_owned(),
            }),
        }
    }

    /// The bytes of the file.
    pub(crate) fn draw(
        self,
        run: &AnalysedRun,
        chart: &ChartOptions,
        text: &TextOptions,
    ) -> Result<Vec<u8>, Failure> {
        Ok(match self {
            Self::Svg => draw_svg(run, chart).into_bytes(),
            Self::Png => draw_png(run, chart, SCALE).map_err(Failure::Png)?,
            Self::Text => draw_text(run, text).into_bytes(),
        })
    }
}

/// Options of a chart for this terminal.
pub(crate) fn text_options(args: &TextChartArgs, style: Style) -> TextOptions {
    let width = args.width.map(|width| width.get() as usize);
    TextOptions {
        title: None,
        width: width.unwrap_or(style.columns),
        by: args.by.into(),
        glyphs: if args.ascii {
            Glyphs::Ascii
        } else {
            Glyphs::Blocks
        },
        colours: Colours::from(style.out),
        language: style.language,
    }
}
