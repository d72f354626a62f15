//! The ends of waits: for threads, for tasks, and for what tasks share.

use super::{LifeIndex, Reader, StepKind, Token, TokenIndex};
use model::time::{SimDuration, SimTime};
use model::trace::{Record, Role, State};
use model::workload::SegmentId;

impl Reader {
    // Threads

    pub(super) fn begin_offload(&mut self, life: LifeIndex, number: usize, was_queued: bool) {
        if self.now[life].offload.is_some() {
            return;
        }
        let steps = &mut self.lives.all[life].steps;
        let last = steps.last().map(|step| step.kind.clone());
        let work = match last {
            Some(StepKind::Child(work)) if self.lives.all[work].is_work => {
                self.lives.all[life].steps.pop();
                self.now[life].open.pop();
                Some(work)
            }
            _ => None,
        };
        self.push(life, number, StepKind::Offload { work, was_queued });
        self.now[life].offload = Some(self.lives.all[life].steps.len() - 1);
    }

    pub(super) fn end_offload(
        &mut self,
        life: LifeIndex,
        number: usize,
        length: SimDuration,
        cause: Option<LifeIndex>,
    ) {
        let Some(step) = self.now[life].offload else {
            return;
        };
        let has_ended = match self.lives.all[life].steps[step].kind {
            StepKind::Offload {
                work: Some(work), ..
            } => self.lives.all[work].end.is_some(),
            _ => false,
        };
        if has_ended {
            self.lives.all[life].steps[step].over = number;
            self.now[life].offload = None;
        } else {
            self.abandon_offload(life, number, length, cause);
        }
    }

    /// It no longer waits for its work, which goes on or never began.
    pub(super) fn abandon_offload(
        &mut self,
        life: LifeIndex,
        number: usize,
        length: SimDuration,
        cause: Option<LifeIndex>,
    ) {
        let Some(step) = self.now[life].offload.take() else {
            return;
        };
        let StepKind::Offload { work, .. } = self.lives.all[life].steps[step].kind else {
            return;
        };
        self.lives.all[life].steps.remove(step);
        if let Some(work) = work {
            self.push(life, number, StepKind::Child(work));
        }
        let by = self.now[life].cut.take().flatten().or(cause);
        self.cut(life, number, length, by);
    }

    // Waits

    fn token(
        &mut self,
        life: LifeIndex,
        state: State,
        by: LifeIndex,
        number: usize,
        is_cut: bool,
    ) -> Option<TokenIndex> {
        // In a script, a thread's function cannot wake a task.
        if self.lives.all[by].is_work {
            return None;
        }
        let token = self.lives.tokens.len();
        self.lives.tokens.push(Token {
            state,
            segment: SegmentId(self.now[life].segment),
            waiter: life,
            by,
            step: self.now[by].record,
            is_cut,
        });
        self.push(by, number, StepKind::Wake(token));
        Some(token)
    }

    fn cut(&mut self, life: LifeIndex, number: usize, length: SimDuration, by: Option<LifeIndex>) {
        let token = by.and_then(|by| self.token(life, State::Awaiting, by, number, true));
        let by_group = self.now[life].by_group;
        self.push(
            life,
            number,
            StepKind::Cut {
                length,
                token,
                by_group,
            },
        );
    }

    pub(super) fn end_await(
        &mut self,
        life: LifeIndex,
        number: usize,
        length: SimDuration,
        to: State,
        cause: Option<LifeIndex>,
    ) {
        let cut = self.now[life].cut.take();
        if self.now[life].by_group {
            self.cut(life, number, length, None);
        } else if let Some(by) = cut.flatten().or(cause.filter(|_| to == State::Ready)) {
            self.cut(life, number, length, Some(by));
        } else {
            self.push(life, number, StepKind::Await(length));
        }
    }

    pub(super) fn end_wait(
        &mut self,
        life: LifeIndex,
        state: State,
        number: usize,
        record: Record,
        cause: Option<LifeIndex>,
    ) {
        let length = record.at.since(self.now[life].since);
        let cut = self.now[life].cut.take();
        if state == State::WaitingAll && self.now[life].by_group {
            // Its end follows, when the other tasks of the group have ended.
            return;
        }
        if cut.is_some() || self.now[life].by_group {
            return self.cut(life, number, length, cut.flatten().or(cause));
        }
        let is_join = matches!(
            state,
            State::WaitingTask | State::WaitingAll | State::WaitingEvent
        );
        if is_join && let Some(kind) = self.joined(life, state, record.at, cause) {
            return self.push(life, number, kind);
        }
        let ended = self.last_ended.filter(|&(_, at)| at == record.at);
        let by = match (cause, ended) {
            (Some(by), _) => Some(by),
            (None, Some((by, _))) if state == State::WaitingTask => Some(by),
            _ => None,
        };
        let token = by.and_then(|by| self.token(life, state, by, number, false));
        self.push(
            life,
            number,
            StepKind::Wait {
                state,
                length,
                token,
            },
        );
    }

    /// The children whose ends ended the wait.
    fn joined(
        &mut self,
        life: LifeIndex,
        state: State,
        at: SimTime,
        cause: Option<LifeIndex>,
    ) -> Option<StepKind> {
        let since = self.now[life].since;
        let all = &self.lives.all;
        let open = &self.now[life].open;
        let ended = |child: &LifeIndex| all[*child].end.filter(|&(_, end)| end >= since);
        let of_role = |role: Role| {
            let of_it = open
                .iter()
                .copied()
                .filter(|&child| all[child].role == role);
            of_it.collect::<Vec<_>>()
        };
        let (kind, children) = match state {
            State::WaitingAll => {
                let gathered = of_role(Role::Gathered);
                let grouped = of_role(Role::Grouped);
                let has_failed = |child: &LifeIndex| {
                    matches!(all[*child].end, Some((State::Failed | State::Cancelled, _)))
                };
                let is_over = |child: &LifeIndex| all[*child].end.is_some();
                if gathered.iter().any(|child| ended(child).is_some()) {
                    // `gather` ends with the first failure, `gather all` with the last task.
                    let before = |child: &&LifeIndex| {
                        all[**child].end.is_some_and(|(_, end)| end < at) && has_failed(child)
                    };
                    let all = gathered.iter().any(|child| before(&child))
                        || (gathered.iter().any(has_failed) && gathered.iter().all(is_over));
                    let children = gathered.clone();
                    (StepKind::Join { children, all }, gathered)
                } else if grouped.last().is_some_and(is_over) {
                    let first = grouped.iter().rposition(|child| !is_over(child));
                    let own = grouped[first.map_or(0, |first| first + 1)..].to_vec();
                    (StepKind::GroupEnd(own.clone()), own)
                } else if !grouped.is_empty() && grouped.iter().any(|child| ended(child).is_some())
                {
                    // One has failed; the others have yet to end.
                    return Some(StepKind::Join {
                        children: Vec::new(),
                        all: false,
                    });
                } else {
                    let mut own: Vec<LifeIndex> = open
                        .iter()
                        .copied()
                        .filter(|child| ended(child).is_some())
                        .collect();
                    own.sort_by_key(|&child| all[child].end.map(|(_, at)| at));
                    let children = own.clone();
                    (
                        StepKind::Join {
                            children,
                            all: true,
                        },
                        own,
                    )
                }
            }
            _ => {
                let own = cause.filter(|child| open.contains(child) && all[*child].end.is_some());
                let latest = || {
                    let ended_now =
                        |child: &&LifeIndex| all[**child].end.is_some_and(|(_, end)| end == at);
                    open.iter().rev().find(ended_now).copied()
                };
                let child = own.or_else(|| latest().filter(|_| cause.is_none()))?;
                let children = vec![child];
                (
                    StepKind::Join {
                        children: children.clone(),
                        all: false,
                    },
                    children,
                )
            }
        };
        if children.is_empty() {
            return None;
        }
        self.now[life]
            .open
            .retain(|child| !children.contains(child));
        Some(kind)
    }
}
