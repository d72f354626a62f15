//! The state of the panel: the proof on Python, the companion, the current run, the opened file.
//!
//! It does no I/O: it gets events ([`RealRunEvent`]) and returns effects ([`RealRunEffect`]). So tests without a
//! browser can check that the token goes only to a companion that has proved to know it. The
//! proof is repeated before each run, because another program may have taken the port.

mod events;
mod handshake;
mod run;

use super::companion::{Accepted, CompanionAddress, VerifiedCompanion};
use super::file::{self, TraceFile};
use super::python_proof::{ProofEffect, PythonProof};
use super::trouble::Trouble;
use crate::protocol::panel::PanelControl;
use crate::protocol::real_run::PageSnapshot;
use formats::import::OpenError;

use handshake::Asking;

pub(super) use events::{Call, RealRunEffect, RealRunEvent};
pub(super) use run::{
    LastRun, RUNS, RunSettings, RunStage, RunUnderWay, SCALES, TOLERANCES, refusal,
};

/// The state of the panel.
#[derive(Debug)]
pub(super) struct PanelState {
    pub(super) page: PageSnapshot,
    pub(super) python: PythonProof,
    pub(super) choice: RunSettings,
    /// The companion, once it has proved to know the token.
    pub(super) known: Option<VerifiedCompanion>,
    /// The reason why there is no companion.
    pub(super) trouble: Option<Trouble>,
    pub(super) real: LastRun,
    /// The command that was copied last; its button says so.
    pub(super) copied: Option<String>,
    pub(super) file: TraceFile,
    /// The address that the reader typed.
    typed: String,
    /// The address and token that the typed address was exchanged for. Kept, because the
    /// exchange works only once.
    given: Option<CompanionAddress>,
    asking: Option<Asking>,
    /// The exchange of a code for the token that waits for its response.
    redeeming: Option<(Call, Accepted)>,
    calls: u32,
    nonce: fn() -> String,
}

impl PanelState {
    /// `nonce` must return an unpredictable text at each call.
    pub(super) fn new(nonce: fn() -> String) -> Self {
        Self {
            page: PageSnapshot::default(),
            python: PythonProof::default(),
            choice: RunSettings::default(),
            known: None,
            trouble: None,
            real: LastRun::None,
            copied: None,
            file: TraceFile::None,
            typed: String::new(),
            given: None,
            asking: None,
            redeeming: None,
            calls: 0,
            nonce,
        }
    }

    /// Whether the panel waits for a companion.
    pub(super) fn is_asking(&self) -> bool {
        self.asking.is_some() || self.redeeming.is_some()
    }

    /// Updates the state by an event. Returns the effects to perform.
    pub(super) fn handle(&mut self, event: RealRunEvent) -> Vec<RealRunEffect> {
        match event {
            RealRunEvent::Page(page) => self.page_changed(page),
            RealRunEvent::ControlUsed(hand, value) => self.control_used(hand, value),
            RealRunEvent::FileGiven(name) => {
                self.file = TraceFile::Reading(name);
                Vec::new()
            }
            RealRunEvent::FileRead(name, bytes) => self.read(name, bytes),
            RealRunEvent::FileShown => {
                self.file.look(self.page.language);
                Vec::new()
            }
            RealRunEvent::Hello(call, answer) => self.hello_answered(call, answer),
            RealRunEvent::Redeemed(call, answer) => self.redeemed(call, answer),
            RealRunEvent::Piece(call, bytes) => self.piece_arrived(call, &bytes),
            RealRunEvent::Refused(call, text) => self.end(call, LastRun::Failed(refusal(&text))),
            RealRunEvent::Over(call) => self.end(call, LastRun::Failed(Trouble::CutOff)),
            RealRunEvent::Lost(call, trouble) => self.end(call, LastRun::Failed(trouble)),
            RealRunEvent::Python(run, event) => {
                proof_effects(self.python.python_told(run, event, &self.page))
            }
            RealRunEvent::PauseOver(run) => proof_effects(self.python.pause_over(run, &self.page)),
        }
    }

    fn page_changed(&mut self, page: PageSnapshot) -> Vec<RealRunEffect> {
        let is_first = self.page.origin.is_empty();
        // The companion's texts about missing runtimes must be fetched in the new language.
        let speaks_otherwise = self.known.is_some() && page.language != self.page.language;
        // The page shows the script again, not the file's trace.
        if self.page.is_opened && !page.is_opened {
            self.file = TraceFile::None;
        }
        // The reader opened another address of the companion in this tab.
        let has_other_access =
            (&self.page.token, self.page.is_spent) != (&page.token, page.is_spent);
        let is_other_script =
            is_first || (&self.page.script, self.page.is_sound) != (&page.script, page.is_sound);
        self.page = page;
        let mut effects = Vec::new();
        if is_other_script {
            effects = proof_effects(self.python.page_changed(&self.page));
        }
        let is_due = is_first || has_other_access;
        if (is_due && self.page.is_served) || speaks_otherwise {
            effects.extend(self.greet());
        }
        effects
    }

    fn control_used(&mut self, hand: PanelControl, value: String) -> Vec<RealRunEffect> {
        match hand {
            PanelControl::Runtime => self.choice.runtime = value,
            PanelControl::Scale => self.choice.scale = value,
            PanelControl::Runs => self.choice.runs = value,
            PanelControl::Tolerance => self.choice.tolerance = value,
            PanelControl::Address => {
                self.typed = value;
                // Its token belongs to the old address.
                self.given = None;
            }
            // The page sends the file itself as another message.
            PanelControl::File => {}
            // Empty if the browser refused to copy.
            PanelControl::Copied => self.copied = Some(value).filter(|value| !value.is_empty()),
            PanelControl::Connect => return self.greet(),
            PanelControl::Start => return self.start(),
            PanelControl::Cancel => return self.cancel(),
            PanelControl::Prove => return proof_effects(self.python.asked(&self.page)),
            PanelControl::CancelProof => return proof_effects(self.python.cancel()),
        }
        Vec::new()
    }

    fn read(&mut self, name: String, bytes: Result<Vec<u8>, OpenError>) -> Vec<RealRunEffect> {
        let (file, drawn) = match bytes {
            Ok(bytes) => file::read(name, &bytes),
            Err(error) => (TraceFile::Failed(name, error), None),
        };
        self.file = file;
        vec![drawn.map_or(RealRunEffect::Look, |drawn| {
            RealRunEffect::Show(Box::new(drawn))
        })]
    }
}

fn proof_effects(effects: Vec<ProofEffect>) -> Vec<RealRunEffect> {
    effects.into_iter().map(RealRunEffect::Proof).collect()
}

#[cfg(test)]
pub(super) mod tests;
