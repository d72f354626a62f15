//! Waits that only code outside of the script can end.
//!
//! A server waits for events that a callback sets, and for items that a worker of another program puts.
//! The script has only what the importer followed, so these waits would never end there. They become
//! waits of an assumed length; a script of which nothing was left out keeps them, since it may be a
//! deadlock.

use std::collections::BTreeSet;

use model::time::SimDuration;
use model::workload::Length;

use super::note::{Note, NoteKind};
use super::piece::{PieceKind, ResourceId, ScriptPiece, ScriptPieces, TaskId, visit_pieces};
use super::translate::{SharedKind, TranslatedProgram};
use super::write::mentioned_tasks;

/// Rounds of an endless loop over such waits.
const ROUNDS: u64 = 3;

/// What the tasks of a script do with its resources.
#[derive(Default)]
struct Uses {
    /// Events that are set, conditions that are notified, queues with a `put` or `shutdown`.
    fed: BTreeSet<ResourceId>,
    /// Queues with a `get`.
    read: BTreeSet<ResourceId>,
    /// Locks and semaphores that are released without a `with`.
    released: BTreeSet<ResourceId>,
}

/// Replaces the waits that nothing in the script ends.
pub(super) fn replace_open_waits(program: &mut TranslatedProgram, assumed: SimDuration) {
    if !is_partial(program) {
        return;
    }
    let reached = reached_tasks(program);
    let uses = uses_of(program, &reached);
    for made in reached {
        let pieces = std::mem::take(&mut program.tasks[made.0].pieces);
        let pieces = Replacement {
            program,
            uses: &uses,
            assumed,
        }
        .replace(pieces);
        program.tasks[made.0].pieces = pieces;
    }
}

/// Whether the program has parts that the script leaves out: other processes of a server, modules,
/// callbacks.
fn is_partial(program: &TranslatedProgram) -> bool {
    let is_left_out = |note: &Note| {
        matches!(
            note.kind,
            NoteKind::NotMapped { .. }
                | NoteKind::NotInThread
                | NoteKind::LeftBranch
                | NoteKind::LeftHandler
                | NoteKind::StartUp
        )
    };
    program.serves || !program.files.is_empty() || program.notes.iter().any(is_left_out)
}

fn reached_tasks(program: &TranslatedProgram) -> BTreeSet<TaskId> {
    let mut open: Vec<TaskId> = program.runs.iter().map(|(made, _)| *made).collect();
    let mut reached: BTreeSet<TaskId> = open.iter().copied().collect();
    while let Some(made) = open.pop() {
        visit_pieces(&program.tasks[made.0].pieces, &mut |piece| {
            let new = mentioned_tasks(piece).into_iter();
            open.extend(new.filter(|made| reached.insert(*made)));
        });
    }
    reached
}

fn uses_of(program: &TranslatedProgram, reached: &BTreeSet<TaskId>) -> Uses {
    let mut uses = Uses::default();
    for made in reached {
        visit_pieces(
            &program.tasks[made.0].pieces,
            &mut |piece| match &piece.kind {
                PieceKind::Set(shared)
                | PieceKind::Notify(shared, _)
                | PieceKind::Put(shared)
                | PieceKind::Shutdown(shared) => {
                    uses.fed.insert(*shared);
                }
                PieceKind::Get(shared) => {
                    uses.read.insert(*shared);
                }
                PieceKind::Release(shared) => {
                    uses.released.insert(*shared);
                }
                _ => {}
            },
        );
    }
    uses
}

struct Replacement<'p> {
    program: &'p mut TranslatedProgram,
    uses: &'p Uses,
    assumed: SimDuration,
}

impl Replacement<'_> {
    fn replace(&mut self, pieces: ScriptPieces) -> ScriptPieces {
        let mut kept = ScriptPieces::new();
        for mut piece in pieces {
            let line = piece.line;
            // An endless loop ended only by the wait itself.
            let is_endless = matches!(&piece.kind, PieceKind::Forever(body)
                if body.iter().any(|piece| self.is_open_wait(piece)));
            for inside in piece.nested_pieces_mut() {
                *inside = self.replace(std::mem::take(inside));
            }
            match piece.kind {
                PieceKind::Forever(body) if is_endless => {
                    self.push_note(line, NoteKind::AssumedRounds { rounds: ROUNDS });
                    kept.push(ScriptPiece {
                        line,
                        asked: true,
                        kind: PieceKind::Repeat(ROUNDS, body),
                    });
                }
                PieceKind::WaitFor(shared) | PieceKind::Get(shared)
                    if self.is_open_wait(&piece) =>
                {
                    kept.push(self.assumed_wait(line, shared));
                }
                // Another part of the program releases it, e.g. a callback.
                PieceKind::Acquire(shared) if !self.uses.released.contains(&shared) => {
                    let what = format!("{}.acquire", self.program.shared[shared.0].name);
                    self.push_note(line, NoteKind::NotMapped { what });
                }
                PieceKind::Put(shared) if self.fills_up(shared) => {
                    let what = format!("{}.put", self.program.shared[shared.0].name);
                    self.push_note(line, NoteKind::NotMapped { what });
                }
                _ => kept.push(piece),
            }
        }
        kept
    }

    fn is_open_wait(&self, piece: &ScriptPiece) -> bool {
        match piece.kind {
            PieceKind::WaitFor(shared) | PieceKind::Get(shared) => !self.uses.fed.contains(&shared),
            _ => false,
        }
    }

    /// Whether the queue has a limit, and nothing takes its items.
    fn fills_up(&self, queue: ResourceId) -> bool {
        let is_bounded = matches!(
            self.program.shared[queue.0].kind,
            SharedKind::Queue(Some(_))
        );
        is_bounded && !self.uses.read.contains(&queue)
    }

    fn assumed_wait(&mut self, line: u32, shared: ResourceId) -> ScriptPiece {
        let declared = &self.program.shared[shared.0];
        let method = match declared.kind {
            SharedKind::Queue(_) => "get",
            _ => "wait",
        };
        let call = format!("{}.{method}", declared.name);
        let length = self.assumed;
        self.push_note(
            line,
            NoteKind::Assumed {
                call: call.clone(),
                verb: "await",
                length,
            },
        );
        ScriptPiece {
            line,
            asked: true,
            kind: PieceKind::Await(Length::Fixed(length), Some(call)),
        }
    }

    fn push_note(&mut self, line: u32, kind: NoteKind) {
        let note = Note { line, kind };
        if !self.program.notes.contains(&note) {
            self.program.notes.push(note);
        }
    }
}
