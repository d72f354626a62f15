//! Options that several commands share, and the values of the global options.
//!
//! The doc comments of the argument types are the texts of the help and the man pages, and the
//! keys of their translations. Each command defines its other arguments in its own file.

use std::num::NonZeroU32;
use std::ops::RangeInclusive;

use clap::ValueEnum;

use analysis::compare::Metric;
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

/// The number by which runs are compared, and how many seeds they have.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct MetricArgs {
    /// The number to compare by: the total, or a latency
    #[arg(long, value_enum, default_value_t, value_name = "METRIC")]
    pub(crate) metric: MetricChoice,
    /// Run with this number of seeds: the median, and the interval that holds 90 % of them
    #[arg(long, value_name = "N", value_parser = whole_number::<u32>(2..=SEEDS_MAX))]
    pub(crate) seeds: Option<u32>,
}

/// With a thousand seeds an interval of 90 % hardly moves any more.
pub(crate) const SEEDS_MAX: u64 = 1_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MetricChoice {
    #[default]
    Total,
    /// The median latency
    P50,
    P95,
    P99,
    /// The mean latency
    Mean,
}

impl From<MetricChoice> for Metric {
    fn from(choice: MetricChoice) -> Self {
        match choice {
            MetricChoice::Total => Self::Total,
            MetricChoice::P50 => Self::P50,
            MetricChoice::P95 => Self::P95,
            MetricChoice::P99 => Self::P99,
            MetricChoice::Mean => Self::Mean,
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

/// The parser of an option that takes a whole number, e.g. of `--pool 40`. Its message says so, where
/// the standard library's says "invalid digit found in string".
pub(crate) fn whole_number<T: TryFrom<u64> + Clone + Send + Sync + 'static>(
    range: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let number = number.and_then(|number: u64| T::try_from(number).ok());
        number.ok_or_else(|| match (*range.start(), *range.end()) {
            (0, u64::MAX) => "it takes a whole number".to_owned(),
            (low, high) => format!("it takes a whole number from {low} to {high}"),
        })
    }
}

pub(crate) fn parse_width(text: &str) -> Result<NonZeroU32, String> {
    let width = text.parse().map_err(|_| "write a whole number from `1`");
    Ok(width?)
}

/// Parses a duration of the script language, e.g. `1.5s`.
pub(crate) fn parse_duration(text: &str) -> Result<SimDuration, String> {
    script::parse_duration(text).map_err(|_| "write a duration, such as `2s` or `150ms`".to_owned())
}
