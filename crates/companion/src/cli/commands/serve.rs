//! `serve`: serves the page on this machine, with an API for real runs.
//!
//! Leaves the server to [`crate::serve`].

use std::fs::File;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::AsFd;
use texts::{Text, text};

use clap::Args;

use crate::cli::args::whole_number;
use crate::cli::colour::Ink;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::serve::{self, PageOrigin, ServeOptions};
use crate::verify::Interrupt;

/// Serve the page on this machine, with an API for real runs
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE.en())]
pub(crate) struct ServeArgs {
    /// The port [default: a free one]
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 0,
        hide_default_value = true,
        value_parser = whole_number::<u16>(0..=65_535)
    )]
    port: u16,
    /// The address of this machine [default: 127.0.0.1, not reachable from other machines]
    #[arg(long, value_name = "ADDRESS")]
    host: Option<IpAddr>,
    /// The origin of another page that may run scripts here, too
    #[arg(long, value_name = "URL", value_parser = parse_origin)]
    allow_origin: Vec<PageOrigin>,
    /// Allow an address that other machines can reach
    #[arg(long)]
    i_understand: bool,
}

pub(crate) const EXAMPLE: Text = text!(
    "\
Example:
  loopscope serve --port 8765",
);

fn parse_origin(text: &str) -> Result<PageOrigin, String> {
    PageOrigin::parse(text)
        .ok_or_else(|| "write scheme, host and port alone: `https://page.example`".to_owned())
}

/// Prints the next address. Duplicates the descriptor of standard output, because `main` holds
/// the lock of `io::stdout` until the command ends.
fn announce_next(address: &str) {
    if let Ok(out) = io::stdout().as_fd().try_clone_to_owned() {
        // The server keeps running if its terminal or pipe is closed.
        let _ = writeln!(File::from(out), "{address}");
    }
}

/// Serves until a signal arrives.
pub(crate) fn serve(args: &ServeArgs, console: &mut Console) -> Result<Exit, Failure> {
    let options = ServeOptions {
        host: args.host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        port: args.port,
        origins: args.allow_origin.clone(),
        in_public: args.i_understand,
    };
    let interrupt = Interrupt::on_signals();
    let say = console.style.say();
    if !serve::HAS_PAGE {
        let warning = console.style.err.paint(Ink::Warning, say.warning_label());
        console.report(&format!("{warning}: {}\n", say.without_page()));
    }
    let mut told = Ok(());
    let announce = |address: &str| {
        // Otherwise the address would stay in the buffer until the server ends.
        told = console
            .print(&format!("{address}\n"))
            .and_then(|()| console.write(|out| out.flush()));
        // Only the address tells the port and the code, so a server without it is of no use.
        if told.is_err() {
            interrupt.raise();
            return;
        }
        console.report(&format!("{}\n", say.serving_note()));
    };
    serve::serve(&options, &interrupt, announce, announce_next).map_err(Failure::Serve)?;
    told?;
    Ok(Exit::Interrupted)
}
