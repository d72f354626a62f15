//! The runs of a script on the companion: their settings, progress and ends.

use serde::Serialize;

use super::{Call, PanelState, RealRunEffect};
use crate::proof::drawing::VerifiedBars;
use crate::proof::lines::{Lines, RunEvent, RunFailure, RunResult};
use crate::proof::trouble::Trouble;

/// The values of the panel's controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunSettings {
    pub(crate) runtime: String,
    pub(crate) scale: String,
    pub(crate) runs: String,
    pub(crate) tolerance: String,
}

/// The options of the controls.
pub(crate) const SCALES: [&str; 5] = ["1", "0.5", "0.2", "0.1", "0.05"];
pub(crate) const RUNS: [&str; 4] = ["1", "3", "5", "10"];
pub(crate) const TOLERANCES: [&str; 4] = ["1", "2", "5", "10"];

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            runtime: "asyncio".to_owned(),
            scale: SCALES[0].to_owned(),
            runs: RUNS[1].to_owned(),
            tolerance: TOLERANCES[2].to_owned(),
        }
    }
}

/// The last run.
#[derive(Debug)]
pub(crate) enum LastRun {
    None,
    UnderWay(RunUnderWay),
    Done {
        script: String,
        done: Box<RunResult>,
        /// `None` if the traces cannot be read.
        bars: Option<VerifiedBars>,
    },
    Failed(Trouble),
    Cancelled,
}

/// A run that has started and not ended.
#[derive(Debug)]
pub(crate) struct RunUnderWay {
    call: Call,
    /// The script at the start of the run. The reader may have edited it since.
    script: String,
    lines: Lines,
    pub(crate) stage: RunStage,
    /// The age of the run: the number of `alive` lines, which come once a second.
    pub(crate) seconds: u32,
}

/// The progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RunStage {
    /// The companion is asked for its proof.
    Greeting,
    /// The request was sent.
    Asked,
    /// `ahead` other runs come first.
    Queued {
        ahead: u32,
    },
    Running {
        run: u32,
        runs: u32,
        run_ns: u64,
    },
}

#[derive(Serialize)]
struct RunRequestBody<'a> {
    script: &'a str,
    runtime: &'a str,
    scale: f64,
    runs: u32,
    tolerance: f64,
    lang: &'a str,
}

impl PanelState {
    pub(super) fn start(&mut self) -> Vec<RealRunEffect> {
        if matches!(self.real, LastRun::UnderWay(_)) || !self.page.is_sound {
            return Vec::new();
        }
        // The proof first: `recognized` continues with `verify`.
        let effects = self.greet();
        if let Some(asking) = &self.asking {
            self.real = LastRun::UnderWay(RunUnderWay {
                call: asking.call,
                script: self.page.script.clone(),
                lines: Lines::default(),
                stage: RunStage::Greeting,
                seconds: 0,
            });
        }
        effects
    }

    pub(super) fn verify(&mut self) -> Vec<RealRunEffect> {
        let call = self.next_call();
        let (Some(known), LastRun::UnderWay(under)) = (&self.known, &mut self.real) else {
            return Vec::new();
        };
        under.call = call;
        under.stage = RunStage::Asked;
        let body = RunRequestBody {
            script: &under.script,
            runtime: &self.choice.runtime,
            // The texts are options of the controls, so they parse.
            scale: self.choice.scale.parse().unwrap_or(1.0),
            runs: self.choice.runs.parse().unwrap_or(3),
            tolerance: self.choice.tolerance.parse().unwrap_or(5.0),
            lang: self.page.language.tag(),
        };
        vec![RealRunEffect::Verify {
            call,
            address: known.verify(),
            authorization: known.authorization(),
            body: serde_json::to_string(&body).expect("its keys are texts"),
        }]
    }

    pub(super) fn cancel(&mut self) -> Vec<RealRunEffect> {
        match std::mem::replace(&mut self.real, LastRun::Cancelled) {
            LastRun::UnderWay(under) => vec![RealRunEffect::Stop(under.call)],
            // No run to cancel: keep the last result.
            other => {
                self.real = other;
                Vec::new()
            }
        }
    }

    pub(super) fn piece_arrived(&mut self, call: Call, bytes: &[u8]) -> Vec<RealRunEffect> {
        let LastRun::UnderWay(under) = &mut self.real else {
            return Vec::new();
        };
        if under.call != call {
            return Vec::new();
        }
        let Some(events) = under.lines.take(bytes) else {
            self.real = LastRun::Failed(Trouble::Garbled);
            return vec![RealRunEffect::Stop(call)];
        };
        events
            .into_iter()
            .filter_map(|event| self.apply(event))
            .collect()
    }

    fn apply(&mut self, event: RunEvent) -> Option<RealRunEffect> {
        // An event after `done` or `failed` in the same piece.
        let LastRun::UnderWay(under) = &mut self.real else {
            return None;
        };
        match event {
            RunEvent::Queued { ahead } => under.stage = RunStage::Queued { ahead },
            RunEvent::Started { runs, run_ns } => {
                under.stage = RunStage::Running {
                    run: 1,
                    runs,
                    run_ns,
                };
            }
            RunEvent::Progress { run, runs } => {
                // Keeps the predicted time, which only `started` has.
                if let RunStage::Running { run_ns, .. } = under.stage {
                    under.stage = RunStage::Running { run, runs, run_ns };
                }
            }
            RunEvent::Alive => under.seconds += 1,
            RunEvent::Done(done) => {
                let script = std::mem::take(&mut under.script);
                let bars = VerifiedBars::of(&script, &done);
                let overlay = bars.as_ref().map(|bars| bars.overlay(script.clone()));
                self.real = LastRun::Done { script, done, bars };
                return overlay.map(|overlay| RealRunEffect::Draw(Box::new(overlay)));
            }
            RunEvent::Failed(failed) => self.real = LastRun::Failed(Trouble::Failed(failed)),
        }
        None
    }

    /// Ends the current run. Does nothing if the call belongs to an older run.
    pub(super) fn end(&mut self, call: Call, end: LastRun) -> Vec<RealRunEffect> {
        if matches!(&self.real, LastRun::UnderWay(under) if under.call == call) {
            self.real = end;
        }
        Vec::new()
    }
}

/// Parses an error response, e.g. `{"error":{"code":"busy","message":"…"}}`.
pub(crate) fn refusal(text: &str) -> Trouble {
    #[derive(serde::Deserialize)]
    struct ErrorContent {
        error: RunFailure,
    }
    match serde_json::from_str::<ErrorContent>(text) {
        // The code expired or was used between the hello and the exchange.
        Ok(ErrorContent { error }) if error.code == "code" => Trouble::Spent,
        Ok(ErrorContent { error }) => Trouble::Failed(error),
        Err(_) => Trouble::Garbled,
    }
}
