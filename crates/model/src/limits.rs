//! How much a script may ask for, so that a hostile link costs a bounded amount of
//! time and memory everywhere.
//!
//! The numbers are the same in the page, on the command line and in the companion, but
//! for one: how many records a trace may have depends on the memory of the host
//! ([`RunLimits`]). A run that stays below the smallest limit has the same trace on every host.
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
/// Records in a trace on the command line and in the companion: 15 bytes each, and 6 more for
/// each instant, so at most 840 MB.
pub const RECORDS_MAX: u64 = 40_000_000;
/// Records in a trace in the page. At this limit its tab takes at most 1.6 GB in Chromium (1.4 GB for
/// `a: forever: (await 1ns)`, 1.6 GB for a thousand threads that take turns every microsecond):
/// what browsers allow a tab, and less than half of the 4 GiB of WebAssembly. At 40 million the
/// trace with everything that is drawn of it does not fit, and ends the page.
pub const PAGE_RECORDS_MAX: u64 = 10_000_000;
/// Records of a run whose every span is in memory at once on the command line: for a chart in
/// text, findings, `why`. A span takes up to 76 bytes besides its record, so that a run takes
/// less than 1 GB. Also what a script on a page of a course may come to.
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

/// How much one simulation may come to, as its host decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunLimits {
    /// Records in the trace.
    pub records: u64,
}

impl RunLimits {
    /// On the command line and in the companion.
    pub const NATIVE: Self = Self {
        records: RECORDS_MAX,
    };
    /// In the page and in its workers.
    pub const PAGE: Self = Self {
        records: PAGE_RECORDS_MAX,
    };
    /// Those of the host that this is compiled for.
    pub const HOST: Self = if cfg!(target_arch = "wasm32") {
        Self::PAGE
    } else {
        Self::NATIVE
    };

    /// The same, but at most so many records.
    #[must_use]
    pub const fn at_most(self, records: u64) -> Self {
        if records < self.records {
            Self { records }
        } else {
            self
        }
    }
}
