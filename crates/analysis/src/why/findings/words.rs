//! The sentences about findings, in every language: problem, reason, remedy.

use super::{Change, Finding, FindingKind, Fix};
use chart::scene::Words;
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
    /// The other remedy, in the same form.
    pub alternative: Option<String>,
}

impl Finding {
    /// `total` is the duration of the run before any change.
    pub fn told(&self, total: SimDuration, language: Language) -> Told {
        let said = |fix: &Option<Fix>| {
            let fix = fix.as_ref()?;
            Some(match self.kind {
                FindingKind::Deadlock => fix.told_of_deadlock(language),
                _ => fix.told(total, language),
            })
        };
        let what = self.what(language);
        let what = if self.is_guessed {
            say!(language, "{what}, if its guessed duration is right", what)
        } else {
            what
        };
        Told {
            what,
            why: why(self.kind).of(language).to_owned(),
            fix: said(&self.fix),
            alternative: said(&self.alternative),
        }
    }

    fn what(&self, language: Language) -> String {
        let cost = task_time(self.cost, language);
        let length = task_time(u128::from(self.length.as_nanos()), language);
        let tasks = tasks(self.victims, language);
        match self.kind {
            FindingKind::Deadlock => say!(
                language,
                "deadlock: {tasks} in a circle, each waits for the next",
                tasks
            ),
            FindingKind::LateTimeout => {
                say!(language, "a timeout takes effect {length} late", length)
            }
            FindingKind::ForgottenWait => say!(
                language,
                "no task waits for what it spawned: {tasks} cancelled before the end",
                tasks
            ),
            FindingKind::BlockingOnLoop => say!(
                language,
                "a blocking call holds the event loop for {length}; other tasks waited {cost} in total",
                length,
                cost
            ),
            FindingKind::CpuOnLoop => say!(
                language,
                "a computation holds the event loop for {length}; other tasks waited {cost} in total",
                length,
                cost
            ),
            FindingKind::PoolExhausted => say!(
                language,
                "the thread pool is exhausted: {tasks} waited {cost} in total for a thread, the longest {length}",
                tasks,
                cost,
                length
            ),
            FindingKind::GilBound => say!(
                language,
                "threads compute and share one GIL; they waited {cost} in total for it",
                cost
            ),
            FindingKind::CoresSaturated => say!(
                language,
                "more tasks compute at once than there are cores; {tasks} waited {cost} in total",
                tasks,
                cost
            ),
            FindingKind::LockConvoy => say!(
                language,
                "a lock is held during I/O; other tasks waited {cost} in total for it",
                cost
            ),
            FindingKind::TrivialOffload => say!(
                language,
                "work that takes almost no time waited {cost} in total for a thread",
                cost
            ),
            FindingKind::SequentialCalls => say!(
                language,
                "calls that only wait run one after another: {cost} of waiting",
                cost
            ),
            FindingKind::UnboundedQueue => say!(
                language,
                "a queue without a size limit grows: it is filled faster than it is emptied"
            ),
        }
    }
}

#[rustfmt::skip]
fn why(kind: FindingKind) -> Text {
    match kind {
        FindingKind::Deadlock => text!("Each task holds what another one needs, so none can continue. If all tasks take the locks in the same order, this cannot happen."),
        FindingKind::LateTimeout => text!("A timeout is a timer of the event loop and can fire only when the loop is free. A call that holds the loop delays the timeout."),
        FindingKind::ForgottenWait => text!("When the program ends, asyncio cancels every task that still runs. Keep a reference to each spawned task and wait for it."),
        FindingKind::BlockingOnLoop => text!("While a coroutine blocks, its event loop runs no other task. Run the call on a thread, or use an async library and await it."),
        FindingKind::CpuOnLoop => text!("While a coroutine computes, its event loop runs no other task. Run a long computation in another process, which has a GIL of its own."),
        FindingKind::PoolExhausted => text!("A `def` handler or a `thread` occupies a thread of the pool until it returns, and further ones wait. Awaiting needs no thread at all."),
        FindingKind::GilBound => text!("Only the thread that holds the GIL computes, so threads take turns and gain nothing. Each process has a GIL of its own."),
        FindingKind::CoresSaturated => text!("A core runs one computation at a time, so more computations than cores take turns. More workers than cores do not help; more cores do."),
        FindingKind::LockConvoy => text!("Every task that needs the lock also waits for the I/O of its holder. Hold a lock only for steps that must not be interrupted."),
        FindingKind::TrivialOffload => text!("Each call on the pool needs a token and queues for it behind all other calls. Very short work is faster without the pool."),
        FindingKind::SequentialCalls => text!("Awaited one after another, their times add up; gathered, only the longest one counts. This works if no call needs the result of another."),
        FindingKind::UnboundedQueue => text!("Items that arrive faster than they are taken pile up in memory and get older. With a size limit, the producer waits instead."),
    }
}

impl Fix {
    /// The run before the change has no total.
    fn told_of_deadlock(&self, language: Language) -> String {
        let change = self.change.words(language);
        let total = rounded(self.total, language);
        say!(language, "{change}: finishes, in {total}", change, total)
    }

    fn told(&self, total: SimDuration, language: Language) -> String {
        let change = self.change.words(language);
        let (now, then) = (rounded(total, language), rounded(self.total, language));
        let waited = task_time(self.waited, language);
        if self.total == total {
            say!(
                language,
                "{change}: total {then} as before, other tasks wait {waited} in total",
                change,
                then,
                waited
            )
        } else {
            say!(
                language,
                "{change}: total {then} instead of {now}, other tasks wait {waited} in total",
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
            Self::OtherProcess => text!("run it in a process"),
            Self::OtherThread => text!("run it on a thread"),
            Self::AsyncHandler => text!("make it `async def` and await with an async library"),
            Self::Gather => text!("gather them"),
            Self::ShorterLock => text!("await before taking the lock"),
            Self::SameOrder => text!("take the locks in the same order"),
            Self::Inline => text!("run it inline"),
            Self::Yield => text!("`yield` after each computation"),
            Self::Wait => text!("wait for it at the end"),
            Self::LargerPool(size) => return format!("`pool {size}`"),
            Self::MoreCores(count) => return format!("`cores {count}`"),
            Self::BoundedQueue(size) => {
                return say!(language, "limit its size to {size}", size);
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

fn task_time(nanos: u128, language: Language) -> String {
    let nanos = u64::try_from(nanos).unwrap_or(u64::MAX);
    rounded(SimDuration::from_nanos(nanos), language)
}

/// Rounded to a hundredth of its unit, e.g. 1.2345678 s → `1.23s`.
fn rounded(duration: SimDuration, language: Language) -> String {
    let nanos = duration.as_nanos();
    let step = match nanos {
        n if n >= 1_000_000_000 => 10_000_000,
        n if n >= 1_000_000 => 10_000,
        n if n >= 1_000 => 10,
        _ => 1,
    };
    let rounded = SimDuration::from_nanos((nanos.saturating_add(step / 2)) / step * step);
    Words(language).duration(&rounded.label())
}
