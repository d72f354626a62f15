//! What a runtime has nothing for: the reason why a script cannot run there.

use super::celery::WORKERS_MAX;
use super::error::VerifyError;
use super::runtime::Runtime;
use crate::language::{Language, say, text};

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
            Self::Until => text!("`until`", "`until`"),
            Self::Deadlocks => text!("way to notice a deadlock", "교착 상태를 알아차리는"),
            Self::Finally => text!(
                "`finally` for what is cancelled",
                "취소된 태스크의 `finally`"
            ),
            Self::ManyThreads => text!("room for so many threads", "그렇게 많은 스레드"),
            Self::Workers => {
                return say!(
                    language,
                    "more than {most} workers here",
                    "{most}개가 넘는 워커",
                    most = WORKERS_MAX
                );
            }
            Self::Processes => text!("process pool", "프로세스 풀"),
            Self::Jobs => text!("job queue", "작업 큐"),
            Self::Timeouts => text!("timeouts", "타임아웃"),
            Self::Children => text!("tasks that have children", "자식 태스크"),
            Self::Sharing => text!("locks, queues and events", "락, 큐, 이벤트"),
        };
        text.of(language).to_owned()
    }
}
