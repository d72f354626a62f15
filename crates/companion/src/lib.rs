//! The companion: command line, local server, and runs on real runtimes.
//!
//! Needs an operating system: files, a terminal, processes.

pub mod cli;
mod lesson;
pub mod png;
pub mod serve;
mod signals;
pub mod verify;
