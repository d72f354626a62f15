//! Busy work of a given CPU time.
//!
//! It measures with the thread's CPU clock, not the wall clock: if another thread shares the
//! core, the same work takes longer.

use rustix::time::{ClockId, clock_gettime};

use super::gil::GilHold;
use model::time::SimDuration;

/// Computes until this much CPU time is spent. Hands the GIL over when another thread requests
/// it. Calls `told` at each change between computing and waiting.
pub(super) fn burn_cpu(length: SimDuration, held: Option<&GilHold<'_>>, told: impl Fn(Burning)) {
    told(Burning::Computes);
    let end = spent_cpu_time() + length.as_nanos();
    while spent_cpu_time() < end {
        let Some(held) = held.filter(|held| held.is_asked_for()) else {
            continue;
        };
        told(Burning::Waits);
        held.hand_over();
        told(Burning::Computes);
    }
}

/// The activity of a thread in [`burn_cpu`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Burning {
    /// It waits for the GIL.
    Waits,
    Computes,
}

/// CPU time of this thread, in nanoseconds.
fn spent_cpu_time() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
