//! `draw`: writes the chart into a file; its extension determines the format, e.g. `.svg`.

use std::path::Path;

use super::args::{DrawArgs, ThemeChoice};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::limit;
use super::load::load;
use super::replace::{keep_inputs, replace};
use crate::png::{SCALE, draw_png};
use chart::paint::svg::SvgTheme;
use chart::scene::Theme;
use chart::standalone::{ChartOptions, Colours, Glyphs, TextOptions, draw_svg, draw_text};
use model::trace::Trace;
use model::workload::Workload;
use sim::simulate;
use texts::Language;

pub(super) fn draw(args: &DrawArgs, console: &mut Console) -> Result<Exit, Failure> {
    // Checked first: a simulation may take long, and wrong arguments should fail at once.
    let picture = Picture::of(&args.output)?;
    keep_inputs(Some(&args.output), [args.file.as_path()])?;
    let Some(loaded) = load(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    let workload = &loaded.workload;
    let trace = simulate(workload);
    let language = console.style.language;
    let chart = chart_options(args, language);
    let text = text_options(args, language);
    let drawn = picture.draw(workload, &trace, &chart, &text)?;
    replace(&args.output, |out| out.write_all(&drawn))?;
    Ok(limit::tell(&trace.ending, &args.file, &loaded, console))
}

/// The format of a picture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    Svg,
    Png,
    Text,
}

impl Picture {
    pub(super) fn of(path: &Path) -> Result<Self, Failure> {
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
    pub(super) fn draw(
        self,
        workload: &Workload,
        trace: &Trace,
        chart: &ChartOptions,
        text: &TextOptions,
    ) -> Result<Vec<u8>, Failure> {
        Ok(match self {
            Self::Svg => draw_svg(workload, trace, chart).into_bytes(),
            Self::Png => draw_png(workload, trace, chart, SCALE).map_err(Failure::Png)?,
            Self::Text => draw_text(workload, trace, text).into_bytes(),
        })
    }
}

fn chart_options(args: &DrawArgs, language: Language) -> ChartOptions {
    let default = ChartOptions::default();
    ChartOptions {
        title: args.title.clone(),
        width_px: args.width.map_or(default.width_px, |width| width.get()),
        by: args.by.into(),
        theme: match args.theme {
            ThemeChoice::Auto => SvgTheme::Auto,
            ThemeChoice::Light => SvgTheme::Fixed(Theme::Light),
            ThemeChoice::Dark => SvgTheme::Fixed(Theme::Dark),
        },
        language,
    }
}

fn text_options(args: &DrawArgs, language: Language) -> TextOptions {
    let default = TextOptions::default();
    TextOptions {
        title: args.title.clone(),
        width: args
            .width
            .map_or(default.width, |width| width.get() as usize),
        by: args.by.into(),
        glyphs: if args.ascii {
            Glyphs::Ascii
        } else {
            Glyphs::Blocks
        },
        colours: Colours::None,
        language,
    }
}
