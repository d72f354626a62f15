//! The page and its workers.
//!
//! ```text
//! event ─▶ Action ─ reduce ─▶ State ─ view ─▶ Node ─▶ elements
//!                      └─▶ Effects: run, store, copy, ask a program ─▶ Action
//! ```
//!
//! - [`state`] has the state, the reducer and the texts. Plain Rust, tested natively.
//! - [`view`] turns a state into nodes, which are data. Plain Rust as well.
//! - [`protocol`] has the messages between the page and its programs, and the panels in them;
//!   [`markup`] the trees of elements that panels and views are made of.
//! - [`files`], [`insight`], [`python`] and [`proof`] are separate programs, each for a worker of
//!   its own, e.g. for the analysis. Plain Rust, except for the part of [`proof`] that talks to
//!   a companion.
//! - `browser` has everything that needs a browser: Yew elements, the canvas, the editor, the
//!   clients of the workers, storage and links.

mod files;
mod insight;
mod markup;
mod proof;
pub mod protocol;
mod python;
mod state;
mod view;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod message;
#[cfg(target_arch = "wasm32")]
mod programs;

#[cfg(target_arch = "wasm32")]
pub use browser::start;
#[cfg(target_arch = "wasm32")]
pub use programs::{analyse, make_file, read_python, run_for_real};
