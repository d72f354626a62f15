//! How findings are said, in every language: what, why, and what to do.

use super::{Change, Finding, FindingKind, Fix};
use crate::language::{Language, Text, say, text};
use crate::time::SimDuration;

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it is and what it cost: one clause.
    pub what: String,
    /// Why it matters and what would be right: two sentences.
    pub why: String,
    /// The remedy with its number.
    pub fix: Option<String>,
}

impl Finding {
    /// `total` is how long the run took as it is.
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
                "{tasks}가 고리를 이루어 다음 것을 영원히 기다립니다",
                tasks
            ),
            FindingKind::LateTimeout => say!(
                language,
                "a timeout ends {length} late",
                "타임아웃이 {length} 늦게 끝납니다",
                length
            ),
            FindingKind::ForgottenWait => say!(
                language,
                "nobody waits for what is spawned: {tasks} cut off at work",
                "spawn한 것을 아무도 기다리지 않습니다. {tasks}가 도중에 끊겼습니다",
                tasks
            ),
            FindingKind::BlockingOnLoop => say!(
                language,
                "a blocking call holds the event loop for {length}; others waited {cost} in sum",
                "블로킹 호출이 이벤트 루프를 {length} 붙듭니다. 다른 태스크가 합쳐서 {cost} 기다렸습니다",
                length,
                cost
            ),
            FindingKind::CpuOnLoop => say!(
                language,
                "a computation holds the event loop for {length}; others waited {cost} in sum",
                "계산이 이벤트 루프를 {length} 붙듭니다. 다른 태스크가 합쳐서 {cost} 기다렸습니다",
                length,
                cost
            ),
            FindingKind::PoolExhausted => say!(
                language,
                "the thread pool is exhausted: {tasks} waited {cost} in sum for a thread, one {length}",
                "스레드 풀이 다 찼습니다. {tasks}가 스레드를 합쳐서 {cost}, 가장 길게는 {length} 기다렸습니다",
                tasks,
                cost,
                length
            ),
            FindingKind::GilBound => say!(
                language,
                "threads compute and share one GIL; they waited {cost} in sum for it",
                "스레드들이 GIL 하나를 나누어 계산합니다. GIL을 합쳐서 {cost} 기다렸습니다",
                cost
            ),
            FindingKind::CoresSaturated => say!(
                language,
                "more is computed at once than there are cores; {tasks} waited {cost} in sum",
                "코어보다 많은 계산이 동시에 돕니다. {tasks}가 합쳐서 {cost} 기다렸습니다",
                tasks,
                cost
            ),
            FindingKind::LockConvoy => say!(
                language,
                "a lock is held during I/O; others waited {cost} in sum for it",
                "I/O 동안 락을 잡고 있습니다. 다른 태스크가 합쳐서 {cost} 기다렸습니다",
                cost
            ),
            FindingKind::TrivialOffload => say!(
                language,
                "work that takes no time waited {cost} in sum for a thread",
                "거의 시간이 걸리지 않는 일이 스레드를 합쳐서 {cost} 기다렸습니다",
                cost
            ),
            FindingKind::SequentialCalls => say!(
                language,
                "calls that only wait stand in a row: {cost} of waiting, one after the other",
                "기다리기만 하는 호출이 줄지어 있습니다. 차례로 {cost} 기다립니다",
                cost
            ),
            FindingKind::UnboundedQueue => say!(
                language,
                "a queue without a bound grows: it is filled faster than it is emptied",
                "크기 제한 없는 큐가 자랍니다. 비우는 것보다 빨리 채워집니다"
            ),
        }
    }
}

#[rustfmt::skip]
fn why(kind: FindingKind) -> Text {
    match kind {
        FindingKind::Deadlock => text!("Each holds what another one needs, so none can go on. Locks that everybody takes in the same order cannot do this.", "각자 다른 태스크가 필요한 것을 쥐고 있어 아무도 계속할 수 없습니다. 모두 같은 순서로 락을 잡으면 생기지 않습니다."),
        FindingKind::LateTimeout => text!("A timeout is a timer of the event loop, and can fire only when the loop is free. Whatever holds the loop holds up the timeout.", "타임아웃은 이벤트 루프의 타이머라서 루프가 비어야 울립니다. 루프를 붙드는 것이 타임아웃도 늦춥니다."),
        FindingKind::ForgottenWait => text!("When the program ends, asyncio cancels every task that still runs. Whoever spawns a task has to keep it and wait for it.", "프로그램이 끝나면 asyncio는 남은 태스크를 모두 취소합니다. spawn한 쪽이 태스크를 간직하고 기다려야 합니다."),
        FindingKind::BlockingOnLoop => text!("While a coroutine blocks, its event loop runs nobody else. A blocking call belongs on a thread, or is awaited with an async library.", "코루틴이 블로킹하는 동안 이벤트 루프는 아무도 실행하지 못합니다. 블로킹 호출은 스레드로 보내거나 비동기 라이브러리로 await합니다."),
        FindingKind::CpuOnLoop => text!("While a coroutine computes, its event loop runs nobody else. A long computation belongs in another process, where it has a GIL of its own.", "코루틴이 계산하는 동안 이벤트 루프는 아무도 실행하지 못합니다. 긴 계산은 자기 GIL이 있는 다른 프로세스로 보냅니다."),
        FindingKind::PoolExhausted => text!("A `def` handler or a `thread` occupies one of the pool's threads until it returns, and the next one waits in line. Awaiting needs no thread at all.", "`def` 핸들러나 `thread`는 끝날 때까지 풀의 스레드 하나를 차지하고 다음 것은 줄을 섭니다. await에는 스레드가 필요 없습니다."),
        FindingKind::GilBound => text!("Only the thread that holds the GIL computes, so threads take turns and gain nothing. Processes have a GIL each.", "GIL을 쥔 스레드만 계산하므로 스레드를 늘려도 번갈아 돌 뿐 빨라지지 않습니다. 프로세스는 GIL을 따로 가집니다."),
        FindingKind::CoresSaturated => text!("A core computes one thing at a time, so whatever exceeds their number shares them in turns. More workers than cores do not help, more cores do.", "코어는 한 번에 하나만 계산하므로 넘치는 것은 번갈아 나눠 씁니다. 작업자를 늘려도 소용없고 코어를 늘려야 합니다."),
        FindingKind::LockConvoy => text!("Everybody who needs the lock waits out the holder's I/O as well. Only what must not be interrupted belongs under a lock.", "락이 필요한 모두가 쥔 쪽의 I/O까지 함께 기다립니다. 끊기면 안 되는 것만 락 안에 둡니다."),
        FindingKind::TrivialOffload => text!("Each hop to the pool needs a token, and queues for it behind everybody else. What takes no time is done faster where it is.", "풀로 갈 때마다 토큰이 필요하고 다른 모두의 뒤에 줄을 섭니다. 금방 끝나는 일은 그 자리에서 하는 편이 빠릅니다."),
        FindingKind::SequentialCalls => text!("Awaited one after the other, their times add up; gathered, the longest one counts. This holds if none needs another one's result.", "하나씩 await하면 시간이 더해지고, gather로 묶으면 가장 긴 것만 걸립니다. 서로의 결과가 필요 없을 때의 이야기입니다."),
        FindingKind::UnboundedQueue => text!("What is put faster than it is taken piles up in memory, and everything in it gets older. A bound makes the producer wait instead.", "꺼내는 것보다 빨리 넣으면 메모리에 쌓이고 안의 것은 점점 오래됩니다. 크기를 정하면 넣는 쪽이 기다립니다."),
    }
}

impl Fix {
    fn told(&self, total: SimDuration, language: Language) -> String {
        let change = self.change.words(language);
        let (now, then) = (rounded(total), rounded(self.total));
        let waited = task_time(self.waited);
        match self.total == total {
            false => say!(
                language,
                "{change}: total {then} instead of {now}, others wait {waited} in sum",
                "{change}: 전체 {now} → {then}, 기다림의 합 {waited}",
                change,
                then,
                now,
                waited
            ),
            true => say!(
                language,
                "{change}: total {then} as before, others wait {waited} in sum",
                "{change}: 전체 {then} 그대로, 기다림의 합 {waited}",
                change,
                then,
                waited
            ),
        }
    }
}

impl Change {
    fn words(self, language: Language) -> String {
        let text = match self {
            Self::AwaitInstead => text!(
                "await it with an async library",
                "비동기 라이브러리로 await"
            ),
            Self::OtherProcess => text!("compute it in a process", "프로세스에서 계산"),
            Self::OtherThread => text!("call it on a thread", "스레드에서 호출"),
            Self::AsyncHandler => text!(
                "make it `async def` and await with an async library",
                "`async def`로 바꾸고 비동기 라이브러리로 await"
            ),
            Self::Gather => text!("gather them", "gather로 묶기"),
            Self::ShorterLock => text!("await before taking the lock", "락을 잡기 전에 await"),
            Self::SameOrder => text!("take the locks in the same order", "락을 같은 순서로 잡기"),
            Self::Inline => text!("do it inline", "그 자리에서 하기"),
            Self::Wait => text!("wait for it at the end", "끝에서 wait로 기다리기"),
            Self::LargerPool(size) => return format!("`pool {size}`"),
            Self::MoreCores(count) => return format!("`cores {count}`"),
            Self::BoundedQueue(size) => {
                return say!(
                    language,
                    "give it a bound of {size}",
                    "크기를 {size}개로 제한",
                    size
                );
            }
        };
        text.of(language).to_owned()
    }
}

fn tasks(count: u32, language: Language) -> String {
    match count {
        1 => say!(language, "1 task", "태스크 1개"),
        _ => say!(language, "{count} tasks", "태스크 {count}개", count),
    }
}

fn task_time(nanos: u128) -> String {
    rounded(SimDuration::from_nanos(
        u64::try_from(nanos).unwrap_or(u64::MAX),
    ))
}

/// To a hundredth of the unit it is written in.
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
