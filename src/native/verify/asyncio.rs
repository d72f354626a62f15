//! On the machine's own CPython: the exported program, watched from outside.

use std::time::Duration;

use crate::export::asyncio_program;
use crate::workload::Workload;

use super::error::VerifyError;
use super::interrupt::Interrupt;
use super::plan::Plan;
use super::python::{LIFELINE, Python, WATCH};
use super::wire::Wire;

const MAIN: &str = include_str!("python/asyncio_main.py");

/// Everything that does not change from run to run.
#[derive(Debug)]
pub(super) struct Asyncio {
    python: Python,
    source: String,
    plan: String,
}

impl Asyncio {
    pub(super) fn new(workload: &Workload) -> Result<Self, VerifyError> {
        let program = asyncio_program(workload);
        let plan = Plan::of(workload, &program);
        Ok(Self {
            python: Python::of_machine()?,
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
            ("main.py", MAIN),
        ];
        self.python.record(&files, limit, interrupt)
    }
}
