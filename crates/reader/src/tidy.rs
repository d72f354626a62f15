//! The tidier: simplifies pieces to the form that a person would write.
//!
//! It merges `create_task` followed by `await` to `gather`, removes pieces without effect, and
//! cuts the program to the limits of a script. Names and layout are left to [`super::write`].

use std::collections::BTreeSet;

use super::note::{Note, NoteKind};
use super::piece::{
    GatherMode, HandleId, PieceKind, ScriptPiece, ScriptPieces, TaskId, does_more_than_print,
    visit_pieces,
};
use super::translate::{ScriptTask, TranslatedProgram};
use super::write::mentioned_tasks;

/// The greatest nesting of blocks; below the limit of scripts.
const NESTING_MAX: usize = 40;
/// Instances that one `gather` starts.
const MEMBERS_MAX: u64 = 100_000;
/// Rounds of a `repeat`, as in the script language.
const ROUNDS_MAX: u64 = 1_000_000_000_000;
/// Segments of all tasks together. A script has up to 10,000 lines, headers included.
pub(super) const PIECES_MAX: usize = 8_000;
/// Tasks of a script; each has a header and an empty line.
const TASKS_MAX: usize = 1_000;

/// Tidies every task that a run reaches, and cuts the pieces to `pieces_max`. Returns these
/// tasks in the order of the Python text.
pub(super) fn tidy(program: &mut TranslatedProgram, pieces_max: usize) -> Vec<TaskId> {
    cut_runs(program, TASKS_MAX.min(pieces_max));
    let mut open: Vec<TaskId> = program.runs.iter().map(|(made, _)| *made).collect();
    let mut reached: BTreeSet<TaskId> = open.iter().copied().collect();
    let mut admitted = reached.clone();
    let mut pieces_left = pieces_max;
    while let Some(made) = open.pop() {
        let pieces = std::mem::take(&mut program.tasks[made.0].pieces);
        let mut tidier = Tidier {
            program,
            started: BTreeSet::new(),
            waited: BTreeSet::new(),
            cancelled: BTreeSet::new(),
            pieces_left: &mut pieces_left,
            admitted: &mut admitted,
        };
        // Before any piece is changed: a spawn depends on the waits below it.
        visit_pieces(&pieces, &mut |piece| {
            tidier.waited.extend(awaited_handle(piece));
        });
        let pieces = tidier.tidy_block(pieces, 0);
        visit_pieces(&pieces, &mut |piece| {
            let new = mentioned_tasks(piece).into_iter();
            open.extend(new.filter(|made| reached.insert(*made)));
        });
        program.tasks[made.0].pieces = pieces;
    }
    let mut order: Vec<TaskId> = reached.into_iter().collect();
    order.sort_by_key(|made| (program.tasks[made.0].line, made.0));
    order
}

/// Drops all runs after the first `most`.
fn cut_runs(program: &mut TranslatedProgram, most: usize) {
    let Some((first, _)) = program.runs.get(most) else {
        return;
    };
    let line = program.tasks[first.0].line;
    let kind = NoteKind::TooMuch;
    program.runs.truncate(most);
    program.notes.push(Note { line, kind });
}

struct Tidier<'p> {
    program: &'p mut TranslatedProgram,
    /// The handles that the kept pieces above this one start, in the order of the text: a script
    /// refuses `wait h` and `cancel h` above the first `spawn` of `h`.
    started: BTreeSet<HandleId>,
    /// The handles that this body waits for.
    waited: BTreeSet<HandleId>,
    cancelled: BTreeSet<HandleId>,
    pieces_left: &'p mut usize,
    /// The tasks that fit into the script, over all bodies; some may turn out to be unused.
    admitted: &'p mut BTreeSet<TaskId>,
}

impl Tidier<'_> {
    fn tidy_block(&mut self, pieces: ScriptPieces, depth: usize) -> ScriptPieces {
        let mut kept = ScriptPieces::new();
        for piece in self.gather_spawns(pieces) {
            let Some(left) = self.pieces_left.checked_sub(lines_of(&piece)) else {
                *self.pieces_left = 0;
                self.push_note(piece.line, NoteKind::TooMuch);
                break;
            };
            *self.pieces_left = left;
            if !self.admit_piece(&piece) {
                self.push_note(piece.line, NoteKind::TooMuch);
                continue;
            }
            self.tidy_piece(piece, depth, &mut kept);
        }
        kept
    }

    /// Whether the tasks that a piece mentions fit into the script.
    fn admit_piece(&mut self, piece: &ScriptPiece) -> bool {
        let named = mentioned_tasks(piece);
        let new = named.iter().filter(|made| !self.admitted.contains(made));
        if self.admitted.len() + new.count() > TASKS_MAX {
            return false;
        }
        self.admitted.extend(named);
        true
    }

    fn push_note(&mut self, line: u32, kind: NoteKind) {
        let note = Note { line, kind };
        if !self.program.notes.contains(&note) {
            self.program.notes.push(note);
        }
    }

    /// Tidies the blocks of a piece in the order of the text.
    fn tidy_inside(&mut self, piece: &mut ScriptPiece, depth: usize) {
        let has_clause = matches!(
            piece.kind,
            PieceKind::Timeout(..)
                | PieceKind::Try {
                    except: Some(_),
                    ..
                }
        );
        let mut is_idle = false;
        for (index, inside) in piece.nested_pieces_mut().enumerate() {
            let block = std::mem::take(inside);
            // An empty body is never late and never fails, so no clause follows it. What the clause
            // starts must not count as started.
            if index == 1 && has_clause && is_idle {
                continue;
            }
            *inside = self.tidy_block(block, depth + 1);
            is_idle = index == 0 && inside.is_empty();
        }
    }

    fn tidy_piece(&mut self, mut piece: ScriptPiece, depth: usize, kept: &mut ScriptPieces) {
        self.tidy_inside(&mut piece, depth);
        let line = piece.line;
        let nothing = || vec![ScriptPiece::new(line, PieceKind::Yield)];
        if let PieceKind::Repeat(count, _) = &mut piece.kind {
            *count = (*count).min(ROUNDS_MAX);
        }
        match &mut piece.kind {
            PieceKind::Handover => return,
            // An item that no task reads would only fill the queue.
            PieceKind::Put(queue) if self.program.unread.contains(queue) => return,
            // The task of a race has ended or is cancelled.
            PieceKind::Cancel(handle) | PieceKind::Wait(handle)
                if self.program.raced.contains(handle) =>
            {
                return;
            }
            PieceKind::Spawn(_, handle) | PieceKind::Send(_, handle) => {
                self.started.insert(*handle);
            }
            // Not started, or further down: the handler of an expired `timeout` stands above the
            // rest of its `try`, and the body of a loop above the rest of its generator.
            PieceKind::Cancel(handle) if !self.started.contains(handle) => {
                let what = "cancel".to_owned();
                return self.push_note(line, NoteKind::NotMapped { what });
            }
            PieceKind::Cancel(handle) => {
                self.cancelled.insert(*handle);
            }
            // After `task.cancel()`, `await task` only collects the `CancelledError`.
            PieceKind::Wait(handle) if self.cancelled.contains(handle) => return,
            PieceKind::Repeat(_, body) if only_waits(body) => {
                kept.append(body);
                return;
            }
            PieceKind::Wait(handle) if !self.started.contains(handle) => {
                let what = "await task".to_owned();
                return self.push_note(line, NoteKind::NotMapped { what });
            }
            // A group without tasks waits for nothing, e.g. a pool that only maps.
            PieceKind::Group(body) if !contains_spawn(body) => {
                kept.append(body);
                return;
            }
            // Without a body nothing is ever late.
            PieceKind::Timeout(_, body, _) if body.is_empty() => return,
            PieceKind::Repeat(_, body)
            | PieceKind::Forever(body)
            | PieceKind::Offload(_, body)
            | PieceKind::Group(body)
                if body.is_empty() =>
            {
                return;
            }
            // Entering the lock can still wait, so the block stays.
            PieceKind::With(_, body) if body.is_empty() => *body = nothing(),
            PieceKind::Timeout(_, _, Some(otherwise)) if otherwise.is_empty() => {
                otherwise.push(ScriptPiece::new(
                    line,
                    PieceKind::Print("too late".to_owned()),
                ));
            }
            PieceKind::Try {
                body,
                except,
                finally,
            } => {
                *except = except.take().filter(|except| !except.is_empty());
                *finally = finally.take().filter(|finally| !finally.is_empty());
                // Nothing can fail, or no clause is left: the `try` is superfluous.
                if body.is_empty() || (except.is_none() && finally.is_none()) {
                    kept.append(body);
                    kept.append(&mut finally.take().unwrap_or_default());
                    return;
                }
            }
            PieceKind::AsCompleted(members, body) if body.is_empty() => {
                limit_members(members);
                let members = std::mem::take(members);
                piece.kind = PieceKind::Gather {
                    mode: GatherMode::Plain,
                    members,
                };
            }
            PieceKind::Gather { members, .. } | PieceKind::AsCompleted(members, _) => {
                limit_members(members);
                if members.is_empty() {
                    return;
                }
            }
            _ => {}
        }
        if depth >= NESTING_MAX {
            // The block exceeds the nesting of a script, so its parts replace it.
            let inner: ScriptPieces = piece.nested_pieces().flatten().cloned().collect();
            if !inner.is_empty() {
                self.push_note(line, NoteKind::TooDeep);
                kept.extend(inner);
                return;
            }
        }
        kept.push(piece);
    }

    /// Replaces consecutive spawns and the waits directly after them with one `gather`.
    fn gather_spawns(&mut self, pieces: ScriptPieces) -> ScriptPieces {
        let mut result = ScriptPieces::new();
        let mut rest = pieces.as_slice();
        while let Some(piece) = rest.first() {
            let Some(run) = run_of(rest) else {
                result.push(self.spawn_gathered(piece));
                rest = &rest[1..];
                continue;
            };
            let (before, behind) = rest.split_at(run.first);
            result.extend(before.iter().map(|piece| self.spawn_gathered(piece)));
            if run.first < run.end {
                result.push(Self::gather_piece(
                    &behind[..run.end - run.first],
                    &rest[run.end..run.over],
                ));
            }
            rest = &rest[run.over..];
        }
        result
    }

    /// One `gather` for these spawns and waits.
    fn gather_piece(spawns: &[ScriptPiece], waits: &[ScriptPiece]) -> ScriptPiece {
        let mut members: Vec<(u64, TaskId)> = Vec::new();
        // The `gather` has no handles, so a second wait for one has no counterpart.
        for (count, made, _) in spawns.iter().filter_map(started_task) {
            match members.last_mut() {
                Some((before, last)) if *last == made => *before = before.saturating_add(count),
                _ => members.push((count, made)),
            }
        }
        ScriptPiece {
            line: spawns[0].line,
            asked: spawns.iter().chain(waits).any(|piece| piece.asked),
            kind: PieceKind::Gather {
                mode: GatherMode::Plain,
                members,
            },
        }
    }

    /// Replaces many spawns under one handle that is awaited later, which a script cannot
    /// express, with the spawn of a task that gathers them.
    fn spawn_gathered(&mut self, piece: &ScriptPiece) -> ScriptPiece {
        let PieceKind::Repeat(count, body) = &piece.kind else {
            return piece.clone();
        };
        let Some((made, handle)) = one_spawn(body) else {
            return piece.clone();
        };
        if !self.waited.contains(&handle) {
            return piece.clone();
        }
        let name = format!("all_{}", self.program.tasks[made.0].name);
        let members = vec![(*count, made)];
        let mode = GatherMode::Plain;
        self.program.tasks.push(ScriptTask {
            name,
            arguments: Vec::new(),
            is_async: true,
            pieces: vec![ScriptPiece::new(
                piece.line,
                PieceKind::Gather { mode, members },
            )],
            line: piece.line,
        });
        let made = TaskId(self.program.tasks.len() - 1);
        ScriptPiece {
            kind: PieceKind::Spawn(made, handle),
            ..piece.clone()
        }
    }
}

/// Removes members without instances, and limits the number of instances.
fn limit_members(members: &mut Vec<(u64, TaskId)>) {
    members.retain(|(count, _)| *count > 0);
    let mut left = MEMBERS_MAX;
    for (count, _) in members.iter_mut() {
        // Each member keeps at least one instance, so that no task disappears.
        *count = (*count).min(left).max(1);
        left = left.saturating_sub(*count);
    }
}

/// The number of lines of the piece, without the lines of its blocks.
fn lines_of(piece: &ScriptPiece) -> usize {
    piece.nested_pieces().count().max(1)
}

/// Whether repeating the body has no further effect: all rounds wait for one handle.
fn only_waits(body: &[ScriptPiece]) -> bool {
    let waits =
        |piece: &ScriptPiece| matches!(piece.kind, PieceKind::Wait(_) | PieceKind::Cancel(_));
    !body.is_empty() && body.iter().all(waits)
}

fn contains_spawn(body: &[ScriptPiece]) -> bool {
    body.iter().any(|piece| match &piece.kind {
        PieceKind::Spawn(..) => true,
        PieceKind::Repeat(_, body) | PieceKind::Forever(body) | PieceKind::With(_, body) => {
            contains_spawn(body)
        }
        PieceKind::Try { body, .. } | PieceKind::Timeout(_, body, _) => contains_spawn(body),
        _ => false,
    })
}

/// Consecutive spawns and the waits after them, as indexes.
struct SpawnRun {
    /// The first spawn of those at the end that are all waited for; `end` if there is none.
    first: usize,
    /// The end of the spawns.
    end: usize,
    /// The end of the waits.
    over: usize,
}

/// The run at the beginning of these pieces. Takes linear time, however long the run is.
fn run_of(pieces: &[ScriptPiece]) -> Option<SpawnRun> {
    let in_run =
        |piece: &&ScriptPiece| started_task(piece).is_some() || piece.kind == PieceKind::Yield;
    started_task(pieces.first()?)?;
    let end = pieces.iter().take_while(in_run).count();
    let waited: BTreeSet<HandleId> = pieces[end..].iter().map_while(awaited_handle).collect();
    let is_waited =
        |piece: &ScriptPiece| started_task(piece).is_none_or(|(.., own)| waited.contains(&own));
    let awaited = pieces[..end]
        .iter()
        .rev()
        .take_while(|piece| is_waited(piece));
    let mut first = end - awaited.count();
    while first < end && pieces[first].kind == PieceKind::Yield {
        first += 1;
    }
    let over = if first < end {
        end + pieces[end..].iter().map_while(awaited_handle).count()
    } else {
        end
    };
    Some(SpawnRun { first, end, over })
}

/// The count, the task and the handle of a spawn, or of a loop that only spawns.
pub(super) fn started_task(piece: &ScriptPiece) -> Option<(u64, TaskId, HandleId)> {
    match &piece.kind {
        PieceKind::Spawn(made, handle) => Some((1, *made, *handle)),
        PieceKind::Repeat(count, body) => {
            let (made, handle) = one_spawn(body)?;
            Some((*count, made, handle))
        }
        _ => None,
    }
}

fn one_spawn(body: &[ScriptPiece]) -> Option<(TaskId, HandleId)> {
    let plain = |piece: &&ScriptPiece| piece.kind != PieceKind::Yield;
    let mut body = body.iter().filter(plain);
    let found = match body.next()?.kind {
        PieceKind::Spawn(made, handle) => (made, handle),
        _ => return None,
    };
    body.next().is_none().then_some(found)
}

fn awaited_handle(piece: &ScriptPiece) -> Option<HandleId> {
    match &piece.kind {
        PieceKind::Wait(handle) => Some(*handle),
        PieceKind::Repeat(_, body) => match body.as_slice() {
            [piece] => awaited_handle(piece),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the program has nothing to run.
pub(super) fn is_empty(program: &TranslatedProgram) -> bool {
    let mut runs = program.runs.iter();
    !program.serves && !runs.any(|(made, _)| does_more_than_print(&program.tasks[made.0].pieces))
}
