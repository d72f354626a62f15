//! Lowering of bodies: checks which segments are allowed where. Names are left to
//! [`super::reference`].

use std::collections::{BTreeMap, BTreeSet};

use super::statement::duration;
use super::{Lowering, place};
use crate::diagnostic::Diagnostic;
use crate::diagnostics::{SyncPlace, Wanted};
use crate::lexer;
use crate::span::Span;
use crate::syntax::{self, Block, Offload, Step, StepKind};
use crate::vocabulary::{SEGMENTS, Verb, spelling};
use model::limits::{SCRIPT_BYTES_MAX, SEGMENTS_MAX};
use model::workload::{
    Body, Executor, GatherErrors, HandleIndex, Length, ResourceIndex, Segment, SegmentId,
    SegmentKind, TaskIndex, TaskKind,
};

/// Lowers the body of a task. Returns it with the names of its handles.
pub(super) fn lower(
    lowering: &mut Lowering,
    task: TaskIndex,
    kind: TaskKind,
    block: &Block,
) -> (Body, Vec<String>) {
    // Collected first, to tell a handle that is used too early from an unknown one.
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
        handle_indices: BTreeMap::new(),
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

/// Collects the handles that a body assigns anywhere.
fn collect_handles<'t>(text: &'t str, block: &Block, names: &mut BTreeSet<&'t str>) {
    for step in &block.steps {
        if let StepKind::Spawn { task, handle } | StepKind::Send { task, handle } = &step.kind {
            names.insert(handle.unwrap_or(*task).of(text));
        }
        for block in step.kind.blocks() {
            collect_handles(text, block, names);
        }
    }
}

/// The state of lowering one task's body.
pub(super) struct Scope<'a, 't, 'd> {
    pub(super) lowering: &'a mut Lowering<'t, 'd>,
    pub(super) task: TaskIndex,
    pub(super) place: Where,
    /// The handles assigned so far, in the order of their first assignment.
    pub(super) handles: Vec<Handle>,
    pub(super) handle_indices: BTreeMap<&'t str, HandleIndex>,
    /// The handles that the body assigns anywhere.
    pub(super) later: BTreeSet<&'t str>,
    /// The resources that are held here, by an enclosing `with` or an earlier `acquire`.
    pub(super) held: Vec<ResourceIndex>,
}

pub(super) struct Handle {
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

impl<'t> Scope<'_, 't, '_> {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.lowering.report(diagnostic);
    }

    pub(super) fn text_of(&self, span: Span) -> &'t str {
        self.lowering.text_of(span)
    }

    pub(super) fn block(&mut self, block: &Block) -> Body {
        block
            .steps
            .iter()
            .filter_map(|step| self.step(step))
            .collect()
    }

    fn step(&mut self, step: &Step) -> Option<Segment> {
        let verb = step.kind.verb()?;
        // Numbered before its blocks, so that ids follow the order of the text.
        let places = &mut self.lowering.lowered.workload.places;
        let id = SegmentId(places.len() as u32);
        places.push(place(step.line, step.span));
        self.check_place(verb, step)?;
        let kind = self.kind(spelling(SEGMENTS, verb), step)?;
        Some(Segment { id, kind })
    }

    /// Checks that a segment of this kind is allowed here, e.g. no `await` in a `def`.
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
                // The body is lowered even for an invalid count, so that its mistakes are
                // reported.
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
}

// A text within its limit cannot hold too many segments: the shortest one is `cpu 1;`.
const _: () = assert!(SCRIPT_BYTES_MAX / "cpu 1;".len() < SEGMENTS_MAX);

/// A bound far beyond any simulation, which ends at [`model::limits::STEPS_MAX`].
const REPEAT_MAX: u64 = 1_000_000_000_000;

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
