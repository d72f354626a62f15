//! The async twins of blocking libraries, for the label of a call that a fix awaits.
//!
//! E.g. `requests.get(…)` cannot be awaited, so `block 3s "requests.get"` becomes
//! `await 3s "httpx.AsyncClient.get"`.

/// A blocking library or call, and what is awaited in its place. The longest match wins.
const TWINS: &[(&str, &str)] = &[
    // Over the network.
    ("requests", HTTP),
    ("httpx", HTTP),
    ("urllib", HTTP),
    ("urllib2", HTTP),
    ("urllib3", HTTP),
    ("http.client", HTTP),
    ("socket", "asyncio.open_connection"),
    ("websocket", "websockets"),
    ("boto3", "aioboto3"),
    ("botocore", "aiobotocore"),
    ("openai", "openai.AsyncOpenAI"),
    ("anthropic", "anthropic.AsyncAnthropic"),
    ("smtplib", "aiosmtplib"),
    ("paramiko", "asyncssh"),
    ("pika", "aio_pika"),
    ("kafka", "aiokafka"),
    // Databases.
    ("psycopg2", "asyncpg"),
    ("psycopg", "psycopg.AsyncConnection"),
    ("psycopg_pool", "psycopg_pool.AsyncConnectionPool"),
    ("pymysql", "aiomysql"),
    ("MySQLdb", "aiomysql"),
    ("mysql.connector", "aiomysql"),
    ("sqlite3", "aiosqlite"),
    ("sqlalchemy", "sqlalchemy.ext.asyncio"),
    ("sqlmodel", "sqlmodel.ext.asyncio"),
    ("pymongo", "pymongo.AsyncMongoClient"),
    ("elasticsearch", "elasticsearch.AsyncElasticsearch"),
    ("redis", "redis.asyncio"),
    ("pymemcache", "aiomcache"),
    // Of the system.
    ("time.sleep", "asyncio.sleep"),
    ("sleep", "asyncio.sleep"),
    ("open", "aiofiles.open"),
    ("read", "aiofiles.open"),
    ("file.read", "aiofiles.open"),
    ("pathlib", "aiofiles.open"),
    ("subprocess", "asyncio.create_subprocess_exec"),
    ("os.system", "asyncio.create_subprocess_shell"),
];

const HTTP: &str = "httpx.AsyncClient";
/// The calls that have the same name in `requests` and `httpx`.
const HTTP_CALLS: &[&str] = &[
    "get", "post", "put", "patch", "delete", "head", "options", "request",
];

/// The label of the awaited call; `None` for a call whose twin is not known.
pub(super) fn awaited_label(label: &str) -> Option<String> {
    if !is_call(label) {
        return Some(label.to_owned());
    }
    // E.g. `requests.get("/users")`.
    let path = label.split(['(', ' ']).next().unwrap_or(label);
    let own = TWINS.iter().map(|&(_, twin)| twin);
    if is_async(path) || own.into_iter().any(|twin| is_within(path, twin)) {
        return Some(label.to_owned());
    }
    let known = TWINS.iter().filter(|(library, _)| is_within(path, library));
    let &(_, twin) = known.max_by_key(|(library, _)| library.len())?;
    let call = path.rsplit('.').next().unwrap_or_default();
    Some(match twin {
        HTTP if HTTP_CALLS.contains(&call) => format!("{twin}.{call}"),
        _ => twin.to_owned(),
    })
}

/// Whether a label names a library or a function, unlike `the database`.
fn is_call(label: &str) -> bool {
    let label = label.trim();
    let is_one_word = !label.contains(char::is_whitespace);
    let is_path = is_one_word && label.contains(['.', '_']);
    let names_library = TWINS.iter().any(|&(library, _)| library == label);
    is_path || label.contains('(') || names_library
}

fn is_async(path: &str) -> bool {
    let root = path.split('.').next().unwrap_or(path);
    // E.g. aiohttp, asyncpg, anyio.
    ["aio", "async", "anyio"]
        .iter()
        .any(|prefix| root.starts_with(prefix))
}

/// Whether `path` is the library or a part of it: `redis.get` of `redis`, but not `rediscluster`.
fn is_within(path: &str, library: &str) -> bool {
    path.strip_prefix(library)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(label: &str, expected: &str) {
        assert_eq!(awaited_label(label).as_deref(), Some(expected), "{label}");
    }

    #[test]
    fn a_blocking_library_has_an_async_twin() {
        check("requests.get", "httpx.AsyncClient.get");
        check("requests.post(\"/orders\")", "httpx.AsyncClient.post");
        check("requests", "httpx.AsyncClient");
        check("httpx.get", "httpx.AsyncClient.get");
        check("urllib.request.urlopen", "httpx.AsyncClient");
        check("psycopg2", "asyncpg");
        check("psycopg2.connect", "asyncpg");
        check("pymysql.connect", "aiomysql");
        check("mysql.connector.connect", "aiomysql");
        check("sqlite3.connect", "aiosqlite");
        check("redis.get", "redis.asyncio");
        check("boto3.client", "aioboto3");
        check("smtplib.SMTP", "aiosmtplib");
        check("time.sleep", "asyncio.sleep");
        check("open", "aiofiles.open");
        check("subprocess.run", "asyncio.create_subprocess_exec");
    }

    #[test]
    fn what_can_be_awaited_keeps_its_name() {
        check("httpx.AsyncClient.get", "httpx.AsyncClient.get");
        check("asyncpg.fetch", "asyncpg.fetch");
        check("redis.asyncio.get", "redis.asyncio.get");
    }

    #[test]
    fn what_is_no_call_keeps_its_words() {
        check("the database", "the database");
        check("open the file", "open the file");
        check("SDK", "SDK");
    }

    #[test]
    fn an_unknown_call_has_no_twin() {
        for label in [
            "acme.charge",
            "decode_token",
            "load(user)",
            "rediscluster.get",
        ] {
            assert_eq!(awaited_label(label), None, "{label}");
        }
    }
}
