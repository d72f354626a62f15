//! The Python interpreter that runs exported programs.
//!
//! It runs isolated (`-I`), so neither the user's site packages nor environment variables such
//! as PYTHONPATH change the measurement.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::child::{Ended, Supervised, is_exhausted, supervised_command};
use super::environment::PythonEnvironment;
use super::error::VerifyError;
use super::folder::Folder;
use super::interrupt::Interrupt;
use super::missing::MissingRequirement;
use super::supervisor::SAID;

/// The oldest supported version: the first with `asyncio.timeout`, `TaskGroup` and `Runner`.
pub(super) const OLDEST: (u32, u32) = (3, 11);
/// Bytes of a crashed run's output that its error shows: enough for a traceback.
const SAID_MAX: usize = 2_000;
/// How long Python may take to print its version. It takes 20 ms, or a second or two from a cold
/// disk.
pub(super) const PROBE_LIMIT: Duration = Duration::from_secs(5);

/// The file that the interpreter starts.
const MAIN: &str = "main.py";

/// An interpreter that was started once and is new enough.
#[derive(Clone, Debug)]
pub(super) struct PythonInterpreter {
    program: OsString,
    /// E.g. `3.11.7`.
    version: String,
    /// False in a free-threaded build.
    gil: bool,
}

/// Prints the version and whether there is a GIL, e.g. `3 11 7 1`.
const ASK: &str = "import sys; print(*sys.version_info[:3], int(getattr(sys, '_is_gil_enabled', lambda: True)()))";

impl PythonInterpreter {
    /// The interpreter in LOOPSCOPE_PYTHON; that of the virtual environment in which a wheel put
    /// this program, unless another one is active; or else the `python3` in PATH.
    pub(super) fn of_machine(interrupt: &Interrupt) -> Result<Self, VerifyError> {
        let named = std::env::var_os("LOOPSCOPE_PYTHON").filter(|name| !name.is_empty());
        let beside = || {
            let program = std::env::current_exe().ok()?;
            python_beside(&program).filter(|_| !has_active_environment())
        };
        let python = named.or_else(|| beside().map(PathBuf::into_os_string));
        Self::at(python.unwrap_or_else(|| "python3".into()), interrupt)
    }

    /// The interpreter for the user's own programs: that in LOOPSCOPE_PYTHON, that of an active
    /// virtual environment, that of `loopscope setup python`, which has FastAPI and Celery, or
    /// else the `python3` in PATH.
    pub(super) fn for_programs(interrupt: &Interrupt) -> Result<Self, VerifyError> {
        let is_chosen = is_set("LOOPSCOPE_PYTHON") || has_active_environment();
        match PythonEnvironment::of_user() {
            Ok(environment) if !is_chosen && environment.is_complete() => {
                environment.python("", interrupt)
            }
            _ => Self::of_machine(interrupt),
        }
    }

    pub(super) fn at(program: OsString, interrupt: &Interrupt) -> Result<Self, VerifyError> {
        let program = from_anywhere(program);
        let probe = |folder: &Folder| {
            let mut command = supervised_command(folder, &program)?;
            command.args(["-I", "-c", ASK]);
            Ok(command)
        };
        let mut probe = Supervised::new(probe).map_err(VerifyError::system("start Python"))?;
        let ended = probe.run(PROBE_LIMIT, interrupt);
        let program_name = || program.to_string_lossy().into_owned();
        let missing = match ended {
            // Installing Python would not help, so this is not a `MissingRequirement`.
            Err(error) if is_exhausted(&error) => {
                return Err(VerifyError::system("start Python")(error));
            }
            Err(error) => MissingRequirement::Python {
                program: program_name(),
                error: error.to_string(),
            },
            Ok(Ended::Interrupted) => return Err(VerifyError::Interrupted),
            Ok(Ended::TimedOut) => MissingRequirement::SilentPython {
                program: program_name(),
            },
            Ok(Ended::Exited(_)) => match parse_version(&probe.folder().read(SAID)) {
                Some([major, minor, patch, gil]) if (major, minor) >= OLDEST => {
                    return Ok(Self {
                        program,
                        version: format!("{major}.{minor}.{patch}"),
                        gil: gil != 0,
                    });
                }
                Some([major, minor, patch, _]) => MissingRequirement::OldPython {
                    program: program_name(),
                    version: format!("{major}.{minor}.{patch}"),
                },
                None => MissingRequirement::NoPython {
                    program: program_name(),
                },
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

    /// Writes the files into a new folder, runs their `main.py` to its end, and reads the
    /// `trace.json` that it leaves.
    pub(super) fn record<T: DeserializeOwned>(
        &self,
        files: &[(impl AsRef<str>, impl AsRef<str>)],
        limit: Duration,
        interrupt: &Interrupt,
    ) -> Result<T, VerifyError> {
        let command = |folder: &Folder| {
            let mut command = supervised_command(folder, &self.program)?;
            set_environment(&mut command, folder);
            command
                // -B: no `__pycache__`, which would not be used again.
                .args(["-I", "-B"])
                .arg(folder.path().join(MAIN))
                .arg(folder.path());
            Ok(command)
        };
        let mut run = Supervised::new(command).map_err(VerifyError::system("start a run"))?;
        for (name, text) in files {
            run.folder()
                .write(name.as_ref(), text.as_ref())
                .map_err(VerifyError::system("write a program"))?;
        }
        record(&mut run, limit, interrupt)
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Whether a virtual environment is active; then PATH leads to its `python3`.
fn has_active_environment() -> bool {
    is_set("VIRTUAL_ENV") || is_set("CONDA_PREFIX")
}

/// The interpreter of the virtual environment that holds a program, e.g. `.venv/bin/python3` for
/// `.venv/bin/loopscope`.
fn python_beside(program: &Path) -> Option<PathBuf> {
    let folder = program.parent()?;
    let python = folder.join("python3");
    (folder.parent()?.join("pyvenv.cfg").exists() && python.exists()).then_some(python)
}

/// Makes a relative path absolute, because the run has another working directory. A bare name,
/// e.g. `python3`, is left for the search in PATH.
fn from_anywhere(program: OsString) -> OsString {
    match Path::new(&program).components().count() {
        1 => program,
        _ => std::path::absolute(&program).map_or(program, PathBuf::into_os_string),
    }
}

/// Parses the output of [`ASK`]: the last line of four numbers, because Python may print
/// warnings before it.
fn parse_version(said: &str) -> Option<[u32; 4]> {
    let numbers = |line: &str| -> Option<[u32; 4]> {
        let words = line.split_whitespace().map(|word| word.parse().ok());
        words.collect::<Option<Vec<u32>>>()?.try_into().ok()
    };
    said.lines().rev().find_map(numbers)
}

/// Sets the environment variables of a run. It inherits only PATH and HOME, by which some
/// installations of Python find their files.
pub(super) fn set_environment(command: &mut Command, folder: &Folder) {
    command
        .env_clear()
        // Temporary files of the run are removed with its folder.
        .env("TMPDIR", folder.path())
        .env("LC_ALL", "C.UTF-8");
    for name in ["PATH", "HOME"] {
        command.envs(std::env::var_os(name).map(|value| (name, value)));
    }
}

/// Runs a command that writes `trace.json` into its folder, and reads that file.
pub(super) fn record<T: DeserializeOwned>(
    run: &mut Supervised,
    limit: Duration,
    interrupt: &Interrupt,
) -> Result<T, VerifyError> {
    let ended = run
        .run(limit, interrupt)
        .map_err(VerifyError::system("start a run"))?;
    match ended {
        Ended::Interrupted => Err(VerifyError::Interrupted),
        Ended::TimedOut => Err(VerifyError::TimedOut { limit }),
        Ended::Exited(status) => {
            // The file decides, not the exit status: a failure during shutdown, after the
            // result was written, does not matter.
            let trace = run.folder().read("trace.json");
            serde_json::from_str(&trace).map_err(|error| VerifyError::Crashed {
                said: match last_words(&run.folder().read(SAID)) {
                    said if said.is_empty() => format!("it ended with {status} ({error})"),
                    said => said,
                },
            })
        }
    }
}

/// The last lines of the output, at most `SAID_MAX` bytes.
pub(super) fn last_words(said: &str) -> String {
    let said = said.trim_end();
    let mut start = said.len().saturating_sub(SAID_MAX);
    // Slicing inside a character would panic.
    while !said.is_char_boundary(start) {
        start += 1;
    }
    let tail = &said[start..];
    match tail.split_once('\n') {
        Some((_, lines)) if start > 0 => lines.to_owned(),
        _ => tail.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_in_a_virtual_environment_has_its_python() {
        let environment = Folder::named().expect("random bytes for a name");
        let program = environment.path().join("bin/loopscope");
        let write = |name: &str| environment.write(name, "").expect("it can be written");
        write("bin/python3");
        assert_eq!(python_beside(&program), None, "it is no environment");
        write("pyvenv.cfg");
        let expected = environment.path().join("bin/python3");
        assert_eq!(python_beside(&program), Some(expected));
        std::fs::remove_dir_all(environment.path()).expect("it can be removed");
    }

    #[test]
    fn a_python_may_complain_before_it_says_its_version() {
        assert_eq!(parse_version("3 11 7 1\n"), Some([3, 11, 7, 1]));
        assert_eq!(
            parse_version("warning: 2 files\n3 14 0 0\n"),
            Some([3, 14, 0, 0])
        );
        for other in ["", "GNU bash, version 5.2.15\n", "3 11 7\n", "3 11 7 one\n"] {
            assert_eq!(parse_version(other), None, "{other}");
        }
    }
}
