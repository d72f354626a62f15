//! The entry points of a program.
//!
//! These are the handlers with their requests. Without handlers it is the main program, and
//! without one the functions that no other function calls.

use std::collections::BTreeSet;

use super::super::comments::StatedCount;
use super::super::note::{Note, NoteKind};
use super::super::piece::{
    self, HandleId, PieceKind, ResourceId, ScriptPiece, TaskId, does_more_than_print, takes_time,
};
use super::super::tree::{Stmt, StmtKind};
use super::super::value::Value;
use super::{Declared, ScriptTask, ThreadKind, Translator};

/// The translated program, from which the script is written.
#[derive(Debug)]
pub(crate) struct TranslatedProgram {
    pub(crate) tasks: Vec<ScriptTask>,
    /// The tasks to run, each with its count.
    pub(crate) runs: Vec<(TaskId, u64)>,
    pub(crate) shared: Vec<Declared>,
    /// Queues that no task reads; puts to them are left out.
    pub(crate) unread: Vec<ResourceId>,
    /// Tasks that a `gather first` or an `as_completed` starts. Their handles are not in the script.
    pub(crate) raced: BTreeSet<HandleId>,
    /// Whether the program has handlers. They are shown even if they take no time.
    pub(crate) serves: bool,
    pub(crate) executor: Option<u64>,
    /// Tokens of AnyIO's pool.
    pub(crate) pool: Option<u64>,
    pub(crate) eager: bool,
    pub(crate) has_own_threads: bool,
    pub(crate) processes: Option<u64>,
    pub(crate) notes: Vec<Note>,
    /// The files of a project; empty for a single text.
    pub(crate) files: Vec<String>,
}

pub(super) fn follow_program(
    t: &mut Translator<'_>,
    app: Option<(String, String)>,
) -> TranslatedProgram {
    let mut pieces = Vec::new();
    for (index, module) in t.modules.iter().enumerate() {
        t.current_frame().scope = index;
        let (own, _) = t.collect_pieces(|t| t.translate_block(&module.body));
        // An import runs once, before everything else; the program is what its entries do.
        if module.is_entry {
            pieces.extend(own);
        } else if takes_time(&own) {
            t.push_note(own[0].line, NoteKind::StartUp);
        }
    }
    if let Some((name, module)) = app {
        call_app_factory(t, &name, &module);
    }
    let requests = t.options.requests.max(1);
    t.follow_factories();
    let handlers = t.handler_tasks();
    let serves = !handlers.is_empty();
    let mut runs: Vec<(TaskId, u64)> = Vec::new();
    if !handlers.is_empty() {
        // Module-level work runs once before the server accepts requests.
        if takes_time(&pieces) {
            t.push_note(pieces[0].line, NoteKind::StartUp);
        }
        let lines: Vec<u32> = handlers.iter().map(|(_, line)| *line).collect();
        for (made, line) in handlers {
            if let Some(stated) = stated_requests(t, line, &lines) {
                runs.push((made, stated));
                continue;
            }
            let name = t.tasks[made.0].name.clone();
            t.push_note(line, NoteKind::AssumedRequests { name, requests });
            runs.push((made, requests));
        }
    } else if does_more_than_print(&pieces) {
        runs.push((main_task(t, pieces), 1));
    } else {
        for (index, module) in t.modules.iter().enumerate() {
            if module.is_entry {
                t.current_frame().scope = index;
                let uncalled = uncalled_functions(t, &module.body);
                runs.extend(uncalled.into_iter().map(|made| (made, 1)));
            }
        }
    }
    if !runs
        .iter()
        .any(|(made, _)| does_more_than_print(&t.tasks[made.0].pieces))
    {
        let kind = match runs.len() as u64 {
            handlers if serves => NoteKind::NothingKnown { handlers },
            _ => NoteKind::NothingFound,
        };
        t.push_note(1, kind);
    }
    // Not by `push_note`: the limit on notes is not for summaries.
    if let Some((line, count, first)) = t.elsewhere.summary() {
        let kind = NoteKind::Elsewhere {
            count,
            first,
            is_project: !t.module_of_name.is_empty(),
        };
        t.notes.push(Note { line, kind });
    }
    if let Some((line, count, first)) = t.free.summary() {
        let kind = NoteKind::FreeCalls { count, first };
        t.notes.push(Note { line, kind });
    }
    if t.more_notes > 0 {
        let kind = NoteKind::MoreNotes {
            count: t.more_notes,
        };
        t.notes.push(Note { line: 1, kind });
    }
    t.notes.sort_by_key(|note| note.line);
    // `task_done` without `join` has no effect.
    let unread = t.done.iter().map(|(_, done)| *done);
    let unread = unread.filter(|done| !t.joined.contains(done)).collect();
    TranslatedProgram {
        unread,
        raced: std::mem::take(&mut t.raced),
        serves,
        tasks: std::mem::take(&mut t.tasks),
        runs,
        shared: std::mem::take(&mut t.shared),
        executor: t.executor,
        pool: t.pool,
        eager: t.eager,
        has_own_threads: t.has_own_threads,
        processes: t.processes,
        notes: std::mem::take(&mut t.notes),
        files: Vec::new(),
    }
}

/// Calls the function that makes the application, e.g. `create_app`, and notes a missing name.
fn call_app_factory(t: &mut Translator, name: &str, module: &str) {
    let Some(module) = t.module_of_name.get(module).copied() else {
        return;
    };
    t.current_frame().scope = module;
    let value = t.name_in_module(module, name);
    match t.resolve_import(value) {
        called @ Value::Def(_) => {
            let line = t.modules[module].body.first().map_or(1, |stmt| stmt.line);
            let arguments = super::call::Arguments::default();
            let free = t.free.order.len();
            t.collect_pieces(|t| t.call_value(called, arguments, line));
            t.free.truncate(free);
        }
        Value::Missing(_) => {
            let line = t.modules[module].body.first().map_or(1, |stmt| stmt.line);
            let name = name.to_owned();
            t.push_note(line, NoteKind::NoApp { name });
        }
        _ => {}
    }
}

/// The number of requests that a comment states for the handler at this line. A comment in a function
/// belongs to the handler above it, one between functions to the next.
fn stated_requests(t: &Translator, line: u32, lines: &[u32]) -> Option<u64> {
    let belongs = |stated: &&StatedCount| {
        let above = lines.iter().filter(|line| **line <= stated.line).max();
        let below = lines.iter().filter(|line| **line > stated.line).min();
        let own = if stated.is_outside {
            below.or(above)
        } else {
            above.or(below)
        };
        own == Some(&line)
    };
    let found = t.stated.counts().iter().find(belongs);
    found.map(|stated| stated.count)
}

/// The task of the main program. If it is only `asyncio.run(main())`, that task is `main`.
fn main_task(t: &mut Translator, pieces: Vec<ScriptPiece>) -> TaskId {
    // Printing takes no time, so `print` next to `asyncio.run(main())` needs no task.
    let counting: Vec<&ScriptPiece> = pieces
        .iter()
        .filter(|piece| !matches!(piece.kind, PieceKind::Print(_)))
        .collect();
    if let [piece] = counting.as_slice()
        && let PieceKind::Call(made) = piece.kind
    {
        return made;
    }
    let line = pieces.first().map_or(1, |piece| piece.line);
    t.add_task(ScriptTask {
        name: "main".to_owned(),
        arguments: Vec::new(),
        is_async: true,
        pieces,
        line,
    })
}

/// The functions that no other function calls, for a program that starts nothing.
fn uncalled_functions<'t>(t: &mut Translator<'t>, body: &'t [Stmt<'t>]) -> Vec<TaskId> {
    let mut made: Vec<(usize, TaskId)> = Vec::new();
    let names = body.iter().filter_map(|stmt| match &stmt.kind {
        StmtKind::Def(def) => Some(def.name),
        _ => None,
    });
    for name in names {
        let Some(Value::Def(def)) = t.find_name(name).cloned() else {
            continue;
        };
        made.extend(task_of_function(t, def).map(|task| (def, task)));
    }
    if made.is_empty() {
        follow_methods(t, body, &mut made);
    }
    let mut called = vec![false; t.tasks.len()];
    for task in &t.tasks {
        piece::visit_pieces(&task.pieces, &mut |piece| {
            for named in super::super::write::mentioned_tasks(piece) {
                called[named.0] = true;
            }
        });
    }
    // A function may be called with other arguments, i.e. as another task.
    let is_called = |def: usize| {
        t.followed
            .iter()
            .any(|followed| followed.def == def && called[followed.made.0])
    };
    let free: Vec<TaskId> = made
        .iter()
        .filter(|(def, _)| !is_called(*def))
        .map(|(_, task)| *task)
        .collect();
    let counts = |task: &TaskId| does_more_than_print(&t.tasks[task.0].pieces);
    let busy: Vec<TaskId> = free.iter().copied().filter(counts).collect();
    if busy.is_empty() { free } else { busy }
}

fn task_of_function(t: &mut Translator, def: usize) -> Option<TaskId> {
    let definition = t.definitions[def];
    if definition.is_generator {
        return None;
    }
    let place = if definition.def.is_async {
        ThreadKind::Loop
    } else {
        ThreadKind::Thread
    };
    let given = definition.def.parameters.iter();
    let given = given
        .map(|parameter| {
            let value = t.parameter_of(definition, parameter);
            (parameter.name.to_owned(), value)
        })
        .collect();
    t.task_of_call(def, given, place).map(|(made, _)| made)
}

/// The methods of a module that has only classes.
fn follow_methods<'t>(
    t: &mut Translator<'t>,
    body: &'t [Stmt<'t>],
    made: &mut Vec<(usize, TaskId)>,
) {
    for stmt in body {
        let StmtKind::Class(class) = &stmt.kind else {
            continue;
        };
        let Some(value @ Value::Class(_)) = t.find_name(class.name).cloned() else {
            continue;
        };
        let Value::Instance(object) =
            t.call_value(value, super::call::Arguments::default(), stmt.line)
        else {
            continue;
        };
        for stmt in &class.body {
            let StmtKind::Def(def) = &stmt.kind else {
                continue;
            };
            // `__init__` ran when the object was made; no call names the other special methods.
            if def.name.starts_with("__") {
                continue;
            }
            let arguments = super::call::Arguments::default();
            let (_, value) =
                t.collect_pieces(|t| t.call_member(object, def.name, arguments, stmt.line));
            let own = t
                .followed
                .iter()
                .rev()
                .find(|followed| std::ptr::eq(t.definitions[followed.def].def, &**def));
            if let (Some(followed), false) = (own, value == Value::TaskGroup) {
                made.push((followed.def, followed.made));
            }
        }
    }
}
