//! `orders`: which orders of a run are promised, and which are accidents.

use std::fmt::Write;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::load::load;
use super::sweep_args::OrdersArgs;
use crate::compare::chance::orders;
use crate::paint::text::plain;

pub(super) fn tell_orders(args: &OrdersArgs, console: &mut Console) -> Result<Exit, Failure> {
    let Some(loaded) = load(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    let found = orders(&loaded.workload, args.by, args.runs);
    let style = console.style;
    let mut text = format!("{}\n", style.say().shaken(args.runs, args.by));
    for order in &found {
        let line = style.say().order(order, &loaded.workload);
        let _ = writeln!(text, "  {}", plain(&line));
    }
    console.print(&text)?;
    Ok(Exit::Holds)
}
