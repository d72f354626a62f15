//! `compare`: runs the same workload under each strategy and recommends one.
//!
//! [`analysis::compare`] simulates and recommends; this file prints the table.

use std::fmt::Write;
use std::path::PathBuf;

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use super::sweep::metric_cell;
use crate::cli::args::MetricArgs;
use crate::cli::colour::Ink;
use crate::cli::console::{Console, Style};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::limit;
use crate::cli::output::load::load_script;
use analysis::compare::seeds::measure_seeds;
use analysis::compare::{
    Advice, Compared, Figures, Metric, SeedSpread, Strategy, advise_by, compare, is_complete,
};
use analysis::effort::{COMMAND_WORK, Effort};
use chart::scene::label::brief;
use model::time::SimDuration;
use model::workload::Workload;

/// Run the same work with each strategy: awaited, on threads, in processes, as jobs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope compare pasta.loop")]
pub(crate) struct CompareArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: TableFormat,
    #[command(flatten)]
    pub(crate) metric: MetricArgs,
    #[command(flatten)]
    pub(crate) machine: MachineArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum TableFormat {
    /// A table for the terminal
    #[default]
    Text,
    /// One object
    Json,
}

/// Width of the longest bar, in cells.
const BAR: u64 = 24;

pub(crate) fn compare_strategies(
    args: &CompareArgs,
    console: &mut Console,
) -> Result<Exit, Failure> {
    compare_within(COMMAND_WORK, args, console)
}

fn compare_within(work: u64, args: &CompareArgs, console: &mut Console) -> Result<Exit, Failure> {
    let Some(loaded) = load_script(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    let mut effort = Effort::new(work);
    let metric = Metric::from(args.metric.metric);
    let spreads = match args.metric.seeds {
        Some(seeds) => compare_seeds(&loaded.workload, seeds, &mut effort),
        None => Vec::new(),
    };
    let compared = match args.metric.seeds {
        Some(_) => medians(&spreads),
        None => compare(&loaded.workload, &mut effort),
    };
    let advice = advise_by(metric, &loaded.workload, &compared, &mut effort);
    match args.format {
        TableFormat::Text => {
            let shown = Comparison {
                compared: &compared,
                spreads: &spreads,
                metric,
            };
            let mut text = shown.text(advice.as_ref(), console.style);
            if let Some(seeds) = args.metric.seeds {
                let _ = writeln!(text, "\n{}", console.style.say().over_seeds(seeds));
            }
            console.print(&text)?;
        }
        TableFormat::Json => {
            let strategies = compared.iter().enumerate().map(|(index, one)| {
                let mut entry = json!({"placement": one.strategy.code(), "figures": one.figures});
                if let Some((_, spread)) = spreads.get(index) {
                    let interval =
                        spread.map(|spread| json!({"low": spread.low, "high": spread.high}));
                    entry["interval"] = json!(interval);
                }
                entry
            });
            let result = json!({
                "schema": "loopscope.compare/1",
                "placements": strategies.collect::<Vec<_>>(),
                "best": advice.as_ref().map(|advice| advice.best.code()),
                "metric": metric.code(),
            });
            console.print(&format!("{result}\n"))?;
        }
    }
    if is_complete(&compared) {
        return Ok(Exit::Holds);
    }
    let say = console.style.say();
    let message = say.compared_some(compared.len(), Strategy::ALL.len());
    Ok(limit::tell_spent(&message, console))
}

/// The spread of each strategy over many seeds.
fn compare_seeds(
    workload: &Workload,
    seeds: u32,
    effort: &mut Effort,
) -> Vec<(Strategy, Option<SeedSpread>)> {
    let measured = Strategy::ALL.into_iter().map_while(|strategy| {
        let spread = measure_seeds(workload, strategy, seeds, effort).ok()?;
        Some((strategy, spread))
    });
    measured.collect()
}

fn medians(spreads: &[(Strategy, Option<SeedSpread>)]) -> Vec<Compared> {
    let median = |(strategy, spread): &(Strategy, Option<SeedSpread>)| Compared {
        strategy: *strategy,
        figures: spread.map(|spread| spread.median),
    };
    spreads.iter().map(median).collect()
}

/// The strategies as a table.
struct Comparison<'a> {
    compared: &'a [Compared],
    /// Over many seeds, in the order of `compared`; empty for one seed.
    spreads: &'a [(Strategy, Option<SeedSpread>)],
    /// The metric of the bars and of the second column of times.
    metric: Metric,
}

impl Comparison<'_> {
    fn text(&self, advice: Option<&Advice>, style: Style) -> String {
        let mut text = in_columns(&self.rows(style), style);
        if let Some(advice) = advice {
            text.push_str(&advice_text(advice, style));
        }
        text
    }

    fn rows(&self, style: Style) -> Vec<[String; 6]> {
        let say = style.say();
        // The total has a column of its own.
        let second = match self.metric {
            Metric::Total => Metric::P95,
            other => other,
        };
        let figures = self.compared.iter().filter_map(|one| one.figures);
        let longest = figures.map(|figures| self.metric.of(&figures));
        let longest = longest.max().unwrap_or_default();
        let mut titles = say.compare_titles();
        titles[2] = say.metric_title(second);
        let mut rows = vec![titles.map(str::to_owned)];
        for (index, one) in self.compared.iter().enumerate() {
            let name = one.strategy.name(style.language).to_owned();
            let spread = self.spreads.get(index).and_then(|(_, spread)| *spread);
            rows.push(match one.figures {
                Some(figures) => [
                    name,
                    total_text(figures, spread, style),
                    metric_cell(second, figures, spread),
                    figures.threads.to_string(),
                    brief(figures.loop_lag),
                    bar(self.metric.of(&figures), longest),
                ],
                None => [
                    name,
                    say.cannot_be().to_owned(),
                    String::new(),
                    String::new(),
                    String::new(),
                    String::new(),
                ],
            });
        }
        rows
    }
}

fn advice_text(advice: &Advice, style: Style) -> String {
    let mut text = String::new();
    let told = advice.told(style.language);
    let mut told = told.iter();
    if let Some(first) = told.next() {
        let _ = write!(text, "\n{}\n", style.out.paint(Ink::Strong, first));
    }
    for line in told {
        let _ = writeln!(text, "  {line}");
    }
    text
}

/// The total, e.g. `3s`; an unfinished run is marked.
fn total_text(figures: Figures, spread: Option<SeedSpread>, style: Style) -> String {
    let total = metric_cell(Metric::Total, figures, spread);
    if figures.finished {
        total
    } else {
        format!("{total} {}", style.say().stuck())
    }
}

fn bar(total: SimDuration, longest: SimDuration) -> String {
    // Rounded up, so that the shortest run still has a bar.
    let cells = (u128::from(total.as_nanos()) * u128::from(BAR))
        .div_ceil(u128::from(longest.as_nanos().max(1)));
    "█".repeat(usize::try_from(cells).unwrap_or(0))
}

/// The rows as a table: names and bars left-aligned, numbers right-aligned.
fn in_columns(rows: &[[String; 6]], style: Style) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].width())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..6).map(width).collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        let cells = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| {
                // Not `{:>width$}`, which counts characters: a Hangul character takes two cells.
                let padding = " ".repeat(width - cell.width());
                match column {
                    0 | 5 => format!("{cell}{padding}"),
                    _ => format!("{padding}{cell}"),
                }
            });
        let line = cells.collect::<Vec<_>>().join("  ");
        let line = line.trim_end();
        let _ = match number {
            0 => writeln!(text, "{}", style.out.paint(Ink::Faint, line)),
            _ => writeln!(text, "{line}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::machine::MachineArgs;

    #[test]
    fn a_comparison_that_takes_too_long_shows_what_it_has() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut console = Console {
            input: &mut "async def a: await 1s\nrun 10 a\n".as_bytes(),
            out: &mut out,
            err: &mut err,
            style: Style::default(),
        };
        let args = CompareArgs {
            file: "-".into(),
            format: TableFormat::Text,
            metric: MetricArgs::default(),
            machine: MachineArgs::default(),
        };
        let exit = compare_within(100, &args, &mut console);
        assert!(matches!(exit, Ok(Exit::Limit)), "{exit:?}");
        let (out, err) = (String::from_utf8_lossy(&out), String::from_utf8_lossy(&err));
        assert!(
            out.contains("as written") && !out.contains("choose"),
            "{out}"
        );
        assert!(err.contains("compared 2 of 8 strategies"), "{err}");
    }
}
