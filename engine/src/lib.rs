//! The engine: the simulator, its trace, and the scene drawn from the trace.
//!
//! A package of its own, because the page is compiled for size and this code, which
//! runs on every edit, for speed. `loopscope` re-exports its modules. Leaves the script
//! language, the command line and the page to that crate.

pub mod cooperative;
pub mod language;
pub mod limits;
pub mod protocol;
pub mod replay;
pub mod scene;
pub mod sim;
pub mod sorting;
pub mod time;
pub mod trace;
pub mod workload;
