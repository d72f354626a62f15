//! What a runtime has nothing for: the reason why a script cannot run there.

use super::celery::WORKERS_MAX;
use super::error::VerifyError;
use super::runtime::Runtime;
use texts::{Language, say, text};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacks {
    /// An end at an instant.
    Until,
    Deadlocks,
    /// Clean-up after cancellation.
    Finally,
    ManyThreads,
    /// As many workers as the script wants.
    Workers,
    Processes,
    Jobs,
    Timeouts,
    Children,
    /// Locks, queues, events.
    Sharing,
}

impl Lacks {
    /// The line is of the script, where it asks for this.
    pub(super) fn on(self, runtime: Runtime, line: u32) -> VerifyError {
        VerifyError::Unsupported {
            runtime,
            lacks: self,
            line,
        }
    }

    pub fn word(self, language: Language) -> String {
        let text = match self {
            Self::Until => text!("`until`"),
            Self::Deadlocks => text!("way to notice a deadlock"),
            Self::Finally => text!("`finally` for what is cancelled"),
            Self::ManyThreads => text!("room for so many threads"),
            Self::Workers => {
                return say!(
                    language,
                    "more than {most} workers here",
                    most = WORKERS_MAX
                );
            }
            Self::Processes => text!("process pool"),
            Self::Jobs => text!("job queue"),
            Self::Timeouts => text!("timeouts"),
            Self::Children => text!("tasks that have children"),
            Self::Sharing => text!("locks, queues and events"),
        };
        text.of(language).to_owned()
    }
}
