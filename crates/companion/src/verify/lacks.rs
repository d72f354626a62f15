//! Features of the language that a runtime does not have, so that a script cannot run on it.

use super::celery::WORKERS_MAX;
use super::error::VerifyError;
use super::runtime::Runtime;
use texts::{Language, say, text};

/// A feature that the runtime does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacks {
    /// The setting `until`, which ends a run at a given time.
    Until,
    /// The detection of deadlocks.
    Deadlocks,
    /// `finally` blocks that run after cancellation.
    Finally,
    ManyThreads,
    /// As many job workers as the script asks for.
    Workers,
    Processes,
    Jobs,
    Timeouts,
    Children,
    /// Locks, queues, events and other shared resources.
    Sharing,
    /// Permits that threads wait for.
    Pools,
    /// Tasks that take their first step at once.
    EagerTasks,
    /// The same, in a Python that is too old for them.
    EagerTasksYet,
    /// The end of a queue.
    Shutdown,
    /// The same, in a Python that is too old for it.
    ShutdownYet,
}

impl Lacks {
    /// The error for the line of the script that uses the feature.
    pub(super) fn on(self, runtime: Runtime, line: u32) -> VerifyError {
        VerifyError::Unsupported {
            runtime,
            lacks: self,
            line,
        }
    }

    /// The end of the sentence "`tokio` has no …".
    pub fn word(self, language: Language) -> String {
        let text = match self {
            Self::Until => text!("`until`"),
            Self::Deadlocks => text!("deadlock detection"),
            Self::Finally => text!("`finally` after a cancellation"),
            Self::ManyThreads => text!("so many threads"),
            Self::Workers => {
                return say!(language, "more than {most} workers", most = WORKERS_MAX);
            }
            Self::Processes => text!("process pools"),
            Self::Jobs => text!("job queues"),
            Self::Timeouts => text!("timeouts"),
            Self::Children => text!("child tasks"),
            Self::Sharing => text!("locks, queues and events"),
            Self::Pools => text!("pools of permits"),
            Self::EagerTasks => text!("eager tasks"),
            Self::EagerTasksYet => text!("eager tasks before Python 3.12"),
            Self::Shutdown => text!("`shutdown` of a queue"),
            Self::ShutdownYet => text!("`shutdown` of a queue before Python 3.13"),
        };
        text.of(language).to_owned()
    }
}
