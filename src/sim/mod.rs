//! [`Workload`] to [`Trace`], deterministically.

use crate::trace::Trace;
use crate::workload::Workload;

/// Runs the workload to its end on the simulated machine.
pub fn simulate(workload: &Workload) -> Trace {
    let _ = workload;
    unimplemented!()
}
