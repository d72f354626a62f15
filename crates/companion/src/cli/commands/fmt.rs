//! `fmt`: formats scripts. A file is written only if its content changes.

use std::path::{Path, PathBuf};

use crate::cli::console::Console;
use crate::cli::diagnose::ScriptPage;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::replace::replace;
use crate::cli::source::{self, is_standard, shown};
use script::Diagnostic;

/// Format scripts
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope fmt pasta.loop")]
pub(crate) struct FmtArgs {
    /// Scripts; `-` formats standard input to standard output
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Change nothing; list the files that would change, and fail if there are any
    #[arg(long)]
    pub(crate) check: bool,
}

pub(crate) fn fmt(args: &FmtArgs, console: &mut Console) -> Result<Exit, Failure> {
    let mut worst = Exit::Holds;
    for path in &args.files {
        let exit = fmt_file(path, args.check, console).unwrap_or_else(|failure| {
            // One failure does not keep the other files from being formatted.
            console.complain(&failure);
            failure.exit()
        });
        worst = worst.max(exit);
    }
    Ok(worst)
}

fn fmt_file(path: &Path, check: bool, console: &mut Console) -> Result<Exit, Failure> {
    let bytes = source::read(path, console)?;
    let formatted = match formatted_script(&bytes) {
        Ok(formatted) => formatted,
        Err((text, diagnostics)) => {
            let page = ScriptPage::new(path, &text, console.style);
            let problems: String = diagnostics.iter().map(|d| page.show(d)).collect();
            console.report(&problems);
            return Ok(Exit::Invalid);
        }
    };
    // An unchanged file keeps its modification time, on which build tools rely.
    let changed = formatted.as_bytes() != bytes;
    if check {
        return Ok(report_change(path, changed, console));
    }
    if is_standard(path) {
        console.print(&formatted)?;
    } else if changed {
        replace(path, |out| out.write_all(formatted.as_bytes()))?;
    }
    Ok(Exit::Holds)
}

/// The formatted script, or its diagnostics with the text they refer to.
fn formatted_script(bytes: &[u8]) -> Result<String, (String, Vec<Diagnostic>)> {
    // Invalid UTF-8 is a diagnostic. Formatting a lossy copy would destroy the bytes.
    let Ok(text) = std::str::from_utf8(bytes) else {
        let (text, parsed) = script::parse_bytes(bytes);
        return Err((text.into_owned(), parsed.diagnostics));
    };
    script::format(text).map_err(|diagnostics| (text.to_owned(), diagnostics))
}

fn report_change(path: &Path, changed: bool, console: &mut Console) -> Exit {
    if !changed {
        return Exit::Holds;
    }
    let told = console.style.say().would_change(&shown(path));
    console.report(&format!("{told}\n"));
    Exit::Fails
}
