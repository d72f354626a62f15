//! The check whether a runtime is installed, without running a script on it.

use std::collections::BTreeMap;

use super::celery;
use super::environment::PythonEnvironment;
use super::error::VerifyError;
use super::interrupt::Interrupt;
use super::python::PythonInterpreter;
use super::{Runtime, fastapi};

/// The versions of the software that the runtime uses, e.g. `Python` → `3.11.7`. The error
/// names the missing software and the command that installs it.
pub fn available(
    runtime: Runtime,
    interrupt: &Interrupt,
) -> Result<BTreeMap<String, String>, VerifyError> {
    let python = match runtime {
        Runtime::Asyncio => PythonInterpreter::of_machine(interrupt)?,
        Runtime::Fastapi => PythonEnvironment::of_user()?.python(fastapi::PACKAGES, interrupt)?,
        Runtime::Celery => {
            // Redis first: it is found without starting a process.
            celery::redis_server()?;
            PythonEnvironment::of_user()?.python(celery::PACKAGES, interrupt)?
        }
        // Part of this program.
        Runtime::Threads | Runtime::Tokio => return Ok(BTreeMap::new()),
    };
    Ok(BTreeMap::from([(
        "Python".to_owned(),
        python.version().to_owned(),
    )]))
}
