//! What needs an operating system: files, a terminal, processes.
//!
//! Not built for the browser. Uses the core; the core knows nothing of it.

pub mod cli;
mod lesson;
pub mod png;
pub mod serve;
pub mod verify;
