//! The page and its worker.
//!
//! ```text
//! event ─▶ Action ─ reduce ─▶ State ─▶ components ─▶ document
//!                      └─ effects: worker, editor, storage, frames ─▶ Action
//! ```
//!
//! - [`model`] is plain Rust and decides what happens and what is said; it is
//!   tested natively.
//! - `browser` needs one: the components, the canvas, the worker and its
//!   client, storage and links.

mod model;

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(target_arch = "wasm32")]
pub use browser::start;
