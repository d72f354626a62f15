//! Why a run took as long as it did: who was in whose way, at which line.
//!
//! Reads a workload and its trace; what a change would bring is simulated, not
//! estimated. Draws and prints nothing.
//!
//! - [`scarce`]: what tasks have to wait for because others have it.
//! - [`holding`]: who has it, as far as a trace shows.
//! - [`blame`]: the waiting that each line caused.
//! - [`findings`]: what is wrong, and what to write instead.
//! - [`chain`]: why somebody waits, link by link.

pub mod blame;
pub mod chain;
pub mod findings;
mod holding;
pub mod scarce;

pub use blame::{Blame, Blamed, blame};
pub use chain::{Chain, Why};
pub use scarce::Scarce;
