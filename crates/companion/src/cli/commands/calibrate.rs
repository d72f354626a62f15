//! `calibrate`: measures the costs of this machine's Python, e.g. a hand-over to a thread.
//!
//! With costs, predictions of steps in the order of microseconds become realistic.

use std::path::{Path, PathBuf};
use texts::{Text, text};

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::replace::replace;
use crate::cli::source;
use crate::cli::writable::must_be_writable;
use crate::verify::{Cost, Interrupt, MeasuredCosts, calibrate as measure};
use model::time::SimDuration;

/// Measure the costs of this machine's Python, for `--costs`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct CalibrateArgs {
    /// Write the costs into this file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) const EXAMPLE: Text = text!(
    "\
Example:
  loopscope calibrate -o costs.json",
);

/// A file of costs takes about 1 KiB.
const FILE_BYTES_MAX: usize = 64 * 1024;

pub(crate) fn calibrate(args: &CalibrateArgs, console: &mut Console) -> Result<Exit, Failure> {
    // Measuring takes seconds, so an output that cannot be written fails first.
    if let Some(path) = &args.output {
        must_be_writable(path)?;
    }
    let say = console.style.say();
    console.note(&format!("{}\n", say.calibrating_note()));
    let interrupt = Interrupt::on_signals();
    let costs = measure(&interrupt).map_err(Failure::Verify)?;
    if let Some(path) = &args.output {
        replace(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &costs)?;
            out.write_all(b"\n")
        })?;
    }
    let table = &costs.costs;
    let rows = [
        (say.hop_row(), Some(table.hop)),
        (say.watched_hop(), Some(table.watched_hop)),
        (say.hand_over(), Some(table.hand_over)),
        (say.thread_start(), Some(table.thread_start)),
        (say.process_start(), Some(table.process_start)),
        (say.ipc_row(), Some(table.ipc)),
        (say.http_row(), table.http),
    ];
    let text: String = rows
        .map(|(name, cost)| cost_row(name, cost, say.not_measured()))
        .concat();
    console.print(&text)?;
    Ok(Exit::Holds)
}

fn cost_row(name: &str, cost: Option<Cost>, missing: &str) -> String {
    let time = |nanos: u64| in_microseconds(nanos);
    match cost {
        None => format!("{name}: {missing}\n"),
        Some(cost) => format!(
            "{name}: {} ({} – {})\n",
            time(cost.median_ns),
            time(cost.low_ns),
            time(cost.high_ns)
        ),
    }
}

/// Rounds to a tenth of a microsecond; smaller digits are noise. E.g. 12_345 → 12_300 ns.
fn in_microseconds(nanos: u64) -> String {
    SimDuration::from_nanos((nanos + 50) / 100 * 100).label()
}

/// Reads the file that `--costs` names.
pub(crate) fn read_costs(path: &Path, console: &mut Console) -> Result<MeasuredCosts, Failure> {
    let bytes = source::read_at_most(path, FILE_BYTES_MAX, console)?;
    MeasuredCosts::read(&bytes).ok_or_else(|| Failure::NoCosts {
        path: path.to_owned(),
    })
}
