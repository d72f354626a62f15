//! Loopscope: write a task script, see its schedule, know why, prove it.
//!
//! ```text
//! text ─ script ─▶ Workload ─ sim ─▶ Trace ─ scene ─▶ shapes ─ paint ─▶ pixels
//! ```
//!
//! Two narrow waists: [`workload`] is what is to run, [`trace`] is what
//! happened. The core is pure: it sees no clock, thread, environment or hash
//! order, so that the same script gives the same trace, byte for byte, in the
//! browser and natively.

pub use loopscope_engine::{
    cooperative, language, limits, protocol, replay, scene, sim, sorting, time, trace, workload,
};

pub mod chart;
pub mod compare;
pub mod effort;
pub mod export;
pub mod formula;
pub mod guess;
pub mod import;
pub mod lessons;
pub mod link;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod paint;
pub mod python;
pub mod report;
pub mod say;
pub mod script;
pub mod sweep;
// The page's plain half is tested natively.
#[cfg(any(test, target_arch = "wasm32"))]
pub mod web;
pub mod why;
