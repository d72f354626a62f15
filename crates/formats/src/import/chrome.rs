//! The reader of the Trace Event Format, e.g. of traces from VizTracer: complete slices (`X`),
//! beginnings and ends (`B`, `E`), names of processes and threads (`M`).
//!
//! A thread is a row, and so is a task that VizTracer logs as a thread (`--log_async`). The
//! state of a row at some time is that of its innermost slice.
//!
//! # What this leaves out
//!
//! - The reasons for waiting: between its steps a task waits, for an unknown reason.
//! - Arguments, counters, instants, flows and async events; they are counted.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::names::{ForeignNames, FunctionActivity, TracedFunction};
use super::slices::{Slice, SliceChange, state_changes};
use super::{EVENTS_MAX, OpenError, Opened, ROWS_MAX, Source};
use model::limits::HORIZON;
use model::time::SimTime;
use model::trace::{
    Ending, Instance, InstanceId, Lane, LaneId, LaneKind, Log, Record, Role, State, Trace,
};
use model::workload::{SegmentId, TaskIndex};

/// Characters of a name; longer ones are cut.
const NAME_CHARS_MAX: usize = 120;
/// Distinct functions. All further ones share the last.
const FUNCTIONS_MAX: usize = 20_000;

#[derive(Deserialize)]
struct ChromeFile {
    #[serde(rename = "traceEvents")]
    events: Vec<ChromeEvent>,
}

/// The events: in an object, or a list without one. The format allows both.
fn read_events(bytes: &[u8]) -> serde_json::Result<Vec<ChromeEvent>> {
    match bytes.trim_ascii_start().first() {
        Some(b'[') => serde_json::from_slice(bytes),
        _ => serde_json::from_slice(bytes).map(|file: ChromeFile| file.events),
    }
}

/// An event. Some tools write numbers as strings; such an event is left out, and the rest of
/// the file is still read.
#[derive(Deserialize)]
#[serde(untagged)]
enum ChromeEvent {
    Known(KnownEvent),
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct KnownEvent {
    ph: String,
    #[serde(default)]
    pid: i64,
    #[serde(default)]
    tid: i64,
    #[serde(default)]
    ts: f64,
    #[serde(default)]
    dur: f64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    args: EventArgs,
}

#[derive(Default, Deserialize)]
struct EventArgs {
    #[serde(default)]
    name: Option<serde_json::Value>,
}

/// The ids of a process and a thread. VizTracer gives each task a thread id of its own.
type Key = (i64, i64);

#[derive(Default)]
struct ThreadSlices {
    threads: BTreeMap<Key, String>,
    /// Beginning and end in microseconds, and the index in `functions`.
    slices: BTreeMap<Key, Vec<(f64, f64, usize)>>,
    functions: FunctionTable,
    left_out: usize,
}

pub(super) fn open(bytes: &[u8]) -> Result<Opened, OpenError> {
    // `is_data`: valid JSON of another shape. Otherwise the text is not JSON.
    let events = read_events(bytes).map_err(|error| {
        if error.is_data() {
            OpenError::NoTrace
        } else {
            OpenError::Unreadable(error.to_string())
        }
    })?;
    if events.len() > EVENTS_MAX {
        return Err(OpenError::TooMany);
    }
    let sheet = collect_slices(events);
    match sheet.slices.len() {
        0 => Err(OpenError::Empty),
        rows if rows > ROWS_MAX => Err(OpenError::TooMany),
        _ => Ok(open_slices(sheet)),
    }
}

fn collect_slices(events: Vec<ChromeEvent>) -> ThreadSlices {
    let mut sheet = ThreadSlices::default();
    let mut open: BTreeMap<Key, Vec<(f64, String)>> = BTreeMap::new();
    for event in events {
        let ChromeEvent::Known(event) = event else {
            sheet.left_out += 1;
            continue;
        };
        let key = (event.pid, event.tid);
        match event.ph.as_str() {
            "X" => sheet.add_slice(key, event.ts, event.dur, &event.name),
            "B" => open.entry(key).or_default().push((event.ts, event.name)),
            // An end has no name; it closes the innermost open slice of its thread.
            "E" => match open.get_mut(&key).and_then(Vec::pop) {
                Some((begin, name)) => sheet.add_slice(key, begin, event.ts - begin, &name),
                None => sheet.left_out += 1,
            },
            "M" if event.name == "thread_name" => {
                if let Some(serde_json::Value::String(name)) = event.args.name {
                    sheet.threads.insert(key, name);
                }
            }
            "M" => {}
            _ => sheet.left_out += 1,
        }
    }
    // Slices that never end.
    sheet.left_out += open.values().map(Vec::len).sum::<usize>();
    sheet
}

impl ThreadSlices {
    fn add_slice(&mut self, key: Key, begin: f64, length: f64, name: &str) {
        if !begin.is_finite() || !length.is_finite() || length < 0.0 {
            self.left_out += 1;
            return;
        }
        let function = self.functions.function_index(name);
        let slices = self.slices.entry(key).or_default();
        slices.push((begin, begin + length, function));
    }
}

/// The functions of a trace, in order of appearance.
#[derive(Default)]
struct FunctionTable {
    places: BTreeMap<String, usize>,
    all: Vec<TracedFunction>,
}

impl FunctionTable {
    fn function_index(&mut self, text: &str) -> usize {
        if let Some(&place) = self.places.get(text) {
            return place;
        }
        if self.all.len() >= FUNCTIONS_MAX {
            return FUNCTIONS_MAX - 1;
        }
        let (name, line) = taken_apart(text);
        self.places.insert(text.to_owned(), self.all.len());
        self.all.push(TracedFunction {
            doing: FunctionActivity::of(name),
            name: name.chars().take(NAME_CHARS_MAX).collect(),
            line,
        });
        self.all.len() - 1
    }
}

/// The function and its line, e.g. `make_pasta (/srv/pasta.py:5)` → `make_pasta`, 5.
fn taken_apart(text: &str) -> (&str, u32) {
    let parts = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once(" ("));
    let Some((name, place)) = parts else {
        return (text, 0);
    };
    let line = place
        .rsplit_once(':')
        .and_then(|(_, line)| line.parse().ok());
    (name, line.unwrap_or(0))
}

/// A row of the chart: a thread or a task, with its changes of state.
struct ChromeRow {
    key: Key,
    name: String,
    is_task: bool,
    changes: Vec<SliceChange>,
}

fn open_slices(sheet: ThreadSlices) -> Opened {
    let begin = sheet.slices.values().flatten().map(|slice| slice.0);
    let begin = begin.fold(f64::INFINITY, f64::min);
    let mut left_out = sheet.left_out;
    let mut rows = Vec::new();
    for (&key, slices) in &sheet.slices {
        let (slices, late) = in_time(slices, begin);
        left_out += late;
        let Some(first) = slices.first() else {
            continue;
        };
        let thread = sheet.threads.get(&key);
        // The default name of an asyncio task, e.g. `Task-3`.
        let is_task = thread.is_some_and(|name| name.starts_with("Task-"));
        let function = &sheet.functions.all[first.function];
        rows.push(ChromeRow {
            key,
            name: match thread {
                // The name of its coroutine says more than `Task-3`.
                Some(_) if is_task => function.name.clone(),
                Some(name) => name.chars().take(NAME_CHARS_MAX).collect(),
                None => format!("thread {}", key.1),
            },
            is_task,
            changes: state_changes(slices, |function| sheet.functions.all[function].doing),
        });
    }
    // In order of their beginnings, like the instances of a simulation.
    rows.sort_by_key(|row| row.changes.first().map(|change| change.at));
    let pids = process_ids(&rows);
    let trace = build_trace(&rows, &pids);
    let (tasks, _) = number_tasks(&rows);
    let names = ForeignNames {
        tasks,
        functions: sheet.functions.all,
        servers: pids.len() as u32,
    };
    Opened {
        trace,
        workload: names.workload(),
        source: Source::Names(names),
        left_out,
    }
}

/// The slices in nanoseconds since the first one, sorted, and the number of those left out
/// because they end after [`HORIZON`].
fn in_time(slices: &[(f64, f64, usize)], origin: f64) -> (Vec<Slice>, usize) {
    let nanos = |micros: f64| ((micros - origin) * 1_000.0).round();
    let fits = |slice: &&(f64, f64, usize)| nanos(slice.1) <= HORIZON.as_nanos() as f64;
    let kept = slices
        .iter()
        .filter(fits)
        .map(|&(begin, end, function)| Slice {
            begin: nanos(begin) as u64,
            end: nanos(end) as u64,
            function,
        });
    let mut kept: Vec<Slice> = kept.collect();
    // Of slices with one beginning, the longer contains the shorter.
    kept.sort_by_key(|slice| (slice.begin, std::cmp::Reverse(slice.end)));
    let late = slices.len() - kept.len();
    (kept, late)
}

/// The names of the tasks, and the task and number of each row. Rows with the same name are
/// instances of one task.
fn number_tasks(rows: &[ChromeRow]) -> (Vec<String>, Vec<(TaskIndex, u32)>) {
    let mut places: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    let mut numbers = Vec::new();
    for row in rows {
        let (task, count) = places.entry(&row.name).or_insert_with(|| {
            names.push(row.name.clone());
            (names.len() as u32 - 1, 0)
        });
        *count += 1;
        numbers.push((TaskIndex(*task), *count));
    }
    (names, numbers)
}

/// The process ids, sorted. Each process is drawn as a server.
fn process_ids(rows: &[ChromeRow]) -> Vec<i64> {
    let mut pids: Vec<i64> = rows.iter().map(|row| row.key.0).collect();
    pids.sort_unstable();
    pids.dedup();
    pids
}

fn build_trace(rows: &[ChromeRow], pids: &[i64]) -> Trace {
    let (_, numbers) = number_tasks(rows);
    // The number of rows is bounded by `ROWS_MAX`, so the index fits.
    let server = |row: &ChromeRow| pids.binary_search(&row.key.0).unwrap_or(0) as u16;
    let instances = rows
        .iter()
        .zip(numbers)
        .map(|(row, (task, number))| Instance {
            task,
            number,
            parent: None,
            role: Role::Arrived,
            server: server(row),
        });
    let lanes = Lanes::of(rows, server);
    let mut all: Vec<(&SliceChange, usize)> = Vec::new();
    for (who, row) in rows.iter().enumerate() {
        all.extend(row.changes.iter().map(|change| (change, who)));
    }
    all.sort_by_key(|&(change, who)| (change.at, who));
    let mut log = Log::default();
    for &(change, who) in &all {
        let holds = matches!(change.state, State::Running | State::Blocking);
        log.push(Record {
            at: SimTime::from_nanos(change.at),
            instance: InstanceId(who as u32),
            state: change.state,
            lane: if holds {
                lanes.of_row[who]
            } else {
                LaneId::NONE
            },
            segment: SegmentId(change.function as u32),
            cause: None,
        });
    }
    Trace {
        instances: instances.collect(),
        lanes: lanes.all,
        end: all
            .last()
            .map_or(SimTime::ZERO, |(change, _)| SimTime::from_nanos(change.at)),
        log,
        ending: Ending::Finished,
    }
}

struct Lanes {
    all: Vec<Lane>,
    of_row: Vec<LaneId>,
}

impl Lanes {
    /// The lanes. Tasks run on the loop of their process, other threads on a lane of their own.
    /// The main thread of a process with tasks has no lane: it runs the loop, and its tasks
    /// already fill the lane of the loop.
    fn of(rows: &[ChromeRow], server: impl Fn(&ChromeRow) -> u16) -> Self {
        let mut lanes = Self {
            all: Vec::new(),
            of_row: Vec::new(),
        };
        let mut loops = BTreeMap::new();
        let mut counts: BTreeMap<u16, u32> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.is_task) {
            loops
                .entry(row.key.0)
                .or_insert_with(|| lanes.push(LaneKind::Loop, server(row), 1));
        }
        for row in rows {
            // On Linux, the main thread has the id of its process.
            let is_main = row.key.0 == row.key.1;
            let lane = match loops.get(&row.key.0) {
                Some(&lane) if row.is_task => lane,
                Some(_) if is_main => LaneId::NONE,
                _ => {
                    let count = counts.entry(server(row)).or_default();
                    *count += 1;
                    let number = *count;
                    lanes.push(LaneKind::PoolThread, server(row), number)
                }
            };
            lanes.of_row.push(lane);
        }
        lanes
    }

    fn push(&mut self, kind: LaneKind, server: u16, number: u32) -> LaneId {
        self.all.push(Lane {
            kind,
            server,
            number,
        });
        LaneId(self.all.len() as u16 - 1)
    }
}
