//! Pieces: the segments of a script before it has names.
//!
//! Tasks, handles and resources are numbers here; [`super::write`] names them.

use model::time::SimDuration;
use model::workload::Length;

/// A task of the script, as an index into the translator's tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TaskId(pub(super) usize);

/// A handle of a started task. Each `create_task` in the text has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HandleId(pub(super) usize);

/// A queue, lock, semaphore, event or condition, as an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ResourceId(pub(super) usize);

/// The pool of offloaded work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PoolKind {
    Thread,
    Executor,
    Process,
}

impl PoolKind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Thread => "thread",
            Self::Executor => "executor",
            Self::Process => "process",
        }
    }
}

/// The greatest nesting of pieces. It exceeds the limit of [`super::tidy`], which also removes
/// blocks. Walking and dropping pieces recurses once per level.
pub(super) const NESTING_MAX: usize = 64;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct ScriptPiece {
    /// The line in the Python text.
    pub(super) line: u32,
    /// Whether the length or the count is a guess; the script marks it with `# ?`.
    pub(super) asked: bool,
    pub(super) kind: PieceKind,
}

pub(super) type ScriptPieces = Vec<ScriptPiece>;

/// What ends a `gather`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum GatherMode {
    /// All members, or the first error.
    #[default]
    Plain,
    /// All members (`return_exceptions=True`).
    All,
    /// The first member; the others are cancelled.
    First,
}

/// A time limit of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TimeLimit {
    pub(super) length: Length,
    /// Whether it is `asyncio.wait_for`, which makes a task of the block before Python 3.12.
    pub(super) is_wait_for: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum PieceKind {
    Cpu(Length, Option<String>),
    Await(Length, Option<String>),
    Block(Length, Option<String>),
    Yield,
    Call(TaskId),
    Spawn(TaskId, HandleId),
    Wait(HandleId),
    Cancel(HandleId),
    Gather {
        mode: GatherMode,
        members: Vec<(u64, TaskId)>,
    },
    /// `for task in as_completed(…)`: the block runs each time that a member has ended.
    AsCompleted(Vec<(u64, TaskId)>, ScriptPieces),
    Group(ScriptPieces),
    Offload(PoolKind, ScriptPieces),
    Send(TaskId, HandleId),
    Put(ResourceId),
    Get(ResourceId),
    /// `queue.get_nowait()`, which never waits; a script can only write it as `get`.
    GetNow(ResourceId),
    /// `queue.shutdown()`
    Shutdown(ResourceId),
    With(ResourceId, ScriptPieces),
    Acquire(ResourceId),
    Release(ResourceId),
    Set(ResourceId),
    Clear(ResourceId),
    WaitFor(ResourceId),
    Notify(ResourceId, u64),
    Shield(TaskId),
    /// `wait_for`: the limit and the task.
    Limited(Length, TaskId),
    Respond,
    Print(String),
    /// The limit, the body, and the pieces that run if the limit is over.
    Timeout(TimeLimit, ScriptPieces, Option<ScriptPieces>),
    Try {
        body: ScriptPieces,
        except: Option<ScriptPieces>,
        finally: Option<ScriptPieces>,
    },
    Fail(String),
    Repeat(u64, ScriptPieces),
    Forever(ScriptPieces),
    /// The `yield` of a generator. A placeholder: it is never written.
    Handover,
}

/// The blocks inside a piece; one list for `&` and `&mut`.
macro_rules! nested_pieces {
    ($kind:expr, $as_ref:ident) => {{
        use PieceKind::*;
        let found = match $kind {
            Group(body)
            | Offload(_, body)
            | With(_, body)
            | Repeat(_, body)
            | Forever(body)
            | AsCompleted(_, body) => [Some(body), None, None],
            Timeout(_, body, otherwise) => [Some(body), otherwise.$as_ref(), None],
            Try {
                body,
                except,
                finally,
            } => [Some(body), except.$as_ref(), finally.$as_ref()],
            _ => [None, None, None],
        };
        found.into_iter().flatten()
    }};
}

impl ScriptPiece {
    pub(super) fn new(line: u32, kind: PieceKind) -> Self {
        Self {
            line,
            asked: false,
            kind,
        }
    }

    /// The blocks inside the piece, in the order of the text.
    pub(super) fn nested_pieces(&self) -> impl Iterator<Item = &ScriptPieces> {
        nested_pieces!(&self.kind, as_ref)
    }

    pub(super) fn nested_pieces_mut(&mut self) -> impl Iterator<Item = &mut ScriptPieces> {
        nested_pieces!(&mut self.kind, as_mut)
    }

    fn into_nested_pieces(mut self) -> impl Iterator<Item = ScriptPieces> {
        let inside: Vec<ScriptPieces> = self.nested_pieces_mut().map(std::mem::take).collect();
        inside.into_iter()
    }

    /// Whether a `def` task of a script can contain the piece.
    fn is_for_threads(&self) -> bool {
        use PieceKind::*;
        matches!(
            self.kind,
            Cpu(..)
                | Block(..)
                | Call(_)
                | Print(_)
                | Try { .. }
                | Fail(_)
                | Repeat(..)
                | Forever(_)
                | Respond
                | Handover
        )
    }
}

/// The number of pieces, with nested ones; `None` if they nest too deeply.
pub(super) fn weight(pieces: &[ScriptPiece]) -> Option<usize> {
    weight_within(pieces, NESTING_MAX)
}

fn weight_within(pieces: &[ScriptPiece], levels: usize) -> Option<usize> {
    let mut sum = pieces.len();
    for inside in pieces.iter().flat_map(ScriptPiece::nested_pieces) {
        sum += weight_within(inside, levels.checked_sub(1)?)?;
    }
    Some(sum)
}

/// Limits the nesting, and returns whether any piece exceeded it. The parts of such a piece
/// replace it, one after another.
pub(super) fn limit_nesting(pieces: ScriptPieces) -> (ScriptPieces, bool) {
    if weight(&pieces).is_some() {
        return (pieces, false);
    }
    let mut result = ScriptPieces::new();
    for piece in pieces {
        match weight(std::slice::from_ref(&piece)) {
            Some(_) => result.push(piece),
            None => piece
                .into_nested_pieces()
                .for_each(|inside| result.extend(limit_nesting(inside).0)),
        }
    }
    (result, true)
}

/// Visits every piece, with nested ones.
pub(super) fn visit_pieces<'p>(pieces: &'p [ScriptPiece], visit: &mut dyn FnMut(&'p ScriptPiece)) {
    for piece in pieces {
        visit(piece);
        for inside in piece.nested_pieces() {
            visit_pieces(inside, visit);
        }
    }
}

pub(super) fn any_piece(pieces: &[ScriptPiece], wanted: impl Fn(&ScriptPiece) -> bool) -> bool {
    let mut found = false;
    visit_pieces(pieces, &mut |piece| found |= wanted(piece));
    found
}

/// Whether the pieces do more than print.
pub(super) fn does_more_than_print(pieces: &[ScriptPiece]) -> bool {
    any_piece(pieces, |piece| {
        !matches!(piece.kind, PieceKind::Print(_) | PieceKind::Handover)
    })
}

pub(super) fn needs_loop(pieces: &[ScriptPiece]) -> bool {
    any_piece(pieces, |piece| !piece.is_for_threads())
}

/// Whether any piece takes time or can wait for another task. Loops count by their bodies.
pub(super) fn takes_time(pieces: &[ScriptPiece]) -> bool {
    use PieceKind::*;
    any_piece(pieces, |piece| {
        !matches!(
            piece.kind,
            Print(_)
                | Fail(_)
                | Spawn(..)
                | Set(_)
                | Clear(_)
                | Notify(..)
                | Release(_)
                | Put(_)
                | Shutdown(_)
                | Yield
                | Handover
                | Respond
                | Send(..)
                | Cancel(_)
                | Repeat(..)
                | Forever(_)
        )
    })
}

/// Whether two bodies are equal except for lines and handles.
pub(super) fn are_alike(left: &[ScriptPiece], right: &[ScriptPiece]) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .all(|(left, right)| is_alike(left, right))
}

fn is_alike(left: &ScriptPiece, right: &ScriptPiece) -> bool {
    use PieceKind::*;
    let both = |left: &Option<ScriptPieces>, right: &Option<ScriptPieces>| match (left, right) {
        (Some(left), Some(right)) => are_alike(left, right),
        (None, None) => true,
        _ => false,
    };
    left.asked == right.asked
        && match (&left.kind, &right.kind) {
            (Spawn(left, _), Spawn(right, _)) | (Send(left, _), Send(right, _)) => left == right,
            (Wait(_), Wait(_)) | (Cancel(_), Cancel(_)) => true,
            (Group(left), Group(right)) | (Forever(left), Forever(right)) => are_alike(left, right),
            (Offload(pool, left), Offload(other, right)) => pool == other && are_alike(left, right),
            (AsCompleted(members, left), AsCompleted(others, right)) => {
                members == others && are_alike(left, right)
            }
            (With(shared, left), With(other, right)) => shared == other && are_alike(left, right),
            (Repeat(count, left), Repeat(other, right)) => count == other && are_alike(left, right),
            (Timeout(after, left, late), Timeout(other, right, too_late)) => {
                after == other && are_alike(left, right) && both(late, too_late)
            }
            (
                Try {
                    body,
                    except,
                    finally,
                },
                Try {
                    body: other_body,
                    except: other_except,
                    finally: other_finally,
                },
            ) => {
                are_alike(body, other_body)
                    && both(except, other_except)
                    && both(finally, other_finally)
            }
            (left, right) => left == right,
        }
}

/// Adapts pieces to a thread: an `await` becomes a `block`, and the rest that a thread cannot
/// do is removed. Returns the lines of removed pieces.
pub(super) fn for_threads(pieces: &mut ScriptPieces) -> Vec<u32> {
    let mut lost = Vec::new();
    let mut kept = ScriptPieces::new();
    for mut piece in std::mem::take(pieces) {
        for inside in piece.nested_pieces_mut() {
            lost.extend(for_threads(inside));
        }
        match piece.kind {
            _ if piece.is_for_threads() => kept.push(piece),
            PieceKind::Await(length, label) => kept.push(ScriptPiece {
                kind: PieceKind::Block(length, label),
                ..piece
            }),
            // The body still takes its time, without the lock or group around it.
            PieceKind::With(_, body) | PieceKind::Group(body) => {
                lost.push(piece.line);
                kept.extend(body);
            }
            // The work is on a thread already, so no other thread is needed.
            PieceKind::Offload(PoolKind::Thread | PoolKind::Executor, body) => {
                lost.push(piece.line);
                kept.extend(body);
            }
            _ => lost.push(piece.line),
        }
    }
    *pieces = kept;
    lost
}

/// Splits the pieces of a generator at its first `yield`.
pub(super) fn split_at_yield(pieces: ScriptPieces) -> (ScriptPieces, ScriptPieces) {
    let is_handover = |piece: &ScriptPiece| {
        piece.kind == PieceKind::Handover
            || any_piece(std::slice::from_ref(piece), |p| {
                p.kind == PieceKind::Handover
            })
    };
    let Some(at) = pieces.iter().position(is_handover) else {
        return (pieces, ScriptPieces::new());
    };
    let mut before = pieces;
    let mut after = before.split_off(at);
    match after.remove(0).kind {
        // The generator of a context manager often yields inside `try`; its `finally` runs
        // after the body of the `with`.
        PieceKind::Try { body, finally, .. } => {
            let (first, rest) = split_at_yield(body);
            before.extend(first);
            after.splice(0..0, rest.into_iter().chain(finally.unwrap_or_default()));
        }
        PieceKind::With(_, body) | PieceKind::Repeat(_, body) | PieceKind::Forever(body) => {
            let (first, rest) = split_at_yield(body);
            before.extend(first);
            after.splice(0..0, rest);
        }
        _ => {}
    }
    (before, after)
}

/// The number of `yield`s.
pub(super) fn count_yields(pieces: &[ScriptPiece]) -> usize {
    let mut count = 0;
    visit_pieces(pieces, &mut |piece| {
        count += usize::from(piece.kind == PieceKind::Handover);
    });
    count
}

/// Replaces each `yield` with the body of the loop over the generator.
pub(super) fn hand_over(pieces: ScriptPieces, body: &[ScriptPiece]) -> ScriptPieces {
    let mut result = ScriptPieces::new();
    for mut piece in pieces {
        if piece.kind == PieceKind::Handover {
            result.extend_from_slice(body);
            continue;
        }
        for inside in piece.nested_pieces_mut() {
            *inside = hand_over(std::mem::take(inside), body);
        }
        result.push(piece);
    }
    result
}

/// Seconds as a duration, clamped to the range of a script (at most a day), e.g. -1 → 0.
pub(super) fn seconds(seconds: f64) -> SimDuration {
    let most = model::limits::DURATION_MAX;
    let nanos = (seconds * 1e9).round();
    if nanos >= most.as_nanos() as f64 {
        return most;
    }
    SimDuration::from_nanos(if nanos > 0.0 { nanos as u64 } else { 0 })
}
