//! How long tasks take that run together: the longest, one after the other, or
//! in waves of as many as there is room for.

use super::alone::Alone;
use super::expr::Expr;
use crate::why::Scarce;
use model::workload::{
    Body, Executor, Gil, ResourceKind, SegmentKind, TaskIndex, TaskKind, Work, Workload,
};

/// What tasks that run together wait for each other at. Tried in this order: the
/// first that gives the simulated total is the formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crowd {
    /// Nothing: each takes as long as alone.
    Apart,
    /// The scarce thing that most of them need; others as alone.
    At(Scarce),
}

impl Crowd {
    pub(super) const ALL: [Self; 9] = [
        Self::Apart,
        Self::At(Scarce::Token),
        Self::At(Scarce::Permit),
        Self::At(Scarce::Executor),
        Self::At(Scarce::Process),
        Self::At(Scarce::Job),
        Self::At(Scarce::Loop),
        Self::At(Scarce::Gil),
        Self::At(Scarce::Core),
    ];

    /// Of several kinds: the longest; at what only one can have, their sum.
    pub(super) fn of_members(self, members: impl Iterator<Item = Option<Expr>>) -> Option<Expr> {
        let members: Option<Vec<Expr>> = members.collect();
        Some(match self {
            Self::At(Scarce::Loop | Scarce::Gil) => in_a_row(members?),
            _ => Expr::longest(members?),
        })
    }
}

/// What holds in a row, and behind it what the last one still does.
fn in_a_row(members: Vec<Expr>) -> Expr {
    Expr::sum(members)
}

/// A part of a body: how long, and what of it is scarce.
struct Step {
    length: Expr,
    room: Option<(Scarce, u64)>,
}

impl Alone<'_> {
    /// So many of one kind, started together.
    pub(super) fn several(self, count: u64, task: TaskIndex) -> Option<Expr> {
        let each = self.task(task)?;
        let Crowd::At(scarce) = self.crowd else {
            return Some(each);
        };
        let steps = self.steps(task)?;
        let narrow = |step: &&Step| step.room.is_some_and(|(found, _)| found == scarce);
        let Some(room) = steps.iter().find(narrow).and_then(|step| step.room) else {
            return Some(each);
        };
        // All that needs the scarce thing is one station; the rest is passed once.
        let held = steps.iter().filter(narrow).map(|step| step.length.clone());
        let held = Expr::sum(held).waves(count, room.1, scarce);
        let mut parts = vec![];
        let mut held = Some(held);
        for step in &steps {
            match narrow(&step) {
                true => parts.extend(held.take()),
                false => parts.push(step.length.clone()),
            }
        }
        Some(Expr::sum(parts))
    }

    fn steps(self, task: TaskIndex) -> Option<Vec<Step>> {
        let definition = self.workload.task(task);
        let mut steps = Vec::new();
        match definition.kind {
            TaskKind::Async => self.steps_of(&definition.body, &mut steps)?,
            // A plain handler is on the pool from its beginning to its end.
            TaskKind::Sync => {
                let room = self.on_thread(&definition.body, Executor::Pool);
                let length = self.body(&definition.body)?;
                steps.push(Step { length, room });
            }
        }
        Some(steps)
    }

    fn steps_of(self, body: &Body, steps: &mut Vec<Step>) -> Option<()> {
        for segment in body {
            let one = std::slice::from_ref(segment).to_vec();
            let room = match &segment.kind {
                SegmentKind::Cpu { .. } if self.crowd == Crowd::At(Scarce::Core) => {
                    Some((Scarce::Core, u64::from(self.workload.machine.cores)))
                }
                SegmentKind::Cpu { .. } | SegmentKind::Block { .. } => {
                    Some((Scarce::Loop, u64::from(self.workload.machine.servers)))
                }
                SegmentKind::Call { task } => {
                    if self.depth > 8 {
                        return None;
                    }
                    let inner = Self {
                        depth: self.depth + 1,
                        ..self
                    };
                    inner.steps_of(&self.workload.task(*task).body, steps)?;
                    continue;
                }
                SegmentKind::With { resource, .. } => permits(self.workload, *resource),
                SegmentKind::Offload { to, work } => {
                    let body = match work {
                        Work::Task(task) => &self.workload.task(*task).body,
                        Work::Body(body) => body,
                    };
                    self.on_thread(body, *to)
                }
                SegmentKind::Send { .. } => {
                    Some((Scarce::Job, u64::from(self.workload.machine.jobs)))
                }
                _ => None,
            };
            let length = self.body(&one)?;
            steps.push(Step { length, room });
        }
        Some(())
    }

    /// What is scarce for work of a thread or process: a place, the GIL, a core.
    fn on_thread(self, body: &Body, to: Executor) -> Option<(Scarce, u64)> {
        let machine = &self.workload.machine;
        let computes = body
            .iter()
            .any(|segment| matches!(segment.kind, SegmentKind::Cpu { .. }));
        let (scarce, places) = match to {
            Executor::Pool => (Scarce::Token, machine.pool),
            Executor::Own => (Scarce::Executor, machine.executor_threads()),
            Executor::Process => (Scarce::Process, machine.process_workers()),
        };
        Some(match self.crowd {
            Crowd::At(Scarce::Gil)
                if computes && to != Executor::Process && machine.gil == Gil::On =>
            {
                (Scarce::Gil, 1)
            }
            Crowd::At(Scarce::Core) if computes => {
                (Scarce::Core, u64::from(machine.cores.min(places)))
            }
            _ => (scarce, u64::from(places)),
        })
    }
}

fn permits(workload: &Workload, resource: model::workload::ResourceIndex) -> Option<(Scarce, u64)> {
    match workload.resource(resource).kind {
        ResourceKind::Semaphore { permits } => Some((Scarce::Permit, u64::from(permits))),
        ResourceKind::Lock => Some((Scarce::Permit, 1)),
        _ => None,
    }
}
