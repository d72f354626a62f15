//! Pieces as a person would have written them: what starts and is awaited at
//! once is gathered, what does nothing is gone.

use std::collections::BTreeSet;

use super::note::{Note, NoteKind};
use super::piece::{Handle, Made, Piece, PieceKind, Pieces, each, matters};
use super::translate::{Program, Task};
use super::write::named;

/// Blocks in blocks that a script may have, with room to spare.
const NESTING_MAX: usize = 40;
/// Instances that one `gather` starts at most.
const MEMBERS_MAX: u64 = 100_000;
/// Segments of all tasks together.
const PIECES_MAX: usize = 8_000;
/// Tasks that are written.
const TASKS_MAX: usize = 1_000;

/// Tidies every task that is reached from a run; in the order of the Python.
pub(super) fn tidy(program: &mut Program) -> Vec<Made> {
    let mut reached: BTreeSet<Made> = BTreeSet::new();
    let mut open: Vec<Made> = program.runs.iter().map(|(made, _)| *made).collect();
    let mut pieces_left = PIECES_MAX;
    while let Some(made) = open.pop() {
        if !reached.insert(made) {
            continue;
        }
        let pieces = std::mem::take(&mut program.tasks[made.0].pieces);
        let mut tidier = Tidier {
            program,
            started: BTreeSet::new(),
            cancelled: BTreeSet::new(),
            pieces_left: &mut pieces_left,
        };
        each(&pieces, &mut |piece| {
            if let PieceKind::Spawn(_, handle) | PieceKind::Send(_, handle) = piece.kind {
                tidier.started.insert(handle);
            }
        });
        let mut pieces = tidier.block(pieces, 0);
        if reached.len() > TASKS_MAX {
            pieces.clear();
        }
        each(&pieces, &mut |piece| open.extend(named(piece)));
        program.tasks[made.0].pieces = pieces;
    }
    let mut order: Vec<Made> = reached.into_iter().collect();
    order.sort_by_key(|made| (program.tasks[made.0].line, made.0));
    order
}

struct Tidier<'p> {
    program: &'p mut Program,
    /// Handles of this body.
    started: BTreeSet<Handle>,
    cancelled: BTreeSet<Handle>,
    pieces_left: &'p mut usize,
}

impl Tidier<'_> {
    fn block(&mut self, pieces: Pieces, depth: usize) -> Pieces {
        let mut kept = Pieces::new();
        for piece in self.gathered(pieces) {
            if *self.pieces_left == 0 {
                self.note(piece.line, NoteKind::TooMuch);
                break;
            }
            *self.pieces_left -= 1;
            self.piece(piece, depth, &mut kept);
        }
        kept
    }

    fn note(&mut self, line: u32, kind: NoteKind) {
        let note = Note { line, kind };
        if !self.program.notes.contains(&note) {
            self.program.notes.push(note);
        }
    }

    fn piece(&mut self, mut piece: Piece, depth: usize, kept: &mut Pieces) {
        for inside in piece.inside_mut() {
            *inside = self.block(std::mem::take(inside), depth + 1);
        }
        let line = piece.line;
        let nothing = || vec![Piece::new(line, PieceKind::Yield)];
        match &mut piece.kind {
            PieceKind::Handover => return,
            PieceKind::Put(queue) if self.program.unread.contains(queue) => return,
            PieceKind::Cancel(handle) if !self.started.contains(handle) => {
                let what = "cancel".to_owned();
                return self.note(line, NoteKind::NotMapped { what });
            }
            PieceKind::Cancel(handle) => {
                self.cancelled.insert(*handle);
            }
            PieceKind::Wait(handle) if self.cancelled.contains(handle) => return,
            PieceKind::Repeat(_, body) if only_waits(body) => {
                kept.append(body);
                return;
            }
            PieceKind::Wait(handle) if !self.started.contains(handle) => {
                let what = "await task".to_owned();
                return self.note(line, NoteKind::NotMapped { what });
            }
            PieceKind::Group(body) if !spawns(body) => {
                kept.append(body);
                return;
            }
            PieceKind::Timeout(_, body, _)
            | PieceKind::Repeat(_, body)
            | PieceKind::Forever(body)
            | PieceKind::Offload(_, body)
            | PieceKind::Group(body)
                if body.is_empty() =>
            {
                return;
            }
            PieceKind::With(_, body) if body.is_empty() => *body = nothing(),
            PieceKind::Timeout(_, _, Some(otherwise)) if otherwise.is_empty() => {
                otherwise.push(Piece::new(line, PieceKind::Print("too late".to_owned())));
            }
            PieceKind::Try {
                body,
                except,
                finally,
            } => {
                *except = except.take().filter(|except| !except.is_empty());
                *finally = finally.take().filter(|finally| !finally.is_empty());
                if body.is_empty() || (except.is_none() && finally.is_none()) {
                    kept.append(body);
                    kept.append(&mut finally.take().unwrap_or_default());
                    return;
                }
            }
            PieceKind::Gather { members, .. } => {
                members.retain(|(count, _)| *count > 0);
                if members.is_empty() {
                    return;
                }
                let mut left = MEMBERS_MAX;
                for (count, _) in members.iter_mut() {
                    *count = (*count).min(left).max(1);
                    left = left.saturating_sub(*count);
                }
            }
            _ => {}
        }
        if depth >= NESTING_MAX {
            // Too deep for a script: its parts stand in a row.
            let inner: Pieces = piece.inside().flatten().cloned().collect();
            if !inner.is_empty() {
                self.note(line, NoteKind::TooMuch);
                kept.extend(inner);
                return;
            }
        }
        kept.push(piece);
    }

    /// Tasks that are started in a row and awaited right behind are gathered.
    fn gathered(&mut self, pieces: Pieces) -> Pieces {
        let mut result = Pieces::new();
        let mut rest = pieces.as_slice();
        while let Some(first) = rest.first() {
            match run_of(rest) {
                Some((members, handles, length)) => {
                    let kind = PieceKind::Gather {
                        all: false,
                        members,
                    };
                    let asked = rest[..length].iter().any(|piece| piece.asked);
                    handles.iter().for_each(|handle| {
                        self.started.remove(handle);
                    });
                    result.push(Piece {
                        line: first.line,
                        asked,
                        kind,
                    });
                    rest = &rest[length..];
                }
                None => {
                    result.push(self.alone(first, &rest[1..]));
                    rest = &rest[1..];
                }
            }
        }
        result
    }

    /// Many tasks with one handle that is awaited later: one that gathers them.
    fn alone(&mut self, piece: &Piece, behind: &[Piece]) -> Piece {
        let PieceKind::Repeat(count, body) = &piece.kind else {
            return piece.clone();
        };
        let Some((made, handle)) = one_spawn(body) else {
            return piece.clone();
        };
        let mut waited = false;
        each(behind, &mut |piece| {
            waited |= matches!(waits(piece), Some(found) if found == handle)
        });
        if !waited {
            return piece.clone();
        }
        let name = format!("all_{}", self.program.tasks[made.0].name);
        let members = vec![(*count, made)];
        let all = false;
        self.program.tasks.push(Task {
            name,
            arguments: Vec::new(),
            is_async: true,
            pieces: vec![Piece::new(piece.line, PieceKind::Gather { all, members })],
            line: piece.line,
        });
        let made = Made(self.program.tasks.len() - 1);
        Piece {
            kind: PieceKind::Spawn(made, handle),
            ..piece.clone()
        }
    }
}

/// What several rounds do no more than one: the handle is the same.
fn only_waits(body: &[Piece]) -> bool {
    let waits = |piece: &Piece| matches!(piece.kind, PieceKind::Wait(_) | PieceKind::Cancel(_));
    !body.is_empty() && body.iter().all(waits)
}

fn spawns(body: &[Piece]) -> bool {
    body.iter().any(|piece| match &piece.kind {
        PieceKind::Spawn(..) => true,
        PieceKind::Repeat(_, body) | PieceKind::Forever(body) | PieceKind::With(_, body) => {
            spawns(body)
        }
        PieceKind::Try { body, .. } | PieceKind::Timeout(_, body, _) => spawns(body),
        _ => false,
    })
}

type Run = (Vec<(u64, Made)>, Vec<Handle>, usize);

/// Spawns, and behind them the waits for all of them: how many pieces these are.
fn run_of(pieces: &[Piece]) -> Option<Run> {
    let mut members: Vec<(u64, Made)> = Vec::new();
    let mut handles = Vec::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let (count, made, handle) = match &piece.kind {
            PieceKind::Spawn(made, handle) => (1, *made, *handle),
            PieceKind::Repeat(count, body) => match one_spawn(body) {
                Some((made, handle)) => (*count, made, handle),
                None => break,
            },
            PieceKind::Yield if at > 0 => {
                at += 1;
                continue;
            }
            _ => break,
        };
        match members.last_mut() {
            Some((before, last)) if *last == made => *before = before.saturating_add(count),
            _ => members.push((count, made)),
        }
        handles.push(handle);
        at += 1;
    }
    let mut open: BTreeSet<Handle> = handles.iter().copied().collect();
    if open.is_empty() {
        return None;
    }
    while let Some(handle) = pieces.get(at).and_then(waits) {
        open.remove(&handle);
        at += 1;
    }
    // A single task that is awaited at once is still a task of its own.
    (open.is_empty() && at > 1).then_some((members, handles, at))
}

fn one_spawn(body: &[Piece]) -> Option<(Made, Handle)> {
    let plain = |piece: &&Piece| piece.kind != PieceKind::Yield;
    let mut body = body.iter().filter(plain);
    let found = match body.next()?.kind {
        PieceKind::Spawn(made, handle) => (made, handle),
        _ => return None,
    };
    body.next().is_none().then_some(found)
}

fn waits(piece: &Piece) -> Option<Handle> {
    match &piece.kind {
        PieceKind::Wait(handle) => Some(*handle),
        PieceKind::Repeat(_, body) => match body.as_slice() {
            [piece] => waits(piece),
            _ => None,
        },
        _ => None,
    }
}

/// Whether there is anything to run.
pub(super) fn is_empty(program: &Program) -> bool {
    let mut runs = program.runs.iter();
    !program.serves && !runs.any(|(made, _)| matters(&program.tasks[made.0].pieces))
}
