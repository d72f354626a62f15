//! What is known of the companion and of the run under way, and what is to be done next.
//!
//! Asks nobody itself: it is told what was heard, and says what to do. So no
//! browser is needed to see that the token goes to nobody who has not proved to
//! know it; and that is proved anew before each run, for something else may have
//! taken the port since.

use serde::Serialize;

use super::door::{Door, Known};
use super::drawing;
use super::file::{self, Drawn, File};
use super::lines::{Done, Event, Failed, Lines};
use super::message::{Hand, Measured, Page};
use super::trouble::Trouble;
use crate::import::OpenError;

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
    /// The answer to a call, in pieces.
    Hello(Call, Result<String, Trouble>),
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
    door: Door,
    nonce: String,
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
    asking: Option<Asking>,
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
            asking: None,
            calls: 0,
            nonce,
        }
    }

    pub(super) fn is_asking(&self) -> bool {
        self.asking.is_some()
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
        self.page = page;
        match (is_first && self.page.is_served) || speaks_otherwise {
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
            Hand::Address => self.typed = value,
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

    fn door(&self) -> Result<Door, Trouble> {
        match (self.typed.trim(), self.page.is_served) {
            ("", true) => Door::of_page(&self.page.origin, &self.page.token),
            (typed, _) => Door::typed(typed),
        }
    }

    /// Asks whoever is there to prove who it is.
    fn greet(&mut self) -> Vec<Wish> {
        self.trouble = None;
        match self.door() {
            Ok(door) => {
                let (call, nonce) = (self.next_call(), (self.nonce)());
                let address = door.hello(&nonce, self.page.language.tag());
                self.asking = Some(Asking { call, door, nonce });
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
        let known = answer.and_then(|text| Known::by(asking.door, &asking.nonce, &text));
        let is_awaited = matches!(&self.real, Real::Under(under) if under.stage == Stage::Greeting);
        match known {
            Ok(known) => {
                self.known = Some(known);
                self.choose_what_is_there();
                match is_awaited {
                    true => self.verify(),
                    false => Vec::new(),
                }
            }
            Err(trouble) => {
                self.known = None;
                self.trouble = Some(trouble);
                if is_awaited {
                    self.real = Real::None;
                }
                Vec::new()
            }
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
fn refusal(text: &str) -> Trouble {
    #[derive(serde::Deserialize)]
    struct Refusal {
        error: Failed,
    }
    match serde_json::from_str::<Refusal>(text) {
        Ok(Refusal { error }) => Trouble::Failed(error),
        Err(_) => Trouble::Garbled,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::door::tests::{TOKEN, honest};
    use super::super::file::tests::ours;
    use super::super::lines::tests::DONE;
    use super::*;

    const NONCE: &str = "nonce-of-the-tests";

    pub(in crate::web::proof) fn page() -> Page {
        Page {
            script: "a: await 1\n".to_owned(),
            is_sound: true,
            origin: "http://127.0.0.1:8765".to_owned(),
            is_served: true,
            token: TOKEN.to_owned(),
            ..Page::default()
        }
    }

    /// Served by a companion that has just been asked who it is.
    fn asking() -> (Desk, Call) {
        let mut desk = Desk::new(|| NONCE.to_owned());
        let wishes = desk.heard(Heard::Page(page()));
        let [Wish::Hello(call, address)] = &wishes[..] else {
            panic!("{wishes:?}");
        };
        assert!(address.contains(NONCE), "{address}");
        (desk, *call)
    }

    pub(in crate::web::proof) fn known() -> Desk {
        let (mut desk, call) = asking();
        desk.heard(Heard::Hello(call, Ok(honest(NONCE))));
        desk
    }

    /// A run that has been asked for, and its call.
    pub(in crate::web::proof) fn running() -> (Desk, Call) {
        let mut desk = known();
        let wishes = desk.heard(Heard::Handed(Hand::Start, String::new()));
        let [Wish::Hello(call, _)] = wishes[..] else {
            panic!("{wishes:?}");
        };
        let wishes = desk.heard(Heard::Hello(call, Ok(honest(NONCE))));
        let [Wish::Verify { call, .. }] = wishes[..] else {
            panic!("{wishes:?}");
        };
        (desk, call)
    }

    pub(in crate::web::proof) fn tell(desk: &mut Desk, call: Call, line: &str) {
        desk.heard(Heard::Piece(call, format!("{line}\n").into_bytes()));
    }

    pub(in crate::web::proof) fn done() -> Desk {
        let (mut desk, call) = running();
        tell(&mut desk, call, DONE);
        desk.heard(Heard::Over(call));
        desk
    }

    fn has_token(wishes: &[Wish]) -> bool {
        format!("{wishes:?}").contains(TOKEN)
    }

    #[test]
    fn who_does_not_prove_to_know_the_token_never_gets_it() {
        for answer in [
            honest("another-nonce-altogether"),
            "{}".to_owned(),
            String::new(),
        ] {
            let (mut desk, call) = asking();
            let mut wishes = desk.heard(Heard::Hello(call, Ok(answer.clone())));
            let again = desk.heard(Heard::Handed(Hand::Start, String::new()));
            wishes.extend(again.clone());
            if let [Wish::Hello(call, _)] = again[..] {
                wishes.extend(desk.heard(Heard::Hello(call, Ok(answer))));
            }
            assert!(!has_token(&wishes), "{wishes:?}");
            assert!(matches!(
                desk.trouble,
                Some(Trouble::Proof | Trouble::Stranger)
            ));
        }
    }

    #[test]
    fn the_proof_is_asked_for_anew_before_each_run() {
        let mut desk = known();
        let wishes = desk.heard(Heard::Handed(Hand::Start, String::new()));
        assert!(matches!(wishes[..], [Wish::Hello(..)]), "{wishes:?}");
        assert!(!has_token(&wishes));
        let (_, call) = running();
        assert_ne!(call, Call(1));
    }

    #[test]
    fn a_run_is_followed_to_its_end() {
        let (mut desk, call) = running();
        let mut stages = Vec::new();
        for line in [
            "{\"event\":\"queued\",\"ahead\":1}",
            "{\"event\":\"started\",\"runs\":3,\"run_ns\":900000000}",
            "{\"event\":\"progress\",\"run\":2,\"runs\":3}",
        ] {
            tell(&mut desk, call, line);
            if let Real::Under(under) = &desk.real {
                stages.push(under.stage);
            }
        }
        let running = |run| Stage::Running {
            run,
            runs: 3,
            run_ns: 900_000_000,
        };
        assert_eq!(stages, [Stage::Queued { ahead: 1 }, running(1), running(2)]);
        tell(&mut desk, call, DONE);
        assert!(matches!(desk.real, Real::Done { .. }), "{:?}", desk.real);
        desk.heard(Heard::Over(call));
        assert!(matches!(desk.real, Real::Done { .. }), "{:?}", desk.real);
    }

    #[track_caller]
    fn ends(heard: impl Fn(Call) -> Heard, expected: Trouble) {
        let (mut desk, call) = running();
        desk.heard(heard(call));
        match desk.real {
            Real::Failed(trouble) => assert_eq!(trouble, expected),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn however_it_ends_it_is_known_how() {
        ends(Heard::Over, Trouble::CutOff);
        ends(|call| Heard::Lost(call, Trouble::Silent), Trouble::Silent);
        ends(
            |call| Heard::Piece(call, b"<html>\n".to_vec()),
            Trouble::Garbled,
        );
        ends(
            |call| Heard::Refused(call, "no JSON".to_owned()),
            Trouble::Garbled,
        );
        let busy = "{\"error\":{\"code\":\"busy\",\"message\":\"32 wait\"}}".to_owned();
        let failed = Failed {
            code: "busy".to_owned(),
            message: "32 wait".to_owned(),
            remedy: None,
        };
        ends(
            |call| Heard::Refused(call, busy.clone()),
            Trouble::Failed(failed),
        );
    }

    #[test]
    fn what_was_cancelled_says_nothing_more() {
        let (mut desk, call) = running();
        let wishes = desk.heard(Heard::Handed(Hand::Cancel, String::new()));
        assert_eq!(wishes, [Wish::Stop(call)]);
        tell(&mut desk, call, DONE);
        desk.heard(Heard::Over(call));
        assert!(matches!(desk.real, Real::Cancelled), "{:?}", desk.real);
    }

    #[test]
    fn a_page_from_elsewhere_asks_nobody_before_the_reader_does() {
        let mut desk = Desk::new(|| NONCE.to_owned());
        let elsewhere = Page {
            origin: "https://page.example".to_owned(),
            is_served: false,
            token: String::new(),
            ..page()
        };
        assert_eq!(desk.heard(Heard::Page(elsewhere)), []);
        let address = format!("http://127.0.0.1:4711/#t={TOKEN}");
        desk.heard(Heard::Handed(Hand::Address, address));
        let wishes = desk.heard(Heard::Handed(Hand::Connect, String::new()));
        let [Wish::Hello(_, address)] = &wishes[..] else {
            panic!("{wishes:?}");
        };
        assert!(address.starts_with("http://127.0.0.1:4711/api/hello?nonce="));
        desk.heard(Heard::Handed(Hand::Address, "evil.example".to_owned()));
        assert_eq!(desk.heard(Heard::Handed(Hand::Connect, String::new())), []);
        assert_eq!(desk.trouble, Some(Trouble::Address));
    }

    #[test]
    fn a_runtime_that_is_not_there_is_not_chosen() {
        let mut desk = known();
        desk.choice.runtime = "celery".to_owned();
        desk.choose_what_is_there();
        assert_eq!(desk.choice.runtime, "asyncio");
    }

    #[test]
    fn a_file_is_shown_and_then_looked_at() {
        let mut desk = known();
        desk.heard(Heard::FileGiven("x.json".to_owned()));
        let wishes = desk.heard(Heard::FileRead("x.json".to_owned(), Ok(ours())));
        assert!(matches!(wishes[..], [Wish::Show(_)]), "{wishes:?}");
        desk.heard(Heard::FileShown);
        assert!(matches!(&desk.file, File::Open(open) if open.is_ours));
        for is_opened in [false, true, false] {
            assert!(matches!(desk.file, File::Open(_)));
            desk.heard(Heard::Page(Page {
                is_opened,
                ..page()
            }));
        }
        assert!(matches!(desk.file, File::None), "the page has left it");
        let too_large = Err(OpenError::TooLarge);
        let wishes = desk.heard(Heard::FileRead("y.json".to_owned(), too_large));
        assert_eq!(wishes, [Wish::Look]);
        assert!(matches!(&desk.file, File::Failed(name, _) if name == "y.json"));
    }
}
