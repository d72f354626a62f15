//! The real runtimes a script can be run on.

use std::fmt;

use crate::time::SimDuration;
use crate::workload::{Executor, SegmentKind, Workload};

/// Where a script runs for real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// The machine's CPython and its standard library.
    Asyncio,
}

impl Runtime {
    /// As typed after `--on`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asyncio => "asyncio",
        }
    }

    /// Whatever `servers` says, there is one loop.
    pub(super) fn is_one_process(self) -> bool {
        match self {
            Self::Asyncio => true,
        }
    }

    pub(super) fn is_python(self) -> bool {
        match self {
            Self::Asyncio => true,
        }
    }

    /// How late a thing may be whatever its length: timers, the start of
    /// threads and processes, the observer itself.
    pub(super) fn slack(self, workload: &Workload) -> SimDuration {
        match starts_processes(workload) {
            true => SimDuration::from_millis(100),
            false => SimDuration::from_millis(30),
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
