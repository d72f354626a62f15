//! The duration of tasks that run together: the longest, the sum, or waves of as many as a
//! resource admits, e.g. `ceil(100/40) × 1s`.

use super::alone::Alone;
use super::expr::Expr;
use crate::why::Scarce;
use model::workload::{
    Body, Executor, Gil, ResourceKind, SegmentKind, TaskIndex, TaskKind, Work, Workload,
};

/// The resource for which tasks that run together wait. Tried in this order: the first that
/// gives the simulated total is the formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crowd {
    /// None: each task takes as long as by itself.
    Apart,
    /// The scarce resource that limits them; tasks that do not need it take as long as by
    /// themselves.
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

    /// The duration of members of different kinds: the longest one, or the sum if only one
    /// member can hold the resource.
    pub(super) fn of_members(self, members: impl Iterator<Item = Option<Expr>>) -> Option<Expr> {
        let members: Option<Vec<Expr>> = members.collect();
        members.map(|members| self.combine(members))
    }

    pub(super) fn combine(self, members: Vec<Expr>) -> Expr {
        if self.is_sequential() {
            Expr::sum(members)
        } else {
            Expr::longest(members)
        }
    }

    /// Whether members of different kinds run one after another.
    pub(super) fn is_sequential(self) -> bool {
        matches!(self, Self::At(Scarce::Loop | Scarce::Gil))
    }
}

/// A part of a body: its length, and the scarce resource that it needs with its capacity.
struct Step {
    length: Expr,
    room: Option<(Scarce, u64)>,
}

impl Alone<'_> {
    /// The duration of `count` instances of one task that start together.
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
        // The parts that need the resource are one station with waves; the other parts count
        // once.
        let held = steps.iter().filter(narrow).map(|step| step.length.clone());
        let held = Expr::sum(held).waves(count, room.1, scarce);
        let mut parts = vec![];
        let mut held = Some(held);
        for step in &steps {
            if narrow(&step) {
                parts.extend(held.take());
            } else {
                parts.push(step.length.clone());
            }
        }
        Some(Expr::sum(parts))
    }

    /// The parts of a task, each with the resource that it needs.
    fn steps(self, task: TaskIndex) -> Option<Vec<Step>> {
        let definition = self.workload.task(task);
        let mut steps = Vec::new();
        match definition.kind {
            TaskKind::Async => self.steps_of(&definition.body, &mut steps)?,
            // A `def` handler holds its thread from beginning to end.
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
                    // Probably recursive, so there is no formula.
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

    /// The scarce resource for work on a thread or in a process, with its capacity: the GIL,
    /// the cores, or the workers.
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
        // A guess: only the resource in question limits the tasks. A wrong guess gives a wrong
        // total and is discarded.
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
        ResourceKind::Semaphore { permits } | ResourceKind::Pool { permits, .. } => {
            Some((Scarce::Permit, u64::from(permits)))
        }
        ResourceKind::Lock => Some((Scarce::Permit, 1)),
        _ => None,
    }
}
