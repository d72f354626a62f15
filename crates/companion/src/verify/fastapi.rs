//! On FastAPI: the exported app under real uvicorn on a loopback port, called by
//! the exported client over HTTP.
//!
//! # What this leaves out
//!
//! - HTTP takes no time, unless the machine's costs say so. In reality a request is
//!   one to three milliseconds of CPU for its client and its server, which share the
//!   cores with what is measured. Those of one instant are predicted two milliseconds apart.
//! - A request lets go of the GIL some eight times before its handler is called, and
//!   behind four threads that compute each time is 20 ms: predicted. That these are up to
//!   thirteen, and that its answer takes the GIL a few times, too, is not.
//! - Which process accepts: the prediction has the first that is free; real ones
//!   share a burst by chance.

use std::collections::BTreeMap;

use formats::export::fastapi_program;
use model::time::SimDuration;
use model::workload::{Arrivals, Workload};

use super::environment::Environment;
use super::error::VerifyError;
use super::exported::Exported;
use super::interrupt::Interrupt;
use super::lacks::Lacks;
use super::plan::Plan;
use super::runtime::Runtime;

pub(super) const PACKAGES: &str = "FastAPI, uvicorn, httpx";
const MAIN: &str = include_str!("python/fastapi_main.py");
const SERVER: &str = include_str!("python/fastapi_server.py");

/// A server does not stop its clock.
pub(super) fn admit(workload: &Workload) -> Result<(), VerifyError> {
    match workload.machine.until {
        None => Ok(()),
        Some(_) => Err(Lacks::Until.on(Runtime::Fastapi, 1)),
    }
}

/// What a client and a server take for a request, where nobody measured it.
const REQUEST: SimDuration = SimDuration::from_millis(2);

/// How often a request lets others have the GIL before its handler is called: its loop passes
/// five `select`s, and the socket is accepted, set up and read by calls that let go of it, too,
/// some so briefly that a waiter misses it. Seen with uvicorn 0.54: 7 times behind one thread
/// that computes, 8 to 13 behind four.
pub(super) const RELEASES: u32 = 8;

/// As requests reach a server: those of one instant one after the other. What is
/// still on its way when a handler begins is not yet in the loop's queue.
/// `None` if no two are of one instant.
pub(super) fn one_by_one(workload: &Workload) -> Option<Workload> {
    let http = workload.machine.costs.http;
    let apart = if http.is_zero() { REQUEST } else { http };
    let mut apart_now = workload.clone();
    let mut asked: BTreeMap<SimDuration, u64> = BTreeMap::new();
    for run in &mut apart_now.runs {
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

pub(super) fn prepare(workload: &Workload, interrupt: &Interrupt) -> Result<Exported, VerifyError> {
    let program = fastapi_program(workload);
    let plan = Plan::of(workload, &program);
    let python = Environment::of_user()?.python(PACKAGES, interrupt)?;
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
