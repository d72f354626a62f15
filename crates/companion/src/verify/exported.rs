//! An exported program, ready to run on Python again and again, watched from outside.
//!
//! What stands around it (servers, workers, a broker) is decided by the runtime.

use std::time::Duration;

use super::error::VerifyError;
use super::interrupt::Interrupt;
use super::plan::Plan;
use super::python::{Python, WATCH};
use super::wire::Wire;

/// Everything that does not change from run to run.
#[derive(Debug)]
pub(super) struct Exported {
    python: Python,
    /// By name; `main.py` is started.
    files: Vec<(&'static str, String)>,
}

impl Exported {
    /// `source` is the program, `around` what starts and serves it.
    pub(super) fn new(
        python: Python,
        source: String,
        plan: &Plan,
        around: &[(&'static str, &str)],
    ) -> Self {
        let plan = serde_json::to_string(plan).expect("a plan has string keys only");
        let mut files = vec![
            ("program.py", source),
            ("plan.json", plan),
            ("watch.py", WATCH.to_owned()),
        ];
        files.extend(around.iter().map(|&(name, text)| (name, text.to_owned())));
        Self { python, files }
    }

    pub(super) fn record(
        &self,
        limit: Duration,
        interrupt: &Interrupt,
    ) -> Result<Wire, VerifyError> {
        self.python.record(&self.files, limit, interrupt)
    }
}
