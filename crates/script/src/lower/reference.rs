//! References: resolves the tasks, handles and resources that a segment names, e.g. the queue
//! of `put q`.

use super::body::{BodyScope, HandleBinding, Where};
use super::names::Meaning;
use crate::diagnostic::Diagnostic;
use crate::diagnostics::{NameKind, Wanted};
use crate::span::Span;
use crate::syntax::{self, Block, Count, SegmentNode};
use model::limits::INSTANCES_MAX;
use model::workload::{HandleIndex, Member, ResourceIndex, SegmentKind, TaskIndex, TaskKind, Work};

impl BodyScope<'_, '_, '_> {
    pub(super) fn any_task(
        &mut self,
        name: Span,
        word: &'static str,
    ) -> Option<(TaskIndex, TaskKind)> {
        let found = self.lowering.find_task(name, word);
        // A task that only names itself still runs by default.
        if let Some((task, _)) = found
            && task != self.lowering.named_task(self.task)
        {
            self.lowering.named_by_others[task.0 as usize] = true;
        }
        found
    }

    /// The task of `call f`: any task on the loop, only a `def` on a thread.
    pub(super) fn called_task(&mut self, name: Span) -> Option<TaskIndex> {
        let (task, kind) = self.any_task(name, "call")?;
        if let (TaskKind::Async, Some(place)) = (kind, self.sync_place()) {
            let text = self.text_of(name);
            self.report(Diagnostic::call_from_sync(text, place, name));
            return None;
        }
        Some(task)
    }

    pub(super) fn async_task(
        &mut self,
        word: &'static str,
        name: Span,
        keyword: Span,
    ) -> Option<TaskIndex> {
        let (task, kind) = self.any_task(name, word)?;
        if kind == TaskKind::Sync {
            let text = self.text_of(name);
            self.report(Diagnostic::needs_async(word, text, keyword, name));
            return None;
        }
        Some(task)
    }

    pub(super) fn sync_task(
        &mut self,
        word: &'static str,
        name: Span,
        keyword: Span,
    ) -> Option<TaskIndex> {
        let (task, kind) = self.any_task(name, word)?;
        if kind == TaskKind::Async {
            let text = self.text_of(name);
            self.report(Diagnostic::needs_sync(word, text, keyword, name));
            return None;
        }
        Some(task)
    }

    pub(super) fn lower_members(
        &mut self,
        word: &'static str,
        members: &[syntax::MemberNode],
        step: &SegmentNode,
    ) -> Option<Vec<Member>> {
        let mut total: u128 = 0;
        let mut lowered = Vec::with_capacity(members.len());
        for member in members {
            let count = match member.count {
                None => Some(1),
                // The sum below reports a number that is far too large.
                Some(count) if count.value > INSTANCES_MAX => Some(count.value),
                Some(count) => self.lowering.in_range(word, count, 1, INSTANCES_MAX),
            };
            total += u128::from(count.unwrap_or(1));
            let task = self.async_task(word, member.name, step.word);
            lowered.push(count.zip(task));
        }
        if total > u128::from(INSTANCES_MAX) {
            self.report(Diagnostic::too_many_instances(total, step.span));
            return None;
        }
        let member = |(count, task)| Member { count, task };
        lowered.into_iter().map(|found| found.map(member)).collect()
    }

    pub(super) fn lower_work(
        &mut self,
        word: &'static str,
        work: &syntax::WorkNode,
        step: &SegmentNode,
    ) -> Option<Work> {
        match work {
            syntax::WorkNode::Task(name) => {
                Some(Work::Task(self.sync_task(word, *name, step.word)?))
            }
            syntax::WorkNode::Body(block) => {
                // Inside the block, only segments that run on a thread are allowed.
                let around = std::mem::replace(&mut self.place, Where::Offloaded(word));
                let body = self.lower_block(block);
                self.place = around;
                Some(Work::Body(body))
            }
        }
    }

    // Handles.

    /// Assigns the handle of a `spawn` or `send`: the name after `as`, or the task's name.
    pub(super) fn assign_handle(
        &mut self,
        task: Span,
        handle: Option<Span>,
    ) -> Option<HandleIndex> {
        let span = handle.unwrap_or(task);
        let name = self.text_of(span);
        // `wait` could not tell a handle from an event of the same name.
        if let (Some(_), Some(symbol)) = (handle, self.lowering.names.find(name))
            && let Meaning::Resource(_, kind) = symbol.meaning
        {
            self.report(Diagnostic::handle_takes_name(name, kind, span));
            return None;
        }
        // A second `spawn` with the same handle replaces the task in it, as in Python.
        if let Some(index) = self.find_handle(name) {
            return Some(index);
        }
        let index = HandleIndex(u16::try_from(self.handles.len()).ok()?);
        self.handle_indices.insert(name, index);
        self.handles.push(HandleBinding {
            span,
            as_clause: handle.map(|handle| task.behind().to(handle)),
            used: false,
        });
        Some(index)
    }

    pub(super) fn find_handle(&self, name: &str) -> Option<HandleIndex> {
        self.handle_indices.get(name).copied()
    }

    pub(super) fn handle(&mut self, span: Span, word: &'static str) -> Option<HandleIndex> {
        let name = self.text_of(span);
        if let Some(index) = self.find_handle(name) {
            self.handles[usize::from(index.0)].used = true;
            return Some(index);
        }
        if self.later.contains(name) {
            self.report(Diagnostic::wait_before_spawn(name, word, span));
            return None;
        }
        if self.around.contains(name) {
            self.report(Diagnostic::handle_outside_block(name, span));
            return None;
        }
        match self
            .lowering
            .names
            .find(name)
            .map(|symbol| symbol.meaning.kind())
        {
            Some(
                kind @ (NameKind::Queue
                | NameKind::Semaphore
                | NameKind::Lock
                | NameKind::Event
                | NameKind::Condition
                | NameKind::Pool),
            ) => {
                let wanted = if word == "wait" {
                    Wanted::Awaitable
                } else {
                    Wanted::Handle
                };
                self.report(Diagnostic::wrong_kind(name, kind, word, wanted, span));
            }
            Some(NameKind::AsyncTask | NameKind::SyncTask) | None => {
                let names = &mut self.lowering.names;
                // A task with this name exists, so a similar handle would be no help.
                let near = match names.find(name) {
                    Some(_) => None,
                    None => names.nearest_handle(name, &self.later, word),
                };
                self.report(Diagnostic::unknown_handle(name, near, word, span));
            }
        }
        None
    }

    /// Resolves `wait x`: a handle of this body, otherwise an event or a condition.
    pub(super) fn lower_wait(&mut self, name: Span, step: &SegmentNode) -> Option<SegmentKind> {
        if self.find_handle(self.text_of(name)).is_none() {
            let symbol = self.lowering.names.find(self.text_of(name));
            match symbol.map(|symbol| symbol.meaning) {
                Some(Meaning::Resource(event, NameKind::Event)) => {
                    return Some(SegmentKind::WaitEvent { event });
                }
                Some(Meaning::Resource(_, NameKind::Condition)) => {
                    let condition = self.held_condition(name, "wait", step.span)?;
                    return Some(SegmentKind::WaitCondition { condition });
                }
                _ => {}
            }
        }
        let handle = self.handle(name, "wait")?;
        Some(SegmentKind::Wait { handle })
    }

    // Resources.

    pub(super) fn resource(
        &mut self,
        span: Span,
        word: &'static str,
        wanted: Wanted,
    ) -> Option<ResourceIndex> {
        // The parser has reported the missing name.
        if span.is_empty() {
            return None;
        }
        let name = self.text_of(span);
        match self.lowering.names.find(name).map(|symbol| symbol.meaning) {
            Some(Meaning::Resource(index, kind)) if serves(kind, wanted) => Some(index),
            Some(meaning) => {
                let kind = meaning.kind();
                self.report(Diagnostic::wrong_kind(name, kind, word, wanted, span));
                None
            }
            None => {
                let near = self.lowering.names.nearest_resource(name);
                self.report(Diagnostic::unknown_resource(name, near, wanted, span));
                None
            }
        }
    }

    pub(super) fn lower_with(
        &mut self,
        name: Span,
        block: &Block,
        word: &'static str,
    ) -> Option<SegmentKind> {
        let resource = self.resource(name, word, Wanted::Lockable);
        let outside = self.held.len();
        self.held.extend(resource);
        // The body is lowered even for an unknown resource, so that its mistakes are reported.
        let body = self.lower_block(block);
        self.held.truncate(outside);
        Some(SegmentKind::With {
            resource: resource?,
            body,
        })
    }

    pub(super) fn acquired_resource(
        &mut self,
        name: Span,
        word: &'static str,
    ) -> Option<ResourceIndex> {
        let resource = self.resource(name, word, Wanted::Lockable)?;
        if !self.held.contains(&resource) {
            self.held.push(resource);
        }
        Some(resource)
    }

    /// Only a warning: CPython raises an error at run time, which a script may want to show.
    pub(super) fn held_condition(
        &mut self,
        name: Span,
        word: &'static str,
        span: Span,
    ) -> Option<ResourceIndex> {
        let condition = self.resource(name, word, Wanted::Condition)?;
        if !self.held.contains(&condition) {
            let text = self.text_of(name);
            self.report(Diagnostic::outside_with(text, word, span));
        }
        Some(condition)
    }

    pub(super) fn notified_count(&mut self, count: Option<Count>) -> Option<u32> {
        let Some(count) = count else { return Some(1) };
        let count = self
            .lowering
            .in_range("notify", count, 1, u64::from(u32::MAX))?;
        u32::try_from(count).ok()
    }
}

fn serves(kind: NameKind, wanted: Wanted) -> bool {
    match wanted {
        Wanted::Task => matches!(kind, NameKind::AsyncTask | NameKind::SyncTask),
        Wanted::Queue => kind == NameKind::Queue,
        Wanted::Lockable => matches!(
            kind,
            NameKind::Semaphore | NameKind::Lock | NameKind::Condition | NameKind::Pool
        ),
        Wanted::Event => kind == NameKind::Event,
        Wanted::Condition => kind == NameKind::Condition,
        Wanted::Awaitable => matches!(kind, NameKind::Event | NameKind::Condition),
        Wanted::Handle => false,
    }
}
