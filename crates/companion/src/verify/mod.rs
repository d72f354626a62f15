//! Runs a script for real and says how far that is from the prediction.
//!
//! ```text
//! Workload ─ scaled ─┬─ sim ─────────────▶ Trace ─┐
//!                    └─ a runtime ─ wire ─▶ Trace ─┴─ compare ─ order ─ verdict
//! ```
//!
//! - [`runtime`]: where; [`lacks`]: why not. [`asyncio`]: the [`exported`] Python,
//!   watched from outside ([`plan`] says what its lines are; the watchers are in `python/`).
//!   [`fastapi`]: the same under uvicorn, [`celery`]: with workers and a Redis, both
//!   with the packages of [`environment`].
//!   [`local`]: threads and tokio, in a process of this very program.
//! - [`child`], [`supervisor`], [`folder`], [`interrupt`]: no process and no file is left,
//!   however it ends.
//! - [`calibrate`], [`costs`]: what the runtime itself takes.
//! - [`load`], [`verdict`]: noise, and what may be concluded in spite of it.
//! - [`report`], [`overlay`]: for people, for programs, as a picture.
//!
//! Needs a Unix: process groups are how children are ended.

mod arrivals;
mod asyncio;
mod available;
mod calibrate;
mod celery;
mod child;
mod compare;
mod costs;
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
mod plan;
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
pub use compare::{Compared, Life, Pair};
pub use costs::{Cost, Costs};
pub use error::VerifyError;
pub use interrupt::Interrupt;
pub use lacks::Lacks;
pub use load::Others;
pub use missing::Missing;
pub use order::{Order, Step, StepKind, Swap};
pub use overlay::draw_overlay;
pub use report::{text, write_json};
pub use runtime::Runtime;
pub use scaled::Scale;
pub use verdict::{Tolerance, Verdict};

use exported::Exported;
use load::Load;
use verdict::Evidence;
use wire::Wire;

/// How a script is to be verified.
#[derive(Clone, Debug)]
pub struct Options {
    pub runtime: Runtime,
    pub scale: Scale,
    /// At least one.
    pub runs: u32,
    pub percent: f64,
    /// What the runtime's own doings take, if somebody measured it.
    pub costs: Option<Costs>,
    /// For one run; `None` is what the prediction makes reasonable.
    pub limit: Option<Duration>,
}

/// Everything that is known after the runs.
#[derive(Clone, Debug)]
pub struct Verification {
    pub options: Options,
    /// What ran: the script's, scaled, on the machine there is.
    pub workload: Workload,
    pub predicted: Trace,
    /// One for each run.
    pub measured: Vec<Trace>,
    pub total: Pair,
    pub tasks: Vec<Compared>,
    pub order: Order,
    pub others: Others,
    pub tolerance: Tolerance,
    pub verdict: Verdict,
    /// What ran it: `Python` and `3.11.7`.
    pub versions: BTreeMap<String, String>,
    pub notes: Vec<Note>,
    /// Somebody ended it before all runs were made.
    pub interrupted: bool,
}

impl Verification {
    /// The run whose total is the median.
    pub fn median_run(&self) -> &Trace {
        let median = self.total.measured();
        let run = self.measured.iter().find(|run| run.end == median);
        run.expect("the median is of one of the runs")
    }
}

/// What a reader must know to judge the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// The machine has fewer cores than the script: predicted for those.
    FewerCores { script: u32, machine: u32 },
    /// The runtime is one process, the script has several servers: predicted for one.
    OneProcess { servers: u32 },
    /// The script turns the GIL off and this Python has one: predicted with it.
    GilIsOn,
    /// This runtime has no GIL: predicted without.
    NoGil,
    /// The script as threads: predicted with a thread for each task.
    EveryTaskAThread,
    /// Costs are Python's, and this runtime is none: predicted without.
    NoCosts,
    /// Requests of one instant reach a server one after the other: predicted so.
    OneByOne,
    /// The script draws lengths; the real run draws its own.
    RandomLengths,
}

/// Beyond what was predicted: starting, stopping, a slow machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs the script so many times. `progress` is called before each with its number, from 1.
pub fn verify(
    workload: &Workload,
    options: &Options,
    interrupt: &Interrupt,
    mut progress: impl FnMut(u32),
) -> Result<Verification, VerifyError> {
    let mut workload = scaled::scaled(workload, options.scale);
    let (predicted, notes) = fit::fit(&mut workload, options, interrupt)?;
    match predicted.ending {
        Ending::Limit(_) => return Err(VerifyError::NoPrediction),
        Ending::Deadlock(_) if options.runtime != Runtime::Asyncio => {
            return Err(Lacks::Deadlocks.on(options.runtime, 1));
        }
        _ => {}
    }
    let limit = options.limit.unwrap_or_else(|| patience(&predicted));
    let target = Target::new(options.runtime, &workload, interrupt)?;
    let mut measured = Vec::new();
    let mut versions = BTreeMap::new();
    let mut others = Others::default();
    let mut interrupted = false;
    for run in 1..=options.runs.max(1) {
        progress(run);
        let before = Load::now();
        let wire = match target.record(limit, interrupt) {
            // What was measured until then is worth showing.
            Err(VerifyError::Interrupted) if !measured.is_empty() => {
                interrupted = true;
                break;
            }
            wire => wire?,
        };
        others = others.worse(Others::between(before, Load::now()));
        versions.clone_from(&wire.versions);
        measured.push(wire.into_trace(&workload));
    }
    Ok(judge(Runs {
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

/// The scale at which a run is predicted to take so many seconds: near it, since
/// what belongs to the machine does not shrink.
pub fn scale_to(
    workload: &Workload,
    options: &Options,
    seconds: f64,
    interrupt: &Interrupt,
) -> Result<Scale, VerifyError> {
    let (predicted, _) = fit::fit(&mut workload.clone(), options, interrupt)?;
    let total = predicted.end.since(SimTime::ZERO).as_nanos() as f64 / 1e9;
    Ok(Scale::nearest(seconds / total))
}

struct Runs {
    options: Options,
    workload: Workload,
    predicted: Trace,
    measured: Vec<Trace>,
    versions: BTreeMap<String, String>,
    others: Others,
    notes: Vec<Note>,
    interrupted: bool,
}

fn judge(runs: Runs) -> Verification {
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
    let tasks = compare::compare(&workload, &predicted, &measured);
    let order = order::order(&workload, &predicted, &measured);
    let same = |trace: &Trace| {
        std::mem::discriminant(&trace.ending) == std::mem::discriminant(&predicted.ending)
    };
    let evidence = Evidence {
        total: &total,
        tasks: &tasks,
        order: &order,
        same_ending: measured.iter().all(same),
        others,
        random: notes.contains(&Note::RandomLengths),
    };
    let verdict = verdict::verdict(&evidence, tolerance);
    Verification {
        options,
        workload,
        predicted,
        measured,
        total,
        tasks,
        order,
        others,
        tolerance,
        verdict,
        versions,
        notes,
        interrupted,
    }
}

/// A runtime, ready to run the script again and again.
#[derive(Debug)]
enum Target {
    Python(Exported),
    Local(local::Prepared),
}

impl Target {
    fn new(
        runtime: Runtime,
        workload: &Workload,
        interrupt: &Interrupt,
    ) -> Result<Self, VerifyError> {
        Ok(match runtime {
            Runtime::Asyncio => Self::Python(asyncio::prepare(workload, interrupt)?),
            Runtime::Fastapi => Self::Python(fastapi::prepare(workload, interrupt)?),
            Runtime::Celery => Self::Python(celery::prepare(workload, interrupt)?),
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

fn patience(predicted: &Trace) -> Duration {
    let predicted = Duration::from_nanos(predicted.end.since(SimTime::ZERO).as_nanos());
    predicted * 3 + PATIENCE
}
