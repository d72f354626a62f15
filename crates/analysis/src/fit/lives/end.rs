//! The end of the run: what had not ended, and waits of which only the end tells what they were.

use super::{LifeIndex, Lives, Reader, StepKind, longer_than};
use model::time::SimTime;
use model::trace::{Ending, Role, State, Trace};

impl Reader {
    // The end

    pub(super) fn finish(mut self, trace: &Trace) -> Lives {
        let count = trace.log.len();
        for life in 0..self.now.len() {
            if self.lives.all[life].end.is_none() {
                self.leave_open(life, count, trace);
            }
        }
        for life in 0..self.lives.all.len() {
            self.settle_end(life);
        }
        self.lives
    }

    /// The state of an instance that had not ended when the run did.
    fn leave_open(&mut self, life: LifeIndex, number: usize, trace: &Trace) {
        let Some(state) = self.now[life].state else {
            return;
        };
        let is_stuck = matches!(trace.ending, Ending::Deadlock(_));
        let length = trace.end.since(self.now[life].since);
        // It goes on beyond the end of the run.
        let longer = longer_than(length);
        let is_cut = matches!(trace.ending, Ending::Until | Ending::Limit(_));
        let kind = match state {
            State::Running => StepKind::Cpu(if is_cut { longer } else { length }),
            State::Blocking => StepKind::Block(if is_cut { longer } else { length }),
            State::Ready | State::Unaccepted | State::QueuedGil | State::QueuedCore => return,
            State::Offloaded | State::QueuedToken | State::QueuedExecutor => return,
            State::QueuedProcess | State::QueuedJob => return,
            _ if self.lives.all[life].is_work => StepKind::Block(longer),
            _ if is_stuck => StepKind::Stuck,
            _ if is_cut => StepKind::Await(longer),
            _ => return,
        };
        self.push(life, number, kind);
    }

    /// A task that is cancelled while it waits ends at once: its last wait was cut, also if the
    /// trace has no mark for that.
    fn settle_end(&mut self, life: LifeIndex) {
        let own = &self.lives.all[life];
        if !matches!(own.end, Some((State::Cancelled, _))) {
            return;
        }
        let siblings_failed = own.role == Role::Grouped
            && own
                .end
                .is_some_and(|(_, at)| self.group_has_failed(own.parent, at));
        let steps = &mut self.lives.all[life].steps;
        let last = steps
            .iter_mut()
            .rev()
            .find(|step| !matches!(step.kind, StepKind::Print(_) | StepKind::Wake(_)));
        let Some(last) = last else {
            return;
        };
        match &last.kind {
            StepKind::Await(length) if siblings_failed => {
                last.kind = StepKind::Cut {
                    length: *length,
                    token: None,
                    by_group: true,
                };
            }
            &StepKind::Wait { length, token, .. } => {
                last.kind = StepKind::Cut {
                    length,
                    token,
                    by_group: siblings_failed && token.is_none(),
                };
                if let Some(token) = token {
                    self.lives.tokens[token].is_cut = true;
                }
            }
            _ => {}
        }
    }

    fn group_has_failed(&self, parent: Option<LifeIndex>, at: SimTime) -> bool {
        let Some(parent) = parent else {
            return false;
        };
        let children = self.lives.all[parent]
            .steps
            .iter()
            .filter_map(|step| match step.kind {
                StepKind::Child(child) => Some(&self.lives.all[child]),
                _ => None,
            });
        let mut grouped = children.filter(|child| child.role == Role::Grouped);
        grouped.any(|child| {
            child
                .end
                .is_some_and(|(state, end)| state == State::Failed && end <= at)
        })
    }
}
