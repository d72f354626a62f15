//! The proof: a script that is run for real by a companion on this machine; and traces
//! that were measured already, from files.
//!
//! A program of its own, in a worker of its own, which the page loads when the pane
//! is first opened. The page tells it what stands in the script and what the reader
//! does in the pane ([`message::Asked`]); it talks to the companion
//! (docs/companion-api.md) and answers with the pane as data ([`message::Said`]), as
//! often as there is something new.
//!
//! - [`desk`]: what is known, and what is to be done next. Asks nobody itself.
//! - [`door`]: who may have the token. [`lines`], [`report`]: what a companion tells.
//! - [`view`], [`result`], [`words`]: how that looks; [`drawing`]: the ghosts on the chart.
//! - [`file`], [`file_view`]: a trace that somebody has already measured.
//! - `wire` carries it out, in the worker.

// Natively only tests use it.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

mod desk;
mod door;
mod drawing;
mod file;
mod file_view;
mod lines;
pub(crate) mod message;
mod report;
mod result;
mod trouble;
mod view;
#[cfg(target_arch = "wasm32")]
mod wire;
mod words;

#[cfg(target_arch = "wasm32")]
pub use wire::prove;
