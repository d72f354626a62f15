//! A lock that imitates the GIL, after CPython's `ceval_gil.c`.
//!
//! A thread that waits longer than the switch interval, e.g. 5 ms, requests the lock. The holder
//! sees the request at its next check, releases the lock and waits until another thread has
//! taken it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The lock.
#[derive(Debug)]
pub(super) struct EmulatedGil {
    state: Mutex<LockState>,
    /// Notified at a release.
    free: Condvar,
    /// Notified when a thread has taken the lock.
    taken: Condvar,
    /// A waiting thread requests the lock: CPython's `gil_drop_request`.
    asked: AtomicBool,
    interval: Duration,
}

#[derive(Debug, Default)]
struct LockState {
    held: bool,
    /// How often the lock was taken. Tells a waiter whether another thread had it meanwhile.
    switches: u64,
    waiting: u32,
}

impl EmulatedGil {
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            state: Mutex::default(),
            free: Condvar::new(),
            taken: Condvar::new(),
            asked: AtomicBool::new(false),
            interval,
        }
    }

    /// Waits for the lock. It is released when the result is dropped.
    pub(super) fn take(&self) -> GilHold<'_> {
        self.acquire();
        GilHold(self)
    }

    fn hand_over(&self) {
        let mut state = self.lock_state();
        let before = state.switches;
        state.held = false;
        self.asked.store(false, Ordering::Relaxed);
        self.free.notify_one();
        // Otherwise this thread would take it again before a waiting thread wakes up:
        // CPython's `FORCE_SWITCHING`.
        while state.waiting > 0 && state.switches == before {
            state = wait_on(&self.taken, state);
        }
        drop(state);
        self.acquire();
    }

    fn acquire(&self) {
        let mut state = self.lock_state();
        state.waiting += 1;
        while state.held {
            let before = state.switches;
            let (after, timeout) = self
                .free
                .wait_timeout(state, self.interval)
                .unwrap_or_else(PoisonError::into_inner);
            state = after;
            // A thread that took the lock during the interval gets an interval of its own.
            if timeout.timed_out() && state.held && state.switches == before {
                self.asked.store(true, Ordering::Relaxed);
            }
        }
        state.waiting -= 1;
        state.held = true;
        state.switches += 1;
        self.asked.store(false, Ordering::Relaxed);
        self.taken.notify_all();
    }

    fn release(&self) {
        self.lock_state().held = false;
        self.free.notify_one();
    }

    fn lock_state(&self) -> MutexGuard<'_, LockState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait_on<'a>(condition: &Condvar, state: MutexGuard<'a, LockState>) -> MutexGuard<'a, LockState> {
    condition
        .wait(state)
        .unwrap_or_else(PoisonError::into_inner)
}

/// Possession of the lock. A thread has it while it computes, prints, starts or ends, but not
/// while it blocks.
#[derive(Debug)]
pub(super) struct GilHold<'a>(&'a EmulatedGil);

impl GilHold<'_> {
    /// Whether another thread requests the lock.
    pub(super) fn is_asked_for(&self) -> bool {
        self.0.asked.load(Ordering::Relaxed)
    }

    /// Gives the lock to a waiting thread, then waits for it again.
    pub(super) fn hand_over(&self) {
        self.0.hand_over();
    }

    /// Releases the lock during `act`, e.g. a sleep. Calls `told` after it, before waiting for
    /// the lock again.
    pub(super) fn without(&self, act: impl FnOnce(), told: impl FnOnce()) {
        self.0.release();
        act();
        told();
        self.0.acquire();
    }
}

impl Drop for GilHold<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::thread;

    use super::*;

    #[test]
    fn one_at_a_time_holds_it_and_everybody_gets_it() {
        let gil = EmulatedGil::new(Duration::from_micros(100));
        let (inside, rounds) = (AtomicU32::new(0), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let held = gil.take();
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        rounds.fetch_add(1, Ordering::SeqCst);
                        inside.fetch_sub(1, Ordering::SeqCst);
                        if rounds.load(Ordering::SeqCst).is_multiple_of(3) {
                            held.hand_over();
                        }
                        held.without(thread::yield_now, || {});
                        drop(held);
                    }
                });
            }
        });
        assert_eq!(rounds.load(Ordering::SeqCst), 800);
    }
}
