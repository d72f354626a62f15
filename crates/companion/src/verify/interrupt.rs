//! The interrupt of a verification: Ctrl-C, SIGTERM, or a client that closed its connection.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::supervisor::SupervisorReport;
use crate::signals::on_end_signals;

/// A flag that any thread can raise, once. Raising it notifies all listeners. Clones share the
/// flag.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    shared: Arc<InterruptState>,
}

#[derive(Debug, Default)]
struct InterruptState {
    raised: AtomicBool,
    listeners: Mutex<Listeners>,
}

#[derive(Debug, Default)]
struct Listeners {
    next: u64,
    all: BTreeMap<u64, Sender<Wake>>,
}

/// An event that ends a wait for a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    Reported(SupervisorReport),
    /// The supervisor closed the connection, i.e. it was killed.
    HungUp,
    Interrupted,
}

/// A registered listener. Dropping this removes it.
#[derive(Debug)]
pub(super) struct Listening {
    shared: Arc<InterruptState>,
    number: u64,
}

impl Interrupt {
    /// The interrupt that SIGINT and SIGTERM raise: one for the whole process, since a process has one
    /// handler. Without it the signals end the process, and the supervisor cleans up.
    pub fn on_signals() -> Self {
        static OF_PROCESS: OnceLock<Interrupt> = OnceLock::new();
        let interrupt = OF_PROCESS.get_or_init(|| {
            let interrupt = Self::default();
            let raised = interrupt.clone();
            on_end_signals(move |_| raised.raise());
            interrupt
        });
        interrupt.clone()
    }

    pub fn raise(&self) {
        // The flag first, then the lock: a listener that registers in between sees the flag.
        self.shared.raised.store(true, Ordering::SeqCst);
        for listener in self.shared.listeners().all.values() {
            // Fails if the listener's receiver was dropped.
            let _ = listener.send(Wake::Interrupted);
        }
    }

    pub fn is_raised(&self) -> bool {
        self.shared.raised.load(Ordering::SeqCst)
    }

    /// Blocks until the interrupt is raised.
    pub fn wait(&self) {
        let (tell, told) = channel();
        let _listening = self.tell(tell);
        let _ = told.recv();
    }

    /// Blocks until the interrupt is raised, but not longer than the limit.
    pub(super) fn is_raised_within(&self, limit: Duration) -> bool {
        let (tell, told) = channel();
        let _listening = self.tell(tell);
        told.recv_timeout(limit).is_ok()
    }

    /// Registers a listener. Notifies it at once if the interrupt was raised before.
    pub(super) fn tell(&self, listener: Sender<Wake>) -> Listening {
        let mut listeners = self.shared.listeners();
        if self.is_raised() {
            let _ = listener.send(Wake::Interrupted);
        }
        let number = listeners.next;
        listeners.next += 1;
        listeners.all.insert(number, listener);
        Listening {
            shared: Arc::clone(&self.shared),
            number,
        }
    }
}

impl InterruptState {
    fn listeners(&self) -> MutexGuard<'_, Listeners> {
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.shared.listeners().all.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_commands_at_once_both_hear_of_the_end() {
        let interrupt = Interrupt::default();
        let (first, first_told) = channel();
        let (second, second_told) = channel();
        let (_first, second) = (interrupt.tell(first), interrupt.tell(second));
        drop(second);
        interrupt.raise();
        assert_eq!(first_told.recv(), Ok(Wake::Interrupted));
        assert!(second_told.recv().is_err(), "it had stopped listening");
        assert!(interrupt.is_raised_within(Duration::ZERO));
    }
}
