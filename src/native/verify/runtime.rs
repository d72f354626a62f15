//! The real runtimes a script can be run on.

use std::fmt;

use crate::time::SimDuration;
use crate::workload::{Executor, SegmentKind, Workload};

/// Where a script runs for real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// The machine's CPython and its standard library.
    Asyncio,
    /// Operating-system threads, with or without a lock that plays the GIL.
    Threads,
    /// A current-thread runtime of tokio and its blocking pool.
    Tokio,
}

impl Runtime {
    /// As typed after `--on`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asyncio => "asyncio",
            Self::Threads => "threads",
            Self::Tokio => "tokio",
        }
    }

    /// Whatever `servers` says, there is one loop.
    pub(super) fn is_one_process(self) -> bool {
        match self {
            Self::Asyncio | Self::Threads | Self::Tokio => true,
        }
    }

    pub(super) fn is_python(self) -> bool {
        match self {
            Self::Asyncio => true,
            Self::Threads | Self::Tokio => false,
        }
    }

    /// How late a thing may be whatever its length: timers, the start of
    /// threads and processes, the observer itself.
    pub(super) fn slack(self, workload: &Workload) -> SimDuration {
        match self {
            Self::Asyncio if starts_processes(workload) => SimDuration::from_millis(100),
            Self::Asyncio | Self::Threads | Self::Tokio => SimDuration::from_millis(30),
        }
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

fn starts_processes(workload: &Workload) -> bool {
    let segments = workload.segments();
    let mut kinds = segments.iter().flatten().map(|segment| &segment.kind);
    kinds.any(|kind| match kind {
        SegmentKind::Offload { to, .. } => *to == Executor::Process,
        SegmentKind::Send { .. } => true,
        _ => false,
    })
}
