//! Loops and comprehensions: the number of rounds, and the pieces of each.

use std::collections::BTreeMap;

use super::super::note::NoteKind;
use super::super::piece::{
    self, GatherMode, PieceKind, ScriptPiece, ScriptPieces, TaskId, any_piece, are_alike,
    does_more_than_print,
};
use super::super::tree::{Comprehension, ComprehensionClause, ExprKind, For, PythonExpr, Stmt};
use super::super::value::Value;
use super::Translator;
use super::branch::{contains_break, ends_by_shutdown};
use super::statement::Flow;
use model::time::SimDuration;
use model::workload::Length;

/// Rounds of a loop of unknown length.
pub(super) const ROUNDS: u64 = 3;
/// Rounds that are followed one by one, because their items may differ.
const UNROLLED_MAX: u64 = 12;
/// Rounds from which on a loop of plain Python takes noticeable time: 5 ms.
const BUSY_ROUNDS: u64 = 100_000;
/// The duration of a round of such a loop.
const ROUND: SimDuration = SimDuration::from_nanos(50);

/// The rounds of a loop.
struct Rounds {
    count: u64,
    asked: bool,
    /// The items with their counts; fewer than `count` if they are unknown.
    items: Vec<(u64, Value)>,
}

impl<'t> Translator<'t> {
    pub(super) fn repeat_over(&mut self, found: &'t For<'t>, line: u32) -> Flow {
        let iterated = if found.is_async {
            self.evaluate_entered(&found.iterated)
        } else {
            self.evaluate_settled(&found.iterated)
        };
        if let Value::Generator(pieces, handed) = iterated {
            self.repeat_generator(pieces, *handed, &found.target, &found.body);
            return Flow::Next;
        }
        if let Value::Completing(members) = iterated {
            let mut flow = Flow::Next;
            self.each_completed(members, line, &mut |t, item| {
                t.assign_target(&found.target, item);
                flow = t.translate_block(&found.body);
                matches!(flow, Flow::Next | Flow::Again) && !contains_break(&found.body)
            });
            return match flow {
                Flow::Leaves => Flow::Leaves,
                _ => Flow::Next,
            };
        }
        let rounds = self.loop_rounds(&iterated, contains_break(&found.body));
        let list = found.iterated.name();
        let mut items = Vec::new();
        let mut flow = Flow::Next;
        self.each_round(rounds, line, &mut |t, item| {
            t.assign_target(&found.target, item);
            flow = t.translate_block(&found.body);
            // The body may change the item, e.g. `t.start()`; the list keeps the new value.
            if let (Some(_), Some(name)) = (list, found.target.name()) {
                items.extend(t.find_name(name).cloned());
            }
            matches!(flow, Flow::Next | Flow::Again)
        });
        self.keep_changed(list, items);
        match flow {
            Flow::Leaves => Flow::Leaves,
            Flow::Breaks => Flow::Next,
            Flow::Next | Flow::Again => self.translate_block(&found.orelse),
        }
    }

    /// Stores the changed items in the list, e.g. after `for t in threads: t.start()`.
    fn keep_changed(&mut self, list: Option<&'t str>, items: Vec<Value>) {
        let started = |value: &Value| matches!(value, Value::Worker(_));
        let Some(list) = list.filter(|_| !items.is_empty() && items.iter().all(started)) else {
            return;
        };
        let Some(Value::Many(before)) = self.find_name(list) else {
            return;
        };
        let changed = if before.len() == items.len() {
            before
                .iter()
                .zip(items)
                .map(|((count, _), item)| (*count, item))
                .collect()
        } else {
            let count = before.iter().map(|(count, _)| count).sum();
            items
                .into_iter()
                .take(1)
                .map(|item| (count, item))
                .collect()
        };
        self.set_name(list, Value::Many(changed));
    }

    /// A loop over `as_completed`: one round for each task that has ended. If a round may end the
    /// loop, the script waits for all tasks before it.
    fn each_completed(
        &mut self,
        members: Vec<(u64, TaskId)>,
        line: u32,
        round: &mut dyn FnMut(&mut Self, Value) -> bool,
    ) {
        let before = self.list_sizes();
        let count = members.iter().map(|(count, _)| *count);
        let count = count.fold(0, u64::saturating_add);
        // Awaiting a task that has ended takes no time.
        let ended = Value::Many(Vec::new());
        let (pieces, goes_on) = self.collect_pieces(|t| round(t, ended));
        if goes_on {
            self.multiply_lists(&before, count);
            return self.push_kind(line, PieceKind::AsCompleted(members, pieces));
        }
        let what = "as_completed".to_owned();
        self.push_note(line, NoteKind::WaitsForAll { what });
        let mode = GatherMode::Plain;
        self.push_kind(line, PieceKind::Gather { mode, members });
        self.emit_all(pieces);
    }

    fn loop_rounds(&mut self, iterated: &Value, may_end: bool) -> Rounds {
        let items = match iterated {
            Value::Coroutine(_) | Value::Path(_) => None,
            other => other.items(),
        };
        match items {
            // A loop that may end early has an unknown number of rounds, unless it has few.
            Some((count, items)) if !may_end || count <= ROUNDS => Rounds {
                count,
                asked: false,
                items,
            },
            Some((count, _)) => Rounds {
                count: count.min(ROUNDS),
                asked: true,
                items: Vec::new(),
            },
            None => Rounds {
                count: ROUNDS,
                asked: true,
                items: Vec::new(),
            },
        }
    }

    /// Follows each round if they are few and known; otherwise follows one and repeats it. A round
    /// that returns `false` is the last.
    fn each_round(
        &mut self,
        rounds: Rounds,
        line: u32,
        round: &mut dyn FnMut(&mut Self, Value) -> bool,
    ) {
        let Rounds {
            count,
            asked,
            items,
        } = rounds;
        if count == 0 {
            return;
        }
        // Copying the scope allows undoing the effects of further rounds, and costs fuel.
        let scope = self.current_frame().scope;
        let values = self.scopes[scope].names.values();
        let weight = values.filter_map(Value::weight).sum();
        if !self.may_copy(line, weight) {
            return;
        }
        let few = count <= UNROLLED_MAX && !asked;
        // A `range` has no stored items: they are its numbers.
        let items: Vec<Value> = if items.is_empty() && few {
            (0..count)
                .map(|number| Value::Number(number as f64))
                .collect()
        } else {
            items.into_iter().map(|(_, item)| item).collect()
        };
        if few && items.len() as u64 == count {
            return self.one_by_one(items, line, round);
        }
        let first = items.into_iter().next().unwrap_or(Value::Unknown);
        let before = self.list_sizes();
        let (pieces, goes_on) = self.collect_pieces(|t| round(t, first));
        // The first round leaves the loop, so it is the only one.
        if !goes_on {
            self.note_one_round(count, &pieces, line);
            return self.emit_all(pieces);
        }
        if self.multiply_lists(&before, count) && asked {
            self.push_note(line, NoteKind::AssumedRounds { rounds: count });
        }
        self.repeat_pieces(count, asked, pieces, line);
    }

    fn one_by_one(
        &mut self,
        items: Vec<Value>,
        line: u32,
        round: &mut dyn FnMut(&mut Self, Value) -> bool,
    ) {
        let before = self.list_sizes();
        let count = items.len() as u64;
        let mut all: Vec<ScriptPieces> = Vec::new();
        let mut after_first = None;
        for item in items {
            let (pieces, goes_on) = self.collect_pieces(|t| round(t, item));
            if !goes_on {
                self.note_one_round(count - all.len() as u64, &pieces, line);
                all.into_iter().for_each(|pieces| self.emit_all(pieces));
                return self.emit_all(pieces);
            }
            all.push(pieces);
            if after_first.is_none() {
                let scope = self.current_frame().scope;
                after_first = Some(self.scopes[scope].names.clone());
            }
        }
        // Equal rounds become one `repeat`.
        let same = all.windows(2).all(|pair| are_alike(&pair[0], &pair[1]));
        // Rounds without pieces may have filled lists with different items, so they stay.
        if same && !all[0].is_empty() {
            // The `repeat` has the effects of one round, so later changes are undone.
            if let Some(names) = after_first {
                let scope = self.current_frame().scope;
                self.scopes[scope].names = names;
            }
            self.multiply_lists(&before, count);
            let first = all.swap_remove(0);
            return self.repeat_pieces(count, false, first, line);
        }
        all.into_iter().for_each(|pieces| self.emit_all(pieces));
    }

    /// Notes that further rounds are left out, e.g. retries.
    fn note_one_round(&mut self, left: u64, round: &[ScriptPiece], line: u32) {
        if left > 1 && piece::takes_time(round) {
            self.push_note(line, NoteKind::OneRound);
        }
    }

    fn repeat_pieces(&mut self, count: u64, asked: bool, pieces: ScriptPieces, line: u32) {
        if does_more_than_print(&pieces) {
            if count == 1 {
                return self.emit_all(pieces);
            }
            if asked {
                self.push_note(line, NoteKind::AssumedRounds { rounds: count });
            }
            let kind = PieceKind::Repeat(count, pieces);
            self.push_piece(ScriptPiece { line, asked, kind });
        } else if count >= BUSY_ROUNDS && !asked {
            let length = ROUND.saturating_mul(count).min(model::limits::DURATION_MAX);
            let piece = self.guess_of(line, "loop", "cpu", length);
            self.push_piece(piece);
        } else if count == 1 || !pieces.is_empty() {
            self.emit_all(pieces);
        }
    }

    /// The number of entries of each list in this scope.
    fn list_sizes(&mut self) -> BTreeMap<String, usize> {
        let scope = self.current_frame().scope;
        let names = self.scopes[scope].names.iter();
        let lists = names.filter_map(|(name, value)| match value {
            Value::Many(items) => Some((name.clone(), items.len())),
            _ => None,
        });
        lists.collect()
    }

    /// Multiplies the counts of entries added since `before`, so that one round counts as all.
    /// Returns whether there are any.
    fn multiply_lists(&mut self, before: &BTreeMap<String, usize>, by: u64) -> bool {
        let scope = self.current_frame().scope;
        let mut any = false;
        for (name, value) in &mut self.scopes[scope].names {
            if let (Value::Many(items), Some(old)) = (value, before.get(name)) {
                for (count, item) in items.iter_mut().skip(*old) {
                    any |= item.is_known();
                    *count = count.saturating_mul(by);
                }
            }
        }
        any
    }

    pub(super) fn repeat_while(
        &mut self,
        test: &'t PythonExpr<'t>,
        body: &'t [Stmt<'t>],
        line: u32,
    ) -> Flow {
        // A spin on the clock computes until its end.
        if let Some(seconds) = self.busy_until(test) {
            let (pieces, _) = self.collect_pieces(|t| t.translate_block(body));
            if !does_more_than_print(&pieces) {
                let length = Length::Fixed(piece::seconds(seconds));
                self.push_kind(line, PieceKind::Cpu(length, None));
                return Flow::Next;
            }
        }
        self.evaluate_settled(test);
        let (pieces, flow) = self.collect_pieces(|t| t.translate_block(body));
        if matches!(flow, Flow::Leaves | Flow::Breaks) {
            self.note_one_round(ROUNDS, &pieces, line);
            self.emit_all(pieces);
            return if flow == Flow::Leaves {
                flow
            } else {
                Flow::Next
            };
        }
        if !does_more_than_print(&pieces) {
            return Flow::Next;
        }
        let endless = matches!(test.kind, ExprKind::True | ExprKind::Number("1"));
        let waits_for_items = any_piece(&pieces, |piece| {
            matches!(
                piece.kind,
                PieceKind::Get(_) | PieceKind::GetNow(_) | PieceKind::WaitFor(_)
            )
        });
        // An endless loop in the entry function would keep the script from ending.
        let is_entry = self.open.len() <= 1;
        if endless && !contains_break(body) && (waits_for_items || !is_entry) {
            if !ends_by_shutdown(body) {
                self.push_kind(line, PieceKind::Forever(pieces));
                return Flow::Leaves;
            }
            // `shutdown` makes `get` fail, which ends the loop.
            let over = PieceKind::Print("shut down".to_owned());
            let kind = PieceKind::Try {
                body: vec![ScriptPiece::new(line, PieceKind::Forever(pieces))],
                except: Some(vec![ScriptPiece::new(line, over)]),
                finally: None,
            };
            self.push_kind(line, kind);
            return Flow::Next;
        }
        self.repeat_pieces(ROUNDS, true, pieces, line);
        Flow::Next
    }

    /// The duration of a loop that spins on the clock, e.g. 3 for
    /// `while time.time() - start < 3`.
    fn busy_until(&mut self, test: &'t PythonExpr<'t>) -> Option<f64> {
        let ExprKind::Compare(parts, _) = &test.kind else {
            return None;
        };
        let [left, right] = parts.as_slice() else {
            return None;
        };
        match (self.evaluate_expr(left), self.evaluate_expr(right)) {
            (Value::Clock(now), Value::Clock(end)) => Some(end - now),
            (Value::Elapsed, Value::Number(most)) => Some(most),
            _ => None,
        }
    }

    pub(super) fn translate_comprehension(
        &mut self,
        found: &'t Comprehension<'t>,
        line: u32,
    ) -> Value {
        // `[` keeps this name apart from the names of the program.
        let list = format!("[{}]", self.fuel);
        self.set_name(&list, Value::Many(Vec::new()));
        self.follow_clauses(&found.clauses, line, &mut |t| {
            let mut value = Value::Unknown;
            for element in &found.elements {
                let next = t.evaluate_expr(element);
                // A dictionary's entry is its key if that can be awaited; otherwise its value.
                if !matches!(value, Value::Task(_) | Value::Coroutine(_)) {
                    value = next;
                }
            }
            t.append_item(&list, value);
        });
        let scope = self.current_frame().scope;
        let made = self.scopes[scope].names.remove(&list);
        match made.unwrap_or(Value::Unknown) {
            Value::Many(items) => Value::Many(merge_items(items)),
            other => other,
        }
    }

    fn follow_clauses(
        &mut self,
        clauses: &'t [ComprehensionClause<'t>],
        line: u32,
        inside: &mut dyn FnMut(&mut Self),
    ) {
        let Some((clause, more)) = clauses.split_first() else {
            return inside(self);
        };
        let iterated = if clause.is_async {
            self.evaluate_entered(&clause.iterated)
        } else {
            self.evaluate_settled(&clause.iterated)
        };
        let mut round = |t: &mut Self, item| {
            t.assign_target(&clause.target, item);
            for condition in &clause.conditions {
                t.evaluate_settled(condition);
            }
            t.follow_deeper(line, |t| t.follow_clauses(more, line, inside));
            true
        };
        if let Value::Completing(members) = iterated {
            return self.each_completed(members, line, &mut round);
        }
        let rounds = self.loop_rounds(&iterated, false);
        self.each_round(rounds, line, &mut round);
    }

    pub(super) fn append_item(&mut self, list: &str, value: Value) {
        let scope = self.current_frame().scope;
        if let Some(Value::Many(items)) = self.scopes[scope].names.get_mut(list) {
            items.push((1, value));
        }
    }
}

/// Merges equal neighbours, e.g. two of the same task. Numbers stay apart, as loops use them
/// one by one.
fn merge_items(items: Vec<(u64, Value)>) -> Vec<(u64, Value)> {
    let mut result: Vec<(u64, Value)> = Vec::new();
    for (count, item) in items {
        match result.last_mut() {
            Some((before, last)) if *last == item && !matches!(item, Value::Number(_)) => {
                *before = before.saturating_add(count);
            }
            _ => result.push((count, item)),
        }
    }
    result
}
