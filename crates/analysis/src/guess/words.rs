//! The sentences about exercises, and the replies to wrong answers.

use super::{Answer, Family, Misconception, Question};
use model::workload::Workload;
use texts::{Language, text};

impl Family {
    pub fn title(self, language: Language) -> &'static str {
        let text = match self {
            Self::Waits => text!("Waits that overlap"),
            Self::BusyHands => text!("Computing and waiting on one loop"),
            Self::Staircase => text!("Blocking calls on the loop"),
            Self::Pool => text!("More requests than threads"),
            Self::Gil => text!("CPU work in threads"),
            Self::Processes => text!("More work than processes"),
            Self::Semaphore => text!("A semaphore around calls"),
            Self::Gather => text!("gather or one by one"),
            Self::Order => text!("Which task finishes first"),
            Self::Queue => text!("A producer and a consumer"),
        };
        text.of(language)
    }
}

impl Question {
    pub fn text(self, language: Language) -> &'static str {
        let text = match self {
            Self::Total => text!("How long does it take in total?"),
            Self::Order => text!("In which order do the tasks finish?"),
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
                "you let other tasks run during a blocking call: it holds the loop until it returns"
            ),
            Self::LoopHeldTwice => {
                text!("you let two tasks use the loop at once: while one computes, the others wait")
            }
            Self::AwaitingHolds => {
                text!("you added up the waits: while one task awaits, the loop runs the others")
            }
            Self::UnlimitedPool => text!(
                "you gave every task a thread or worker: there are fewer, so the other tasks queue"
            ),
            Self::UnlimitedPermits => {
                text!("you let all tasks through at once: the number of permits is limited")
            }
            Self::ThreadsCompute => {
                text!("you let threads compute at the same time: the GIL allows one at a time")
            }
            Self::UnlimitedCores => {
                text!("you gave every process a core: there are fewer cores than processes")
            }
            Self::GatherInARow => {
                text!("you ran the gathered calls one after another: they run together")
            }
            Self::CallsTogether => {
                text!("you ran separate `await`s together: each one ends before the next begins")
            }
            Self::AddedUp => text!("you added up all durations: some of them overlap"),
        };
        text.of(language)
    }
}
