//! The runtimes that are part of this program: threads and tokio.
//!
//! They run in a second process of this program, so that a run that hangs can be killed. The
//! process gets the workload as a file, `job.json`.
//!
//! - [`threads`], [`tokio`]: the two runtimes.
//! - [`synchronous`]: execution of a body on a thread, for both. [`burn`]: CPU work.
//! - [`gil`]: a lock that imitates the GIL.
//! - [`recorder`]: records the run, from any thread.

mod burn;
mod gil;
mod recorder;
mod synchronous;
pub(super) mod threads;
pub(super) mod tokio;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, exit};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::child::{Supervised, supervised_command};
use super::error::VerifyError;
use super::folder::Folder;
use super::interrupt::Interrupt;
use super::python::{record, set_environment};
use super::supervisor::{SAID, this_program};
use super::wire::Wire;
use super::{Runtime, plan};
use model::workload::Workload;

/// The first argument of the process that runs a workload. An internal argument: the help does
/// not list it.
pub(crate) const ARGUMENT: &str = "run-workload-in-this-process";

/// The content of `job.json`.
#[derive(Debug, Serialize, Deserialize)]
struct RunJob {
    on: LocalRuntime,
    workload: Workload,
    /// The cores that the run may use; empty for all.
    affinity: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum LocalRuntime {
    Threads,
    Tokio,
}

/// A workload that is ready for repeated runs.
#[derive(Debug)]
pub(super) struct Prepared {
    job: String,
    program: PathBuf,
}

impl Prepared {
    pub(super) fn new(runtime: Runtime, workload: &Workload) -> Result<Self, VerifyError> {
        let job = RunJob {
            on: match runtime {
                Runtime::Tokio => LocalRuntime::Tokio,
                _ => LocalRuntime::Threads,
            },
            workload: workload.clone(),
            affinity: plan::core_affinity(workload.machine.cores),
        };
        Ok(Self {
            job: serde_json::to_string(&job).expect("a workload is plain data"),
            program: this_program().map_err(VerifyError::system("find this program"))?,
        })
    }

    pub(super) fn record(
        &self,
        limit: Duration,
        interrupt: &Interrupt,
    ) -> Result<Wire, VerifyError> {
        let command = |folder: &Folder| {
            let mut command = supervised_command(folder, &self.program)?;
            set_environment(&mut command, folder);
            command.arg(ARGUMENT).arg(folder.path());
            Ok(command)
        };
        let mut run = Supervised::new(command).map_err(VerifyError::system("start a run"))?;
        run.folder()
            .write("job.json", &self.job)
            .map_err(VerifyError::system("write a workload"))?;
        record(&mut run, limit, interrupt)
    }
}

/// The main function of the process that runs a workload. Returns only after an error: a
/// successful run exits in [`write_and_exit`].
pub(crate) fn main(folder: &Path) -> ExitCode {
    if let Err(reason) = run_job(folder) {
        let _ = fs::write(folder.join(SAID), reason);
    }
    ExitCode::FAILURE
}

fn run_job(folder: &Path) -> Result<(), String> {
    let text = fs::read_to_string(folder.join("job.json")).map_err(|error| error.to_string())?;
    let job: RunJob = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    bind_to_cores(&job.affinity);
    let leave = |wire: Wire| write_and_exit(folder, &wire);
    match job.on {
        LocalRuntime::Threads => threads::run_on_threads(&job.workload, leave),
        LocalRuntime::Tokio => tokio::run_on_tokio(job.workload, leave),
    }
    Ok(())
}

/// Writes the result and exits. Threads that still run end with the process; their further
/// records are not needed.
fn write_and_exit(folder: &Path, wire: &Wire) {
    let text = serde_json::to_string(wire).expect("a wire is plain data");
    match fs::write(folder.join("trace.json"), text) {
        Ok(()) => exit(0),
        Err(_) => exit(1),
    }
}

#[cfg(target_os = "linux")]
fn bind_to_cores(cores: &[u32]) {
    if cores.is_empty() {
        return;
    }
    let mut set = rustix::thread::CpuSet::new();
    for &core in cores {
        set.set(core as usize);
    }
    // If the system refuses, the run uses more cores than the prediction, and the times show it.
    let _ = rustix::thread::sched_setaffinity(None, &set);
}

#[cfg(not(target_os = "linux"))]
fn bind_to_cores(_: &[u32]) {}
