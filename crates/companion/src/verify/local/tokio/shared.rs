//! Locks, semaphores, queues, events and conditions, built on tokio's semaphore and `Notify`.
//! Both are fair, i.e. first come, first served, as in asyncio.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::{Notify, Semaphore};

use model::workload::ResourceKind;

/// A shared resource.
#[derive(Debug)]
pub(super) enum Shared {
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

impl Shared {
    pub(super) fn of(kind: ResourceKind) -> Self {
        match kind {
            ResourceKind::Semaphore { permits } => Self::Permits(Semaphore::new(permits as usize)),
            ResourceKind::Lock => Self::Permits(Semaphore::new(1)),
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
            take(permits).await;
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
                take(room).await;
            }
            items.add_permits(1);
        }
    }

    pub(super) async fn get(&self) {
        if let Self::Queue { items, room } = self {
            take(items).await;
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

    /// Releases the lock, waits for a notification, and acquires the lock again.
    pub(super) async fn wait_condition(&self) {
        if let Self::Condition { lock, waiting } = self {
            let place = Rc::new(Notify::new());
            // Before the lock is released, so that the next holder's `notify` finds this task.
            waiting.borrow_mut().push_back(Rc::clone(&place));
            lock.add_permits(1);
            place.notified().await;
            take(lock).await;
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

async fn take(semaphore: &Semaphore) {
    let permit = semaphore.acquire().await;
    // Forgotten, because an `acquire` and its `release` are separate segments of a script.
    permit.expect("nobody closes a semaphore").forget();
}

/// The permit of a `with` block. Dropping it releases the permit, even if the block fails or is
/// cancelled.
#[derive(Debug)]
pub(super) struct Permit<'a>(pub(super) &'a Shared);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}
