//! Tasks of the script: the lives as bodies, equal ones as one task.
//!
//! [`body`] writes the steps of a life as segments; [`fold`] shortens them.

mod body;
mod fold;

use super::lives::{Life, LifeIndex, Lives, StepKind, Token, TokenIndex};
use super::permits::Permit;
use super::{Fidelity, FitNote, FitSource};
use body::offload_word;
use model::time::{SimDuration, SimTime};
use model::trace::{LaneKind, Role, State};
use model::workload::SegmentId;
use std::collections::{BTreeMap, BTreeSet};

/// A segment, and its line in the program (0: none). Lines do not make segments different.
#[derive(Clone, Debug)]
pub(super) struct FittedSegment {
    pub(super) line: u32,
    pub(super) kind: FittedKind,
}

impl PartialEq for FittedSegment {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

pub(super) type FittedBody = Vec<FittedSegment>;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum FittedKind {
    /// E.g. `await 3s`.
    Plain(String),
    /// E.g. `print` with its text.
    Quoted(&'static str, String),
    /// `spawn f as h`; handles are numbered within their body.
    Start(&'static str, usize, Option<usize>),
    /// `thread f`, `shield f`.
    Call(&'static str, usize),
    Gather(bool, Vec<(u64, usize)>),
    /// `wait h`, `cancel h`.
    Handle(&'static str, usize),
    /// `put q`.
    Shared(&'static str, usize),
    Block(BlockHead, FittedBody),
    Try {
        body: FittedBody,
        except: Option<FittedBody>,
        finally: Option<FittedBody>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum BlockHead {
    Group,
    Repeat(u64),
    With(usize),
    /// `thread`, `executor`, `process`.
    Offload(&'static str),
}

/// A task of the script.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// The task in the trace's workload, whose name it gets.
    pub(super) task: usize,
    pub(super) is_work: bool,
    /// It only waits for work on a thread, so that this can be spawned; no instance of the run.
    pub(super) is_call: bool,
    pub(super) body: FittedBody,
    /// The first of its instances.
    pub(super) first: LifeIndex,
}

/// A resource that tasks of the script share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shared {
    pub(super) kind: SharedKind,
    /// Its waits are at this segment, which names it.
    pub(super) segment: SegmentId,
    pub(super) state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SharedKind {
    Queue,
    Event,
    Lock,
    Semaphore(usize),
}

/// Every task, resource and arrival of the script.
#[derive(Debug)]
pub(super) struct FittedProgram {
    pub(super) definitions: Vec<Definition>,
    pub(super) shared: Vec<Shared>,
    /// The definition of each arrival, in order.
    pub(super) arrived: Vec<(LifeIndex, usize)>,
    /// The definition of each instance; `None` for one that is a part of another.
    pub(super) of_life: Vec<Option<usize>>,
    /// When each instance began.
    pub(super) begun: Vec<SimDuration>,
    pub(super) notes: BTreeSet<FitNote>,
}

pub(super) fn write(
    lives: &Lives,
    permits: &[Permit],
    fidelity: Fidelity,
    source: &FitSource<'_>,
) -> FittedProgram {
    let mut writer = Writer {
        lives,
        fidelity,
        source,
        program: FittedProgram {
            definitions: Vec::new(),
            shared: Vec::new(),
            arrived: Vec::new(),
            of_life: vec![None; lives.all.len()],
            begun: lives
                .all
                .iter()
                .map(|life| life.begun.since(SimTime::ZERO))
                .collect(),
            notes: BTreeSet::new(),
        },
        by_task: BTreeMap::new(),
        tokens: vec![None; lives.tokens.len()],
        joined: vec![false; lives.all.len()],
        permits: Vec::new(),
        never: None,
    };
    writer.permits = permits
        .iter()
        .map(|permit| writer.program.share_permit(*permit))
        .collect();
    writer.share_tokens();
    writer.note_joins();
    writer.write_lives();
    writer.program
}

impl FittedProgram {
    fn share(&mut self, shared: Shared) -> usize {
        self.shared.push(shared);
        self.shared.len() - 1
    }

    fn share_permit(&mut self, permit: Permit) -> usize {
        self.share(Shared {
            kind: match permit.count {
                1 => SharedKind::Lock,
                count => SharedKind::Semaphore(count),
            },
            segment: permit.segment,
            state: State::WaitingPermit,
        })
    }
}

struct Writer<'l> {
    lives: &'l Lives,
    fidelity: Fidelity,
    source: &'l FitSource<'l>,
    program: FittedProgram,
    /// The definitions of each task of the trace.
    by_task: BTreeMap<(usize, bool), Vec<usize>>,
    /// The shared resource of each token; `None` if the wait is a length.
    tokens: Vec<Option<usize>>,
    /// Whether another waits for it by a handle.
    joined: Vec<bool>,
    permits: Vec<usize>,
    /// An event that no task sets.
    never: Option<usize>,
}

impl Writer<'_> {
    /// Gives tokens a queue or an event each. Waits at one segment share a queue, so that a loop
    /// stays a loop; a single one is an event.
    fn share_tokens(&mut self) {
        if self.fidelity.lengths {
            return;
        }
        let mut classes: BTreeMap<(State, SegmentId, usize), Vec<TokenIndex>> = BTreeMap::new();
        for (index, token) in self.lives.tokens.iter().enumerate() {
            // A cancellation or an end is about one task, not about the first that waits.
            let own = token.is_cut || token.state == State::WaitingTask;
            let step = if own { 1 + token.step } else { 0 };
            classes
                .entry((token.state, token.segment, step))
                .or_default()
                .push(index);
        }
        for ((state, segment, _), tokens) in classes {
            if self.fidelity.permits && state == State::WaitingPermit {
                let replaced = |&token: &TokenIndex| !self.lives.tokens[token].is_cut;
                if !self.permits.is_empty() && tokens.iter().all(replaced) {
                    continue;
                }
            }
            let tokens: Vec<TokenIndex> = tokens
                .into_iter()
                .filter(|&token| !self.is_cancel(token))
                .collect();
            let Some(first) = tokens.first().map(|&token| self.lives.tokens[token]) else {
                continue;
            };
            let is_once = tokens.iter().all(|&token| {
                let token = self.lives.tokens[token];
                token.by == first.by && token.step == first.step
            });
            let kind = if is_once {
                SharedKind::Event
            } else {
                SharedKind::Queue
            };
            let shared = self.program.share(Shared {
                kind,
                segment,
                state,
            });
            for token in tokens {
                self.tokens[token] = Some(shared);
            }
        }
    }

    /// Whether a cut can be written as `cancel h`: the parent cancels, and the task ends by it.
    fn is_cancel(&self, token: TokenIndex) -> bool {
        let token: Token = self.lives.tokens[token];
        let waiter = &self.lives.all[token.waiter];
        let cuts = waiter
            .steps
            .iter()
            .filter(|step| matches!(step.kind, StepKind::Cut { token: Some(_), .. }));
        self.fidelity.failures
            && token.is_cut
            && waiter.parent == Some(token.by)
            && matches!(waiter.role, Role::Spawned | Role::Grouped)
            && matches!(waiter.end, Some((State::Cancelled, _)))
            && cuts.count() == 1
            && !waiter
                .steps
                .iter()
                .any(|step| matches!(step.kind, StepKind::GroupEnd(_)))
    }

    fn note_joins(&mut self) {
        for (index, life) in self.lives.all.iter().enumerate() {
            for step in &life.steps {
                match &step.kind {
                    StepKind::Join { children, .. } | StepKind::GroupEnd(children) => {
                        for &child in children {
                            self.joined[child] = true;
                        }
                    }
                    &StepKind::Wake(token)
                        if self.is_cancel(token) && self.lives.tokens[token].by == index =>
                    {
                        self.joined[self.lives.tokens[token].waiter] = true;
                    }
                    _ => {}
                }
            }
        }
    }

    /// From the last to the first, because a parent's body names its children.
    fn write_lives(&mut self) {
        let lives = self.lives;
        let arrived: BTreeSet<LifeIndex> = lives.arrived.iter().copied().collect();
        for index in (0..lives.all.len()).rev() {
            let life = &lives.all[index];
            // A part is in the body of its owner.
            if life.role == Role::Part && life.parent.is_some() {
                continue;
            }
            let handler = self.handler_work(life);
            let (is_work, body) = match handler {
                Some(work) => (true, self.body(&lives.all[work])),
                None => (life.is_work, self.body(life)),
            };
            if let Some(work) = handler {
                self.program.of_life[work] = None;
            }
            let definition = self.define(life.task, is_work, false, body, index);
            self.program.of_life[index] = Some(definition);
            if arrived.contains(&index) {
                let is_pool = life.lane == Some(LaneKind::PoolThread);
                let started = if handler.is_none() && life.is_work && !is_pool {
                    self.call_of(index)
                } else {
                    definition
                };
                self.program.arrived.push((index, started));
            }
        }
        let order: BTreeMap<LifeIndex, usize> = lives
            .arrived
            .iter()
            .enumerate()
            .map(|(order, &life)| (life, order))
            .collect();
        self.program
            .arrived
            .sort_by_key(|(life, _)| order.get(life).copied());
    }

    /// The work of a request whose handler is a `def`.
    fn handler_work(&self, life: &Life) -> Option<LifeIndex> {
        let mut rest = life
            .steps
            .iter()
            .filter(|step| step.kind != StepKind::Yield);
        let StepKind::Offload {
            work: Some(work), ..
        } = rest.next()?.kind
        else {
            return None;
        };
        let other = &self.lives.all[work];
        let is_same = self.source.name(life.task) == self.source.name(other.task);
        let is_handler = life.role == Role::Handler
            || (life.role == Role::Arrived && life.parent.is_none() && is_same);
        let only_responds = rest.all(|step| step.kind == StepKind::Respond);
        (is_handler && only_responds && other.lane == Some(LaneKind::PoolThread)).then_some(work)
    }

    fn define(
        &mut self,
        task: usize,
        is_work: bool,
        is_call: bool,
        body: FittedBody,
        first: LifeIndex,
    ) -> usize {
        let same = self.by_task.entry((task, is_work)).or_default();
        let definitions = &mut self.program.definitions;
        let found = same.iter().copied().find(|&index| {
            definitions[index].is_call == is_call && definitions[index].body == body
        });
        if let Some(found) = found {
            definitions[found].first = definitions[found].first.min(first);
            return found;
        }
        definitions.push(Definition {
            task,
            is_work,
            is_call,
            body,
            first,
        });
        same.push(definitions.len() - 1);
        definitions.len() - 1
    }

    /// A coroutine that waits for this work, so that a task can start it and go on.
    fn call_of(&mut self, work: LifeIndex) -> usize {
        let life = &self.lives.all[work];
        let word = offload_word(life);
        let node = match self.program.of_life[work] {
            Some(definition) => FittedKind::Call(word, definition),
            None => FittedKind::Block(BlockHead::Offload(word), self.body(life)),
        };
        let body = vec![FittedSegment {
            line: 0,
            kind: node,
        }];
        self.define(life.task, false, true, body, work)
    }

    /// The task that starts this instance.
    fn start_of(&mut self, child: LifeIndex) -> usize {
        let life = &self.lives.all[child];
        if life.is_work && life.role != Role::Sent {
            return self.call_of(child);
        }
        // Children have greater numbers, so they are written.
        self.program.of_life[child].unwrap_or(0)
    }
}
