//! `link`: converts a script to a share link, and a link to its script or program.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::args::Rows;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::source;
use chart::scene::By;
use formats::link::{self, Shared};
use texts::{Text, text};

/// Print the link that opens a script in the page, or the script of a link
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct LinkArgs {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "read")]
    file: Option<PathBuf>,
    /// Address of the page; without it only the part after the `#` is printed
    #[arg(long, value_name = "ADDRESS")]
    page: Option<String>,
    /// Rows of the chart
    #[arg(long, value_enum, default_value_t, value_name = "ROWS")]
    by: Rows,
    /// Print the script of this link instead
    #[arg(long, value_name = "LINK", conflicts_with_all = ["file", "page", "by"])]
    read: Option<String>,
}

const EXAMPLE: Text = text!(
    "\
Example:
  loopscope link pasta.loop --page https://example.org/loopscope/",
);

pub(crate) fn link(args: &LinkArgs, console: &mut Console) -> Result<Exit, Failure> {
    let written = match &args.read {
        Some(address) => link::decode(link_fragment(address))
            .map(|shared| {
                let program = shared.program.filter(|program| !program.is_empty());
                program.unwrap_or(shared.script)
            })
            .map_err(Failure::Link)?,
        None => make_link(args, console)?,
    };
    console.print(&written)?;
    Ok(Exit::Holds)
}

fn make_link(args: &LinkArgs, console: &mut Console) -> Result<String, Failure> {
    let file = args.file.as_deref().unwrap_or(Path::new("-"));
    let bytes = source::read(file, console)?;
    let shared = Shared {
        script: String::from_utf8_lossy(&bytes).into_owned(),
        by_thread: By::from(args.by) == By::Threads,
        ..Shared::default()
    };
    let link = link::encode(&shared).map_err(Failure::Link)?;
    Ok(link_address(args.page.as_deref(), &link))
}

/// The part after `#`, or the whole text if there is none.
fn link_fragment(address: &str) -> &str {
    address
        .split_once('#')
        .map_or(address, |(_, fragment)| fragment)
}

fn link_address(page: Option<&str>, link: &str) -> String {
    match page {
        // An address copied from a browser may have a fragment already.
        Some(page) => format!("{}#{link}\n", page.split('#').next().unwrap_or(page)),
        None => format!("{link}\n"),
    }
}
