//! On the machine's own CPython: the exported program, its standard library only.
//!
//! # What this leaves out
//!
//! - AnyIO: the exported program's pool is a `ThreadPoolExecutor`, which hands work to
//!   a thread even while the loop is held; the prediction has AnyIO's, which cannot.

use formats::export::asyncio_program;
use model::workload::Workload;

use super::error::VerifyError;
use super::exported::Exported;
use super::interrupt::Interrupt;
use super::plan::Plan;
use super::python::Python;

const MAIN: &str = include_str!("python/asyncio_main.py");

pub(super) fn prepare(workload: &Workload, interrupt: &Interrupt) -> Result<Exported, VerifyError> {
    let program = asyncio_program(workload);
    let plan = Plan::of(workload, &program);
    let python = Python::of_machine(interrupt)?;
    Ok(Exported::new(
        python,
        program.source,
        &plan,
        &[("main.py", MAIN)],
    ))
}
