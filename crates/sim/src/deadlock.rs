//! The deadlock report: which task waits for which when the agenda is empty.
//!
//! Finds the waiters, the tasks that hold them up, and a cycle among them. Why a task
//! waits is recorded by the files that suspend it.

use std::collections::BTreeMap;

use crate::frame::{BlockScope, Wait};
use crate::kernel::Kernel;
use crate::program::Op;
use model::sorting::sort_by_number;
use model::trace::{Deadlock, InstanceId, Role, State, Waiter};
use model::workload::{GatherMode, ResourceIndex};

/// How many holders a report names for one waiter: more help no reader, and a semaphore may
/// have thousands.
const HOLDERS_MAX: usize = 64;

/// Live children, by the parent that awaits them.
type ChildrenByParent = BTreeMap<InstanceId, Vec<InstanceId>>;

/// What holds waiters up and is not in their own frames. Collected once for all of them.
struct WaitLinks {
    children: ChildrenByParent,
    blockers: Vec<Option<InstanceId>>,
}

impl Kernel<'_> {
    /// The deadlock of a run with an empty agenda. `None` if all loops are closed.
    pub(super) fn find_deadlock(&self) -> Option<Deadlock> {
        if (0..self.loops.len()).all(|server| self.is_closed(server)) {
            return None;
        }
        let coroutines = self.live_coroutines().map(|(id, _)| id);
        let mut waiting: Vec<InstanceId> = coroutines.chain(self.blocked_work()).collect();
        sort_by_number(&mut waiting, |id| u64::from(id.0));
        let links = WaitLinks {
            children: self.children_by_parent(),
            blockers: self.blocking_coroutines(),
        };
        let waiters: Vec<Waiter> = waiting
            .into_iter()
            .filter_map(|id| self.waiter_report(id, &links))
            .collect();
        let cycle = find_cycle(&waiters);
        (!waiters.is_empty()).then_some(Deadlock {
            at: self.now,
            waiters,
            cycle,
        })
    }

    fn waiter_report(&self, id: InstanceId, links: &WaitLinks) -> Option<Waiter> {
        let slot = self.frame_slot(id)?;
        let frame = &self.frames[slot];
        let resource = self.resource_of(slot);
        let alive = |&other: &InstanceId| !self.is_over(other);
        let first_alive = |others: &mut dyn Iterator<Item = InstanceId>| -> Vec<InstanceId> {
            others.filter(alive).take(HOLDERS_MAX).collect()
        };
        // Work may take a permit and end; then the task that awaited the work has the permit.
        let holders_of = |permit: ResourceIndex| {
            let own = self.own_resource(slot, permit);
            let holders = self.primitives[own.0 as usize].holders.iter();
            first_alive(&mut holders.filter_map(|&holder| self.holder_or_awaiter(holder)))
        };
        let members = self.members_awaited(slot);
        // A future has no owner; the logged state tells how to find the instance to blame.
        let mut held_by = match frame.wait {
            Wait::Task(child) => vec![child],
            Wait::Gather(gather) => {
                first_alive(&mut self.gathers[gather as usize].children.iter().copied())
            }
            _ => match frame.logged_state {
                _ if !members.is_empty() => first_alive(&mut members.iter().copied()),
                State::WaitingPermit | State::BlockedPermit => holders_of(resource?),
                State::WaitingAll | State::WaitingTask | State::Offloaded => {
                    first_alive(&mut links.children.get(&id).into_iter().flatten().copied())
                }
                State::QueuedToken => {
                    let borrowers = &self.limiters[usize::from(frame.server)].borrowers;
                    first_alive(&mut borrowers.iter().copied())
                }
                State::Ready => links.blockers[usize::from(frame.server)]
                    .into_iter()
                    .collect(),
                _ => Vec::new(),
            },
        };
        sort_by_number(&mut held_by, |id| u64::from(id.0));
        held_by.dedup();
        let segment = self.current_segment(slot);
        Some(Waiter {
            instance: id,
            state: frame.logged_state,
            segment,
            resource,
            held_by,
        })
    }

    /// The children of which a `gather first` or an `as_completed` awaits one.
    fn members_awaited(&self, slot: usize) -> &[InstanceId] {
        let frame = &self.frames[slot];
        let extra = frame.extra.as_deref();
        match self.program.ops[frame.pc as usize] {
            Op::Gather {
                mode: GatherMode::First,
                ..
            } => extra.map_or(&[], |extra| &extra.members),
            Op::CompletionsNext { .. } => match extra.and_then(|extra| extra.scopes.last()) {
                Some(&BlockScope::Completions(index)) => &self.completions[index as usize].children,
                _ => &[],
            },
            _ => &[],
        }
    }

    /// The holder of a permit. Of work that has ended, the instance that awaited it.
    fn holder_or_awaiter(&self, holder: InstanceId) -> Option<InstanceId> {
        if !self.is_over(holder) {
            return Some(holder);
        }
        let instance = self.instance(holder);
        let was_awaited = matches!(instance.role, Role::Offloaded | Role::Part);
        instance.parent.filter(|_| was_awaited)
    }

    /// Functions whose threads wait for a pool's permit.
    fn blocked_work(&self) -> impl Iterator<Item = InstanceId> + '_ {
        let threads = self.threads.iter().filter_map(|thread| thread.work);
        threads.filter(|&id| self.is_blocked_for_permit(id))
    }

    /// By server: the coroutine that blocks its loop while it waits for a pool's permit.
    fn blocking_coroutines(&self) -> Vec<Option<InstanceId>> {
        let mut blockers = vec![None; self.loops.len()];
        for (id, server) in self.live_coroutines() {
            if self.is_blocked_for_permit(id) {
                blockers[usize::from(server)] = Some(id);
            }
        }
        blockers
    }

    fn is_blocked_for_permit(&self, id: InstanceId) -> bool {
        let state = self
            .frame_slot(id)
            .map(|slot| self.frames[slot].logged_state);
        state == Some(State::BlockedPermit)
    }

    /// The children that a group or a shield awaits, and work that is blocked, by parent.
    fn children_by_parent(&self) -> ChildrenByParent {
        let mut children = ChildrenByParent::new();
        for id in self.blocked_work() {
            if let Some(parent) = self.instance(id).parent {
                children.entry(parent).or_default().push(id);
            }
        }
        for (id, _) in self.live_coroutines() {
            let instance = self.instance(id);
            if let (Some(parent), Role::Grouped | Role::Shielded) = (instance.parent, instance.role)
            {
                children.entry(parent).or_default().push(id);
            }
        }
        children
    }

    fn resource_of(&self, slot: usize) -> Option<ResourceIndex> {
        match self.program.ops[self.frames[slot].pc as usize] {
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

/// A cycle of waiters, each held up by the next, as indices. Empty if there is none.
///
/// A depth-first search along `held_by`, with its own stack: chains may be long.
fn find_cycle(waiters: &[Waiter]) -> Vec<usize> {
    /// The search state of a waiter.
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Never,
        OnPath,
        /// Finished: leads to no cycle.
        Before,
    }
    let index_of = |id: InstanceId| {
        waiters
            .binary_search_by_key(&id, |waiter| waiter.instance)
            .ok()
    };
    let mut seen = vec![Seen::Never; waiters.len()];
    for start in 0..waiters.len() {
        // The current path, each waiter with the number of its holders tried so far.
        let mut path = vec![(start, 0)];
        while let Some((at, tried)) = path.last_mut() {
            let at = *at;
            // Finished waiters are not visited again, so the search is linear.
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
