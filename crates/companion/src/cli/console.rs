//! The streams of a command, and the language and colours of its output.
//!
//! Tests replace the streams with buffers.

use std::io::{self, ErrorKind, Read, Write};

use super::colour::{Colour, Ink};
use super::failure::Failure;
use super::words::Say;
use texts::Language;

pub(super) struct Console<'a> {
    pub(super) input: &'a mut dyn Read,
    /// Standard output: results only, so that it can be piped.
    pub(super) out: &'a mut dyn Write,
    /// Standard error: diagnostics, notes, progress.
    pub(super) err: &'a mut dyn Write,
    pub(super) style: Style,
}

/// The language, colours and width of a command's output.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Style {
    pub(super) language: Language,
    pub(super) out: Colour,
    pub(super) err: Colour,
    /// Cells in a line.
    pub(super) columns: usize,
    /// Standard error is a terminal that can erase a line, so progress is shown.
    pub(super) watched: bool,
}

impl Style {
    pub(super) fn say(self) -> Say {
        Say::in_language(self.language)
    }
}

impl Console<'_> {
    /// Writes results. A pipe that its reader closed, e.g. `| head`, is not a failure.
    pub(super) fn write(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        match write(self.out) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(error)),
            _ => Ok(()),
        }
    }

    pub(super) fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.write(|out| out.write_all(text.as_bytes()))
    }

    /// Prints a note to standard error. A failed write is ignored, since it cannot be reported.
    pub(super) fn note(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes());
    }

    /// Prints `error: …` to standard error.
    pub(super) fn complain(&mut self, failure: &Failure) {
        let style = self.style;
        let error = style.err.paint(Ink::Error, style.say().error());
        self.note(&format!("{error}: {}\n", failure.message(style.language)));
    }
}
