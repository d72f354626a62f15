//! The CPU load that other programs caused during a measurement.
//!
//! Reads `/proc`, so it works on Linux only. On other systems the spread of the runs is the
//! only sign of noise.

use std::fs;

use model::time::SimDuration;

/// The load of other programs, in cores, above which a measurement counts as disturbed.
const DISTURBING: f64 = 0.25;

/// CPU time since the boot, in seconds: of all processes, and of this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    everybody: f64,
    ours: f64,
    uptime: f64,
}

impl Load {
    pub(super) fn now() -> Option<Self> {
        let stat = fs::read_to_string("/proc/stat").ok()?;
        let own = fs::read_to_string("/proc/self/stat").ok()?;
        let uptime = fs::read_to_string("/proc/uptime").ok()?;
        Self::read(
            &stat,
            &own,
            &uptime,
            rustix::param::clock_ticks_per_second(),
        )
    }

    fn read(stat: &str, own: &str, uptime: &str, ticks: u64) -> Option<Self> {
        let numbers = |text: &str| -> Vec<f64> {
            let words = text.split_whitespace();
            words.filter_map(|word| word.parse().ok()).collect()
        };
        // user, nice, system, idle, iowait, irq, softirq, steal
        let all = numbers(stat.lines().next()?);
        let busy: f64 = [0, 1, 2, 5, 6, 7]
            .map(|at| all.get(at).unwrap_or(&0.0))
            .into_iter()
            .sum();
        // The program's name, in parentheses, may contain spaces and parentheses. The letter
        // after it is the process state.
        let own = numbers(own.rsplit_once(") ")?.1.get(1..)?);
        // utime, stime, cutime, cstime. The kernel adds children only after they were reaped,
        // so a reading is complete only between runs.
        let ours: f64 = [10, 11, 12, 13]
            .map(|at| own.get(at).unwrap_or(&0.0))
            .into_iter()
            .sum();
        Some(Self {
            everybody: busy / ticks as f64,
            ours: ours / ticks as f64,
            uptime: *numbers(uptime).first()?,
        })
    }

    /// The cores that other programs used since `before`, on average.
    fn others_since(self, before: Self) -> f64 {
        // `/proc/uptime` counts in hundredths, so a short run may show no time at all.
        let time = (self.uptime - before.uptime).max(0.01);
        let others = (self.everybody - before.everybody) - (self.ours - before.ours);
        (others / time).max(0.0)
    }
}

/// The load of other programs during a measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Others {
    /// The cores that they used on average, e.g. 0.3. `None` if the system does not tell.
    pub cores: Option<f64>,
}

impl Others {
    pub(super) fn between(before: Option<Load>, after: Option<Load>) -> Self {
        let cores = before.zip(after);
        Self {
            cores: cores.map(|(before, after)| after.others_since(before)),
        }
    }

    /// Whether the load was high enough to make the measurement unreliable.
    pub fn disturb(self) -> bool {
        self.cores.is_some_and(|cores| cores > DISTURBING)
    }

    /// Whether the CPU time that other programs used in `elapsed` is at least `late`, so that
    /// they may be the reason for the delay.
    pub(super) fn explain(self, late: SimDuration, elapsed: SimDuration) -> bool {
        self.cores
            .is_some_and(|cores| late.as_nanos() as f64 <= cores * elapsed.as_nanos() as f64)
    }

    /// The busier of two measurements.
    pub(super) fn worse(self, other: Self) -> Self {
        let cores = [self.cores, other.cores].into_iter().flatten();
        Self {
            cores: cores.reduce(f64::max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_spent_is_what_we_did_not() {
        let own =
            |utime: u32| format!("7 (a ) b) S 1 7 7 0 -1 4194304 1 2 3 4 {utime} 0 0 0 20 0 1");
        let at = |user: u32, utime: u32, uptime: &str| {
            let stat = format!("cpu {user} 0 0 9000 5 0 0 0 0 0\ncpu0 1 2\n");
            Load::read(&stat, &own(utime), uptime, 100).expect("numbers")
        };
        let before = at(1_000, 100, "50.00 60.00");
        let after = at(1_300, 200, "52.00 60.00");
        let others = after.others_since(before);
        assert!((others - 1.0).abs() < 1e-9, "{others}");
    }
}
