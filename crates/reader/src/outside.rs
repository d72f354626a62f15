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

/// Calls that one search for locks follows.
const SEARCHED_MAX: usize = 10_000;

/// What the tasks of a script do with its resources.
#[derive(Default)]
struct Uses {
    /// Events that are set, conditions that are notified, queues with a `put` or `shutdown`.
    fed: BTreeSet<ResourceId>,
    /// Queues with a `get`.
    read: BTreeSet<ResourceId>,
    /// Locks and semaphores that a run takes without a `with` and that nothing it waits for or starts
    /// gives back; and locks that it takes twice.
    kept: BTreeSet<ResourceId>,
    /// The tasks that a run waits for: their endless loops would keep it from ending.
    awaited: BTreeSet<TaskId>,
}

/// Replaces the waits that nothing in the script ends.
pub(super) fn replace_open_waits(program: &mut TranslatedProgram, assumed: SimDuration) {
    if !is_partial(program) {
        return;
    }
    let runs: Vec<TaskId> = program.runs.iter().map(|(made, _)| *made).collect();
    let reached = reached_tasks(program, &runs, false);
    let mut uses = uses_of(program, &reached);
    for run in &runs {
        let own = reached_tasks(program, std::slice::from_ref(run), false);
        uses.kept.extend(kept_by(program, &own));
        let mut search = HeldLocks {
            program,
            twice: BTreeSet::new(),
            seen: BTreeSet::new(),
        };
        search.follow(*run, &mut Vec::new());
        uses.kept.extend(search.twice);
    }
    if program.serves {
        uses.awaited = reached_tasks(program, &runs, true);
    }
    for made in reached {
        let pieces = std::mem::take(&mut program.tasks[made.0].pieces);
        let is_awaited = uses.awaited.contains(&made);
        let pieces = Replacement {
            program,
            uses: &uses,
            assumed,
            is_awaited,
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

/// The tasks that these start or call. With `awaited_only`, started tasks do not count.
fn reached_tasks(
    program: &TranslatedProgram,
    from: &[TaskId],
    awaited_only: bool,
) -> BTreeSet<TaskId> {
    let mut open = from.to_vec();
    let mut reached: BTreeSet<TaskId> = open.iter().copied().collect();
    while let Some(made) = open.pop() {
        visit_pieces(&program.tasks[made.0].pieces, &mut |piece| {
            if awaited_only && matches!(piece.kind, PieceKind::Spawn(..) | PieceKind::Send(..)) {
                return;
            }
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
                _ => {}
            },
        );
    }
    uses
}

/// The locks and semaphores that these tasks take and do not give back.
fn kept_by(program: &TranslatedProgram, tasks: &BTreeSet<TaskId>) -> BTreeSet<ResourceId> {
    let (mut taken, mut given) = (BTreeSet::new(), BTreeSet::new());
    for made in tasks {
        visit_pieces(
            &program.tasks[made.0].pieces,
            &mut |piece| match piece.kind {
                PieceKind::Acquire(shared) => {
                    taken.insert(shared);
                }
                PieceKind::Release(shared) => {
                    given.insert(shared);
                }
                _ => {}
            },
        );
    }
    taken.difference(&given).copied().collect()
}

/// The search for locks that a task takes while it holds them.
struct HeldLocks<'p> {
    program: &'p TranslatedProgram,
    twice: BTreeSet<ResourceId>,
    /// The tasks that were followed, each with the locks held at its call.
    seen: BTreeSet<(TaskId, Vec<ResourceId>)>,
}

impl HeldLocks<'_> {
    fn follow(&mut self, made: TaskId, held: &mut Vec<ResourceId>) {
        // Sixteen locks inside each other are more than any realistic program holds.
        if held.len() < 16
            && self.seen.len() < SEARCHED_MAX
            && self.seen.insert((made, held.clone()))
        {
            let count = held.len();
            let program = self.program;
            self.follow_block(&program.tasks[made.0].pieces, held);
            held.truncate(count);
        }
    }

    fn follow_block(&mut self, pieces: &[ScriptPiece], held: &mut Vec<ResourceId>) {
        for piece in pieces {
            match &piece.kind {
                PieceKind::Acquire(shared) => self.take(*shared, held),
                PieceKind::Release(shared) => held.retain(|lock| lock != shared),
                PieceKind::With(shared, body) => {
                    self.take(*shared, held);
                    self.follow_block(body, held);
                    held.retain(|lock| lock != shared);
                }
                PieceKind::Call(made) => self.follow(*made, held),
                _ => {
                    for body in piece.nested_pieces() {
                        self.follow_block(body, held);
                    }
                }
            }
        }
    }

    fn take(&mut self, shared: ResourceId, held: &mut Vec<ResourceId>) {
        if !matches!(self.program.shared[shared.0].kind, SharedKind::Lock) {
            return;
        }
        if held.contains(&shared) {
            self.twice.insert(shared);
        } else {
            held.push(shared);
        }
    }
}

struct Replacement<'p> {
    program: &'p mut TranslatedProgram,
    uses: &'p Uses,
    assumed: SimDuration,
    /// Whether a run waits for the task.
    is_awaited: bool,
}

impl Replacement<'_> {
    fn replace(&mut self, pieces: ScriptPieces) -> ScriptPieces {
        let mut kept = ScriptPieces::new();
        for mut piece in pieces {
            let line = piece.line;
            // An endless loop that only its wait ends, e.g. by a client that goes away.
            let is_endless = matches!(&piece.kind, PieceKind::Forever(body)
                if self.is_awaited || body.iter().any(|piece| self.is_open_wait(piece)));
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
                PieceKind::GetNow(_) if self.program.serves => {}
                // Held already, so a condition that the importer cannot decide prevents this one.
                PieceKind::With(shared, body) if self.uses.kept.contains(&shared) => {
                    let what = format!("with {}", self.program.shared[shared.0].name);
                    self.push_note(line, NoteKind::NotMapped { what });
                    kept.extend(body);
                }
                // Another part of the program releases it, e.g. a callback.
                PieceKind::Release(shared) if self.uses.kept.contains(&shared) => {}
                PieceKind::Acquire(shared) if self.uses.kept.contains(&shared) => {
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
