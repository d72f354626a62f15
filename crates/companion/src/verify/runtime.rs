//! The real runtimes on which a script can run.

use std::fmt;

use model::time::SimDuration;
use model::workload::{Executor, SegmentKind, Workload};

/// A real runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// The machine's CPython and its standard library.
    Asyncio,
    /// Threads of the operating system, with or without a lock that imitates the GIL.
    Threads,
    /// Tokio's current-thread runtime and its blocking pool.
    Tokio,
    /// A FastAPI app under uvicorn, called over HTTP.
    Fastapi,
    /// Celery workers with a Redis as broker.
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

    /// The name after `--on`, e.g. `asyncio`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asyncio => "asyncio",
            Self::Threads => "threads",
            Self::Tokio => "tokio",
            Self::Fastapi => "fastapi",
            Self::Celery => "celery",
        }
    }

    /// Whether there is one server process, whatever the script's `servers` says.
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

    /// The fixed part of the tolerance, for timers, for starting threads and processes, and for
    /// the watcher itself.
    pub(super) fn slack(self, workload: &Workload) -> SimDuration {
        let requests = workload
            .runs
            .iter()
            .map(|run| run.count.min(1_000))
            .sum::<u64>();
        match self {
            // The client and the server share the machine with the handlers. A request takes
            // the GIL several times, each time behind all threads that compute.
            Self::Fastapi => SimDuration::from_millis(100 + 2 * requests.min(1_000)),
            // The broker and the workers that poll it share the machine with the jobs.
            Self::Celery => SimDuration::from_millis(150),
            // Starting a Python process takes tens of milliseconds.
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
