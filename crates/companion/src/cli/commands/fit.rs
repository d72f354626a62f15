//! `fit`: writes the run of a trace, or of a Python program, as a script that repeats it.
//!
//! Leaves running programs to [`super::run`], and the script to [`analysis::fit`].

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::run::program::{ProgramArgs, has_program_ending, trace_of_program};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::replace::{keep_inputs, replace};
use crate::cli::source::{self, is_standard};
use analysis::fit::{Agreement, FitSource, FittedScript, fit};
use formats::import::{self, FILE_BYTES_MAX, Source};
use texts::{Text, text};

/// Write what a Python program or a trace did as a script that repeats it
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct FitArgs {
    /// The trace, or the Python program (.py); `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Arguments of the Python program
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<OsString>,
    /// The file to write [default: `-`, standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    program: ProgramArgs,
}

pub(crate) const EXAMPLE: Text = text!(
    "\
Example:
  loopscope fit app.py -o app.loop",
);

pub(crate) fn fit_run(args: &FitArgs, console: &mut Console) -> Result<Exit, Failure> {
    keep_inputs(args.output.as_deref(), [args.file.as_path()])?;
    let bytes = if args.program.python || has_program_ending(&args.file) {
        trace_of_program(&args.file, &args.program, &args.arguments, console)?
    } else {
        source::read_at_most(&args.file, FILE_BYTES_MAX, console)?
    };
    let fitted = fitted(&args.file, &bytes)?;
    let language = console.style.language;
    let found = match fitted {
        Ok(found) => found,
        Err(error) => {
            console.report(&format!("{}\n", error.text(language)));
            return Ok(Exit::Limit);
        }
    };
    match &args.output {
        Some(path) if !is_standard(path) => replace(path, |out| {
            std::io::Write::write_all(out, found.text.as_bytes())
        })?,
        _ => console.print(&found.text)?,
    }
    for note in &found.notes {
        console.note(&format!("{}\n", note.text(language)));
    }
    console.note(&format!("{}\n", found.verdict(language)));
    Ok(match found.agreement {
        Agreement::Ends => Exit::Holds,
        Agreement::Total | Agreement::None => Exit::Fails,
    })
}

fn fitted(
    path: &Path,
    bytes: &[u8],
) -> Result<Result<FittedScript, analysis::fit::FitError>, Failure> {
    let (mut opened, program) =
        import::open_with_program(bytes).map_err(|error| Failure::Open {
            path: path.to_owned(),
            error,
        })?;
    let mut printed = Vec::new();
    if let Some(program) = &program {
        program.rename(&mut opened.workload);
        printed.extend(program.printed());
    }
    let text = match (&program, &opened.source) {
        (Some(program), _) => program.text.as_str(),
        (None, Source::Script(script)) => script.as_str(),
        (None, Source::Names(_)) => "",
    };
    let source = FitSource {
        workload: &opened.workload,
        text,
        is_program: program.is_some(),
        printed: &printed,
    };
    Ok(fit(source, &opened.trace))
}
