//! On Celery: the exported app, real workers and a real Redis that is the run's own.

use std::path::PathBuf;
use std::time::Duration;

use crate::export::{celery_program, sends_jobs};
use crate::workload::Workload;

use super::environment::Environment;
use super::error::VerifyError;
use super::interrupt::Interrupt;
use super::missing::Missing;
use super::plan::Plan;
use super::python::{LIFELINE, Python, WATCH};
use super::wire::Wire;

pub(super) const PACKAGES: &str = "Celery";
const MAIN: &str = include_str!("python/celery_main.py");
const WORKER: &str = include_str!("python/celery_worker.py");

/// More workers than these would only wait for each other to start.
const WORKERS_MAX: u32 = 32;

/// Everything that does not change from run to run.
#[derive(Debug)]
pub(super) struct Celery {
    python: Python,
    source: String,
    plan: String,
}

/// Workers do not stop with the script's clock, and without a job there is nothing for them to do.
pub(super) fn admit(workload: &Workload) -> Result<(), VerifyError> {
    let unsupported = |what| VerifyError::Unsupported {
        runtime: "celery",
        what,
        line: 1,
    };
    match &workload.machine {
        _ if !sends_jobs(workload) => Err(VerifyError::NoJobs),
        machine if machine.until.is_some() => Err(unsupported("`until`")),
        machine if machine.jobs > WORKERS_MAX => Err(unsupported("more than 32 workers here")),
        _ => Ok(()),
    }
}

impl Celery {
    pub(super) fn new(workload: &Workload) -> Result<Self, VerifyError> {
        let program = celery_program(workload);
        let redis = redis_server()?;
        let plan = Plan::of(workload, &program).with_redis(&redis);
        Ok(Self {
            python: Environment::of_user()?.python(PACKAGES)?,
            source: program.source,
            plan: serde_json::to_string(&plan).expect("a plan has string keys only"),
        })
    }

    pub(super) fn record(
        &self,
        limit: Duration,
        interrupt: &Interrupt,
    ) -> Result<Wire, VerifyError> {
        let files = [
            ("program.py", self.source.as_str()),
            ("plan.json", &self.plan),
            ("watch.py", WATCH),
            ("lifeline.py", LIFELINE),
            ("worker.py", WORKER),
            ("main.py", MAIN),
        ];
        self.python.record(&files, limit, interrupt)
    }
}

/// The machine's own, or the one that the user names.
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
        .ok_or(VerifyError::Missing(Missing::Redis))
}
