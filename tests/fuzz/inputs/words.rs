//! Fragments that mutation inserts into inputs, and random words.

use crate::checks::Kind;

/// The fragments of a kind: its keywords, delimiters and extreme values.
pub(super) fn of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Script | Kind::Program => SCRIPT,
        Kind::Python => PYTHON,
        Kind::Trace | Kind::Request => JSON,
        Kind::Link | Kind::Message => LINK,
        Kind::Vary => VARY,
        Kind::Answer => ANSWER,
        Kind::Table => TABLE,
    }
}

/// Numbers for ranges, in ascending order, e.g. for `1..1000`.
pub(super) const COUNTS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "99",
    "100",
    "1000",
    "10000",
    "86400",
    "1000000",
    "4294967297",
];

#[rustfmt::skip]
pub(super) const JSON: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e30", "0.5", "\\u0000", "\\ud800",
    "[[[[[[[[", "\"ph\":\"X\"", "\"ph\":\"B\"", "\"ph\":\"E\"", "\"pid\":1,", "\"tid\":2,", "\"ts\":1,",
    "\"dur\":5", "\"name\":\"f (a.py:3)\"", "\"args\":{}", "\"traceEvents\":", "\"schema\":",
    "\"loopscope.trace/1\"", "\"records\":", "\"lanes\":", "\"instances\":", "[0,0,\"done\",0,0,-1],",
    "[\"loop\",0],", "\"script\":\"a: await 1\"", "\"runtime\":\"asyncio\"", "\"scale\":", "\"runs\":",
    "\"tolerance\":", "\"lang\":\"ko\"", "\u{1f600}", "\n", " ",
];

#[rustfmt::skip]
const LINK: &[&str] = &[
    "v1.", "v2.", "#", "v", ".", "A", "_", "-", "AAAA", "y0kt", "=", "\u{0}", "\u{1}", "\u{7f}", "\u{ff}",
    "a: await 1\n",
];

#[rustfmt::skip]
const VARY: &[&str] = &[
    "run ", "cores ", "pool ", "executor ", "processes ", "jobs ", "servers ", "switch ", "line ", "1", "2",
    "..", "10", "1000000", "86400", "s", "ms", "us", "min", " by ", " times ", " in ", "-", ".", "+", "0",
    " ", "h", "4294967297", "18446744073709551615", "\u{3000}", "\u{ff11}",
];

#[rustfmt::skip]
const ANSWER: &[&str] = &[
    "waits ", "order ", "queue ", "pool ", "gil ", "1 ", "7 ", "9s", "9", ".5", "s", "ms", "min", "h", " ",
    ",", ">", "\u{2192}", "pasta", "toast", "soup", "tea", "a", "b", "\n", "a: await 1\n", "b: cpu 2\n",
    "18446744073709551615", "-", "~1s", "1..2", "-> cpu 1",
];

#[rustfmt::skip]
const TABLE: &[&str] = &[
    "point,", "---\n", "0,", "1,", "2,", "\n", ",", "run", "#", "mylib.aio ", "await ", "block ", "cpu ",
    "nothing", "5ms", "1h", "99h", "a.b", ".", " ", "\t", "18446744073709551616", "\r",
];

#[rustfmt::skip]
const SCRIPT: &[&str] = &[
    "\n", "\n    ", "\n  ", " ", "\t", "a", "b", ":", "(", ")", "[", "]", "->", ";", ",", "3", "1..2",
    "ms", "~", "-", "\"t\"", "\"", "#", "cpu ", "await ", "thread", "timeout ", "else", "try", "except",
    "finally", "repeat ", "forever", "group", "spawn ", "wait ", "as ", "with ", "gather ", "run ", "at ",
    "every ", "expect ", "total ", "def ", "async ", "queue ", "cores ", "±", "<=", "%", "파스타", "초", "\r",
    ".", "asyncio.sleep", "\u{feff}", "\\", "all ", "done ", "until ", "cores 2\n", "gil off\n", "switch ",
    "prefetch ", "python 3.", "wait_for 1 ", "servers ", "send ", "process ", "executor ", "notify ", "acquire ", "release ",
    "cancel ", "shield ", "print ", "raise ", "semaphore ", "lock ", "event ", "condition ", "forever:",
    "deadlock", "at 3/s", "~1ms", "put ", "get ", "block ", "shutdown ", "first ",
    "as_completed a, 2 b:",
];

#[rustfmt::skip]
const PYTHON: &[&str] = &[
    "\n", "\n    ", "\n        ", "(", ")", "[", "]", "{", "}", ":", ",", ".", "=", "*", "**", "@", "->",
    "\"", "'", "\"\"\"", "f\"{", "\\", "#", " if ", " else ", " for a in b", " in ", "not ", "lambda: ",
    "await ", "yield ", "async ", "with ", "as ", "def f():", "class A:", "return ", "import ",
    "from a import ", "asyncio.", "sleep(1)", "gather(", "Lock()", "Event()", "Queue()", "lock",
    "range(3)", "1", "1e9", "x", "f()", "run(f())", "\t", "\u{feff}", "\u{ac00}",
];
