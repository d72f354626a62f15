//! Spending CPU time: by this thread's own clock, so that whoever shares its
//! core makes it longer and not shorter.

use rustix::time::{ClockId, clock_gettime};

use super::gil::Held;
use model::time::SimDuration;

/// Computes until this much CPU time is spent. Gives the lock away when asked.
pub(super) fn burn(length: SimDuration, held: Option<&Held<'_>>, told: impl Fn(Burning)) {
    told(Burning::Computes);
    let end = spent() + length.as_nanos();
    while spent() < end {
        let Some(held) = held.filter(|held| held.is_asked_for()) else {
            continue;
        };
        told(Burning::Waits);
        held.hand_over();
        told(Burning::Computes);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Burning {
    /// For the lock.
    Waits,
    Computes,
}

/// CPU time of this thread, in nanoseconds.
fn spent() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
