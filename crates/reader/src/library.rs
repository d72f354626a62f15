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

use std::sync::LazyLock;

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
        found.push(parse_entry(&words).ok_or(BadLine(index + 1))?);
    }
    Ok(found)
}

fn parse_entry(words: &[&str]) -> Option<Entry> {
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

/// The table in `library.txt`, which the Python package reads as well.
static TABLE: LazyLock<LibraryTable> =
    LazyLock::new(|| LibraryTable::parse(include_str!("library.txt")));

#[derive(Debug, Default)]
struct LibraryTable {
    calls: Vec<Entry>,
    quick_modules: Vec<&'static str>,
    quick_methods: Vec<&'static str>,
    preparing_methods: Vec<&'static str>,
    /// Methods of Python's own types, of Pydantic's models and of query builders.
    everyday_methods: Vec<&'static str>,
    /// Libraries of which only some methods take time, each with these methods.
    working_methods: Vec<(&'static str, Vec<&'static str>)>,
}

impl LibraryTable {
    /// Parses the table. A test checks that every line of it is valid.
    fn parse(text: &'static str) -> Self {
        let mut table = Self::default();
        let mut section = "";
        for line in text.lines() {
            let words: Vec<&'static str> = line
                .split('#')
                .next()
                .unwrap_or_default()
                .split_whitespace()
                .collect();
            match (words.as_slice(), section) {
                ([], _) => {}
                ([first, ..], _) if first.starts_with('[') => section = line.trim(),
                (call, "[calls]") => table.calls.extend(parse_entry(call)),
                ([name], "[quick modules]") => table.quick_modules.push(name),
                ([name], "[quick methods]") => table.quick_methods.push(name),
                ([name], "[preparing methods]") => table.preparing_methods.push(name),
                (names, "[everyday methods]") => table.everyday_methods.extend(names),
                ([path, methods @ ..], "[working methods]") => {
                    table.working_methods.push((path, methods.to_vec()));
                }
                _ => {}
            }
        }
        table
    }
}

impl LibraryTable {
    /// Whether the last part of the path takes time. Of most libraries everything does.
    fn is_working(&self, path: &str, last: &str) -> bool {
        let known = self.working_methods.iter();
        known
            .filter(|(prefix, _)| is_below(path, prefix))
            .max_by_key(|(prefix, _)| prefix.len())
            .is_none_or(|(_, methods)| methods.contains(&last))
    }
}

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
    let is_library =
        TABLE.calls.iter().any(|call| module(&call.path)) || TABLE.quick_modules.contains(&name);
    is_library.then(|| name.to_owned())
}

/// The tables' answer about a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LibraryAnswer {
    Takes(Manner, SimDuration),
    Prepares,
    Nothing,
    /// No table lists the path.
    Not,
}

/// Looks the path up, first in the user's table.
pub(super) fn look_up(path: &str, own: &[Entry]) -> LibraryAnswer {
    let own = look_up_own(path, own);
    if own != LibraryAnswer::Not {
        return own;
    }
    let last = path.rsplit('.').next().unwrap_or(path);
    let known = longest_entry(&TABLE.calls, path);
    match known {
        Some(_) if TABLE.quick_methods.contains(&last) && path != "open" => {
            // aiofiles sends each read to a thread, so even quick methods are awaited.
            if path.starts_with("aiofiles") && last != "close" {
                LibraryAnswer::Takes(Manner::Await, SimDuration::from_millis(10))
            } else {
                LibraryAnswer::Nothing
            }
        }
        Some(_) if path == "aiofiles.open" || path == "PIL.Image.open" => LibraryAnswer::Prepares,
        Some(call) if path != call.path && TABLE.preparing_methods.contains(&last) => {
            LibraryAnswer::Prepares
        }
        // A capital letter marks a class: making an object is quick.
        Some(_) if last.starts_with(char::is_uppercase) => LibraryAnswer::Prepares,
        // E.g. `sqlalchemy.select`: building a query takes no time, executing it does.
        Some(_) if !TABLE.is_working(path, last) => LibraryAnswer::Prepares,
        Some(call) => LibraryAnswer::Takes(call.manner, call.length),
        None if TABLE
            .quick_modules
            .contains(&path.split('.').next().unwrap_or(path)) =>
        {
            LibraryAnswer::Nothing
        }
        None => LibraryAnswer::Not,
    }
}

/// Looks the path up in the user's table only.
pub(super) fn look_up_own(path: &str, own: &[Entry]) -> LibraryAnswer {
    match longest_entry(own, path) {
        Some(entry) if entry.manner == Manner::Nothing => LibraryAnswer::Nothing,
        Some(entry) => LibraryAnswer::Takes(entry.manner, entry.length),
        None => LibraryAnswer::Not,
    }
}

/// Whether the user's table lists the path. Its durations are no guesses.
pub(super) fn is_own(path: &str, own: &[Entry]) -> bool {
    longest_entry(own, path).is_some()
}

fn longest_entry<'e>(own: &'e [Entry], path: &str) -> Option<&'e Entry> {
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
    TABLE.quick_methods.contains(&name)
}

/// Whether the name is a method of Python's own types, of Pydantic's models, or of a query builder,
/// e.g. `strip`, `isoformat`, `model_dump`, `order_by`. Such calls are not counted as unknown ones.
pub(super) fn is_everyday_method(name: &str) -> bool {
    TABLE.everyday_methods.contains(&name)
        || TABLE.quick_methods.contains(&name)
        || TABLE.preparing_methods.contains(&name)
}

/// Whether the name suggests that work computes, e.g. `resize_image`. Chooses the word for work
/// that takes time anyway, such as a function on a pool. It is no evidence that a call takes time:
/// `encode` and `search_filter_sort` do not compute.
pub(super) fn sounds_like_cpu(name: &str) -> bool {
    const SOUNDS: [&str; 18] = [
        "analy",
        "calc",
        "cpu",
        "compress",
        "comput",
        "crunch",
        "factorial",
        "fib",
        "hash",
        "heavy",
        "infer",
        "intensive",
        "predict",
        "prime",
        "render",
        "resize",
        "train",
        "transcode",
    ];
    let name = name.rsplit('.').next().unwrap_or(name).to_lowercase();
    SOUNDS.iter().any(|sound| name.contains(sound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: LibraryAnswer) {
        assert_eq!(look_up(path, &[]), expected, "{path}");
    }

    fn takes(manner: Manner, millis: u64) -> LibraryAnswer {
        LibraryAnswer::Takes(manner, SimDuration::from_millis(millis))
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
    fn every_line_of_the_table_is_read() {
        let text = include_str!("library.txt");
        let lines = text.lines().filter(|line| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with(['#', '['])
        });
        let everyday = text.split("[everyday methods]").nth(1).unwrap_or_default();
        let everyday = everyday.split('[').next().unwrap_or_default().lines();
        let everyday = everyday.filter(|line| !line.trim().is_empty());
        let read = TABLE.calls.len()
            + TABLE.quick_modules.len()
            + TABLE.quick_methods.len()
            + TABLE.preparing_methods.len()
            + TABLE.working_methods.len()
            + everyday.count();
        assert_eq!(lines.count(), read);
        assert!(TABLE.calls.len() > 70, "the table has its calls");
    }

    #[test]
    fn what_only_prepares_takes_no_time() {
        check("httpx.AsyncClient", LibraryAnswer::Prepares);
        check("psycopg2.connect.cursor", LibraryAnswer::Prepares);
        check("requests.get.json", LibraryAnswer::Nothing);
        check("logging.getLogger", LibraryAnswer::Nothing);
        check("acme.charge", LibraryAnswer::Not);
        check("sqlalchemy.select", LibraryAnswer::Prepares);
        check("sqlalchemy.orm.joinedload", LibraryAnswer::Prepares);
        check("sqlalchemy.func.count", LibraryAnswer::Prepares);
        check("sqlalchemy.orm.Session.execute", takes(Manner::Block, 100));
        check(
            "sqlalchemy.orm.Session.query.filter.first",
            takes(Manner::Block, 100),
        );
        check("bcrypt.gensalt", LibraryAnswer::Prepares);
        check("torch.device", LibraryAnswer::Prepares);
    }

    #[test]
    fn users_add_to_the_table() {
        let own =
            entries("# ours\nacme.charge block 300ms\nacme nothing\n").expect("it is well formed");
        assert_eq!(look_up("acme.charge", &own), takes(Manner::Block, 300));
        assert_eq!(look_up("acme.log", &own), LibraryAnswer::Nothing);
        assert_eq!(entries("a block 1s\nb stalls 1s\n"), Err(BadLine(2)));
        assert_eq!(entries("a-b block 1s"), Err(BadLine(1)));
    }
}
