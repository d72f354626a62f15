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
    /// The asyncio that is followed; no script sets it.
    #[serde(default)]
    pub asyncio: Asyncio,
}

/// A behaviour of asyncio. Versions of CPython that agree share one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asyncio {
    /// CPython 3.11 and 3.12.
    #[default]
    Python311,
    /// CPython 3.13 to 3.15: a semaphore with several free permits wakes as many waiters at once; a
    /// `wait` on a condition that is cancelled after it was notified passes the notification on; a
    /// group takes its own cancellation of the parent back when its children have ended, and
    /// cancels a parent again that was cancelled from outside as well.
    Python313,
}

impl Asyncio {
    /// The behaviour of a version of CPython, e.g. (3, 14).
    pub fn of_python(version: (u32, u32)) -> Self {
        if version < (3, 13) {
            Self::Python311
        } else {
            Self::Python313
        }
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
            asyncio: Asyncio::default(),
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
