//! The vocabulary of the language, as data: keywords, settings, units.
//!
//! One table for each kind of word, used by the parser, completion, the formatter, did-you-mean
//! and the language reference. The grammar is left to the parser, and Python's words are in
//! [`super::python`].

use model::workload::Percentile;
use texts::{Text, text};

/// A word of the language with its meaning.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    pub word: &'static str,
    /// How to write it, e.g. `cpu D`.
    pub form: &'static str,
    /// The counterpart in Python.
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

/// The keyword of a segment.
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
    AsCompleted,
    Group,
    Thread,
    Executor,
    Process,
    Send,
    Put,
    Get,
    Shutdown,
    With,
    Acquire,
    Release,
    Set,
    Clear,
    Notify,
    Shield,
    WaitFor,
    Respond,
    Print,
    Timeout,
    Try,
    Fail,
    Repeat,
    Forever,
}

/// All segments, in the order of the language reference.
#[rustfmt::skip]
pub const SEGMENTS: &[(Verb, Word)] = &[
    (Verb::Cpu, word("cpu", "cpu D", "computation", text!("Computes for D: holds the thread it is on, and the GIL."))),
    (Verb::Await, word("await", "await D [\"label\"]", "await asyncio.sleep(D)", text!("Waits for D without blocking: the loop runs other tasks meanwhile."))),
    (Verb::Block, word("block", "block D [\"label\"]", "time.sleep(D)", text!("Waits for D and holds its thread, but not the GIL."))),
    (Verb::Yield, word("yield", "yield", "await asyncio.sleep(0)", text!("Goes to the back of the ready queue."))),
    (Verb::Call, word("call", "call f", "await f()", text!("Runs f inline, as a part of this task."))),
    (Verb::Spawn, word("spawn", "spawn f [as h]", "h = asyncio.create_task(f())", text!("Starts f as a separate task and continues at once."))),
    (Verb::Wait, word("wait", "wait h", "await h", text!("Waits for a spawned task, an event or a condition."))),
    (Verb::Cancel, word("cancel", "cancel h", "h.cancel()", text!("Cancels a spawned task at its next resumption."))),
    (Verb::Gather, word("gather", "gather f, 3 g", "await asyncio.gather(f(), g(), g(), g())", text!("Runs all of them together and waits for all; `gather all` collects the failures, `gather first` waits for the first and cancels the others."))),
    (Verb::AsCompleted, word("as_completed", "as_completed f, 3 g:", "for task in asyncio.as_completed(tasks):", text!("Runs all of them together, and the block each time that one has ended."))),
    (Verb::Group, word("group", "group:", "async with asyncio.TaskGroup()", text!("Waits at its end for the tasks spawned in it; one failure cancels the others."))),
    (Verb::Thread, word("thread", "thread f", "await run_in_threadpool(f)", text!("Runs f, or the block, on a thread of the pool, and waits without blocking."))),
    (Verb::Executor, word("executor", "executor f", "await asyncio.to_thread(f)", text!("Like `thread`, on the loop's own executor."))),
    (Verb::Process, word("process", "process f", "await loop.run_in_executor(process_pool, f)", text!("Runs f, or the block, in a worker process with a GIL of its own."))),
    (Verb::Send, word("send", "send f [as h]", "f.delay()", text!("Sends f to the job queue and continues at once."))),
    (Verb::Put, word("put", "put q", "await q.put(item)", text!("Puts an item into the queue; waits while it is full."))),
    (Verb::Get, word("get", "get q", "await q.get()", text!("Takes an item from the queue; waits while it is empty."))),
    (Verb::Shutdown, word("shutdown", "shutdown q", "q.shutdown()", text!("Ends the queue: what is left can be taken; then `get`, and every `put`, fails."))),
    (Verb::With, word("with", "with s:", "async with s:", text!("Holds a permit of the semaphore, lock, condition or pool for the block."))),
    (Verb::Acquire, word("acquire", "acquire s", "await s.acquire()", text!("Takes a permit by hand."))),
    (Verb::Release, word("release", "release s", "s.release()", text!("Gives a permit back by hand."))),
    (Verb::Set, word("set", "set e", "e.set()", text!("Sets the event: the tasks that wait for it continue."))),
    (Verb::Clear, word("clear", "clear e", "e.clear()", text!("Clears the event: from now on tasks wait until it is set again."))),
    (Verb::Notify, word("notify", "notify c [N]", "c.notify(N)", text!("Wakes N (default: 1) of the tasks that wait for the condition; inside `with c:`."))),
    (Verb::Shield, word("shield", "shield f", "await asyncio.shield(f())", text!("Waits for f; a cancellation ends the wait but not f."))),
    (Verb::WaitFor, word("wait_for", "wait_for D f", "await asyncio.wait_for(f(), D)", text!("Waits for f, or for the block, at most D; then cancels it. Then the block's `else:` runs, or the task fails, which `except:` catches."))),
    (Verb::Respond, word("respond", "respond", "return response, then BackgroundTasks", text!("Sends the response: the latency ends here; later steps are a background task."))),
    (Verb::Print, word("print", "print \"text\"", "print(\"text\")", text!("A line of output; takes no time."))),
    (Verb::Timeout, word("timeout", "timeout D:", "async with asyncio.timeout(D):", text!("Cancels the block after D; then `else:` runs."))),
    (Verb::Try, word("try", "try:", "try:", text!("`except:` runs when the block fails (not when it is cancelled), `finally:` always."))),
    (Verb::Fail, word("fail", "fail \"text\"", "raise RuntimeError(\"text\")", text!("Raises an exception."))),
    (Verb::Repeat, word("repeat", "repeat N:", "for _ in range(N):", text!("Runs the block N times."))),
    (Verb::Forever, word("forever", "forever:", "while True:", text!("Repeats the block without end."))),
];

/// A clause after the block of `timeout`, `wait_for` or `try`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClauseWord {
    Else,
    Except,
    Finally,
}

/// All clauses, in the order of the language reference.
#[rustfmt::skip]
pub const CLAUSES: &[(ClauseWord, Word)] = &[
    (ClauseWord::Else, word("else", "else:", "except TimeoutError:", text!("Runs when the `timeout` or `wait_for` above has cancelled its block."))),
    (ClauseWord::Except, word("except", "except:", "except Exception:", text!("Runs when the `try` block failed; a cancellation passes through."))),
    (ClauseWord::Finally, word("finally", "finally:", "finally:", text!("Runs however the `try` block ended."))),
];

/// The keyword of a setting.
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
    Python,
    Eager,
}

/// All settings, in the order of the language reference.
#[rustfmt::skip]
pub const SETTINGS: &[(SettingWord, Word)] = &[
    (SettingWord::Cores, word("cores", "cores N", "os.cpu_count()", text!("Cores of the machine; 4 when not written."))),
    (SettingWord::Gil, word("gil", "gil on|off", "python3 / python3t", text!("Whether threads of one process exclude each other while computing; on."))),
    (SettingWord::Switch, word("switch", "switch D", "sys.setswitchinterval(D)", text!("How long a thread keeps the GIL while others ask for it; 5ms."))),
    (SettingWord::Pool, word("pool", "pool N", "anyio.to_thread.current_default_thread_limiter()", text!("Tokens of the thread pool for `def` handlers and `thread`; 40."))),
    (SettingWord::Executor, word("executor", "executor N", "loop.set_default_executor(ThreadPoolExecutor(N))", text!("Threads of the loop's own executor; min(32, cores + 4)."))),
    (SettingWord::Processes, word("processes", "processes N", "ProcessPoolExecutor(N)", text!("Workers of the process pool; one per core."))),
    (SettingWord::Jobs, word("jobs", "jobs N", "celery worker --concurrency N", text!("Workers of the job queue, one job at a time each; 4."))),
    (SettingWord::Prefetch, word("prefetch", "prefetch N", "worker_prefetch_multiplier = N", text!("Jobs a worker reserves beyond the one it runs; 4."))),
    (SettingWord::Servers, word("servers", "servers N", "uvicorn --workers N", text!("Server processes, each with a loop, a pool and a GIL of its own; 1."))),
    (SettingWord::Seed, word("seed", "seed N", "random.seed(N)", text!("Seed of the random durations and arrivals; 1."))),
    (SettingWord::Until, word("until", "until D", "asyncio.timeout(D)", text!("Stops the clock at D, even if tasks still run."))),
    (SettingWord::Python, word("python", "python 3.11", "python3.11", text!("The CPython whose asyncio the run follows, 3.11 to 3.15; 3.14."))),
    (SettingWord::Eager, word("eager", "eager on|off", "loop.set_task_factory(asyncio.eager_task_factory)", text!("Whether a new task takes its first step at once, inside the task that creates it; off."))),
];

/// The keyword of a resource's declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceWord {
    Queue,
    Semaphore,
    Lock,
    Event,
    Condition,
    Pool,
}

/// All kinds of resources, in the order of the language reference.
#[rustfmt::skip]
pub const RESOURCES: &[(ResourceWord, Word)] = &[
    (ResourceWord::Queue, word("queue", "queue q [N]", "q = asyncio.Queue(N)", text!("A queue, of at most N items when N is written."))),
    (ResourceWord::Semaphore, word("semaphore", "semaphore s N", "s = asyncio.Semaphore(N)", text!("A semaphore with N permits."))),
    (ResourceWord::Lock, word("lock", "lock m", "m = asyncio.Lock()", text!("A lock: one holder at a time."))),
    (ResourceWord::Event, word("event", "event e", "e = asyncio.Event()", text!("An event: off until it is set."))),
    (ResourceWord::Condition, word("condition", "condition c", "c = asyncio.Condition()", text!("A condition: a lock on which tasks wait to be notified."))),
    (ResourceWord::Pool, word("pool", "pool db N [timeout D]", "db = threading.BoundedSemaphore(N)", text!("Permits for threads, such as database connections; a wait blocks its thread and fails after D."))),
];

/// The keyword of a statement that is neither a setting nor a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatementWord {
    AsyncDef,
    Def,
    Run,
    Expect,
}

/// All other statements.
#[rustfmt::skip]
pub const STATEMENTS: &[(StatementWord, Word)] = &[
    (StatementWord::AsyncDef, word("async def", "async def NAME:", "async def name():", text!("A task on the event loop; `NAME:` is short for it."))),
    (StatementWord::Def, word("def", "def NAME:", "def name():", text!("A plain function; as a handler it runs on the thread pool."))),
    (StatementWord::Run, word("run", "run [N] NAME [at D | every D | at N/s]", "asyncio.run(main())", text!("Which tasks arrive, how many, and when."))),
    (StatementWord::Expect, word("expect", "expect total 9s", "assert", text!("A claim about the outcome, checked after the run."))),
];

/// Words inside statements and segments, e.g. `every` in `run 9 a every 10ms`.
#[rustfmt::skip]
pub const CONNECTIVES: &[Word] = &[
    word("as", "spawn f as h", "h = …", text!("Names the handle.")),
    word("all", "gather all f, g", "return_exceptions=True", text!("Collects failures instead of raising the first.")),
    word("first", "gather first f, g", "return_when=FIRST_COMPLETED", text!("Waits for the first to end, and cancels the others.")),
    word("at", "run a at 2s", "", text!("When it arrives, or how many a second: `at 50/s` (Poisson).")),
    word("every", "run 9 a every 10ms", "", text!("One at each interval.")),
    word("from", "run 9 a every 10ms from 2s", "", text!("When the arrivals begin.")),
    word("on", "gil on", "python3", text!("With the GIL.")),
    word("off", "gil off", "python3t", text!("Free-threaded.")),
];

/// The subject of an expectation that is not about one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimWord {
    Total,
    Order,
    Threads,
    LoopLag,
    Freeze,
    Deadlock,
}

/// All subjects of expectations, in the order of the language reference.
#[rustfmt::skip]
pub const CLAIMS: &[(ClaimWord, Word)] = &[
    (ClaimWord::Total, word("total", "expect total 9s", "", text!("The total elapsed time."))),
    (ClaimWord::Order, word("order", "expect order a, b", "", text!("They finish in this order."))),
    (ClaimWord::Threads, word("threads", "expect threads <= 40", "", text!("The most threads that worked at the same time."))),
    (ClaimWord::LoopLag, word("loop lag", "expect loop lag < 100ms", "", text!("The longest wait of a ready task for its loop."))),
    (ClaimWord::Freeze, word("freeze", "expect freeze < 10ms", "", text!("The longest time that one step held a loop."))),
    (ClaimWord::Deadlock, word("deadlock", "expect deadlock", "", text!("The script deadlocks."))),
];

/// The stage of a task in an expectation, e.g. `done` in `expect a done 8s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StageWord {
    Started,
    Done,
    Responded,
    Failed,
    Cancelled,
}

/// All stages.
#[rustfmt::skip]
pub const STAGES: &[(StageWord, Word)] = &[
    (StageWord::Started, word("started", "expect a started 5s", "", text!("When its body began."))),
    (StageWord::Done, word("done", "expect a done 8s", "", text!("When it finished."))),
    (StageWord::Responded, word("responded", "expect a responded 1s", "", text!("When its response was sent."))),
    (StageWord::Failed, word("failed", "expect a failed", "", text!("When it failed."))),
    (StageWord::Cancelled, word("cancelled", "expect a cancelled", "", text!("When it was cancelled."))),
];

/// A percentile of a task's latencies in an expectation, e.g. `p95` in `expect a p95 < 500ms`.
#[rustfmt::skip]
pub const PERCENTILES: &[(Percentile, Word)] = &[
    (Percentile::P50, word("p50", "expect a p50 < 200ms", "", text!("Half of all instances responded within it."))),
    (Percentile::P95, word("p95", "expect a p95 < 500ms", "", text!("95 % of all instances responded within it."))),
    (Percentile::P99, word("p99", "expect a p99 < 1s", "", text!("99 % of all instances responded within it."))),
];

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    Nanosecond,
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
}

/// All units, with the spelling that the formatter writes.
#[rustfmt::skip]
pub const UNITS: &[(Unit, Word)] = &[
    (Unit::Nanosecond, word("ns", "7ns", "", text!("Nanoseconds."))),
    (Unit::Microsecond, word("us", "20us", "", text!("Microseconds."))),
    (Unit::Millisecond, word("ms", "150ms", "", text!("Milliseconds."))),
    (Unit::Second, word("s", "3s", "", text!("Seconds; also when no unit is written."))),
    (Unit::Minute, word("min", "2min", "", text!("Minutes."))),
    (Unit::Hour, word("h", "1h", "", text!("Hours."))),
];

/// Other accepted spellings of units; the formatter replaces them, e.g. `초` by `s`.
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

/// Units of other notations. They are refused, because `m` would be a guess, but the message
/// suggests ours.
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
    /// The unit of another notation in ours, e.g. `sec` → `s`.
    pub(super) fn slip(text: &str) -> Option<&'static str> {
        let is_it = |(slip, _): &&(&str, _)| slip.eq_ignore_ascii_case(text);
        let slip = UNIT_SLIPS.iter().find(is_it)?;
        Some(slip.1)
    }

    /// The unit in nanoseconds, e.g. 1_000_000 for `ms`.
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

/// The meaning of a word in a table. Case does not matter.
pub(super) fn lookup<T: Copy>(table: &[(T, Word)], text: &str) -> Option<T> {
    let entry = table
        .iter()
        .find(|(_, entry)| entry.word.eq_ignore_ascii_case(text))?;
    Some(entry.0)
}

/// The word for a meaning.
pub fn spelling<T: Copy + PartialEq>(table: &[(T, Word)], meaning: T) -> &'static str {
    table
        .iter()
        .find(|(found, _)| *found == meaning)
        .map_or("", |(_, entry)| entry.word)
}

/// All words of a table.
pub fn words<T>(table: &'static [(T, Word)]) -> impl Iterator<Item = &'static str> {
    table.iter().map(|(_, entry)| entry.word)
}
