//! The Python that people type where a script wants its own words, and what
//! to write instead.

use crate::language::{Text, text};

/// A Python word or library call and its counterpart in a script.
#[derive(Debug, PartialEq)]
pub struct Python {
    /// Compared with what was written, up to the end of a dotted part:
    /// `requests` covers `requests.get`.
    pub path: &'static str,
    /// Can be typed as it is; empty when there is nothing to write instead.
    pub instead: &'static str,
    /// Why.
    pub doc: Text,
}

const fn python(path: &'static str, instead: &'static str, doc: Text) -> Python {
    Python { path, instead, doc }
}

const BLOCKING: Text = text!(
    "a blocking library call holds its thread",
    "블로킹 라이브러리 호출은 스레드를 붙잡습니다"
);
const NON_BLOCKING: Text = text!(
    "a non-blocking library call lets the loop go on",
    "논블로킹 라이브러리 호출은 루프를 놓아줍니다"
);

const fn blocking(path: &'static str, instead: &'static str) -> Python {
    Python {
        path,
        instead,
        doc: BLOCKING,
    }
}

const fn non_blocking(path: &'static str, instead: &'static str) -> Python {
    Python {
        path,
        instead,
        doc: NON_BLOCKING,
    }
}

/// Longer paths before their own beginnings.
#[rustfmt::skip]
pub(super) const PYTHON: &[Python] = &[
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
    python("asyncio.sleep", "await 5", text!("without `await` nothing is waited for", "`await`가 없으면 기다리지 않습니다")),
    python("asyncio.gather", "gather f, g", text!("a script names the tasks", "스크립트에서는 태스크 이름을 씁니다")),
    python("asyncio.create_task", "spawn f", text!("a script names the task", "스크립트에서는 태스크 이름을 씁니다")),
    python("create_task", "spawn f", text!("a script names the task", "스크립트에서는 태스크 이름을 씁니다")),
    python("asyncio.TaskGroup", "group:", text!("a task group is a block", "태스크 그룹은 블록입니다")),
    python("asyncio.to_thread", "executor f", text!("the loop's own executor", "루프의 기본 실행기입니다")),
    python("run_in_executor", "executor f", text!("the loop's own executor", "루프의 기본 실행기입니다")),
    python("loop.run_in_executor", "executor f", text!("the loop's own executor", "루프의 기본 실행기입니다")),
    python("run_in_threadpool", "thread f", text!("the thread pool of AnyIO", "AnyIO의 스레드 풀입니다")),
    python("asyncio.timeout", "timeout 3:", text!("a timeout is a block", "시간 제한은 블록입니다")),
    python("asyncio.wait_for", "timeout 3:", text!("a timeout is a block", "시간 제한은 블록입니다")),
    python("asyncio.shield", "shield f", text!("a script names the task", "스크립트에서는 태스크 이름을 씁니다")),
    python("asyncio.run", "run f", text!("who runs is written at the left margin", "실행할 태스크는 왼쪽 끝에 씁니다")),
    python("asyncio.Queue", "queue q", text!("it is declared at the left margin", "왼쪽 끝에 선언합니다")),
    python("asyncio.Lock", "lock m", text!("it is declared at the left margin", "왼쪽 끝에 선언합니다")),
    python("asyncio.Event", "event e", text!("it is declared at the left margin", "왼쪽 끝에 선언합니다")),
    python("asyncio.Semaphore", "semaphore s 10", text!("it is declared at the left margin", "왼쪽 끝에 선언합니다")),
    python("asyncio.Condition", "condition c", text!("it is declared at the left margin", "왼쪽 끝에 선언합니다")),
    python("sleep", "await 5", text!("`await` lets the loop go on, `block` holds it", "`await`는 루프를 놓아주고 `block`은 붙잡습니다")),
    python("raise", "fail \"text\"", text!("a failure has a text", "실패에는 글이 있습니다")),
    python("for", "repeat 3:", text!("a loop counts or is endless", "반복은 횟수를 세거나 끝이 없습니다")),
    python("while", "forever:", text!("a loop counts or is endless", "반복은 횟수를 세거나 끝이 없습니다")),
    python("if", "", text!("a script has no conditions: write the path that is taken", "스크립트에는 조건이 없습니다. 지나가는 경로만 쓰세요")),
    python("return", "", text!("a task ends where its body ends", "태스크는 본문이 끝나는 곳에서 끝납니다")),
    python("pass", "yield", text!("a body holds at least one segment", "본문에는 세그먼트가 하나 이상 있어야 합니다")),
    python("from", "", text!("a script needs no imports", "스크립트에는 import가 필요 없습니다")),
    python("import", "", text!("a script needs no imports", "스크립트에는 import가 필요 없습니다")),
    python("class", "", text!("a script has tasks, not classes", "스크립트에는 클래스가 아니라 태스크가 있습니다")),
];

/// The entry for what was written, such as `requests.get`.
pub(super) fn find(written: &str) -> Option<&'static Python> {
    PYTHON.iter().find(|python| {
        written
            .strip_prefix(python.path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
