//! The page in a browser: components, side effects, workers and their clients.
//!
//! [`app`] holds the state and carries out the side effects of its changes. [`tree`] turns the
//! nodes of the views ([`crate::view`]) into Yew elements. The editor and the chart are
//! components of their own, with props and actions. A worker simulates ([`worker`], [`client`]);
//! where no worker can start, the page does ([`job`]).

mod access;
mod app;
mod chart;
mod client;
mod clock;
mod crash;
mod deferred;
mod dom;
mod editor;
mod embedded;
mod files;
mod glide;
mod job;
mod program_runs;
mod python_runtime;
mod questions;
mod real_run;
mod storage;
#[cfg(test)]
mod tests;
mod tree;
mod unsaved;
mod worker;
mod worker_handle;

/// Starts the page or the simulation worker: both load the same program, and only a page has a
/// window.
pub fn start() {
    match web_sys::window() {
        Some(_) => app::start(),
        None => worker::start(),
    }
}
