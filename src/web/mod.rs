//! The page and its worker.
//!
//! ```text
//! event ─▶ Action ─ reduce ─▶ State ─▶ components ─▶ document
//!                      └─ effects: worker, editor, storage, frames ─▶ Action
//! ```
//!
//! - [`model`] is plain Rust and decides what happens and what is said; it is
//!   tested natively.
//! - [`files`] is plain Rust too, and a program of its own.
//! - `browser` needs one: the components, the canvas, the worker and its
//!   client, storage and links.

mod files;
mod model;

#[cfg(target_arch = "wasm32")]
mod browser;

pub use files::file;

#[cfg(target_arch = "wasm32")]
pub use browser::start;
