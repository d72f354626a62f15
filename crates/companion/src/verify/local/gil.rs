//! A lock that plays the GIL: after `ceval_gil.c` of CPython.
//!
//! Who waits longer than the switch interval asks the holder to drop it; the
//! holder does so at its next look, and waits until another has taken it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Gil {
    state: Mutex<State>,
    free: Condvar,
    taken: Condvar,
    asked: AtomicBool,
    interval: Duration,
}

#[derive(Debug, Default)]
struct State {
    held: bool,
    /// How often it was taken.
    switches: u64,
    waiting: u32,
}

impl Gil {
    pub(super) fn new(interval: Duration) -> Self {
        Self {
            state: Mutex::default(),
            free: Condvar::new(),
            taken: Condvar::new(),
            asked: AtomicBool::new(false),
            interval,
        }
    }

    /// Held until dropped.
    pub(super) fn take(&self) -> Held<'_> {
        self.acquire();
        Held(self)
    }

    fn hand_over(&self) {
        let mut state = self.lock();
        let before = state.switches;
        state.held = false;
        self.asked.store(false, Ordering::Relaxed);
        self.free.notify_one();
        // Else this thread, which is at work, would be the fastest to take it.
        while state.waiting > 0 && state.switches == before {
            state = wait(&self.taken, state);
        }
        drop(state);
        self.acquire();
    }

    fn acquire(&self) {
        let mut state = self.lock();
        state.waiting += 1;
        while state.held {
            let before = state.switches;
            let (after, timeout) = self
                .free
                .wait_timeout(state, self.interval)
                .unwrap_or_else(PoisonError::into_inner);
            state = after;
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
        self.lock().held = false;
        self.free.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wait<'a>(condition: &Condvar, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
    condition
        .wait(state)
        .unwrap_or_else(PoisonError::into_inner)
}

/// Whoever computes, prints, begins or ends has it; whoever blocks does not.
#[derive(Debug)]
pub(super) struct Held<'a>(&'a Gil);

impl Held<'_> {
    pub(super) fn is_asked_for(&self) -> bool {
        self.0.asked.load(Ordering::Relaxed)
    }

    /// Lets another one have it, and takes it back in its turn.
    pub(super) fn hand_over(&self) {
        self.0.hand_over();
    }

    /// Others may have it during `act`; `told` is called before it is taken back.
    pub(super) fn without(&self, act: impl FnOnce(), told: impl FnOnce()) {
        self.0.release();
        act();
        told();
        self.0.acquire();
    }
}

impl Drop for Held<'_> {
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
        let gil = Gil::new(Duration::from_micros(100));
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
