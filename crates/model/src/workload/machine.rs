//! The machine of a workload: cores, GIL, pools and the costs of the runtime.

use serde::{Deserialize, Serialize};

use crate::time::SimDuration;

/// The machine and the runtime's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    pub cores: u32,
    pub gil: Gil,
    /// How long a thread keeps the GIL while others ask for it (`sys.setswitchinterval`).
    pub switch: SimDuration,
    /// Tokens of AnyIO's worker-thread limiter: `def` handlers and `thread`.
    pub pool: u32,
    /// Threads of the loop's own executor; `None` is CPython's default, `min(32, cores + 4)`.
    pub executor: Option<u32>,
    /// Workers of the process pool; `None` is one a core.
    pub processes: Option<u32>,
    /// Job-queue workers (Celery, one job at a time each).
    pub jobs: u32,
    /// Jobs a worker reserves beyond the one it runs (`worker_prefetch_multiplier`).
    pub prefetch: u32,
    /// Server processes, each with a loop, a pool and a GIL of its own.
    pub servers: u32,
    pub seed: u64,
    /// The clock stops here, even if tasks still run.
    pub until: Option<SimDuration>,
    /// The time that the runtime itself takes; no script sets it.
    #[serde(default)]
    pub costs: Costs,
    /// The version of CPython whose asyncio the run follows.
    #[serde(default)]
    pub python: PythonVersion,
    /// Whether the first step of a new task runs inside `create_task`
    /// (`asyncio.eager_task_factory`); only from [`PythonVersion::V312`] on.
    #[serde(default)]
    pub eager: bool,
}

/// A version of CPython, whose asyncio a run follows. Versions are ordered.
///
/// Nothing here differs between 3.13, 3.14 and 3.15.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum PythonVersion {
    #[serde(rename = "3.11")]
    V311,
    /// `wait_for` awaits its coroutine inline, under a timeout. In 3.11 it is a task of its own.
    #[serde(rename = "3.12")]
    V312,
    /// A semaphore with several free permits wakes as many waiters at once; a `wait` on a condition
    /// that is cancelled after it was notified passes the notification on; a group takes its own
    /// cancellation of the parent back when its children have ended, and cancels a parent again
    /// that was cancelled from outside as well.
    /// A group that starts tasks eagerly hears of the end of each in a later step, as of that of
    /// others; in 3.12 (and in 3.13.0 and 3.13.1) inside `create_task`.
    #[serde(rename = "3.13")]
    V313,
    /// The version that the page runs.
    #[default]
    #[serde(rename = "3.14")]
    V314,
    #[serde(rename = "3.15")]
    V315,
}

impl PythonVersion {
    /// Ascending.
    pub const ALL: [Self; 5] = [Self::V311, Self::V312, Self::V313, Self::V314, Self::V315];

    /// E.g. `3.14`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V311 => "3.11",
            Self::V312 => "3.12",
            Self::V313 => "3.13",
            Self::V314 => "3.14",
            Self::V315 => "3.15",
        }
    }

    /// The version with this name, e.g. `3.14`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.name() == name)
    }

    /// The version that is closest to a real Python's, e.g. (3, 16) → 3.15.
    pub fn nearest(found: (u32, u32)) -> Self {
        let number = |version: &&Self| (3, 11 + **version as u32) <= found;
        Self::ALL
            .iter()
            .rfind(number)
            .copied()
            .unwrap_or(Self::V311)
    }

    /// The version that is closest to that of a release, e.g. `3.11.7` → 3.11.
    pub fn of_release(release: &str) -> Option<Self> {
        let mut numbers = release.split('.').map_while(|number| number.parse().ok());
        Some(Self::nearest((numbers.next()?, numbers.next()?)))
    }

    /// Whether every script runs alike under both.
    pub fn is_like(self, other: Self) -> bool {
        // The versions that changed something.
        let number = |version| [Self::V312, Self::V313].map(|changed| version < changed);
        number(self) == number(other)
    }
}

/// The time that the runtime's own operations take. All zero unless they were measured, so
/// that 3 s and 6 s of work are 9 s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// CPU time of the loop for one step of a task.
    pub hop: SimDuration,
    /// The time until an idle thread has its work, and until the loop has its result.
    pub hand_over: SimDuration,
    /// The time until a thread that must be started has its work.
    pub thread_start: SimDuration,
    /// The time until a new process can take work.
    pub process_start: SimDuration,
    /// The time that one message to another process takes.
    pub ipc: SimDuration,
    /// CPU time of the loop for one request.
    pub http: SimDuration,
    /// How often the loop releases the GIL between the arrival of a request and its handler.
    /// That takes no time unless other threads compute.
    pub releases: u32,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            cores: 4,
            gil: Gil::On,
            switch: SimDuration::from_millis(5),
            pool: 40,
            executor: None,
            processes: None,
            jobs: 4,
            prefetch: 4,
            servers: 1,
            seed: 1,
            until: None,
            costs: Costs::default(),
            python: PythonVersion::default(),
            eager: false,
        }
    }
}

impl Machine {
    /// The last server process that a trace may name: settings may have started more than the
    /// script says, but no more than any script may have.
    pub fn last_server(&self) -> u16 {
        let servers = self.servers.max(crate::limits::SERVERS_MAX);
        u16::try_from(servers - 1).unwrap_or(u16::MAX)
    }

    /// Whether tasks are eager. No version before 3.12 has such tasks.
    pub fn starts_eagerly(&self) -> bool {
        self.eager && self.python >= PythonVersion::V312
    }

    pub fn executor_threads(&self) -> u32 {
        self.executor
            .unwrap_or_else(|| self.cores.saturating_add(4).min(32))
    }

    pub fn process_workers(&self) -> u32 {
        self.processes.unwrap_or(self.cores)
    }
}

/// Whether threads of one process exclude each other while they compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gil {
    On,
    /// Free-threaded CPython.
    Off,
}
