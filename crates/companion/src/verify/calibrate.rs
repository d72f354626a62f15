//! Measures what the machine's Python costs, by programs that do nothing else.
//!
//! The plain costs by a program of its own; what a step costs while somebody
//! watches, and what a request costs, by scripts that are run as `verify` runs them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::asyncio;
use super::costs::{Cost, Costs, Table};
use super::environment::Environment;
use super::error::VerifyError;
use super::exported::Exported;
use super::fastapi;
use super::interrupt::Interrupt;
use super::plan;
use super::python::Python;
use model::workload::Workload;

const MAIN: &str = include_str!("python/calibrate.py");
/// For any of its parts; they take seconds.
const LIMIT: Duration = Duration::from_secs(120);
const ROUNDS: usize = 5;

const STEPS: u64 = 2_000;
const REQUESTS: u64 = 100;

#[derive(Debug, Deserialize)]
struct Measured {
    rounds: BTreeMap<String, Vec<u64>>,
    versions: BTreeMap<String, String>,
}

/// Takes about ten seconds; wants a machine that has nothing else to do.
pub fn calibrate(interrupt: &Interrupt) -> Result<Costs, VerifyError> {
    let python = Python::of_machine(interrupt)?;
    let files = [("main.py", MAIN)];
    let mut measured: Measured = python.record(&files, LIMIT, interrupt)?;
    let mut take = |name: &str| {
        let rounds = measured.rounds.remove(name).and_then(Cost::of);
        rounds.ok_or_else(|| VerifyError::Crashed {
            said: format!("it did not measure `{name}`"),
        })
    };
    let table = Table {
        hop: take("hop")?,
        hand_over: take("hand_over")?,
        thread_start: take("thread_start")?,
        process_start: take("process_start")?,
        ipc: take("ipc")?,
        watched_hop: watched_hop(interrupt)?,
        http: http(interrupt)?,
    };
    Ok(Costs::new(measured.versions, plan::machine_cores(), table))
}

fn watched_hop(interrupt: &Interrupt) -> Result<Cost, VerifyError> {
    let workload = workload(&format!("a: repeat {STEPS}: (yield)"));
    let target = asyncio::prepare(&workload, interrupt)?;
    each(&target, &workload, STEPS, interrupt)
}

/// A hundred at once: what the last of them waited for, each had its part in.
fn http(interrupt: &Interrupt) -> Result<Option<Cost>, VerifyError> {
    match Environment::of_user()?.python(fastapi::PACKAGES, interrupt) {
        Err(VerifyError::Interrupted) => return Err(VerifyError::Interrupted),
        Err(_) => return Ok(None),
        Ok(_) => {}
    }
    let workload = workload(&format!("async def ping: yield\nrun {REQUESTS} ping"));
    let target = fastapi::prepare(&workload, interrupt)?;
    each(&target, &workload, REQUESTS, interrupt).map(Some)
}

/// How long one of `count` takes, of what does nothing else.
fn each(
    target: &Exported,
    workload: &Workload,
    count: u64,
    interrupt: &Interrupt,
) -> Result<Cost, VerifyError> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let trace = target.record(LIMIT, interrupt)?.into_trace(workload);
        rounds.push(trace.end.as_nanos() / count);
    }
    Ok(Cost::of(rounds).expect("there are rounds"))
}

fn workload(script: &str) -> Workload {
    let parsed = script::parse(script);
    parsed.workload.expect("our own scripts are valid")
}
