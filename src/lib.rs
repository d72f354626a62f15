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

pub mod chart;
pub mod compare;
pub mod export;
pub mod import;
pub mod language;
pub mod lessons;
pub mod limits;
pub mod link;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod order;
pub mod paint;
pub mod protocol;
pub mod python;
pub mod replay;
pub mod report;
pub mod say;
pub mod scene;
pub mod script;
pub mod sim;
pub mod sweep;
pub mod time;
pub mod trace;
// The page's plain half is tested natively.
#[cfg(any(test, target_arch = "wasm32"))]
pub mod web;
pub mod why;
pub mod workload;
