//! The companion's own Python packages: a virtual environment in the user's
//! data folder, made from a pinned list with hashes. Nothing else is touched.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::child::{Ended, Supervised, supervised};
use super::error::VerifyError;
use super::folder::Folder;
use super::interrupt::Interrupt;
use super::missing::Missing;
use super::python::Python;
use super::supervisor::SAID;

/// By `pip-compile --generate-hashes` from requirements.in.
const REQUIREMENTS: &str = include_str!("python/requirements.txt");
/// Written last: an environment without it was not finished.
const COMPLETE: &str = "complete";
/// Wheels of the pinned list, and no question to anybody. The list comes next.
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

/// Where it is, or will be.
#[derive(Clone, Debug)]
pub(crate) struct Environment(PathBuf);

impl Environment {
    /// A new list of packages is a new folder.
    pub(crate) fn of_user() -> Result<Self, VerifyError> {
        let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let data = named("LOOPSCOPE_DATA").map(PathBuf::from);
        let data = data.or_else(|| Some(PathBuf::from(named("XDG_DATA_HOME")?).join("loopscope")));
        let home = || Some(PathBuf::from(named("HOME")?).join(".local/share/loopscope"));
        let data = data.or_else(home);
        let data = data.ok_or(VerifyError::Missing(Missing::DataFolder))?;
        // Its Python is started in the folders of runs.
        let data = std::path::absolute(data).map_err(VerifyError::system("find a folder"))?;
        Ok(Self(
            data.join(format!("python-{:016x}", hash(REQUIREMENTS))),
        ))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.0.join(COMPLETE).exists()
    }

    /// Its interpreter; where it was never set up, these packages are missing.
    pub(super) fn python(
        &self,
        packages: &'static str,
        interrupt: &Interrupt,
    ) -> Result<Python, VerifyError> {
        if !self.is_complete() {
            return Err(VerifyError::Missing(Missing::Packages(packages)));
        }
        Python::at(self.0.join("bin/python").into(), interrupt)
    }

    /// Makes it, whole or not at all. Two at once wait for each other.
    pub(crate) fn make(&self, interrupt: &Interrupt) -> Result<(), VerifyError> {
        let parent = self.0.parent().expect("it is a folder in a folder");
        fs::create_dir_all(parent).map_err(VerifyError::system("make a folder"))?;
        let lock = File::create(parent.join("lock")).map_err(VerifyError::system("make a lock"))?;
        wait_for(&lock, interrupt)?;
        if self.is_complete() {
            return Ok(());
        }
        // What was left unfinished is of no use.
        let _ = fs::remove_dir_all(&self.0);
        let made = self.install(interrupt);
        if made.is_err() {
            let _ = fs::remove_dir_all(&self.0);
        }
        made
    }

    fn install(&self, interrupt: &Interrupt) -> Result<(), VerifyError> {
        let python = Python::of_machine(interrupt)?;
        let venv = |folder: &Folder| {
            let mut command = supervised(folder, python.program())?;
            command.args(["-I", "-m", "venv"]).arg(&self.0);
            Ok(command)
        };
        perform(venv, |said| Missing::Environment { said }, interrupt)?;
        let list = self.0.join("requirements.txt");
        fs::write(&list, REQUIREMENTS).map_err(VerifyError::system("write a list"))?;
        let pip = |folder: &Folder| {
            let mut command = supervised(folder, self.0.join("bin/python"))?;
            command.args(PIP_INSTALL).arg(&list);
            Ok(command)
        };
        perform(pip, |said| Missing::Index { said }, interrupt)?;
        fs::write(self.0.join(COMPLETE), "").map_err(VerifyError::system("write a file"))
    }
}

/// Until the other setup is over, or somebody has waited enough.
fn wait_for(lock: &File, interrupt: &Interrupt) -> Result<(), VerifyError> {
    loop {
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

/// FNV-1a: the same for the same list, whoever built this program.
fn hash(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// Whether another setup is over.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// Longer than any connection that still gets anywhere.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// Runs one step; what it says when it fails is said. Ended with all that it started
/// when it is interrupted.
fn perform(
    command: impl Fn(&Folder) -> io::Result<Command>,
    missing: impl FnOnce(String) -> Missing,
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
    let last = said.trim().lines().last().unwrap_or("it did not say why");
    Err(VerifyError::Missing(missing(last.to_owned())))
}
