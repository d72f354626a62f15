//! How much a script may ask for: the same numbers in the page, on the command
//! line and in the companion, so that a hostile link costs a bounded amount of
//! time and memory everywhere.
//!
//! Counts are checked with checked arithmetic *before* anything is expanded.

use crate::time::SimDuration;

/// Bytes of script text. A lesson is under 1 KiB.
pub const SCRIPT_BYTES_MAX: usize = 256 * 1024;
/// Lines of script text.
pub const LINES_MAX: usize = 10_000;
/// Segments in the whole script.
pub const SEGMENTS_MAX: usize = 60_000;
/// Task definitions.
pub const TASKS_MAX: usize = 5_000;
/// Blocks inside blocks; deep enough for any program a person reads.
pub const NESTING_MAX: usize = 64;
/// `call` inside `call` at run time.
pub const CALL_DEPTH_MAX: usize = 1_000;
/// Task instances in one simulation, arrivals and children together.
pub const INSTANCES_MAX: u64 = 2_000_000;
/// Records in a trace: 15 bytes each, and 6 more for each instant, so at most 840 MB.
pub const RECORDS_MAX: u64 = 40_000_000;
/// Records of a run whose every span is in memory at once: for a chart, findings, `why`.
/// A span takes up to 76 bytes besides its record, so that a run takes less than 1 GB.
/// Also what a script on a page of a course may come to.
pub const DETAIL_RECORDS_MAX: u64 = 8_000_000;
/// Steps of the simulation: bounds scripts that turn in place without leaving records.
pub const STEPS_MAX: u64 = 100_000_000;
/// Steps at one instant: more than any real script takes, and a second of work.
pub const STEPS_AT_ONCE_MAX: u64 = 30_000_000;
/// A single duration in a script.
pub const DURATION_MAX: SimDuration = SimDuration::from_secs(24 * 3_600);
/// Where the simulated clock stops at the latest.
pub const HORIZON: SimDuration = SimDuration::from_secs(7 * 24 * 3_600);
/// `cores`.
pub const CORES_MAX: u32 = 1_024;
/// Threads or workers of one pool; `pool`, `executor`, `processes`, `jobs`.
pub const POOL_MAX: u32 = 10_000;
/// `servers`.
pub const SERVERS_MAX: u32 = 256;
