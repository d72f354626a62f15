//! The texts of a chart, in every language.
//!
//! Words of the script, such as `cpu 3s`, are not translated; `label` has those.

use crate::language::{Language, say, text};
use crate::scene::kind::Kind;
use crate::scene::mark::MarkKind;
use crate::trace::{Ending, Lane, LaneKind, Limit};

/// The texts in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Language);

impl Words {
    pub fn chart(self) -> &'static str {
        text!("Gantt chart", "간트 차트").of(self.0)
    }

    pub fn total_elapsed(self) -> &'static str {
        text!("Total elapsed", "전체 걸린 시간").of(self.0)
    }

    pub fn total(self) -> &'static str {
        text!("total", "전체").of(self.0)
    }

    pub fn longest_freeze(self) -> &'static str {
        text!("longest freeze", "가장 긴 멈춤").of(self.0)
    }

    pub fn threads_at_peak(self) -> &'static str {
        text!("threads at peak", "동시 스레드 최대").of(self.0)
    }

    pub fn others_waited(self) -> &'static str {
        text!("waited for others, in sum", "서로 기다린 시간의 합").of(self.0)
    }

    pub fn tasks(self) -> &'static str {
        text!("tasks", "태스크").of(self.0)
    }

    pub fn nothing_ran(self) -> &'static str {
        text!("nothing took any time", "시간이 걸린 일이 없습니다").of(self.0)
    }

    /// `loop frozen 4s · line 4`.
    pub fn frozen(self, blocking: bool, length: &str, line: u32) -> String {
        let text = self.held(blocking, length);
        say!(
            self.0,
            "{text} · line {line}",
            "{text} · {line}번째 줄",
            text,
            line
        )
    }

    /// `loop frozen 4s`.
    pub fn held(self, blocking: bool, length: &str) -> String {
        if blocking {
            say!(self.0, "loop frozen {length}", "루프 멈춤 {length}", length)
        } else {
            say!(self.0, "loop busy {length}", "루프 바쁨 {length}", length)
        }
    }

    /// For rows that are left out, e.g. `… 92 more like this`.
    pub fn more(self, count: usize) -> String {
        say!(
            self.0,
            "… {count} more like this",
            "… 이와 같은 {count}개 더",
            count
        )
    }

    /// The warning beside the total; `None` if the run finished.
    pub fn ending(self, ending: &Ending) -> Option<String> {
        Some(match ending {
            Ending::Finished => return None,
            Ending::Until => say!(self.0, "stopped by until", "until에서 멈춤"),
            Ending::Deadlock(_) => say!(self.0, "deadlock", "교착 상태"),
            Ending::Limit(limit) => self.limit(limit),
        })
    }

    fn limit(self, limit: &Limit) -> String {
        say!(
            self.0,
            "stopped: {limit}",
            "한도에 이르러 멈춤",
            limit = limit.text(self.0)
        )
    }

    /// The name of a lane, e.g. `thread 3`; with several `servers`, `server 2 · thread 3`.
    pub fn lane(self, lane: &Lane, servers: bool) -> String {
        let name = match lane.kind {
            LaneKind::Loop => text!("loop", "루프").of(self.0),
            LaneKind::PoolThread => text!("thread", "스레드").of(self.0),
            LaneKind::ExecutorThread => text!("executor", "실행기").of(self.0),
            LaneKind::ProcessWorker => text!("process", "프로세스").of(self.0),
            LaneKind::JobWorker => text!("worker", "작업자").of(self.0),
        };
        let number = lane.number;
        let shared = matches!(lane.kind, LaneKind::ProcessWorker | LaneKind::JobWorker);
        let lane_name = match lane.kind {
            LaneKind::Loop => name.to_owned(),
            _ => format!("{name} {number}"),
        };
        if !servers || shared {
            return lane_name;
        }
        let server = u32::from(lane.server) + 1;
        say!(
            self.0,
            "server {server} · {lane}",
            "서버 {server} · {lane}",
            server,
            lane = lane_name
        )
    }

    /// The lane on which a call blocks, e.g. `pool thread 1`.
    pub fn on_lane(self, lane: &Lane) -> String {
        match lane.kind {
            LaneKind::PoolThread => say!(
                self.0,
                "pool thread {number}",
                "풀 스레드 {number}",
                number = lane.number
            ),
            LaneKind::ExecutorThread => say!(
                self.0,
                "executor thread {number}",
                "실행기 스레드 {number}",
                number = lane.number
            ),
            _ => self.lane(lane, false),
        }
    }

    /// The legend entry of a kind.
    pub fn kind(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Running => text!("running", "실행 중").of(self.0),
            Kind::BlockingLoop => text!("blocking the loop", "루프를 막음").of(self.0),
            Kind::BlockingThread => text!("blocking a thread", "스레드에서 블로킹").of(self.0),
            Kind::Awaiting => text!("awaiting", "await로 기다림").of(self.0),
            Kind::Ready => text!("ready, loop is busy", "준비됨, 루프가 바쁨").of(self.0),
            Kind::Unaccepted => text!("not accepted yet", "아직 받지 않음").of(self.0),
            Kind::QueuedThread => text!("queued for a thread", "스레드 차례 기다림").of(self.0),
            Kind::QueuedWorker => text!("queued for a worker", "작업자 차례 기다림").of(self.0),
            Kind::QueuedGil => text!("waiting for the GIL", "GIL 기다림").of(self.0),
            Kind::QueuedCore => text!("waiting for a core", "코어 기다림").of(self.0),
            Kind::WaitingPermit => text!("waiting for a permit", "허가(락) 기다림").of(self.0),
            Kind::WaitingQueue => text!("waiting on a queue", "큐 기다림").of(self.0),
            Kind::WaitingSignal => text!("waiting for a signal", "신호 기다림").of(self.0),
            Kind::WaitingTasks => text!("waiting for its tasks", "맡긴 태스크 기다림").of(self.0),
            Kind::Offloaded => text!("its work is elsewhere", "일은 다른 곳에서").of(self.0),
        }
    }

    /// The legend entry for cells in which computing and waiting alternate.
    pub fn in_turns(self) -> &'static str {
        text!("computing in turns", "번갈아 계산 중").of(self.0)
    }

    /// The legend's explanation of a kind.
    pub fn sentence(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Running => text!("It computes: it holds its thread and uses a core.", "계산 중입니다. 스레드를 붙들고 코어를 씁니다.").of(self.0),
            Kind::BlockingLoop => text!("A blocking call on the event loop: no other task can run until it returns.", "이벤트 루프에서 실행한 블로킹 호출입니다. 끝날 때까지 다른 태스크는 실행되지 못합니다.").of(self.0),
            Kind::BlockingThread => text!("A blocking call on a separate thread: it holds that thread, and the loop keeps running.", "별도 스레드에서 실행한 블로킹 호출입니다. 그 스레드만 차지하고 루프는 계속 돕니다.").of(self.0),
            Kind::Awaiting => text!("It waits for I/O or a timer and holds nothing.", "입출력이나 타이머를 기다리며, 아무것도 붙들지 않습니다.").of(self.0),
            Kind::Ready => text!("It is ready to run, but the loop is running another task.", "실행할 준비가 되었지만 루프가 다른 태스크를 실행하고 있습니다.").of(self.0),
            Kind::Unaccepted => text!("It has arrived, but no server process has accepted it yet.", "도착했지만 아직 어느 서버 프로세스도 받지 않았습니다.").of(self.0),
            Kind::QueuedThread => text!("All threads that it could use are busy; it waits for one.", "쓸 수 있는 스레드가 모두 사용 중이라 차례를 기다립니다.").of(self.0),
            Kind::QueuedWorker => text!("All workers are busy; its work waits in the queue.", "모든 작업자가 바빠서 작업이 큐에서 기다립니다.").of(self.0),
            Kind::QueuedGil => text!("It could compute, but another thread holds the GIL.", "계산할 수 있지만 다른 스레드가 GIL을 잡고 있습니다.").of(self.0),
            Kind::QueuedCore => text!("It could compute, but every core is busy.", "계산할 수 있지만 모든 코어가 바쁩니다.").of(self.0),
            Kind::WaitingPermit => text!("Other tasks hold the lock or all permits of the semaphore.", "다른 태스크가 락이나 세마포어의 허가를 모두 쥐고 있습니다.").of(self.0),
            Kind::WaitingQueue => text!("It waits for an item of a queue, or for room in it.", "큐에 항목이 들어오거나 자리가 나기를 기다립니다.").of(self.0),
            Kind::WaitingSignal => text!("It waits for an event to be set, or for a notification.", "이벤트가 설정되거나 알림이 오기를 기다립니다.").of(self.0),
            Kind::WaitingTasks => text!("It waits for the tasks that it started to finish.", "자신이 시작한 태스크가 끝나기를 기다립니다.").of(self.0),
            Kind::Offloaded => text!("Its work runs in a thread, a process or a job, shown in another row.", "작업이 스레드나 프로세스, 작업 큐에서 실행됩니다. 다른 줄에 표시됩니다.").of(self.0),
        }
    }

    pub fn mark(self, mark: MarkKind) -> &'static str {
        match mark {
            MarkKind::Printed => text!("prints", "출력").of(self.0),
            MarkKind::Responded => text!("responds", "응답").of(self.0),
            MarkKind::TimedOut => text!("times out", "시간 초과").of(self.0),
            MarkKind::Failed => text!("fails", "실패").of(self.0),
            MarkKind::Cancelled => text!("is cancelled", "취소됨").of(self.0),
        }
    }

    /// The legend's explanation of a sign.
    pub fn mark_sentence(self, mark: MarkKind) -> &'static str {
        match mark {
            MarkKind::Printed => text!(
                "It prints a line at this instant.",
                "이 순간 한 줄을 출력합니다."
            )
            .of(self.0),
            MarkKind::Responded => text!(
                "It sends its response; work after this does not count as latency.",
                "응답을 보냅니다. 이후의 작업은 지연 시간에 포함되지 않습니다."
            )
            .of(self.0),
            MarkKind::TimedOut => text!(
                "Its timeout expires and cancels the work inside.",
                "제한 시간이 지나 그 안의 작업이 취소됩니다."
            )
            .of(self.0),
            MarkKind::Failed => text!(
                "An exception ends it here.",
                "예외가 발생해 여기서 끝납니다."
            )
            .of(self.0),
            MarkKind::Cancelled => text!(
                "It was cancelled, so it ends before the end of its body.",
                "취소되어 본문이 끝나기 전에 끝납니다."
            )
            .of(self.0),
        }
    }
}
