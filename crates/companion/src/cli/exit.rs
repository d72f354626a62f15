//! The exit codes. They are part of the interface: shell scripts and CI jobs rely on them.

use std::process::ExitCode;

/// Ordered from best to worst, so that a command over several files exits with the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    Holds = 0,
    /// An expectation fails, the run ends in a deadlock without `expect deadlock`, or
    /// `fmt --check` would change a file.
    Fails = 1,
    /// Wrong arguments, or a file that cannot be read or written.
    Usage = 2,
    /// A script has errors.
    Invalid = 3,
    /// A limit of the language or of a run's time was reached.
    Limit = 4,
    /// Required software is not installed, e.g. Python or a font.
    Missing = 5,
    /// A signal ended the command. Shells report 128 + 2 for SIGINT.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
