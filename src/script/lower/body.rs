//! Bodies: segments with their names looked up and their kinds checked.

use std::collections::BTreeSet;

use super::names::Meaning;
use super::statement::duration;
use super::{Lowering, place};
use crate::limits::{INSTANCES_MAX, SCRIPT_BYTES_MAX, SEGMENTS_MAX};
use crate::script::diagnostic::Diagnostic;
use crate::script::lexer;
use crate::script::problem::{Kind, SyncPlace, Wanted};
use crate::script::span::Span;
use crate::script::suggest;
use crate::script::syntax::{self, Block, Count, Offload, Step, StepKind};
use crate::script::vocabulary::{SEGMENTS, Verb, spelling};
use crate::workload::{
    Body, Executor, GatherErrors, HandleIndex, Length, Member, ResourceIndex, Segment, SegmentId,
    SegmentKind, TaskIndex, TaskKind, Work,
};

/// The body of a task and the names of its handles.
pub(super) fn lower(
    lowering: &mut Lowering,
    task: TaskIndex,
    kind: TaskKind,
    block: &Block,
) -> (Body, Vec<String>) {
    let mut later = BTreeSet::new();
    collect_handles(lowering.text, block, &mut later);
    let mut scope = Scope {
        lowering,
        task,
        place: match kind {
            TaskKind::Async => Where::Async,
            TaskKind::Sync => Where::Def,
        },
        handles: Vec::new(),
        later,
        held: Vec::new(),
    };
    let body = scope.block(block);
    let handles = scope.handles;
    for handle in handles.iter().filter(|handle| !handle.used) {
        if let Some(clause) = handle.as_clause {
            let name = handle.span.of(lowering.text);
            lowering.report(Diagnostic::unused_handle(name, handle.span, clause));
        }
    }
    let names = handles
        .iter()
        .map(|handle| handle.span.of(lowering.text).to_owned());
    (body, names.collect())
}

/// The handles of a body, whether assigned already or not yet.
fn collect_handles<'t>(text: &'t str, block: &Block, names: &mut BTreeSet<&'t str>) {
    for step in &block.steps {
        if let StepKind::Spawn { task, handle } | StepKind::Send { task, handle } = &step.kind {
            names.insert(handle.unwrap_or(*task).of(text));
        }
        for block in blocks_of(step) {
            collect_handles(text, block, names);
        }
    }
}

fn blocks_of(step: &Step) -> Vec<&Block> {
    match &step.kind {
        StepKind::Group(body)
        | StepKind::Forever(body)
        | StepKind::With { body, .. }
        | StepKind::Repeat { body, .. }
        | StepKind::Offload {
            work: syntax::Work::Body(body),
            ..
        } => vec![body],
        StepKind::Timeout {
            body, otherwise, ..
        } => std::iter::once(body)
            .chain(otherwise.iter().map(|clause| &clause.body))
            .collect(),
        StepKind::Try {
            body,
            except,
            finally,
        } => std::iter::once(body)
            .chain(except.iter().chain(finally).map(|clause| &clause.body))
            .collect(),
        _ => Vec::new(),
    }
}

/// One task's body while it is lowered.
struct Scope<'a, 't, 'd> {
    lowering: &'a mut Lowering<'t, 'd>,
    task: TaskIndex,
    place: Where,
    /// Assigned above this place, in the order of their first assignment.
    handles: Vec<Handle>,
    /// All that the body assigns anywhere.
    later: BTreeSet<&'t str>,
    /// Conditions whose `with` (or `acquire`) stands around this place.
    held: Vec<ResourceIndex>,
}

struct Handle {
    span: Span,
    /// The ` as h`, if it was written.
    as_clause: Option<Span>,
    used: bool,
}

/// What runs the segments here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Async,
    Def,
    /// The block of a `thread:`, `executor:` or `process:`.
    Offloaded(&'static str),
}

impl<'t> Scope<'_, 't, '_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.lowering.report(diagnostic);
    }

    fn text_of(&self, span: Span) -> &'t str {
        self.lowering.text_of(span)
    }

    fn block(&mut self, block: &Block) -> Body {
        block
            .steps
            .iter()
            .filter_map(|step| self.step(step))
            .collect()
    }

    fn step(&mut self, step: &Step) -> Option<Segment> {
        let verb = step.kind.verb()?;
        let places = &mut self.lowering.lowered.workload.places;
        let id = SegmentId(places.len() as u32);
        places.push(place(step.line, step.span));
        self.check_place(verb, step)?;
        let kind = self.kind(spelling(SEGMENTS, verb), step)?;
        Some(Segment { id, kind })
    }

    /// Whether a segment of this kind may stand here.
    fn check_place(&mut self, verb: Verb, step: &Step) -> Option<()> {
        let word = spelling(SEGMENTS, verb);
        let runs_on_a_thread = matches!(
            verb,
            Verb::Cpu
                | Verb::Block
                | Verb::Call
                | Verb::Print
                | Verb::Try
                | Verb::Fail
                | Verb::Repeat
                | Verb::Forever
        );
        match self.place {
            Where::Async => Some(()),
            _ if runs_on_a_thread => Some(()),
            Where::Def if verb == Verb::Respond => Some(()),
            Where::Offloaded(around) if verb == Verb::Respond => {
                self.report(Diagnostic::respond_in_block(around, step.span));
                None
            }
            Where::Def | Where::Offloaded(_) => {
                let place = self.sync_place()?;
                self.report(Diagnostic::not_in_sync(word, place, step.word, step.span));
                None
            }
        }
    }

    fn sync_place(&self) -> Option<SyncPlace> {
        match self.place {
            Where::Async => None,
            Where::Offloaded(word) => Some(SyncPlace::Block(word)),
            Where::Def => {
                let name = self.lowering.lowered.task_names[self.task.0 as usize];
                Some(SyncPlace::Def(self.text_of(name).to_owned()))
            }
        }
    }

    fn kind(&mut self, word: &'static str, step: &Step) -> Option<SegmentKind> {
        Some(match &step.kind {
            StepKind::Cpu(written, label) => SegmentKind::Cpu {
                length: length(written),
                label: self.label(*label),
            },
            StepKind::Await(written, label) => SegmentKind::Await {
                length: length(written),
                label: self.label(*label),
            },
            StepKind::Block(written, label) => SegmentKind::Block {
                length: length(written),
                label: self.label(*label),
            },
            StepKind::Yield => SegmentKind::Yield,
            StepKind::Respond => SegmentKind::Respond,
            StepKind::Call(name) => SegmentKind::Call {
                task: self.called(*name)?,
            },
            StepKind::Shield(name) => SegmentKind::Shield {
                task: self.async_task(word, *name, step.word)?,
            },
            StepKind::Spawn { task, handle } => SegmentKind::Spawn {
                task: self.async_task(word, *task, step.word)?,
                handle: Some(self.assign(*task, *handle)?),
            },
            StepKind::Send { task, handle } => SegmentKind::Send {
                task: self.sync_task(word, *task, step.word)?,
                handle: Some(self.assign(*task, *handle)?),
            },
            StepKind::Wait(name) => self.wait(*name, step)?,
            StepKind::Cancel(name) => SegmentKind::Cancel {
                handle: self.handle(*name, word)?,
            },
            StepKind::Gather { all, members } => SegmentKind::Gather {
                members: self.members(members, step)?,
                errors: if *all {
                    GatherErrors::Collect
                } else {
                    GatherErrors::Raise
                },
            },
            StepKind::Group(body) => SegmentKind::Group {
                body: self.block(body),
            },
            StepKind::Offload { to, work } => SegmentKind::Offload {
                to: executor(*to),
                work: self.work(word, work, step)?,
            },
            StepKind::Put(name) => SegmentKind::Put {
                queue: self.resource(*name, word, Wanted::Queue)?,
            },
            StepKind::Get(name) => SegmentKind::Get {
                queue: self.resource(*name, word, Wanted::Queue)?,
            },
            StepKind::With { resource, body } => self.with(*resource, body, word)?,
            StepKind::Acquire(name) => SegmentKind::Acquire {
                resource: self.acquired(*name, word)?,
            },
            StepKind::Release(name) => SegmentKind::Release {
                resource: self.resource(*name, word, Wanted::Lockable)?,
            },
            StepKind::Set(name) => SegmentKind::SetEvent {
                event: self.resource(*name, word, Wanted::Event)?,
            },
            StepKind::Clear(name) => SegmentKind::ClearEvent {
                event: self.resource(*name, word, Wanted::Event)?,
            },
            StepKind::Notify { condition, count } => SegmentKind::Notify {
                condition: self.held_condition(*condition, word, step.span)?,
                count: self.notified(*count)?,
            },
            StepKind::Print(text) => SegmentKind::Print {
                text: self.unquoted(*text),
            },
            StepKind::Fail(text) => SegmentKind::Fail {
                text: self.unquoted(*text),
            },
            StepKind::Timeout {
                after,
                body,
                otherwise,
            } => SegmentKind::Timeout {
                after: length(after),
                body: self.block(body),
                otherwise: otherwise.as_ref().map(|clause| self.block(&clause.body)),
            },
            StepKind::Try {
                body,
                except,
                finally,
            } => SegmentKind::Try {
                body: self.block(body),
                except: except.as_ref().map(|clause| self.block(&clause.body)),
                finally: finally.as_ref().map(|clause| self.block(&clause.body)),
            },
            StepKind::Repeat { times, body } => {
                let times = self.lowering.in_range(word, *times, 0, REPEAT_MAX);
                let body = self.block(body);
                SegmentKind::Repeat {
                    times: times?,
                    body,
                }
            }
            StepKind::Forever(body) => SegmentKind::Forever {
                body: self.block(body),
            },
            StepKind::Broken => return None,
        })
    }

    fn label(&self, label: Option<Span>) -> Option<String> {
        label.map(|span| self.unquoted(span))
    }

    fn unquoted(&self, span: Span) -> String {
        lexer::unquote(self.text_of(span))
    }

    // Tasks.

    fn any_task(&mut self, name: Span, word: &'static str) -> Option<(TaskIndex, TaskKind)> {
        let found = self.lowering.find_task(name, word);
        if let Some((task, _)) = found
            && task != self.task
        {
            self.lowering.named_by_others[task.0 as usize] = true;
        }
        found
    }

    /// `call f`: anything from the loop, only a `def` from a thread.
    fn called(&mut self, name: Span) -> Option<TaskIndex> {
        let (task, kind) = self.any_task(name, "call")?;
        if let (TaskKind::Async, Some(place)) = (kind, self.sync_place()) {
            let text = self.text_of(name);
            self.report(Diagnostic::call_from_sync(text, place, name));
            return None;
        }
        Some(task)
    }

    fn async_task(&mut self, word: &'static str, name: Span, keyword: Span) -> Option<TaskIndex> {
        let (task, kind) = self.any_task(name, word)?;
        if kind == TaskKind::Sync {
            let text = self.text_of(name);
            self.report(Diagnostic::needs_async(word, text, keyword, name));
            return None;
        }
        Some(task)
    }

    fn sync_task(&mut self, word: &'static str, name: Span, keyword: Span) -> Option<TaskIndex> {
        let (task, kind) = self.any_task(name, word)?;
        if kind == TaskKind::Async {
            let text = self.text_of(name);
            self.report(Diagnostic::needs_sync(word, text, keyword, name));
            return None;
        }
        Some(task)
    }

    fn members(&mut self, members: &[syntax::Member], step: &Step) -> Option<Vec<Member>> {
        let mut total: u128 = 0;
        let mut lowered = Vec::with_capacity(members.len());
        for member in members {
            let count = match member.count {
                None => Some(1),
                Some(count) if count.value > INSTANCES_MAX => Some(count.value),
                Some(count) => self.lowering.in_range("gather", count, 1, INSTANCES_MAX),
            };
            total += u128::from(count.unwrap_or(1));
            let task = self.async_task("gather", member.name, step.word);
            lowered.push(count.zip(task));
        }
        if total > u128::from(INSTANCES_MAX) {
            self.report(Diagnostic::too_many_instances(total, step.span));
            return None;
        }
        let member = |(count, task)| Member { count, task };
        lowered.into_iter().map(|found| found.map(member)).collect()
    }

    fn work(&mut self, word: &'static str, work: &syntax::Work, step: &Step) -> Option<Work> {
        match work {
            syntax::Work::Task(name) => Some(Work::Task(self.sync_task(word, *name, step.word)?)),
            syntax::Work::Body(block) => {
                let around = std::mem::replace(&mut self.place, Where::Offloaded(word));
                let body = self.block(block);
                self.place = around;
                Some(Work::Body(body))
            }
        }
    }

    // Handles.

    /// The handle that a `spawn` or `send` assigns: its own name, or the task's.
    fn assign(&mut self, task: Span, handle: Option<Span>) -> Option<HandleIndex> {
        let span = handle.unwrap_or(task);
        let name = self.text_of(span);
        if let (Some(_), Some(symbol)) = (handle, self.lowering.names.find(name))
            && let Meaning::Resource(_, kind) = symbol.meaning
        {
            self.report(Diagnostic::handle_takes_name(name, kind, span));
            return None;
        }
        if let Some(index) = self.find_handle(name) {
            return Some(index);
        }
        self.handles.push(Handle {
            span,
            as_clause: handle.map(|handle| task.behind().to(handle)),
            used: false,
        });
        u16::try_from(self.handles.len() - 1).ok().map(HandleIndex)
    }

    fn find_handle(&self, name: &str) -> Option<HandleIndex> {
        let is_it = |handle: &Handle| self.text_of(handle.span) == name;
        let index = self.handles.iter().position(is_it)?;
        u16::try_from(index).ok().map(HandleIndex)
    }

    fn handle(&mut self, span: Span, word: &'static str) -> Option<HandleIndex> {
        let name = self.text_of(span);
        if let Some(index) = self.find_handle(name) {
            self.handles[usize::from(index.0)].used = true;
            return Some(index);
        }
        if self.later.contains(name) {
            self.report(Diagnostic::wait_before_spawn(name, word, span));
            return None;
        }
        match self
            .lowering
            .names
            .find(name)
            .map(|symbol| symbol.meaning.kind())
        {
            Some(
                kind @ (Kind::Queue | Kind::Semaphore | Kind::Lock | Kind::Event | Kind::Condition),
            ) => {
                let wanted = if word == "wait" {
                    Wanted::Awaitable
                } else {
                    Wanted::Handle
                };
                self.report(Diagnostic::wrong_kind(name, kind, word, wanted, span));
            }
            Some(Kind::AsyncTask | Kind::SyncTask) | None => {
                let near = suggest::nearest(name, self.later.iter().copied());
                let near = near.filter(|_| self.lowering.names.find(name).is_none());
                self.report(Diagnostic::unknown_handle(name, near, word, span));
            }
        }
        None
    }

    /// `wait x`: a handle of this body first, then an event, then a condition.
    fn wait(&mut self, name: Span, step: &Step) -> Option<SegmentKind> {
        if self.find_handle(self.text_of(name)).is_none() {
            let symbol = self.lowering.names.find(self.text_of(name));
            match symbol.map(|symbol| symbol.meaning) {
                Some(Meaning::Resource(event, Kind::Event)) => {
                    return Some(SegmentKind::WaitEvent { event });
                }
                Some(Meaning::Resource(_, Kind::Condition)) => {
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

    fn resource(
        &mut self,
        span: Span,
        word: &'static str,
        wanted: Wanted,
    ) -> Option<ResourceIndex> {
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

    fn with(&mut self, name: Span, block: &Block, word: &'static str) -> Option<SegmentKind> {
        let resource = self.resource(name, word, Wanted::Lockable);
        let outside = self.held.len();
        self.held.extend(resource);
        let body = self.block(block);
        self.held.truncate(outside);
        Some(SegmentKind::With {
            resource: resource?,
            body,
        })
    }

    fn acquired(&mut self, name: Span, word: &'static str) -> Option<ResourceIndex> {
        let resource = self.resource(name, word, Wanted::Lockable)?;
        self.held.push(resource);
        Some(resource)
    }

    /// CPython raises when the condition is not held; the script may still say it.
    fn held_condition(
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

    fn notified(&mut self, count: Option<Count>) -> Option<u32> {
        let Some(count) = count else { return Some(1) };
        let count = self
            .lowering
            .in_range("notify", count, 1, u64::from(u32::MAX))?;
        u32::try_from(count).ok()
    }
}

// No text that is short enough holds too many segments: `cpu 1;` is the
// shortest one with its separator.
const _: () = assert!(SCRIPT_BYTES_MAX / "cpu 1;".len() < SEGMENTS_MAX);

/// More rounds than any simulation turns; [`crate::limits::STEPS_MAX`] ends it
/// long before.
const REPEAT_MAX: u64 = 1_000_000_000_000;

fn serves(kind: Kind, wanted: Wanted) -> bool {
    match wanted {
        Wanted::Task => matches!(kind, Kind::AsyncTask | Kind::SyncTask),
        Wanted::Queue => kind == Kind::Queue,
        Wanted::Lockable => matches!(kind, Kind::Semaphore | Kind::Lock | Kind::Condition),
        Wanted::Event => kind == Kind::Event,
        Wanted::Condition => kind == Kind::Condition,
        Wanted::Awaitable => matches!(kind, Kind::Event | Kind::Condition),
        Wanted::Handle => false,
    }
}

fn executor(offload: Offload) -> Executor {
    match offload {
        Offload::Thread => Executor::Pool,
        Offload::Executor => Executor::Own,
        Offload::Process => Executor::Process,
    }
}

fn length(written: &syntax::Length) -> Length {
    match *written {
        syntax::Length::Fixed(value) => Length::Fixed(duration(value)),
        syntax::Length::Uniform(low, high) => Length::Uniform {
            low: duration(low),
            high: duration(high),
        },
        syntax::Length::Exponential(mean) => Length::Exponential {
            mean: duration(mean),
        },
    }
}
