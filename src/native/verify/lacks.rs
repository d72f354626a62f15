//! What a runtime has nothing for: the reason why a script cannot run there.

use super::celery::WORKERS_MAX;
use super::error::VerifyError;
use super::runtime::Runtime;
use crate::language::{Language, Text};

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
        let (en, ko) = match self {
            Self::Until => ("`until`", "`until`"),
            Self::Deadlocks => ("way to notice a deadlock", "교착 상태를 알아차리는"),
            Self::Finally => (
                "`finally` for what is cancelled",
                "취소된 태스크의 `finally`",
            ),
            Self::ManyThreads => ("room for so many threads", "그렇게 많은 스레드"),
            Self::Workers => {
                return match language {
                    Language::En => format!("more than {WORKERS_MAX} workers here"),
                    Language::Ko => format!("{WORKERS_MAX}개가 넘는 워커"),
                };
            }
            Self::Processes => ("process pool", "프로세스 풀"),
            Self::Jobs => ("job queue", "작업 큐"),
            Self::Timeouts => ("timeouts", "타임아웃"),
            Self::Children => ("tasks that have children", "자식 태스크"),
            Self::Sharing => ("locks, queues and events", "락, 큐, 이벤트"),
        };
        Text::new(en, ko).of(language).to_owned()
    }
}
