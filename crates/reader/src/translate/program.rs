//! The entry points of a program.
//!
//! These are the handlers with their requests. Without handlers it is the main program, and
//! without one the functions that no other function calls.

use super::super::note::{Note, NoteKind};
use super::super::piece::{self, Made, Piece, PieceKind, Shared, matters, takes_time};
use super::super::tree::{Stmt, StmtKind};
use super::super::value::Value;
use super::{Declared, Place, Task, Translator};

/// The translated program, from which the script is written.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) tasks: Vec<Task>,
    /// The tasks to run, each with its count.
    pub(crate) runs: Vec<(Made, u64)>,
    pub(crate) shared: Vec<Declared>,
    /// Queues that no task reads; puts to them are left out.
    pub(crate) unread: Vec<Shared>,
    /// Whether the program has handlers. They are shown even if they take no time.
    pub(crate) serves: bool,
    pub(crate) executor: Option<u64>,
    pub(crate) has_own_threads: bool,
    pub(crate) processes: Option<u64>,
    pub(crate) notes: Vec<Note>,
}

pub(super) fn follow<'t>(t: &mut Translator<'t>, body: &'t [Stmt<'t>]) -> Program {
    let (pieces, _) = t.aside(|t| t.block(body));
    let requests = t.options.requests.max(1);
    let handlers = t.handlers();
    let serves = !handlers.is_empty();
    let mut runs: Vec<(Made, u64)> = Vec::new();
    if !handlers.is_empty() {
        // Module-level work runs once before the server accepts requests.
        if takes_time(&pieces) {
            t.note(pieces[0].line, NoteKind::StartUp);
        }
        for (made, line) in handlers {
            let name = t.tasks[made.0].name.clone();
            t.note(line, NoteKind::AssumedRequests { name, requests });
            runs.push((made, requests));
        }
    } else if matters(&pieces) {
        runs.push((main(t, pieces), 1));
    } else {
        runs.extend(uncalled(t, body).into_iter().map(|made| (made, 1)));
    }
    if !runs
        .iter()
        .any(|(made, _)| matters(&t.tasks[made.0].pieces))
    {
        t.note(1, NoteKind::NothingFound);
    }
    t.notes.sort_by_key(|note| note.line);
    // `task_done` without `join` has no effect.
    let unread = t.done.iter().map(|(_, done)| *done);
    let unread = unread.filter(|done| !t.joined.contains(done)).collect();
    Program {
        unread,
        serves,
        tasks: std::mem::take(&mut t.tasks),
        runs,
        shared: std::mem::take(&mut t.shared),
        executor: t.executor,
        has_own_threads: t.has_own_threads,
        processes: t.processes,
        notes: std::mem::take(&mut t.notes),
    }
}

/// The task of the main program. If it is only `asyncio.run(main())`, that task is `main`.
fn main(t: &mut Translator, pieces: Vec<Piece>) -> Made {
    // Printing takes no time, so `print` next to `asyncio.run(main())` needs no task.
    let counting: Vec<&Piece> = pieces
        .iter()
        .filter(|piece| !matches!(piece.kind, PieceKind::Print(_)))
        .collect();
    if let [piece] = counting.as_slice()
        && let PieceKind::Call(made) = piece.kind
    {
        return made;
    }
    let line = pieces.first().map_or(1, |piece| piece.line);
    t.task(Task {
        name: "main".to_owned(),
        arguments: Vec::new(),
        is_async: true,
        pieces,
        line,
    })
}

/// The functions that no other function calls, for a program that starts nothing.
fn uncalled<'t>(t: &mut Translator<'t>, body: &'t [Stmt<'t>]) -> Vec<Made> {
    let mut made: Vec<(usize, Made)> = Vec::new();
    let names = body.iter().filter_map(|stmt| match &stmt.kind {
        StmtKind::Def(def) => Some(def.name),
        _ => None,
    });
    for name in names {
        let Some(Value::Def(def)) = t.find(name).cloned() else {
            continue;
        };
        made.extend(alone(t, def).map(|task| (def, task)));
    }
    if made.is_empty() {
        methods(t, body, &mut made);
    }
    let mut called = vec![false; t.tasks.len()];
    for task in &t.tasks {
        piece::each(&task.pieces, &mut |piece| {
            for named in super::super::write::named(piece) {
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
    let free: Vec<Made> = made
        .iter()
        .filter(|(def, _)| !is_called(*def))
        .map(|(_, task)| *task)
        .collect();
    let counts = |task: &Made| matters(&t.tasks[task.0].pieces);
    let busy: Vec<Made> = free.iter().copied().filter(counts).collect();
    if busy.is_empty() { free } else { busy }
}

fn alone(t: &mut Translator, def: usize) -> Option<Made> {
    let definition = t.definitions[def];
    if definition.is_generator {
        return None;
    }
    let place = if definition.def.is_async {
        Place::Loop
    } else {
        Place::Thread
    };
    let given = definition.def.parameters.iter();
    let given = given
        .map(|parameter| {
            let value = t.parameter_of(definition, parameter);
            (parameter.name.to_owned(), value)
        })
        .collect();
    t.followed(def, given, place).map(|(made, _)| made)
}

/// The methods of a module that has only classes.
fn methods<'t>(t: &mut Translator<'t>, body: &'t [Stmt<'t>], made: &mut Vec<(usize, Made)>) {
    for stmt in body {
        let StmtKind::Class(class) = &stmt.kind else {
            continue;
        };
        let Some(value @ Value::Class(_)) = t.find(class.name).cloned() else {
            continue;
        };
        let Value::Instance(object) = t.called(value, super::call::Arguments::default(), stmt.line)
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
            let (_, value) = t.aside(|t| t.call_member(object, def.name, arguments, stmt.line));
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
