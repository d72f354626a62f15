//! The runtime Celery: the exported app with Celery workers and a Redis of its own. The watchers
//! are in `python/`.

use std::path::PathBuf;

use formats::export::{celery_program, sends_jobs};
use model::workload::Workload;

use super::environment::PythonEnvironment;
use super::error::VerifyError;
use super::exported::Exported;
use super::interrupt::Interrupt;
use super::lacks::Lacks;
use super::missing::MissingRequirement;
use super::plan::WatcherPlan;
use super::runtime::Runtime;

pub(super) const PACKAGES: &str = "Celery";
const MAIN: &str = include_str!("python/celery_main.py");
const WORKER: &str = include_str!("python/celery_worker.py");

/// The largest number of workers. Each is a Python process, so more would mostly compete for
/// the CPU while they start.
pub(super) const WORKERS_MAX: u32 = 32;

/// Refuses scripts without jobs, scripts with `until`, because workers do not stop at a given
/// time, and scripts with too many workers.
pub(super) fn check_support(workload: &Workload) -> Result<(), VerifyError> {
    match &workload.machine {
        _ if !sends_jobs(workload) => Err(VerifyError::NoJobs),
        machine if machine.until.is_some() => Err(Lacks::Until.on(Runtime::Celery, 1)),
        machine if machine.jobs > WORKERS_MAX => Err(Lacks::Workers.on(Runtime::Celery, 1)),
        _ => Ok(()),
    }
}

pub(super) fn prepare_program(
    workload: &Workload,
    interrupt: &Interrupt,
) -> Result<Exported, VerifyError> {
    let program = celery_program(workload);
    let redis = redis_server()?;
    let plan = WatcherPlan::of(workload, &program).with_redis(&redis);
    let python = PythonEnvironment::of_user()?.python(PACKAGES, interrupt)?;
    let around = [("worker.py", WORKER), ("main.py", MAIN)];
    Ok(Exported::new(python, program.source, &plan, &around))
}

/// The path of `redis-server`: from LOOPSCOPE_REDIS, or else from PATH.
pub(super) fn redis_server() -> Result<PathBuf, VerifyError> {
    let named = std::env::var_os("LOOPSCOPE_REDIS").filter(|name| !name.is_empty());
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = match named {
        Some(name) => Some(PathBuf::from(name)),
        None => std::env::split_paths(&folders)
            .map(|folder| folder.join("redis-server"))
            .find(|file| file.is_file()),
    };
    found
        .filter(|file| file.is_file())
        // It starts in the folder of the run, where a relative path would be wrong.
        .and_then(|file| std::path::absolute(file).ok())
        .ok_or(VerifyError::Missing(MissingRequirement::Redis))
}
