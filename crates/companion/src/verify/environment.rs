//! The companion's virtual environment with FastAPI and Celery. It is in the user's data folder
//! and installed from a pinned list with hashes. Other environments are not changed.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::child::{Ended, Supervised, supervised_command};
use super::error::VerifyError;
use super::folder::Folder;
use super::interrupt::Interrupt;
use super::missing::MissingRequirement;
use super::python::PythonInterpreter;
use super::supervisor::SAID;

/// Generated from requirements.in by `pip-compile --generate-hashes`.
const REQUIREMENTS: &str = include_str!("python/requirements.txt");
/// A file that is written last. An environment without it is incomplete.
const COMPLETE: &str = "complete";
/// The arguments that install wheels of the pinned list without prompts. The path of the list
/// follows. Only wheels, because a source package would execute code to build itself.
const PIP_INSTALL: [&str; 10] = [
    "-I",
    "-m",
    "pip",
    "install",
    "--quiet",
    "--no-input",
    "--require-hashes",
    "--only-binary=:all:",
    "--disable-pip-version-check",
    "-r",
];

/// The path of the environment, which may not exist yet.
#[derive(Clone, Debug)]
pub(crate) struct PythonEnvironment(PathBuf);

impl PythonEnvironment {
    /// The user's environment for this list of packages. Its folder's name has the hash of the
    /// list, so an update with a new list makes a new environment.
    pub(crate) fn of_user() -> Result<Self, VerifyError> {
        let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let data = named("LOOPSCOPE_DATA").map(PathBuf::from);
        let data = data.or_else(|| Some(PathBuf::from(named("XDG_DATA_HOME")?).join("loopscope")));
        let home = || Some(PathBuf::from(named("HOME")?).join(".local/share/loopscope"));
        let data = data.or_else(home);
        let data = data.ok_or(VerifyError::Missing(MissingRequirement::DataFolder))?;
        // Its Python starts in the folders of runs, where a relative path would be wrong.
        let data = std::path::absolute(data).map_err(VerifyError::system("find a folder"))?;
        Ok(Self(
            data.join(format!("python-{:016x}", text_hash(REQUIREMENTS))),
        ))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.0.join(COMPLETE).exists()
    }

    /// The environment's interpreter. The error for an environment that was never set up names
    /// these packages.
    pub(super) fn python(
        &self,
        packages: &'static str,
        interrupt: &Interrupt,
    ) -> Result<PythonInterpreter, VerifyError> {
        if !self.is_complete() {
            return Err(VerifyError::Missing(MissingRequirement::Packages(packages)));
        }
        PythonInterpreter::at(self.0.join("bin/python").into(), interrupt)
    }

    /// Makes the environment; after an error nothing of it is left. Waits while another process
    /// does the same.
    pub(crate) fn make_environment(&self, interrupt: &Interrupt) -> Result<(), VerifyError> {
        let parent = self.0.parent().expect("it is a folder in a folder");
        fs::create_dir_all(parent).map_err(VerifyError::system("make a folder"))?;
        let lock = File::create(parent.join("lock")).map_err(VerifyError::system("make a lock"))?;
        wait_for(&lock, interrupt)?;
        // The process that held the lock may have made the environment.
        if self.is_complete() {
            return Ok(());
        }
        // A setup that was killed has left an incomplete environment.
        let _ = fs::remove_dir_all(&self.0);
        let made = self.install_packages(interrupt);
        if made.is_err() {
            let _ = fs::remove_dir_all(&self.0);
        }
        made
    }

    fn install_packages(&self, interrupt: &Interrupt) -> Result<(), VerifyError> {
        let python = PythonInterpreter::of_machine(interrupt)?;
        let venv = |folder: &Folder| {
            let mut command = supervised_command(folder, python.program())?;
            command.args(["-I", "-m", "venv"]).arg(&self.0);
            Ok(command)
        };
        perform_command(
            venv,
            |said| MissingRequirement::Environment { said },
            interrupt,
        )?;
        let list = self.0.join("requirements.txt");
        fs::write(&list, REQUIREMENTS).map_err(VerifyError::system("write a list"))?;
        let pip = |folder: &Folder| {
            let mut command = supervised_command(folder, self.0.join("bin/python"))?;
            command.args(PIP_INSTALL).arg(&list);
            Ok(command)
        };
        perform_command(pip, |said| MissingRequirement::Index { said }, interrupt)?;
        fs::write(self.0.join(COMPLETE), "").map_err(VerifyError::system("write a file"))
    }
}

/// Locks the file, i.e. waits until no other setup runs, or until an interrupt.
fn wait_for(lock: &File, interrupt: &Interrupt) -> Result<(), VerifyError> {
    loop {
        // Polls, because a blocking `lock` could not be interrupted.
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if interrupt.is_raised_within(LOOK_AGAIN) => {
                return Err(VerifyError::Interrupted);
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => {
                return Err(VerifyError::system("wait for another setup")(error));
            }
        }
    }
}

/// FNV-1a. Unlike the standard library's hasher it gives the same value with every version of
/// Rust.
fn text_hash(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// The time between two attempts to lock the file.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// The time limit of one step: an hour, because a slow connection may take long.
const PATIENCE: Duration = Duration::from_hours(1);

/// Runs one step of the setup. The error has the last line of its output. An interrupt ends all
/// its processes.
fn perform_command(
    command: impl Fn(&Folder) -> io::Result<Command>,
    missing: impl FnOnce(String) -> MissingRequirement,
    interrupt: &Interrupt,
) -> Result<(), VerifyError> {
    let mut step = Supervised::new(command).map_err(VerifyError::system("start Python"))?;
    let ended = step
        .run(PATIENCE, interrupt)
        .map_err(VerifyError::system("start Python"))?;
    match ended {
        Ended::Exited(status) if status.success() => return Ok(()),
        Ended::Interrupted => return Err(VerifyError::Interrupted),
        Ended::Exited(_) | Ended::TimedOut => {}
    }
    let said = step.folder().read(SAID);
    let last = said.trim().lines().last().unwrap_or("it gave no reason");
    Err(VerifyError::Missing(missing(last.to_owned())))
}
