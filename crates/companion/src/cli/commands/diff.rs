//! `diff`: prints the first event in which two runs differ.
//!
//! The runs are of two scripts, or of one script with and without settings of the command line,
//! e.g. `--cores 1`. [`analysis::compare::divergence`] finds the event.

use std::path::PathBuf;

use crate::cli::colour::Ink;
use crate::cli::console::{Console, Style};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::load::load_script;
use crate::cli::source::shown;
use analysis::compare::divergence::{Divergence, diverge};
use chart::paint::text::plain;
use model::time::SimTime;
use sim::simulate;
use texts::text;

/// Show where two runs first differ: of two scripts, or of one with other settings
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope diff pasta.loop --cores 1

Exit code 1 if they differ.")]
pub(crate) struct DiffArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The other script [default: the same script, with the given settings]
    #[arg(value_name = "OTHER")]
    pub(crate) other: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: MachineArgs,
}

pub(crate) fn diff(args: &DiffArgs, console: &mut Console) -> Result<Exit, Failure> {
    // With one script, the settings make the difference: the first run ignores them.
    let as_written = MachineArgs::default();
    let (first, second) = match &args.other {
        Some(other) => ((&args.file, &args.machine), (other, &args.machine)),
        None => ((&args.file, &as_written), (&args.file, &args.machine)),
    };
    let Some(left) = load_script(first.0, first.1, console)? else {
        return Ok(Exit::Invalid);
    };
    let Some(right) = load_script(second.0, second.1, console)? else {
        return Ok(Exit::Invalid);
    };
    let traces = [&left, &right].map(|loaded| simulate(&loaded.workload));
    let found = diverge((&left.workload, &traces[0]), (&right.workload, &traces[1]));
    let style = console.style;
    let say = style.say();
    let Some(found) = found else {
        console.print(&format!("{}\n", say.no_difference()))?;
        return Ok(Exit::Holds);
    };
    let names = match &args.other {
        Some(other) => [shown(&args.file), shown(other)],
        None => [say.as_written().to_owned(), say.as_set().to_owned()],
    };
    let totals = traces.map(|trace| trace.end.since(SimTime::ZERO).to_string());
    console.print(&difference_text(&found, &names, &totals, style))?;
    Ok(Exit::Fails)
}

fn difference_text(
    found: &Divergence,
    names: &[String; 2],
    totals: &[String; 2],
    style: Style,
) -> String {
    let say = style.say();
    let why = say.difference(found.difference());
    let mut text = format!("{}\n", say.common(found.common));
    text.push_str(&format!("{}\n", style.out.paint(Ink::Strong, why)));
    let sides = [&found.left, &found.right]
        .into_iter()
        .zip(names)
        .zip(totals);
    for ((event, name), total) in sides {
        let event = say.event(event.as_ref());
        let event = plain(&event);
        text.push_str(&format!("  {name}: {event} ({} {total})\n", say.in_total()));
    }
    text
}

impl crate::cli::words::Say {
    fn as_written(self) -> &'static str {
        text!("as written").of(self.0)
    }

    fn as_set(self) -> &'static str {
        text!("with these settings").of(self.0)
    }
}
