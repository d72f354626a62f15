//! On FastAPI: the exported app under real uvicorn on a loopback port, called by
//! the exported client over HTTP.

use std::time::Duration;

use crate::export::fastapi_program;
use crate::workload::Workload;

use super::environment::Environment;
use super::error::VerifyError;
use super::interrupt::Interrupt;
use super::plan::Plan;
use super::python::{LIFELINE, Python, WATCH};
use super::wire::Wire;

pub(super) const PACKAGES: &str = "FastAPI, uvicorn, httpx";
const MAIN: &str = include_str!("python/fastapi_main.py");
const SERVER: &str = include_str!("python/fastapi_server.py");

/// Everything that does not change from run to run.
#[derive(Debug)]
pub(super) struct Fastapi {
    python: Python,
    source: String,
    plan: String,
}

/// A server does not stop its clock.
pub(super) fn admit(workload: &Workload) -> Result<(), VerifyError> {
    match workload.machine.until {
        None => Ok(()),
        Some(_) => Err(VerifyError::Unsupported {
            runtime: "fastapi",
            what: "`until`",
            line: 1,
        }),
    }
}

impl Fastapi {
    pub(super) fn new(workload: &Workload) -> Result<Self, VerifyError> {
        let program = fastapi_program(workload);
        let plan = Plan::of(workload, &program);
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
            ("server.py", SERVER),
            ("main.py", MAIN),
        ];
        self.python.record(&files, limit, interrupt)
    }
}
