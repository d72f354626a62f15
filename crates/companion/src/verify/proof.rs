//! A proof by the machine's Python: runs the exported script on the virtual clock, and leaves the
//! comparison to [`formats::proof`].

use std::time::Duration;

use formats::proof::{self, Proof, Unfinished, Unprovable};
use model::limits::HORIZON;
use model::trace::{Ending, Trace};
use model::workload::Workload;
use sim::simulate;

use super::error::VerifyError;
use super::interrupt::Interrupt;
use super::program::{ProgramError, ProgramOptions, ProgramSource, run_program};

/// The reason why there is no comparison.
#[derive(Debug)]
pub enum ProofError {
    Unprovable(Unprovable),
    Program(ProgramError),
    /// The program did not reach its end under Python, e.g. at a limit.
    Python(String),
}

impl From<ProgramError> for ProofError {
    fn from(error: ProgramError) -> Self {
        Self::Program(error)
    }
}

impl From<VerifyError> for ProofError {
    fn from(error: VerifyError) -> Self {
        Self::Program(error.into())
    }
}

/// CPU time for one script: a few milliseconds are usual, a million steps take ten seconds.
const REAL_LIMIT: Duration = Duration::from_mins(2);

/// Runs the script under Python and compares it with `simulated`, or with a simulation that follows
/// the version that was found.
pub fn prove(
    workload: &Workload,
    simulated: &Trace,
    interrupt: &Interrupt,
) -> Result<Proof, ProofError> {
    if let Some(reason) = proof::unprovable(workload) {
        return Err(ProofError::Unprovable(reason));
    }
    if matches!(simulated.ending, Ending::Limit(_)) {
        return Err(VerifyError::NoPrediction.into());
    }
    let program = proof::program(workload);
    let options = ProgramOptions {
        time_limit_ns: Some(HORIZON.as_nanos()),
        real_limit: REAL_LIMIT,
        ..ProgramOptions::default()
    };
    let source = ProgramSource::Text(program.source.clone().into_bytes());
    let trace = run_program(&source, &options, interrupt)?;
    let judged = proof::judge(workload, &program, simulated, &trace, |followed| {
        Some(simulate(followed))
    });
    judged.map_err(|Unfinished(words)| ProofError::Python(words))
}
