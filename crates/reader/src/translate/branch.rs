//! Branches: `if`, `match`, `try`.
//!
//! Conditions are unknown, so one branch is taken: the first that takes time.

use std::collections::BTreeSet;

use super::super::note::NoteKind;
use super::super::piece::{
    PieceKind, ScriptPiece, ScriptPieces, TaskId, any_piece, does_more_than_print, takes_time,
};
use super::super::tree::{
    Arm, Case, ExprKind, Handler, PythonComparison, PythonExpr, Stmt, StmtKind, Try,
};
use super::super::value::Value;
use super::Translator;
use super::function::mentions_time;
use super::statement::Flow;

/// A branch after it was followed.
struct FollowedBranch {
    pieces: ScriptPieces,
    flow: Flow,
}

impl<'t> Translator<'t> {
    /// Takes the branch that takes time, but not one that leaves if more statements follow:
    /// an early `return` is usually the exception.
    pub(super) fn translate_if(
        &mut self,
        arms: &'t [Arm<'t>],
        orelse: &'t [Stmt<'t>],
        is_last: bool,
    ) -> Flow {
        // Each arm opens a block for all arms after it. A loop instead of recursion keeps the
        // stack flat for a long chain of `elif`.
        let mut open: Vec<(u32, FollowedBranch, bool)> = Vec::new();
        let mut left = arms.iter();
        let mut flow = loop {
            let Some(arm) = left.next() else {
                break self.translate_block(orelse);
            };
            if !self.spend_fuel(arm.line, 1) {
                break Flow::Leaves;
            }
            let is_entry = self.modules[self.current_module()].is_entry;
            match constant_condition(&arm.test, is_entry) {
                Some(true) => break self.translate_block(&arm.body),
                Some(false) => continue,
                None => {}
            }
            self.evaluate_settled(&arm.test);
            let first = self.follow_branch(&arm.body);
            let behind = !left.as_slice().is_empty() || !orelse.is_empty();
            // A later arm is like an `if` alone in an `else`: no statement follows it there.
            let more = behind || (open.is_empty() && !is_last);
            open.push((arm.line, first, more));
            self.current_frame().blocks.push(ScriptPieces::new());
        };
        while let Some((line, first, more)) = open.pop() {
            let pieces = self.current_frame().blocks.pop().unwrap_or_default();
            let second = FollowedBranch { pieces, flow };
            flow = self.choose_branch(line, first, second, more);
        }
        flow
    }

    /// Chooses between two branches. `more` says whether statements follow the first.
    fn choose_branch(
        &mut self,
        line: u32,
        first: FollowedBranch,
        second: FollowedBranch,
        more: bool,
    ) -> Flow {
        let leaves = first.flow != Flow::Next;
        let first_counts = takes_time(&first.pieces) && !(leaves && more);
        let second_counts = takes_time(&second.pieces);
        if first_counts && second_counts {
            self.push_note(line, NoteKind::FirstBranch);
        }
        if !first_counts && takes_time(&first.pieces) {
            self.push_note(line, NoteKind::LeftBranch);
        }
        let neither = !first_counts && !second_counts;
        let taken = if first_counts || (neither && !leaves && does_more_than_print(&first.pieces)) {
            first
        } else {
            second
        };
        self.emit_all(taken.pieces);
        taken.flow
    }

    /// Whether the pieces certainly raise, here or in a task of a group. `seen` has the tasks
    /// already searched: tasks that start the next one twice would double the work.
    fn may_fail(
        &self,
        pieces: &[ScriptPiece],
        depth: u32,
        seen: &mut BTreeSet<(TaskId, u32)>,
    ) -> bool {
        // Eight levels reach any realistic exception, and end cycles of tasks.
        depth < 8
            && pieces.iter().any(|piece| match &piece.kind {
                PieceKind::Fail(_) => true,
                PieceKind::Try { .. } => false,
                // The error of a spawned task reaches its starter only through a group.
                PieceKind::Spawn(..) => depth > 0 && self.started_fails(piece, depth, seen),
                _ => {
                    let inner = match piece.kind {
                        PieceKind::Group(_) => depth + 1,
                        _ => depth,
                    };
                    self.started_fails(piece, depth, seen)
                        || piece
                            .nested_pieces()
                            .any(|body| self.may_fail(body, inner, seen))
                }
            })
    }

    fn started_fails(
        &self,
        piece: &ScriptPiece,
        depth: u32,
        seen: &mut BTreeSet<(TaskId, u32)>,
    ) -> bool {
        let depth = depth + 1;
        super::super::write::mentioned_tasks(piece)
            .into_iter()
            .any(|made| {
                seen.insert((made, depth)) && self.may_fail(&self.tasks[made.0].pieces, depth, seen)
            })
    }

    /// Whether a time limit can expire without a clause for it, here or in a task that is called.
    fn may_expire(
        &self,
        pieces: &[ScriptPiece],
        depth: u32,
        seen: &mut BTreeSet<(TaskId, u32)>,
    ) -> bool {
        // The same bound as for failures.
        depth < 8
            && pieces.iter().any(|piece| {
                let is_caught = match &piece.kind {
                    PieceKind::Timeout(_, _, None) | PieceKind::Limited(..) => return true,
                    // The error of a started task reaches only the task that waits for it.
                    PieceKind::Spawn(..) | PieceKind::Send(..) => return false,
                    PieceKind::Timeout(_, _, Some(_))
                    | PieceKind::Try {
                        except: Some(_), ..
                    } => true,
                    _ => false,
                };
                // The first block is the body, whose errors the clause catches.
                let mut nested = piece.nested_pieces().skip(usize::from(is_caught));
                nested.any(|body| self.may_expire(body, depth, seen))
                    || super::super::write::mentioned_tasks(piece)
                        .into_iter()
                        .any(|made| {
                            seen.insert((made, depth + 1))
                                && self.may_expire(&self.tasks[made.0].pieces, depth + 1, seen)
                        })
            })
    }

    fn follow_branch(&mut self, body: &'t [Stmt<'t>]) -> FollowedBranch {
        let (pieces, flow) = self.collect_pieces(|t| t.translate_block(body));
        FollowedBranch { pieces, flow }
    }

    /// `match`: takes the first case that takes time.
    pub(super) fn translate_match(&mut self, cases: &'t [Case<'t>], line: u32) -> Flow {
        let ways: Vec<FollowedBranch> = cases
            .iter()
            .map(|case| self.follow_branch(&case.body))
            .collect();
        let mut counting = ways.into_iter().filter(|way| takes_time(&way.pieces));
        let Some(first) = counting.next() else {
            return Flow::Next;
        };
        if counting.next().is_some() {
            self.push_note(line, NoteKind::FirstBranch);
        }
        self.emit_all(first.pieces);
        first.flow
    }

    pub(super) fn translate_try(&mut self, found: &'t Try<'t>, line: u32) -> Flow {
        let (mut body, mut flow) = self.collect_pieces(|t| t.translate_block(&found.body));
        // The `else` of a `try` runs if the body neither leaves nor raises.
        if flow == Flow::Next {
            let (more, next) = self.collect_pieces(|t| t.translate_block(&found.orelse));
            body.extend(more);
            flow = next;
        }
        let late = found
            .handlers
            .iter()
            .find(|handler| catches_limits(handler));
        let late = late.filter(|_| self.may_expire(&body, 0, &mut BTreeSet::new()));
        let fails = self.may_fail(&body, 0, &mut BTreeSet::new());
        // Types of exceptions are unknown, so the first handler catches. That of a time limit
        // catches other failures only if it names more, e.g. `except Exception:`.
        let caught = match late {
            None => found.handlers.first(),
            Some(late) => Some(late).filter(|late| catches_more_than_limits(late)),
        };
        // A queue that is shut down fails its `get`. A handler that ends its loop is left to the loop.
        let shut = found
            .handlers
            .iter()
            .find(|handler| catches_shutdown(handler) && !contains_break(&handler.body));
        let shut = shut.filter(|_| any_piece(&body, uses_queue));
        let caught = caught.filter(|_| fails).or(shut);
        let mut except = None;
        let taken = caught.or(late);
        for handler in &found.handlers {
            let is_taken = taken.is_some_and(|taken| std::ptr::eq(taken, handler));
            if !is_taken && let Some(stmt) = handler.body.iter().find(|stmt| mentions_time(stmt)) {
                self.push_note(stmt.line, NoteKind::LeftHandler);
            }
        }
        if let Some(handler) = taken {
            let (pieces, next) = self.collect_pieces(|t| t.translate_block(&handler.body));
            except = Some(pieces);
            if caught.is_some() {
                flow = next;
            }
        }
        // A script has a clause for the only `timeout`, if no piece stands behind it: what follows
        // the `timeout` in the `try` does not run when it expired.
        if let (Some(_), None, Some((last, before))) = (late, caught, body.split_last_mut())
            && let PieceKind::Timeout(_, _, otherwise @ None) = &mut last.kind
            && !self.may_expire(before, 0, &mut BTreeSet::new())
        {
            *otherwise = except.take();
        }
        let finally = self.collect_pieces(|t| t.translate_block(&found.finally)).0;
        let finally = does_more_than_print(&finally).then_some(finally);
        if except.is_none() && finally.is_none() {
            self.emit_all(body);
            return flow;
        }
        // A clause of a script cannot be empty.
        let nothing = || {
            vec![ScriptPiece::new(
                line,
                PieceKind::Print("caught".to_owned()),
            )]
        };
        let except = except.map(|pieces| if pieces.is_empty() { nothing() } else { pieces });
        let kind = PieceKind::Try {
            body,
            except,
            finally,
        };
        self.push_kind(line, kind);
        flow
    }
}

/// The outcome of a constant test, e.g. `True` or `__name__ == "__main__"`.
fn constant_condition(test: &PythonExpr, is_entry: bool) -> Option<bool> {
    match &test.kind {
        ExprKind::True => Some(true),
        ExprKind::False => Some(false),
        // `typing.TYPE_CHECKING` is false at run time.
        ExprKind::Name("TYPE_CHECKING") => Some(false),
        ExprKind::Compare(parts, signs) => {
            let [left, right] = parts.as_slice() else {
                return None;
            };
            let is_name = left.name() == Some("__name__");
            let is_main = matches!(&right.kind, ExprKind::Text(text) if text == "__main__");
            (is_name && is_main && *signs == [PythonComparison::Eq]).then_some(is_entry)
        }
        _ => None,
    }
}

/// Whether the handler catches a time limit, e.g. `except asyncio.TimeoutError:` or `except:`.
fn catches_limits(handler: &Handler) -> bool {
    // Those from which `TimeoutError` is derived.
    let bases = ["OSError", "Exception", "BaseException"];
    catches(handler, &|name| {
        is_time_limit(name) || bases.contains(&name)
    })
}

fn catches_more_than_limits(handler: &Handler) -> bool {
    catches(handler, &|name| !is_time_limit(name))
}

fn is_time_limit(name: &str) -> bool {
    name.starts_with("Timeout")
}

/// Whether the handler catches an exception whose name fits. A bare `except:` catches every one.
fn catches(handler: &Handler, fits: &dyn Fn(&str) -> bool) -> bool {
    fn names(expr: &PythonExpr, fits: &dyn Fn(&str) -> bool) -> bool {
        match &expr.kind {
            ExprKind::Name(name) | ExprKind::Attribute(_, name) => fits(name),
            ExprKind::Tuple(parts) => parts.iter().any(|part| names(part, fits)),
            _ => false,
        }
    }
    handler.kind.as_ref().is_none_or(|kind| names(kind, fits))
}

fn uses_queue(piece: &ScriptPiece) -> bool {
    matches!(
        piece.kind,
        PieceKind::Get(_) | PieceKind::GetNow(_) | PieceKind::Put(_)
    )
}

/// Whether the handler is for the end of a queue, e.g. `except asyncio.QueueShutDown:`.
fn catches_shutdown(handler: &Handler) -> bool {
    handler.kind.is_some() && catches(handler, &|name| name == "QueueShutDown")
}

/// Whether the end of a queue ends the loop with this body.
pub(super) fn ends_by_shutdown(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::Try(found) => found
            .handlers
            .iter()
            .any(|handler| catches_shutdown(handler) && contains_break(&handler.body)),
        _ => false,
    })
}

/// Whether the body can leave its loop early. Inner loops are not searched.
pub(super) fn contains_break(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break | StmtKind::Return(_) => true,
        StmtKind::If { arms, orelse } => {
            arms.iter().any(|arm| contains_break(&arm.body)) || contains_break(orelse)
        }
        StmtKind::With { body, .. } => contains_break(body),
        StmtKind::Try(found) => {
            contains_break(&found.body)
                || contains_break(&found.orelse)
                || contains_break(&found.finally)
                || found.handlers.iter().any(|handler| {
                    // A shutdown is no decision of the loop.
                    contains_break(&handler.body) && !catches_shutdown(handler)
                })
        }
        StmtKind::Match { cases, .. } => cases.iter().any(|case| contains_break(&case.body)),
        _ => false,
    })
}

impl Value {
    /// Whether the value is known.
    pub(super) fn is_known(&self) -> bool {
        *self != Self::Unknown
    }
}
