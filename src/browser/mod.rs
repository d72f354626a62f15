//! The page in a browser: elements, effects, the worker and its client.
//!
//! [`app`] holds the state and carries out what follows from its changes; [`tree`]
//! makes elements of what the views say ([`crate::view`]). The editor and the
//! chart are components of their own: they take props and emit actions. Simulating is the worker's
//! work ([`worker`], [`client`]) and falls back to the page itself ([`job`]).

mod access;
mod app;
mod chart;
mod client;
mod clock;
mod crash;
mod dom;
mod editor;
mod embedded;
mod files;
mod hired;
mod insight;
mod job;
mod proof;
mod still;
mod storage;
#[cfg(test)]
mod tests;
mod tree;
mod worker;

/// One program for both: whoever has no window is the worker.
pub fn start() {
    match web_sys::window() {
        Some(_) => app::start(),
        None => worker::start(),
    }
}
