//! `draw`: writes the chart into a file; its extension determines the format, e.g. `.svg`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use crate::cli::args::{Rows, parse_width};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::limit;
use crate::cli::output::load::load_script;
use crate::cli::output::outcome::run_script;
use crate::cli::output::picture::Picture;
use crate::cli::replace::{keep_inputs, replace};
use chart::paint::svg::SvgTheme;
use chart::scene::Theme;
use chart::standalone::{ChartOptions, Colours, Glyphs, TextOptions};
use texts::Language;

/// Draw the chart as a file
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope draw pasta.loop -o pasta.svg --theme dark")]
pub(crate) struct DrawArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The file to write; its ending is the format: .svg, .png or .txt
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// A heading above the chart
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Rows of the chart
    #[arg(long, value_enum, default_value_t, value_name = "ROWS")]
    pub(crate) by: Rows,
    /// Light, dark, or like the reader's system (a .png is then light)
    #[arg(long, value_enum, default_value_t, value_name = "THEME")]
    pub(crate) theme: ThemeChoice,
    /// Width in pixels, or in cells for .txt [default: 960, or 80]
    #[arg(long, value_name = "WIDTH", value_parser = parse_width)]
    pub(crate) width: Option<NonZeroU32>,
    /// Plain ASCII in .txt
    #[arg(long)]
    pub(crate) ascii: bool,
    #[command(flatten)]
    pub(crate) machine: MachineArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ThemeChoice {
    #[default]
    Auto,
    Light,
    Dark,
}

pub(crate) fn draw(args: &DrawArgs, console: &mut Console) -> Result<Exit, Failure> {
    // Checked first: a simulation may take long, and wrong arguments should fail at once.
    let picture = Picture::of(&args.output)?;
    keep_inputs(Some(&args.output), [args.file.as_path()])?;
    let Some(loaded) = load_script(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    let run = run_script(&loaded.workload);
    let language = console.style.language;
    let chart = chart_options(args, language);
    let text = text_options(args, language);
    let drawn = picture.draw(&run, &chart, &text)?;
    replace(&args.output, |out| out.write_all(&drawn))?;
    Ok(limit::report_limit(
        &run.trace().ending,
        &args.file,
        &loaded,
        console,
    ))
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
