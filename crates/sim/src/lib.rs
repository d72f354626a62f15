//! The simulator: turns a [`Workload`] into a [`Trace`], deterministically.
//!
//! A trace is correct if a real CPython runs the same program with the same order of
//! events, exactly, and at the same times, up to the machine's noise. The specification
//! is CPython's `asyncio`, 3.11 to 3.15, and AnyIO; the differential tests compare with them.
//! Reading a trace is left to [`model::trace`].
//!
//! The modules are one object, the [`Kernel`](kernel::Kernel), in several files; they
//! call each other freely.
//!
//! ```text
//! kernel       the clock, and the state of all instances and threads
//!   agenda     future events, earliest first
//!   instances  numbers, frames and ends of instances
//!   arrivals   the instances of `run`s, and the servers that accept them
//!   threads    cores, GILs, computing time
//!   event_loop ready queue and iterations
//!   shutdown   the stages of `asyncio.run`
//!   steps      execution of a body, op by op
//!   scopes     open blocks, calls, timeouts, exceptions
//!   frame      the execution state of a body
//!   program    bodies compiled to ops
//!   children   spawn, wait, shield, cancellation
//!   gather     several children, awaited together
//!   completed  several children, awaited as they end
//!   groups     task groups
//!   sync       locks, semaphores, events, conditions, queues
//!   pools      permits that threads wait for
//!   offload    AnyIO's pool, the default executor, processes
//!   jobs       the job queue
//!   deadlock   the report of a deadlock
//!   random     random lengths
//! ```
//!
//! # What this leaves out
//!
//! - By default, switching, waking, starting threads and passing messages take no time,
//!   so that sums done by hand come out exactly. With costs ([`model::workload::Costs`])
//!   the steps of a task take time; callbacks between them still do not. In reality each
//!   takes 10 to 200 µs: of a hundred tasks that start together, the last one starts some
//!   milliseconds after the first.
//! - Memory, caches, garbage collection and the network do not exist.
//! - For the rest see the headers of `threads`, `offload`, `jobs`, `groups` and
//!   `event_loop`.

mod agenda;
mod arrivals;
mod children;
mod completed;
mod deadlock;
mod event_loop;
mod frame;
mod gather;
mod groups;
mod instances;
mod jobs;
mod kernel;
mod offload;
mod pools;
mod program;
mod random;
mod scopes;
mod shutdown;
mod steps;
mod sync;
mod threads;
mod wait_for;

use model::limits::RunLimits;
use model::trace::{Limit, Trace};
use model::workload::Workload;

pub use kernel::SimulationProgress;

/// Simulates the workload to its end, within the limits of this host.
pub fn simulate(workload: &Workload) -> Trace {
    simulate_within(workload, RunLimits::HOST)
}

/// Simulates the workload to its end or to one of these limits.
pub fn simulate_within(workload: &Workload, limits: RunLimits) -> Trace {
    let mut simulation = Simulation::within(workload, limits);
    while simulation.advance(u64::MAX) != SimulationProgress::Over {}
    simulation.into_trace()
}

/// Limits under which a run is small enough to simulate synchronously.
#[derive(Clone, Copy, Debug)]
pub struct SyncRunLimits {
    pub instances: u64,
    pub records: u64,
    pub steps: u64,
}

/// Simulates the workload if the run is within these bounds, with the same trace as
/// [`simulate`]. Otherwise gives up after work in proportion to the bounds and returns `None`.
pub fn simulate_sync(workload: &Workload, bounds: SyncRunLimits) -> Option<Trace> {
    let counts = workload.runs.iter().map(|run| run.count);
    // Simultaneous arrivals are created in one step, so the bound on steps would not stop them.
    if counts.fold(0, u64::saturating_add) > bounds.instances {
        return None;
    }
    let limits = RunLimits {
        records: bounds.records,
    };
    let mut kernel = kernel::Kernel::new(workload, limits);
    kernel.instances_max = bounds.instances;
    let is_over = kernel.advance(bounds.steps) == SimulationProgress::Over;
    let is_cut = matches!(kernel.stop, Some(Limit::Instances | Limit::Records { .. }));
    (is_over && !is_cut).then(|| kernel.into_trace())
}

/// A simulation that can be advanced slice by slice.
#[derive(Debug)]
pub struct Simulation<'w> {
    kernel: kernel::Kernel<'w>,
}

impl<'w> Simulation<'w> {
    /// A simulation within the limits of this host.
    pub fn new(workload: &'w Workload) -> Self {
        Self::within(workload, RunLimits::HOST)
    }

    pub fn within(workload: &'w Workload, limits: RunLimits) -> Self {
        Self {
            kernel: kernel::Kernel::new(workload, limits),
        }
    }

    /// Advances by about this many steps; a step is one op of one task.
    pub fn advance(&mut self, steps: u64) -> SimulationProgress {
        self.kernel.advance(steps)
    }

    /// Stops the run at this many records, if that is below its limit.
    pub fn keep_at_most(&mut self, records: u64) {
        self.kernel.limits = self.kernel.limits.at_most(records);
    }

    /// The trace so far. Before [`SimulationProgress::Over`] it is a prefix that ends as if by a deadlock or
    /// a limit.
    pub fn into_trace(self) -> Trace {
        self.kernel.into_trace()
    }
}
