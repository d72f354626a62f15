//! The page in a browser: components, effects, the worker and its client.
//!
//! [`app`] holds the state and carries out what follows from its changes; the
//! other components take props and emit actions. Simulating is the worker's
//! work ([`worker`], [`client`]) and falls back to the page itself ([`job`]).

mod app;
mod chart;
mod client;
mod clock;
mod crash;
mod dialogs;
mod dom;
mod editor;
mod files;
mod header;
mod job;
mod lessons;
mod notices;
mod now;
mod prose;
mod result;
mod script_pane;
mod settings;
mod share;
mod storage;
mod table;
#[cfg(test)]
mod tests;
mod transport;
mod worker;

/// One program for both: whoever has no window is the worker.
pub fn start() {
    match web_sys::window() {
        Some(_) => app::start(),
        None => worker::start(),
    }
}
