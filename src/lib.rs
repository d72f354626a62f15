//! The page and its workers.
//!
//! ```text
//! event ─▶ Action ─ reduce ─▶ State ─ view ─▶ Node ─▶ elements
//!                      └─ effects: worker, editor, storage, frames ─▶ Action
//! ```
//!
//! - [`state`] has the state, the reducer and the texts. Plain Rust, tested natively.
//! - [`view`] turns a state into nodes, which are data. Plain Rust as well.
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
mod parcels;

pub use files::file;
pub use insight::answer;
pub use python::read_python;

#[cfg(target_arch = "wasm32")]
pub use browser::start;
#[cfg(target_arch = "wasm32")]
pub use proof::prove;
