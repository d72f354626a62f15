//! An exported Python program with its watcher and its plan, ready for repeated runs.
//!
//! The runtimes add the files that start and serve it, e.g. `server.py` for FastAPI.

use std::time::Duration;

use super::error::VerifyError;
use super::interrupt::Interrupt;
use super::plan::WatcherPlan;
use super::python::{PythonInterpreter, WATCH};
use super::wire::Wire;

/// The interpreter and the files, which are the same in every run.
#[derive(Debug)]
pub(super) struct Exported {
    python: PythonInterpreter,
    /// Name and text. `main.py` is the one that starts.
    files: Vec<(&'static str, String)>,
}

impl Exported {
    /// `source` is the exported program; `around` are the files that start and serve it.
    pub(super) fn new(
        python: PythonInterpreter,
        source: String,
        plan: &WatcherPlan,
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
