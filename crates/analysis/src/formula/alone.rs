//! The duration of a body that no other task delays, as a formula, e.g. `cpu 3 -> await 5` →
//! `3s + 5s`.

use std::collections::BTreeMap;

use super::expr::Expr;
use super::together::Crowd;
use model::workload::{
    Body, GatherMode, HandleIndex, Length, Segment, SegmentKind, TaskIndex, Work, Workload,
};

/// The limit on nested calls and blocks; recursive tasks have no formula.
const DEPTH_MAX: u32 = 24;

/// Turns bodies into formulas.
#[derive(Clone, Copy)]
pub(super) struct Alone<'a> {
    pub(super) workload: &'a Workload,
    /// How tasks that run together delay each other.
    pub(super) crowd: Crowd,
    pub(super) depth: u32,
}

/// The progress of reading a body from its beginning.
#[derive(Default)]
struct Course {
    /// The parts whose sum is the time since the beginning.
    now: Vec<Expr>,
    /// The end of each task that it started.
    ends: BTreeMap<HandleIndex, Expr>,
    /// For each open group, the ends of the tasks in it.
    groups: Vec<Vec<Expr>>,
    /// The ends of jobs, which continue on their own.
    jobs: Vec<Expr>,
}

impl Course {
    fn now(&self) -> Expr {
        Expr::sum(self.now.iter().cloned())
    }

    fn wait_until(&mut self, end: Expr) {
        let now = self.now();
        self.now = vec![Expr::longest([now, end])];
    }
}

impl Alone<'_> {
    pub(super) fn task(self, task: TaskIndex) -> Option<Expr> {
        self.body(&self.workload.task(task).body)
    }

    pub(super) fn body(self, body: &Body) -> Option<Expr> {
        let mut course = Course::default();
        self.follow(body, &mut course)?;
        let end = course.now();
        // A run ends only when its jobs have ended.
        let jobs = std::mem::take(&mut course.jobs);
        Some(Expr::longest(std::iter::once(end).chain(jobs)))
    }

    fn deeper(self) -> Option<Self> {
        let depth = self.depth + 1;
        (depth < DEPTH_MAX).then_some(Self { depth, ..self })
    }

    fn follow(self, body: &Body, course: &mut Course) -> Option<()> {
        let inside = self.deeper()?;
        for segment in body {
            inside.segment(segment, course)?;
        }
        Some(())
    }

    /// Adds a segment. `None` if it waits for the action of another task or has a random
    /// length.
    fn segment(self, segment: &Segment, course: &mut Course) -> Option<()> {
        match &segment.kind {
            SegmentKind::Cpu { length, .. }
            | SegmentKind::Await { length, .. }
            | SegmentKind::Block { length, .. } => {
                let Length::Fixed(length) = *length else {
                    return None;
                };
                course.now.push(Expr::length(length, segment.id));
            }
            // These take no time while no other task is in the way.
            SegmentKind::Yield
            | SegmentKind::Respond
            | SegmentKind::Print { .. }
            | SegmentKind::SetEvent { .. }
            | SegmentKind::ClearEvent { .. }
            | SegmentKind::Acquire { .. }
            | SegmentKind::Release { .. } => {}
            SegmentKind::Call { task } | SegmentKind::Shield { task } => {
                let taken = self.task(*task)?;
                course.now.push(taken);
            }
            SegmentKind::Spawn { task, handle } => {
                let taken = self.task(*task)?;
                let end = Expr::sum([course.now(), taken]);
                // Tasks that are spawned outside a group do not count unless `wait` names them.
                if let Some(group) = course.groups.last_mut() {
                    group.push(end.clone());
                }
                if let Some(handle) = handle {
                    course.ends.insert(*handle, end);
                }
            }
            SegmentKind::Send { task, handle } => {
                let taken = self.task(*task)?;
                let end = Expr::sum([course.now(), taken]);
                course.jobs.push(end.clone());
                if let Some(handle) = handle {
                    course.ends.insert(*handle, end);
                }
            }
            SegmentKind::Wait { handle } => {
                let end = course.ends.get(handle)?.clone();
                course.wait_until(end);
            }
            SegmentKind::Gather {
                members,
                mode: GatherMode::Raise | GatherMode::Collect,
            } => {
                let members = members
                    .iter()
                    .map(|member| self.several(member.count, member.task));
                let taken = self.crowd.of_members(members)?;
                course.now.push(taken);
            }
            SegmentKind::Group { body } => {
                course.groups.push(Vec::new());
                self.follow(body, course)?;
                for end in course.groups.pop().unwrap_or_default() {
                    course.wait_until(end);
                }
            }
            SegmentKind::Offload { work, .. } => {
                let taken = match work {
                    Work::Task(task) => self.task(*task)?,
                    Work::Body(body) => self.body(body)?,
                };
                course.now.push(taken);
            }
            SegmentKind::With { body, .. } => self.follow(body, course)?,
            SegmentKind::Timeout {
                after,
                body,
                otherwise,
            } => {
                let taken = self.body(body)?;
                self.limited(segment, *after, taken, otherwise.as_ref(), course)?;
            }
            SegmentKind::WaitFor {
                after,
                task,
                otherwise,
                ..
            } => {
                let taken = self.task(*task)?;
                self.limited(segment, *after, taken, otherwise.as_ref(), course)?;
            }
            // No body with a `fail` has a formula, so `except` never runs.
            SegmentKind::Try {
                body,
                finally: rest,
                ..
            } => {
                self.follow(body, course)?;
                if let Some(rest) = rest {
                    self.follow(rest, course)?;
                }
            }
            SegmentKind::Repeat { times, body } => {
                let round = self.body(body)?;
                course.now.push(round.times(*times));
            }
            SegmentKind::Gather { .. }
            | SegmentKind::AsCompleted { .. }
            | SegmentKind::Shutdown { .. }
            | SegmentKind::Cancel { .. }
            | SegmentKind::Put { .. }
            | SegmentKind::Get { .. }
            | SegmentKind::WaitEvent { .. }
            | SegmentKind::WaitCondition { .. }
            | SegmentKind::Notify { .. }
            | SegmentKind::Fail { .. }
            | SegmentKind::Forever { .. } => return None,
        }
        Some(())
    }

    /// Adds what takes `taken`, but at most `after`.
    fn limited(
        self,
        segment: &Segment,
        after: Length,
        taken: Expr,
        otherwise: Option<&Body>,
        course: &mut Course,
    ) -> Option<()> {
        let Length::Fixed(after) = after else {
            return None;
        };
        // At the same instant, the timeout fires first.
        if taken.value() < after {
            course.now.push(taken);
            return Some(());
        }
        course.now.push(Expr::length(after, segment.id));
        match otherwise {
            Some(otherwise) => self.follow(otherwise, course),
            None => Some(()),
        }
    }
}
