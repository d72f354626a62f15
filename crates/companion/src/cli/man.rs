//! `man`: writes the manual pages, generated from the help texts.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::args::{Args, ManArgs};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::replace::replace;

pub(super) fn man(args: &ManArgs, console: &mut Console) -> Result<Exit, Failure> {
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
