//! A request to end: Ctrl-C, a signal, or a client that has hung up.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::supervisor::Report;

/// Can be raised from any thread, once; all its listeners are told.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    raised: AtomicBool,
    listeners: Mutex<Listeners>,
}

#[derive(Debug, Default)]
struct Listeners {
    next: u64,
    all: BTreeMap<u64, Sender<Wake>>,
}

/// What a wait for a command can end with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    Reported(Report),
    /// The supervisor has.
    HungUp,
    Interrupted,
}

/// A listener is told until this is dropped.
#[derive(Debug)]
pub(super) struct Listening {
    shared: Arc<Shared>,
    number: u64,
}

impl Interrupt {
    /// One that Ctrl-C and a request to terminate raise. For a process's only one.
    pub fn on_signals() -> Self {
        let interrupt = Self::default();
        let raised = interrupt.clone();
        // Where a handler cannot be set, signals end the process as they always do.
        let _ = ctrlc::set_handler(move || raised.raise());
        interrupt
    }

    pub fn raise(&self) {
        self.shared.raised.store(true, Ordering::SeqCst);
        for listener in self.shared.listeners().all.values() {
            // A listener that has gone needs no news.
            let _ = listener.send(Wake::Interrupted);
        }
    }

    pub fn is_raised(&self) -> bool {
        self.shared.raised.load(Ordering::SeqCst)
    }

    /// Comes back when it is raised.
    pub fn wait(&self) {
        let (tell, told) = channel();
        let _listening = self.tell(tell);
        let _ = told.recv();
    }

    pub(super) fn is_raised_within(&self, limit: Duration) -> bool {
        let (tell, told) = channel();
        let _listening = self.tell(tell);
        told.recv_timeout(limit).is_ok()
    }

    /// Tells this listener from now on; at once if it is raised already.
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

impl Shared {
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
