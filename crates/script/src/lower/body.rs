//! Lowering of bodies: checks which segments are allowed where. Names are left to
//! [`super::reference`].

use std::collections::{BTreeMap, BTreeSet};

use super::statement::duration;
use super::{Lowering, place_of_span};
use crate::diagnostic::Diagnostic;
use crate::diagnostics::{NameKind, SyncPlace, Wanted};
use crate::lexer;
use crate::span::Span;
use crate::syntax::{self, Block, Offload, SegmentNode, SegmentNodeKind};
use crate::vocabulary::{SEGMENTS, Verb, spelling};
use model::limits::{SCRIPT_BYTES_MAX, SEGMENTS_MAX};
use model::workload::{
    Body, Executor, HandleIndex, Length, ResourceIndex, Segment, SegmentId, SegmentKind, TaskIndex,
    TaskKind,
};

/// Lowers the body of a task. Returns it with the names of its handles.
pub(super) fn lower(
    lowering: &mut Lowering,
    task: TaskIndex,
    kind: TaskKind,
    block: &Block,
) -> (Body, Vec<String>) {
    let place = match kind {
        TaskKind::Async => Where::Async,
        TaskKind::Sync => Where::Def,
    };
    let mut scope = BodyScope::of_function(lowering, task, place, block);
    let body = scope.lower_block(block);
    scope.close(body)
}

/// Collects the handles that a body assigns anywhere.
fn collect_handles<'t>(text: &'t str, block: &Block, names: &mut BTreeSet<&'t str>) {
    for step in &block.steps {
        if let SegmentNodeKind::Spawn { task, handle } | SegmentNodeKind::Send { task, handle } =
            &step.kind
        {
            names.insert(handle.unwrap_or(*task).of(text));
        }
        let blocks = step.kind.blocks();
        // The block of a `wait_for` is another function.
        let others = usize::from(matches!(step.kind, SegmentNodeKind::WaitFor { .. }));
        for block in blocks.into_iter().skip(others) {
            collect_handles(text, block, names);
        }
    }
}

/// The state of lowering one task's body.
pub(super) struct BodyScope<'a, 't, 'd> {
    pub(super) lowering: &'a mut Lowering<'t, 'd>,
    pub(super) task: TaskIndex,
    pub(super) place: Where,
    /// The handles assigned so far, in the order of their first assignment.
    pub(super) handles: Vec<HandleBinding>,
    pub(super) handle_indices: BTreeMap<&'t str, HandleIndex>,
    /// The handles that the body assigns anywhere.
    pub(super) later: BTreeSet<&'t str>,
    /// The handles of the functions around this one, which it cannot use.
    pub(super) around: BTreeSet<&'t str>,
    /// The resources that are held here, by an enclosing `with` or an earlier `acquire`.
    pub(super) held: Vec<ResourceIndex>,
}

pub(super) struct HandleBinding {
    pub(super) span: Span,
    /// The span of ` as h`, if it was written.
    pub(super) as_clause: Option<Span>,
    pub(super) used: bool,
}

/// The kind of code that runs the segments here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    Async,
    Def,
    /// The block of a `thread:`, `executor:` or `process:`, with that word.
    Offloaded(&'static str),
}

impl<'a, 't, 'd> BodyScope<'a, 't, 'd> {
    /// The beginning of a function, which has its own handles.
    fn of_function(
        lowering: &'a mut Lowering<'t, 'd>,
        task: TaskIndex,
        place: Where,
        block: &Block,
    ) -> Self {
        // Collected first, to tell a handle that is used too early from an unknown one.
        let mut later = BTreeSet::new();
        collect_handles(lowering.text, block, &mut later);
        Self {
            lowering,
            task,
            place,
            handles: Vec::new(),
            handle_indices: BTreeMap::new(),
            later,
            around: BTreeSet::new(),
            held: Vec::new(),
        }
    }

    /// The end of a function: its body, and the names of its handles.
    fn close(self, body: Body) -> (Body, Vec<String>) {
        for handle in self.handles.iter().filter(|handle| !handle.used) {
            if let Some(clause) = handle.as_clause {
                let name = handle.span.of(self.lowering.text);
                self.lowering
                    .report(Diagnostic::unused_handle(name, handle.span, clause));
            }
        }
        let name = |handle: &HandleBinding| handle.span.of(self.lowering.text).to_owned();
        (body, self.handles.iter().map(name).collect())
    }
}

impl<'t> BodyScope<'_, 't, '_> {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.lowering.report(diagnostic);
    }

    pub(super) fn text_of(&self, span: Span) -> &'t str {
        self.lowering.text_of(span)
    }

    pub(super) fn lower_block(&mut self, block: &Block) -> Body {
        block
            .steps
            .iter()
            .filter_map(|step| self.lower_step(step))
            .collect()
    }

    fn lower_step(&mut self, step: &SegmentNode) -> Option<Segment> {
        let verb = step.kind.verb()?;
        // Numbered before its blocks, so that ids follow the order of the text.
        let places = &mut self.lowering.lowered.workload.places;
        let id = SegmentId(places.len() as u32);
        places.push(place_of_span(step.line, step.span));
        self.check_place(verb, step)?;
        let kind = self.lower_kind(spelling(SEGMENTS, verb), step)?;
        Some(Segment { id, kind })
    }

    /// Checks that a segment of this kind is allowed here, e.g. no `await` in a `def`.
    fn check_place(&mut self, verb: Verb, step: &SegmentNode) -> Option<()> {
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
            _ if self.takes_from_a_pool(&step.kind) => Some(()),
            // FastAPI runs background tasks after a `def` handler, too.
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

    /// Whether it is about a pool, whose permits threads can take.
    fn takes_from_a_pool(&self, kind: &SegmentNodeKind) -> bool {
        let (SegmentNodeKind::With { resource: name, .. }
        | SegmentNodeKind::Acquire(name)
        | SegmentNodeKind::Release(name)) = kind
        else {
            return false;
        };
        let symbol = self.lowering.names.find(self.text_of(*name));
        symbol.is_some_and(|symbol| symbol.meaning.kind() == NameKind::Pool)
    }

    pub(super) fn sync_place(&self) -> Option<SyncPlace> {
        match self.place {
            Where::Async => None,
            Where::Offloaded(word) => Some(SyncPlace::Block(word)),
            Where::Def => {
                let name = self.lowering.lowered.task_names[self.task.0 as usize];
                Some(SyncPlace::Def(self.text_of(name).to_owned()))
            }
        }
    }

    fn lower_kind(&mut self, word: &'static str, step: &SegmentNode) -> Option<SegmentKind> {
        Some(match &step.kind {
            SegmentNodeKind::Cpu(written, label) => SegmentKind::Cpu {
                length: lower_length(written),
                label: self.label_text(*label),
            },
            SegmentNodeKind::Await(written, label) => SegmentKind::Await {
                length: lower_length(written),
                label: self.label_text(*label),
            },
            SegmentNodeKind::Block(written, label) => SegmentKind::Block {
                length: lower_length(written),
                label: self.label_text(*label),
            },
            SegmentNodeKind::Yield => SegmentKind::Yield,
            SegmentNodeKind::Respond => SegmentKind::Respond,
            SegmentNodeKind::Call(name) => SegmentKind::Call {
                task: self.called_task(*name)?,
            },
            SegmentNodeKind::Shield(name) => SegmentKind::Shield {
                task: self.async_task(word, *name, step.word)?,
            },
            SegmentNodeKind::WaitFor {
                after,
                work,
                otherwise,
            } => {
                let (task, is_block) = match work {
                    syntax::WorkNode::Task(task) => {
                        (self.async_task(word, *task, step.word)?, false)
                    }
                    syntax::WorkNode::Body(block) => (self.lower_limited(block, step), true),
                };
                SegmentKind::WaitFor {
                    after: lower_length(after),
                    task,
                    is_block,
                    otherwise: otherwise
                        .as_ref()
                        .map(|clause| self.lower_block(&clause.body)),
                }
            }
            SegmentNodeKind::Spawn { task, handle } => SegmentKind::Spawn {
                task: self.async_task(word, *task, step.word)?,
                handle: Some(self.assign_handle(*task, *handle)?),
            },
            SegmentNodeKind::Send { task, handle } => SegmentKind::Send {
                task: self.sync_task(word, *task, step.word)?,
                handle: Some(self.assign_handle(*task, *handle)?),
            },
            SegmentNodeKind::Wait(name) => self.lower_wait(*name, step)?,
            SegmentNodeKind::Cancel(name) => SegmentKind::Cancel {
                handle: self.handle(*name, word)?,
            },
            SegmentNodeKind::Gather { mode, members } => SegmentKind::Gather {
                members: self.lower_members(word, members, step)?,
                mode: *mode,
            },
            SegmentNodeKind::AsCompleted { members, body } => {
                // The body is lowered even without its members, so that its mistakes are reported.
                let members = self.lower_members(word, members, step);
                let body = self.lower_block(body);
                SegmentKind::AsCompleted {
                    members: members.filter(|members| !members.is_empty())?,
                    body,
                }
            }
            SegmentNodeKind::Group(body) => SegmentKind::Group {
                body: self.lower_block(body),
            },
            SegmentNodeKind::Offload { to, work } => SegmentKind::Offload {
                to: lower_offload(*to),
                work: self.lower_work(word, work, step)?,
            },
            SegmentNodeKind::Put(name) => SegmentKind::Put {
                queue: self.resource(*name, word, Wanted::Queue)?,
            },
            SegmentNodeKind::Get(name) => SegmentKind::Get {
                queue: self.resource(*name, word, Wanted::Queue)?,
            },
            SegmentNodeKind::Shutdown(name) => {
                self.lowering.newer.shutdown.get_or_insert(step.word);
                SegmentKind::Shutdown {
                    queue: self.resource(*name, word, Wanted::Queue)?,
                }
            }
            SegmentNodeKind::With { resource, body } => self.lower_with(*resource, body, word)?,
            SegmentNodeKind::Acquire(name) => SegmentKind::Acquire {
                resource: self.acquired_resource(*name, word)?,
            },
            SegmentNodeKind::Release(name) => SegmentKind::Release {
                resource: self.resource(*name, word, Wanted::Lockable)?,
            },
            SegmentNodeKind::Set(name) => SegmentKind::SetEvent {
                event: self.resource(*name, word, Wanted::Event)?,
            },
            SegmentNodeKind::Clear(name) => SegmentKind::ClearEvent {
                event: self.resource(*name, word, Wanted::Event)?,
            },
            SegmentNodeKind::Notify { condition, count } => SegmentKind::Notify {
                condition: self.held_condition(*condition, word, step.span)?,
                count: self.notified_count(*count)?,
            },
            SegmentNodeKind::Print(text) => SegmentKind::Print {
                text: self.unquoted_text(*text),
            },
            SegmentNodeKind::Fail(text) => SegmentKind::Fail {
                text: self.unquoted_text(*text),
            },
            SegmentNodeKind::Timeout {
                after,
                body,
                otherwise,
            } => SegmentKind::Timeout {
                after: lower_length(after),
                body: self.lower_block(body),
                otherwise: otherwise
                    .as_ref()
                    .map(|clause| self.lower_block(&clause.body)),
            },
            SegmentNodeKind::Try {
                body,
                except,
                finally,
            } => SegmentKind::Try {
                body: self.lower_block(body),
                except: except.as_ref().map(|clause| self.lower_block(&clause.body)),
                finally: finally
                    .as_ref()
                    .map(|clause| self.lower_block(&clause.body)),
            },
            SegmentNodeKind::Repeat { times, body } => {
                // The body is lowered even for an invalid count, so that its mistakes are
                // reported.
                let times = self.lowering.in_range(word, *times, 0, REPEAT_MAX);
                let body = self.lower_block(body);
                SegmentKind::Repeat {
                    times: times?,
                    body,
                }
            }
            SegmentNodeKind::Forever(body) => SegmentKind::Forever {
                body: self.lower_block(body),
            },
            SegmentNodeKind::Broken => return None,
        })
    }

    /// Makes a task of the block of a `wait_for`.
    fn lower_limited(&mut self, block: &Block, step: &SegmentNode) -> TaskIndex {
        let index = self.lowering.declare_block(self.task, step.line, step.span);
        let mut around = self.around.clone();
        around.extend(&self.later);
        let mut inner = BodyScope::of_function(self.lowering, index, Where::Async, block);
        inner.around = around;
        inner.held.clone_from(&self.held);
        let body = inner.lower_block(block);
        let (body, handles) = inner.close(body);
        self.lowering.define_block(index, body, handles);
        index
    }

    fn label_text(&self, label: Option<Span>) -> Option<String> {
        label.map(|span| self.unquoted_text(span))
    }

    fn unquoted_text(&self, span: Span) -> String {
        lexer::unquote(self.text_of(span))
    }
}

// A text within its limit cannot hold too many segments: the shortest one is `cpu 1;`.
const _: () = assert!(SCRIPT_BYTES_MAX / "cpu 1;".len() < SEGMENTS_MAX);

/// A bound far beyond any simulation, which ends at [`model::limits::STEPS_MAX`].
const REPEAT_MAX: u64 = 1_000_000_000_000;

fn lower_offload(offload: Offload) -> Executor {
    match offload {
        Offload::Thread => Executor::Pool,
        Offload::Executor => Executor::Own,
        Offload::Process => Executor::Process,
    }
}

fn lower_length(written: &syntax::LengthNode) -> Length {
    match *written {
        syntax::LengthNode::Fixed(value) => Length::Fixed(duration(value)),
        syntax::LengthNode::Uniform(low, high) => Length::Uniform {
            low: duration(low),
            high: duration(high),
        },
        syntax::LengthNode::Exponential(mean) => Length::Exponential {
            mean: duration(mean),
        },
    }
}
