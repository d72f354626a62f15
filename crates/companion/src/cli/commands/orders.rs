//! `orders`: prints which orders of a run are guaranteed and which depend on the durations.
//!
//! [`analysis::compare::chance`] runs the script with varied durations.

use std::fmt::Write;
use std::path::PathBuf;

use crate::cli::args::whole_number;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::machine::MachineArgs;
use crate::cli::output::limit;
use crate::cli::output::load::load_script;
use analysis::compare::chance::orders;
use analysis::effort::{COMMAND_WORK, Effort};
use chart::paint::text::plain;

/// Show which orders are guaranteed, and which depend on the durations
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope orders pasta.loop --by 20")]
pub(crate) struct OrdersArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How much longer or shorter each duration can get, in percent
    #[arg(long, default_value_t = 10, value_name = "PERCENT", value_parser = whole_number::<u32>(1..=90))]
    pub(crate) by: u32,
    /// Number of runs
    #[arg(long, default_value_t = 200, value_name = "N", value_parser = whole_number::<u32>(1..=10_000))]
    pub(crate) runs: u32,
    #[command(flatten)]
    pub(crate) machine: MachineArgs,
}

pub(crate) fn tell_orders(args: &OrdersArgs, console: &mut Console) -> Result<Exit, Failure> {
    tell_orders_within(COMMAND_WORK, args, console)
}

fn tell_orders_within(
    work: u64,
    args: &OrdersArgs,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let Some(loaded) = load_script(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    let mut effort = Effort::new(work);
    let found = orders(&loaded.workload, args.by, args.runs, &mut effort);
    let style = console.style;
    let mut text = format!("{}\n", style.say().shaken(found.runs, args.by));
    // If the work limit allowed no run, an order has no evidence either way.
    for order in found.orders.iter().filter(|order| order.runs > 0) {
        let line = style.say().order(order, &loaded.workload);
        let _ = writeln!(text, "  {}", plain(&line));
    }
    console.print(&text)?;
    if found.runs == args.runs {
        return Ok(Exit::Holds);
    }
    let message = style.say().ran_some(found.runs, args.runs);
    Ok(limit::tell_spent(&message, console))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::console::Style;
    use crate::cli::machine::MachineArgs;

    #[track_caller]
    fn check(work: u64, made: &str) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut console = Console {
            input: &mut "a: await 1s\nb: await 9s\n".as_bytes(),
            out: &mut out,
            err: &mut err,
            style: Style::default(),
        };
        let args = OrdersArgs {
            file: "-".into(),
            by: 10,
            runs: 200,
            machine: MachineArgs::default(),
        };
        let exit = tell_orders_within(work, &args, &mut console);
        assert!(matches!(exit, Ok(Exit::Limit)), "{exit:?}");
        let (out, err) = (String::from_utf8_lossy(&out), String::from_utf8_lossy(&err));
        assert_eq!(out.contains("a 1 before b 1: in all"), work > 100, "{out}");
        assert!(err.contains(made), "{err}");
    }

    #[test]
    fn runs_that_take_too_long_together_are_fewer() {
        check(2, "made 0 of 200 runs");
        check(105, "made 12 of 200 runs");
    }
}
