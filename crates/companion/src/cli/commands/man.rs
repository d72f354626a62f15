//! `man`: writes the manual pages, generated from the help texts.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::commands::Args;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::replace::replace;

/// Print the manual page, or write all manual pages into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  loopscope man man1")]
pub(crate) struct ManArgs {
    /// The folder; it is created if it does not exist
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

pub(crate) fn man(args: &ManArgs, console: &mut Console) -> Result<Exit, Failure> {
    let mut command = Args::command();
    // `build` gives the subcommands their full names, e.g. `loopscope-run`, and global options.
    command.build();
    match &args.dir {
        None => console.write(|mut out| Man::new(command).render(&mut out))?,
        Some(dir) => write_all(&command, dir)?,
    }
    Ok(Exit::Holds)
}

fn write_all(command: &Command, dir: &Path) -> Result<(), Failure> {
    fs::create_dir_all(dir).map_err(|error| Failure::Write {
        path: dir.to_owned(),
        error,
    })?;
    write_page(command, dir)?;
    let visible = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    visible.into_iter().try_for_each(|sub| write_page(sub, dir))
}

fn write_page(command: &Command, dir: &Path) -> Result<(), Failure> {
    let man = Man::new(command.clone());
    let path = dir.join(man.get_filename());
    replace(&path, |mut out| man.render(&mut out))
}
