//! Locks, semaphores, queues, events and conditions, built on tokio's semaphore and `Notify`.
//! Both are fair, i.e. first come, first served, as in asyncio.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::{Notify, Semaphore};

use model::workload::{ResourceIndex, ResourceKind};

/// A shared resource.
#[derive(Debug)]
pub(super) enum SharedResource {
    /// A semaphore, or a lock, which has one permit.
    Permits(Semaphore),
    /// Items have no content in a script, so two counts are a queue.
    Queue {
        items: Semaphore,
        /// The free places; `None` if the queue is unbounded.
        room: Option<Semaphore>,
    },
    Event {
        set: Cell<bool>,
        waiting: Notify,
    },
    Condition {
        lock: Semaphore,
        waiting: RefCell<VecDeque<Rc<Notify>>>,
    },
}

impl SharedResource {
    pub(super) fn of(kind: ResourceKind) -> Self {
        match kind {
            ResourceKind::Semaphore { permits } => Self::Permits(Semaphore::new(permits as usize)),
            ResourceKind::Lock => Self::Permits(Semaphore::new(1)),
            ResourceKind::Pool { .. } => unreachable!("`adapt_to_tokio` refuses it"),
            ResourceKind::Queue { capacity } => Self::Queue {
                items: Semaphore::new(0),
                room: capacity.map(|capacity| Semaphore::new(capacity as usize)),
            },
            ResourceKind::Event => Self::Event {
                set: Cell::new(false),
                waiting: Notify::new(),
            },
            ResourceKind::Condition => Self::Condition {
                lock: Semaphore::new(1),
                waiting: RefCell::default(),
            },
        }
    }

    pub(super) async fn acquire(&self) {
        if let Self::Permits(permits) | Self::Condition { lock: permits, .. } = self {
            take_permit(permits).await;
        }
    }

    pub(super) fn release(&self) {
        if let Self::Permits(permits) | Self::Condition { lock: permits, .. } = self {
            permits.add_permits(1);
        }
    }

    pub(super) async fn put(&self) {
        if let Self::Queue { items, room } = self {
            if let Some(room) = room {
                take_permit(room).await;
            }
            items.add_permits(1);
        }
    }

    pub(super) async fn get(&self) {
        if let Self::Queue { items, room } = self {
            take_permit(items).await;
            if let Some(room) = room {
                room.add_permits(1);
            }
        }
    }

    pub(super) fn set(&self, value: bool) {
        if let Self::Event { set, waiting } = self {
            set.set(value);
            if value {
                waiting.notify_waiters();
            }
        }
    }

    pub(super) async fn wait_event(&self) {
        if let Self::Event { set, waiting } = self
            && !set.get()
        {
            waiting.notified().await;
        }
    }

    /// Releases the lock, waits for a notification, and acquires the lock again. A wait that is
    /// cancelled adds the lock to `lost` instead.
    pub(super) async fn wait_condition(&self, resource: ResourceIndex, lost: &LostLocks) {
        if let Self::Condition { lock, waiting } = self {
            let mut wait = ConditionWait {
                waiting,
                place: Rc::new(Notify::new()),
                resource,
                lost,
                holds_lock: false,
            };
            // Before the lock is released, so that the next holder's `notify` finds this task.
            waiting.borrow_mut().push_back(Rc::clone(&wait.place));
            lock.add_permits(1);
            wait.place.notified().await;
            take_permit(lock).await;
            wait.holds_lock = true;
        }
    }

    pub(super) fn notify(&self, count: u32) {
        if let Self::Condition { waiting, .. } = self {
            for _ in 0..count {
                let Some(next) = waiting.borrow_mut().pop_front() else {
                    return;
                };
                next.notify_one();
            }
        }
    }
}

async fn take_permit(semaphore: &Semaphore) {
    let permit = semaphore.acquire().await;
    // Forgotten, because an `acquire` and its `release` are separate segments of a script.
    permit.expect("nobody closes a semaphore").forget();
}

/// A wait for a notification of a condition. It may be dropped before its end.
struct ConditionWait<'a> {
    waiting: &'a RefCell<VecDeque<Rc<Notify>>>,
    place: Rc<Notify>,
    resource: ResourceIndex,
    lost: &'a LostLocks,
    holds_lock: bool,
}

impl Drop for ConditionWait<'_> {
    fn drop(&mut self) {
        if self.holds_lock {
            return;
        }
        let mut waiting = self.waiting.borrow_mut();
        waiting.retain(|place| !Rc::ptr_eq(place, &self.place));
        self.lost.add(self.resource);
    }
}

/// The locks of conditions that a task has lost, because its wait for a notification was
/// cancelled. In asyncio a cancelled wait acquires the lock again before it raises. A dropped
/// future cannot wait, so this is left to the code that dropped it.
#[derive(Debug, Default)]
pub(super) struct LostLocks(RefCell<Vec<ResourceIndex>>);

impl LostLocks {
    fn add(&self, lock: ResourceIndex) {
        self.0.borrow_mut().push(lock);
    }

    pub(super) fn last(&self) -> Option<ResourceIndex> {
        self.0.borrow().last().copied()
    }

    /// Returns whether the lock was lost.
    pub(super) fn remove(&self, lock: ResourceIndex) -> bool {
        let mut locks = self.0.borrow_mut();
        let found = locks.iter().position(|&lost| lost == lock);
        found.map(|index| locks.swap_remove(index)).is_some()
    }
}

/// The permit of a `with` block. Dropping it releases the permit, even if the block fails or is
/// cancelled.
#[derive(Debug)]
pub(super) struct Permit<'a> {
    pub(super) shared: &'a SharedResource,
    pub(super) resource: ResourceIndex,
    pub(super) lost: &'a LostLocks,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // A lost lock is free already, or another task holds it.
        if !self.lost.remove(self.resource) {
            self.shared.release();
        }
    }
}
