//! The runtime FastAPI: the exported app under uvicorn on a loopback port, called over HTTP by
//! the exported client.
//!
//! # What this leaves out
//!
//! - By default, HTTP takes no time, but simultaneous requests are predicted 2 ms apart. In
//!   reality the client and the server need 1 to 3 ms of CPU time for a request, on the same
//!   cores as the handlers. With costs, a request takes the measured time.
//! - The prediction has a request release the GIL eight times before its handler is called;
//!   behind four threads that compute, each of these takes 20 ms. A real request releases it up
//!   to thirteen times, and a few times more for its response.
//! - The choice of the server process: the prediction takes the first that is free; real
//!   processes share a burst of requests by chance.

use std::collections::BTreeMap;

use formats::export::fastapi_program;
use model::time::SimDuration;
use model::workload::{Arrivals, Workload};

use super::environment::PythonEnvironment;
use super::error::VerifyError;
use super::exported::Exported;
use super::interrupt::Interrupt;
use super::lacks::Lacks;
use super::plan::WatcherPlan;
use super::runtime::Runtime;

pub(super) const PACKAGES: &str = "FastAPI, uvicorn, httpx";
const MAIN: &str = include_str!("python/fastapi_main.py");
const SERVER: &str = include_str!("python/fastapi_server.py");

/// Refuses `until`, because a server does not stop at a given time.
pub(super) fn check_support(workload: &Workload) -> Result<(), VerifyError> {
    match workload.machine.until {
        None => Ok(()),
        Some(_) => Err(Lacks::Until.on(Runtime::Fastapi, 1)),
    }
}

/// The assumed time between simultaneous requests if `calibrate` did not measure it.
const REQUEST: SimDuration = SimDuration::from_millis(2);

/// How often a request releases the GIL before its handler is called. The loop calls `select`
/// five times, and accepting, setting up and reading the socket release the GIL, too. Some of
/// these are so brief that a waiting thread misses them. Measured with uvicorn 0.54: 7 releases
/// behind one thread that computes, 8 to 13 behind four.
pub(super) const RELEASES: u32 = 8;

/// The workload with simultaneous requests spaced by the time of a request, e.g. three at 0 s →
/// 0, 2 and 4 ms. A request that is still on its way when a handler starts is not yet in the
/// loop's ready queue. `None` if no requests are simultaneous.
pub(super) fn one_by_one(workload: &Workload) -> Option<Workload> {
    let http = workload.machine.costs.http;
    let apart = if http.is_zero() { REQUEST } else { http };
    let mut apart_now = workload.clone();
    let mut asked: BTreeMap<SimDuration, u64> = BTreeMap::new();
    for run in &mut apart_now.runs {
        // Poisson arrivals stay, because their times are random anyway. An `every` counts as
        // one request, its first; all its arrivals move together.
        let (Arrivals::Together { at } | Arrivals::Every { start: at, .. }) = &run.arrivals else {
            continue;
        };
        let before = asked.entry(*at).or_default();
        let start = *at + apart.saturating_mul(*before);
        match &mut run.arrivals {
            Arrivals::Every { start: first, .. } => {
                *before += 1;
                *first = start;
            }
            together => {
                *before += run.count;
                *together = Arrivals::Every { start, gap: apart };
            }
        }
    }
    asked.values().any(|&count| count > 1).then_some(apart_now)
}

pub(super) fn prepare_program(
    workload: &Workload,
    interrupt: &Interrupt,
) -> Result<Exported, VerifyError> {
    let program = fastapi_program(workload);
    let plan = WatcherPlan::of(workload, &program);
    let python = PythonEnvironment::of_user()?.python(PACKAGES, interrupt)?;
    let around = [("server.py", SERVER), ("main.py", MAIN)];
    Ok(Exported::new(python, program.source, &plan, &around))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(script: &str) -> Option<Vec<u64>> {
        let workload = script::parse(script).workload.expect("a valid script");
        let apart = one_by_one(&workload)?;
        let starts = apart.runs.iter().map(|run| match run.arrivals {
            Arrivals::Every { start, .. } => start.as_nanos() / 1_000_000,
            _ => panic!("{run:?}"),
        });
        Some(starts.collect())
    }

    #[test]
    fn requests_of_one_instant_come_one_after_the_other() {
        let tasks = "a: await 1s\nb: await 1s\n";
        assert_eq!(
            starts(&format!("{tasks}run 3 a\nrun b\n")),
            Some(vec![0, 6])
        );
        assert_eq!(
            starts(&format!("{tasks}run 2 a at 1s\nrun 2 b every 1s from 1s\n")),
            Some(vec![1_000, 1_004])
        );
        assert_eq!(starts(&format!("{tasks}run a\nrun b at 1s\n")), None);
    }
}
