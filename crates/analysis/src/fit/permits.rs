//! Locks and semaphores, inferred: a trace has a record only where a task waits for a permit.
//!
//! The tasks of one function take the permit at the same step. So a task that did not wait took
//! it before the step that follows the wait in the others, and gave it back after the step after
//! which the others did. The number of permits is the most that were held at once.

use std::collections::{BTreeMap, BTreeSet};

use super::lives::{Life, LifeIndex, Lives, Step, StepKind, TokenIndex};
use model::trace::State;
use model::workload::SegmentId;

/// An inferred lock or semaphore.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permit {
    /// The segment at which tasks waited for it.
    pub(super) segment: SegmentId,
    pub(super) count: usize,
}

/// A step as one sees it in several tasks: its kind and its segment.
type Mark = (u8, SegmentId);

/// Replaces waits for permits by [`StepKind::Acquire`], and what ended them by
/// [`StepKind::Release`].
pub(super) fn infer(lives: &mut Lives) -> Vec<Permit> {
    let mut permits = Vec::new();
    for segment in segments(lives) {
        let index = permits.len();
        if let Some(count) = Inference::of(lives, segment).apply(lives, index) {
            permits.push(Permit { segment, count });
        }
    }
    permits
}

/// The segments at which tasks waited for permits, each wait ended by another task.
fn segments(lives: &Lives) -> BTreeSet<SegmentId> {
    let mut unknown = BTreeSet::new();
    let mut known = BTreeSet::new();
    for step in lives.all.iter().flat_map(|life| &life.steps) {
        if let StepKind::Wait {
            state: State::WaitingPermit,
            token,
            ..
        } = step.kind
        {
            match token {
                Some(_) => known.insert(step.segment),
                None => unknown.insert(step.segment),
            };
        }
    }
    known.difference(&unknown).copied().collect()
}

fn mark(step: &Step) -> Mark {
    let kind = match step.kind {
        StepKind::Cpu(_) => 0,
        StepKind::Block(_) => 1,
        StepKind::Await(_) | StepKind::Cut { .. } => 2,
        StepKind::Yield => 3,
        StepKind::Child(_) => 4,
        StepKind::Offload { .. } => 5,
        StepKind::Join { .. } | StepKind::GroupEnd(_) => 6,
        StepKind::Wait { .. } | StepKind::Stuck => 7,
        StepKind::Wake(_) => 8,
        StepKind::Acquire(_) | StepKind::Release(_) => 9,
        StepKind::Print(_) => 10,
        StepKind::Respond => 11,
    };
    (kind, step.segment)
}

struct Inference {
    segment: SegmentId,
    /// The functions whose tasks take the permit.
    tasks: BTreeSet<usize>,
    /// The steps that follow the taking, each with the length of the holding in steps, if known.
    first: BTreeMap<Mark, Option<usize>>,
    /// The steps after which it is given back.
    last: BTreeSet<Mark>,
}

impl Inference {
    fn of(lives: &Lives, segment: SegmentId) -> Self {
        let mut own = Self {
            segment,
            tasks: BTreeSet::new(),
            first: BTreeMap::new(),
            last: BTreeSet::new(),
        };
        for life in &lives.all {
            let mut taken: Option<(Mark, usize)> = None;
            let steps: Vec<&Step> = life.steps.iter().collect();
            for (index, step) in steps.iter().enumerate() {
                if own.is_wait(step) {
                    own.tasks.insert(life.task);
                    taken = steps.get(index + 1).map(|next| (mark(next), index + 1));
                    if let Some((first, _)) = taken {
                        own.first.entry(first).or_insert(None);
                    }
                } else if own.is_wake(step, lives) {
                    let before = steps[..index].iter().rev();
                    let before = before
                        .clone()
                        .find(|step| !matches!(step.kind, StepKind::Wake(_)));
                    own.last.extend(before.map(|step| mark(step)));
                    if let Some((first, from)) = taken.take() {
                        let length = own.first.entry(first).or_insert(None);
                        *length = length.or(Some(index - from));
                    }
                }
            }
        }
        own
    }

    fn is_wait(&self, step: &Step) -> bool {
        step.segment == self.segment
            && matches!(
                step.kind,
                StepKind::Wait {
                    state: State::WaitingPermit,
                    token: Some(_),
                    ..
                }
            )
    }

    fn is_wake(&self, step: &Step, lives: &Lives) -> bool {
        matches!(step.kind, StepKind::Wake(token) if self.is_own(token, lives))
    }

    fn is_own(&self, token: TokenIndex, lives: &Lives) -> bool {
        let token = lives.tokens[token];
        token.segment == self.segment && token.state == State::WaitingPermit && !token.is_cut
    }

    /// `None` if the steps are not those of a lock; then the lives stay as they are.
    fn apply(&self, lives: &mut Lives, index: usize) -> Option<usize> {
        let mut replaced: Vec<(LifeIndex, Vec<Step>)> = Vec::new();
        // The numbers of records at which it was taken (1) and given back (-1).
        let mut holdings: Vec<(usize, i8)> = Vec::new();
        for (number, life) in lives.all.iter().enumerate() {
            let wakes = life.steps.iter().any(|step| self.is_wake(step, lives));
            if self.tasks.contains(&life.task) || wakes {
                let steps = self.replaced(life, lives, index, &mut holdings)?;
                replaced.push((number, steps));
            }
        }
        for (number, steps) in replaced {
            lives.all[number].steps = steps;
        }
        holdings.sort_unstable();
        let (mut held, mut most) = (0_i64, 0);
        for (_, change) in holdings {
            held += i64::from(change);
            most = most.max(held);
        }
        usize::try_from(most).ok().filter(|&count| count > 0)
    }

    fn replaced(
        &self,
        life: &Life,
        lives: &Lives,
        index: usize,
        holdings: &mut Vec<(usize, i8)>,
    ) -> Option<Vec<Step>> {
        let mut steps: Vec<Step> = Vec::new();
        // The step after which the permit is given back, while it is held.
        let mut until: Option<usize> = None;
        for (position, step) in life.steps.iter().enumerate() {
            let at = |kind, record| Step {
                kind,
                segment: step.segment,
                begun: record,
                over: record,
            };
            if self.is_wake(step, lives) {
                until.take()?;
                holdings.push((step.over, -1));
                steps.push(at(StepKind::Release(index), step.over));
                continue;
            }
            if self.is_wait(step) {
                if until.is_some() {
                    return None;
                }
                holdings.push((step.over, 1));
                steps.push(at(StepKind::Acquire(index), step.over));
                until = Some(self.release_after(life, lives, position + 1));
                continue;
            }
            let own = mark(step);
            if until.is_none() && self.tasks.contains(&life.task) && self.first.contains_key(&own) {
                holdings.push((step.begun, 1));
                steps.push(Step {
                    segment: self.segment,
                    ..at(StepKind::Acquire(index), step.begun)
                });
                until = Some(self.release_after(life, lives, position));
            }
            steps.push(step.clone());
            if until == Some(position) {
                until = None;
                holdings.push((step.over, -1));
                steps.push(at(StepKind::Release(index), step.over));
            }
        }
        // Held until the end, e.g. by a task that was stuck.
        Some(steps)
    }

    /// The position of the step after which the permit is given back. A wake-up that follows is the
    /// giving back itself, so then it is beyond every step.
    fn release_after(&self, life: &Life, lives: &Lives, first: usize) -> usize {
        let steps = &life.steps;
        let is_last = |position: &usize| {
            steps
                .get(*position)
                .is_some_and(|step| self.last.contains(&mark(step)))
        };
        let length = steps
            .get(first)
            .and_then(|step| *self.first.get(&mark(step))?);
        let by_length = length
            .map(|length| first + length.max(1) - 1)
            .filter(is_last);
        let found = by_length.or_else(|| (first..steps.len()).find(is_last));
        let Some(found) = found else {
            return usize::MAX;
        };
        let wakes = steps[found + 1..].iter();
        let mut wakes = wakes.take_while(|step| matches!(step.kind, StepKind::Wake(_)));
        if wakes.any(|step| self.is_wake(step, lives)) {
            usize::MAX
        } else {
            found
        }
    }
}
