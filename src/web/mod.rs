//! The page and its worker: everything that needs a browser.
//!
//! ```text
//! event ─▶ Action ─ reduce ─▶ State ─▶ components ─▶ document
//!                      └─ effects: worker, editor, storage, frames ─▶ Action
//! ```
//!
//! [`state`] is plain Rust and decides what happens; [`app`] carries out what
//! follows from it; the components show it. Simulating is the worker's work
//! ([`worker`], [`client`]) and falls back to the page itself ([`job`]).

mod app;
mod chart;
mod client;
mod clock;
mod completion;
mod crash;
mod declare;
mod dialogs;
mod dom;
mod editor;
mod header;
mod job;
mod lessons;
mod notices;
mod now;
mod nudge;
mod result;

mod script_pane;
mod sentences;
mod settings;
mod shown;
mod state;
mod storage;
mod tokens;
mod transport;
mod words;
mod worker;

pub use app::start as start_page;
pub use worker::start as start_worker;
