//! The body of a task: the steps of a life as segments.

use super::super::lives::{Life, LifeIndex, Step, StepKind, TokenIndex, longer_than};
use super::super::{FitNote, NoteKind};
use super::fold::{close_locks, fold};
use super::{BlockHead, FittedBody, FittedKind, FittedSegment, Shared, SharedKind, Writer};
use model::limits::DURATION_MAX;
use model::time::SimDuration;
use model::trace::{LaneKind, Role, State};
use model::workload::SegmentId;

/// The handles of a body: the child of each.
type Handles = Vec<LifeIndex>;

impl Writer<'_> {
    pub(super) fn body(&mut self, life: &Life) -> FittedBody {
        let mut handles = Handles::new();
        let mut nodes = self.steps(life, 0, life.steps.len(), &mut handles);
        let fails = matches!(life.end, Some((State::Failed, _)));
        if self.fidelity.failures && fails && !self.ends_by_child(life) {
            nodes.push(FittedSegment {
                line: life
                    .steps
                    .last()
                    .map_or(0, |step| self.source.line(step.segment)),
                kind: FittedKind::Quoted("fail", "failed".to_owned()),
            });
        }
        let nodes = fold(close_locks(nodes));
        if nodes.is_empty() {
            return vec![FittedSegment {
                line: 0,
                kind: FittedKind::Plain("cpu 0s".to_owned()),
            }];
        }
        nodes
    }

    /// Whether its last step raises, because a task that it waited for did not end well.
    fn ends_by_child(&self, life: &Life) -> bool {
        let last = life.steps.iter().rev();
        let mut last = last.filter(|step| !matches!(step.kind, StepKind::Wake(_)));
        last.next().is_some_and(|step| self.raises(step))
    }

    fn raises(&self, step: &Step) -> bool {
        let has_failed =
            |child: &LifeIndex| matches!(self.lives.all[*child].end, Some((State::Failed, _)));
        match &step.kind {
            StepKind::Join { children, all } => {
                (!*all || children.len() == 1) && children.iter().any(has_failed)
            }
            StepKind::GroupEnd(children) => children.iter().any(has_failed),
            StepKind::Offload {
                work: Some(work), ..
            } => has_failed(work),
            _ => false,
        }
    }

    fn steps(&mut self, life: &Life, from: usize, to: usize, handles: &mut Handles) -> FittedBody {
        let mut nodes = FittedBody::new();
        let mut position = from;
        while position < to {
            if let Some(end) = self.group_at(life, position, to) {
                let body = self.steps(life, position, end, handles);
                // The end itself is no segment.
                let group = FittedKind::Block(BlockHead::Group, fold(close_locks(body)));
                self.push_raising(life, end, group, &mut nodes);
                position = end + 1;
                continue;
            }
            if let Some(over) = self.children(life, position, to, handles, &mut nodes) {
                position = over;
                continue;
            }
            let step = &life.steps[position];
            if self.fidelity.failures
                && let StepKind::Cut { length, token, .. } = step.kind
                && token.is_some_and(|token| self.is_cancel(token))
            {
                let body = self.awaiting(longer_than(length), step);
                let rest = self.steps(life, position + 1, to, handles);
                if rest.is_empty() {
                    nodes.extend(body);
                } else {
                    nodes.push(FittedSegment {
                        line: self.source.line(step.segment),
                        kind: FittedKind::Try {
                            body,
                            except: None,
                            finally: Some(fold(close_locks(rest))),
                        },
                    });
                }
                self.note(step.segment, NoteKind::CutShort);
                return nodes;
            }
            self.step(life, position, handles, &mut nodes);
            position += 1;
        }
        nodes
    }

    /// The end of the group that begins with this step.
    fn group_at(&self, life: &Life, position: usize, to: usize) -> Option<usize> {
        let StepKind::Child(child) = life.steps[position].kind else {
            return None;
        };
        if !self.fidelity.groups || self.lives.all[child].role != Role::Grouped {
            return None;
        }
        let ends = life.steps[position..to].iter().enumerate().rev();
        let mut ends = ends.filter(|(_, step)| {
            matches!(&step.kind, StepKind::GroupEnd(children) if children.first() == Some(&child))
        });
        ends.next().map(|(offset, _)| position + offset)
    }

    /// Children that are started together, and a `gather` if they are also awaited together.
    /// Returns the position after them.
    fn children(
        &mut self,
        life: &Life,
        position: usize,
        to: usize,
        handles: &mut Handles,
        nodes: &mut FittedBody,
    ) -> Option<usize> {
        let child_at = |at: usize| match life.steps.get(at).map(|step| &step.kind) {
            Some(&StepKind::Child(child)) if at < to => Some(child),
            _ => None,
        };
        child_at(position)?;
        let end = (position..to)
            .find(|&at| child_at(at).is_none())
            .unwrap_or(to);
        let (joined, collect) = match life
            .steps
            .get(end)
            .filter(|_| end < to)
            .map(|step| &step.kind)
        {
            Some(StepKind::Join { children, all }) => (children.as_slice(), *all),
            _ => (&[][..], false),
        };
        let in_gather = |at: usize| {
            child_at(at).is_some_and(|child| {
                joined.contains(&child) && self.lives.all[child].role != Role::Sent
            })
        };
        let first = (position..end)
            .rev()
            .take_while(|&at| in_gather(at))
            .last()
            .unwrap_or(end);
        let is_whole = end - first == joined.len();
        let one = (joined.len() == 1).then(|| &self.lives.all[joined[0]]);
        let is_shield = one.is_some_and(|one| one.role == Role::Shielded);
        let is_gather = is_whole
            && match one {
                Some(one) => one.role == Role::Gathered,
                None => !joined.is_empty(),
            };
        if !(is_gather || (is_whole && is_shield)) {
            let at = position;
            let child = child_at(at)?;
            self.start(child, &life.steps[at], handles, nodes);
            return Some(at + 1);
        }
        for at in position..first {
            if let Some(child) = child_at(at) {
                self.start(child, &life.steps[at], handles, nodes);
            }
        }
        let started: Vec<usize> = (first..end)
            .filter_map(child_at)
            .map(|child| self.start_of(child))
            .collect();
        let kind = if is_shield {
            FittedKind::Call("shield", started[0])
        } else {
            let mut members: Vec<(u64, usize)> = Vec::new();
            for task in started {
                match members.last_mut() {
                    Some((count, last)) if *last == task => *count += 1,
                    _ => members.push((1, task)),
                }
            }
            let failed =
                |child: &LifeIndex| matches!(self.lives.all[*child].end, Some((State::Failed, _)));
            FittedKind::Gather(collect && joined.iter().any(failed), members)
        };
        self.push_raising(life, end, kind, nodes);
        Some(end + 1)
    }

    fn start(
        &mut self,
        child: LifeIndex,
        step: &Step,
        handles: &mut Handles,
        nodes: &mut FittedBody,
    ) {
        let task = self.start_of(child);
        let handle = self.joined[child].then(|| handle_of(handles, child));
        let word = match self.lives.all[child].role {
            Role::Sent => "send",
            _ => "spawn",
        };
        nodes.push(self.node(step, FittedKind::Start(word, task, handle)));
    }

    /// A segment that waits for others. If that raises here and the task goes on, the program
    /// caught it.
    fn push_raising(&mut self, life: &Life, at: usize, kind: FittedKind, nodes: &mut FittedBody) {
        let step = &life.steps[at];
        let node = self.node(step, kind);
        let goes_on = at + 1 < life.steps.len()
            && life.steps[at + 1..]
                .iter()
                .any(|step| !matches!(step.kind, StepKind::Wake(_)))
            || !matches!(life.end, Some((State::Failed, _)));
        if !(self.fidelity.failures && self.raises(step) && goes_on) {
            return nodes.push(node);
        }
        nodes.push(FittedSegment {
            line: node.line,
            kind: FittedKind::Try {
                body: vec![node],
                except: Some(vec![FittedSegment {
                    line: 0,
                    kind: FittedKind::Plain("cpu 0s".to_owned()),
                }]),
                finally: None,
            },
        });
    }

    fn node(&self, step: &Step, kind: FittedKind) -> FittedSegment {
        FittedSegment {
            line: self.source.line(step.segment),
            kind,
        }
    }

    fn note(&mut self, segment: SegmentId, kind: NoteKind) {
        let line = self.source.line(segment);
        self.program.notes.insert(FitNote { line, kind });
    }

    fn awaiting(&self, length: SimDuration, step: &Step) -> FittedBody {
        self.lasting("await", length, step)
    }

    /// A script's duration is at most a day.
    fn lasting(&self, word: &str, length: SimDuration, step: &Step) -> FittedBody {
        let mut nodes = FittedBody::new();
        let mut rest = length;
        while rest > DURATION_MAX {
            nodes.push(self.node(step, FittedKind::Plain(format!("{word} {DURATION_MAX}"))));
            rest -= DURATION_MAX;
        }
        nodes.push(self.node(step, FittedKind::Plain(format!("{word} {rest}"))));
        nodes
    }

    fn step(
        &mut self,
        life: &Life,
        position: usize,
        handles: &mut Handles,
        nodes: &mut FittedBody,
    ) {
        let step = &life.steps[position];
        match &step.kind {
            // A blank turn of the loop, not a step of the program.
            StepKind::Cpu(length) if length.is_zero() => {}
            StepKind::Cpu(length) => nodes.extend(self.lasting("cpu", *length, step)),
            StepKind::Block(length) if length.is_zero() => {}
            StepKind::Block(length) => nodes.extend(self.lasting("block", *length, step)),
            StepKind::Await(length) if length.is_zero() => self.plain(step, "yield", nodes),
            StepKind::Await(length) => nodes.extend(self.awaiting(*length, step)),
            StepKind::Yield => {
                if !life.is_work {
                    self.plain(step, "yield", nodes);
                }
            }
            StepKind::Child(_) => {}
            &StepKind::Offload { work, was_queued } => {
                self.offload(life, position, work, was_queued, nodes);
            }
            StepKind::Join { children, .. } => {
                self.join(life, position, children, handles, nodes);
            }
            StepKind::GroupEnd(children) => {
                let mut children = children.clone();
                children.sort_by_key(|&child| self.lives.all[child].end.map(|(_, at)| at));
                self.join(life, position, &children, handles, nodes);
            }
            &StepKind::Wait {
                length,
                token,
                state,
            } => match token.and_then(|token| self.tokens[token]) {
                Some(shared) => {
                    let word = self.waiting_word(shared);
                    nodes.push(self.node(step, FittedKind::Shared(word, shared)));
                }
                None => {
                    self.keep_length(step, length, nodes);
                    if !length.is_zero() {
                        self.note(step.segment, NoteKind::KeptLength(state));
                    }
                }
            },
            &StepKind::Cut {
                length,
                token,
                by_group,
            } => match token.and_then(|token| self.tokens[token]) {
                Some(shared) => {
                    let word = self.waiting_word(shared);
                    nodes.push(self.node(step, FittedKind::Shared(word, shared)));
                }
                None if by_group && self.fidelity.failures && self.fidelity.groups => {
                    nodes.extend(self.awaiting(longer_than(length), step));
                    self.note(step.segment, NoteKind::CutShort);
                }
                None => self.keep_length(step, length, nodes),
            },
            StepKind::Stuck => {
                let never = self.never.unwrap_or_else(|| {
                    self.program.share(Shared {
                        kind: SharedKind::Event,
                        segment: step.segment,
                        state: State::WaitingEvent,
                    })
                });
                self.never = Some(never);
                nodes.push(self.node(step, FittedKind::Shared("wait", never)));
                self.note(step.segment, NoteKind::Stuck);
            }
            &StepKind::Wake(token) => self.wake(life, position, token, handles, nodes),
            &StepKind::Acquire(permit) => {
                let shared = self.permits[permit];
                nodes.push(self.node(step, FittedKind::Shared("acquire", shared)));
            }
            &StepKind::Release(permit) => {
                let shared = self.permits[permit];
                nodes.push(self.node(step, FittedKind::Shared("release", shared)));
            }
            StepKind::Print(number) => {
                let text = self.source.printed(*number, step.segment);
                nodes.push(self.node(step, FittedKind::Quoted("print", text)));
            }
            StepKind::Respond => self.plain(step, "respond", nodes),
        }
    }

    fn plain(&self, step: &Step, word: &str, nodes: &mut FittedBody) {
        nodes.push(self.node(step, FittedKind::Plain(word.to_owned())));
    }

    fn keep_length(&self, step: &Step, length: SimDuration, nodes: &mut FittedBody) {
        if length.is_zero() {
            self.plain(step, "yield", nodes);
        } else {
            nodes.extend(self.awaiting(length, step));
        }
    }

    fn offload(
        &mut self,
        life: &Life,
        position: usize,
        work: Option<LifeIndex>,
        was_queued: bool,
        nodes: &mut FittedBody,
    ) {
        let Some(work) = work else {
            return;
        };
        let other = &self.lives.all[work];
        let word = offload_word(other);
        // AnyIO's own turns of the loop before it takes a thread.
        let turns = if was_queued { 1 } else { 2 };
        for _ in 0..turns {
            let is_turn = nodes.last().is_some_and(
                |node| matches!(&node.kind, FittedKind::Plain(text) if text == "yield"),
            );
            if word == "thread" && is_turn {
                nodes.pop();
            }
        }
        let kind = match self.program.of_life[work] {
            Some(definition) => FittedKind::Call(word, definition),
            None => FittedKind::Block(BlockHead::Offload(word), self.body(other)),
        };
        self.push_raising(life, position, kind, nodes);
    }

    fn join(
        &mut self,
        life: &Life,
        position: usize,
        children: &[LifeIndex],
        handles: &mut Handles,
        nodes: &mut FittedBody,
    ) {
        for &child in children {
            // Nothing is left to wait for, or a handle does not exist.
            let started = handles.iter().position(|&other| other == child);
            let Some(handle) = started else {
                continue;
            };
            self.push_raising(life, position, FittedKind::Handle("wait", handle), nodes);
        }
    }

    fn wake(
        &mut self,
        life: &Life,
        position: usize,
        token: TokenIndex,
        handles: &mut Handles,
        nodes: &mut FittedBody,
    ) {
        let step = &life.steps[position];
        if self.is_cancel(token) {
            let waiter = self.lives.tokens[token].waiter;
            if let Some(handle) = handles.iter().position(|&child| child == waiter) {
                nodes.push(self.node(step, FittedKind::Handle("cancel", handle)));
            }
            return;
        }
        let Some(shared) = self.tokens[token] else {
            return;
        };
        let kind = match self.program.shared[shared].kind {
            SharedKind::Event => FittedKind::Shared("set", shared),
            _ => FittedKind::Shared("put", shared),
        };
        let node = self.node(step, kind);
        // An event wakes all that wait for it.
        let again = matches!(node.kind, FittedKind::Shared("set", _)) && nodes.contains(&node);
        if !again {
            nodes.push(node);
        }
    }

    fn waiting_word(&self, shared: usize) -> &'static str {
        match self.program.shared[shared].kind {
            SharedKind::Event => "wait",
            _ => "get",
        }
    }
}

fn handle_of(handles: &mut Handles, child: LifeIndex) -> usize {
    handles.push(child);
    handles.len() - 1
}

pub(super) fn offload_word(work: &Life) -> &'static str {
    match work.lane {
        Some(LaneKind::ExecutorThread) => "executor",
        Some(LaneKind::ProcessWorker) => "process",
        _ => "thread",
    }
}
