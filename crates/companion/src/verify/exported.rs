//! An exported Python program with its watcher and its plan, ready for repeated runs.
//!
//! The watcher is that of the Python package, which the folder of the run gets. The runtimes add the
//! files that start and serve it, e.g. `server.py` for FastAPI.

use std::borrow::Cow;
use std::time::Duration;

use super::error::VerifyError;
use super::interrupt::Interrupt;
use super::package::package_files;
use super::plan::WatcherPlan;
use super::python::PythonInterpreter;
use super::wire::Wire;

/// What is special to real time.
const WATCHER: [(&str, &str); 3] = [
    ("watch.py", include_str!("python/watch.py")),
    ("loop.py", include_str!("python/loop.py")),
    ("script.py", include_str!("python/script.py")),
];

/// The interpreter and the files, which are the same in every run.
#[derive(Debug)]
pub(super) struct Exported {
    python: PythonInterpreter,
    /// Name and text. `main.py` is the one that starts.
    files: Vec<(String, Cow<'static, str>)>,
}

impl Exported {
    /// `source` is the exported program; `around` are the files that start and serve it.
    pub(super) fn new(
        python: PythonInterpreter,
        source: String,
        plan: &WatcherPlan,
        around: &[(&str, &'static str)],
    ) -> Self {
        let plan = serde_json::to_string(plan).expect("a plan has string keys only");
        let mut files = vec![
            ("program.py".to_owned(), source.into()),
            ("plan.json".to_owned(), plan.into()),
        ];
        let around = around.iter().map(|&(name, text)| (name.to_owned(), text));
        let watcher = WATCHER.map(|(name, text)| (name.to_owned(), text));
        let others = around.chain(watcher).chain(package_files("loopscope"));
        files.extend(others.map(|(name, text)| (name, text.into())));
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
