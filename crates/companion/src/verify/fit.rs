//! The adaptation of a workload to this machine and runtime, and its prediction.
//!
//! If the script assumes more than they have, e.g. 16 cores on a machine with 4, the
//! prediction is made for the real value and a [`Note`] tells so.

use model::trace::Trace;
use model::workload::{Gil, PythonVersion, Workload};
use sim::{Simulation, SimulationProgress};

use super::available::available;
use super::celery;
use super::error::VerifyError;
use super::fastapi;
use super::interrupt::Interrupt;
use super::lacks::Lacks;
use super::local::{threads, tokio};
use super::python::PythonInterpreter;
use super::{Note, Runtime, VerifyOptions, plan};

/// Adapts the workload in place. Returns its prediction, and a note for each difference from
/// the script.
pub(super) fn fit_to_machine(
    workload: &mut Workload,
    options: &VerifyOptions,
    interrupt: &Interrupt,
) -> Result<(Trace, Vec<Note>), VerifyError> {
    let runtime = options.runtime;
    let mut notes = Vec::new();
    // `adapt_to_tokio` turns the GIL off, so remember the script's setting.
    let gil = workload.machine.gil;
    match runtime {
        Runtime::Asyncio => {}
        Runtime::Fastapi => fastapi::check_support(workload)?,
        Runtime::Celery => celery::check_support(workload)?,
        Runtime::Threads => {
            threads::adapt_to_threads(workload)?;
            notes.push(Note::EveryTaskAThread);
        }
        Runtime::Tokio => {
            tokio::adapt_to_tokio(workload)?;
            if gil == Gil::On {
                notes.push(Note::NoGil);
            }
        }
    }
    if let Some(servers) = runtime.is_one_process().then_some(workload.machine.servers)
        && servers > 1
    {
        workload.machine.servers = 1;
        notes.push(Note::OneProcess { servers });
    }
    // In this order, because asking Python starts a process.
    if workload.machine.gil == Gil::Off
        && runtime.is_python()
        && PythonInterpreter::of_machine(interrupt)?.has_gil()
    {
        workload.machine.gil = Gil::On;
        notes.push(Note::GilIsOn);
    }
    if let Some(costs) = &options.costs {
        match costs.on(runtime) {
            Some(costs) => workload.machine.costs = costs,
            None => notes.push(Note::NoCosts),
        }
    }
    if runtime == Runtime::Fastapi {
        workload.machine.costs.releases = fastapi::RELEASES;
    }
    if runtime.is_python() {
        follow_its_python(workload, runtime, &mut notes, interrupt)?;
    }
    let mut predicted = on_its_cores(workload, &mut notes, interrupt)?;
    // After the cores were fitted, and only for the prediction: the client of the real run
    // still sends its requests at once.
    if runtime == Runtime::Fastapi
        && let Some(apart) = fastapi::one_by_one(workload)
    {
        predicted = predict_trace(&apart, interrupt)?;
        notes.push(Note::OneByOne);
    }
    if workload.draws_random() {
        notes.push(Note::RandomLengths);
    }
    Ok((predicted, notes))
}

/// Lets the workload follow the runtime's Python. Adds a note only if that changes a time; for most
/// scripts it does not.
fn follow_its_python(
    workload: &mut Workload,
    runtime: Runtime,
    notes: &mut Vec<Note>,
    interrupt: &Interrupt,
) -> Result<(), VerifyError> {
    // What is missing is reported when the script is prepared.
    let Some(machine) = available(runtime, interrupt)
        .ok()
        .and_then(|versions| PythonVersion::of_release(versions.get("Python")?))
    else {
        return Ok(());
    };
    if workload.machine.eager && machine < PythonVersion::V312 {
        return Err(Lacks::EagerTasksYet.on(runtime, 1));
    }
    if machine < PythonVersion::V313
        && let Some(line) = plan::shutdown_line(workload)
    {
        return Err(Lacks::ShutdownYet.on(runtime, line));
    }
    let script = workload.machine.python;
    if machine.is_like(script) {
        return Ok(());
    }
    let before = predict_trace(workload, interrupt)?;
    workload.machine.python = machine;
    let after = predict_trace(workload, interrupt)?;
    if before.log != after.log {
        notes.push(Note::OtherPython { script, machine });
    }
    Ok(())
}

/// The prediction for the machine's cores. Adds a note only if fewer cores change the total;
/// for most scripts they do not.
fn on_its_cores(
    workload: &mut Workload,
    notes: &mut Vec<Note>,
    interrupt: &Interrupt,
) -> Result<Trace, VerifyError> {
    let (script, machine) = (workload.machine.cores, plan::machine_cores());
    let predicted = predict_trace(workload, interrupt)?;
    if script <= machine {
        return Ok(predicted);
    }
    workload.machine.cores = machine;
    let fitted = predict_trace(workload, interrupt)?;
    if fitted.end != predicted.end {
        notes.push(Note::FewerCores { script, machine });
    }
    Ok(fitted)
}

/// Simulated steps between two checks for an interrupt; they take about ten milliseconds.
const STEPS: u64 = 200_000;

/// Simulates in slices, because a simulation can take half a minute and must be interruptible.
fn predict_trace(workload: &Workload, interrupt: &Interrupt) -> Result<Trace, VerifyError> {
    let mut simulation = Simulation::new(workload);
    while simulation.advance(STEPS) != SimulationProgress::Over {
        if interrupt.is_raised() {
            return Err(VerifyError::Interrupted);
        }
    }
    Ok(simulation.into_trace())
}
