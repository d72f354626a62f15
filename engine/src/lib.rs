//! What is computed often: the simulator, its trace, and the scene drawn from it.
//!
//! A package of its own so that the page can be compiled for size and this for
//! speed; `loopscope` presents its modules as its own. Knows neither the script
//! language nor any program around it.

pub mod language;
pub mod limits;
pub mod order;
pub mod protocol;
pub mod replay;
pub mod scene;
pub mod sim;
pub mod slices;
pub mod time;
pub mod trace;
pub mod workload;
