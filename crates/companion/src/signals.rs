//! The handler of the signals that ask a process to end.

use std::sync::Once;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Calls `handle` on a thread of its own with each SIGINT, SIGTERM and SIGHUP. A process has one
/// handler: later calls have no effect.
pub(crate) fn on_end_signals(handle: impl Fn(i32) + Send + 'static) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // If this fails, the signals end the process, as they do without a handler.
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else {
            return;
        };
        thread::spawn(move || signals.forever().for_each(handle));
    });
}
