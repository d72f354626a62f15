//! Options that several commands share, and the values of the global options.
//!
//! The doc comments of the argument types are the texts of the help and the man pages, and the
//! keys of their translations. Each command defines its other arguments in its own file.

use std::num::NonZeroU32;

use clap::ValueEnum;

use chart::scene::By;
use model::time::SimDuration;
use texts::Language;

/// How a chart in characters looks.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TextChartArgs {
    /// Rows of the chart
    #[arg(long, value_enum, default_value_t, value_name = "ROWS")]
    pub(crate) by: Rows,
    /// Plain ASCII instead of block characters
    #[arg(long)]
    pub(crate) ascii: bool,
    /// Width in cells [default: the terminal's]
    #[arg(long, value_name = "CELLS", value_parser = parse_width)]
    pub(crate) width: Option<NonZeroU32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    /// One for each task
    #[default]
    Tasks,
    /// One for each thread
    Threads,
}

impl From<Rows> for By {
    fn from(rows: Rows) -> Self {
        match rows {
            Rows::Tasks => Self::Tasks,
            Rows::Threads => Self::Threads,
        }
    }
}

/// A value of `--lang`, e.g. `ko`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LanguageChoice(pub(crate) Language);

const TONGUES: [LanguageChoice; Language::ALL.len()] = {
    // `map` is not const, so a loop fills the array.
    let mut tongues = [LanguageChoice(Language::En); Language::ALL.len()];
    let mut at = 0;
    while at < tongues.len() {
        tongues[at] = LanguageChoice(Language::ALL[at]);
        at += 1;
    }
    tongues
};

impl ValueEnum for LanguageChoice {
    fn value_variants<'a>() -> &'a [Self] {
        &TONGUES
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.tag()))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColourChoice {
    /// On a terminal that has them
    #[default]
    Auto,
    Always,
    Never,
}

pub(crate) fn parse_width(text: &str) -> Result<NonZeroU32, String> {
    let width = text.parse().map_err(|_| "write a whole number from `1`");
    Ok(width?)
}

/// Parses a duration of the script language, e.g. `1.5s`.
pub(crate) fn parse_duration(text: &str) -> Result<SimDuration, String> {
    script::parse_duration(text).map_err(|_| "write a duration, such as `2s` or `150ms`".to_owned())
}
