//! Locks, semaphores, events, conditions and queues of one loop.
//!
//! Follows `asyncio/locks.py` and `asyncio/queues.py` of CPython 3.11, or of 3.13, line by
//! line: which waiter is woken, which task may overtake it, and how a cancelled waiter cleans
//! up. When a woken task runs is up to `event_loop`.

use std::collections::VecDeque;

use crate::frame::{Exception, FRESH, FutureState, WAITING, Wait};
use crate::kernel::Kernel;
use crate::pools::BlockedThread;
use crate::steps::OpResult;
use model::time::SimDuration;
use model::trace::{InstanceId, State};
use model::workload::{PythonVersion, Resource, ResourceIndex, ResourceKind};

/// A synchronisation primitive and the tasks that wait for it.
#[derive(Debug)]
pub(super) struct Primitive {
    pub(super) state: PrimitiveState,
    /// Tasks that wait for a permit, the event or an item, in order of arrival.
    pub(super) waiters: VecDeque<InstanceId>,
    /// Tasks that wait for room in a queue, or for a notification.
    pub(super) secondary_waiters: VecDeque<InstanceId>,
    /// Threads that wait for a permit of a pool, in order of arrival.
    pub(super) blocked: VecDeque<BlockedThread>,
    /// How many at the front of `waiters` are known to have been woken or cancelled.
    settled_count: usize,
    /// Tasks that hold a permit; only for deadlock reports.
    pub(super) holders: VecDeque<InstanceId>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum PrimitiveState {
    Semaphore {
        value: u32,
    },
    /// A lock, or the lock of a condition.
    Lock {
        locked: bool,
    },
    Event {
        set: bool,
    },
    Queue {
        items: u64,
        capacity: u64,
        is_shut: bool,
    },
    Pool {
        free: u32,
        permits: u32,
        timeout: Option<SimDuration>,
    },
}

impl Primitive {
    pub(super) fn new(resource: &Resource) -> Self {
        let state = match resource.kind {
            ResourceKind::Queue { capacity } => {
                // `asyncio.Queue(0)` is unbounded, as is one without a size.
                let capacity = capacity.filter(|&capacity| capacity > 0);
                PrimitiveState::Queue {
                    items: 0,
                    capacity: capacity.map_or(u64::MAX, u64::from),
                    is_shut: false,
                }
            }
            ResourceKind::Semaphore { permits } => PrimitiveState::Semaphore { value: permits },
            ResourceKind::Lock | ResourceKind::Condition => PrimitiveState::Lock { locked: false },
            ResourceKind::Event => PrimitiveState::Event { set: false },
            ResourceKind::Pool { permits, timeout } => PrimitiveState::Pool {
                free: permits,
                permits,
                timeout,
            },
        };
        Self {
            state,
            waiters: VecDeque::new(),
            secondary_waiters: VecDeque::new(),
            blocked: VecDeque::new(),
            settled_count: 0,
            holders: VecDeque::new(),
        }
    }
}

/// `deque.remove`. The search is short: the waiter that resumes is nearly always at the front.
fn remove_from_deque(waiters: &mut VecDeque<InstanceId>, id: InstanceId) -> bool {
    match waiters.iter().position(|&waiter| waiter == id) {
        Some(index) => waiters.remove(index).is_some(),
        None => false,
    }
}

/// A phase of `wait` on a condition: it has been notified and reacquires the lock.
const REACQUIRING: u8 = 2;
/// The same after a cancellation, which is raised when the lock has been reacquired.
const REACQUIRING_CANCELLED: u8 = 3;

impl Kernel<'_> {
    fn primitive(&mut self, index: ResourceIndex) -> &mut Primitive {
        &mut self.primitives[index.0 as usize]
    }

    fn future_state(&self, id: InstanceId) -> Option<FutureState> {
        match self.frames[self.frame_slot(id)?].wait {
            Wait::Future(state) => Some(state),
            _ => None,
        }
    }

    fn is_cancelled(&self, waiter: InstanceId) -> bool {
        self.future_state(waiter) == Some(FutureState::Cancelled)
    }

    /// The first waiter with a pending future. A done future stays done, so the search
    /// continues where the last one ended.
    fn first_pending(&mut self, index: ResourceIndex) -> Option<InstanceId> {
        let primitive = &self.primitives[index.0 as usize];
        let pending = |&id: &InstanceId| self.future_state(id) == Some(FutureState::Pending);
        let skipped = primitive.settled_count;
        let found = primitive.waiters.iter().skip(skipped).position(pending);
        let settled_count = skipped + found.unwrap_or(primitive.waiters.len() - skipped);
        self.primitive(index).settled_count = settled_count;
        self.primitive(index).waiters.get(settled_count).copied()
    }

    /// `_waiters.remove(fut)`.
    fn remove_waiter(&mut self, index: ResourceIndex, id: InstanceId) {
        let primitive = self.primitive(index);
        if let Some(index) = primitive.waiters.iter().position(|&waiter| waiter == id) {
            primitive.waiters.remove(index);
            primitive.settled_count -= usize::from(index < primitive.settled_count);
        }
    }

    // Locks and semaphores

    pub(super) fn acquire_permit(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Exception>,
    ) -> OpResult {
        if let PrimitiveState::Pool { .. } = self.primitive(index).state {
            return self.take_permit(slot, index);
        }
        if self.frames[slot].phase == FRESH {
            if self.try_acquire(slot, index) {
                return OpResult::Next;
            }
            return self.queue_for_permit(slot, index, WAITING);
        }
        match self.finish_acquire(slot, index, raised) {
            Ok(()) => OpResult::Next,
            Err(raised) => OpResult::Raise(raised),
        }
    }

    fn queue_for_permit(&mut self, slot: usize, index: ResourceIndex, phase: u8) -> OpResult {
        let id = self.frames[slot].id;
        self.primitive(index).waiters.push_back(id);
        self.suspend_on_future(slot, phase, State::WaitingPermit);
        OpResult::Suspend
    }

    /// Takes a permit if one is free and no live waiter is ahead.
    fn try_acquire(&mut self, slot: usize, index: ResourceIndex) -> bool {
        let id = self.frames[slot].id;
        let place = index.0 as usize;
        let waiters = &self.primitives[place].waiters;
        let has_no_waiters = waiters.iter().all(|&waiter| self.is_cancelled(waiter));
        let primitive = self.primitive(index);
        match &mut primitive.state {
            PrimitiveState::Semaphore { value } if *value > 0 && has_no_waiters => *value -= 1,
            PrimitiveState::Lock { locked } if !*locked && has_no_waiters => *locked = true,
            _ => return false,
        }
        primitive.holders.push_back(id);
        true
    }

    /// Resumes a waiter, with its permit or with an exception.
    fn finish_acquire(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Exception>,
    ) -> Result<(), Exception> {
        let id = self.frames[slot].id;
        let was_resolved = self.frames[slot].was_resolved;
        self.remove_waiter(index, id);
        let wakes_all = self.follows_python313();
        match (&mut self.primitive(index).state, raised) {
            (PrimitiveState::Semaphore { value }, raised) if wakes_all => {
                // Cancelled after it got its permit: gives the permit back.
                *value += u32::from(raised.is_some() && was_resolved);
                self.wake_as_permits_allow(index);
            }
            // Cancelled after it got its permit: passes the permit on.
            (PrimitiveState::Semaphore { value }, Some(_)) if was_resolved => {
                *value += 1;
                self.wake_next(index);
            }
            // Several permits may have become free at once.
            (PrimitiveState::Semaphore { value }, None) if *value > 0 => self.wake_next(index),
            // Cancelled while the lock is free: the next waiter must not be forgotten.
            (PrimitiveState::Lock { locked: false }, Some(_)) => self.wake_next(index),
            (PrimitiveState::Lock { locked }, None) => *locked = true,
            _ => {}
        }
        if let Some(raised) = raised {
            return Err(raised);
        }
        self.primitive(index).holders.push_back(id);
        Ok(())
    }

    pub(super) fn follows_python313(&self) -> bool {
        self.workload.machine.python >= PythonVersion::V313
    }

    fn wake_as_permits_allow(&mut self, index: ResourceIndex) {
        while let PrimitiveState::Semaphore { value: 1.. } = self.primitive(index).state
            && self.first_pending(index).is_some()
        {
            self.wake_next(index);
        }
    }

    /// Wakes the next waiter. A semaphore hands its permit over here; the waiter of a lock
    /// takes the lock when it runs.
    fn wake_next(&mut self, index: ResourceIndex) {
        let next = match self.primitive(index).state {
            PrimitiveState::Semaphore { .. } => self.first_pending(index),
            _ => self.primitive(index).waiters.front().copied(),
        };
        let Some(next) = next else { return };
        if let PrimitiveState::Semaphore { value } = &mut self.primitive(index).state {
            debug_assert!(*value > 0, "only a free permit is handed over");
            *value -= 1;
        }
        self.resolve_future(next, None);
    }

    pub(super) fn release_permit(&mut self, slot: usize, index: ResourceIndex) -> OpResult {
        let id = self.frames[slot].id;
        match &mut self.primitive(index).state {
            PrimitiveState::Semaphore { value } => *value = value.saturating_add(1),
            PrimitiveState::Lock { locked: true } => {
                self.primitive(index).state = PrimitiveState::Lock { locked: false }
            }
            PrimitiveState::Pool { free, permits, .. } if *free < *permits => *free += 1,
            // `ValueError: Semaphore released too many times`, or
            // `RuntimeError: Lock is not acquired.`
            _ => return OpResult::Raise(Exception::failed(self.current_segment(slot))),
        }
        // A task may release a permit that another one holds.
        let holders = &mut self.primitive(index).holders;
        let own = holders.iter().position(|&holder| holder == id).unwrap_or(0);
        if own < holders.len() {
            holders.remove(own);
        }
        if let PrimitiveState::Pool { .. } = self.primitive(index).state {
            self.wake_blocked_thread(index);
        } else {
            self.wake_next(index);
        }
        OpResult::Next
    }

    // Events

    pub(super) fn set_event(&mut self, index: ResourceIndex) -> OpResult {
        if let PrimitiveState::Event { set } = &mut self.primitive(index).state
            && !std::mem::replace(set, true)
        {
            // Waiters stay in line until they run, as in CPython.
            for waiter in self.primitive(index).waiters.clone() {
                self.resolve_future(waiter, None);
            }
        }
        OpResult::Next
    }

    pub(super) fn clear_event(&mut self, index: ResourceIndex) -> OpResult {
        self.primitive(index).state = PrimitiveState::Event { set: false };
        OpResult::Next
    }

    pub(super) fn wait_for_event(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Exception>,
    ) -> OpResult {
        let id = self.frames[slot].id;
        if self.frames[slot].phase == WAITING {
            self.remove_waiter(index, id);
            return raised.map_or(OpResult::Next, OpResult::Raise);
        }
        if matches!(
            self.primitive(index).state,
            PrimitiveState::Event { set: true }
        ) {
            return OpResult::Next;
        }
        self.primitive(index).waiters.push_back(id);
        self.suspend_on_future(slot, WAITING, State::WaitingEvent);
        OpResult::Suspend
    }

    // Conditions

    pub(super) fn wait_on_condition(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Exception>,
    ) -> OpResult {
        let id = self.frames[slot].id;
        let cancelled = match self.frames[slot].phase {
            FRESH => {
                if let OpResult::Raise(misuse) = self.release_permit(slot, index) {
                    return OpResult::Raise(misuse);
                }
                self.primitive(index).secondary_waiters.push_back(id);
                self.suspend_on_future(slot, WAITING, State::WaitingNotify);
                return OpResult::Suspend;
            }
            WAITING => {
                remove_from_deque(&mut self.primitive(index).secondary_waiters, id);
                raised.is_some()
            }
            phase => match self.finish_acquire(slot, index, raised) {
                Ok(()) => return self.leave_condition(slot, index, phase == REACQUIRING_CANCELLED),
                Err(_) => true,
            },
        };
        // As in CPython, even a cancelled wait reacquires the lock before it raises.
        if self.try_acquire(slot, index) {
            return self.leave_condition(slot, index, cancelled);
        }
        let phase = if cancelled {
            REACQUIRING_CANCELLED
        } else {
            REACQUIRING
        };
        self.queue_for_permit(slot, index, phase)
    }

    fn leave_condition(&mut self, slot: usize, index: ResourceIndex, cancelled: bool) -> OpResult {
        if cancelled {
            if self.follows_python313() {
                // It may have been notified before.
                self.notify(index, 1);
            }
            OpResult::Raise(Exception::cancelled(self.current_segment(slot)))
        } else {
            OpResult::Next
        }
    }

    pub(super) fn notify_waiters(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        count: u32,
    ) -> OpResult {
        if !matches!(
            self.primitive(index).state,
            PrimitiveState::Lock { locked: true }
        ) {
            return OpResult::Raise(Exception::failed(self.current_segment(slot)));
        }
        self.notify(index, count);
        OpResult::Next
    }

    /// `Condition._notify`.
    fn notify(&mut self, index: ResourceIndex, count: u32) {
        let waiters = &self.primitives[index.0 as usize].secondary_waiters;
        let pending = |&id: &InstanceId| self.future_state(id) == Some(FutureState::Pending);
        let woken: Vec<InstanceId> = waiters
            .iter()
            .copied()
            .filter(pending)
            .take(count as usize)
            .collect();
        for id in woken {
            self.resolve_future(id, None);
        }
    }

    // Queues

    pub(super) fn put_item(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Exception>,
    ) -> OpResult {
        if let Some(raised) = raised {
            return self.leave_queue(slot, index, raised, QueueSide::Putters);
        }
        if self.is_shut(index) {
            // `QueueShutDown`
            return OpResult::Raise(Exception::failed(self.current_segment(slot)));
        }
        // `while self.full()`: a woken putter may have been overtaken and waits again.
        if self.is_full(index) {
            return self.wait_on_side(slot, index, QueueSide::Putters);
        }
        if let PrimitiveState::Queue { items, .. } = &mut self.primitive(index).state {
            *items += 1;
        }
        self.wake_on_side(index, QueueSide::Getters);
        OpResult::Next
    }

    pub(super) fn get_item(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Option<Exception>,
    ) -> OpResult {
        if let Some(raised) = raised {
            return self.leave_queue(slot, index, raised, QueueSide::Getters);
        }
        if self.is_empty(index) {
            if self.is_shut(index) {
                return OpResult::Raise(Exception::failed(self.current_segment(slot)));
            }
            return self.wait_on_side(slot, index, QueueSide::Getters);
        }
        if let PrimitiveState::Queue { items, .. } = &mut self.primitive(index).state {
            *items -= 1;
        }
        self.wake_on_side(index, QueueSide::Putters);
        OpResult::Next
    }

    /// `Queue.shutdown`: all waiters look again.
    pub(super) fn shut_queue(&mut self, index: ResourceIndex) -> OpResult {
        if let PrimitiveState::Queue { is_shut, .. } = &mut self.primitive(index).state {
            *is_shut = true;
        }
        for side in [QueueSide::Getters, QueueSide::Putters] {
            for waiter in std::mem::take(self.waiters_on(index, side)) {
                self.resolve_future(waiter, None);
            }
        }
        OpResult::Next
    }

    fn is_shut(&self, index: ResourceIndex) -> bool {
        matches!(
            self.primitives[index.0 as usize].state,
            PrimitiveState::Queue { is_shut: true, .. }
        )
    }

    fn is_full(&self, index: ResourceIndex) -> bool {
        matches!(self.primitives[index.0 as usize].state,
            PrimitiveState::Queue { items, capacity, .. } if items >= capacity)
    }

    fn is_empty(&self, index: ResourceIndex) -> bool {
        matches!(
            self.primitives[index.0 as usize].state,
            PrimitiveState::Queue { items: 0, .. }
        )
    }

    fn waiters_on(&mut self, index: ResourceIndex, side: QueueSide) -> &mut VecDeque<InstanceId> {
        match side {
            QueueSide::Getters => &mut self.primitive(index).waiters,
            QueueSide::Putters => &mut self.primitive(index).secondary_waiters,
        }
    }

    fn wait_on_side(&mut self, slot: usize, index: ResourceIndex, side: QueueSide) -> OpResult {
        let id = self.frames[slot].id;
        self.waiters_on(index, side).push_back(id);
        let state = match side {
            QueueSide::Getters => State::WaitingItem,
            QueueSide::Putters => State::WaitingRoom,
        };
        self.suspend_on_future(slot, WAITING, state);
        OpResult::Suspend
    }

    /// `_wakeup_next`: the woken task leaves the line, and may still be overtaken.
    fn wake_on_side(&mut self, index: ResourceIndex, side: QueueSide) {
        while let Some(next) = self.waiters_on(index, side).pop_front() {
            if self.future_state(next) == Some(FutureState::Pending) {
                self.resolve_future(next, None);
                break;
            }
        }
    }

    fn leave_queue(
        &mut self,
        slot: usize,
        index: ResourceIndex,
        raised: Exception,
        side: QueueSide,
    ) -> OpResult {
        let id = self.frames[slot].id;
        let was_resolved = self.frames[slot].was_resolved;
        remove_from_deque(self.waiters_on(index, side), id);
        let could_go_on = match side {
            QueueSide::Getters => !self.is_empty(index),
            QueueSide::Putters => !self.is_full(index),
        };
        // It was woken and cancelled at once: the next one takes its place.
        if could_go_on && was_resolved {
            self.wake_on_side(index, side);
        }
        OpResult::Raise(raised)
    }
}

/// The two lines of tasks at a queue.
#[derive(Clone, Copy, Debug)]
enum QueueSide {
    Getters,
    Putters,
}
