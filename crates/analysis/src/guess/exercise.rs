//! Generated exercises: each family makes a script and a question from a seed, the same on
//! every machine.
//!
//! Every exercise has a trap: at least one misconception leads to another answer.

use std::fmt::Write;

use super::{Misconception, Question, key};
use model::workload::Workload;

/// The topic of an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Concurrent waits.
    Waits,
    /// Computing and waiting on one loop.
    BusyHands,
    /// Blocking calls on the loop.
    Staircase,
    /// More requests than threads.
    Pool,
    /// Threads that compute.
    Gil,
    /// More work than processes.
    Processes,
    /// A semaphore around calls.
    Semaphore,
    /// `gather`, and calls in sequence.
    Gather,
    /// The order in which tasks finish.
    Order,
    /// A producer and a consumer.
    Queue,
}

/// A script with a question about its run.
#[derive(Clone, Debug, PartialEq)]
pub struct Exercise {
    pub family: Family,
    pub seed: u64,
    pub script: String,
    pub question: Question,
}

impl Family {
    pub const ALL: [Self; 10] = [
        Self::Waits,
        Self::BusyHands,
        Self::Staircase,
        Self::Pool,
        Self::Gil,
        Self::Processes,
        Self::Semaphore,
        Self::Gather,
        Self::Order,
        Self::Queue,
    ];

    /// The name in commands, e.g. `loopscope exercise pool`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::BusyHands => "busy-hands",
            Self::Staircase => "staircase",
            Self::Pool => "pool",
            Self::Gil => "gil",
            Self::Processes => "processes",
            Self::Semaphore => "semaphore",
            Self::Gather => "gather",
            Self::Order => "order",
            Self::Queue => "queue",
        }
    }

    /// The family with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    fn question(self) -> Question {
        match self {
            Self::Order => Question::Order,
            _ => Question::Total,
        }
    }

    /// Generates the exercise of a seed.
    pub fn exercise(self, seed: u64) -> Exercise {
        let mut draw = Draw::new(self, seed);
        let question = self.question();
        let mut script = self.script(&mut draw);
        // Some scripts have no trap or a tie, so the next draw is tried.
        for _ in 0..TRIES {
            if is_good(&script, question) {
                break;
            }
            script = self.script(&mut draw);
        }
        Exercise {
            family: self,
            seed,
            script,
            question,
        }
    }

    fn script(self, draw: &mut Draw) -> String {
        match self {
            Self::Waits => {
                let count = draw.between(2, 4) as usize;
                bodies(draw, count, |draw| format!("await {}s", draw.between(1, 9)))
            }
            Self::BusyHands => {
                let count = draw.between(2, 3) as usize;
                bodies(draw, count, |draw| {
                    let verb = draw.pick(&["cpu", "await"]);
                    format!("{verb} {}s", draw.between(1, 6))
                })
            }
            Self::Staircase => {
                let (count, length) = (draw.between(3, 12), draw.between(2, 9));
                let rest = draw.pick(&["", " -> await 1s", " -> await 2s"]);
                format!("async def ping: block {length}s{rest}\n\nrun {count} ping\n")
            }
            Self::Pool => {
                let (pool, length) = (draw.between(2, 10) * 4, draw.between(1, 5));
                // Never a multiple of the pool, so that the last wave is incomplete.
                let count = pool * draw.between(1, 3) + draw.between(1, pool - 1);
                format!("pool {pool}\n\ndef ping: block {length}s\n\nrun {count} ping\n")
            }
            Self::Gil => {
                let (count, length) = (draw.between(2, 4), draw.between(1, 6));
                let block = draw.pick(&["", "block 1s -> "]);
                format!("def work: {block}cpu {length}s\n\nrun {count} work\n")
            }
            Self::Processes => {
                let (workers, length) = (draw.between(2, 4), draw.between(1, 6));
                let count = workers * draw.between(1, 3) + draw.between(1, workers - 1);
                format!(
                    "cores 4\nprocesses {workers}\n\nasync def work: process (cpu {length}s)\n\nrun {count} work\n"
                )
            }
            Self::Semaphore => {
                let (permits, length) = (draw.between(2, 9), draw.between(1, 4));
                let count = permits * draw.between(1, 3) + draw.between(1, permits - 1);
                let before = draw.pick(&["", "    await 1s\n", "    await 2s\n"]);
                format!(
                    "semaphore door {permits}\n\nasync def fetch:\n{before}    with door:\n        await {length}s\n\nrun {count} fetch\n"
                )
            }
            Self::Gather => gather(draw),
            Self::Order => {
                let count = draw.between(3, 4) as usize;
                bodies(draw, count, |draw| {
                    let verb = draw.pick(&["cpu", "await", "await"]);
                    format!("{verb} {}s", draw.between(1, 7))
                })
            }
            Self::Queue => {
                let (items, gap, taken) =
                    (draw.between(3, 6), draw.between(1, 3), draw.between(1, 4));
                let verb = draw.pick(&["await", "block"]);
                format!(
                    "queue orders\n\nasync def producer:\n    repeat {items}:\n        await {gap}s\n        put orders\n\nasync def consumer:\n    repeat {items}:\n        get orders\n        {verb} {taken}s\n"
                )
            }
        }
    }
}

/// The number of draws until a good exercise; nearly always one of the first few is good.
const TRIES: u32 = 40;

const NAMES: [&str; 4] = ["pasta", "toast", "soup", "tea"];

/// A script of `count` tasks with one to three segments each.
fn bodies(draw: &mut Draw, count: usize, mut segment: impl FnMut(&mut Draw) -> String) -> String {
    let mut script = String::new();
    for name in NAMES.iter().take(count) {
        let segments = (0..draw.between(1, 3)).map(|_| segment(draw));
        let _ = writeln!(
            script,
            "async def {name}: {}",
            segments.collect::<Vec<_>>().join(" -> ")
        );
    }
    script
}

fn gather(draw: &mut Draw) -> String {
    let mut script = String::new();
    for name in ["a", "b", "c", "d"] {
        let _ = writeln!(script, "async def {name}: await {}s", draw.between(1, 8));
    }
    let main = draw.pick(&[
        "call a -> gather b, c, d",
        "gather a, b -> gather c, d",
        "call a -> call b -> gather c, d",
        "gather a, b, c -> call d",
        "call a -> call b -> call c -> call d",
    ]);
    let _ = write!(script, "async def main: {main}\n\nrun main\n");
    script
}

/// Whether a misconception leads to a wrong answer, and the right answer is unique.
fn is_good(script: &str, question: Question) -> bool {
    let Some(workload) = script::parse(script).workload else {
        return false;
    };
    let Some(right) = key(&workload, question) else {
        return false;
    };
    let wrong = |misconception: &Misconception| {
        let answered = misconception.answer(&workload, question);
        answered.is_some_and(|answered| answered != right)
    };
    Misconception::ALL.iter().any(wrong) && !is_tied(&workload, question)
}

/// Whether two tasks finish at the same time, so that their order would be arbitrary.
fn is_tied(workload: &Workload, question: Question) -> bool {
    if question == Question::Total {
        return false;
    }
    let trace = sim::simulate(workload);
    let mut ends: Vec<u64> = trace
        .log
        .iter()
        .filter(|record| record.state == model::trace::State::Done)
        .map(|record| record.at.as_nanos())
        .collect();
    let count = ends.len();
    ends.dedup();
    ends.len() < count
}

/// A random number generator (SplitMix64), with a sequence for each family and seed.
struct Draw(u64);

impl Draw {
    fn new(family: Family, seed: u64) -> Self {
        let mut draw = Self(seed);
        // Without this, neighbouring seeds of two families could share a sequence.
        draw.0 = draw.next() ^ (family as u64).wrapping_mul(0xd6e8_feb8_6659_fd93);
        draw
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let last = choices.len() as u64 - 1;
        choices[self.between(0, last) as usize]
    }
}
