//! Tests of the proof on the page's own Python, with the trace of a real run.

use super::*;

/// The script of `queue.json`.
pub(crate) const QUEUE: &str = "\
lock m
async def a:
    with m (await 1)
    print \"out\"
run 3 a
";
pub(crate) const TRACE: &str = include_str!("../../../crates/formats/src/proof/tests/queue.json");

const THREADS: &str = "async def a: thread (block 2)\nrun a\n";

pub(crate) fn page(script: &str) -> PageSnapshot {
    PageSnapshot {
        script: script.to_owned(),
        is_sound: true,
        ..PageSnapshot::default()
    }
}

pub(crate) fn texts(trace: &str) -> PythonTexts {
    PythonTexts {
        result: "{\"message\":\"<so long>\"}".to_owned(),
        trace: trace.to_owned(),
    }
}

/// A proof that the reader asked for, and its run.
fn asked(script: &str) -> (PythonProof, PythonRun) {
    let mut proof = PythonProof::default();
    proof.page_changed(&page(script));
    let effects = proof.asked(&page(script));
    let [ProofEffect::RunPython { run, program }] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert!(program.contains("asyncio.run(main())"), "{program}");
    let run = *run;
    (proof, run)
}

fn answered(proof: &mut PythonProof, run: PythonRun, trace: &str, now: &str) -> Vec<ProofEffect> {
    let answer = PythonEvent::Answered(Ok(texts(trace)));
    proof.python_told(run, answer, &page(now))
}

fn proved() -> PythonProof {
    let (mut proof, run) = asked(QUEUE);
    assert_eq!(answered(&mut proof, run, TRACE, QUEUE), []);
    proof
}

/// The last outcome in short: `6 of 6`, and whether it is of this script.
fn outcome(proof: &PythonProof, script: &str) -> Option<(String, bool)> {
    let (outcome, is_current) = proof.last(script)?;
    let words = match outcome {
        ProofOutcome::Judged(proof) => format!("{} of {}", proof.agreeing, proof.events),
        ProofOutcome::Unfinished(words) => words.clone(),
        ProofOutcome::TooLong => "too long".to_owned(),
        ProofOutcome::Failed(failure) => failure.code().to_owned(),
    };
    Some((words, is_current))
}

fn said(words: &str, is_current: bool) -> Option<(String, bool)> {
    Some((words.to_owned(), is_current))
}

#[test]
fn a_proof_passes_through_its_stages_to_a_verdict() {
    let (mut proof, run) = asked(QUEUE);
    let mut stages = vec![proof.stage()];
    let progress = |bytes| PythonEvent::Progress {
        bytes,
        total: 4_700_000,
    };
    for event in [
        progress(100),
        progress(4_700_000),
        PythonEvent::Waits,
        PythonEvent::Started,
        PythonEvent::Answered(Ok(texts(TRACE))),
    ] {
        assert_eq!(proof.python_told(run, event, &page(QUEUE)), []);
        stages.push(proof.stage());
    }
    let downloading = ProofStage::Downloading {
        bytes: 100,
        total: 4_700_000,
    };
    assert_eq!(
        stages,
        [
            Some(ProofStage::Asked),
            Some(downloading),
            Some(ProofStage::Starting),
            Some(ProofStage::Waiting),
            Some(ProofStage::Running),
            None
        ]
    );
    assert_eq!(outcome(&proof, QUEUE), said("6 of 6", true));
}

#[test]
fn a_verdict_is_of_its_script_only_and_the_next_one_follows_a_pause() {
    let mut proof = proved();
    let other = QUEUE.replace("run 3", "run 2");
    let effects = proof.page_changed(&page(&other));
    assert_eq!(outcome(&proof, &other), said("6 of 6", false));
    let [ProofEffect::AwaitPause(earlier)] = effects[..] else {
        panic!("{effects:?}");
    };
    let effects = proof.page_changed(&page(&other));
    let [ProofEffect::AwaitPause(pause)] = effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(proof.pause_over(earlier, &page(&other)), []);
    let effects = proof.pause_over(pause, &page(&other));
    let [ProofEffect::RunPython { run, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(
        proof.stage(),
        None,
        "a proof after a pause shows no progress"
    );
    answered(&mut proof, run, TRACE, &other);
    // Python ran three of them.
    assert_eq!(outcome(&proof, &other), said("4 of 4", true));
    let (last, _) = proof.last(&other).expect("a verdict");
    assert!(matches!(last, ProofOutcome::Judged(proof) if proof.difference.is_some()));
}

#[test]
fn an_undone_edit_brings_the_verdict_back_without_a_run() {
    let mut proof = proved();
    let effects = proof.page_changed(&page("a: await 1\n"));
    let [ProofEffect::AwaitPause(pause)] = effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(proof.page_changed(&page(QUEUE)), []);
    assert_eq!(proof.pause_over(pause, &page(QUEUE)), []);
    assert_eq!(outcome(&proof, QUEUE), said("6 of 6", true));
}

#[test]
fn an_edit_during_a_proof_is_proved_after_it() {
    let (mut proof, run) = asked(QUEUE);
    let now = "a: await 1\n";
    assert_eq!(proof.page_changed(&page(now)), []);
    let effects = answered(&mut proof, run, TRACE, now);
    assert!(
        matches!(effects[..], [ProofEffect::AwaitPause(_)]),
        "{effects:?}"
    );
    assert_eq!(outcome(&proof, now), said("6 of 6", false));
}

#[test]
fn a_failure_is_said_and_nothing_is_repeated_by_itself() {
    let (mut proof, run) = asked(QUEUE);
    let failed = PythonEvent::Answered(Err(PythonFailure::Offline));
    assert_eq!(proof.python_told(run, failed, &page(QUEUE)), []);
    assert_eq!(outcome(&proof, QUEUE), said("offline", true));
    assert_eq!(proof.page_changed(&page("a: await 1\n")), []);
    // The failure of a proof after a pause is not shown.
    let mut proof = proved();
    let effects = proof.page_changed(&page("a: await 1\n"));
    let [ProofEffect::AwaitPause(pause)] = effects[..] else {
        panic!("{effects:?}");
    };
    let effects = proof.pause_over(pause, &page("a: await 1\n"));
    let [ProofEffect::RunPython { run, .. }] = effects[..] else {
        panic!("{effects:?}");
    };
    let failed = PythonEvent::Answered(Err(PythonFailure::Broken));
    assert_eq!(proof.python_told(run, failed, &page("a: await 1\n")), []);
    assert_eq!(outcome(&proof, "a: await 1\n"), said("6 of 6", false));
}

#[test]
fn a_cancelled_proof_says_so_and_what_comes_later_is_ignored() {
    let (mut proof, run) = asked(QUEUE);
    assert_eq!(proof.cancel(), [ProofEffect::CancelPython]);
    let cancelled = PythonEvent::Answered(Err(PythonFailure::Cancelled));
    proof.python_told(run, cancelled, &page(QUEUE));
    answered(&mut proof, run, TRACE, QUEUE);
    assert_eq!(outcome(&proof, QUEUE), said("cancelled", true));
    assert_eq!(proof.cancel(), []);
}

#[test]
fn what_python_did_not_run_to_its_end_is_no_proof() {
    let (mut proof, run) = asked(QUEUE);
    answered(&mut proof, run, "null", QUEUE);
    assert_eq!(outcome(&proof, QUEUE), said("<so long>", true));
    let (mut proof, run) = asked(QUEUE);
    answered(&mut proof, run, "[1, 2", QUEUE);
    let (last, _) = proof.last(QUEUE).expect("an outcome");
    assert!(matches!(last, ProofOutcome::Unfinished(_)), "{last:?}");
}

#[test]
fn what_cannot_be_proved_is_not_run() {
    let mut proof = PythonProof::default();
    let broken = PageSnapshot {
        is_sound: false,
        ..page(QUEUE)
    };
    for (page, expected) in [
        (page(""), Provability::Nothing),
        (broken, Provability::Nothing),
        (
            page(THREADS),
            Provability::Unprovable(Unprovable::Threads {
                line: 1,
                work: proof::OffloadedWork::Thread,
            }),
        ),
    ] {
        proof.page_changed(&page);
        assert_eq!(proof.provability, expected, "{}", page.script);
        assert_eq!(proof.asked(&page), []);
    }
    let long = page("a: repeat 1000000 (await 1ms)\n");
    proof.page_changed(&long);
    assert_eq!(proof.asked(&long), []);
    assert_eq!(outcome(&proof, &long.script), said("too long", true));
}
