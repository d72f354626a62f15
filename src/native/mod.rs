//! The parts that need an operating system: files, a terminal, processes, sockets.
//!
//! Not built for the browser. The rest of the crate does not depend on it.

pub mod cli;
mod lesson;
pub mod png;
pub mod serve;
pub mod verify;
