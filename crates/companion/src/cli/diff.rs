//! `diff`: prints the first event in which two runs differ.
//!
//! The runs are of two scripts, or of one script with and without settings of the command line,
//! e.g. `--cores 1`. [`analysis::compare::divergence`] finds the event.

use super::colour::Ink;
use super::console::{Console, Style};
use super::exit::Exit;
use super::failure::Failure;
use super::load::load;
use super::machine::MachineArgs;
use super::run::Outcome;
use super::source::shown;
use super::sweep_args::DiffArgs;
use analysis::compare::divergence::{Divergence, diverge};
use chart::paint::text::plain;
use texts::text;

pub(super) fn diff(args: &DiffArgs, console: &mut Console) -> Result<Exit, Failure> {
    // With one script, the settings make the difference: the first run ignores them.
    let as_written = MachineArgs::default();
    let (first, second) = match &args.other {
        Some(other) => ((&args.file, &args.machine), (other, &args.machine)),
        None => ((&args.file, &as_written), (&args.file, &args.machine)),
    };
    let Some(left) = load(first.0, first.1, console)? else {
        return Ok(Exit::Invalid);
    };
    let Some(right) = load(second.0, second.1, console)? else {
        return Ok(Exit::Invalid);
    };
    let (left, right) = (Outcome::of(&left.workload), Outcome::of(&right.workload));
    let found = diverge((left.workload, &left.trace), (right.workload, &right.trace));
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
    let totals = [left.summary.total.label(), right.summary.total.label()];
    console.print(&tell(&found, &names, &totals, style))?;
    Ok(Exit::Fails)
}

fn tell(found: &Divergence, names: &[String; 2], totals: &[String; 2], style: Style) -> String {
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

impl super::words::Say {
    fn as_written(self) -> &'static str {
        text!("as written").of(self.0)
    }

    fn as_set(self) -> &'static str {
        text!("with these settings").of(self.0)
    }
}
