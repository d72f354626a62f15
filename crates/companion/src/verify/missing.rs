//! Software and folders that a verification needs and does not find, each with the command
//! that provides it.

use super::python::{OLDEST, PROBE_LIMIT};
use texts::{Language, say};

/// A missing requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingRequirement {
    /// The interpreter does not start. `error` is the system's message.
    Python {
        program: String,
        error: String,
    },
    OldPython {
        program: String,
        version: String,
    },
    /// The interpreter starts, but does not print its version in time.
    SilentPython {
        program: String,
    },
    /// The program is not a Python interpreter.
    NoPython {
        program: String,
    },
    /// The names of the Python packages, e.g. `FastAPI, uvicorn, httpx`.
    Packages(&'static str),
    Redis,
    /// Neither HOME nor XDG_DATA_HOME is set.
    DataFolder,
    /// `python -m venv` failed. `said` is the last line of its output.
    Environment {
        said: String,
    },
    /// `pip install` failed. `said` is the last line of its output.
    Index {
        said: String,
    },
}

impl MissingRequirement {
    /// The command that provides it. An alternative, if there is one, follows after `; or: `.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Python { .. }
            | Self::OldPython { .. }
            | Self::SilentPython { .. }
            | Self::NoPython { .. } => {
                "apt-get install python3 (3.11 or newer); or: export LOOPSCOPE_PYTHON=/path/to/python3"
            }
            Self::Packages(_) | Self::Index { .. } => "loopscope setup python",
            Self::Redis => {
                "apt-get install redis-server; or: export LOOPSCOPE_REDIS=/path/to/redis-server"
            }
            Self::DataFolder => "export HOME=/a/folder/of/yours",
            Self::Environment { .. } => "apt-get install python3-venv",
        }
    }

    /// The message, without the remedy.
    pub fn what(&self, language: Language) -> String {
        let (major, minor) = OLDEST;
        match self {
            Self::Python { program, error } => say!(
                language,
                "Python was not found: `{program}` does not start ({error})",
                program,
                error
            ),
            Self::OldPython { program, version } => say!(
                language,
                "`{program}` is Python {version}, but {major}.{minor} or newer is needed",
                program,
                version,
                major,
                minor
            ),
            Self::SilentPython { program } => say!(
                language,
                "`{program}` did not report its version within {seconds} s",
                program,
                seconds = PROBE_LIMIT.as_secs()
            ),
            Self::NoPython { program } => {
                say!(language, "`{program}` is not a Python interpreter", program)
            }
            Self::Packages(names) => say!(language, "not installed: {names}", names),
            Self::Redis => say!(language, "redis-server is not installed"),
            Self::DataFolder => say!(
                language,
                "there is no folder for data: set HOME or XDG_DATA_HOME"
            ),
            Self::Environment { said } => say!(
                language,
                "cannot create the Python environment: {said}",
                said
            ),
            Self::Index { said } => say!(
                language,
                "cannot install the Python packages, which needs an internet connection: {said}",
                said
            ),
        }
    }
}
