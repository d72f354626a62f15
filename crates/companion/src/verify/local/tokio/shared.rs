//! Locks, semaphores, queues, events, conditions: all of tokio's own, which are
//! fair, as asyncio's are.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use tokio::sync::{Notify, Semaphore};

use model::workload::ResourceKind;

#[derive(Debug)]
pub(super) enum Shared {
    Permits(Semaphore),
    Queue {
        items: Semaphore,
        /// `None` where it is unbounded.
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

    /// Leaves the lock, waits, and takes it again.
    pub(super) async fn wait_condition(&self) {
        if let Self::Condition { lock, waiting } = self {
            let place = Rc::new(Notify::new());
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
    permit.expect("nobody closes a semaphore").forget();
}

/// Gives a permit back, however its block is left.
#[derive(Debug)]
pub(super) struct Permit<'a>(pub(super) &'a Shared);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}
