//! Whether a runtime is there, before anything is to run on it.

use std::collections::BTreeMap;

use super::celery;
use super::environment::Environment;
use super::error::VerifyError;
use super::interrupt::Interrupt;
use super::python::Python;
use super::{Runtime, fastapi};

/// What it would run on, with versions; or what is missing, and its remedy.
pub fn available(
    runtime: Runtime,
    interrupt: &Interrupt,
) -> Result<BTreeMap<String, String>, VerifyError> {
    let python = match runtime {
        Runtime::Asyncio => Python::of_machine(interrupt)?,
        Runtime::Fastapi => Environment::of_user()?.python(fastapi::PACKAGES, interrupt)?,
        Runtime::Celery => {
            celery::redis_server()?;
            Environment::of_user()?.python(celery::PACKAGES, interrupt)?
        }
        Runtime::Threads | Runtime::Tokio => return Ok(BTreeMap::new()),
    };
    Ok(BTreeMap::from([(
        "Python".to_owned(),
        python.version().to_owned(),
    )]))
}
