//! Errors that prevent a real run. A run that contradicts its prediction is not an error; see
//! [`super::verdict`].

use std::io;
use std::time::Duration;

use super::lacks::Lacks;
use super::missing::MissingRequirement;
use super::runtime::Runtime;
use texts::{Language, say};

/// The reason why a script could not run for real.
#[derive(Debug)]
pub enum VerifyError {
    /// Something is not installed.
    Missing(MissingRequirement),
    /// The runtime does not have a feature that the script uses on this line.
    Unsupported {
        runtime: Runtime,
        lacks: Lacks,
        line: u32,
    },
    /// The script sends no jobs, so Celery has no work.
    NoJobs,
    /// The simulation stopped at a limit, so there is no prediction to compare with.
    NoPrediction,
    /// The run reached its time limit and was killed.
    TimedOut { limit: Duration },
    /// The run ended without a result. `said` is the end of its output.
    Crashed { said: String },
    /// An interrupt came before the first run was complete.
    Interrupted,
    /// The operating system refused an operation, such as making a folder.
    System {
        doing: &'static str,
        error: io::Error,
    },
}

/// Whether this process has reached its limit of open files (`ulimit -n`).
fn has_no_descriptors(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::MFILE.raw_os_error())
}

impl VerifyError {
    pub(super) fn system(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::System { doing, error }
    }

    /// The code of the error in the local server's answers, e.g. `timed_out`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Unsupported { .. } => "unsupported",
            Self::NoJobs => "no_jobs",
            Self::NoPrediction => "no_prediction",
            Self::TimedOut { .. } => "timed_out",
            Self::Crashed { .. } => "crashed",
            Self::Interrupted => "interrupted",
            Self::System { .. } => "system",
        }
    }

    pub fn message(&self, language: Language) -> String {
        match self {
            Self::Missing(missing) => say!(
                language,
                "{what}; install it with: {remedy}",
                what = missing.what(language),
                remedy = missing.remedy()
            ),
            Self::Unsupported {
                runtime,
                lacks,
                line,
            } => say!(
                language,
                "`{runtime}` does not support {what} (line {line}); verify the script on another runtime",
                runtime,
                what = lacks.word(language),
                line
            ),
            Self::NoJobs => say!(
                language,
                "the script sends no job, so Celery has nothing to run; write `send f` for a `def f`"
            ),
            Self::NoPrediction => say!(
                language,
                "the simulation stopped at a limit of the language, so there is nothing to compare with"
            ),
            Self::TimedOut { limit } => say!(
                language,
                "the run was stopped after {seconds} s, much longer than predicted; raise `--limit`, or lower `--scale`",
                seconds = limit.as_secs()
            ),
            Self::Crashed { said } => say!(language, "the run failed:\n{said}", said),
            Self::Interrupted => say!(language, "interrupted before the first run was complete"),
            Self::System { doing, error } if has_no_descriptors(error) => say!(
                language,
                "cannot {doing}: {error}; raise the limit in the shell that starts `loopscope`, e.g. with `ulimit -n 4096`",
                doing,
                error
            ),
            Self::System { doing, error } => {
                say!(language, "cannot {doing}: {error}", doing, error)
            }
        }
    }
}
