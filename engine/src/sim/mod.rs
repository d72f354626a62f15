//! [`Workload`] to [`Trace`], deterministically.
//!
//! The simulator is right when a real CPython, asked the same question, gives
//! the same answer: the same order of events, exactly, and the same times, up
//! to the machine's noise. CPython 3.11's `asyncio` and AnyIO are its
//! specification; the differential tests are its judge.
//!
//! ```text
//! kernel       the clock, the agenda, everybody's state
//!   agenda     what is still to happen
//!   threads    cores, the GIL, who computes
//!   event_loop the ready queue, iterations, beginning and end
//!   steps      one body, op by op (program: bodies as ops)
//!   children   spawn, gather, groups, cancellation
//!   sync       locks, semaphores, events, conditions, queues
//!   offload    the pool, the executor, processes
//!   jobs       the job queue
//!   deadlock   who waits for whom
//!   random     lengths drawn from streams
//! ```
//!
//! # What this leaves out
//!
//! - By default switching, waking, starting threads and passing messages are
//!   free, so that blackboard arithmetic comes out exactly. With costs
//!   ([`crate::workload::Costs`]) a task's step takes time, callbacks between the
//!   steps do not. In reality each takes 10 to 200 µs: of a hundred tasks that start
//!   together the last starts some milliseconds after the first.
//! - Memory, caches, garbage collection and the network do not exist.
//! - The rest is confessed where it is decided; see the headers of `threads`,
//!   `offload`, `children` and `event_loop`.

mod agenda;
mod children;
mod deadlock;
mod event_loop;
mod jobs;
mod kernel;
mod offload;
mod program;
mod random;
mod steps;
mod strand;
mod sync;
mod threads;

use crate::limits::RunLimits;
use crate::trace::{Limit, Trace};
use crate::workload::Workload;

pub use kernel::Progress;

/// Runs the workload to its end on the simulated machine, within the limits of this host.
pub fn simulate(workload: &Workload) -> Trace {
    simulate_within(workload, RunLimits::HOST)
}

/// Runs the workload to its end, or to one of these limits.
pub fn simulate_within(workload: &Workload, limits: RunLimits) -> Trace {
    let mut simulation = Simulation::within(workload, limits);
    while simulation.advance(u64::MAX) != Progress::Over {}
    simulation.into_trace()
}

/// How little a run has to come to for somebody to wait for it with nothing else to do.
#[derive(Clone, Copy, Debug)]
pub struct Small {
    pub instances: u64,
    pub records: u64,
    pub steps: u64,
}

/// The run of a workload that is over within these bounds, the same as [`simulate`]'s.
/// `None` of any other, after work in proportion to the bounds, whatever it asks for.
pub fn simulate_small(workload: &Workload, bounds: Small) -> Option<Trace> {
    let counts = workload.runs.iter().map(|run| run.count);
    // What arrives together is created in one step.
    if counts.fold(0, u64::saturating_add) > bounds.instances {
        return None;
    }
    let limits = RunLimits {
        records: bounds.records,
    };
    let mut kernel = kernel::Kernel::new(workload, limits);
    kernel.instances_max = bounds.instances;
    let is_over = kernel.advance(bounds.steps) == Progress::Over;
    let is_cut = matches!(kernel.stop, Some(Limit::Instances | Limit::Records { .. }));
    (is_over && !is_cut).then(|| kernel.into_trace())
}

/// A simulation that can be run a slice at a time.
#[derive(Debug)]
pub struct Simulation<'w> {
    kernel: kernel::Kernel<'w>,
}

impl<'w> Simulation<'w> {
    /// Within the limits of this host.
    pub fn new(workload: &'w Workload) -> Self {
        Self::within(workload, RunLimits::HOST)
    }

    pub fn within(workload: &'w Workload, limits: RunLimits) -> Self {
        Self {
            kernel: kernel::Kernel::new(workload, limits),
        }
    }

    /// Goes on for about this many steps (a step is one op of one task).
    pub fn advance(&mut self, steps: u64) -> Progress {
        self.kernel.advance(steps)
    }

    /// Stops at so many records, if that is fewer than the limit that it has.
    pub fn keep_at_most(&mut self, records: u64) {
        self.kernel.limits = self.kernel.limits.at_most(records);
    }

    /// What happened so far. Of an unfinished simulation it is a prefix, which
    /// ends like a deadlock or a limit: ask only when [`Progress::Over`].
    pub fn into_trace(self) -> Trace {
        self.kernel.into_trace()
    }
}
