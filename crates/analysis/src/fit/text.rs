//! The text of the script: names, settings, bodies and arrivals.
//!
//! The formatter of scripts makes the final layout.

use super::FitSource;
use super::tasks::{
    BlockHead, Definition, FittedKind, FittedProgram, FittedSegment, Shared, SharedKind,
};
use model::limits::POOL_MAX;
use model::time::SimDuration;
use model::trace::{Ending, LaneKind, State, Trace};
use model::workload::{Gil, Machine};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The text, and the task of the trace's workload that each task of the script comes from, by
/// name; `None` for one that has no instance in the run.
pub(super) struct Written {
    pub(super) text: String,
    /// By definition; empty for one that is not in the script.
    pub(super) names: Vec<String>,
}

pub(super) fn write(program: &FittedProgram, trace: &Trace, source: &FitSource<'_>) -> Written {
    let order = used(program);
    let names = Names::of(program, &order, source);
    let mut text = String::new();
    settings(trace, &source.workload.machine, &mut text);
    let mut used_shared = BTreeSet::new();
    for &index in &order {
        each(&program.definitions[index].body, &mut |node| {
            if let FittedKind::Shared(_, shared) | FittedKind::Block(BlockHead::With(shared), _) =
                node.kind
            {
                used_shared.insert(shared);
            }
        });
    }
    for shared in used_shared {
        resource(program.shared[shared], &names.shared[shared], &mut text);
    }
    for &index in &order {
        task(program, index, &names, &mut text);
    }
    arrivals(program, &names, &mut text);
    Written {
        text: script::format(&text).unwrap_or(text),
        names: names.tasks,
    }
}

/// The definitions that the arrivals need, those of earlier instances first.
fn used(program: &FittedProgram) -> Vec<usize> {
    let mut open: Vec<usize> = program.arrived.iter().map(|(_, task)| *task).collect();
    let mut found: BTreeSet<usize> = open.iter().copied().collect();
    while let Some(index) = open.pop() {
        each(&program.definitions[index].body, &mut |node| {
            let named: Vec<usize> = match &node.kind {
                FittedKind::Start(_, task, _) | FittedKind::Call(_, task) => vec![*task],
                FittedKind::Gather(_, members) => members.iter().map(|(_, task)| *task).collect(),
                _ => Vec::new(),
            };
            open.extend(named.into_iter().filter(|task| found.insert(*task)));
        });
    }
    let mut order: Vec<usize> = found.into_iter().collect();
    order.sort_by_key(|&index| {
        let definition = &program.definitions[index];
        (definition.first, definition.is_work)
    });
    order
}

/// Calls `visit` with each node, also those in blocks.
fn each(nodes: &[FittedSegment], visit: &mut dyn FnMut(&FittedSegment)) {
    for node in nodes {
        visit(node);
        match &node.kind {
            FittedKind::Block(_, body) => each(body, visit),
            FittedKind::Try {
                body,
                except,
                finally,
            } => {
                each(body, visit);
                for clause in [except, finally].into_iter().flatten() {
                    each(clause, visit);
                }
            }
            _ => {}
        }
    }
}

struct Names {
    /// By definition.
    tasks: Vec<String>,
    shared: Vec<String>,
    taken: BTreeSet<String>,
}

impl Names {
    fn of(program: &FittedProgram, order: &[usize], source: &FitSource<'_>) -> Self {
        let mut names = Self {
            tasks: vec![String::new(); program.definitions.len()],
            shared: Vec::new(),
            taken: BTreeSet::new(),
        };
        for &index in order {
            let Definition { task, is_call, .. } = program.definitions[index];
            let own = identifier(source.name(task));
            let wished = if is_call { format!("{own}_call") } else { own };
            names.tasks[index] = names.free(&wished);
        }
        for shared in &program.shared {
            let own = resource_in(source.line_text(shared.segment));
            let wished = own.map_or_else(|| default_name(shared).to_owned(), identifier);
            let name = names.free(&wished);
            names.shared.push(name);
        }
        names
    }

    fn free(&mut self, wished: &str) -> String {
        let mut name = wished.to_owned();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{wished}_{number}");
            number += 1;
        }
        name
    }
}

/// A name of the script language, e.g. `Client_fetch` for `Client.fetch`.
fn identifier(name: &str) -> String {
    let mut word = String::new();
    for character in name.chars() {
        if script::is_name(&format!("a{character}")) {
            word.push(character);
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
    }
    let word = word.trim_matches('_');
    if script::is_name(word) {
        word.to_owned()
    } else if script::is_name(&format!("task_{word}")) {
        format!("task_{word}")
    } else {
        "task".to_owned()
    }
}

fn default_name(shared: &Shared) -> &'static str {
    match (shared.kind, shared.state) {
        (SharedKind::Lock, _) => "lock_",
        (SharedKind::Semaphore(_), _) => "permits",
        (_, State::WaitingPermit) => "permit",
        (_, State::WaitingItem) => "items",
        (_, State::WaitingRoom) => "room",
        (_, State::WaitingNotify) => "notice",
        (_, State::WaitingTask) => "ended",
        (_, State::Awaiting) => "cut",
        _ => "signal",
    }
}

/// The name of the object in a line of Python, e.g. `sem` in `async with self.sem:` and `queue` in
/// `item = await queue.get()`.
fn resource_in(line: &str) -> Option<&str> {
    let path = |rest: &'static str| {
        let after = line.split_once(rest)?.1;
        let end = after.find(|character: char| {
            !(character.is_alphanumeric() || character == '_' || character == '.')
        });
        Some(&after[..end.unwrap_or(after.len())])
    };
    let held = path("async with ").and_then(|path| path.rsplit('.').next());
    let called = || {
        let (object, _) = path("await ")?.rsplit_once('.')?;
        object.rsplit('.').next()
    };
    held.or_else(called)
        .filter(|name| script::is_name(name) && *name != "asyncio")
}

fn settings(trace: &Trace, machine: &Machine, text: &mut String) {
    let default = Machine::default();
    let lanes = |kind: LaneKind| {
        let of_it = trace
            .lanes
            .iter()
            .filter(|lane| lane.kind == kind && lane.server == 0);
        u32::try_from(of_it.count())
            .unwrap_or(u32::MAX)
            .min(POOL_MAX)
    };
    let was_full = |state: State| {
        let mut since: BTreeMap<u32, model::time::SimTime> = BTreeMap::new();
        trace
            .log
            .iter()
            .filter(|record| !record.state.is_mark())
            .any(|record| {
                let before = since.remove(&record.instance.0);
                if record.state == state {
                    since.insert(record.instance.0, record.at);
                }
                before.is_some_and(|before| before < record.at)
            })
    };
    // The size of a pool is seen where all its threads were busy, or more than usual worked.
    let size = |written: Option<u32>, usual: u32, kind: LaneKind, state: State| {
        let seen = lanes(kind);
        let is_seen = seen > usual || (seen > 0 && seen != usual && was_full(state));
        written.or(is_seen.then_some(seen))
    };
    let mut set = |word: &str, value: Option<u32>| {
        if let Some(value) = value {
            let _ = writeln!(text, "{word} {value}");
        }
    };
    let differs = |value: u32, usual: u32| (value != usual).then_some(value);
    set("cores", differs(machine.cores, default.cores));
    set(
        "pool",
        size(
            differs(machine.pool, default.pool),
            default.pool,
            LaneKind::PoolThread,
            State::QueuedToken,
        ),
    );
    set(
        "executor",
        size(
            machine.executor,
            machine.executor_threads(),
            LaneKind::ExecutorThread,
            State::QueuedExecutor,
        ),
    );
    set(
        "processes",
        size(
            machine.processes,
            machine.process_workers(),
            LaneKind::ProcessWorker,
            State::QueuedProcess,
        ),
    );
    set(
        "jobs",
        size(
            differs(machine.jobs, default.jobs),
            default.jobs,
            LaneKind::JobWorker,
            State::QueuedJob,
        ),
    );
    set("prefetch", differs(machine.prefetch, default.prefetch));
    set("servers", differs(machine.servers, default.servers));
    if !machine.python.is_like(default.python) {
        let _ = writeln!(text, "python {}", machine.python.name());
    }
    if machine.eager {
        text.push_str("eager on\n");
    }
    if machine.gil == Gil::Off {
        text.push_str("gil off\n");
    }
    if machine.switch != default.switch {
        let _ = writeln!(text, "switch {}", machine.switch);
    }
    let until = trace.end.since(model::time::SimTime::ZERO);
    if matches!(trace.ending, Ending::Until | Ending::Limit(_)) && !until.is_zero() {
        let _ = writeln!(text, "until {until}");
    }
}

fn resource(shared: Shared, name: &str, text: &mut String) {
    let _ = match shared.kind {
        SharedKind::Queue => writeln!(text, "queue {name}"),
        SharedKind::Event => writeln!(text, "event {name}"),
        SharedKind::Lock => writeln!(text, "lock {name}"),
        SharedKind::Semaphore(count) => writeln!(text, "semaphore {name} {count}"),
    };
}

fn task(program: &FittedProgram, index: usize, names: &Names, text: &mut String) {
    let definition = &program.definitions[index];
    let word = if definition.is_work {
        "def"
    } else {
        "async def"
    };
    let _ = writeln!(text, "\n{word} {}:", names.tasks[index]);
    let mut body = BodyWriter {
        names,
        handles: handle_names(&definition.body, names),
        text,
    };
    body.nodes(&definition.body, 1);
}

/// The name of each handle: that of its task, if it is the only one of it.
fn handle_names(body: &[FittedSegment], names: &Names) -> BTreeMap<usize, String> {
    let mut handles: Vec<(usize, usize)> = Vec::new();
    each(body, &mut |node| {
        if let FittedKind::Start(_, task, Some(handle)) = node.kind {
            handles.push((handle, task));
        }
    });
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, task) in &handles {
        *counts.entry(*task).or_default() += 1;
    }
    let mut found = BTreeMap::new();
    let mut number = 0;
    for (handle, task) in handles {
        let own = &names.tasks[task];
        let name = if counts[&task] == 1 {
            own.clone()
        } else {
            loop {
                number += 1;
                let name = format!("{own}_{number}");
                if !names.taken.contains(&name) {
                    break name;
                }
            }
        };
        found.insert(handle, name);
    }
    found
}

struct BodyWriter<'w> {
    names: &'w Names,
    handles: BTreeMap<usize, String>,
    text: &'w mut String,
}

impl BodyWriter<'_> {
    fn nodes(&mut self, nodes: &[FittedSegment], depth: usize) {
        for node in nodes {
            match &node.kind {
                FittedKind::Block(head, body) => {
                    let head = match head {
                        BlockHead::Group => "group".to_owned(),
                        BlockHead::Repeat(times) => format!("repeat {times}"),
                        BlockHead::With(shared) => format!("with {}", self.names.shared[*shared]),
                        BlockHead::Offload(word) => (*word).to_owned(),
                    };
                    self.line(&format!("{head}:"), node.line, depth);
                    self.nodes(body, depth + 1);
                }
                FittedKind::Try {
                    body,
                    except,
                    finally,
                } => {
                    self.line("try:", 0, depth);
                    self.nodes(body, depth + 1);
                    for (word, clause) in [("except:", except), ("finally:", finally)] {
                        if let Some(clause) = clause {
                            self.line(word, 0, depth);
                            self.nodes(clause, depth + 1);
                        }
                    }
                }
                kind => {
                    let segment = self.segment(kind);
                    self.line(&segment, node.line, depth);
                }
            }
        }
    }

    fn segment(&self, kind: &FittedKind) -> String {
        let tasks = &self.names.tasks;
        let handle = |handle: &usize| self.handles.get(handle).map_or("", String::as_str);
        match kind {
            FittedKind::Plain(text) => text.clone(),
            FittedKind::Quoted(word, text) => format!("{word} {}", quoted(text)),
            FittedKind::Start(word, task, None) => format!("{word} {}", tasks[*task]),
            FittedKind::Start(word, task, Some(own)) if handle(own) == tasks[*task] => {
                format!("{word} {}", tasks[*task])
            }
            FittedKind::Start(word, task, Some(own)) => {
                format!("{word} {} as {}", tasks[*task], handle(own))
            }
            FittedKind::Call(word, task) => format!("{word} {}", tasks[*task]),
            FittedKind::Gather(all, members) => {
                let members = members.iter().map(|(count, task)| match count {
                    1 => tasks[*task].clone(),
                    count => format!("{count} {}", tasks[*task]),
                });
                let all = if *all { "all " } else { "" };
                format!("gather {all}{}", members.collect::<Vec<_>>().join(", "))
            }
            FittedKind::Handle(word, own) => format!("{word} {}", handle(own)),
            FittedKind::Shared(word, shared) => format!("{word} {}", self.names.shared[*shared]),
            FittedKind::Block(..) | FittedKind::Try { .. } => String::new(),
        }
    }

    fn line(&mut self, code: &str, line: u32, depth: usize) {
        let indent = "    ".repeat(depth);
        let _ = match line {
            0 => writeln!(self.text, "{indent}{code}"),
            line => writeln!(self.text, "{indent}{code}  # line {line}"),
        };
    }
}

/// A text without the signs that a script's quotes cannot hold.
fn quoted(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|sign| match sign {
            '"' => '\'',
            '\\' => '/',
            sign if sign.is_control() => ' ',
            sign => sign,
        })
        .collect();
    format!("\"{}\"", clean.trim())
}

/// Arrivals at one time, as runs of equal tasks.
struct Arrival {
    at: SimDuration,
    members: Vec<(u64, usize)>,
}

fn arrivals(program: &FittedProgram, names: &Names, text: &mut String) {
    let mut groups: Vec<Arrival> = Vec::new();
    for &(life, task) in &program.arrived {
        let at = program.begun[life];
        match groups.last_mut() {
            Some(last) if last.at == at => match last.members.last_mut() {
                Some((count, same)) if *same == task => *count += 1,
                _ => last.members.push((1, task)),
            },
            _ => groups.push(Arrival {
                at,
                members: vec![(1, task)],
            }),
        }
    }
    text.push('\n');
    let mut rest = groups.as_slice();
    while let [first, ..] = rest {
        let count = regular(rest);
        let members: Vec<String> = first
            .members
            .iter()
            .map(|(count, task)| match count {
                1 => names.tasks[*task].clone(),
                count => format!("{count} {}", names.tasks[*task]),
            })
            .collect();
        let members = members.join(", ");
        let at = first.at;
        let _ = if count > 2 {
            let gap = rest[1].at - at;
            let from = if at.is_zero() {
                String::new()
            } else {
                format!(" from {at}")
            };
            writeln!(text, "run {count} {members} every {gap}{from}")
        } else if at.is_zero() {
            writeln!(text, "run {members}")
        } else {
            writeln!(text, "run {members} at {at}")
        };
        rest = &rest[if count > 2 { count } else { 1 }..];
    }
}

/// The number of arrivals at the beginning that are of one task each, with equal gaps.
fn regular(groups: &[Arrival]) -> usize {
    let [first, second, ..] = groups else {
        return 1;
    };
    let gap = second.at - first.at;
    let is_single = |group: &Arrival| {
        group.members.len() == 1 && group.members[0].0 == 1 && group.members == first.members
    };
    let pairs = groups.windows(2);
    let follow = pairs.take_while(|pair| is_single(&pair[1]) && pair[1].at - pair[0].at == gap);
    if is_single(first) {
        1 + follow.count()
    } else {
        1
    }
}
