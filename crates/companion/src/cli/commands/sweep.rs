//! `sweep` and `merge`: run a script with a setting over a range, on all cores or in shards.
//!
//! A shard is every Nth point, e.g. `--shard 2/8` on the second of eight machines; `merge` joins
//! the tables. Leaves parameters and tables to [`analysis::sweep`].

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use texts::{Language, say};
use unicode_width::UnicodeWidthStr;

use crate::cli::args::MetricArgs;
use crate::cli::console::{Console, Style};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::limit;
use crate::cli::output::load::load_script;
use crate::cli::progress::Progress;
use crate::cli::replace::{keep_inputs, replace};
use crate::cli::source;
use analysis::compare::{Figures, Metric, SeedSpread, Strategy};
use analysis::effort::SWEEP_WORK;
use analysis::sweep::picture::picture;
use analysis::sweep::table::{MergeError, merge};
use analysis::sweep::{Ledger, POINTS_MAX, Parameter, Row, Sweep, Table, VaryError};
use chart::scene::label::brief;

/// Run a script with a range of values for a setting: a table, CSV, a picture
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope sweep pasta.loop --vary \"cores 1..4\"")]
pub(crate) struct SweepArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// `run 1..1000`, `pool 10..200 by 10`, `cores 1..64 times 2`, `line 3 10ms..2s in 50`; twice for a map
    #[arg(long, required = true, value_name = "WHAT")]
    pub(crate) vary: Vec<String>,
    /// With each strategy, not only as written
    #[arg(long)]
    pub(crate) compare: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: SweepFormat,
    /// Also draw it into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Only every Nth point, starting with the Ith; `merge` combines the tables
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    pub(crate) shard: Option<Shard>,
    #[command(flatten)]
    pub(crate) metric: MetricArgs,
    #[command(flatten)]
    pub(crate) machine: MachineArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SweepFormat {
    /// A table for the terminal
    #[default]
    Text,
    /// A line for each point, times in nanoseconds
    Csv,
    /// One object
    Json,
}

/// A part of a sweep's points, e.g. `2/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// Counts from 1 to `of`.
    pub(crate) index: usize,
    pub(crate) of: usize,
}

fn parse_shard(text: &str) -> Result<Shard, String> {
    let wrong = || "write which of how many, such as `2/8`".to_owned();
    let (index, of) = text.split_once('/').ok_or_else(wrong)?;
    let (index, of) = (
        index.parse().map_err(|_| wrong())?,
        of.parse().map_err(|_| wrong())?,
    );
    // `0/8` and `9/8` are outside; `1/0` is, too.
    if (1..=of).contains(&index) {
        Ok(Shard { index, of })
    } else {
        Err(wrong())
    }
}

/// Combine the tables of a sweep's shards
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope sweep pasta.loop --vary \"run 1..9\" --format csv > all.csv
  loopscope merge all.csv")]
pub(crate) struct MergeArgs {
    /// Tables, as `sweep --format csv` writes them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

pub(crate) fn sweep(args: &SweepArgs, console: &mut Console) -> Result<Exit, Failure> {
    keep_inputs(args.svg.as_deref(), [args.file.as_path()])?;
    let Some(loaded) = load_script(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    let parameters = args
        .vary
        .iter()
        .map(|text| Parameter::parse(text, &loaded.workload));
    let parameters: Vec<Parameter> = parameters
        .collect::<Result<_, _>>()
        .map_err(Failure::Vary)?;
    if parameters.len() > 2 {
        return Err(Failure::Vary(VaryError::Shape));
    }
    let sweep = Sweep {
        workload: &loaded.workload,
        parameters,
        strategies: if args.compare {
            Strategy::ALL.to_vec()
        } else {
            vec![Strategy::AsWritten]
        },
    };
    if sweep.len() > POINTS_MAX {
        return Err(Failure::Vary(VaryError::TooMany));
    }
    let points = shard_points(&sweep, args.shard);
    let table = Table {
        names: sweep
            .parameters
            .iter()
            .map(|parameter| parameter.name.clone())
            .collect(),
        metric: args.metric.metric.into(),
        strategies: sweep.strategies.clone(),
        rows: measure_points(&sweep, &points, args.metric.seeds, console),
    };
    if let Some(path) = &args.svg {
        let drawn = picture(&table, &sweep.parameters, console.style.language);
        replace(path, |out| std::io::Write::write_all(out, drawn.as_bytes()))?;
    }
    let written = match args.format {
        SweepFormat::Text => table_text(&table, &sweep, console.style),
        SweepFormat::Csv => table.csv(),
        SweepFormat::Json => format!("{}\n", table.json()),
    };
    console.print(&written)?;
    if let (Some(seeds), SweepFormat::Text) = (args.metric.seeds, args.format) {
        console.print(&format!("{}\n", console.style.say().over_seeds(seeds)))?;
    }
    if table.rows.len() == points.len() {
        return Ok(Exit::Holds);
    }
    let say = console.style.say();
    let message = say.measured_some(table.rows.len(), points.len());
    Ok(limit::tell_spent(&message, console))
}

/// The indices of all points, or of those of a shard.
fn shard_points(sweep: &Sweep, shard: Option<Shard>) -> Vec<usize> {
    // Every Nth point, not a contiguous part: large values often take longer, and this way each
    // shard has its share of them.
    let shard = shard.unwrap_or(Shard { index: 1, of: 1 });
    (0..sweep.len())
        .filter(|point| point % shard.of == shard.index - 1)
        .collect()
}

/// The longest pause between two updates of the progress. A finished point updates it, too.
const PROGRESS_GAP: Duration = Duration::from_millis(100);

/// Measures the points on all cores. Each thread takes the next free point; the rows are
/// returned in the order of the points.
fn measure_points(
    sweep: &Sweep,
    points: &[usize],
    seeds: Option<u32>,
    console: &mut Console,
) -> Vec<Row> {
    let ledger = Mutex::new(Ledger::new(SWEEP_WORK, points.len()));
    let locked = || ledger.lock().unwrap_or_else(PoisonError::into_inner);
    let threads = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(points.len().max(1));
    let mut progress = Progress::new(console, points.len());
    let watcher = thread::current();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    loop {
                        // A statement of its own, so that the lock is released before the
                        // measurement.
                        let taken = locked().take();
                        let Some((index, mut effort)) = taken else {
                            break;
                        };
                        let point = points[index];
                        let row = match seeds {
                            Some(seeds) => sweep.measure_seeds(point, seeds, &mut effort),
                            None => sweep.measure(point, &mut effort),
                        };
                        locked().put(index, row, &effort);
                        watcher.unpark();
                    }
                })
            })
            .collect();
        let over = || workers.iter().all(|worker| worker.is_finished());
        // If a worker panics, the ledger never completes. The loop then ends once all workers
        // have finished, and the scope propagates the panic.
        while !locked().is_over() && !over() {
            thread::park_timeout(PROGRESS_GAP);
            progress.show(locked().done());
        }
    });
    drop(progress);
    let ledger = ledger.into_inner();
    ledger.unwrap_or_else(PoisonError::into_inner).into_rows()
}

/// A table with one line for each point: its values, then the metric under each strategy, with the
/// knee marked. Below it, the points at which another strategy becomes the best.
fn table_text(table: &Table, sweep: &Sweep, style: Style) -> String {
    let several = table.strategies.len() > 1;
    let mut header: Vec<String> = table.names.clone();
    header.extend(table.strategies.iter().map(|strategy| {
        if several {
            strategy.code().to_owned()
        } else {
            style.say().metric_title(table.metric).to_owned()
        }
    }));
    // The column of the knee.
    header.push(String::new());
    let mut rows = vec![header];
    let knee = table.knee();
    for (index, row) in table.rows.iter().enumerate() {
        let values = sweep.parameters.iter().zip(&row.values);
        let mut cells: Vec<String> = values
            .map(|(parameter, value)| parameter.shown(*value))
            .collect();
        cells.extend(row.figures.iter().enumerate().map(|(strategy, figures)| {
            let spread = row.spreads.get(strategy).copied().flatten();
            figures.map_or("-".to_owned(), |figures| {
                metric_cell(table.metric, figures, spread)
            })
        }));
        cells.push(if knee == Some(index) {
            style.say().knee_mark().to_owned()
        } else {
            String::new()
        });
        rows.push(cells);
    }
    let count = rows[0].len();
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            rows.iter()
                .map(|row| row[column].width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| {
            let padding = " ".repeat(width - cell.width());
            // Numbers end below each other; the mark of the knee begins behind its row.
            if column + 1 == count {
                format!("{cell}{padding}")
            } else {
                format!("{padding}{cell}")
            }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    for crossing in table.crossings() {
        let value = sweep.parameters[0].shown(table.rows[crossing.row].values[0]);
        let (from, to) = (
            crossing.from.name(style.language),
            crossing.to.name(style.language),
        );
        text.push_str(&style.say().crossing(&table.names[0], &value, from, to));
        text.push('\n');
    }
    text
}

/// The value of a metric; over many seeds its median with the interval, e.g. `3.1s (2.9s–3.4s)`.
pub(crate) fn metric_cell(metric: Metric, figures: Figures, spread: Option<SeedSpread>) -> String {
    let value = brief(metric.of(&figures));
    match spread.map(|spread| spread.interval(metric)) {
        Some((low, high)) if low != high => format!("{value} ({}–{})", brief(low), brief(high)),
        _ => value,
    }
}

pub(crate) fn merge_shards(args: &MergeArgs, console: &mut Console) -> Result<Exit, Failure> {
    let mut shards = Vec::new();
    for path in &args.files {
        // The limit suffices: `POINTS_MAX` points under every strategy take less than 8 MB.
        let bytes = source::read(path, console)?;
        let shard = String::from_utf8(bytes).map_err(|_| Failure::Merge(MergeError::NoTable))?;
        shards.push(shard);
    }
    let merged = merge(&shards).map_err(Failure::Merge)?;
    console.print(&merged)?;
    Ok(Exit::Holds)
}

/// The message about tables that `merge` cannot join.
pub(crate) fn merge_message(error: MergeError, language: Language) -> String {
    match error {
        MergeError::NoTable => say!(
            language,
            "a file is not a table of a sweep; use files from `sweep --format csv`"
        ),
        MergeError::OtherSweep => say!(
            language,
            "the files belong to different sweeps; merge only the files of one sweep"
        ),
        MergeError::Missing(point) => say!(
            language,
            "point {point} is in none of the files; add the file of its shard",
            point
        ),
        MergeError::Twice(point) => say!(
            language,
            "two files disagree about point {point}; run its shard again",
            point
        ),
    }
}
