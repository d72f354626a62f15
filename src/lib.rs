//! The page and its worker.
//!
//! ```text
//! event ─▶ Action ─ reduce ─▶ State ─ view ─▶ Node ─▶ elements
//!                      └─ effects: worker, editor, storage, frames ─▶ Action
//! ```
//!
//! - [`state`] is plain Rust: the state, its changes and the texts. It is tested natively.
//! - [`view`] turns a state into nodes, which are data; plain Rust as well.
//! - [`files`], [`insight`] and [`python`] are plain Rust too, and separate programs;
//!   so is [`proof`], which talks to a companion.
//! - `browser` needs a browser: elements from nodes, the canvas, the editor, the worker and its
//!   client, storage and links.

mod files;
mod insight;
mod proof;
pub mod protocol;
mod python;
mod state;
mod view;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod parcels;

pub use files::file;
pub use insight::answer;
pub use python::read_python;

#[cfg(target_arch = "wasm32")]
pub use browser::start;
#[cfg(target_arch = "wasm32")]
pub use proof::prove;
