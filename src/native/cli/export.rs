//! `export`: the script as a Python program, or its trace for other tools.

use std::io::{self, Write};

use super::args::{ExportArgs, ExportFormat};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::load::load;
use super::replace::replace;
use super::run::Outcome;
use crate::export::{asyncio, mermaid, perfetto};
use crate::report::{Detail, write_json};
use crate::trace::Ending;
use crate::workload::Workload;

pub(super) fn export(args: &ExportArgs, console: &mut Console) -> Result<Exit, Failure> {
    let Some(loaded) = load(&args.file, &args.machine, console)? else {
        return Ok(Exit::Invalid);
    };
    let mut exit = Exit::Holds;
    let write = |out: &mut dyn Write| {
        exit = write(args.to, &loaded.workload, out)?;
        Ok(())
    };
    match &args.output {
        Some(path) => replace(path, |out| buffered(out, write))?,
        None => console.write(write)?,
    }
    Ok(exit)
}

/// Only what needs a run is simulated: a program is exported as it is written.
fn write(format: ExportFormat, workload: &Workload, out: &mut dyn Write) -> io::Result<Exit> {
    if format == ExportFormat::Asyncio {
        out.write_all(asyncio(workload).as_bytes())?;
        return Ok(Exit::Holds);
    }
    let outcome = Outcome::of(workload);
    match format {
        ExportFormat::Asyncio => {}
        ExportFormat::Json => write_json(outcome.report(), Detail::Full, out)?,
        ExportFormat::Perfetto => perfetto(workload, &outcome.trace, out)?,
        ExportFormat::Mermaid => out.write_all(mermaid(workload, &outcome.trace).as_bytes())?,
    }
    Ok(match outcome.trace.ending {
        Ending::Limit(_) => Exit::Limit,
        _ => Exit::Holds,
    })
}

fn buffered(
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffered = io::BufWriter::new(out);
    write(&mut buffered)?;
    buffered.flush()
}
