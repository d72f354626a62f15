//! Python words that readers type into a script, with their counterparts.

use texts::{Text, text};

/// A Python word or library call and its counterpart in a script.
#[derive(Debug, PartialEq)]
pub struct PythonCounterpart {
    /// Matched against the written word up to a dot, e.g. `requests` matches `requests.get`.
    pub path: &'static str,
    /// The counterpart, which can be typed as it is; empty if there is none.
    pub instead: &'static str,
    /// The reason, as part of the message.
    pub doc: Text,
}

const fn python(path: &'static str, instead: &'static str, doc: Text) -> PythonCounterpart {
    PythonCounterpart { path, instead, doc }
}

const BLOCKING: Text = text!("a blocking library call holds its thread");
const NON_BLOCKING: Text = text!("a non-blocking library call lets the loop run other tasks");

const fn blocking(path: &'static str, instead: &'static str) -> PythonCounterpart {
    PythonCounterpart {
        path,
        instead,
        doc: BLOCKING,
    }
}

const fn non_blocking(path: &'static str, instead: &'static str) -> PythonCounterpart {
    PythonCounterpart {
        path,
        instead,
        doc: NON_BLOCKING,
    }
}

/// In the order of matching: a longer path before its prefix.
#[rustfmt::skip]
pub(super) const PYTHON: &[PythonCounterpart] = &[
    blocking("time.sleep", "block 1"),
    blocking("requests", "block 1 \"requests.get\""),
    blocking("urllib", "block 1 \"urllib\""),
    blocking("psycopg2", "block 1 \"psycopg2\""),
    blocking("pymysql", "block 1 \"PyMySQL\""),
    blocking("PyMySQL", "block 1 \"PyMySQL\""),
    blocking("pymongo", "block 1 \"pymongo\""),
    blocking("boto3", "block 1 \"boto3\""),
    blocking("sqlite3", "block 1 \"sqlite3\""),
    blocking("open", "block 1 \"open\""),
    blocking("Session", "block 1 \"SQLAlchemy Session\""),
    blocking("session", "block 1 \"SQLAlchemy Session\""),
    non_blocking("redis.asyncio", "await 1 \"redis.asyncio\""),
    blocking("redis", "block 1 \"redis\""),
    non_blocking("httpx", "await 1 \"httpx\""),
    non_blocking("aiohttp", "await 1 \"aiohttp\""),
    non_blocking("asyncpg", "await 1 \"asyncpg\""),
    non_blocking("psycopg", "await 1 \"psycopg\""),
    non_blocking("aiomysql", "await 1 \"aiomysql\""),
    non_blocking("motor", "await 1 \"motor\""),
    non_blocking("aiofiles", "await 1 \"aiofiles\""),
    non_blocking("AsyncSession", "await 1 \"SQLAlchemy AsyncSession\""),
    python("asyncio.sleep", "await 5", text!("without `await`, Python does not wait for the call")),
    python("asyncio.gather", "gather f, g", text!("a script names the tasks")),
    python("asyncio.create_task", "spawn f", text!("a script names the task")),
    python("create_task", "spawn f", text!("a script names the task")),
    python("asyncio.TaskGroup", "group:", text!("a task group is a block")),
    python("asyncio.to_thread", "executor f", text!("the loop's own executor")),
    python("run_in_executor", "executor f", text!("the loop's own executor")),
    python("loop.run_in_executor", "executor f", text!("the loop's own executor")),
    python("run_in_threadpool", "thread f", text!("the thread pool of AnyIO")),
    python("asyncio.timeout", "timeout 3:", text!("a timeout is a block")),
    python("asyncio.wait_for", "wait_for 3 f", text!("a script names the task")),
    python("asyncio.shield", "shield f", text!("a script names the task")),
    python("asyncio.run", "run f", text!("a `run` line starts it; write it at the left margin")),
    python("asyncio.Queue", "queue q", text!("declare it at the left margin")),
    python("asyncio.Lock", "lock m", text!("declare it at the left margin")),
    python("asyncio.Event", "event e", text!("declare it at the left margin")),
    python("asyncio.Semaphore", "semaphore s 10", text!("declare it at the left margin")),
    python("asyncio.Condition", "condition c", text!("declare it at the left margin")),
    python("sleep", "await 5", text!("`await` lets the loop run other tasks, `block` holds it")),
    python("raise", "fail \"text\"", text!("`fail` takes a text")),
    python("for", "repeat 3:", text!("a loop has a count or is endless")),
    python("while", "forever:", text!("a loop has a count or is endless")),
    python("if", "", text!("a script has no conditions: write the path that is taken")),
    python("return", "", text!("a task ends where its body ends")),
    python("pass", "yield", text!("a body needs at least one segment")),
    python("from", "", text!("a script needs no imports")),
    python("import", "", text!("a script needs no imports")),
    python("class", "", text!("a script has tasks, not classes")),
];

/// Finds the entry for a written path, such as `requests.get`.
pub(super) fn find(written: &str) -> Option<&'static PythonCounterpart> {
    PYTHON.iter().find(|python| {
        written
            .strip_prefix(python.path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
