//! The open connections, and the eviction of one if there are too many.
//!
//! The evicted connection is the one that has waited longest for its client: for a request, or
//! for the client to read. So thousands of slow clients evict each other, and a client that sends
//! its request at once gets its response. A connection is not evicted while it has a request
//! with the token.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::Notify;

/// The largest number of connections. A browser opens six for a page; 2,000 need some 40 MB.
const CONNECTIONS_MAX: usize = 2_000;
/// Descriptors for other purposes: the server has a dozen, and a run and three checks for Python
/// need some thirty while they start.
const RESERVED: usize = 64;
/// The number of connections if the system grants few descriptors: enough for one page.
const CONNECTIONS_MIN: usize = 8;

/// The open connections.
#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    open: Mutex<OpenConnections>,
}

#[derive(Debug, Default)]
struct OpenConnections {
    next: u64,
    all: BTreeMap<u64, Arc<Connection>>,
}

/// The state of an open connection that decides about its eviction.
#[derive(Debug)]
pub(super) struct Connection {
    /// The last time at which the client made progress.
    waits_since: Mutex<Instant>,
    /// The number of unfinished requests with the token.
    held: AtomicUsize,
    evicted: Notify,
}

/// An entry among the open connections. Dropping it removes the entry.
#[derive(Debug)]
pub(super) struct Seat {
    connections: Arc<Connections>,
    number: u64,
    pub(super) connection: Arc<Connection>,
}

/// Protects a connection from eviction until it is dropped.
#[derive(Debug)]
pub(super) struct EvictionGuard(Arc<Connection>);

impl Connections {
    /// Allows as many connections as there are descriptors, after raising the process's limit of
    /// open files.
    pub(super) fn by_descriptors() -> Self {
        let wanted = (CONNECTIONS_MAX + RESERVED) as u64;
        let limit = getrlimit(Resource::Nofile);
        let (current, maximum) = (
            limit.current.unwrap_or(u64::MAX),
            limit.maximum.unwrap_or(u64::MAX),
        );
        // A process may raise its limit up to the maximum without privileges. Never lower it.
        let raised = current.max(wanted.min(maximum));
        let new = Rlimit {
            current: Some(raised),
            ..limit
        };
        let granted = if raised > current && setrlimit(Resource::Nofile, new).is_ok() {
            raised
        } else {
            current
        };
        Self::at_most(seats_max(granted))
    }

    fn at_most(most: usize) -> Self {
        Self {
            most,
            open: Mutex::default(),
        }
    }

    fn lock_open(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_full(&self) -> bool {
        self.lock_open().all.len() >= self.most
    }

    /// Evicts the connection that has waited longest. `false` if all are protected.
    pub(super) fn evict_oldest(&self) -> bool {
        let mut open = self.lock_open();
        let may_go = open
            .all
            .iter()
            .filter(|(_, connection)| connection.held.load(Ordering::SeqCst) == 0);
        let Some((&number, _)) = may_go.min_by_key(|(_, connection)| connection.waiting_since())
        else {
            return false;
        };
        // Removed here, not when its task ends, so that the next call chooses another.
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
        let mut open = self.lock_open();
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

/// The number of connections for this number of descriptors, e.g. 1,024 → 960.
fn seats_max(descriptors: u64) -> usize {
    let descriptors = usize::try_from(descriptors).unwrap_or(usize::MAX);
    let left = descriptors.saturating_sub(RESERVED);
    left.clamp(CONNECTIONS_MIN, CONNECTIONS_MAX)
}

impl Connection {
    fn lock_waiting(&self) -> MutexGuard<'_, Instant> {
        let waits = self.waits_since.lock();
        waits.unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting_since(&self) -> Instant {
        *self.lock_waiting()
    }

    /// Restarts the waiting time: the client has read something, or its request has ended.
    pub(super) fn is_served(&self) {
        *self.lock_waiting() = Instant::now();
    }

    /// Returns when the connection is evicted.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    pub(super) fn hold(self: &Arc<Self>) -> EvictionGuard {
        self.held.fetch_add(1, Ordering::SeqCst);
        EvictionGuard(Arc::clone(self))
    }
}

impl Drop for EvictionGuard {
    fn drop(&mut self) {
        // First, or a long run would make this the connection that has waited longest.
        self.0.is_served();
        self.0.held.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.connections.lock_open().all.remove(&self.number);
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
            assert_eq!(seats_max(descriptors), expected, "{descriptors}");
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
        assert!(connections.evict_oldest() && !connections.is_full());
        let left: Vec<u64> = connections.lock_open().all.keys().copied().collect();
        assert_eq!(left, [running.number, fast.number]);
        drop((slow, fast));
        assert!(!connections.evict_oldest(), "only the run is left");
        drop(held);
        assert!(connections.evict_oldest());
    }
}
