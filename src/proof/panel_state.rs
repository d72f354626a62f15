//! The state of the panel: the proof on Python, the companion, the current run, the opened file.
//!
//! It does no I/O: it gets events ([`RealRunEvent`]) and returns effects ([`RealRunEffect`]). So tests without a
//! browser can check that the token goes only to a companion that has proved to know it. The
//! proof is repeated before each run, because another program may have taken the port.

use serde::Serialize;

use super::companion::{Accepted, CompanionAddress, Invitation, VerifiedCompanion};
use super::drawing;
use super::file::{self, Drawn, TraceFile};
use super::lines::{Lines, RunEvent, RunFailure, RunResult};
use super::python_proof::{ProofEffect, PythonEvent, PythonProof};
use super::trouble::Trouble;
use crate::protocol::panel::PanelControl;
use crate::protocol::real_run::{MeasuredOverlay, PageSnapshot, PythonRun};
use formats::import::OpenError;

/// An event from the page or from the companion.
#[derive(Debug)]
pub(super) enum RealRunEvent {
    /// The state of the page changed.
    Page(PageSnapshot),
    /// The reader used a control, which has this value.
    ControlUsed(PanelControl, String),
    /// The reader chose or dropped a file with this name.
    FileGiven(String),
    /// The file was read, or is too large.
    FileRead(String, Result<Vec<u8>, OpenError>),
    /// The trace of the file was sent to the page.
    FileShown,
    /// The response to [`RealRunEffect::Hello`].
    Hello(Call, Result<String, Trouble>),
    /// The response to [`RealRunEffect::Redeem`].
    Redeemed(Call, Result<String, Trouble>),
    /// A part of the response to [`RealRunEffect::Verify`], not necessarily a whole line.
    Piece(Call, Vec<u8>),
    /// The companion refused the run with this body.
    Refused(Call, String),
    /// The response to [`RealRunEffect::Verify`] ended.
    Over(Call),
    /// The connection failed.
    Lost(Call, Trouble),
    /// From the page's Python.
    Python(PythonRun, PythonEvent),
    /// The pause of [`ProofEffect::AwaitPause`] is over.
    PauseOver(PythonRun),
}

/// An effect that the worker performs.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RealRunEffect {
    /// Request this URL, a hello with a nonce.
    Hello(Call, String),
    /// Exchange the code for the token: a URL and a body.
    Redeem(Call, String, String),
    /// Start a run.
    Verify {
        call: Call,
        address: String,
        authorization: String,
        body: String,
    },
    /// Abort the request.
    Stop(Call),
    /// Show the measured overlay on the chart.
    Draw(Box<MeasuredOverlay>),
    /// Show a trace from a file in place of the chart.
    Show(Box<Drawn>),
    /// Open the panel's tab and scroll to its error: a file could not be opened, and the reader
    /// may have dropped it anywhere on the page.
    Look,
    /// A part of the proof on the page's own Python.
    Proof(ProofEffect),
}

/// The number of a request. Responses to older requests are recognised by it and ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Call(pub(super) u32);

/// The values of the panel's controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RunSettings {
    pub(super) runtime: String,
    pub(super) scale: String,
    pub(super) runs: String,
    pub(super) tolerance: String,
}

/// The options of the controls.
pub(super) const SCALES: [&str; 5] = ["1", "0.5", "0.2", "0.1", "0.05"];
pub(super) const RUNS: [&str; 4] = ["1", "3", "5", "10"];
pub(super) const TOLERANCES: [&str; 4] = ["1", "2", "5", "10"];

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
pub(super) enum LastRun {
    None,
    UnderWay(RunUnderWay),
    Done {
        script: String,
        done: Box<RunResult>,
    },
    Failed(Trouble),
    Cancelled,
}

/// A run that has started and not ended.
#[derive(Debug)]
pub(super) struct RunUnderWay {
    call: Call,
    /// The script at the start of the run. The reader may have edited it since.
    script: String,
    lines: Lines,
    pub(super) stage: RunStage,
    /// The age of the run: the number of `alive` lines, which come once a second.
    pub(super) seconds: u32,
}

/// The progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunStage {
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

/// A hello that waits for its response.
#[derive(Debug)]
struct Asking {
    call: Call,
    way: AuthMethod,
    nonce: String,
}

/// The way to authenticate a companion.
#[derive(Debug)]
enum AuthMethod {
    /// By the token.
    CompanionAddress(CompanionAddress),
    /// By the one-time code of a typed address.
    Invitation(Invitation),
}

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

    /// The typed address, or else the companion that serves the page.
    fn way(&self) -> Result<AuthMethod, Trouble> {
        match (self.typed.trim(), &self.given) {
            // Tells more than `NoToken`, which `of_page` would return.
            ("", _) if self.page.is_served && self.page.is_spent => Err(Trouble::Spent),
            ("", _) if self.page.is_served => {
                CompanionAddress::of_page(&self.page.origin, &self.page.token)
                    .map(AuthMethod::CompanionAddress)
            }
            (_, Some(companion_address)) => {
                Ok(AuthMethod::CompanionAddress(companion_address.clone()))
            }
            (typed, None) => Invitation::typed(typed).map(AuthMethod::Invitation),
        }
    }

    /// Asks the server at the address to prove that it is the companion.
    fn greet(&mut self) -> Vec<RealRunEffect> {
        self.trouble = None;
        // The response to an exchange that still runs is ignored from here on.
        self.redeeming = None;
        match self.way() {
            Ok(way) => {
                let (call, nonce) = (self.next_call(), (self.nonce)());
                let language = self.page.language.tag();
                let address = match &way {
                    AuthMethod::CompanionAddress(companion_address) => {
                        companion_address.hello(&nonce, language)
                    }
                    AuthMethod::Invitation(invitation) => invitation.hello(&nonce, language),
                };
                self.asking = Some(Asking { call, way, nonce });
                vec![RealRunEffect::Hello(call, address)]
            }
            Err(trouble) => {
                self.asking = None;
                self.known = None;
                self.trouble = Some(trouble);
                Vec::new()
            }
        }
    }

    fn next_call(&mut self) -> Call {
        self.calls += 1;
        Call(self.calls)
    }

    fn hello_answered(
        &mut self,
        call: Call,
        answer: Result<String, Trouble>,
    ) -> Vec<RealRunEffect> {
        // A response to an older hello, e.g. before the reader typed another address.
        let Some(asking) = self.asking.take_if(|asking| asking.call == call) else {
            return Vec::new();
        };
        let way = match answer {
            Ok(text) => match asking.way {
                AuthMethod::CompanionAddress(companion_address) => {
                    VerifiedCompanion::by(companion_address, &asking.nonce, &text).map(Ok)
                }
                AuthMethod::Invitation(invitation) => {
                    invitation.accepted(&asking.nonce, &text).map(Err)
                }
            },
            Err(trouble) => Err(trouble),
        };
        match way {
            Ok(Ok(known)) => self.recognized(known),
            Ok(Err(accepted)) => self.redeem(accepted),
            Err(trouble) => self.turned_away(trouble),
        }
    }

    fn recognized(&mut self, known: VerifiedCompanion) -> Vec<RealRunEffect> {
        self.known = Some(known);
        // The list of ready runtimes may have changed since the last hello.
        self.choose_what_is_there();
        if self.is_awaited() {
            self.verify()
        } else {
            Vec::new()
        }
    }

    fn turned_away(&mut self, trouble: Trouble) -> Vec<RealRunEffect> {
        self.known = None;
        self.trouble = Some(trouble);
        // The panel shows the error in place of the run that cannot start.
        if self.is_awaited() {
            self.real = LastRun::None;
        }
        Vec::new()
    }

    /// Whether a run waits for the companion's proof.
    fn is_awaited(&self) -> bool {
        matches!(&self.real, LastRun::UnderWay(under) if under.stage == RunStage::Greeting)
    }

    fn redeem(&mut self, accepted: Accepted) -> Vec<RealRunEffect> {
        let call = self.next_call();
        let (address, body) = (accepted.exchange(), accepted.body());
        self.redeeming = Some((call, accepted));
        vec![RealRunEffect::Redeem(call, address, body)]
    }

    fn redeemed(&mut self, call: Call, answer: Result<String, Trouble>) -> Vec<RealRunEffect> {
        let Some((_, accepted)) = self.redeeming.take_if(|(of, _)| *of == call) else {
            return Vec::new();
        };
        match answer.and_then(|text| accepted.companion_address(&text)) {
            Ok(companion_address) => {
                self.given = Some(companion_address);
                // So far the companion has proved to know the code, but not the token.
                self.greet()
            }
            Err(trouble) => self.turned_away(trouble),
        }
    }

    /// Selects an installed runtime if the selected one is not installed.
    fn choose_what_is_there(&mut self) {
        let Some(known) = &self.known else { return };
        let is_there = |name: &str| known.runtime(name).is_some_and(|runtime| runtime.ready);
        if !is_there(&self.choice.runtime)
            && let Some(runtime) = known.hello.runtimes.iter().find(|runtime| runtime.ready)
        {
            self.choice.runtime = runtime.name.clone();
        }
    }

    fn start(&mut self) -> Vec<RealRunEffect> {
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

    fn verify(&mut self) -> Vec<RealRunEffect> {
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

    fn cancel(&mut self) -> Vec<RealRunEffect> {
        match std::mem::replace(&mut self.real, LastRun::Cancelled) {
            LastRun::UnderWay(under) => vec![RealRunEffect::Stop(under.call)],
            // No run to cancel: keep the last result.
            other => {
                self.real = other;
                Vec::new()
            }
        }
    }

    fn piece_arrived(&mut self, call: Call, bytes: &[u8]) -> Vec<RealRunEffect> {
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
                let measured = drawing::measured(&script, &done);
                self.real = LastRun::Done { script, done };
                return measured.map(|measured| RealRunEffect::Draw(Box::new(measured)));
            }
            RunEvent::Failed(failed) => self.real = LastRun::Failed(Trouble::Failed(failed)),
        }
        None
    }

    /// Ends the current run. Does nothing if the call belongs to an older run.
    fn end(&mut self, call: Call, end: LastRun) -> Vec<RealRunEffect> {
        if matches!(&self.real, LastRun::UnderWay(under) if under.call == call) {
            self.real = end;
        }
        Vec::new()
    }
}

fn proof_effects(effects: Vec<ProofEffect>) -> Vec<RealRunEffect> {
    effects.into_iter().map(RealRunEffect::Proof).collect()
}

/// Parses an error response, e.g. `{"error":{"code":"busy","message":"…"}}`.
pub(super) fn refusal(text: &str) -> Trouble {
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

#[cfg(test)]
pub(super) mod tests;
