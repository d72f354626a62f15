//! `setup python`: installs the packages that real runs need into a separate environment.

use clap::{Args, ValueEnum};
use texts::{Text, text};

use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::verify::Interrupt;
use crate::verify::environment::PythonEnvironment;

/// Install the packages for real runs, separate from all others
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct SetupArgs {
    /// What to install
    #[arg(value_enum, value_name = "WHAT")]
    what: What,
}

pub(crate) const EXAMPLE: Text = text!(
    "\
Example:
  loopscope setup python",
);

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// FastAPI, uvicorn, httpx and Celery, in pinned versions
    Python,
}

pub(crate) fn setup(args: &SetupArgs, console: &mut Console) -> Result<Exit, Failure> {
    let What::Python = args.what;
    let environment = PythonEnvironment::of_user().map_err(Failure::Verify)?;
    let say = console.style.say();
    let place = environment.path().display().to_string();
    if environment.is_complete() {
        console.note(&format!("{}\n", say.set_up_already(&place)));
        return Ok(Exit::Holds);
    }
    console.note(&format!("{}\n", say.setting_up(&place)));
    environment
        .make_environment(&Interrupt::on_signals())
        .map_err(Failure::Verify)?;
    console.note(&format!("{}\n", say.set_up()));
    Ok(Exit::Holds)
}
