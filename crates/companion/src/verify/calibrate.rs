//! The measurement of the runtime's own costs on this machine.
//!
//! `calibrate.py` measures the plain costs, e.g. of a thread hand-over. The costs of a watched
//! step and of an HTTP request are measured by scripts that run in the same way as in `verify`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::asyncio;
use super::costs::{Cost, CostTable, MeasuredCosts};
use super::environment::PythonEnvironment;
use super::error::VerifyError;
use super::exported::Exported;
use super::fastapi;
use super::interrupt::Interrupt;
use super::plan;
use super::python::PythonInterpreter;
use model::workload::Workload;

const MAIN: &str = include_str!("python/calibrate.py");
/// The time limit of one measurement, which takes seconds.
const LIMIT: Duration = Duration::from_mins(2);
/// Measurements of one cost. The median of them counts.
const ROUNDS: usize = 5;

/// Steps in one round: enough that starting Python is a small part of it.
const STEPS: u64 = 2_000;
/// Simultaneous requests in one round.
const REQUESTS: u64 = 100;

#[derive(Debug, Deserialize)]
struct Measured {
    rounds: BTreeMap<String, Vec<u64>>,
    versions: BTreeMap<String, String>,
}

/// Measures all costs. Takes about ten seconds and needs an otherwise idle machine.
pub fn calibrate(interrupt: &Interrupt) -> Result<MeasuredCosts, VerifyError> {
    let python = PythonInterpreter::of_machine(interrupt)?;
    let files = [("main.py", MAIN)];
    let mut measured: Measured = python.record(&files, LIMIT, interrupt)?;
    let mut take = |name: &str| {
        let rounds = measured.rounds.remove(name).and_then(Cost::of);
        rounds.ok_or_else(|| VerifyError::Crashed {
            said: format!("it did not measure `{name}`"),
        })
    };
    let table = CostTable {
        hop: take("hop")?,
        hand_over: take("hand_over")?,
        thread_start: take("thread_start")?,
        process_start: take("process_start")?,
        ipc: take("ipc")?,
        watched_hop: watched_hop(interrupt)?,
        http: http_cost(interrupt)?,
    };
    Ok(MeasuredCosts::new(
        measured.versions,
        plan::machine_cores(),
        table,
    ))
}

fn watched_hop(interrupt: &Interrupt) -> Result<Cost, VerifyError> {
    let workload = parse_workload(&format!("a: repeat {STEPS}: (yield)"));
    let target = asyncio::prepare_program(&workload, interrupt)?;
    cost_of_each(&target, &workload, STEPS, interrupt)
}

/// The cost of one HTTP request: the total of simultaneous requests, divided by their number.
/// `None` if FastAPI is not installed.
fn http_cost(interrupt: &Interrupt) -> Result<Option<Cost>, VerifyError> {
    match PythonEnvironment::of_user()?.python(fastapi::PACKAGES, interrupt) {
        Err(VerifyError::Interrupted) => return Err(VerifyError::Interrupted),
        // FastAPI is optional: without it the other costs are still of use.
        Err(_) => return Ok(None),
        Ok(_) => {}
    }
    let workload = parse_workload(&format!("async def ping: yield\nrun {REQUESTS} ping"));
    let target = fastapi::prepare_program(&workload, interrupt)?;
    cost_of_each(&target, &workload, REQUESTS, interrupt).map(Some)
}

/// The cost of one of `count` equal steps, of which the whole run consists.
fn cost_of_each(
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

fn parse_workload(script: &str) -> Workload {
    let parsed = script::parse(script);
    parsed.workload.expect("our own scripts are valid")
}
