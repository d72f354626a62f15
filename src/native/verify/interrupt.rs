//! Somebody asks for the end: Ctrl-C, or whoever started the verification.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Can be raised from any thread, once; everybody who listens is told.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    raised: AtomicBool,
    listener: Mutex<Option<Sender<Wake>>>,
}

/// What a wait for a child can end with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    Exited,
    Interrupted,
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
        let listener = self.shared.listener.lock();
        if let Some(listener) = &*listener.unwrap_or_else(PoisonError::into_inner) {
            // Who no longer listens needs no news.
            let _ = listener.send(Wake::Interrupted);
        }
    }

    pub fn is_raised(&self) -> bool {
        self.shared.raised.load(Ordering::SeqCst)
    }

    /// Comes back when it is raised.
    pub fn wait(&self) {
        let (tell, told) = channel();
        self.tell(tell);
        // Another listener would take this one's place; then nobody waits here any more.
        let _ = told.recv();
    }

    pub(super) fn is_raised_within(&self, limit: Duration) -> bool {
        let (tell, told) = channel();
        self.tell(tell);
        told.recv_timeout(limit).is_ok()
    }

    /// From now on this one is told; at once if it is raised already.
    pub(super) fn tell(&self, listener: Sender<Wake>) {
        let mut place = self.shared.listener.lock();
        let place = &mut *place.as_mut().unwrap_or_else(|poison| poison.get_mut());
        if self.is_raised() {
            let _ = listener.send(Wake::Interrupted);
        }
        **place = Some(listener);
    }
}
