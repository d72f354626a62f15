//! The proof of the script on the page's own Python: its state, from the click to the verdict.
//!
//! The worker exports the script and judges the trace of Python's run; the page owns Python
//! (`browser/python_runtime.rs`). After a proof, each script that a pause in the typing leaves is
//! proved as well: Python is loaded then, and a run takes milliseconds.

use serde::Deserialize;

use super::python_failure::PythonFailure;
use crate::protocol::real_run::{PageSnapshot, PythonRun};
use formats::export::PythonProgram;
use formats::import::FILE_BYTES_MAX;
use formats::proof::{self, Proof, Unfinished, Unprovable};
use model::trace::{Ending, Trace};
use model::workload::Workload;
use sim::{SyncRunLimits, simulate_sync};

/// Runs that are simulated and compared here. A longer one would keep the reader waiting: Python
/// in the page takes some seconds for each 100,000 steps.
pub(super) const LIMITS: SyncRunLimits = SyncRunLimits {
    instances: 20_000,
    records: 400_000,
    steps: 400_000,
};

/// The options of a run. The simulated clock has the same limit; the real one is for slow machines.
const OPTIONS: &str = r#"{"time_limit":"7d","real_seconds":60}"#;

/// What the page and its worker must do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ProofEffect {
    RunPython {
        run: PythonRun,
        program: String,
    },
    CancelPython,
    /// Report after a pause in the typing.
    AwaitPause(PythonRun),
}

impl ProofEffect {
    pub(super) const OPTIONS: &'static str = OPTIONS;
}

/// What happened to the page's Python.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PythonEvent {
    Progress {
        bytes: u32,
        total: u32,
    },
    /// The reader's program runs first.
    Waits,
    Started,
    Answered(Result<PythonTexts, PythonFailure>),
}

/// The result and the trace of a run, both JSON and both untrusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PythonTexts {
    pub(super) result: String,
    pub(super) trace: String,
}

/// Whether the script can be proved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Provability {
    /// The script has errors, or nothing runs.
    #[default]
    Nothing,
    Provable,
    Unprovable(Unprovable),
}

#[derive(Debug)]
pub(super) enum ProofOutcome {
    Judged(Proof),
    /// Python did not run the script to its end.
    Unfinished(String),
    /// The run is longer than [`LIMITS`], or than the simulator's own.
    TooLong,
    Failed(PythonFailure),
}

/// How far a proof is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProofStage {
    /// The page was asked.
    Asked,
    Downloading {
        bytes: u32,
        total: u32,
    },
    Starting,
    /// The reader's program runs first.
    Waiting,
    Running,
}

/// A proof that has started and not ended.
#[derive(Debug)]
struct ProofUnderWay {
    run: PythonRun,
    script: String,
    prepared: Prepared,
    stage: ProofStage,
    /// The page started it, not the reader: nothing is shown until it is over.
    is_quiet: bool,
}

#[derive(Debug)]
struct Prepared {
    workload: Workload,
    program: PythonProgram,
    simulated: Trace,
}

#[derive(Debug, Default)]
pub(super) struct PythonProof {
    pub(super) provability: Provability,
    under_way: Option<ProofUnderWay>,
    /// The last outcome, and its script.
    last: Option<(String, ProofOutcome)>,
    /// The pause after which the next proof starts.
    awaits: Option<PythonRun>,
    runs: u32,
}

impl PythonProof {
    /// The stage to show.
    pub(super) fn stage(&self) -> Option<ProofStage> {
        let under_way = self.under_way.as_ref();
        let shown = under_way.filter(|under_way| !under_way.is_quiet);
        shown.map(|under_way| under_way.stage)
    }

    /// The last outcome, and whether it is of this script.
    pub(super) fn last(&self, script: &str) -> Option<(&ProofOutcome, bool)> {
        let (of, outcome) = self.last.as_ref()?;
        Some((outcome, of == script))
    }

    /// The script or its soundness changed.
    pub(super) fn page_changed(&mut self, page: &PageSnapshot) -> Vec<ProofEffect> {
        self.provability = provability(page);
        self.follow(page)
    }

    /// Lets a script follow that differs from the proved one, after a pause.
    fn follow(&mut self, page: &PageSnapshot) -> Vec<ProofEffect> {
        self.awaits = None;
        let is_due = match &self.last {
            // After another outcome the reader decides.
            Some((of, ProofOutcome::Judged(_))) => *of != page.script,
            _ => false,
        };
        if !is_due || self.under_way.is_some() || self.provability != Provability::Provable {
            return Vec::new();
        }
        let pause = self.next_run();
        self.awaits = Some(pause);
        vec![ProofEffect::AwaitPause(pause)]
    }

    pub(super) fn pause_over(&mut self, pause: PythonRun, page: &PageSnapshot) -> Vec<ProofEffect> {
        match self.awaits.take_if(|awaited| *awaited == pause) {
            Some(_) => self.start(page, true),
            None => Vec::new(),
        }
    }

    /// The reader asks for a proof.
    pub(super) fn asked(&mut self, page: &PageSnapshot) -> Vec<ProofEffect> {
        self.awaits = None;
        match &mut self.under_way {
            // If it is of an older script, the current one follows it.
            Some(under_way) => {
                under_way.is_quiet = false;
                Vec::new()
            }
            None => self.start(page, false),
        }
    }

    fn start(&mut self, page: &PageSnapshot, is_quiet: bool) -> Vec<ProofEffect> {
        if self.provability != Provability::Provable {
            return Vec::new();
        }
        let script = page.script.clone();
        let Some(prepared) = prepare(&script) else {
            self.last = Some((script, ProofOutcome::TooLong));
            return Vec::new();
        };
        let run = self.next_run();
        let program = prepared.program.source.clone();
        self.under_way = Some(ProofUnderWay {
            run,
            script,
            prepared,
            stage: ProofStage::Asked,
            is_quiet,
        });
        vec![ProofEffect::RunPython { run, program }]
    }

    pub(super) fn cancel(&mut self) -> Vec<ProofEffect> {
        match self.under_way {
            // The page answers that the run was cancelled.
            Some(_) => vec![ProofEffect::CancelPython],
            None => Vec::new(),
        }
    }

    pub(super) fn python_told(
        &mut self,
        run: PythonRun,
        event: PythonEvent,
        page: &PageSnapshot,
    ) -> Vec<ProofEffect> {
        let Some(mut under_way) = self.under_way.take_if(|under_way| under_way.run == run) else {
            return Vec::new();
        };
        under_way.stage = match event {
            PythonEvent::Progress { bytes, total } if bytes >= total => ProofStage::Starting,
            PythonEvent::Progress { bytes, total } => ProofStage::Downloading { bytes, total },
            PythonEvent::Waits => ProofStage::Waiting,
            PythonEvent::Started => ProofStage::Running,
            PythonEvent::Answered(answer) => {
                let ProofUnderWay {
                    script,
                    prepared,
                    is_quiet,
                    ..
                } = under_way;
                let outcome = match answer {
                    Ok(texts) => judge(&prepared, &texts),
                    // The older proof stays, and the reader can ask for another one.
                    Err(_) if is_quiet => return Vec::new(),
                    Err(failure) => ProofOutcome::Failed(failure),
                };
                self.last = Some((script, outcome));
                return self.follow(page);
            }
        };
        self.under_way = Some(under_way);
        Vec::new()
    }

    fn next_run(&mut self) -> PythonRun {
        self.runs += 1;
        PythonRun(self.runs)
    }
}

fn provability(page: &PageSnapshot) -> Provability {
    let workload = script::parse(&page.script).workload;
    match workload.filter(|workload| page.is_sound && !workload.runs.is_empty()) {
        None => Provability::Nothing,
        Some(workload) => match proof::unprovable(&workload) {
            Some(reason) => Provability::Unprovable(reason),
            None => Provability::Provable,
        },
    }
}

/// `None` for a run that is too long.
fn prepare(script: &str) -> Option<Prepared> {
    let workload = script::parse(script).workload?;
    let simulated = simulate_sync(&workload, LIMITS)?;
    if matches!(simulated.ending, Ending::Limit(_)) {
        return None;
    }
    let program = proof::program(&workload);
    Some(Prepared {
        workload,
        program,
        simulated,
    })
}

fn judge(prepared: &Prepared, texts: &PythonTexts) -> ProofOutcome {
    let Prepared {
        workload,
        program,
        simulated,
    } = prepared;
    // The runtime leaves a trace out that is too long, or that a run without an end never wrote.
    if texts.trace == "null" || texts.trace.len() > FILE_BYTES_MAX {
        return ProofOutcome::Unfinished(message(&texts.result));
    }
    match proof::judge(
        workload,
        program,
        simulated,
        texts.trace.as_bytes(),
        |followed| simulate_sync(followed, LIMITS),
    ) {
        Ok(proof) => ProofOutcome::Judged(proof),
        Err(Unfinished(words)) => ProofOutcome::Unfinished(words),
    }
}

/// Why a run ended, from its result.
fn message(result: &str) -> String {
    #[derive(Default, Deserialize)]
    struct RunResult {
        #[serde(default)]
        message: String,
    }
    let result: RunResult = serde_json::from_str(result).unwrap_or_default();
    result.message
}

#[cfg(test)]
pub(super) mod tests;
