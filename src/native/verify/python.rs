//! The interpreter that runs exported programs, and how it is started.
//!
//! Isolated (`-I`): neither the user's site packages nor environment variables
//! change what is measured.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::child::{self, Ended};
use super::error::VerifyError;
use super::folder::Folder;
use super::interrupt::Interrupt;
use super::missing::Missing;

/// The oldest with `asyncio.timeout`, `TaskGroup` and `Runner`.
pub(super) const OLDEST: (u32, u32) = (3, 11);
/// Said by a broken run, and enough to see why.
const SAID_MAX: usize = 2_000;

/// The file of a run that is started.
const MAIN: &str = "main.py";

pub(super) const WATCH: &str = include_str!("python/watch.py");
pub(super) const LIFELINE: &str = include_str!("python/lifeline.py");

/// A Python that is new enough.
#[derive(Clone, Debug)]
pub(super) struct Python {
    program: OsString,
    /// `3.11.7`.
    version: String,
    /// None in a free-threaded build.
    gil: bool,
}

/// Three numbers, and whether there is a GIL.
const ASK: &str = "import sys; print(*sys.version_info[:3], int(getattr(sys, '_is_gil_enabled', lambda: True)()))";

impl Python {
    /// The machine's own, or the one that the user names.
    pub(super) fn of_machine() -> Result<Self, VerifyError> {
        let named = std::env::var_os("LOOPSCOPE_PYTHON").filter(|name| !name.is_empty());
        Self::at(named.unwrap_or_else(|| "python3".into()))
    }

    pub(super) fn at(program: OsString) -> Result<Self, VerifyError> {
        let program_name = || program.to_string_lossy().into_owned();
        let output = Command::new(&program)
            .args(["-I", "-c", ASK])
            .stdin(Stdio::null())
            .output();
        let output = output.map_err(|error| {
            VerifyError::Missing(Missing::Python {
                program: program_name(),
                error: error.to_string(),
            })
        })?;
        let text = String::from_utf8_lossy(&output.stdout);
        let numbers: Vec<u32> = text
            .split_whitespace()
            .filter_map(|part| part.parse().ok())
            .collect();
        let missing = match numbers[..] {
            [major, minor, patch, gil] => {
                let version = format!("{major}.{minor}.{patch}");
                if (major, minor) >= OLDEST {
                    return Ok(Self {
                        program,
                        version,
                        gil: gil != 0,
                    });
                }
                Missing::OldPython {
                    program: program_name(),
                    version,
                }
            }
            _ => Missing::NoPython {
                program: program_name(),
            },
        };
        Err(VerifyError::Missing(missing))
    }

    pub(super) fn program(&self) -> &OsString {
        &self.program
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }

    pub(super) fn has_gil(&self) -> bool {
        self.gil
    }

    /// Runs the `main.py` of these files to its end, in a folder of their own;
    /// the answer is what it recorded.
    pub(super) fn record<T: DeserializeOwned>(
        &self,
        files: &[(&str, impl AsRef<str>)],
        limit: Duration,
        interrupt: &Interrupt,
    ) -> Result<T, VerifyError> {
        let folder = Folder::new().map_err(VerifyError::system("make a folder"))?;
        for (name, text) in files {
            folder
                .write(name, text.as_ref())
                .map_err(VerifyError::system("write a program"))?;
        }
        let said = create(&folder.path().join("said"))?;
        let also = said
            .try_clone()
            .map_err(VerifyError::system("share a file"))?;
        let mut command = Command::new(&self.program);
        surround(&mut command, &folder);
        command
            .args(["-I", "-B"])
            .arg(folder.path().join(MAIN))
            .arg(folder.path())
            .stdout(also)
            .stderr(said);
        record(&mut command, &folder, limit, interrupt)
    }
}

/// What a run sees of the world around it: its own folder, and where programs are.
/// HOME is how some installations of Python find themselves.
pub(super) fn surround(command: &mut Command, folder: &Folder) {
    command
        .env_clear()
        .current_dir(folder.path())
        .env("TMPDIR", folder.path())
        .env("LC_ALL", "C.UTF-8");
    for name in ["PATH", "HOME"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
}

/// Runs a command that leaves a `trace.json` in the folder.
pub(super) fn record<T: DeserializeOwned>(
    command: &mut Command,
    folder: &Folder,
    limit: Duration,
    interrupt: &Interrupt,
) -> Result<T, VerifyError> {
    let ended =
        child::run(command, limit, interrupt).map_err(VerifyError::system("start a run"))?;
    match ended {
        Ended::Interrupted => Err(VerifyError::Interrupted),
        Ended::TimedOut => Err(VerifyError::TimedOut { limit }),
        Ended::Exited(status) => {
            let trace = folder.read("trace.json");
            serde_json::from_str(&trace).map_err(|error| VerifyError::Crashed {
                said: match last_words(&folder.read("said")) {
                    said if said.is_empty() => format!("it ended with {status} ({error})"),
                    said => said,
                },
            })
        }
    }
}

pub(super) fn create(path: &Path) -> Result<File, VerifyError> {
    File::create(path).map_err(VerifyError::system("create a file"))
}

/// The end of a text, from the beginning of a line.
fn last_words(said: &str) -> String {
    let said = said.trim_end();
    let mut start = said.len().saturating_sub(SAID_MAX);
    while !said.is_char_boundary(start) {
        start += 1;
    }
    let tail = &said[start..];
    match tail.split_once('\n') {
        Some((_, lines)) if start > 0 => lines.to_owned(),
        _ => tail.to_owned(),
    }
}
