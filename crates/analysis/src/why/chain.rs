//! The reason why an instance waits, link by link, and the instances that wait for it.
//!
//! Explains one instant; [`Why::explain`] explains a whole span. A question costs a pass over
//! all spans, which is fast enough for questions that a reader asks.

use super::holding::{InstanceMoment, ScarceMap, ScarceNode};
use model::time::{SimDuration, SimTime};
use model::trace::critical::{PathPiece, path_between};
use model::trace::{AnalysedRun, InstanceId, Role, Span, Spans, State, Trace};
use model::workload::SegmentId;

/// Longer chains are cut off: they explain nothing.
const LINKS_MAX: usize = 100;

/// Answers questions about the waiting in one trace.
#[derive(Debug)]
pub struct Why<'a> {
    trace: &'a Trace,
    spans: &'a Spans,
    map: ScarceMap<'a>,
}

/// A chain of waiting instances. The last one is at work, unless the chain is a circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The first is the instance in question; each waits for the next.
    pub links: Vec<Span>,
    /// The last instance waits for one that is already in the chain, as in a deadlock.
    pub circle: bool,
}

/// An instance that was in the way of a wait, with what it did at one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Culprit {
    pub instance: InstanceId,
    pub state: State,
    pub segment: SegmentId,
    /// The first instant at which it was in the way.
    pub since: SimTime,
    /// The part of the wait that it accounts for.
    pub length: SimDuration,
}

impl Chain {
    /// Whether the last link is at work and directly in the way of the first.
    pub fn is_direct(&self) -> bool {
        self.links.len() == 2 && !self.circle
    }
}

impl<'a> Why<'a> {
    pub fn new(run: &'a AnalysedRun) -> Self {
        Self {
            trace: run.trace(),
            spans: run.spans(),
            map: ScarceMap::new(run.workload(), run.trace()),
        }
    }

    /// The longest span in which the instance, or its offloaded work, waited for others.
    /// Without one, its longest span of waiting for tasks, of awaiting, or of work, in this
    /// order.
    pub fn longest_wait(&self, id: InstanceId) -> Option<Span> {
        let of = |id: InstanceId| self.spans.of_instance(id).iter();
        let work = self.work_of(id).into_iter().flat_map(of);
        let spans = of(id).chain(work).copied();
        // The first of equal spans, so that the answer does not depend on their order.
        let key = |span: &Span| {
            let rank = match span.state {
                State::Running | State::Blocking => 0,
                State::Awaiting | State::Offloaded => 1,
                State::WaitingTask | State::WaitingAll => 2,
                _ => 3,
            };
            (rank, span.length(), std::cmp::Reverse(span.start))
        };
        spans.max_by_key(key)
    }

    /// The span of the instance at this instant, or of its work if it has offloaded some.
    pub fn at(&self, id: InstanceId, at: SimTime) -> Option<Span> {
        let span = self.span_at(id, at)?;
        if span.state != State::Offloaded {
            return Some(span);
        }
        let mut work = self.work_of(id).into_iter();
        work.find_map(|work| self.span_at(work, at)).or(Some(span))
    }

    /// The span of the instance that holds the loop of this one.
    pub fn on_its_loop(&self, id: InstanceId, at: SimTime) -> Option<Span> {
        let own = self.span_at(id, at)?;
        let holder = self.holder(self.map.loop_of(self.server(own)), own, at)?;
        self.span_at(holder, at)
    }

    /// The chain from an instance down to one that is at work.
    pub fn chain(&self, id: InstanceId, at: SimTime) -> Chain {
        let mut chain = Chain {
            links: Vec::new(),
            circle: false,
        };
        let mut next = self.at(id, at);
        while let Some(span) = next {
            if chain
                .links
                .iter()
                .any(|link| link.instance == span.instance)
            {
                chain.circle = true;
                break;
            }
            chain.links.push(span);
            if chain.links.len() == LINKS_MAX {
                break;
            }
            next = self.in_the_way(span, at).and_then(|id| self.at(id, at));
        }
        chain
    }

    /// The spans of all instances that wait directly for this one at this instant.
    pub fn waiting_for(&self, id: InstanceId, at: SimTime) -> Vec<Span> {
        // A task that waits for its work waits for the work's resources, too.
        let mut mine = vec![id];
        mine.extend(self.work_of(id));
        let mut nodes = Vec::new();
        for id in &mine {
            if let Some(index) = self.index_at(*id, at) {
                self.map.held(self.place(*id, index), &mut nodes);
            }
        }
        let waits = |span: &&Span| {
            span.start <= at && at < span.end && !mine.contains(&span.instance) && {
                let node = self.map.awaited(self.place_of(span));
                match node {
                    Some(node) => nodes.contains(&node),
                    // Without a scarce resource, the wait must be ended by this instance, e.g.
                    // `wait h`.
                    None => {
                        is_wait(span.state) && span.ended_by.is_some_and(|id| mine.contains(&id))
                    }
                }
            }
        };
        self.spans.all().iter().filter(waits).copied().collect()
    }

    /// The instances that held the loop, the GIL or the core that a wait was for, in order of
    /// time. Their lengths add up to at most the wait. Empty for any other wait: what held a
    /// thread or a permit until the end of the wait is a chain of its own.
    pub fn culprits(&self, wait: Span) -> Vec<Culprit> {
        let mut culprits: Vec<Culprit> = Vec::new();
        if !matches!(
            wait.state,
            State::Ready | State::QueuedGil | State::QueuedCore
        ) {
            return culprits;
        }
        for piece in self.explain(wait) {
            let Some(state) = piece.state.filter(|_| piece.instance != wait.instance) else {
                continue;
            };
            let is_same = |known: &&mut Culprit| {
                (known.instance, known.state, known.segment)
                    == (piece.instance, state, piece.segment)
            };
            match culprits.iter_mut().find(is_same) {
                Some(known) => known.length += piece.length(),
                None => culprits.push(Culprit {
                    instance: piece.instance,
                    state,
                    segment: piece.segment,
                    since: piece.start,
                    length: piece.length(),
                }),
            }
        }
        culprits
    }

    /// The time of a span as a sum, with the instance that accounts for each part.
    pub fn explain(&self, span: Span) -> Vec<PathPiece> {
        path_between(self.trace, self.spans, span.instance, span.start, span.end)
    }

    fn in_the_way(&self, span: Span, at: SimTime) -> Option<InstanceId> {
        match span.state {
            State::Running | State::Blocking | State::Awaiting => None,
            // `at` found no span of its work, so the work is done and its result waits for the
            // loop.
            State::Offloaded => self.holder(self.map.loop_of(self.server(span)), span, at),
            _ => match self.map.awaited(self.place_of(&span)) {
                Some(node) => self.holder(node, span, at),
                None => span.ended_by,
            },
        }
    }

    fn server(&self, span: Span) -> u16 {
        self.trace.instance(span.instance).server
    }

    /// An instance that holds the resource: of several, the one that will hand it over, else
    /// the one whose span ends first.
    fn holder(&self, node: ScarceNode, wait: Span, at: SimTime) -> Option<InstanceId> {
        let mut best: Option<(bool, SimTime, InstanceId)> = None;
        let mut held = Vec::new();
        for span in self.spans.all() {
            if span.start > at || span.end <= at || span.instance == wait.instance {
                continue;
            }
            held.clear();
            self.map.held(self.place_of(span), &mut held);
            // `false` is the smallest, so the instance that ends the wait comes first.
            let key = (
                Some(span.instance) != wait.ended_by,
                span.end,
                span.instance,
            );
            if held.contains(&node) && best.is_none_or(|best| key < best) {
                best = Some(key);
            }
        }
        // Without a holder, the resource that hands this one out is in the way.
        match best {
            Some((.., id)) => Some(id),
            None => self
                .map
                .behind(node)
                .and_then(|next| self.holder(next, wait, at)),
        }
    }

    /// The instances that do its work on other threads or in processes.
    fn work_of(&self, id: InstanceId) -> Vec<InstanceId> {
        let instances = self.trace.instances.iter().enumerate();
        let of = |role: Role| matches!(role, Role::Part | Role::Offloaded);
        instances
            .filter(|(_, instance)| instance.parent == Some(id) && of(instance.role))
            .map(|(index, _)| InstanceId(index as u32))
            .collect()
    }

    fn index_at(&self, id: InstanceId, at: SimTime) -> Option<usize> {
        let spans = self.spans.of_instance(id);
        let index = spans
            .partition_point(|span| span.start <= at)
            .checked_sub(1)?;
        (at < spans[index].end).then_some(index)
    }

    fn span_at(&self, id: InstanceId, at: SimTime) -> Option<Span> {
        Some(self.spans.of_instance(id)[self.index_at(id, at)?])
    }

    fn place_of(&self, span: &Span) -> InstanceMoment {
        let spans = self.spans.of_instance(span.instance);
        let index = spans.partition_point(|other| other.start < span.start);
        self.place(span.instance, index)
    }

    fn place(&self, id: InstanceId, index: usize) -> InstanceMoment {
        let spans = self.spans.of_instance(id);
        let span = spans[index];
        let before = index.checked_sub(1).map(|index| spans[index]);
        // After a gap, the previous span is not the state before this one.
        let before = before.filter(|before| before.end == span.start);
        InstanceMoment {
            instance: id,
            state: span.state,
            lane: span.lane,
            segment: span.segment,
            before: before.map(|before| before.state),
            same_segment: before.is_some_and(|before| before.segment == span.segment),
        }
    }
}

fn is_wait(state: State) -> bool {
    !matches!(
        state,
        State::Running | State::Blocking | State::Awaiting | State::Offloaded
    )
}
