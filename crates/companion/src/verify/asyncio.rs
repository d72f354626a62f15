//! The runtime asyncio: the exported program on the machine's CPython, with the standard library
//! only.
//!
//! # What this leaves out
//!
//! - AnyIO: the exported program's pool is a `ThreadPoolExecutor`. It gives queued work to a
//!   thread even while a task holds the loop; AnyIO's pool, which the prediction has, does not.

use formats::export::asyncio_program;
use model::workload::Workload;

use super::error::VerifyError;
use super::exported::Exported;
use super::interrupt::Interrupt;
use super::plan::WatcherPlan;
use super::python::PythonInterpreter;

const MAIN: &str = include_str!("python/asyncio_main.py");

pub(super) fn prepare_program(
    workload: &Workload,
    interrupt: &Interrupt,
) -> Result<Exported, VerifyError> {
    let program = asyncio_program(workload);
    let plan = WatcherPlan::of(workload, &program);
    let python = PythonInterpreter::of_machine(interrupt)?;
    Ok(Exported::new(
        python,
        program.source,
        &plan,
        &[("main.py", MAIN)],
    ))
}
