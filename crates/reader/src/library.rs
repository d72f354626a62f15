//! The tables of library calls and their durations.
//!
//! The durations are guesses; each use of one becomes a note. Users can add to the tables, one
//! call per line:
//!
//! ```text
//! # path           manner     duration
//! mylib.charge     block      300ms
//! mylib.aio        await      50ms
//! mylib.render     cpu        2s
//! mylib.log        nothing
//! ```

use model::time::SimDuration;
use script::{is_name, parse_duration};

/// How a call spends its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Must be awaited; the loop stays free.
    Await,
    /// Holds its thread while it waits.
    Block,
    /// Computes, and holds the GIL.
    Cpu,
    /// Takes so little time that no segment shows it.
    Nothing,
}

/// All calls at or below a path, e.g. `requests` covers `requests.get`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub path: String,
    pub manner: Manner,
    pub length: SimDuration,
}

/// The number of an invalid line of a table, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadLine(pub usize);

/// Parses a user's table.
pub fn entries(text: &str) -> Result<Vec<Entry>, BadLine> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let code = line.split('#').next().unwrap_or_default();
        let words: Vec<&str> = code.split_whitespace().collect();
        if words.is_empty() {
            continue;
        }
        found.push(entry(&words).ok_or(BadLine(index + 1))?);
    }
    Ok(found)
}

fn entry(words: &[&str]) -> Option<Entry> {
    let (path, manner, length) = match *words {
        [path, manner, length] => (path, manner, parse_duration(length).ok()?),
        [path, "nothing"] => (path, "nothing", SimDuration::ZERO),
        _ => return None,
    };
    let manner = match manner {
        "await" => Manner::Await,
        "block" => Manner::Block,
        "cpu" => Manner::Cpu,
        "nothing" => Manner::Nothing,
        _ => return None,
    };
    path.split('.').all(is_name).then(|| Entry {
        path: path.to_owned(),
        manner,
        length,
    })
}

/// Calls with their durations in milliseconds. The longest matching path wins, so
/// `httpx.AsyncClient` overrides `httpx`.
#[rustfmt::skip]
const LIBRARIES: &[(&str, Manner, u64)] = &[
    // Over the network.
    ("requests", Manner::Block, 1_000),
    ("urllib.request", Manner::Block, 1_000),
    ("urllib3", Manner::Block, 1_000),
    ("http.client", Manner::Block, 1_000),
    ("httpx.AsyncClient", Manner::Await, 1_000),
    ("httpx", Manner::Block, 1_000),
    ("aiohttp", Manner::Await, 1_000),
    ("websockets", Manner::Await, 1_000),
    ("boto3", Manner::Block, 1_000),
    ("aioboto3", Manner::Await, 1_000),
    ("aiobotocore", Manner::Await, 1_000),
    ("openai.AsyncOpenAI", Manner::Await, 1_000),
    ("openai", Manner::Block, 1_000),
    ("anthropic.AsyncAnthropic", Manner::Await, 1_000),
    ("anthropic", Manner::Block, 1_000),
    ("stripe", Manner::Block, 1_000),
    ("smtplib", Manner::Block, 1_000),
    ("aiosmtplib", Manner::Await, 1_000),
    ("paramiko", Manner::Block, 1_000),
    ("subprocess", Manner::Block, 1_000),
    ("asyncio.create_subprocess_exec", Manner::Await, 100),
    ("asyncio.create_subprocess_shell", Manner::Await, 100),
    ("asyncio.open_connection", Manner::Await, 100),
    ("socket", Manner::Block, 100),
    // Databases.
    ("psycopg2", Manner::Block, 100),
    ("psycopg.AsyncConnection", Manner::Await, 100),
    ("psycopg_pool.AsyncConnectionPool", Manner::Await, 100),
    ("psycopg", Manner::Block, 100),
    ("psycopg_pool", Manner::Block, 100),
    ("pymysql", Manner::Block, 100),
    ("MySQLdb", Manner::Block, 100),
    ("mysql.connector", Manner::Block, 100),
    ("sqlite3", Manner::Block, 10),
    ("aiosqlite", Manner::Await, 10),
    ("asyncpg", Manner::Await, 100),
    ("aiopg", Manner::Await, 100),
    ("aiomysql", Manner::Await, 100),
    ("asyncmy", Manner::Await, 100),
    ("databases", Manner::Await, 100),
    ("sqlalchemy.ext.asyncio", Manner::Await, 100),
    ("sqlmodel.ext.asyncio", Manner::Await, 100),
    ("sqlalchemy", Manner::Block, 100),
    ("sqlmodel", Manner::Block, 100),
    ("pymongo.AsyncMongoClient", Manner::Await, 100),
    ("pymongo", Manner::Block, 100),
    ("motor", Manner::Await, 100),
    ("elasticsearch.AsyncElasticsearch", Manner::Await, 100),
    ("elasticsearch", Manner::Block, 100),
    // Caches, brokers, files.
    ("redis.asyncio", Manner::Await, 10),
    ("aioredis", Manner::Await, 10),
    ("redis", Manner::Block, 10),
    ("aiokafka", Manner::Await, 10),
    ("kafka", Manner::Block, 10),
    ("aio_pika", Manner::Await, 10),
    ("pika", Manner::Block, 10),
    ("open", Manner::Block, 10),
    ("pathlib.Path", Manner::Block, 10),
    ("shutil", Manner::Block, 100),
    ("aiofiles", Manner::Await, 10),
    ("anyio.open_file", Manner::Await, 10),
    ("anyio.Path", Manner::Await, 10),
    ("input", Manner::Block, 1_000),
    // Computation.
    ("hashlib.pbkdf2_hmac", Manner::Cpu, 100),
    ("hashlib.scrypt", Manner::Cpu, 100),
    ("bcrypt", Manner::Cpu, 250),
    ("passlib", Manner::Cpu, 250),
    ("argon2", Manner::Cpu, 100),
    ("numpy.linalg", Manner::Cpu, 100),
    ("numpy.fft", Manner::Cpu, 100),
    ("pandas.read_csv", Manner::Cpu, 1_000),
    ("pandas.read_parquet", Manner::Cpu, 1_000),
    ("PIL.Image", Manner::Cpu, 100),
    ("cv2", Manner::Cpu, 100),
    ("sklearn", Manner::Cpu, 1_000),
    ("torch", Manner::Cpu, 1_000),
    ("transformers", Manner::Cpu, 1_000),
    ("weasyprint", Manner::Cpu, 1_000),
];

/// Modules with calls too quick to show.
const QUICK_MODULES: &[&str] = &[
    "abc",
    "aiocache",
    "anyio",
    "argparse",
    "array",
    "ast",
    "asyncio",
    "base64",
    "bisect",
    "builtins",
    "calendar",
    "celery",
    "collections",
    "concurrent",
    "contextlib",
    "contextvars",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "dotenv",
    "enum",
    "fastapi",
    "fractions",
    "functools",
    "gc",
    "glob",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "jose",
    "jwt",
    "logging",
    "loguru",
    "math",
    "multiprocessing",
    "numbers",
    "numpy",
    "opentelemetry",
    "operator",
    "orjson",
    "os",
    "pandas",
    "pathlib",
    "pickle",
    "platform",
    "pprint",
    "prometheus_client",
    "pydantic",
    "pydantic_settings",
    "queue",
    "random",
    "re",
    "rich",
    "secrets",
    "sentry_sdk",
    "signal",
    "slowapi",
    "starlette",
    "statistics",
    "string",
    "struct",
    "structlog",
    "sys",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "traceback",
    "trio",
    "types",
    "typing",
    "typing_extensions",
    "unittest",
    "urllib",
    "uuid",
    "uvicorn",
    "uvloop",
    "warnings",
    "weakref",
    "zoneinfo",
];

/// Names that are understood without an import, because snippets often omit imports.
const KNOWN_NAMES: &[(&str, &str)] = &[
    ("APIRouter", "fastapi.APIRouter"),
    ("AsyncSession", "sqlalchemy.ext.asyncio.AsyncSession"),
    ("BackgroundTasks", "fastapi.BackgroundTasks"),
    ("Celery", "celery.Celery"),
    ("Depends", "fastapi.Depends"),
    ("FastAPI", "fastapi.FastAPI"),
    ("Annotated", "typing.Annotated"),
    (
        "ProcessPoolExecutor",
        "concurrent.futures.ProcessPoolExecutor",
    ),
    ("Session", "sqlalchemy.orm.Session"),
    ("Thread", "threading.Thread"),
    (
        "ThreadPoolExecutor",
        "concurrent.futures.ThreadPoolExecutor",
    ),
    ("as_completed", "concurrent.futures.as_completed"),
    ("run_in_threadpool", "fastapi.concurrency.run_in_threadpool"),
    ("shared_task", "celery.shared_task"),
];

/// The path of a known name without an import.
pub(super) fn known_name(name: &str) -> Option<String> {
    let known = KNOWN_NAMES.iter().find(|(known, _)| *known == name);
    if let Some((_, path)) = known {
        return Some((*path).to_owned());
    }
    let module = |path: &str| path.split('.').next() == Some(name);
    let is_library = LIBRARIES
        .iter()
        .any(|(path, ..)| module(path) && *path != name)
        || LIBRARIES.iter().any(|(path, ..)| *path == name)
        || QUICK_MODULES.contains(&name);
    is_library.then(|| name.to_owned())
}

/// Methods that take no time on any object.
const QUICK_METHODS: &[&str] = &[
    "accept",
    "aclose",
    "add",
    "add_all",
    "add_middleware",
    "append",
    "cancel",
    "close",
    "debug",
    "decode",
    "dispose",
    "error",
    "exception",
    "expunge",
    "extend",
    "fetchall",
    "fetchmany",
    "fetchone",
    "format",
    "form",
    "headers",
    "include_router",
    "info",
    "items",
    "json",
    "keys",
    "mount",
    "raise_for_status",
    "read",
    "register_blueprint",
    "rollback",
    "send_json",
    "send_text",
    "send_bytes",
    "set_password",
    "text",
    "url_for",
    "values",
    "warning",
    "body",
    "setex_sync",
    "add_exception_handler",
    "as_posix",
    "exists",
    "joinpath",
    "mappings",
];

/// Methods that only prepare a call. Their result still belongs to the library, e.g. the
/// cursor of `connection.cursor()`.
const PREPARING_METHODS: &[&str] = &[
    "acquire",
    "begin",
    "bind",
    "client",
    "connect",
    "connection",
    "create_async_engine",
    "create_engine",
    "create_pool",
    "cursor",
    "declarative_base",
    "delete_from",
    "distinct",
    "filter",
    "filter_by",
    "find",
    "from_url",
    "get_database",
    "group_by",
    "having",
    "insert",
    "join",
    "limit",
    "lock",
    "offset",
    "options",
    "order_by",
    "outerjoin",
    "pipeline",
    "pubsub",
    "query",
    "resource",
    "returning",
    "select",
    "session",
    "sessionmaker",
    "async_sessionmaker",
    "sort",
    "table",
    "transaction",
    "update",
    "where",
    "with_for_update",
    "desc",
    "asc",
    "on",
    "join_from",
    "subquery",
    "socket",
    "StreamReader",
];

/// The tables' answer about a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Takes(Manner, SimDuration),
    Prepares,
    Nothing,
    /// No table lists the path.
    Not,
}

/// Looks the path up, first in the user's table.
pub(super) fn look_up(path: &str, own: &[Entry]) -> Known {
    if let Some(entry) = longest(own, path) {
        return match entry.manner {
            Manner::Nothing => Known::Nothing,
            manner => Known::Takes(manner, entry.length),
        };
    }
    let last = path.rsplit('.').next().unwrap_or(path);
    let known = LIBRARIES
        .iter()
        .filter(|(prefix, ..)| is_below(path, prefix))
        .max_by_key(|(prefix, ..)| prefix.len());
    match known {
        Some(_) if QUICK_METHODS.contains(&last) && path != "open" => {
            // aiofiles sends each read to a thread, so even quick methods are awaited.
            if path.starts_with("aiofiles") && last != "close" {
                Known::Takes(Manner::Await, SimDuration::from_millis(10))
            } else {
                Known::Nothing
            }
        }
        Some(_) if path == "aiofiles.open" || path == "PIL.Image.open" => Known::Prepares,
        Some((prefix, ..)) if path != *prefix && PREPARING_METHODS.contains(&last) => {
            Known::Prepares
        }
        // A capital letter marks a class: making an object is quick.
        Some(_) if last.starts_with(char::is_uppercase) => Known::Prepares,
        Some((_, manner, millis)) => Known::Takes(*manner, SimDuration::from_millis(*millis)),
        None if QUICK_MODULES.contains(&path.split('.').next().unwrap_or(path)) => Known::Nothing,
        None => Known::Not,
    }
}

/// Whether the user's table lists the path. Its durations are no guesses.
pub(super) fn is_own(path: &str, own: &[Entry]) -> bool {
    longest(own, path).is_some()
}

fn longest<'e>(own: &'e [Entry], path: &str) -> Option<&'e Entry> {
    own.iter()
        .filter(|entry| is_below(path, &entry.path))
        .max_by_key(|entry| entry.path.len())
}

/// Whether the path is the prefix or below it, e.g. `requests.get` is below `requests`, and
/// `requests2` is not.
fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

pub(super) fn is_quick_method(name: &str) -> bool {
    QUICK_METHODS.contains(&name)
}

/// Whether the name suggests that the function computes, e.g. `resize_image`.
pub(super) fn sounds_like_cpu(name: &str) -> bool {
    const SOUNDS: [&str; 22] = [
        "analy",
        "calc",
        "cpu",
        "compress",
        "comput",
        "convert",
        "crunch",
        "encod",
        "factor",
        "fib",
        "hash",
        "heavy",
        "infer",
        "intensive",
        "predict",
        "prime",
        "render",
        "resize",
        "sort",
        "train",
        "transcode",
        "transform",
    ];
    let name = name.rsplit('.').next().unwrap_or(name).to_lowercase();
    SOUNDS.iter().any(|sound| name.contains(sound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Known) {
        assert_eq!(look_up(path, &[]), expected, "{path}");
    }

    fn takes(manner: Manner, millis: u64) -> Known {
        Known::Takes(manner, SimDuration::from_millis(millis))
    }

    #[test]
    fn calls_are_known_by_their_longest_path() {
        check("requests.get", takes(Manner::Block, 1_000));
        check("httpx.get", takes(Manner::Block, 1_000));
        check("httpx.AsyncClient.get", takes(Manner::Await, 1_000));
        check("redis.Redis.get", takes(Manner::Block, 10));
        check("redis.asyncio.Redis.get", takes(Manner::Await, 10));
        check("open", takes(Manner::Block, 10));
    }

    #[test]
    fn what_only_prepares_takes_no_time() {
        check("httpx.AsyncClient", Known::Prepares);
        check("psycopg2.connect.cursor", Known::Prepares);
        check("requests.get.json", Known::Nothing);
        check("logging.getLogger", Known::Nothing);
        check("acme.charge", Known::Not);
    }

    #[test]
    fn users_add_to_the_table() {
        let own =
            entries("# ours\nacme.charge block 300ms\nacme nothing\n").expect("it is well formed");
        assert_eq!(look_up("acme.charge", &own), takes(Manner::Block, 300));
        assert_eq!(look_up("acme.log", &own), Known::Nothing);
        assert_eq!(entries("a block 1s\nb stalls 1s\n"), Err(BadLine(2)));
        assert_eq!(entries("a-b block 1s"), Err(BadLine(1)));
    }
}
