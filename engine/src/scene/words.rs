//! Everything a chart says, in every language.
//!
//! A function for each text, a `match` for each language: a text that is
//! missing in one does not compile. Script words (`cpu 3s`) stay as written.

use crate::language::Language;
use crate::scene::kind::Kind;
use crate::scene::mark::MarkKind;
use crate::trace::{Ending, Lane, LaneKind, Limit};

/// The catalogue for one language.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Language);

impl Words {
    fn pick(self, en: &'static str, ko: &'static str) -> &'static str {
        match self.0 {
            Language::En => en,
            Language::Ko => ko,
        }
    }

    pub fn chart(self) -> &'static str {
        self.pick("Gantt chart", "간트 차트")
    }

    pub fn total_elapsed(self) -> &'static str {
        self.pick("Total elapsed", "전체 걸린 시간")
    }

    pub fn total(self) -> &'static str {
        self.pick("total", "전체")
    }

    pub fn longest_freeze(self) -> &'static str {
        self.pick("longest freeze", "가장 긴 멈춤")
    }

    pub fn threads_at_peak(self) -> &'static str {
        self.pick("threads at peak", "동시 스레드 최대")
    }

    pub fn others_waited(self) -> &'static str {
        self.pick("waited for others, in sum", "서로 기다린 시간의 합")
    }

    pub fn tasks(self) -> &'static str {
        self.pick("tasks", "태스크")
    }

    pub fn nothing_ran(self) -> &'static str {
        self.pick("nothing took any time", "시간이 걸린 일이 없습니다")
    }

    /// `loop frozen 4s · line 4`.
    pub fn frozen(self, blocking: bool, length: &str, line: u32) -> String {
        let text = self.held(blocking, length);
        match self.0 {
            Language::En => format!("{text} · line {line}"),
            Language::Ko => format!("{text} · {line}번째 줄"),
        }
    }

    /// `loop frozen 4s`.
    pub fn held(self, blocking: bool, length: &str) -> String {
        match (self.0, blocking) {
            (Language::En, true) => format!("loop frozen {length}"),
            (Language::En, false) => format!("loop busy {length}"),
            (Language::Ko, true) => format!("루프 멈춤 {length}"),
            (Language::Ko, false) => format!("루프 바쁨 {length}"),
        }
    }

    /// `(92 more like this)`, for rows that are left out.
    pub fn more(self, count: usize) -> String {
        match self.0 {
            Language::En => format!("… {count} more like this"),
            Language::Ko => format!("… 이와 같은 {count}개 더"),
        }
    }

    /// What to say beside the total where the run did not simply finish.
    pub fn ending(self, ending: &Ending) -> Option<String> {
        Some(match (ending, self.0) {
            (Ending::Finished, _) => return None,
            (Ending::Until, Language::En) => "stopped by until".to_owned(),
            (Ending::Until, Language::Ko) => "until에서 멈춤".to_owned(),
            (Ending::Deadlock(_), Language::En) => "deadlock".to_owned(),
            (Ending::Deadlock(_), Language::Ko) => "교착 상태".to_owned(),
            (Ending::Limit(limit), _) => self.limit(limit),
        })
    }

    fn limit(self, limit: &Limit) -> String {
        match self.0 {
            Language::En => format!("stopped: {limit}"),
            Language::Ko => "한도에 이르러 멈춤".to_owned(),
        }
    }

    /// `thread 3`; the server is named where there are several.
    pub fn lane(self, lane: &Lane, servers: bool) -> String {
        let name = match lane.kind {
            LaneKind::Loop => self.pick("loop", "루프"),
            LaneKind::PoolThread => self.pick("thread", "스레드"),
            LaneKind::ExecutorThread => self.pick("executor", "실행기"),
            LaneKind::ProcessWorker => self.pick("process", "프로세스"),
            LaneKind::JobWorker => self.pick("worker", "작업자"),
        };
        let number = lane.number;
        let shared = matches!(lane.kind, LaneKind::ProcessWorker | LaneKind::JobWorker);
        let server = match self.0 {
            _ if !servers || shared => String::new(),
            Language::En => format!("server {} · ", lane.server + 1),
            Language::Ko => format!("서버 {} · ", lane.server + 1),
        };
        match lane.kind {
            LaneKind::Loop => format!("{server}{name}"),
            _ => format!("{server}{name} {number}"),
        }
    }

    /// Where a call blocks: `pool thread 1`.
    pub fn on_lane(self, lane: &Lane) -> String {
        match (self.0, lane.kind) {
            (Language::En, LaneKind::PoolThread) => format!("pool thread {}", lane.number),
            (Language::En, LaneKind::ExecutorThread) => format!("executor thread {}", lane.number),
            (Language::Ko, LaneKind::PoolThread) => format!("풀 스레드 {}", lane.number),
            (Language::Ko, LaneKind::ExecutorThread) => format!("실행기 스레드 {}", lane.number),
            _ => self.lane(lane, false),
        }
    }

    /// The legend's entry.
    pub fn kind(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Running => self.pick("running", "실행 중"),
            Kind::BlockingLoop => self.pick("blocking the loop", "루프를 막음"),
            Kind::BlockingThread => self.pick("blocking a thread", "스레드에서 블로킹"),
            Kind::Awaiting => self.pick("awaiting", "await로 기다림"),
            Kind::Ready => self.pick("ready, loop is busy", "준비됨, 루프가 바쁨"),
            Kind::Unaccepted => self.pick("not accepted yet", "아직 받지 않음"),
            Kind::QueuedThread => self.pick("queued for a thread", "스레드 차례 기다림"),
            Kind::QueuedWorker => self.pick("queued for a worker", "작업자 차례 기다림"),
            Kind::QueuedGil => self.pick("waiting for the GIL", "GIL 기다림"),
            Kind::QueuedCore => self.pick("waiting for a core", "코어 기다림"),
            Kind::WaitingPermit => self.pick("waiting for a permit", "허가(락) 기다림"),
            Kind::WaitingQueue => self.pick("waiting on a queue", "큐 기다림"),
            Kind::WaitingSignal => self.pick("waiting for a signal", "신호 기다림"),
            Kind::WaitingTasks => self.pick("waiting for its tasks", "맡긴 태스크 기다림"),
            Kind::Offloaded => self.pick("its work is elsewhere", "일은 다른 곳에서"),
        }
    }

    /// For cells in which computing and waiting alternate.
    pub fn in_turns(self) -> &'static str {
        self.pick("computing in turns", "번갈아 계산 중")
    }

    /// The legend's explanation.
    pub fn sentence(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Running => self.pick(
                "It computes: it holds its thread and uses a core.",
                "계산 중입니다. 스레드를 붙들고 코어를 씁니다.",
            ),
            Kind::BlockingLoop => self.pick(
                "A blocking call on the event loop: nobody else can run until it returns.",
                "이벤트 루프 위의 블로킹 호출입니다. 끝날 때까지 아무도 실행되지 못합니다.",
            ),
            Kind::BlockingThread => self.pick(
                "A blocking call on a thread of its own: it holds the thread, and the loop goes on.",
                "자기 스레드에서 하는 블로킹 호출입니다. 스레드만 붙들고 루프는 계속 돕니다.",
            ),
            Kind::Awaiting => self.pick(
                "It waits for I/O or a timer and holds nothing.",
                "입출력이나 타이머를 기다리며, 아무것도 붙들지 않습니다.",
            ),
            Kind::Ready => self.pick(
                "It could go on, but the loop is busy with somebody else.",
                "계속할 수 있지만 루프가 다른 태스크로 바쁩니다.",
            ),
            Kind::Unaccepted => self.pick(
                "It has arrived, but no server process has accepted it.",
                "도착했지만 아직 어느 서버 프로세스도 받지 않았습니다.",
            ),
            Kind::QueuedThread => self.pick(
                "Every thread it may use is taken; it waits for one.",
                "쓸 수 있는 스레드가 모두 사용 중이라 차례를 기다립니다.",
            ),
            Kind::QueuedWorker => self.pick(
                "Every worker is busy; its work waits in the queue.",
                "모든 작업자가 바빠서 일이 큐에서 기다립니다.",
            ),
            Kind::QueuedGil => self.pick(
                "It could compute, but another thread holds the GIL.",
                "계산할 수 있지만 다른 스레드가 GIL을 잡고 있습니다.",
            ),
            Kind::QueuedCore => self.pick(
                "It could compute, but every core is busy.",
                "계산할 수 있지만 모든 코어가 바쁩니다.",
            ),
            Kind::WaitingPermit => self.pick(
                "Others hold the lock or all of the semaphore's permits.",
                "락이나 세마포어의 허가를 다른 태스크가 모두 쥐고 있습니다.",
            ),
            Kind::WaitingQueue => self.pick(
                "It waits for an item of a queue, or for room in it.",
                "큐에 항목이 들어오거나 자리가 나기를 기다립니다.",
            ),
            Kind::WaitingSignal => self.pick(
                "It waits until somebody sets an event or notifies it.",
                "누군가 이벤트를 켜거나 알려 주기를 기다립니다.",
            ),
            Kind::WaitingTasks => self.pick(
                "It waits until the tasks it started are finished.",
                "자신이 시작한 태스크가 끝나기를 기다립니다.",
            ),
            Kind::Offloaded => self.pick(
                "Its work runs in a thread, a process or a job, in a row of its own.",
                "일이 스레드나 프로세스, 작업 큐에서 실행됩니다. 다른 줄에 보입니다.",
            ),
        }
    }

    pub fn mark(self, mark: MarkKind) -> &'static str {
        match mark {
            MarkKind::Printed => self.pick("prints", "출력"),
            MarkKind::Responded => self.pick("responds", "응답"),
            MarkKind::TimedOut => self.pick("times out", "시간 초과"),
            MarkKind::Failed => self.pick("fails", "실패"),
            MarkKind::Cancelled => self.pick("is cancelled", "취소됨"),
        }
    }

    /// The legend's explanation of a sign.
    pub fn mark_sentence(self, mark: MarkKind) -> &'static str {
        match mark {
            MarkKind::Printed => self.pick(
                "It prints a line at this instant.",
                "이 순간 한 줄을 출력합니다.",
            ),
            MarkKind::Responded => self.pick(
                "Its answer is out: what comes after is nobody's latency.",
                "응답이 나갔습니다. 이후의 일은 지연 시간에 들지 않습니다.",
            ),
            MarkKind::TimedOut => self.pick(
                "A timeout fires and cancels what is inside it.",
                "제한 시간이 지나 그 안의 일이 취소됩니다.",
            ),
            MarkKind::Failed => {
                self.pick("An exception ends it here.", "예외가 나서 여기서 끝납니다.")
            }
            MarkKind::Cancelled => self.pick(
                "Somebody cancelled it; it ends before its body does.",
                "누군가 취소해서 본문이 끝나기 전에 끝납니다.",
            ),
        }
    }
}
