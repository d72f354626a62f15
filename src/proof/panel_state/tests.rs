//! Tests of the panel's state, without a browser and without a companion.

use super::super::companion::tests::{CODE, TOKEN, honest};
use super::super::file::tests::ours;
use super::super::lines::RunFailure;
use super::super::lines::tests::DONE;
use super::*;

const NONCE: &str = "nonce-of-the-tests";

pub(crate) fn page() -> PageSnapshot {
    PageSnapshot {
        script: "a: await 1\n".to_owned(),
        is_sound: true,
        origin: "http://127.0.0.1:8765".to_owned(),
        is_served: true,
        token: TOKEN.to_owned(),
        ..PageSnapshot::default()
    }
}

/// A page that a companion serves, and the call of its first hello.
fn asking() -> (PanelState, Call) {
    let mut state = PanelState::new(|| NONCE.to_owned());
    let effects = state.handle(RealRunEvent::Page(page()));
    let [RealRunEffect::Hello(call, address)] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert!(address.contains(NONCE), "{address}");
    (state, *call)
}

pub(crate) fn known() -> PanelState {
    let (mut state, call) = asking();
    state.handle(RealRunEvent::Hello(call, Ok(honest(NONCE))));
    state
}

/// A run that has been requested, and its call.
pub(crate) fn running() -> (PanelState, Call) {
    let mut state = known();
    let effects = state.handle(RealRunEvent::ControlUsed(
        PanelControl::Start,
        String::new(),
    ));
    let [RealRunEffect::Hello(call, _)] = effects[..] else {
        panic!("{effects:?}");
    };
    let effects = state.handle(RealRunEvent::Hello(call, Ok(honest(NONCE))));
    let [RealRunEffect::Verify { call, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    (state, call)
}

pub(crate) fn tell(state: &mut PanelState, call: Call, line: &str) {
    state.handle(RealRunEvent::Piece(call, format!("{line}\n").into_bytes()));
}

pub(crate) fn done() -> PanelState {
    let (mut state, call) = running();
    tell(&mut state, call, DONE);
    state.handle(RealRunEvent::Over(call));
    state
}

fn has_token(effects: &[RealRunEffect]) -> bool {
    format!("{effects:?}").contains(TOKEN)
}

/// A page of another origin with a pasted address, and the call of its hello.
fn invited() -> (PanelState, Call) {
    let mut state = PanelState::new(|| NONCE.to_owned());
    state.handle(RealRunEvent::Page(PageSnapshot {
        is_served: false,
        token: String::new(),
        ..page()
    }));
    let address = format!("http://127.0.0.1:4711/#c={CODE}");
    state.handle(RealRunEvent::ControlUsed(PanelControl::Address, address));
    let effects = state.handle(RealRunEvent::ControlUsed(
        PanelControl::Connect,
        String::new(),
    ));
    let [RealRunEffect::Hello(call, _)] = effects[..] else {
        panic!("{effects:?}");
    };
    (state, call)
}

#[test]
fn a_pasted_address_is_exchanged_once_and_serves_every_later_run() {
    let (mut state, call) = invited();
    let effects = state.handle(RealRunEvent::Hello(call, Ok(honest(NONCE))));
    let [RealRunEffect::Redeem(call, _, body)] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert!(body.contains(CODE) && state.is_asking());
    let token = format!("{{\"token\":\"{TOKEN}\"}}");
    let mut effects = state.handle(RealRunEvent::Redeemed(*call, Ok(token)));
    for _ in 0..2 {
        assert!(!has_token(&effects));
        let [RealRunEffect::Hello(call, _)] = effects[..] else {
            panic!("{effects:?}");
        };
        state.handle(RealRunEvent::Hello(call, Ok(honest(NONCE))));
        assert!(state.known.is_some() && !state.is_asking());
        effects = state.handle(RealRunEvent::ControlUsed(
            PanelControl::Connect,
            String::new(),
        ));
    }
}

#[test]
fn a_code_is_not_sent_to_what_does_not_prove_to_know_it() {
    let (mut state, call) = invited();
    let effects = state.handle(RealRunEvent::Hello(
        call,
        Ok(honest("another-nonce-altogether")),
    ));
    assert_eq!(effects, []);
    assert_eq!(state.trouble, Some(Trouble::Spent));
}

#[test]
fn an_address_that_was_used_before_says_so_and_a_new_one_opens() {
    let (mut state, call) = invited();
    let effects = state.handle(RealRunEvent::Hello(call, Ok(honest(NONCE))));
    let [RealRunEffect::Redeem(call, ..)] = effects[..] else {
        panic!("{effects:?}");
    };
    let used = refusal("{\"error\":{\"code\":\"code\",\"message\":\"used\"}}");
    state.handle(RealRunEvent::Redeemed(call, Err(used)));
    assert_eq!(state.trouble, Some(Trouble::Spent));
    // On a companion's own page, the reader opens the next address in the same tab.
    let mut state = PanelState::new(|| NONCE.to_owned());
    let spent = PageSnapshot {
        token: String::new(),
        is_spent: true,
        ..page()
    };
    assert_eq!(state.handle(RealRunEvent::Page(spent)), []);
    assert_eq!(state.trouble, Some(Trouble::Spent));
    let effects = state.handle(RealRunEvent::Page(page()));
    assert!(
        matches!(effects[..], [RealRunEffect::Hello(..)]),
        "{effects:?}"
    );
    assert_eq!(state.trouble, None);
}

#[test]
fn who_does_not_prove_to_know_the_token_never_gets_it() {
    for answer in [
        honest("another-nonce-altogether"),
        "{}".to_owned(),
        String::new(),
    ] {
        let (mut state, call) = asking();
        let mut effects = state.handle(RealRunEvent::Hello(call, Ok(answer.clone())));
        let again = state.handle(RealRunEvent::ControlUsed(
            PanelControl::Start,
            String::new(),
        ));
        effects.extend(again.clone());
        if let [RealRunEffect::Hello(call, _)] = again[..] {
            effects.extend(state.handle(RealRunEvent::Hello(call, Ok(answer))));
        }
        assert!(!has_token(&effects), "{effects:?}");
        assert!(matches!(
            state.trouble,
            Some(Trouble::Proof | Trouble::Stranger)
        ));
    }
}

#[test]
fn the_proof_is_asked_for_anew_before_each_run() {
    let mut state = known();
    let effects = state.handle(RealRunEvent::ControlUsed(
        PanelControl::Start,
        String::new(),
    ));
    assert!(
        matches!(effects[..], [RealRunEffect::Hello(..)]),
        "{effects:?}"
    );
    assert!(!has_token(&effects));
    let (_, call) = running();
    assert_ne!(call, Call(1));
}

#[test]
fn a_run_is_followed_to_its_end() {
    let (mut state, call) = running();
    let mut stages = Vec::new();
    for line in [
        "{\"event\":\"queued\",\"ahead\":1}",
        "{\"event\":\"started\",\"runs\":3,\"run_ns\":900000000}",
        "{\"event\":\"progress\",\"run\":2,\"runs\":3}",
    ] {
        tell(&mut state, call, line);
        if let LastRun::UnderWay(under) = &state.real {
            stages.push(under.stage);
        }
    }
    let running = |run| RunStage::Running {
        run,
        runs: 3,
        run_ns: 900_000_000,
    };
    assert_eq!(
        stages,
        [RunStage::Queued { ahead: 1 }, running(1), running(2)]
    );
    tell(&mut state, call, DONE);
    assert!(
        matches!(state.real, LastRun::Done { .. }),
        "{:?}",
        state.real
    );
    state.handle(RealRunEvent::Over(call));
    assert!(
        matches!(state.real, LastRun::Done { .. }),
        "{:?}",
        state.real
    );
}

#[track_caller]
fn ends(heard: impl Fn(Call) -> RealRunEvent, expected: Trouble) {
    let (mut state, call) = running();
    state.handle(heard(call));
    match state.real {
        LastRun::Failed(trouble) => assert_eq!(trouble, expected),
        other => panic!("{other:?}"),
    }
}

#[test]
fn however_it_ends_it_is_known_how() {
    ends(RealRunEvent::Over, Trouble::CutOff);
    ends(
        |call| RealRunEvent::Lost(call, Trouble::Silent),
        Trouble::Silent,
    );
    ends(
        |call| RealRunEvent::Piece(call, b"<html>\n".to_vec()),
        Trouble::Garbled,
    );
    ends(
        |call| RealRunEvent::Refused(call, "no JSON".to_owned()),
        Trouble::Garbled,
    );
    let busy = "{\"error\":{\"code\":\"busy\",\"message\":\"32 wait\"}}".to_owned();
    let failed = RunFailure {
        code: "busy".to_owned(),
        message: "32 wait".to_owned(),
        remedy: None,
    };
    ends(
        |call| RealRunEvent::Refused(call, busy.clone()),
        Trouble::Failed(failed),
    );
}

#[test]
fn what_was_cancelled_says_nothing_more() {
    let (mut state, call) = running();
    let effects = state.handle(RealRunEvent::ControlUsed(
        PanelControl::Cancel,
        String::new(),
    ));
    assert_eq!(effects, [RealRunEffect::Stop(call)]);
    tell(&mut state, call, DONE);
    state.handle(RealRunEvent::Over(call));
    assert!(matches!(state.real, LastRun::Cancelled), "{:?}", state.real);
}

#[test]
fn a_page_from_elsewhere_asks_nobody_before_the_reader_does() {
    let mut state = PanelState::new(|| NONCE.to_owned());
    let elsewhere = PageSnapshot {
        origin: "https://page.example".to_owned(),
        is_served: false,
        token: String::new(),
        ..page()
    };
    assert_eq!(state.handle(RealRunEvent::Page(elsewhere)), []);
    let address = format!("http://127.0.0.1:4711/#c={CODE}");
    state.handle(RealRunEvent::ControlUsed(PanelControl::Address, address));
    let effects = state.handle(RealRunEvent::ControlUsed(
        PanelControl::Connect,
        String::new(),
    ));
    let [RealRunEffect::Hello(_, address)] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert!(address.starts_with("http://127.0.0.1:4711/api/hello?nonce="));
    state.handle(RealRunEvent::ControlUsed(
        PanelControl::Address,
        "evil.example".to_owned(),
    ));
    assert_eq!(
        state.handle(RealRunEvent::ControlUsed(
            PanelControl::Connect,
            String::new()
        )),
        []
    );
    assert_eq!(state.trouble, Some(Trouble::Address));
}

#[test]
fn a_runtime_that_is_not_there_is_not_chosen() {
    let mut state = known();
    state.choice.runtime = "celery".to_owned();
    state.choose_what_is_there();
    assert_eq!(state.choice.runtime, "asyncio");
}

#[test]
fn a_file_is_shown_and_then_looked_at() {
    let mut state = known();
    state.handle(RealRunEvent::FileGiven("x.json".to_owned()));
    let effects = state.handle(RealRunEvent::FileRead("x.json".to_owned(), Ok(ours())));
    assert!(
        matches!(effects[..], [RealRunEffect::Show(_)]),
        "{effects:?}"
    );
    state.handle(RealRunEvent::FileShown);
    assert!(matches!(&state.file, TraceFile::Open(open) if open.is_ours));
    for is_opened in [false, true, false] {
        assert!(matches!(state.file, TraceFile::Open(_)));
        state.handle(RealRunEvent::Page(PageSnapshot {
            is_opened,
            ..page()
        }));
    }
    assert!(
        matches!(state.file, TraceFile::None),
        "the page has left it"
    );
    let too_large = Err(OpenError::TooLarge);
    let effects = state.handle(RealRunEvent::FileRead("y.json".to_owned(), too_large));
    assert_eq!(effects, [RealRunEffect::Look]);
    assert!(matches!(&state.file, TraceFile::Failed(name, _) if name == "y.json"));
}
