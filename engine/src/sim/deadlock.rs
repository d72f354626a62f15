//! Who waits for whom when nothing can happen any more.

use std::collections::BTreeMap;

use crate::sim::kernel::Kernel;
use crate::sim::program::Op;
use crate::sim::strand::Wait;
use crate::sorting::sort_by_number;
use crate::trace::{Deadlock, InstanceId, Role, State, Waiter};
use crate::workload::ResourceIndex;

/// Of those who hold what somebody waits for, so many are named.
const HOLDERS_MAX: usize = 64;

type Families = BTreeMap<InstanceId, Vec<InstanceId>>;

impl Kernel<'_> {
    /// Nothing is on the agenda: a deadlock if a loop still waits for somebody.
    pub(super) fn deadlock(&self) -> Option<Deadlock> {
        if (0..self.loops.len()).all(|server| self.is_closed(server)) {
            return None;
        }
        let mut waiting: Vec<InstanceId> = self.live_coroutines().map(|(id, _)| id).collect();
        sort_by_number(&mut waiting, |id| u64::from(id.0));
        let families = self.families();
        let waiters: Vec<Waiter> = waiting
            .into_iter()
            .filter_map(|id| self.waiter(id, &families))
            .collect();
        let cycle = find_cycle(&waiters);
        (!waiters.is_empty()).then_some(Deadlock {
            at: self.now,
            waiters,
            cycle,
        })
    }

    fn waiter(&self, id: InstanceId, families: &Families) -> Option<Waiter> {
        let slot = self.slot(id)?;
        let strand = &self.strands[slot];
        let resource = self.resource_of(slot);
        let alive = |&other: &InstanceId| !self.is_over(other);
        let first = |others: &mut dyn Iterator<Item = InstanceId>| -> Vec<InstanceId> {
            others.filter(alive).take(HOLDERS_MAX).collect()
        };
        let mut held_by = match strand.wait {
            Wait::Task(child) => vec![child],
            Wait::Gather(gather) => {
                first(&mut self.gathers[gather as usize].children.iter().copied())
            }
            _ => match strand.shown {
                State::WaitingPermit => {
                    let own = self.own(slot, resource?);
                    first(&mut self.primitives[own.0 as usize].holders.iter().copied())
                }
                State::WaitingAll | State::WaitingTask => {
                    first(&mut families.get(&id).into_iter().flatten().copied())
                }
                _ => Vec::new(),
            },
        };
        sort_by_number(&mut held_by, |id| u64::from(id.0));
        held_by.dedup();
        let segment = self.segment(slot);
        Some(Waiter {
            instance: id,
            state: strand.shown,
            segment,
            resource,
            held_by,
        })
    }

    /// Live children that a parent waits for, by parent.
    fn families(&self) -> Families {
        let mut families = Families::new();
        for (id, _) in self.live_coroutines() {
            let instance = self.instance(id);
            if let (Some(parent), Role::Grouped | Role::Shielded) = (instance.parent, instance.role)
            {
                families.entry(parent).or_default().push(id);
            }
        }
        families
    }

    fn resource_of(&self, slot: usize) -> Option<ResourceIndex> {
        match self.program.ops[self.strands[slot].pc as usize] {
            Op::Put(resource)
            | Op::Get(resource)
            | Op::WithEnter(resource)
            | Op::Acquire(resource)
            | Op::WaitEvent(resource)
            | Op::WaitCondition(resource) => Some(resource),
            _ => None,
        }
    }
}

/// Follows "is held by" until it comes back to where it was.
fn find_cycle(waiters: &[Waiter]) -> Vec<usize> {
    /// 0: not seen; 1: on the current path; 2: leads to no cycle.
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Never,
        OnPath,
        Before,
    }
    let index_of = |id: InstanceId| {
        waiters
            .binary_search_by_key(&id, |waiter| waiter.instance)
            .ok()
    };
    let mut seen = vec![Seen::Never; waiters.len()];
    for start in 0..waiters.len() {
        // A path of waiters, each with how many of its holders were tried.
        let mut path = vec![(start, 0)];
        while let Some((at, tried)) = path.last_mut() {
            let at = *at;
            seen[at] = if seen[at] == Seen::Before {
                Seen::Before
            } else {
                Seen::OnPath
            };
            let next = waiters[at]
                .held_by
                .get(*tried)
                .copied()
                .filter(|_| seen[at] == Seen::OnPath);
            *tried += 1;
            match next.map(index_of) {
                None => {
                    seen[at] = Seen::Before;
                    path.pop();
                }
                Some(Some(next)) if seen[next] == Seen::OnPath => {
                    let begin = path.iter().position(|&(index, _)| index == next);
                    return path[begin.unwrap_or(0)..]
                        .iter()
                        .map(|&(index, _)| index)
                        .collect();
                }
                Some(Some(next)) if seen[next] == Seen::Never => path.push((next, 0)),
                Some(_) => {}
            }
        }
    }
    Vec::new()
}
