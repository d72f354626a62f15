//! The writer: tasks to the text of a script, with names and order.
//!
//! [`super::tidy`] prepares the pieces; the formatter of scripts makes the final layout.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::piece::{
    GatherMode, HandleId, PieceKind, ScriptPiece, ScriptPieces, TaskId, does_more_than_print,
};
use super::tidy::tidy;
use super::translate::{Declared, ScriptTask, SharedKind, TranslatedProgram};
use model::workload::Length;
use script::is_name;

/// Columns of a body on one line. A longer body has a line per segment.
const LINE_MAX: usize = 64;
/// More segments than this are hard to read on one line.
const SEGMENTS_ON_A_LINE: usize = 3;
/// Threads of the executor without an `executor` setting: CPython has CPUs + 4, and a script
/// has 4 cores by default.
const EXECUTOR_THREADS: u64 = 8;
/// Characters of a file's name.
const FILE_MAX: usize = 120;
/// Characters of a label or a name.
const LABEL_MAX: usize = 40;

/// The text of the script, with at most `pieces_max` pieces.
pub(super) fn write(program: &mut TranslatedProgram, pieces_max: usize) -> String {
    let reached = tidy(program, pieces_max);
    let names = ScriptNames::of(program, &reached);
    let mut text = String::new();
    write_settings(program, &reached, &names, &mut text);
    for made in &reached {
        let task = &program.tasks[made.0];
        let mut body = BodyWriter {
            names: &names,
            tasks: &program.tasks,
            files: &program.files,
            handles: handle_names(&task.pieces, &names),
        };
        body.task(task, *made, &mut text);
    }
    text.push('\n');
    for (made, count) in &program.runs {
        let name = names.task(*made);
        let _ = match count {
            1 => writeln!(text, "run {name}"),
            count => writeln!(text, "run {count} {name}"),
        };
    }
    text
}

/// The tasks that a piece mentions, e.g. the members of a `gather`.
pub(super) fn mentioned_tasks(piece: &ScriptPiece) -> Vec<TaskId> {
    match &piece.kind {
        PieceKind::Call(made)
        | PieceKind::Spawn(made, _)
        | PieceKind::Send(made, _)
        | PieceKind::Limited(_, made)
        | PieceKind::Shield(made) => vec![*made],
        PieceKind::Gather { members, .. } | PieceKind::AsCompleted(members, _) => {
            members.iter().map(|(_, made)| *made).collect()
        }
        _ => Vec::new(),
    }
}

fn write_settings(
    program: &TranslatedProgram,
    reached: &[TaskId],
    names: &ScriptNames,
    text: &mut String,
) {
    let mut used = BTreeSet::new();
    let mut pools = BTreeSet::new();
    for made in reached {
        super::piece::visit_pieces(&program.tasks[made.0].pieces, &mut |piece| {
            used.extend(shared_of(piece));
            if let PieceKind::Offload(pool, _) = &piece.kind {
                pools.insert(pool.word());
            }
        });
    }
    let mut settings = Vec::new();
    let mut executor = program.executor;
    let threads = started_threads(program, reached);
    // A `threading.Thread` has no pool, so it never queues. Scripts have only the executor,
    // which therefore needs a thread for each.
    if program.has_own_threads && threads > EXECUTOR_THREADS {
        executor = executor.max(Some(threads));
    }
    // `def` handlers use the pool without a segment for it.
    if program.serves {
        pools.insert("thread");
    }
    if program.eager {
        settings.push("eager on".to_owned());
    }
    let sized = [
        ("thread", program.pool),
        ("executor", executor),
        ("process", program.processes),
    ];
    for (word, workers) in sized {
        if let Some(workers) = workers.filter(|_| pools.contains(word)) {
            let plural = match word {
                "process" => "processes",
                "thread" => "pool",
                _ => word,
            };
            let most = u64::from(model::limits::POOL_MAX);
            settings.push(format!("{plural} {}", workers.clamp(1, most)));
        }
    }
    // Only resources that a reached task uses, or the script would declare unused names.
    for index in used {
        let name = &names.shared[index];
        let declared = match program.shared[index].kind {
            SharedKind::Queue(None) => format!("queue {name}"),
            SharedKind::Queue(Some(size)) => format!("queue {name} {}", bounded_size(size)),
            SharedKind::Semaphore(permits) => format!("semaphore {name} {}", bounded_size(permits)),
            SharedKind::Lock => format!("lock {name}"),
            SharedKind::Event => format!("event {name}"),
            SharedKind::Condition => format!("condition {name}"),
        };
        settings.push(declared);
    }
    for setting in &settings {
        text.push_str(setting);
        text.push('\n');
    }
    if !settings.is_empty() {
        text.push('\n');
    }
}

/// The number of started tasks that run on the executor.
fn started_threads(program: &TranslatedProgram, reached: &[TaskId]) -> u64 {
    let on_executor = |made: &TaskId| {
        matches!(
            program.tasks[made.0].pieces.as_slice(),
            [piece] if matches!(piece.kind, PieceKind::Offload(super::piece::PoolKind::Executor, _))
        )
    };
    let mut sum = 0_u64;
    for made in reached {
        for piece in &program.tasks[made.0].pieces {
            let times = match &piece.kind {
                PieceKind::Repeat(count, _) => *count,
                _ => 1,
            };
            super::piece::visit_pieces(std::slice::from_ref(piece), &mut |piece| {
                let started = match &piece.kind {
                    PieceKind::Gather { members, .. } | PieceKind::AsCompleted(members, _) => {
                        members
                            .iter()
                            .filter(|(_, made)| on_executor(made))
                            .map(|(count, _)| *count)
                            .fold(0, u64::saturating_add)
                    }
                    PieceKind::Spawn(made, _) => u64::from(on_executor(made)),
                    _ => 0,
                };
                sum = sum.saturating_add(started.saturating_mul(times));
            });
        }
    }
    sum
}

/// Sizes of resources are 32-bit in a script.
fn bounded_size(count: u64) -> u64 {
    count.min(u64::from(u32::MAX))
}

fn shared_of(piece: &ScriptPiece) -> Option<usize> {
    match piece.kind {
        PieceKind::Put(shared)
        | PieceKind::Get(shared)
        | PieceKind::GetNow(shared)
        | PieceKind::Shutdown(shared)
        | PieceKind::With(shared, _)
        | PieceKind::Acquire(shared)
        | PieceKind::Release(shared)
        | PieceKind::Set(shared)
        | PieceKind::Clear(shared)
        | PieceKind::WaitFor(shared)
        | PieceKind::Notify(shared, _) => Some(shared.0),
        _ => None,
    }
}

/// The names of tasks and resources. They share one namespace, as in a script.
struct ScriptNames {
    tasks: BTreeMap<TaskId, String>,
    shared: Vec<String>,
}

impl ScriptNames {
    fn of(program: &TranslatedProgram, reached: &[TaskId]) -> Self {
        let mut taken = TakenNames::default();
        let mut tasks = BTreeMap::new();
        // Tasks with a `run` line choose first, so a handler keeps the name of its function.
        let is_run = |made: &TaskId| program.runs.iter().any(|(run, _)| run == made);
        let mut order = reached.to_vec();
        order.sort_by_key(|made| !is_run(made));
        for made in &order {
            let task = &program.tasks[made.0];
            // A function has a task per set of arguments, and each needs a name.
            let siblings = reached
                .iter()
                .filter(|other| program.tasks[other.0].name == task.name);
            let name = match siblings.count() {
                1 => plain_name(&task.name),
                _ if is_run(made) => plain_name(&task.name),
                _ => format!(
                    "{}{}",
                    plain_name(&task.name),
                    arguments_suffix(&task.arguments)
                ),
            };
            tasks.insert(*made, taken.free_name(name));
        }
        let shared = program.shared.iter();
        let shared = shared.map(|declared: &Declared| {
            let name = if declared.name.is_empty() {
                word_of(declared.kind).to_owned()
            } else {
                plain_name(&declared.name)
            };
            taken.free_name(name)
        });
        Self {
            shared: shared.collect(),
            tasks,
        }
    }

    fn task(&self, made: TaskId) -> &str {
        self.tasks.get(&made).map_or("task", String::as_str)
    }
}

fn word_of(kind: SharedKind) -> &'static str {
    match kind {
        SharedKind::Queue(_) => "queue1",
        SharedKind::Semaphore(_) => "semaphore1",
        SharedKind::Lock => "lock1",
        SharedKind::Event => "event1",
        SharedKind::Condition => "condition1",
    }
}

/// The numeric arguments that distinguish a task from its siblings, e.g. `_1` or `_0_5`.
fn arguments_suffix(arguments: &[f64]) -> String {
    let mut text = String::new();
    for argument in arguments.iter().take(2) {
        let _ = write!(text, "_{argument}");
    }
    text.replace(['.', '-'], "_")
}

/// The name with characters that a script allows, e.g. `GET /a` → `GET__a`.
fn plain_name(name: &str) -> String {
    let kept: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '_' {
                c
            } else {
                '_'
            }
        })
        .take(LABEL_MAX)
        .collect();
    if is_name(&kept) {
        kept
    } else {
        // A keyword or a leading digit; the prefix makes either a name.
        format!("t_{kept}")
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect()
    }
}

/// The names in use, and the last number appended to each.
#[derive(Default)]
struct TakenNames {
    names: BTreeSet<String>,
    numbers: BTreeMap<String, u32>,
}

impl TakenNames {
    /// The name if it is free; otherwise with a number, e.g. `fetch_2`.
    fn free_name(&mut self, name: String) -> String {
        if self.names.insert(name.clone()) {
            return name;
        }
        let number = self.numbers.entry(name.clone()).or_insert(1);
        loop {
            *number += 1;
            let next = format!("{name}_{number}");
            if self.names.insert(next.clone()) {
                return next;
            }
        }
    }
}

/// Names the handles of a body after their tasks; later ones of a task have a number.
fn handle_names(pieces: &[ScriptPiece], names: &ScriptNames) -> BTreeMap<HandleId, String> {
    // A handle may share the name of a task, but not that of a resource.
    let mut taken = TakenNames {
        names: names.shared.iter().cloned().collect(),
        numbers: BTreeMap::new(),
    };
    let mut found = BTreeMap::new();
    super::piece::visit_pieces(pieces, &mut |piece| {
        if let PieceKind::Spawn(made, handle) | PieceKind::Send(made, handle) = piece.kind {
            found
                .entry(handle)
                .or_insert_with(|| taken.free_name(names.task(made).to_owned()));
        }
    });
    found
}

struct BodyWriter<'p> {
    names: &'p ScriptNames,
    tasks: &'p [ScriptTask],
    files: &'p [String],
    handles: BTreeMap<HandleId, String>,
}

impl BodyWriter<'_> {
    fn task(&mut self, task: &ScriptTask, made: TaskId, text: &mut String) {
        let header = if task.is_async { "async def" } else { "def" };
        let _ = write!(text, "{header} {}:", self.names.task(made));
        let nothing = empty_body(task);
        let pieces = if does_more_than_print(&task.pieces) || !task.pieces.is_empty() {
            &task.pieces
        } else {
            &nothing
        };
        // A `# ? line 7` comment needs a line of its own.
        let asked = super::piece::any_piece(pieces, |piece| piece.asked);
        match self.on_a_line(pieces).filter(|_| !asked) {
            Some(line) => {
                let _ = writeln!(text, " {line}");
            }
            None => {
                text.push('\n');
                self.write_lines(pieces, 1, text);
            }
        }
    }

    /// The body on one line, e.g. `cpu 3ms -> thread load`; `None` if it is too long or has a
    /// block other than an offload.
    fn on_a_line(&self, pieces: &[ScriptPiece]) -> Option<String> {
        if pieces.len() > SEGMENTS_ON_A_LINE {
            return None;
        }
        let mut words = Vec::new();
        for piece in pieces {
            words.push(match &piece.kind {
                PieceKind::Offload(pool, body) => match self.called_function(body) {
                    Some(name) => format!("{} {name}", pool.word()),
                    None => format!("{} ({})", pool.word(), self.on_a_line(body)?),
                },
                _ if piece.nested_pieces().next().is_some() => return None,
                _ => self.segment_text(piece),
            });
        }
        let line = words.join(" -> ");
        (line.chars().count() <= LINE_MAX).then_some(line)
    }

    /// The name of the function if the body only calls a `def` task.
    fn called_function(&self, body: &[ScriptPiece]) -> Option<&str> {
        match body {
            [piece] => match piece.kind {
                PieceKind::Call(made) if !self.tasks[made.0].is_async => {
                    Some(self.names.task(made))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn write_lines(&self, pieces: &[ScriptPiece], depth: usize, text: &mut String) {
        let indent = "    ".repeat(depth);
        for piece in pieces {
            let comment = if piece.asked {
                format!("  # ? {}", self.place(piece.line))
            } else {
                String::new()
            };
            let mut clause = |head: &str, body: &ScriptPieces, comment: &str| {
                let _ = writeln!(text, "{indent}{head}:{comment}");
                self.write_lines(body, depth + 1, text);
            };
            match &piece.kind {
                PieceKind::Offload(pool, body) => match self.called_function(body) {
                    Some(name) => {
                        let _ = writeln!(text, "{indent}{} {name}{comment}", pool.word());
                    }
                    None => clause(pool.word(), body, &comment),
                },
                PieceKind::Timeout(after, body, otherwise) => {
                    let word = if after.is_wait_for {
                        "wait_for"
                    } else {
                        "timeout"
                    };
                    let head = format!("{word} {}", length_text(after.length));
                    clause(&head, body, &comment);
                    if let Some(otherwise) = otherwise {
                        clause("else", otherwise, "");
                    }
                }
                PieceKind::Try {
                    body,
                    except,
                    finally,
                } => {
                    clause("try", body, &comment);
                    if let Some(except) = except {
                        clause("except", except, "");
                    }
                    if let Some(finally) = finally {
                        clause("finally", finally, "");
                    }
                }
                PieceKind::Group(body) => clause("group", body, &comment),
                PieceKind::AsCompleted(members, body) => {
                    let head = format!("as_completed {}", self.members_text(members));
                    clause(&head, body, &comment);
                }
                PieceKind::With(shared, body) => {
                    clause(
                        &format!("with {}", self.names.shared[shared.0]),
                        body,
                        &comment,
                    );
                }
                PieceKind::Repeat(count, body) => {
                    clause(&format!("repeat {count}"), body, &comment);
                }
                PieceKind::Forever(body) => clause("forever", body, &comment),
                _ => {
                    let _ = writeln!(text, "{indent}{}{comment}", self.segment_text(piece));
                }
            }
        }
    }

    /// The line in the Python text, e.g. `line 12`, or `app/db.py:12` in a project.
    fn place(&self, line: u32) -> String {
        let (module, line) = super::project::place_of(line);
        match self.files.get(module) {
            Some(file) => {
                let kept = file.chars().filter(|c| !c.is_control());
                format!("{}:{line}", kept.take(FILE_MAX).collect::<String>())
            }
            None => format!("line {line}"),
        }
    }

    /// A segment that has no block.
    fn segment_text(&self, piece: &ScriptPiece) -> String {
        let shared = |shared: &super::piece::ResourceId| &self.names.shared[shared.0];
        match &piece.kind {
            PieceKind::Cpu(time, label) => timed_text("cpu", *time, label.as_deref()),
            PieceKind::Await(time, label) => timed_text("await", *time, label.as_deref()),
            PieceKind::Block(time, label) => timed_text("block", *time, label.as_deref()),
            PieceKind::Call(made) => format!("call {}", self.names.task(*made)),
            PieceKind::Spawn(made, handle) => self.started_text("spawn", *made, *handle),
            PieceKind::Send(made, handle) => self.started_text("send", *made, *handle),
            PieceKind::Wait(handle) => format!("wait {}", self.handle_name(*handle)),
            PieceKind::Cancel(handle) => format!("cancel {}", self.handle_name(*handle)),
            PieceKind::Gather { mode, members } => {
                let word = match mode {
                    GatherMode::Plain => "gather",
                    GatherMode::All => "gather all",
                    GatherMode::First => "gather first",
                };
                format!("{word} {}", self.members_text(members))
            }
            PieceKind::Put(queue) => format!("put {}", shared(queue)),
            PieceKind::Get(queue) | PieceKind::GetNow(queue) => format!("get {}", shared(queue)),
            PieceKind::Shutdown(queue) => format!("shutdown {}", shared(queue)),
            PieceKind::Acquire(lock) => format!("acquire {}", shared(lock)),
            PieceKind::Release(lock) => format!("release {}", shared(lock)),
            PieceKind::Set(event) => format!("set {}", shared(event)),
            PieceKind::Clear(event) => format!("clear {}", shared(event)),
            PieceKind::WaitFor(found) => format!("wait {}", shared(found)),
            PieceKind::Notify(condition, 1) => format!("notify {}", shared(condition)),
            PieceKind::Notify(condition, count) => {
                format!("notify {} {}", shared(condition), bounded_size(*count))
            }
            PieceKind::Shield(made) => format!("shield {}", self.names.task(*made)),
            PieceKind::Limited(after, made) => {
                format!(
                    "wait_for {} {}",
                    length_text(*after),
                    self.names.task(*made)
                )
            }
            PieceKind::Respond => "respond".to_owned(),
            PieceKind::Print(text) => format!("print \"{}\"", label_text(text)),
            PieceKind::Fail(text) => format!("fail \"{}\"", label_text(text)),
            _ => "yield".to_owned(),
        }
    }

    /// The members of a `gather`, e.g. `f, 3 g`.
    fn members_text(&self, members: &[(u64, TaskId)]) -> String {
        let members = members.iter().map(|(count, made)| match count {
            1 => self.names.task(*made).to_owned(),
            count => format!("{count} {}", self.names.task(*made)),
        });
        members.collect::<Vec<_>>().join(", ")
    }

    fn started_text(&self, word: &str, made: TaskId, handle: HandleId) -> String {
        let task = self.names.task(made);
        let own = self.handle_name(handle);
        if own == task {
            format!("{word} {task}")
        } else {
            format!("{word} {task} as {own}")
        }
    }

    fn handle_name(&self, handle: HandleId) -> &str {
        self.handles.get(&handle).map_or("task", String::as_str)
    }
}

/// The shortest body, for a task without pieces: a body cannot be empty.
fn empty_body(task: &ScriptTask) -> ScriptPieces {
    let length = Length::Fixed(model::time::SimDuration::from_millis(1));
    let kind = if task.is_async {
        PieceKind::Yield
    } else {
        PieceKind::Cpu(length, None)
    };
    vec![ScriptPiece::new(task.line, kind)]
}

fn timed_text(verb: &str, time: Length, text: Option<&str>) -> String {
    match text {
        Some(text) => format!("{verb} {} \"{}\"", length_text(time), label_text(text)),
        None => format!("{verb} {}", length_text(time)),
    }
}

fn length_text(time: Length) -> String {
    match time {
        Length::Fixed(time) => time.to_string(),
        Length::Uniform { low, high } => format!("{low}..{high}"),
        Length::Exponential { mean } => format!("~{mean}"),
    }
}

/// Text that is safe between quotes.
fn label_text(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_control());
    let kept: String = kept.take(LABEL_MAX).collect();
    kept.replace('"', "'").replace('\\', "/")
}
