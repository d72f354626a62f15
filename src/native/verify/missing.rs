//! What is not there, and the command that gets it.

use super::python::{OLDEST, PROBE_LIMIT};
use crate::language::{Language, say};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It does not start; why, as the system says it.
    Python {
        program: String,
        error: String,
    },
    OldPython {
        program: String,
        version: String,
    },
    /// It starts, and says nothing.
    SilentPython {
        program: String,
    },
    /// Something else of that name.
    NoPython {
        program: String,
    },
    /// Python packages, by name.
    Packages(&'static str),
    Redis,
    /// Neither HOME nor XDG_DATA_HOME is set.
    DataFolder,
    /// Python's own module for environments did not make one; the last that it said.
    Environment {
        said: String,
    },
    /// The packages could not be installed.
    Index {
        said: String,
    },
}

impl Missing {
    /// A command, and after it another way, if there is one.
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

    pub fn what(&self, language: Language) -> String {
        let (major, minor) = OLDEST;
        match self {
            Self::Python { program, error } => say!(
                language,
                "Python is not there: `{program}` does not start ({error})",
                "Python이 없습니다: `{program}`을(를) 시작할 수 없습니다({error})",
                program,
                error
            ),
            Self::OldPython { program, version } => say!(
                language,
                "`{program}` is Python {version}, and {major}.{minor} or newer is needed",
                "`{program}`은(는) Python {version}인데 {major}.{minor} 이상이 필요합니다",
                program,
                version,
                major,
                minor
            ),
            Self::SilentPython { program } => say!(
                language,
                "`{program}` does not say its version within {seconds} s",
                "`{program}`이(가) {seconds}초 안에 버전을 말하지 않습니다",
                program,
                seconds = PROBE_LIMIT.as_secs()
            ),
            Self::NoPython { program } => say!(
                language,
                "`{program}` is no Python",
                "`{program}`은(는) Python이 아닙니다",
                program
            ),
            Self::Packages(names) => say!(
                language,
                "not installed: {names}",
                "설치되어 있지 않습니다: {names}",
                names
            ),
            Self::Redis => say!(
                language,
                "redis-server is not installed",
                "redis-server가 설치되어 있지 않습니다"
            ),
            Self::DataFolder => say!(
                language,
                "there is no place for data: neither HOME nor XDG_DATA_HOME is set",
                "데이터를 둘 곳이 없습니다. HOME도 XDG_DATA_HOME도 설정되어 있지 않습니다"
            ),
            Self::Environment { said } => say!(
                language,
                "the Python environment could not be made: {said}",
                "Python 환경을 만들 수 없습니다: {said}",
                said
            ),
            Self::Index { said } => say!(
                language,
                "the Python packages could not be installed, which needs a connection: {said}",
                "Python 패키지를 설치할 수 없습니다(연결이 필요합니다): {said}",
                said
            ),
        }
    }
}
