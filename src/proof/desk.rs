//! What is known of the companion and of the run under way, and what is to be done next.
//!
//! Asks nobody itself: it is told what was heard, and says what to do. So no
//! browser is needed to see that the token goes to nobody who has not proved to
//! know it; and that is proved anew before each run, for something else may have
//! taken the port since.

use serde::Serialize;

use super::door::{Accepted, Door, Invitation, Known};
use super::drawing;
use super::file::{self, Drawn, File};
use super::lines::{Done, Event, Failed, Lines};
use super::message::{Hand, Measured, Page};
use super::trouble::Trouble;
use formats::import::OpenError;

/// What came from the page or from the companion.
#[derive(Debug)]
pub(super) enum Heard {
    Page(Page),
    Handed(Hand, String),
    /// A file's name, and then what is in it, where that is not too much.
    FileGiven(String),
    FileRead(String, Result<Vec<u8>, OpenError>),
    /// The page has what was last read.
    FileShown,
    /// The whole answer to a call.
    Hello(Call, Result<String, Trouble>),
    Redeemed(Call, Result<String, Trouble>),
    /// The answer to a call, in pieces.
    Piece(Call, Vec<u8>),
    /// An answer that is no run.
    Refused(Call, String),
    /// There are no more pieces.
    Over(Call),
    Lost(Call, Trouble),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    Hello(Call, String),
    /// Send the code, by an address and a body, and get the token.
    Redeem(Call, String, String),
    Verify {
        call: Call,
        address: String,
        authorization: String,
        body: String,
    },
    /// Hang up.
    Stop(Call),
    /// Behind the chart.
    Draw(Box<Measured>),
    /// In the place of the chart.
    Show(Box<Drawn>),
    /// A file was dropped anywhere on the page, and what is to be said of it stands here.
    Look,
}

/// Which call an answer belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Call(pub(super) u32);

/// What the reader chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) runtime: String,
    pub(super) scale: String,
    pub(super) runs: String,
    pub(super) tolerance: String,
}

/// The values that are offered.
pub(super) const SCALES: [&str; 5] = ["1", "0.5", "0.2", "0.1", "0.05"];
pub(super) const RUNS: [&str; 4] = ["1", "3", "5", "10"];
pub(super) const TOLERANCES: [&str; 4] = ["1", "2", "5", "10"];

impl Default for Choice {
    fn default() -> Self {
        Self {
            runtime: "asyncio".to_owned(),
            scale: SCALES[0].to_owned(),
            runs: RUNS[1].to_owned(),
            tolerance: TOLERANCES[2].to_owned(),
        }
    }
}

/// The last run that was asked for.
#[derive(Debug)]
pub(super) enum Real {
    None,
    Under(Under),
    Done { script: String, done: Box<Done> },
    Failed(Trouble),
    Cancelled,
}

#[derive(Debug)]
pub(super) struct Under {
    call: Call,
    script: String,
    lines: Lines,
    pub(super) stage: Stage,
    /// Seconds that it has been heard of.
    pub(super) seconds: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The companion proves who it is.
    Greeting,
    Asked,
    Queued {
        ahead: u32,
    },
    Running {
        run: u32,
        runs: u32,
        run_ns: u64,
    },
}

/// A companion that has been asked who it is.
#[derive(Debug)]
struct Asking {
    call: Call,
    way: Way,
    nonce: String,
}

/// How to get to a companion.
#[derive(Debug)]
enum Way {
    Door(Door),
    /// By an address that was typed and not used yet.
    Invitation(Invitation),
}

#[derive(Debug)]
pub(super) struct Desk {
    pub(super) page: Page,
    pub(super) choice: Choice,
    pub(super) known: Option<Known>,
    pub(super) trouble: Option<Trouble>,
    pub(super) real: Real,
    pub(super) copied: Option<String>,
    pub(super) file: File,
    typed: String,
    /// What the typed address led to. It works once.
    given: Option<Door>,
    asking: Option<Asking>,
    /// The call that brings the token.
    redeeming: Option<(Call, Accepted)>,
    calls: u32,
    nonce: fn() -> String,
}

#[derive(Serialize)]
struct Body<'a> {
    script: &'a str,
    runtime: &'a str,
    scale: f64,
    runs: u32,
    tolerance: f64,
    lang: &'a str,
}

impl Desk {
    /// `nonce` gives another text each time, which nobody can foresee.
    pub(super) fn new(nonce: fn() -> String) -> Self {
        Self {
            page: Page::default(),
            choice: Choice::default(),
            known: None,
            trouble: None,
            real: Real::None,
            copied: None,
            file: File::None,
            typed: String::new(),
            given: None,
            asking: None,
            redeeming: None,
            calls: 0,
            nonce,
        }
    }

    pub(super) fn is_asking(&self) -> bool {
        self.asking.is_some() || self.redeeming.is_some()
    }

    pub(super) fn heard(&mut self, heard: Heard) -> Vec<Wish> {
        match heard {
            Heard::Page(page) => self.turn_to(page),
            Heard::Handed(hand, value) => self.handed(hand, value),
            Heard::FileGiven(name) => {
                self.file = File::Reading(name);
                Vec::new()
            }
            Heard::FileRead(name, bytes) => self.read(name, bytes),
            Heard::FileShown => {
                self.file.look(self.page.language);
                Vec::new()
            }
            Heard::Hello(call, answer) => self.greeted(call, answer),
            Heard::Redeemed(call, answer) => self.redeemed(call, answer),
            Heard::Piece(call, bytes) => self.told(call, &bytes),
            Heard::Refused(call, text) => self.end(call, Real::Failed(refusal(&text))),
            Heard::Over(call) => self.end(call, Real::Failed(Trouble::CutOff)),
            Heard::Lost(call, trouble) => self.end(call, Real::Failed(trouble)),
        }
    }

    fn turn_to(&mut self, page: Page) -> Vec<Wish> {
        let is_first = self.page.origin.is_empty();
        // What is missing is said in the companion's words.
        let speaks_otherwise = self.known.is_some() && page.language != self.page.language;
        if self.page.is_opened && !page.is_opened {
            self.file = File::None;
        }
        // Another address of the companion's was opened in this tab.
        let has_other_access =
            (&self.page.token, self.page.is_spent) != (&page.token, page.is_spent);
        self.page = page;
        let is_due = is_first || has_other_access;
        match (is_due && self.page.is_served) || speaks_otherwise {
            true => self.greet(),
            false => Vec::new(),
        }
    }

    fn handed(&mut self, hand: Hand, value: String) -> Vec<Wish> {
        match hand {
            Hand::Runtime => self.choice.runtime = value,
            Hand::Scale => self.choice.scale = value,
            Hand::Runs => self.choice.runs = value,
            Hand::Tolerance => self.choice.tolerance = value,
            Hand::Address => {
                self.typed = value;
                self.given = None;
            }
            // The file comes by itself.
            Hand::File => {}
            Hand::Copied => self.copied = Some(value).filter(|value| !value.is_empty()),
            Hand::Connect => return self.greet(),
            Hand::Start => return self.start(),
            Hand::Cancel => return self.cancel(),
        }
        Vec::new()
    }

    fn read(&mut self, name: String, bytes: Result<Vec<u8>, OpenError>) -> Vec<Wish> {
        let (file, drawn) = match bytes {
            Ok(bytes) => file::read(name, &bytes),
            Err(error) => (File::Failed(name, error), None),
        };
        self.file = file;
        vec![drawn.map_or(Wish::Look, |drawn| Wish::Show(Box::new(drawn)))]
    }

    fn way(&self) -> Result<Way, Trouble> {
        match (self.typed.trim(), &self.given) {
            ("", _) if self.page.is_served && self.page.is_spent => Err(Trouble::Spent),
            ("", _) if self.page.is_served => {
                Door::of_page(&self.page.origin, &self.page.token).map(Way::Door)
            }
            (_, Some(door)) => Ok(Way::Door(door.clone())),
            (typed, None) => Invitation::typed(typed).map(Way::Invitation),
        }
    }

    /// Asks what answers there to prove that it is the companion.
    fn greet(&mut self) -> Vec<Wish> {
        self.trouble = None;
        self.redeeming = None;
        match self.way() {
            Ok(way) => {
                let (call, nonce) = (self.next_call(), (self.nonce)());
                let language = self.page.language.tag();
                let address = match &way {
                    Way::Door(door) => door.hello(&nonce, language),
                    Way::Invitation(invitation) => invitation.hello(&nonce, language),
                };
                self.asking = Some(Asking { call, way, nonce });
                vec![Wish::Hello(call, address)]
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

    fn greeted(&mut self, call: Call, answer: Result<String, Trouble>) -> Vec<Wish> {
        let Some(asking) = self.asking.take_if(|asking| asking.call == call) else {
            return Vec::new();
        };
        let way = match answer {
            Ok(text) => match asking.way {
                Way::Door(door) => Known::by(door, &asking.nonce, &text).map(Ok),
                Way::Invitation(invitation) => invitation.accepted(&asking.nonce, &text).map(Err),
            },
            Err(trouble) => Err(trouble),
        };
        match way {
            Ok(Ok(known)) => self.recognized(known),
            Ok(Err(accepted)) => self.redeem(accepted),
            Err(trouble) => self.turned_away(trouble),
        }
    }

    fn recognized(&mut self, known: Known) -> Vec<Wish> {
        self.known = Some(known);
        self.choose_what_is_there();
        match self.is_awaited() {
            true => self.verify(),
            false => Vec::new(),
        }
    }

    fn turned_away(&mut self, trouble: Trouble) -> Vec<Wish> {
        self.known = None;
        self.trouble = Some(trouble);
        if self.is_awaited() {
            self.real = Real::None;
        }
        Vec::new()
    }

    /// A run begins as soon as the companion is known.
    fn is_awaited(&self) -> bool {
        matches!(&self.real, Real::Under(under) if under.stage == Stage::Greeting)
    }

    fn redeem(&mut self, accepted: Accepted) -> Vec<Wish> {
        let call = self.next_call();
        let (address, body) = (accepted.exchange(), accepted.body());
        self.redeeming = Some((call, accepted));
        vec![Wish::Redeem(call, address, body)]
    }

    fn redeemed(&mut self, call: Call, answer: Result<String, Trouble>) -> Vec<Wish> {
        let Some((_, accepted)) = self.redeeming.take_if(|(of, _)| *of == call) else {
            return Vec::new();
        };
        match answer.and_then(|text| accepted.door(&text)) {
            Ok(door) => {
                self.given = Some(door);
                self.greet()
            }
            Err(trouble) => self.turned_away(trouble),
        }
    }

    /// A runtime that is there, rather than none.
    fn choose_what_is_there(&mut self) {
        let Some(known) = &self.known else { return };
        let is_there = |name: &str| known.runtime(name).is_some_and(|runtime| runtime.ready);
        if !is_there(&self.choice.runtime)
            && let Some(runtime) = known.hello.runtimes.iter().find(|runtime| runtime.ready)
        {
            self.choice.runtime = runtime.name.clone();
        }
    }

    fn start(&mut self) -> Vec<Wish> {
        if matches!(self.real, Real::Under(_)) || !self.page.is_sound {
            return Vec::new();
        }
        let wishes = self.greet();
        if let Some(asking) = &self.asking {
            self.real = Real::Under(Under {
                call: asking.call,
                script: self.page.script.clone(),
                lines: Lines::default(),
                stage: Stage::Greeting,
                seconds: 0,
            });
        }
        wishes
    }

    fn verify(&mut self) -> Vec<Wish> {
        let call = self.next_call();
        let (Some(known), Real::Under(under)) = (&self.known, &mut self.real) else {
            return Vec::new();
        };
        under.call = call;
        under.stage = Stage::Asked;
        let body = Body {
            script: &under.script,
            runtime: &self.choice.runtime,
            scale: self.choice.scale.parse().unwrap_or(1.0),
            runs: self.choice.runs.parse().unwrap_or(3),
            tolerance: self.choice.tolerance.parse().unwrap_or(5.0),
            lang: self.page.language.tag(),
        };
        vec![Wish::Verify {
            call,
            address: known.verify(),
            authorization: known.authorization(),
            body: serde_json::to_string(&body).expect("its keys are texts"),
        }]
    }

    fn cancel(&mut self) -> Vec<Wish> {
        match std::mem::replace(&mut self.real, Real::Cancelled) {
            Real::Under(under) => vec![Wish::Stop(under.call)],
            other => {
                self.real = other;
                Vec::new()
            }
        }
    }

    fn told(&mut self, call: Call, bytes: &[u8]) -> Vec<Wish> {
        let Real::Under(under) = &mut self.real else {
            return Vec::new();
        };
        if under.call != call {
            return Vec::new();
        }
        let Some(events) = under.lines.take(bytes) else {
            self.real = Real::Failed(Trouble::Garbled);
            return vec![Wish::Stop(call)];
        };
        events
            .into_iter()
            .filter_map(|event| self.happened(event))
            .collect()
    }

    fn happened(&mut self, event: Event) -> Option<Wish> {
        let Real::Under(under) = &mut self.real else {
            return None;
        };
        match event {
            Event::Queued { ahead } => under.stage = Stage::Queued { ahead },
            Event::Started { runs, run_ns } => {
                under.stage = Stage::Running {
                    run: 1,
                    runs,
                    run_ns,
                };
            }
            Event::Progress { run, runs } => {
                if let Stage::Running { run_ns, .. } = under.stage {
                    under.stage = Stage::Running { run, runs, run_ns };
                }
            }
            Event::Alive => under.seconds += 1,
            Event::Done(done) => {
                let script = std::mem::take(&mut under.script);
                let measured = drawing::measured(&script, &done);
                self.real = Real::Done { script, done };
                return measured.map(|measured| Wish::Draw(Box::new(measured)));
            }
            Event::Failed(failed) => self.real = Real::Failed(Trouble::Failed(failed)),
        }
        None
    }

    /// Only of the run under way.
    fn end(&mut self, call: Call, end: Real) -> Vec<Wish> {
        if matches!(&self.real, Real::Under(under) if under.call == call) {
            self.real = end;
        }
        Vec::new()
    }
}

/// `{"error":{"code":…,"message":…}}`.
pub(super) fn refusal(text: &str) -> Trouble {
    #[derive(serde::Deserialize)]
    struct Refusal {
        error: Failed,
    }
    match serde_json::from_str::<Refusal>(text) {
        Ok(Refusal { error }) if error.code == "code" => Trouble::Spent,
        Ok(Refusal { error }) => Trouble::Failed(error),
        Err(_) => Trouble::Garbled,
    }
}

#[cfg(test)]
pub(super) mod tests;
