//! The exit codes. They are part of the interface: shell scripts and CI jobs rely on them.

use std::process::ExitCode;

/// Ordered from best to worst, so that a command over several files exits with the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    Holds,
    /// An expectation fails, the run ends in a deadlock without `expect deadlock`, or
    /// `fmt --check` would change a file.
    Fails,
    /// Wrong arguments, or a file that cannot be read or written.
    Usage,
    /// A script has errors.
    Invalid,
    /// A limit of the language or of a run's time was reached.
    Limit,
    /// Required software is not installed, e.g. Python or a font.
    Missing,
    /// A signal ended the command. Shells report 128 + 2 for SIGINT.
    Interrupted,
    /// The exit code of a Python program, e.g. of `sys.exit(7)`.
    Program(u8),
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Holds => 0,
            Self::Fails => 1,
            Self::Usage => 2,
            Self::Invalid => 3,
            Self::Limit => 4,
            Self::Missing => 5,
            Self::Interrupted => 130,
            Self::Program(code) => code,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
