//! The sentences about findings, in every language: problem, reason, remedy.

use super::{Change, Finding, FindingKind, Fix};
use model::time::SimDuration;
use texts::{Language, Text, say, text};

/// The sentences about one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The problem and its cost, as one clause.
    pub what: String,
    /// Why it matters and what to do in general, as two sentences.
    pub why: String,
    /// The remedy with its effect, e.g. "gather them: total 3s instead of 9s".
    pub fix: Option<String>,
}

impl Finding {
    /// `total` is the duration of the run before any change.
    pub fn told(&self, total: SimDuration, language: Language) -> Told {
        Told {
            what: self.what(language),
            why: why(self.kind).of(language).to_owned(),
            fix: self.fix.as_ref().map(|fix| fix.told(total, language)),
        }
    }

    fn what(&self, language: Language) -> String {
        let cost = task_time(self.cost);
        let length = task_time(u128::from(self.length.as_nanos()));
        let tasks = tasks(self.victims, language);
        match self.kind {
            FindingKind::Deadlock => say!(
                language,
                "{tasks} in a circle: each waits for the next, for ever",
                tasks
            ),
            FindingKind::LateTimeout => say!(language, "a timeout ends {length} late", length),
            FindingKind::ForgottenWait => say!(
                language,
                "nobody waits for what is spawned: {tasks} cut off at work",
                tasks
            ),
            FindingKind::BlockingOnLoop => say!(
                language,
                "a blocking call holds the event loop for {length}; others waited {cost} in sum",
                length,
                cost
            ),
            FindingKind::CpuOnLoop => say!(
                language,
                "a computation holds the event loop for {length}; others waited {cost} in sum",
                length,
                cost
            ),
            FindingKind::PoolExhausted => say!(
                language,
                "the thread pool is exhausted: {tasks} waited {cost} in sum for a thread, one {length}",
                tasks,
                cost,
                length
            ),
            FindingKind::GilBound => say!(
                language,
                "threads compute and share one GIL; they waited {cost} in sum for it",
                cost
            ),
            FindingKind::CoresSaturated => say!(
                language,
                "more is computed at once than there are cores; {tasks} waited {cost} in sum",
                tasks,
                cost
            ),
            FindingKind::LockConvoy => say!(
                language,
                "a lock is held during I/O; others waited {cost} in sum for it",
                cost
            ),
            FindingKind::TrivialOffload => say!(
                language,
                "work that takes no time waited {cost} in sum for a thread",
                cost
            ),
            FindingKind::SequentialCalls => say!(
                language,
                "calls that only wait stand in a row: {cost} of waiting, one after the other",
                cost
            ),
            FindingKind::UnboundedQueue => say!(
                language,
                "a queue without a bound grows: it is filled faster than it is emptied"
            ),
        }
    }
}

#[rustfmt::skip]
fn why(kind: FindingKind) -> Text {
    match kind {
        FindingKind::Deadlock => text!("Each holds what another one needs, so none can go on. Locks that everybody takes in the same order cannot do this."),
        FindingKind::LateTimeout => text!("A timeout is a timer of the event loop, and can fire only when the loop is free. Whatever holds the loop holds up the timeout."),
        FindingKind::ForgottenWait => text!("When the program ends, asyncio cancels every task that still runs. Whoever spawns a task has to keep it and wait for it."),
        FindingKind::BlockingOnLoop => text!("While a coroutine blocks, its event loop runs nobody else. A blocking call belongs on a thread, or is awaited with an async library."),
        FindingKind::CpuOnLoop => text!("While a coroutine computes, its event loop runs nobody else. A long computation belongs in another process, where it has a GIL of its own."),
        FindingKind::PoolExhausted => text!("A `def` handler or a `thread` occupies one of the pool's threads until it returns, and the next one waits in line. Awaiting needs no thread at all."),
        FindingKind::GilBound => text!("Only the thread that holds the GIL computes, so threads take turns and gain nothing. Processes have a GIL each."),
        FindingKind::CoresSaturated => text!("A core computes one thing at a time, so whatever exceeds their number shares them in turns. More workers than cores do not help, more cores do."),
        FindingKind::LockConvoy => text!("Everybody who needs the lock waits out the holder's I/O as well. Only what must not be interrupted belongs under a lock."),
        FindingKind::TrivialOffload => text!("Each hop to the pool needs a token, and queues for it behind everybody else. What takes no time is done faster where it is."),
        FindingKind::SequentialCalls => text!("Awaited one after the other, their times add up; gathered, the longest one counts. This holds if none needs another one's result."),
        FindingKind::UnboundedQueue => text!("What is put faster than it is taken piles up in memory, and everything in it gets older. A bound makes the producer wait instead."),
    }
}

impl Fix {
    fn told(&self, total: SimDuration, language: Language) -> String {
        let change = self.change.words(language);
        let (now, then) = (rounded(total), rounded(self.total));
        let waited = task_time(self.waited);
        if self.total == total {
            say!(
                language,
                "{change}: total {then} as before, others wait {waited} in sum",
                change,
                then,
                waited
            )
        } else {
            say!(
                language,
                "{change}: total {then} instead of {now}, others wait {waited} in sum",
                change,
                then,
                now,
                waited
            )
        }
    }
}

impl Change {
    fn words(self, language: Language) -> String {
        let text = match self {
            Self::AwaitInstead => text!("await it with an async library"),
            Self::OtherProcess => text!("compute it in a process"),
            Self::OtherThread => text!("call it on a thread"),
            Self::AsyncHandler => text!("make it `async def` and await with an async library"),
            Self::Gather => text!("gather them"),
            Self::ShorterLock => text!("await before taking the lock"),
            Self::SameOrder => text!("take the locks in the same order"),
            Self::Inline => text!("do it inline"),
            Self::Wait => text!("wait for it at the end"),
            Self::LargerPool(size) => return format!("`pool {size}`"),
            Self::MoreCores(count) => return format!("`cores {count}`"),
            Self::BoundedQueue(size) => {
                return say!(language, "give it a bound of {size}", size);
            }
        };
        text.of(language).to_owned()
    }
}

fn tasks(count: u32, language: Language) -> String {
    match count {
        1 => say!(language, "1 task"),
        _ => say!(language, "{count} tasks", count),
    }
}

fn task_time(nanos: u128) -> String {
    rounded(SimDuration::from_nanos(
        u64::try_from(nanos).unwrap_or(u64::MAX),
    ))
}

/// Rounded to a hundredth of its unit, e.g. 1.2345678 s → `1.23s`.
fn rounded(duration: SimDuration) -> String {
    let nanos = duration.as_nanos();
    let step = match nanos {
        n if n >= 1_000_000_000 => 10_000_000,
        n if n >= 1_000_000 => 10_000,
        n if n >= 1_000 => 10,
        _ => 1,
    };
    SimDuration::from_nanos((nanos.saturating_add(step / 2)) / step * step).to_string()
}
