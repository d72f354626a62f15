//! `loopscope explain CODE`: what a problem is, why it is one, and how it looks
//! wrong and right.

use super::problem::Code;
use texts::{Language, Text, text};

/// The long text about a code. The samples are scripts: the tests parse them.
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    pub what: Text,
    pub why: Text,
    /// Empty where no sample fits on a page.
    pub wrong: &'static str,
    pub right: &'static str,
}

/// The text as it is printed.
pub fn explain(code: Code, language: Language) -> String {
    let explanation = explanation(code);
    let (what, why) = (explanation.what.of(language), explanation.why.of(language));
    let mut text = format!("{code}: {what}\n\n{why}\n");
    let samples = [
        (text!("Wrong"), explanation.wrong),
        (text!("Right"), explanation.right),
    ];
    for (title, sample) in samples {
        if !sample.is_empty() {
            let lines: String = sample.lines().map(|line| format!("    {line}\n")).collect();
            text.push_str(&format!("\n{}:\n\n{lines}", title.of(language)));
        }
    }
    text
}

const fn of(what: Text, why: Text, wrong: &'static str, right: &'static str) -> Explanation {
    Explanation {
        what,
        why,
        wrong,
        right,
    }
}

pub fn explanation(code: Code) -> Explanation {
    match code {
        Code::InvalidUtf8 => of(
            text!("The file is not UTF-8."),
            text!(
                "Scripts are UTF-8 text, so that names in any alphabet mean the same everywhere. An editor that saved the file in another encoding (CP949, Latin-1, UTF-16) can save it again as UTF-8."
            ),
            "",
            "파스타: cpu 3초 -> await 5초",
        ),
        Code::TooManyBytes => of(
            text!("The script is too long."),
            text!(
                "The limit keeps a link from somebody else from costing much time or memory. A lesson is under one kilobyte."
            ),
            "",
            "a: repeat 1000 (cpu 1ms -> yield)",
        ),
        Code::TooManyLines => of(
            text!("The script has too many lines."),
            text!(
                "Many equal requests are one line: `run 1000 ping`. Many equal steps are one block: `repeat 1000:`."
            ),
            "",
            "ping: await 1\nrun 1000 ping",
        ),
        Code::MixedIndentation => of(
            text!("Tabs and spaces are mixed."),
            text!(
                "How wide a tab is depends on who looks, so a block indented with both may seem to end where it does not. Python refuses it for the same reason. Scripts indented with tabs alone are fine."
            ),
            "a:\n\tcpu 1\n    await 2",
            "a:\n    cpu 1\n    await 2",
        ),
        Code::UnexpectedIndent => of(
            text!("A line is indented, but no block is open there."),
            text!(
                "Only a line that ends in a colon opens a block. A one-line task goes on below only with an arrow."
            ),
            "a: cpu 1\n    await 2",
            "a: cpu 1\n    -> await 2",
        ),
        Code::UnevenDedent => of(
            text!("A line stands between two blocks."),
            text!(
                "Lines of one block are indented equally. A line further out has to be as far out as the block that goes on."
            ),
            "a:\n    repeat 2:\n        cpu 1\n      cpu 2",
            "a:\n    repeat 2:\n        cpu 1\n    cpu 2",
        ),
        Code::UnexpectedCharacter => of(
            text!("A character means nothing in a script."),
            text!(
                "Between segments stands `->` (or `;`), between names a comma. Decorators and operators of Python do not exist here."
            ),
            "a: cpu 1 | await 2",
            "a: cpu 1 -> await 2",
        ),
        Code::UnclosedText => of(
            text!("A text in quotes does not end on its line."),
            text!("A text ends with the quote it began with. A quote inside it is written `\\\"`."),
            "a: print \"ready",
            "a: print \"ready\"",
        ),
        Code::EmptyScript => of(
            text!("The script is empty."),
            text!("A script is at least one task with one segment."),
            "\n",
            "pasta: cpu 3 -> await 5",
        ),
        Code::NoTasks => of(
            text!("The script has no task."),
            text!(
                "Settings and resources only say where tasks run and what they share. Something has to run."
            ),
            "cores 4",
            "cores 4\npasta: cpu 3",
        ),
        Code::UnknownStatement => of(
            text!("A line at the left margin is no statement."),
            text!(
                "At the margin stand tasks (`name:`, `def name:`), settings such as `cores 4`, resources such as `queue q`, and the lines that begin with `run` or `expect`."
            ),
            "pasta: cpu 3\nrnu 100 pasta",
            "pasta: cpu 3\nrun 100 pasta",
        ),
        Code::UnknownSegment => of(
            text!("A segment begins with a word that is none of ours."),
            text!(
                "A segment says what the task does next: `cpu` computes, `await` waits and lets the loop go on, `block` waits and holds its thread. The reference lists them all."
            ),
            "pasta: boil 3",
            "pasta: await 3 \"boil\"",
        ),
        Code::PythonWord => of(
            text!("Python code stands where a segment should."),
            text!(
                "A script does not call libraries; it says how long a call takes and whether it holds its thread. `requests` and `psycopg2` block, `httpx` and `asyncpg` are awaited. What the call is may follow as a label."
            ),
            "ping: requests.get(\"http://x\")",
            "ping: block 1 \"requests.get\"",
        ),
        Code::Expected => of(
            text!("Something is missing, or something else stands in its place."),
            text!(
                "The message names what belongs at the marked place. A duration is a number with `ns`, `us`, `ms`, `s`, `min` or `h`; without a unit it is seconds."
            ),
            "a: cpu -> await 5",
            "a: cpu 3 -> await 5",
        ),
        Code::UnknownWord => of(
            text!("An expectation uses a word that is none of ours."),
            text!(
                "Expected can be `total`, `order`, `threads`, `loop lag`, `freeze` and `deadlock`, or a task that is `started`, `done`, `responded`, `failed` or `cancelled`."
            ),
            "a: cpu 3\nexpect totl 3s",
            "a: cpu 3\nexpect total 3s",
        ),
        Code::MissingBody => of(
            text!("A line ends in a colon, but nothing is indented below it."),
            text!("A block holds at least one segment, on the same line or indented below."),
            "a:\nb: cpu 1",
            "a:\n    cpu 1\nb: cpu 1",
        ),
        Code::TooDeep => of(
            text!("Blocks are nested too deeply."),
            text!(
                "The limit is far beyond what anybody can read, and keeps a hostile script from exhausting the stack. A part can be a task of its own that is `call`ed."
            ),
            "",
            "a: repeat 3 (call b)\nb: repeat 3 (cpu 1)",
        ),
        Code::UnbalancedBracket => of(
            text!("A bracket has no partner."),
            text!(
                "Parentheses hold a block on one line, square brackets may stand around a segment. Both end on the line they began on."
            ),
            "a: thread (block 1 -> cpu 2",
            "a: thread (block 1) -> cpu 2",
        ),
        Code::StrayClause => of(
            text!("`else`, `except` or `finally` has nothing to belong to."),
            text!(
                "`else:` follows a `timeout` block, `except:` and then `finally:` a `try` block, indented as far as the line they belong to."
            ),
            "a:\n    await 5\n    else:\n        print \"late\"",
            "a:\n    timeout 3:\n        await 5\n    else:\n        print \"late\"",
        ),
        Code::LonelyTry => of(
            text!("`try` has neither `except` nor `finally`."),
            text!(
                "A `try` that does nothing about a failure says nothing. `except:` runs when the block failed, `finally:` however it ended."
            ),
            "a: try (fail \"x\")",
            "a: try (fail \"x\") except (print \"caught\")",
        ),
        Code::ReservedName => of(
            text!("A block stands at the left margin."),
            text!(
                "`thread:` at the margin would define a task called `thread`, which is hardly meant. Written out, `async def thread:` is such a task."
            ),
            "thread:\n    block 1",
            "a:\n    thread:\n        block 1",
        ),
        Code::BlockInLine => of(
            text!("A block with a colon stands between arrows."),
            text!(
                "In `thread: block 1 -> await 2` nobody could say where the block ends, so on one line a block stands in parentheses."
            ),
            "a: await 1 -> thread: block 1",
            "a: await 1 -> thread (block 1)",
        ),
        Code::TaskArguments => of(
            text!("A task has arguments."),
            text!(
                "A script says what happens when, not with what values. Tasks that differ in their durations are tasks of their own."
            ),
            "async def ping(seconds): await 3",
            "async def ping: await 3",
        ),
        Code::MissingArrow => of(
            text!("Two segments on a line have no arrow between them."),
            text!(
                "On one line, `->` or `;` stands between segments. In a block, each has a line of its own."
            ),
            "a: cpu 3 await 5",
            "a: cpu 3 -> await 5",
        ),
        Code::SegmentOutsideTask => of(
            text!("A segment stands at the left margin."),
            text!(
                "Segments are what a task does, so they stand behind its colon or indented below it."
            ),
            "cpu 3 -> await 5\na: cpu 1",
            "pasta: cpu 3 -> await 5\na: cpu 1",
        ),
        Code::StatementInsideTask => of(
            text!("A statement stands inside a task."),
            text!(
                "Tasks, settings, resources, `run` and `expect` are about the whole script and stand at the left margin."
            ),
            "a:\n    cpu 1\n    run 3 a",
            "a:\n    cpu 1\nrun 3 a",
        ),
        Code::ClashingArrivals => of(
            text!("A `run` says in two ways when its tasks arrive."),
            text!(
                "Arrivals are together (`at 2s`), at equal gaps (`every 10ms`) or random (`at 50/s`). `from 2s` may say when the latter two begin."
            ),
            "a: cpu 1\nrun 9 a every 1s at 50/s",
            "a: cpu 1\nrun 9 a every 1s from 3s",
        ),
        Code::AwaitTask => of(
            text!("`await` is followed by a name."),
            text!(
                "In Python `await` takes anything; here each has its word. `await 3` waits for time, `call f` runs a coroutine inline, `wait h` waits for what was spawned."
            ),
            "a: await b\nb: cpu 1",
            "a: call b\nb: cpu 1",
        ),
        Code::UnknownUnit => of(
            text!("A number has a unit that is none of ours."),
            text!(
                "Units are `ns`, `us`, `ms`, `s`, `min` and `h`, in Korean `초`, `분`, `밀리초` and `시간`. A bare number is seconds.",
            ),
            "a: await 3sec",
            "a: await 3s",
        ),
        Code::NegativeNumber => of(
            text!("A number is negative."),
            text!("Nothing takes less than no time, and nothing happens less than never."),
            "a: await -3",
            "a: await 3",
        ),
        Code::DurationTooLong => of(
            text!("A duration is longer than a day."),
            text!(
                "The limit catches slips (`1000h` for `1000ms`) and keeps the clock exact. A schedule looks the same in smaller units."
            ),
            "a: await 1000h",
            "a: await 24h",
        ),
        Code::DurationTooFine => of(
            text!("A duration is no whole number of nanoseconds."),
            text!(
                "The clock counts nanoseconds and rounds nothing, so that equal scripts give equal schedules."
            ),
            "a: cpu 0.5ns",
            "a: cpu 1ns",
        ),
        Code::RangeReversed => of(
            text!("A range begins above its end."),
            text!("`1..3s` draws a duration between its two ends, the smaller one first."),
            "a: await 3..1s",
            "a: await 1..3s",
        ),
        Code::NotWhole => of(
            text!("A count is no whole number."),
            text!(
                "What is counted (rounds, tasks, permits, threads) is counted in whole numbers without a unit."
            ),
            "a: repeat 2.5 (cpu 1)",
            "a: repeat 2 (cpu 1)",
        ),
        Code::OutOfRange => of(
            text!("A number is beyond what the language allows."),
            text!(
                "Every setting and count has limits, named in the message: a pool without threads would run nothing, one with millions would exhaust the machine that draws it."
            ),
            "pool 0\na: thread (block 1)",
            "pool 1\na: thread (block 1)",
        ),
        Code::ToleranceWithoutEqual => of(
            text!("A tolerance stands beside a comparison."),
            text!(
                "`± 1%` says how near an exact value has to be. A bound such as `<= 3s` holds or does not; a looser bound is another number."
            ),
            "a: cpu 3\nexpect total <= 3s ± 1%",
            "a: cpu 3\nexpect total 3s ± 1%",
        ),
        Code::OrderOfOne => of(
            text!("An order names only one task."),
            text!("`expect order a, b` says that `a` finishes before `b`."),
            "a: cpu 1\nb: cpu 2\nexpect order a",
            "a: cpu 1\nb: cpu 2\nexpect order a, b",
        ),
        Code::TooManyInstances => of(
            text!("More tasks arrive than a simulation holds."),
            text!(
                "Every instance is simulated and kept, so their number is limited. Queues and waves look the same with a thousand."
            ),
            "ping: await 1\nrun 1000000000000 ping",
            "ping: await 1\nrun 1000 ping",
        ),
        Code::TooManyTasks => of(
            text!("The script defines too many tasks."),
            text!("Many equal tasks are one definition that runs often: `run 1000 ping`."),
            "",
            "ping: await 1\nrun 1000 ping",
        ),
        Code::UnknownTask => of(
            text!("A name stands for no task."),
            text!("Names are case-sensitive and may be used above the line that defines them."),
            "pasta: cpu 3\nrun 2 psata",
            "pasta: cpu 3\nrun 2 pasta",
        ),
        Code::UnknownResource => of(
            text!("A name stands for no queue, lock, semaphore, event or condition."),
            text!("What tasks share is declared at the left margin, anywhere in the script."),
            "a: put plates\nb: get plates",
            "queue plates\na: put plates\nb: get plates",
        ),
        Code::UnknownHandle => of(
            text!("A name stands for nothing that can be waited for or cancelled."),
            text!(
                "`spawn f` makes a handle `f`, `spawn f as h` a handle `h`, in this body only. `wait` also takes an event or a condition."
            ),
            "a: spawn b as h -> wait job\nb: cpu 1",
            "a: spawn b as h -> wait h\nb: cpu 1",
        ),
        Code::WaitBeforeSpawn => of(
            text!("A handle is used above the line that makes it."),
            text!(
                "A body runs from top to bottom, so the handle does not exist yet; Python raises `UnboundLocalError`."
            ),
            "a: wait h -> spawn b as h\nb: cpu 1",
            "a: spawn b as h -> wait h\nb: cpu 1",
        ),
        Code::WrongKind => of(
            text!("A name stands for something that the segment cannot use."),
            text!(
                "`put` and `get` take queues, `with`, `acquire` and `release` take semaphores, locks and conditions, `set` and `clear` events, `notify` conditions."
            ),
            "lock sink\na: put sink",
            "lock sink\na: with sink (await 1)",
        ),
        Code::DuplicateName => of(
            text!("Two things have the same name."),
            text!(
                "Tasks and resources share one set of names, as the globals of a Python module do."
            ),
            "a: cpu 1\nqueue a",
            "a: cpu 1 -> put q -> get q\nqueue q",
        ),
        Code::DuplicateSetting => of(
            text!("A setting stands twice."),
            text!("A machine has one number of cores; which of two was meant, nobody can know."),
            "cores 2\ncores 4\na: cpu 1",
            "cores 4\na: cpu 1",
        ),
        Code::HandleTakesName => of(
            text!("A handle has the name of a resource."),
            text!("After `spawn f as q`, nobody could say what `wait q` waits for."),
            "event go\na: spawn b as go -> wait go\nb: set go",
            "event go\na: spawn b as helper -> wait helper -> wait go\nb: set go",
        ),
        Code::NotInSync => of(
            text!("A body that runs on a thread uses the event loop."),
            text!(
                "A `def` and the block of `thread`, `executor` or `process` run outside the loop, so there is nothing to await on. They hold `cpu`, `block`, `call` of another `def`, `print`, loops and `try`. To wait on the thread, `block`; to wait on the loop, `async def`."
            ),
            "def ping: await 3",
            "def ping: block 3",
        ),
        Code::CallFromSync => of(
            text!("A plain function calls a coroutine."),
            text!(
                "Calling a coroutine without awaiting it does nothing, and a thread cannot await. Either the caller becomes `async def`, or what it calls becomes `def`."
            ),
            "def ping: call fetch\nfetch: await 1",
            "async def ping: call fetch\nfetch: await 1",
        ),
        Code::NeedsAsync => of(
            text!("A plain function is started as a coroutine."),
            text!(
                "`spawn`, `gather` and `shield` hand a coroutine to the loop. A `def` runs on a thread: `thread f`."
            ),
            "def crunch: cpu 3\na: spawn crunch",
            "def crunch: cpu 3\na: thread crunch",
        ),
        Code::NeedsSync => of(
            text!("A coroutine is sent to a thread."),
            text!(
                "A thread or a worker calls a plain function; calling a coroutine there would only create it. Run it on the loop with `call` or `spawn`, or make it a `def`."
            ),
            "crunch: cpu 3\na: thread crunch",
            "def crunch: cpu 3\na: thread crunch",
        ),
        Code::RespondInBlock => of(
            text!("A response is sent from within a thread's block."),
            text!(
                "The handler answers, not the work that it hands to a thread. What follows `respond` in the handler is a background task."
            ),
            "a: thread (block 1 -> respond)",
            "a: thread (block 1) -> respond",
        ),
        Code::EndlessRecursion => of(
            text!("Tasks start each other in a circle, without end."),
            text!(
                "Nothing on the way round waits for anything that could stop it. A number of rounds is `repeat N:`; something endless is `forever:` with `until`."
            ),
            "a: await 1 -> call a",
            "until 10s\na: forever (await 1)",
        ),
        Code::NothingRuns => of(
            text!("Nothing runs."),
            text!(
                "Without any `run`, each task that no other one names runs once. Here every task is named by another one, so the first has to be named: `run main`."
            ),
            "a: timeout 3 (call b)\nb: timeout 3 (call a)",
            "a: timeout 3 (call b)\nb: await 1\nrun a",
        ),
        Code::UnusedTask => of(
            text!("A task never runs."),
            text!("With a `run` line, only the tasks named there run, and those that they start."),
            "a: cpu 1\nb: cpu 1\nrun a",
            "a: cpu 1\nb: cpu 1\nrun a, b",
        ),
        Code::UnusedResource => of(
            text!("A resource is never used."),
            text!("It changes nothing; perhaps a segment was meant to use it."),
            "lock sink\na: cpu 1",
            "lock sink\na: with sink (cpu 1)",
        ),
        Code::UnusedHandle => of(
            text!("A handle is never used."),
            text!(
                "A handle is for `wait` and `cancel`. A task that nobody waits for runs on by itself and needs none."
            ),
            "a: spawn b as h\nb: cpu 1",
            "a: spawn b as h -> wait h\nb: cpu 1",
        ),
        Code::Unreachable => of(
            text!("A segment is never reached."),
            text!(
                "`forever` ends only by a failure or a cancellation, and both leave the block; so does `fail`."
            ),
            "until 9s\na: forever (await 1) -> print \"done\"",
            "a: repeat 9 (await 1) -> print \"done\"",
        ),
        Code::NeverFilled => of(
            text!("A task waits for something that nobody brings."),
            text!(
                "It will wait for good: a `get` needs a `put`, a `wait` a `set` or a `notify`, a semaphore without permits a `release`."
            ),
            "queue q\na: get q",
            "queue q\na: get q\nb: put q",
        ),
        Code::NeverTaken => of(
            text!("A bounded queue is filled and never emptied."),
            text!("Once it is full, `put` waits for good."),
            "queue q 3\na: put q",
            "queue q 3\na: put q\nb: get q",
        ),
        Code::OutsideWith => of(
            text!("A condition is used without holding it."),
            text!(
                "`wait` and `notify` need the condition's lock; CPython raises `RuntimeError: cannot wait on un-acquired lock`."
            ),
            "condition c\na: wait c\nb: with c (notify c)",
            "condition c\na: with c (wait c)\nb: with c (notify c)",
        ),
        Code::ForeverWithoutTime => of(
            text!("An endless loop takes no time."),
            text!(
                "The clock goes on when something takes time. A loop that only yields turns in place until the limit of the simulation ends it; in Python it would use a whole core."
            ),
            "until 9s\na: forever (yield)",
            "until 9s\na: forever (cpu 1ms -> yield)",
        ),
        Code::QueueOfZero => of(
            text!("A queue of 0 items is a queue without a limit."),
            text!(
                "`asyncio.Queue(0)` is unbounded, and the script means the same. The shortest bounded queue has one place."
            ),
            "queue q 0\na: put q\nb: get q",
            "queue q 1\na: put q\nb: get q",
        ),
        Code::More => of(
            text!("There are more problems than are shown."),
            text!(
                "Nobody reads a thousand messages; the first ones are often the cause of the rest."
            ),
            "",
            "",
        ),
    }
}
