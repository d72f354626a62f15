//! Claims about the outcome of a run, e.g. `expect total 9s`.

use serde::{Deserialize, Serialize};

use super::{Place, TaskIndex};
use crate::time::SimDuration;

/// A claim about the outcome: `expect total 9s`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expectation {
    pub claim: Claim,
    /// The text of the claim, as the formatter writes it.
    pub text: String,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Claim {
    /// The total elapsed time.
    Total(Bound),
    /// The time at which a task reaches a stage. Without a number, the time of the last of
    /// its instances. Without a bound, the claim is that all instances reach the stage.
    Task {
        task: TaskIndex,
        number: Option<u32>,
        stage: Stage,
        bound: Option<Bound>,
    },
    /// The percentile of the latencies of all instances of a task.
    Latency {
        task: TaskIndex,
        percentile: Percentile,
        bound: Bound,
    },
    /// The tasks finish in this order, by the last instance of each.
    Order(Vec<TaskIndex>),
    /// The peak number of pool and executor threads at work at once.
    Threads { comparison: Comparison, count: u64 },
    /// The longest time that a ready task waited for its loop.
    LoopLag(Bound),
    /// The longest uninterrupted hold of a loop.
    Freeze(Bound),
    /// The script deadlocks.
    Deadlock,
}

/// Within this latency, that many percent of the instances have responded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Percentile {
    P50,
    P95,
    P99,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    Started,
    Done,
    Responded,
    Failed,
    Cancelled,
}

/// `<= 4s`, or `3s ± 1%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    pub comparison: Comparison,
    pub value: SimDuration,
    /// Only with [`Comparison::Equal`]; zero is exact.
    pub tolerance: Tolerance,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tolerance {
    Exact,
    /// In millionths of the value: `1%` is 10 000.
    Relative {
        millionths: u32,
    },
    /// `± 50ms`.
    Absolute(SimDuration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Percentile {
    pub fn percent(self) -> usize {
        match self {
            Self::P50 => 50,
            Self::P95 => 95,
            Self::P99 => 99,
        }
    }
}

impl Comparison {
    pub fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }
}
