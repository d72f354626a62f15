//! Verification: real runs of a script, compared with its prediction.
//!
//! ```text
//! Workload ─ scaled ─┬─ sim ─────────────▶ Trace ─┐
//!                    └─ a runtime ─ wire ─▶ Trace ─┴─ compare ─ order ─ verdict
//! ```
//!
//! - [`runtime`]: the list of runtimes; [`lacks`]: features that a runtime does not have.
//! - [`asyncio`]: the [`exported`] Python program, observed by the watcher of the [`package`] and
//!   what `python/` adds to it for real time; [`plan`] maps its lines to segments. [`fastapi`]:
//!   the same under uvicorn. [`celery`]: with workers and a Redis. The last two use the packages
//!   of [`environment`]. [`local`]: threads and tokio, in a second process of this program.
//! - [`program`]: Python programs of the user, on the virtual clock; [`proof`]: exported scripts
//!   there, compared with the simulation.
//! - [`child`], [`supervisor`], [`folder`], [`interrupt`]: start and end processes; no
//!   process and no file is left behind, even after `kill -9`.
//! - [`mod@calibrate`], [`costs`]: the time that the runtime itself takes.
//! - [`load`], [`verdict`]: the noise of the machine, and the verdict in spite of it. [`draws`]: the
//!   same for scripts with random durations.
//! - [`report`], [`overlay`]: the result as text, as JSON, as a picture.
//!
//! Works on Unix only, because it ends child processes by their process group.

mod arrivals;
mod asyncio;
mod available;
mod calibrate;
mod celery;
mod child;
mod compare;
mod costs;
mod draws;
pub(crate) mod environment;
mod error;
mod exported;
mod fastapi;
mod fit;
mod folder;
mod interrupt;
mod lacks;
mod load;
pub(crate) mod local;
mod missing;
mod order;
mod overlay;
mod package;
mod plan;
mod program;
mod proof;
mod python;
mod report;
mod runtime;
mod scaled;
pub(crate) mod supervisor;
mod verdict;
mod wire;

use std::collections::BTreeMap;
use std::time::Duration;

use model::time::SimTime;
use model::trace::{Ending, Trace};
use model::workload::Workload;

pub use available::available;
pub use calibrate::calibrate;
pub use formats::proof::{Difference, Proof, ProvedEvent, ProvedKind, Unprovable};
pub use formats::verification::{
    StepKind, VerificationNote as Note, VerificationVerdict as Verdict,
};

pub use compare::{ComparedInstance, Life, Pair};
pub use costs::{Cost, MeasuredCosts};
pub use draws::{DrawnFigure, DrawnRow};
pub use error::VerifyError;
pub use interrupt::Interrupt;
pub use lacks::Lacks;
pub use load::Others;
pub use missing::MissingRequirement;
pub use order::{ObservedStep, OrderCheck, Swap};
pub use overlay::draw_overlay;
pub use program::{
    MEMORY_MIB, ProgramError, ProgramOptions, ProgramSource, REAL_LIMIT, run_program,
};
pub use proof::{ProofError, prove};
pub use report::{text, write_json};
pub use runtime::Runtime;
pub use scaled::RunScale;
pub use verdict::Tolerance;

use exported::Exported;
use load::Load;
use verdict::VerdictEvidence;
use wire::Wire;

/// The settings of a verification.
#[derive(Clone, Debug)]
pub struct VerifyOptions {
    pub runtime: Runtime,
    pub scale: RunScale,
    /// At least one.
    pub runs: u32,
    pub percent: f64,
    /// The runtime's own costs, if `calibrate` measured them.
    pub costs: Option<MeasuredCosts>,
    /// The time limit of one run. `None` derives it from the prediction.
    pub limit: Option<Duration>,
}

/// The result of a verification.
#[derive(Clone, Debug)]
pub struct Verification {
    pub options: VerifyOptions,
    /// The workload that ran: the script's, scaled and fitted to this machine.
    pub workload: Workload,
    pub predicted: Trace,
    /// One trace for each run.
    pub measured: Vec<Trace>,
    pub total: Pair,
    pub tasks: Vec<ComparedInstance>,
    pub order: OrderCheck,
    /// For a script with random durations or arrivals, which is judged by these figures alone.
    pub draws: Option<Vec<DrawnRow>>,
    pub others: Others,
    pub tolerance: Tolerance,
    pub verdict: Verdict,
    /// Versions by the name of the software, e.g. `Python` → `3.11.7`.
    pub versions: BTreeMap<String, String>,
    pub notes: Vec<Note>,
    /// An interrupt ended the verification before its last run.
    pub interrupted: bool,
}

impl Verification {
    /// The run that has the median total.
    pub fn median_run(&self) -> &Trace {
        let median = self.total.measured();
        let run = self.measured.iter().find(|run| run.end == median);
        run.expect("the median is of one of the runs")
    }
}

/// Time added to a run's limit for starting, stopping and a slow machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs the script `options.runs` times and compares. Calls `progress` before each run with
/// the run's number, which counts from 1.
pub fn verify(
    workload: &Workload,
    options: &VerifyOptions,
    interrupt: &Interrupt,
    mut progress: impl FnMut(u32),
) -> Result<Verification, VerifyError> {
    let mut workload = scaled::scaled_workload(workload, options.scale);
    let (predicted, notes) = fit::fit_to_machine(&mut workload, options, interrupt)?;
    match predicted.ending {
        Ending::Limit(_) => return Err(VerifyError::NoPrediction),
        // Only asyncio's watcher detects a deadlock; elsewhere the run would hang to its limit.
        Ending::Deadlock(_) if options.runtime != Runtime::Asyncio => {
            return Err(Lacks::Deadlocks.on(options.runtime, 1));
        }
        _ => {}
    }
    let limit = options.limit.unwrap_or_else(|| run_limit(&predicted));
    // After `fit`, so that the real run has e.g. the same number of servers as the prediction.
    let target = PreparedScript::new(options.runtime, &workload, interrupt)?;
    let mut measured = Vec::new();
    let mut versions = BTreeMap::new();
    let mut others = Others::default();
    let mut interrupted = false;
    for run in 1..=options.runs.max(1) {
        progress(run);
        let before = Load::now();
        let wire = match target.record(limit, interrupt) {
            // The completed runs are worth a report.
            Err(VerifyError::Interrupted) if !measured.is_empty() => {
                interrupted = true;
                break;
            }
            wire => wire?,
        };
        // The busiest run counts: an average would hide a short disturbance.
        others = others.worse(Others::between(before, Load::now()));
        versions.clone_from(&wire.versions);
        measured.push(wire.into_trace(&workload));
    }
    Ok(judge_runs(Runs {
        options: options.clone(),
        workload,
        predicted,
        measured,
        versions,
        others,
        notes,
        interrupted,
    }))
}

/// The scale at which a run takes about `seconds` by its prediction. Not exactly: the machine's
/// own times do not scale, e.g. the GIL's switch interval and the costs.
pub fn scale_to(
    workload: &Workload,
    options: &VerifyOptions,
    seconds: f64,
    interrupt: &Interrupt,
) -> Result<RunScale, VerifyError> {
    let (predicted, _) = fit::fit_to_machine(&mut workload.clone(), options, interrupt)?;
    let total = predicted.end.since(SimTime::ZERO).as_nanos() as f64 / 1e9;
    Ok(RunScale::nearest(seconds / total))
}

struct Runs {
    options: VerifyOptions,
    workload: Workload,
    predicted: Trace,
    measured: Vec<Trace>,
    versions: BTreeMap<String, String>,
    others: Others,
    notes: Vec<Note>,
    interrupted: bool,
}

fn judge_runs(runs: Runs) -> Verification {
    let Runs {
        options,
        workload,
        predicted,
        measured,
        versions,
        others,
        notes,
        interrupted,
    } = runs;
    let tolerance = Tolerance {
        percent: options.percent,
        slack: options.runtime.slack(&workload),
    };
    let totals = measured.iter().map(|trace| trace.end).collect();
    let total = Pair::of(predicted.end, totals).expect("there is a run to judge");
    let tasks = compare::compare_lives(&workload, &predicted, &measured);
    let order = order::compare_order(&workload, &predicted, &measured);
    let same = |trace: &Trace| {
        std::mem::discriminant(&trace.ending) == std::mem::discriminant(&predicted.ending)
    };
    let same_ending = measured.iter().all(same);
    let draws = notes
        .contains(&Note::RandomLengths)
        .then(|| draws::compare_draws(&workload, options.runtime, &measured))
        .flatten();
    let evidence = VerdictEvidence {
        total: &total,
        tasks: &tasks,
        order: &order,
        same_ending,
        others,
        random: notes.contains(&Note::RandomLengths),
    };
    let verdict = match &draws {
        Some(rows) => draws::judge_draws(rows, same_ending, others, tolerance),
        None => verdict::judge_evidence(&evidence, tolerance),
    };
    Verification {
        options,
        workload,
        predicted,
        measured,
        total,
        tasks,
        order,
        draws,
        others,
        tolerance,
        verdict,
        versions,
        notes,
        interrupted,
    }
}

/// A script that was prepared for a runtime and can run repeatedly.
#[derive(Debug)]
enum PreparedScript {
    Python(Exported),
    Local(local::Prepared),
}

impl PreparedScript {
    fn new(
        runtime: Runtime,
        workload: &Workload,
        interrupt: &Interrupt,
    ) -> Result<Self, VerifyError> {
        Ok(match runtime {
            Runtime::Asyncio => Self::Python(asyncio::prepare_program(workload, interrupt)?),
            Runtime::Fastapi => Self::Python(fastapi::prepare_program(workload, interrupt)?),
            Runtime::Celery => Self::Python(celery::prepare_program(workload, interrupt)?),
            Runtime::Threads | Runtime::Tokio => {
                Self::Local(local::Prepared::new(runtime, workload)?)
            }
        })
    }

    fn record(&self, limit: Duration, interrupt: &Interrupt) -> Result<Wire, VerifyError> {
        match self {
            Self::Python(program) => program.record(limit, interrupt),
            Self::Local(local) => local.record(limit, interrupt),
        }
    }
}

fn run_limit(predicted: &Trace) -> Duration {
    let predicted = Duration::from_nanos(predicted.end.since(SimTime::ZERO).as_nanos());
    // Three times: a run that fails the prediction must end too, so that it can be reported.
    predicted * 3 + PATIENCE
}
