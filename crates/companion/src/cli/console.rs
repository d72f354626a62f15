//! The streams of a command, and the language and colours of its output.
//!
//! Tests replace the streams with buffers.

use std::io::{self, ErrorKind, Read, Write};

use super::colour::{Colour, Ink};
use super::failure::Failure;
use super::words::Say;
use texts::Language;

pub(crate) struct Console<'a> {
    pub(crate) input: &'a mut dyn Read,
    /// Standard output: results only, so that it can be piped.
    pub(crate) out: &'a mut dyn Write,
    /// Standard error: diagnostics, notes, progress.
    pub(crate) err: &'a mut dyn Write,
    pub(crate) style: Style,
}

/// The language, colours and width of a command's output.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style {
    pub(crate) language: Language,
    pub(crate) out: Colour,
    pub(crate) err: Colour,
    /// Cells in a line.
    pub(crate) columns: usize,
    /// Standard error is a terminal that can erase a line, so progress is shown.
    pub(crate) watched: bool,
    /// `--quiet`: no notes.
    pub(crate) quiet: bool,
}

impl Style {
    /// The same with or without notes and progress.
    pub(crate) fn quiet(self, quiet: bool) -> Self {
        Self {
            watched: self.watched && !quiet,
            quiet,
            ..self
        }
    }

    pub(crate) fn say(self) -> Say {
        Say::in_language(self.language)
    }
}

impl Console<'_> {
    /// Writes results. A pipe that its reader closed, e.g. `| head`, is not a failure.
    pub(crate) fn write(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        match write(self.out) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(error)),
            _ => Ok(()),
        }
    }

    pub(crate) fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.write(|out| out.write_all(text.as_bytes()))
    }

    /// Prints a note to standard error, unless the command is to be quiet.
    pub(crate) fn note(&mut self, text: &str) {
        if !self.style.quiet {
            self.report(text);
        }
    }

    /// Prints diagnostics or the reason of the exit code to standard error. A failed write is ignored,
    /// since it cannot be reported.
    pub(crate) fn report(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes());
    }

    /// Prints `error: …` to standard error.
    pub(crate) fn complain(&mut self, failure: &Failure) {
        let style = self.style;
        let error = style.err.paint(Ink::Error, style.say().error_label());
        self.report(&format!("{error}: {}\n", failure.message(style.language)));
    }
}
