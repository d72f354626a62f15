//! The sentences about exercises, and the replies to wrong answers.

use super::{Answer, Family, Misconception, Question};
use model::workload::Workload;
use texts::{Language, text};

impl Family {
    pub fn title(self, language: Language) -> &'static str {
        let text = match self {
            Self::Waits => text!("Waits beside each other"),
            Self::BusyHands => text!("Computing and waiting on one loop"),
            Self::Staircase => text!("Blocking calls on the loop"),
            Self::Pool => text!("More requests than threads"),
            Self::Gil => text!("Threads that compute"),
            Self::Processes => text!("More work than processes"),
            Self::Semaphore => text!("A semaphore around calls"),
            Self::Gather => text!("gather, and calls in a row"),
            Self::Order => text!("Who is done first"),
            Self::Queue => text!("A producer and a consumer"),
        };
        text.of(language)
    }
}

impl Question {
    pub fn text(self, language: Language) -> &'static str {
        let text = match self {
            Self::Total => text!("How long does it take in all?"),
            Self::Order => text!("In which order are the tasks done?"),
        };
        text.of(language)
    }
}

impl Answer {
    /// E.g. `9s`, or `toast, pasta`.
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
                "you let others go on during a blocking call: it holds the loop until it returns"
            ),
            Self::LoopHeldTwice => {
                text!("you let two tasks hold the loop at once: one computes, the others wait")
            }
            Self::AwaitingHolds => {
                text!("you added the waits up: while one awaits, the loop runs the others")
            }
            Self::UnlimitedPool => text!(
                "you gave everybody a thread or worker: there are only so many, the others queue"
            ),
            Self::UnlimitedPermits => {
                text!("you let everybody through at once: the permits are limited")
            }
            Self::ThreadsCompute => {
                text!("you let threads compute at the same time: the GIL allows one")
            }
            Self::UnlimitedCores => text!("you gave every process a core: there are fewer cores"),
            Self::GatherInARow => {
                text!("you ran what is gathered one after the other: it runs together")
            }
            Self::CallsTogether => {
                text!("you ran calls in a row together: each `await` waits for its own")
            }
            Self::AddedUp => text!("you added everything up: some of it happens at the same time"),
        };
        text.of(language)
    }
}
