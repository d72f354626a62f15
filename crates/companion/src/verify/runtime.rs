//! The real runtimes a script can be run on.

use std::fmt;

use model::time::SimDuration;
use model::workload::{Executor, SegmentKind, Workload};

/// Where a script runs for real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// The machine's CPython and its standard library.
    Asyncio,
    /// Operating-system threads, with or without a lock that plays the GIL.
    Threads,
    /// A current-thread runtime of tokio and its blocking pool.
    Tokio,
    /// A FastAPI app under uvicorn, called over HTTP.
    Fastapi,
    /// Celery workers and a Redis.
    Celery,
}

impl Runtime {
    pub const ALL: [Self; 5] = [
        Self::Asyncio,
        Self::Fastapi,
        Self::Celery,
        Self::Threads,
        Self::Tokio,
    ];

    /// As typed after `--on`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asyncio => "asyncio",
            Self::Threads => "threads",
            Self::Tokio => "tokio",
            Self::Fastapi => "fastapi",
            Self::Celery => "celery",
        }
    }

    /// Whatever `servers` says, there is one loop.
    pub(super) fn is_one_process(self) -> bool {
        match self {
            Self::Asyncio | Self::Threads | Self::Tokio | Self::Celery => true,
            Self::Fastapi => false,
        }
    }

    pub(super) fn is_python(self) -> bool {
        match self {
            Self::Asyncio | Self::Fastapi | Self::Celery => true,
            Self::Threads | Self::Tokio => false,
        }
    }

    /// How late a thing may be whatever its length: timers, the start of
    /// threads and processes, the observer itself.
    pub(super) fn slack(self, workload: &Workload) -> SimDuration {
        let requests = workload
            .runs
            .iter()
            .map(|run| run.count.min(1_000))
            .sum::<u64>();
        match self {
            // A client and a server share the machine with what is measured, and a request
            // takes the GIL several times, each time behind everybody who computes.
            Self::Fastapi => SimDuration::from_millis(100 + 2 * requests.min(1_000)),
            // A broker, and workers that poll it, share the machine too.
            Self::Celery => SimDuration::from_millis(150),
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
