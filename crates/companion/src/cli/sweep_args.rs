//! The arguments of `compare`, `sweep`, `merge`, `diff` and `orders`.
//!
//! The doc comments of the argument types are the texts of the help and the man pages.

use std::path::PathBuf;

use clap::ValueEnum;

use super::machine::MachineArgs;

/// Run the same work with each strategy: awaited, on threads, in processes, as jobs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope compare pasta.loop")]
pub(super) struct CompareArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: TableFormat,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// A table for the terminal
    #[default]
    Text,
    /// One object
    Json,
}

/// Run a script with a range of values for a setting: a table, CSV, a picture
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope sweep pasta.loop --vary \"cores 1..4\"")]
pub(super) struct SweepArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// `run 1..1000`, `pool 10..200 by 10`, `cores 1..64 times 2`, `line 3 10ms..2s in 50`; twice for a map
    #[arg(long, required = true, value_name = "WHAT")]
    pub(super) vary: Vec<String>,
    /// With each strategy, not only as written
    #[arg(long)]
    pub(super) compare: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: SweepFormat,
    /// Also draw it into this file
    #[arg(long, value_name = "FILE")]
    pub(super) svg: Option<PathBuf>,
    /// Only every Nth point, starting with the Ith; `merge` combines the tables
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub(super) shard: Option<Shard>,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum SweepFormat {
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
pub(super) struct Shard {
    /// Counts from 1 to `of`.
    pub(super) index: usize,
    pub(super) of: usize,
}

fn shard(text: &str) -> Result<Shard, String> {
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
pub(super) struct MergeArgs {
    /// Tables, as `sweep --format csv` writes them
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

/// Show where two runs first differ: of two scripts, or of one with other settings
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope diff pasta.loop --cores 1

Exit code 1 if they differ.")]
pub(super) struct DiffArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The other script [default: the same script, with the given settings]
    #[arg(value_name = "OTHER")]
    pub(super) other: Option<PathBuf>,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
}

/// Show which orders are guaranteed, and which depend on the durations
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope orders pasta.loop --by 20")]
pub(super) struct OrdersArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// How much longer or shorter each duration can get, in percent
    #[arg(long, default_value_t = 10, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(1..=90))]
    pub(super) by: u32,
    /// Number of runs
    #[arg(long, default_value_t = 200, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) runs: u32,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
}
