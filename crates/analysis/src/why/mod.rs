//! Why a run took as long as it did: which tasks delayed which others, and at which lines.
//!
//! Reads a workload and its trace. The effect of a change is simulated, not estimated. Output
//! is left to the command line and the page.
//!
//! - [`scarce`]: the resources that tasks compete for, e.g. the GIL.
//! - [`holding`]: which instance holds which of them, derived from a trace.
//! - [`mod@blame`]: the waiting that each line caused.
//! - [`findings`]: problems of a run, each with a simulated remedy.
//! - [`chain`]: why one instance waits, link by link.

pub mod blame;
pub mod chain;
pub mod findings;
mod holding;
pub mod scarce;

pub use blame::{Blame, Blamed, blame};
pub use chain::{Chain, Culprit, Why};
pub use scarce::Scarce;
