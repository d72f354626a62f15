//! Where a command reads and writes: the three streams, or stand-ins for them.

use std::io::{self, ErrorKind, Read, Write};

use super::colour::{Colour, Ink};
use super::failure::Failure;
use super::words::Say;
use texts::Language;

pub(super) struct Console<'a> {
    pub(super) input: &'a mut dyn Read,
    /// Data, and nothing else.
    pub(super) out: &'a mut dyn Write,
    /// Everything about it.
    pub(super) err: &'a mut dyn Write,
    pub(super) style: Style,
}

/// How a command speaks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Style {
    pub(super) language: Language,
    pub(super) out: Colour,
    pub(super) err: Colour,
    /// How many cells fit in a line.
    pub(super) columns: usize,
    /// Standard error is a terminal that can erase a line.
    pub(super) watched: bool,
}

impl Style {
    pub(super) fn say(self) -> Say {
        Say::in_language(self.language)
    }
}

impl Console<'_> {
    /// Writes data. A reader who has seen enough (`| head`) is no failure.
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

    /// Says something about the data. Where nobody listens, nobody is told.
    pub(super) fn note(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes());
    }

    pub(super) fn complain(&mut self, failure: &Failure) {
        let style = self.style;
        let error = style.err.paint(Ink::Error, style.say().error());
        self.note(&format!("{error}: {}\n", failure.message(style.language)));
    }
}
