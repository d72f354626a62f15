//! The connections that are open, and which of them is closed when there is no room for another.
//!
//! That is the one that has waited for its client longest: for a request, or until the client
//! reads. Thousands of slow clients thus close each other's connections, and a client that asks
//! at once is answered at once. A connection whose request has shown the token keeps its place.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::Notify;

/// A page opens six. The memory of so many is some 40 MB.
const CONNECTIONS_MAX: usize = 2_000;
/// For everything else: the server itself has a dozen, a run and three looks at a Python need
/// some thirty while they start.
const RESERVED: usize = 64;
/// Where the system grants hardly more than that: enough for one page.
const CONNECTIONS_MIN: usize = 8;

#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    all: BTreeMap<u64, Arc<Connection>>,
}

/// One that is open, as far as its place is concerned.
#[derive(Debug)]
pub(super) struct Connection {
    waits_since: Mutex<Instant>,
    /// Requests under way that have shown the token.
    held: AtomicUsize,
    evicted: Notify,
}

/// A place among the connections; free again when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    connections: Arc<Connections>,
    number: u64,
    pub(super) connection: Arc<Connection>,
}

/// Keeps the place of a connection until it is dropped.
#[derive(Debug)]
pub(super) struct Held(Arc<Connection>);

impl Connections {
    /// As many as there are descriptors for, after asking the system for enough.
    pub(super) fn by_descriptors() -> Self {
        let wanted = (CONNECTIONS_MAX + RESERVED) as u64;
        let limit = getrlimit(Resource::Nofile);
        let (current, maximum) = (
            limit.current.unwrap_or(u64::MAX),
            limit.maximum.unwrap_or(u64::MAX),
        );
        let raised = current.max(wanted.min(maximum));
        let new = Rlimit {
            current: Some(raised),
            ..limit
        };
        let granted = match raised > current && setrlimit(Resource::Nofile, new).is_ok() {
            true => raised,
            false => current,
        };
        Self::at_most(most(granted))
    }

    fn at_most(most: usize) -> Self {
        Self {
            most,
            open: Mutex::default(),
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_full(&self) -> bool {
        self.open().all.len() >= self.most
    }

    /// Closes the connection that has waited longest; `false` if all keep their places.
    pub(super) fn evict(&self) -> bool {
        let mut open = self.open();
        let may_go = open
            .all
            .iter()
            .filter(|(_, connection)| connection.held.load(Ordering::SeqCst) == 0);
        let Some((&number, _)) = may_go.min_by_key(|(_, connection)| connection.since()) else {
            return false;
        };
        if let Some(connection) = open.all.remove(&number) {
            connection.evicted.notify_one();
        }
        true
    }

    pub(super) fn enter(self: &Arc<Self>) -> Seat {
        let connection = Arc::new(Connection {
            waits_since: Mutex::new(Instant::now()),
            held: AtomicUsize::new(0),
            evicted: Notify::new(),
        });
        let mut open = self.open();
        let number = open.next;
        open.next += 1;
        open.all.insert(number, Arc::clone(&connection));
        Seat {
            connections: Arc::clone(self),
            number,
            connection,
        }
    }
}

fn most(descriptors: u64) -> usize {
    let descriptors = usize::try_from(descriptors).unwrap_or(usize::MAX);
    let left = descriptors.saturating_sub(RESERVED);
    left.clamp(CONNECTIONS_MIN, CONNECTIONS_MAX)
}

impl Connection {
    fn waits(&self) -> MutexGuard<'_, Instant> {
        let waits = self.waits_since.lock();
        waits.unwrap_or_else(PoisonError::into_inner)
    }

    fn since(&self) -> Instant {
        *self.waits()
    }

    /// The client has read something, or its request is over.
    pub(super) fn is_served(&self) {
        *self.waits() = Instant::now();
    }

    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    pub(super) fn hold(self: &Arc<Self>) -> Held {
        self.held.fetch_add(1, Ordering::SeqCst);
        Held(Arc::clone(self))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.is_served();
        self.0.held.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.connections.open().all.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_for_runs_are_left() {
        for (descriptors, expected) in [
            (0, 8),
            (64, 8),
            (100, 36),
            (256, 192),
            (1_024, 960),
            (4_096, 2_000),
            (u64::MAX, 2_000),
        ] {
            assert_eq!(most(descriptors), expected, "{descriptors}");
        }
    }

    #[test]
    fn the_longest_wait_makes_room_and_a_run_never_does() {
        let connections = Arc::new(Connections::at_most(3));
        let (running, slow, fast) = (
            connections.enter(),
            connections.enter(),
            connections.enter(),
        );
        let held = running.connection.hold();
        assert!(connections.is_full());
        fast.connection.is_served();
        assert!(connections.evict() && !connections.is_full());
        let left: Vec<u64> = connections.open().all.keys().copied().collect();
        assert_eq!(left, [running.number, fast.number]);
        drop((slow, fast));
        assert!(!connections.evict(), "only the run is left");
        drop(held);
        assert!(connections.evict());
    }
}
