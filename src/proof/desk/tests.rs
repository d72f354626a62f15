//! Tests of the panel's state, without a browser and without a companion.

use super::super::door::tests::{CODE, TOKEN, honest};
use super::super::file::tests::ours;
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
fn asking() -> (Desk, Call) {
    let mut desk = Desk::new(|| NONCE.to_owned());
    let wishes = desk.heard(Heard::Page(page()));
    let [Wish::Hello(call, address)] = &wishes[..] else {
        panic!("{wishes:?}");
    };
    assert!(address.contains(NONCE), "{address}");
    (desk, *call)
}

pub(crate) fn known() -> Desk {
    let (mut desk, call) = asking();
    desk.heard(Heard::Hello(call, Ok(honest(NONCE))));
    desk
}

/// A run that has been requested, and its call.
pub(crate) fn running() -> (Desk, Call) {
    let mut desk = known();
    let wishes = desk.heard(Heard::Handed(PanelControl::Start, String::new()));
    let [Wish::Hello(call, _)] = wishes[..] else {
        panic!("{wishes:?}");
    };
    let wishes = desk.heard(Heard::Hello(call, Ok(honest(NONCE))));
    let [Wish::Verify { call, .. }] = wishes[..] else {
        panic!("{wishes:?}");
    };
    (desk, call)
}

pub(crate) fn tell(desk: &mut Desk, call: Call, line: &str) {
    desk.heard(Heard::Piece(call, format!("{line}\n").into_bytes()));
}

pub(crate) fn done() -> Desk {
    let (mut desk, call) = running();
    tell(&mut desk, call, DONE);
    desk.heard(Heard::Over(call));
    desk
}

fn has_token(wishes: &[Wish]) -> bool {
    format!("{wishes:?}").contains(TOKEN)
}

/// A page of another origin with a pasted address, and the call of its hello.
fn invited() -> (Desk, Call) {
    let mut desk = Desk::new(|| NONCE.to_owned());
    desk.heard(Heard::Page(PageSnapshot {
        is_served: false,
        token: String::new(),
        ..page()
    }));
    let address = format!("http://127.0.0.1:4711/#c={CODE}");
    desk.heard(Heard::Handed(PanelControl::Address, address));
    let wishes = desk.heard(Heard::Handed(PanelControl::Connect, String::new()));
    let [Wish::Hello(call, _)] = wishes[..] else {
        panic!("{wishes:?}");
    };
    (desk, call)
}

#[test]
fn a_pasted_address_is_exchanged_once_and_serves_every_later_run() {
    let (mut desk, call) = invited();
    let wishes = desk.heard(Heard::Hello(call, Ok(honest(NONCE))));
    let [Wish::Redeem(call, _, body)] = &wishes[..] else {
        panic!("{wishes:?}");
    };
    assert!(body.contains(CODE) && desk.is_asking());
    let token = format!("{{\"token\":\"{TOKEN}\"}}");
    let mut wishes = desk.heard(Heard::Redeemed(*call, Ok(token)));
    for _ in 0..2 {
        assert!(!has_token(&wishes));
        let [Wish::Hello(call, _)] = wishes[..] else {
            panic!("{wishes:?}");
        };
        desk.heard(Heard::Hello(call, Ok(honest(NONCE))));
        assert!(desk.known.is_some() && !desk.is_asking());
        wishes = desk.heard(Heard::Handed(PanelControl::Connect, String::new()));
    }
}

#[test]
fn a_code_is_not_sent_to_what_does_not_prove_to_know_it() {
    let (mut desk, call) = invited();
    let wishes = desk.heard(Heard::Hello(call, Ok(honest("another-nonce-altogether"))));
    assert_eq!(wishes, []);
    assert_eq!(desk.trouble, Some(Trouble::Spent));
}

#[test]
fn an_address_that_was_used_before_says_so_and_a_new_one_opens() {
    let (mut desk, call) = invited();
    let wishes = desk.heard(Heard::Hello(call, Ok(honest(NONCE))));
    let [Wish::Redeem(call, ..)] = wishes[..] else {
        panic!("{wishes:?}");
    };
    let used = refusal("{\"error\":{\"code\":\"code\",\"message\":\"used\"}}");
    desk.heard(Heard::Redeemed(call, Err(used)));
    assert_eq!(desk.trouble, Some(Trouble::Spent));
    // On a companion's own page, the reader opens the next address in the same tab.
    let mut desk = Desk::new(|| NONCE.to_owned());
    let spent = PageSnapshot {
        token: String::new(),
        is_spent: true,
        ..page()
    };
    assert_eq!(desk.heard(Heard::Page(spent)), []);
    assert_eq!(desk.trouble, Some(Trouble::Spent));
    let wishes = desk.heard(Heard::Page(page()));
    assert!(matches!(wishes[..], [Wish::Hello(..)]), "{wishes:?}");
    assert_eq!(desk.trouble, None);
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
        let again = desk.heard(Heard::Handed(PanelControl::Start, String::new()));
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
    let wishes = desk.heard(Heard::Handed(PanelControl::Start, String::new()));
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
    let wishes = desk.heard(Heard::Handed(PanelControl::Cancel, String::new()));
    assert_eq!(wishes, [Wish::Stop(call)]);
    tell(&mut desk, call, DONE);
    desk.heard(Heard::Over(call));
    assert!(matches!(desk.real, Real::Cancelled), "{:?}", desk.real);
}

#[test]
fn a_page_from_elsewhere_asks_nobody_before_the_reader_does() {
    let mut desk = Desk::new(|| NONCE.to_owned());
    let elsewhere = PageSnapshot {
        origin: "https://page.example".to_owned(),
        is_served: false,
        token: String::new(),
        ..page()
    };
    assert_eq!(desk.heard(Heard::Page(elsewhere)), []);
    let address = format!("http://127.0.0.1:4711/#c={CODE}");
    desk.heard(Heard::Handed(PanelControl::Address, address));
    let wishes = desk.heard(Heard::Handed(PanelControl::Connect, String::new()));
    let [Wish::Hello(_, address)] = &wishes[..] else {
        panic!("{wishes:?}");
    };
    assert!(address.starts_with("http://127.0.0.1:4711/api/hello?nonce="));
    desk.heard(Heard::Handed(
        PanelControl::Address,
        "evil.example".to_owned(),
    ));
    assert_eq!(
        desk.heard(Heard::Handed(PanelControl::Connect, String::new())),
        []
    );
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
        desk.heard(Heard::Page(PageSnapshot {
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
