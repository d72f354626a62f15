//! Locks, semaphores, events, conditions and queues of one loop.
//!
//! Line for line what `asyncio/locks.py` and `asyncio/queues.py` of CPython
//! 3.11 do: who is woken, who may barge in, what a cancelled waiter leaves.

use std::collections::VecDeque;

use crate::sim::kernel::Kernel;
use crate::sim::steps::Flow;
use crate::sim::strand::{FRESH, FutureState, Raised, WAITING, Wait};
use crate::trace::{InstanceId, State};
use crate::workload::{Resource, ResourceIndex, ResourceKind};

#[derive(Debug)]
pub(super) struct Primitive {
    kind: Kind,
    /// Who waits for a permit, for the event, or for an item, in order of coming.
    pub(super) waiters: VecDeque<InstanceId>,
    /// Who waits for room in a queue, or to be notified.
    pub(super) others: VecDeque<InstanceId>,
    /// So many at the front of `waiters` are known to have been woken or cancelled.
    settled: usize,
    /// Who took a permit and has not given it back; for reports.
    pub(super) holders: VecDeque<InstanceId>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Semaphore {
        value: u32,
    },
    /// A lock, or a condition's.
    Lock {
        locked: bool,
    },
    Event {
        set: bool,
    },
    Queue {
        items: u64,
        capacity: u64,
    },
}

impl Primitive {
    pub(super) fn new(resource: &Resource) -> Self {
        let kind = match resource.kind {
            ResourceKind::Queue { capacity } => {
                // `asyncio.Queue(0)` is unbounded, as is one without a size.
                let capacity = capacity.filter(|&capacity| capacity > 0);
                Kind::Queue {
                    items: 0,
                    capacity: capacity.map_or(u64::MAX, u64::from),
                }
            }
            ResourceKind::Semaphore { permits } => Kind::Semaphore { value: permits },
            ResourceKind::Lock | ResourceKind::Condition => Kind::Lock { locked: false },
            ResourceKind::Event => Kind::Event { set: false },
        };
        Self {
            kind,
            waiters: VecDeque::new(),
            others: VecDeque::new(),
            settled: 0,
            holders: VecDeque::new(),
        }
    }
}

/// `deque.remove`: the one that resumes is nearly always at the front.
fn remove(waiters: &mut VecDeque<InstanceId>, id: InstanceId) -> bool {
    match waiters.iter().position(|&waiter| waiter == id) {
        Some(index) => waiters.remove(index).is_some(),
        None => false,
    }
}

/// Of `wait` on a condition: reacquiring its lock, or doing so after a cancellation.
const REACQUIRING: u8 = 2;
const REACQUIRING_CANCELLED: u8 = 3;

impl Kernel<'_> {
    fn primitive(&mut self, index: ResourceIndex) -> &mut Primitive {
        &mut self.primitives[index.0 as usize]
    }

    fn future_of(&self, id: InstanceId) -> Option<FutureState> {
        match self.strands[self.slot(id)?].wait {
            Wait::Future(state) => Some(state),
            _ => None,
        }
    }

    fn is_cancelled(&self, waiter: InstanceId) -> bool {
        self.future_of(waiter) == Some(FutureState::Cancelled)
    }

    /// The first waiter whose future is not done. Futures never become undone,
    /// so the search goes on where the last one ended.
    fn first_pending(&mut self, index: ResourceIndex) -> Option<InstanceId> {
        let primitive = &self.primitives[index.0 as usize];
        let pending = |&id: &InstanceId| self.future_of(id) == Some(FutureState::Pending);
        let skipped = primitive.settled;
        let found = primitive.waiters.iter().skip(skipped).position(pending);
        let settled = skipped + found.unwrap_or(primitive.waiters.len() - skipped);
        self.primitive(index).settled = settled;
        self.primitive(index).waiters.get(settled).copied()
    }

    /// `_waiters.remove(fut)`.
    fn leave_line(&mut self, index: ResourceIndex, id: InstanceId) {
        let primitive = self.primitive(index);
        if let Some(place) = primitive.waiters.iter().position(|&waiter| waiter == id) {
            primitive.waiters.remove(place);
            primitive.settled -= usize::from(place < primitive.settled);
        }
    }

    // Locks and semaphores

    pub(super) fn acquire(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Raised>,
    ) -> Flow {
        if self.strands[slot].phase == FRESH {
            if self.take_free(slot, index) {
                return Flow::Next;
            }
            return self.queue_for_permit(slot, index, WAITING);
        }
        match self.acquired(slot, index, raised) {
            Ok(()) => Flow::Next,
            Err(raised) => Flow::Raise(raised),
        }
    }

    fn queue_for_permit(&mut self, slot: usize, index: ResourceIndex, phase: u8) -> Flow {
        let id = self.strands[slot].id;
        self.primitive(index).waiters.push_back(id);
        self.suspend(slot, phase, State::WaitingPermit);
        Flow::Suspend
    }

    /// Takes the permit if it is free and nobody was first.
    fn take_free(&mut self, slot: usize, index: ResourceIndex) -> bool {
        let id = self.strands[slot].id;
        let place = index.0 as usize;
        let waiters = &self.primitives[place].waiters;
        let nobody_waits = waiters.iter().all(|&waiter| self.is_cancelled(waiter));
        let primitive = self.primitive(index);
        match &mut primitive.kind {
            Kind::Semaphore { value } if *value > 0 && nobody_waits => *value -= 1,
            Kind::Lock { locked } if !*locked && nobody_waits => *locked = true,
            _ => return false,
        }
        primitive.holders.push_back(id);
        true
    }

    /// A waiter goes on: with its permit, or with an exception.
    fn acquired(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Raised>,
    ) -> Result<(), Raised> {
        let id = self.strands[slot].id;
        let was_resolved = self.strands[slot].was_resolved;
        self.leave_line(index, id);
        match (&mut self.primitive(index).kind, raised) {
            (Kind::Semaphore { value }, Some(_)) if was_resolved => {
                *value += 1;
                self.wake_next(index);
            }
            (Kind::Semaphore { value }, None) if *value > 0 => self.wake_next(index),
            (Kind::Lock { locked: false }, Some(_)) => self.wake_next(index),
            (Kind::Lock { locked }, None) => *locked = true,
            _ => {}
        }
        if let Some(raised) = raised {
            return Err(raised);
        }
        self.primitive(index).holders.push_back(id);
        Ok(())
    }

    /// Semaphores hand the permit over here; a lock's waiter takes it when it runs.
    fn wake_next(&mut self, index: ResourceIndex) {
        let next = match self.primitive(index).kind {
            Kind::Semaphore { .. } => self.first_pending(index),
            _ => self.primitive(index).waiters.front().copied(),
        };
        let Some(next) = next else { return };
        if let Kind::Semaphore { value } = &mut self.primitive(index).kind {
            *value -= 1;
        }
        self.resolve(next, None);
    }

    pub(super) fn release(&mut self, slot: usize, index: ResourceIndex) -> Flow {
        let id = self.strands[slot].id;
        match &mut self.primitive(index).kind {
            Kind::Semaphore { value } => *value = value.saturating_add(1),
            Kind::Lock { locked: true } => {
                self.primitive(index).kind = Kind::Lock { locked: false }
            }
            // `RuntimeError: Lock is not acquired.`
            _ => return Flow::Raise(Raised::failed(self.segment(slot))),
        }
        let holders = &mut self.primitive(index).holders;
        let own = holders.iter().position(|&holder| holder == id).unwrap_or(0);
        if own < holders.len() {
            holders.remove(own);
        }
        self.wake_next(index);
        Flow::Next
    }

    // Events

    pub(super) fn set_event(&mut self, index: ResourceIndex) -> Flow {
        if let Kind::Event { set } = &mut self.primitive(index).kind
            && !std::mem::replace(set, true)
        {
            for waiter in self.primitive(index).waiters.clone() {
                self.resolve(waiter, None);
            }
        }
        Flow::Next
    }

    pub(super) fn clear_event(&mut self, index: ResourceIndex) -> Flow {
        self.primitive(index).kind = Kind::Event { set: false };
        Flow::Next
    }

    pub(super) fn wait_for_event(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Raised>,
    ) -> Flow {
        let id = self.strands[slot].id;
        if self.strands[slot].phase == WAITING {
            self.leave_line(index, id);
            return raised.map_or(Flow::Next, Flow::Raise);
        }
        if matches!(self.primitive(index).kind, Kind::Event { set: true }) {
            return Flow::Next;
        }
        self.primitive(index).waiters.push_back(id);
        self.suspend(slot, WAITING, State::WaitingEvent);
        Flow::Suspend
    }

    // Conditions

    pub(super) fn wait_on_condition(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Raised>,
    ) -> Flow {
        let id = self.strands[slot].id;
        let cancelled = match self.strands[slot].phase {
            FRESH => {
                if let Flow::Raise(misuse) = self.release(slot, index) {
                    return Flow::Raise(misuse);
                }
                self.primitive(index).others.push_back(id);
                self.suspend(slot, WAITING, State::WaitingNotify);
                return Flow::Suspend;
            }
            WAITING => {
                remove(&mut self.primitive(index).others, id);
                raised.is_some()
            }
            phase => match self.acquired(slot, index, raised) {
                Ok(()) => return self.leave_condition(slot, phase == REACQUIRING_CANCELLED),
                Err(_) => true,
            },
        };
        // Even a cancelled wait takes its lock back first.
        if self.take_free(slot, index) {
            return self.leave_condition(slot, cancelled);
        }
        let phase = if cancelled {
            REACQUIRING_CANCELLED
        } else {
            REACQUIRING
        };
        self.queue_for_permit(slot, index, phase)
    }

    fn leave_condition(&mut self, slot: usize, cancelled: bool) -> Flow {
        if cancelled {
            Flow::Raise(Raised::cancelled(self.segment(slot)))
        } else {
            Flow::Next
        }
    }

    pub(super) fn notify(&mut self, slot: usize, index: ResourceIndex, count: u32) -> Flow {
        if !matches!(self.primitive(index).kind, Kind::Lock { locked: true }) {
            return Flow::Raise(Raised::failed(self.segment(slot)));
        }
        let waiters = &self.primitives[index.0 as usize].others;
        let pending = |&id: &InstanceId| self.future_of(id) == Some(FutureState::Pending);
        let woken: Vec<InstanceId> = waiters
            .iter()
            .copied()
            .filter(pending)
            .take(count as usize)
            .collect();
        for id in woken {
            self.resolve(id, None);
        }
        Flow::Next
    }

    // Queues

    pub(super) fn put(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Raised>,
    ) -> Flow {
        if let Some(raised) = raised {
            return self.leave_queue(slot, index, raised, Side::Putters);
        }
        if self.is_full(index) {
            return self.queue_at(slot, index, Side::Putters);
        }
        if let Kind::Queue { items, .. } = &mut self.primitive(index).kind {
            *items += 1;
        }
        self.wake_at(index, Side::Getters);
        Flow::Next
    }

    pub(super) fn get(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Raised>,
    ) -> Flow {
        if let Some(raised) = raised {
            return self.leave_queue(slot, index, raised, Side::Getters);
        }
        if self.is_empty(index) {
            return self.queue_at(slot, index, Side::Getters);
        }
        if let Kind::Queue { items, .. } = &mut self.primitive(index).kind {
            *items -= 1;
        }
        self.wake_at(index, Side::Putters);
        Flow::Next
    }

    fn is_full(&self, index: ResourceIndex) -> bool {
        matches!(self.primitives[index.0 as usize].kind,
            Kind::Queue { items, capacity } if items >= capacity)
    }

    fn is_empty(&self, index: ResourceIndex) -> bool {
        matches!(
            self.primitives[index.0 as usize].kind,
            Kind::Queue { items: 0, .. }
        )
    }

    fn side(&mut self, index: ResourceIndex, side: Side) -> &mut VecDeque<InstanceId> {
        match side {
            Side::Getters => &mut self.primitive(index).waiters,
            Side::Putters => &mut self.primitive(index).others,
        }
    }

    fn queue_at(&mut self, slot: usize, index: ResourceIndex, side: Side) -> Flow {
        let id = self.strands[slot].id;
        self.side(index, side).push_back(id);
        let shown = match side {
            Side::Getters => State::WaitingItem,
            Side::Putters => State::WaitingRoom,
        };
        self.suspend(slot, WAITING, shown);
        Flow::Suspend
    }

    /// `_wakeup_next`: whoever is woken leaves the line, and may still be overtaken.
    fn wake_at(&mut self, index: ResourceIndex, side: Side) {
        while let Some(next) = self.side(index, side).pop_front() {
            if self.future_of(next) == Some(FutureState::Pending) {
                self.resolve(next, None);
                break;
            }
        }
    }

    fn leave_queue(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Raised,
        side: Side,
    ) -> Flow {
        let id = self.strands[slot].id;
        let was_resolved = self.strands[slot].was_resolved;
        remove(self.side(index, side), id);
        let could_go_on = match side {
            Side::Getters => !self.is_empty(index),
            Side::Putters => !self.is_full(index),
        };
        if could_go_on && was_resolved {
            self.wake_at(index, side);
        }
        Flow::Raise(raised)
    }
}

#[derive(Clone, Copy, Debug)]
enum Side {
    Getters,
    Putters,
}
