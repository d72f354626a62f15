//! What is asked, and what is said to a wrong answer.

use super::{Answer, Family, Misconception, Question};
use crate::language::{Language, text};
use crate::workload::Workload;

impl Family {
    pub fn title(self, language: Language) -> &'static str {
        let text = match self {
            Self::Waits => text!("Waits beside each other", "나란히 기다리기"),
            Self::BusyHands => text!(
                "Computing and waiting on one loop",
                "한 루프에서 계산하고 기다리기"
            ),
            Self::Staircase => text!("Blocking calls on the loop", "루프를 막는 호출"),
            Self::Pool => text!("More requests than threads", "스레드보다 많은 요청"),
            Self::Gil => text!("Threads that compute", "계산하는 스레드"),
            Self::Processes => text!("More work than processes", "프로세스보다 많은 일"),
            Self::Semaphore => text!("A semaphore around calls", "호출을 둘러싼 세마포어"),
            Self::Gather => text!("gather, and calls in a row", "gather와 차례로 부르기"),
            Self::Order => text!("Who is done first", "누가 먼저 끝나는가"),
            Self::Queue => text!("A producer and a consumer", "생산자와 소비자"),
        };
        text.of(language)
    }
}

impl Question {
    pub fn text(self, language: Language) -> &'static str {
        let text = match self {
            Self::Total => text!("How long does it take in all?", "모두 얼마나 걸리나요?"),
            Self::Order => text!(
                "In which order are the tasks done?",
                "태스크는 어떤 순서로 끝나나요?"
            ),
        };
        text.of(language)
    }
}

impl Answer {
    /// `9s`; `toast, pasta`.
    pub fn text(&self, workload: &Workload) -> String {
        match self {
            Self::Total(total) => total.to_string(),
            Self::Order(order) => {
                let names = order.iter().map(|task| workload.task(*task).name.as_str());
                names.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

impl Misconception {
    pub fn text(self, language: Language) -> &'static str {
        let text = match self {
            Self::BlockingFrees => text!(
                "you let others go on during a blocking call: it holds the loop until it returns",
                "블로킹 호출 동안 다른 태스크가 실행된다고 보았습니다. 끝날 때까지 루프를 붙잡습니다"
            ),
            Self::LoopHeldTwice => text!(
                "you let two tasks hold the loop at once: one computes, the others wait",
                "두 태스크가 동시에 루프를 쓴다고 보았습니다. 하나가 계산하면 나머지는 기다립니다"
            ),
            Self::AwaitingHolds => text!(
                "you added the waits up: while one awaits, the loop runs the others",
                "기다리는 시간을 더했습니다. 하나가 기다리는 동안 루프는 다른 태스크를 실행합니다"
            ),
            Self::UnlimitedPool => text!(
                "you gave everybody a thread or worker: there are only so many, the others queue",
                "모두에게 스레드나 작업자가 있다고 보았습니다. 수가 정해져 있어 나머지는 줄을 섭니다"
            ),
            Self::UnlimitedPermits => text!(
                "you let everybody through at once: the permits are limited",
                "모두 한꺼번에 들어간다고 보았습니다. 허가 수가 정해져 있습니다"
            ),
            Self::ThreadsCompute => text!(
                "you let threads compute at the same time: the GIL allows one",
                "스레드가 동시에 계산한다고 보았습니다. GIL은 하나만 허락합니다"
            ),
            Self::UnlimitedCores => text!(
                "you gave every process a core: there are fewer cores",
                "프로세스마다 코어가 있다고 보았습니다. 코어는 더 적습니다"
            ),
            Self::GatherInARow => text!(
                "you ran what is gathered one after the other: it runs together",
                "gather로 모은 것을 차례로 실행했습니다. 함께 실행됩니다"
            ),
            Self::CallsTogether => text!(
                "you ran calls in a row together: each `await` waits for its own",
                "차례로 부른 것을 함께 실행했습니다. `await`마다 하나씩 기다립니다"
            ),
            Self::AddedUp => text!(
                "you added everything up: some of it happens at the same time",
                "모두 더했습니다. 그중 일부는 동시에 진행됩니다"
            ),
        };
        text.of(language)
    }
}
