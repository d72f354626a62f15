//! The words of the language, as data: keywords, settings, units.
//!
//! One table each, read by the parser, by completion, by the formatter, by
//! did-you-mean and by the language reference. How words combine is decided
//! in the parser; the Python that people type instead stands in
//! [`super::python`].

use crate::language::{Text, text};

/// A word of the language and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    pub word: &'static str,
    /// How it is used: `cpu D`.
    pub form: &'static str,
    /// What it is in Python.
    pub python: &'static str,
    pub doc: Text,
}

const fn word(word: &'static str, form: &'static str, python: &'static str, doc: Text) -> Word {
    Word {
        word,
        form,
        python,
        doc,
    }
}

/// What a segment's first word asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    Cpu,
    Await,
    Block,
    Yield,
    Call,
    Spawn,
    Wait,
    Cancel,
    Gather,
    Group,
    Thread,
    Executor,
    Process,
    Send,
    Put,
    Get,
    With,
    Acquire,
    Release,
    Set,
    Clear,
    Notify,
    Shield,
    Respond,
    Print,
    Timeout,
    Try,
    Fail,
    Repeat,
    Forever,
}

/// Every segment, in the order of the language reference.
#[rustfmt::skip]
pub const SEGMENTS: &[(Verb, Word)] = &[
    (Verb::Cpu, word("cpu", "cpu D", "computation", text!("Computes for D: holds the thread it is on, and the GIL.", "D만큼 계산합니다. 실행 중인 스레드와 GIL을 붙잡습니다."))),
    (Verb::Await, word("await", "await D [\"label\"]", "await asyncio.sleep(D)", text!("Waits for D without blocking: the loop runs others meanwhile.", "D만큼 기다리되 막지 않습니다. 그동안 루프는 다른 태스크를 실행합니다."))),
    (Verb::Block, word("block", "block D [\"label\"]", "time.sleep(D)", text!("Waits for D and holds its thread all the while, but not the GIL.", "D만큼 기다리면서 스레드를 계속 붙잡습니다. GIL은 놓습니다."))),
    (Verb::Yield, word("yield", "yield", "await asyncio.sleep(0)", text!("Goes to the back of the ready queue.", "준비 큐의 맨 뒤로 갑니다."))),
    (Verb::Call, word("call", "call f", "await f()", text!("Runs f inline, as a part of this task.", "f를 이 태스크의 일부로 그 자리에서 실행합니다."))),
    (Verb::Spawn, word("spawn", "spawn f [as h]", "h = asyncio.create_task(f())", text!("Starts f as a task of its own and goes on at once.", "f를 별도의 태스크로 시작하고 바로 계속합니다."))),
    (Verb::Wait, word("wait", "wait h", "await h", text!("Waits for a spawned task, an event or a condition.", "spawn한 태스크, 이벤트 또는 조건을 기다립니다."))),
    (Verb::Cancel, word("cancel", "cancel h", "h.cancel()", text!("Cancels a spawned task at its next resumption.", "spawn한 태스크를 다음에 재개될 때 취소합니다."))),
    (Verb::Gather, word("gather", "gather f, 3 g", "await asyncio.gather(f(), g(), g(), g())", text!("Runs all of them together and waits for all; `gather all` collects failures.", "모두 함께 실행하고 모두 끝나기를 기다립니다. `gather all`은 실패를 모읍니다."))),
    (Verb::Group, word("group", "group:", "async with asyncio.TaskGroup()", text!("Waits at its end for the tasks spawned in it; one failure cancels the others.", "안에서 spawn한 태스크를 끝에서 기다립니다. 하나가 실패하면 나머지를 취소합니다."))),
    (Verb::Thread, word("thread", "thread f", "await run_in_threadpool(f)", text!("Runs f, or the block, on a thread of the pool, and waits without blocking.", "f나 블록을 스레드 풀에서 실행하고 막지 않고 기다립니다."))),
    (Verb::Executor, word("executor", "executor f", "await asyncio.to_thread(f)", text!("Like `thread`, on the loop's own executor.", "`thread`와 같지만 루프의 기본 실행기에서 실행합니다."))),
    (Verb::Process, word("process", "process f", "await loop.run_in_executor(process_pool, f)", text!("Runs f, or the block, in a worker process with a GIL of its own.", "f나 블록을 자기 GIL을 가진 작업 프로세스에서 실행합니다."))),
    (Verb::Send, word("send", "send f [as h]", "f.delay()", text!("Sends f to the job queue and goes on at once.", "f를 작업 큐로 보내고 바로 계속합니다."))),
    (Verb::Put, word("put", "put q", "await q.put(item)", text!("Puts an item into the queue; waits while it is full.", "큐에 항목을 넣습니다. 가득 차 있으면 기다립니다."))),
    (Verb::Get, word("get", "get q", "await q.get()", text!("Takes an item from the queue; waits while it is empty.", "큐에서 항목을 꺼냅니다. 비어 있으면 기다립니다."))),
    (Verb::With, word("with", "with s:", "async with s:", text!("Holds a permit of the semaphore, lock or condition for the block.", "블록 동안 세마포어, 락 또는 조건의 허가를 가집니다."))),
    (Verb::Acquire, word("acquire", "acquire s", "await s.acquire()", text!("Takes a permit by hand.", "허가를 직접 얻습니다."))),
    (Verb::Release, word("release", "release s", "s.release()", text!("Gives a permit back by hand.", "허가를 직접 돌려줍니다."))),
    (Verb::Set, word("set", "set e", "e.set()", text!("Sets the event: whoever waits for it goes on.", "이벤트를 켭니다. 기다리던 태스크가 계속됩니다."))),
    (Verb::Clear, word("clear", "clear e", "e.clear()", text!("Clears the event: whoever waits for it from now on waits.", "이벤트를 끕니다. 이제부터 기다리는 태스크는 멈춥니다."))),
    (Verb::Notify, word("notify", "notify c [N]", "c.notify(N)", text!("Wakes N (1) of those who wait for the condition; inside `with c:`.", "조건을 기다리는 태스크 중 N개(기본 1)를 깨웁니다. `with c:` 안에서 씁니다."))),
    (Verb::Shield, word("shield", "shield f", "await asyncio.shield(f())", text!("Waits for f; a cancellation ends the wait but not f.", "f를 기다립니다. 취소되면 기다림만 끝나고 f는 계속됩니다."))),
    (Verb::Respond, word("respond", "respond", "return response, then BackgroundTasks", text!("The response is sent: the latency ends here, what follows is a background task.", "응답을 보냅니다. 지연 시간은 여기서 끝나고 뒤는 백그라운드 작업입니다."))),
    (Verb::Print, word("print", "print \"text\"", "print(\"text\")", text!("A line of output; takes no time.", "한 줄을 출력합니다. 시간이 들지 않습니다."))),
    (Verb::Timeout, word("timeout", "timeout D:", "async with asyncio.timeout(D):", text!("Cancels the block after D; `else:` runs when that happened.", "D가 지나면 블록을 취소합니다. 그러면 `else:`가 실행됩니다."))),
    (Verb::Try, word("try", "try:", "try:", text!("`except:` runs when the block fails (not when it is cancelled), `finally:` always.", "블록이 실패하면 `except:`가(취소에는 아님), 언제나 `finally:`가 실행됩니다."))),
    (Verb::Fail, word("fail", "fail \"text\"", "raise RuntimeError(\"text\")", text!("Raises an exception.", "예외를 일으킵니다."))),
    (Verb::Repeat, word("repeat", "repeat N:", "for _ in range(N):", text!("Runs the block N times.", "블록을 N번 실행합니다."))),
    (Verb::Forever, word("forever", "forever:", "while True:", text!("Runs the block again and again.", "블록을 끝없이 반복합니다."))),
];

/// What follows the block of `timeout` or `try`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClauseWord {
    Else,
    Except,
    Finally,
}

#[rustfmt::skip]
pub const CLAUSES: &[(ClauseWord, Word)] = &[
    (ClauseWord::Else, word("else", "else:", "except TimeoutError:", text!("Runs when the `timeout` above it cut its block off.", "위의 `timeout`이 블록을 끊었을 때 실행됩니다."))),
    (ClauseWord::Except, word("except", "except:", "except Exception:", text!("Runs when the `try` block failed; a cancellation passes through.", "`try` 블록이 실패했을 때 실행됩니다. 취소는 통과합니다."))),
    (ClauseWord::Finally, word("finally", "finally:", "finally:", text!("Runs however the `try` block ended.", "`try` 블록이 어떻게 끝나든 실행됩니다."))),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettingWord {
    Cores,
    Gil,
    Switch,
    Pool,
    Executor,
    Processes,
    Jobs,
    Prefetch,
    Servers,
    Seed,
    Until,
}

#[rustfmt::skip]
pub const SETTINGS: &[(SettingWord, Word)] = &[
    (SettingWord::Cores, word("cores", "cores N", "os.cpu_count()", text!("Cores of the machine; 4 when not written.", "기계의 코어 수. 쓰지 않으면 4입니다."))),
    (SettingWord::Gil, word("gil", "gil on|off", "python3 / python3t", text!("Whether threads of one process exclude each other while computing; on.", "한 프로세스의 스레드가 계산할 때 서로를 배제하는지. 기본은 on입니다."))),
    (SettingWord::Switch, word("switch", "switch D", "sys.setswitchinterval(D)", text!("How long a thread keeps the GIL while others ask for it; 5ms.", "다른 스레드가 요청해도 GIL을 유지하는 시간. 기본 5ms입니다."))),
    (SettingWord::Pool, word("pool", "pool N", "anyio.to_thread.current_default_thread_limiter()", text!("Tokens of the thread pool for `def` handlers and `thread`; 40.", "`def` 핸들러와 `thread`가 쓰는 스레드 풀의 토큰 수. 기본 40입니다."))),
    (SettingWord::Executor, word("executor", "executor N", "loop.set_default_executor(ThreadPoolExecutor(N))", text!("Threads of the loop's own executor; min(32, cores + 4).", "루프 기본 실행기의 스레드 수. 기본 min(32, cores + 4)입니다."))),
    (SettingWord::Processes, word("processes", "processes N", "ProcessPoolExecutor(N)", text!("Workers of the process pool; one a core.", "프로세스 풀의 작업자 수. 기본은 코어마다 하나입니다."))),
    (SettingWord::Jobs, word("jobs", "jobs N", "celery worker --concurrency N", text!("Workers of the job queue, one job at a time each; 4.", "작업 큐의 작업자 수. 각각 한 번에 하나씩 처리합니다. 기본 4입니다."))),
    (SettingWord::Prefetch, word("prefetch", "prefetch N", "worker_prefetch_multiplier = N", text!("Jobs a worker reserves beyond the one it runs; 4.", "작업자가 실행 중인 것 외에 미리 잡아 두는 작업 수. 기본 4입니다."))),
    (SettingWord::Servers, word("servers", "servers N", "uvicorn --workers N", text!("Server processes, each with a loop, a pool and a GIL of its own; 1.", "서버 프로세스 수. 각각 루프, 풀, GIL을 따로 가집니다. 기본 1입니다."))),
    (SettingWord::Seed, word("seed", "seed N", "random.seed(N)", text!("Where random durations and arrivals come from; 1.", "무작위 시간과 도착의 씨앗값. 기본 1입니다."))),
    (SettingWord::Until, word("until", "until D", "asyncio.timeout(D)", text!("Stops the clock at D, whatever still runs.", "무엇이 실행 중이든 D에서 시계를 멈춥니다."))),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceWord {
    Queue,
    Semaphore,
    Lock,
    Event,
    Condition,
}

#[rustfmt::skip]
pub const RESOURCES: &[(ResourceWord, Word)] = &[
    (ResourceWord::Queue, word("queue", "queue q [N]", "q = asyncio.Queue(N)", text!("A queue, of at most N items when N is written.", "큐. N을 쓰면 항목은 최대 N개입니다."))),
    (ResourceWord::Semaphore, word("semaphore", "semaphore s N", "s = asyncio.Semaphore(N)", text!("A semaphore with N permits.", "허가가 N개인 세마포어."))),
    (ResourceWord::Lock, word("lock", "lock m", "m = asyncio.Lock()", text!("A lock: one holder at a time.", "락. 한 번에 하나만 가집니다."))),
    (ResourceWord::Event, word("event", "event e", "e = asyncio.Event()", text!("An event: off until it is set.", "이벤트. set할 때까지 꺼져 있습니다."))),
    (ResourceWord::Condition, word("condition", "condition c", "c = asyncio.Condition()", text!("A condition: a lock on which tasks wait to be notified.", "조건. 알림을 기다릴 수 있는 락입니다."))),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatementWord {
    AsyncDef,
    Def,
    Run,
    Expect,
}

#[rustfmt::skip]
pub const STATEMENTS: &[(StatementWord, Word)] = &[
    (StatementWord::AsyncDef, word("async def", "async def NAME:", "async def name():", text!("A task on the event loop; `NAME:` is short for it.", "이벤트 루프 위의 태스크. `NAME:`은 이것을 줄인 것입니다."))),
    (StatementWord::Def, word("def", "def NAME:", "def name():", text!("A plain function; as a handler it runs on the thread pool.", "일반 함수. 핸들러이면 스레드 풀에서 실행됩니다."))),
    (StatementWord::Run, word("run", "run [N] NAME [at D | every D | at N/s]", "asyncio.run(main())", text!("Who arrives, how many, when.", "무엇이 몇 개, 언제 도착하는지."))),
    (StatementWord::Expect, word("expect", "expect total 9s", "assert", text!("A claim about the outcome, checked after the run.", "결과에 대한 주장. 실행 뒤에 확인합니다."))),
];

/// Words between other words.
#[rustfmt::skip]
pub const CONNECTIVES: &[Word] = &[
    word("as", "spawn f as h", "h = …", text!("Names the handle.", "핸들에 이름을 붙입니다.")),
    word("all", "gather all f, g", "return_exceptions=True", text!("Collects failures instead of raising the first.", "첫 실패를 일으키는 대신 실패를 모읍니다.")),
    word("at", "run a at 2s", "", text!("When it arrives, or how many a second: `at 50/s` (Poisson).", "도착 시각, 또는 초당 개수: `at 50/s`(푸아송).")),
    word("every", "run 9 a every 10ms", "", text!("One each so often.", "일정한 간격으로 하나씩.")),
    word("from", "run 9 a every 10ms from 2s", "", text!("When the arrivals begin.", "도착이 시작되는 시각.")),
    word("on", "gil on", "python3", text!("With the GIL.", "GIL 있음.")),
    word("off", "gil off", "python3t", text!("Free-threaded.", "GIL 없음.")),
];

/// What an expectation is about when it is not about one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimWord {
    Total,
    Order,
    Threads,
    LoopLag,
    Freeze,
    Deadlock,
}

#[rustfmt::skip]
pub const CLAIMS: &[(ClaimWord, Word)] = &[
    (ClaimWord::Total, word("total", "expect total 9s", "", text!("The total elapsed time.", "전체 경과 시간."))),
    (ClaimWord::Order, word("order", "expect order a, b", "", text!("They finish in this order.", "이 순서로 끝납니다."))),
    (ClaimWord::Threads, word("threads", "expect threads <= 40", "", text!("Threads at work at once, at the peak.", "동시에 일한 스레드의 최대 수."))),
    (ClaimWord::LoopLag, word("loop lag", "expect loop lag < 100ms", "", text!("The longest a ready task waited for its loop.", "준비된 태스크가 루프를 기다린 가장 긴 시간."))),
    (ClaimWord::Freeze, word("freeze", "expect freeze < 10ms", "", text!("The longest uninterrupted hold of a loop.", "루프를 끊김 없이 붙잡은 가장 긴 시간."))),
    (ClaimWord::Deadlock, word("deadlock", "expect deadlock", "", text!("The script deadlocks.", "교착 상태에 빠집니다."))),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StageWord {
    Started,
    Done,
    Responded,
    Failed,
    Cancelled,
}

#[rustfmt::skip]
pub const STAGES: &[(StageWord, Word)] = &[
    (StageWord::Started, word("started", "expect a started 5s", "", text!("When its body began.", "본문이 시작된 때."))),
    (StageWord::Done, word("done", "expect a done 8s", "", text!("When it finished.", "끝난 때."))),
    (StageWord::Responded, word("responded", "expect a responded 1s", "", text!("When its response was sent.", "응답을 보낸 때."))),
    (StageWord::Failed, word("failed", "expect a failed", "", text!("When it failed.", "실패한 때."))),
    (StageWord::Cancelled, word("cancelled", "expect a cancelled", "", text!("When it was cancelled.", "취소된 때."))),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    Nanosecond,
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
}

#[rustfmt::skip]
pub const UNITS: &[(Unit, Word)] = &[
    (Unit::Nanosecond, word("ns", "7ns", "", text!("Nanoseconds.", "나노초."))),
    (Unit::Microsecond, word("us", "20us", "", text!("Microseconds.", "마이크로초."))),
    (Unit::Millisecond, word("ms", "150ms", "", text!("Milliseconds.", "밀리초."))),
    (Unit::Second, word("s", "3s", "", text!("Seconds; also when no unit is written.", "초. 단위를 쓰지 않아도 초입니다."))),
    (Unit::Minute, word("min", "2min", "", text!("Minutes.", "분."))),
    (Unit::Hour, word("h", "1h", "", text!("Hours.", "시간."))),
];

/// Other spellings of units that are read; the formatter writes ours.
const UNIT_SPELLINGS: &[(&str, Unit)] = &[
    ("나노초", Unit::Nanosecond),
    ("µs", Unit::Microsecond),
    ("μs", Unit::Microsecond),
    ("마이크로초", Unit::Microsecond),
    ("밀리초", Unit::Millisecond),
    ("초", Unit::Second),
    ("분", Unit::Minute),
    ("시간", Unit::Hour),
];

/// What people write for a unit elsewhere; not read, since `m` is a guess, but
/// understood.
const UNIT_SLIPS: &[(&str, &str)] = &[
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("m", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hr", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("msec", "ms"),
    ("millis", "ms"),
    ("usec", "us"),
];

impl Unit {
    /// What a unit of another notation is in ours.
    pub(super) fn slip(text: &str) -> Option<&'static str> {
        let is_it = |(slip, _): &&(&str, _)| slip.eq_ignore_ascii_case(text);
        let slip = UNIT_SLIPS.iter().find(is_it)?;
        Some(slip.1)
    }

    pub const fn nanos(self) -> u64 {
        match self {
            Self::Nanosecond => 1,
            Self::Microsecond => 1_000,
            Self::Millisecond => 1_000_000,
            Self::Second => 1_000_000_000,
            Self::Minute => 60 * 1_000_000_000,
            Self::Hour => 3_600 * 1_000_000_000,
        }
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        lookup(UNITS, text).or_else(|| {
            let spelling = UNIT_SPELLINGS
                .iter()
                .find(|(spelling, _)| *spelling == text)?;
            Some(spelling.1)
        })
    }
}

/// The meaning of a word in a table; keywords may be capitalised.
pub(super) fn lookup<T: Copy>(table: &[(T, Word)], text: &str) -> Option<T> {
    let entry = table
        .iter()
        .find(|(_, entry)| entry.word.eq_ignore_ascii_case(text))?;
    Some(entry.0)
}

/// How a meaning is written.
pub(super) fn spelling<T: Copy + PartialEq>(table: &[(T, Word)], meaning: T) -> &'static str {
    table
        .iter()
        .find(|(found, _)| *found == meaning)
        .map_or("", |(_, entry)| entry.word)
}

/// The words of a table.
pub fn words<T>(table: &'static [(T, Word)]) -> impl Iterator<Item = &'static str> {
    table.iter().map(|(_, entry)| entry.word)
}
