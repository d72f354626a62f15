//! What the process says with its last breath. Scripts in shells and in CI
//! rely on these numbers.

use std::process::ExitCode;

/// From the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    Holds = 0,
    /// An expectation does not hold, or a deadlock that nobody expected; a
    /// file that `fmt --check` would change.
    Fails = 1,
    /// Called wrongly; a file that cannot be read or written.
    Usage = 2,
    /// A script has errors.
    Invalid = 3,
    /// A limit of the language, or of a run's time, was reached.
    Limit = 4,
    /// Something that the command needs is not installed.
    Missing = 5,
    /// Somebody ended it by a signal; shells use this number.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
