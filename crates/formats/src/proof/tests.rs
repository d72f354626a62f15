//! Tests of the comparison, with the traces of real runs: `queue.json` and `permits.json` are what
//! CPython 3.11.7 did with the exported [`QUEUE`] and [`PERMITS`].

use super::*;
use sim::simulate;
use texts::Language;

const QUEUE: &str = "\
lock m
async def a:
    with m (await 1)
    print \"out\"
run 3 a
";

/// Since 3.13 a semaphore with two free permits wakes two waiters at once.
const PERMITS: &str = "\
semaphore s 0
guest:
    acquire s
    print \"in\"
clock: repeat 4 (print \"tick\" -> yield)
async def main:
    spawn guest
    yield
    spawn guest
    spawn guest
    spawn clock
    repeat 3 (release s)
    await 1
run main
";

const PERMITS_TRACE: &str = include_str!("tests/permits.json");

const TRACE: &str = include_str!("tests/queue.json");

fn judged(script: &str, trace: &str) -> Result<Proof, Unfinished> {
    let workload = script::parse(script).workload.expect("a valid script");
    let simulated = simulate(&workload);
    judge(
        &workload,
        &program(&workload),
        &simulated,
        trace.as_bytes(),
        |followed| Some(simulate(followed)),
    )
}

/// The trace with one of its texts replaced everywhere.
fn altered(from: &str, to: &str) -> String {
    assert!(TRACE.contains(from), "{from}");
    TRACE.replace(from, to)
}

#[track_caller]
fn differs(trace: &str, agreeing: usize, simulated: &str, python: &str, explanation: &str) {
    let proof = judged(QUEUE, trace).expect("it ran to its end");
    let difference = proof.difference.expect("they differ");
    let words = |event: Option<&ProvedEvent>| event_words(event, Language::En);
    assert_eq!(
        (
            proof.agreeing,
            &*words(difference.simulated.as_ref()),
            &*words(difference.python.as_ref()),
            &*difference.explanation(Language::En),
        ),
        (agreeing, simulated, python, explanation)
    );
}

#[test]
fn a_run_that_did_the_same_is_a_proof() {
    let proof = judged(QUEUE, TRACE).expect("it ran to its end");
    assert_eq!(proof.difference, None);
    assert_eq!(
        agreement(&proof, Language::En),
        "6 of 6 events as on CPython 3.11.7"
    );
}

#[test]
fn the_first_difference_is_that_of_a_turn_a_time_or_an_end() {
    differs(
        // The third task gets the lock before the second.
        &altered("2000000000,2,", "2000000000,9,")
            .replace("2000000000,3,", "2000000000,2,")
            .replace("2000000000,9,", "2000000000,3,"),
        2,
        "2s  a 2 (line 4): prints \"out\"",
        "2s  a 3 (line 4): prints \"out\"",
        "Another task has its turn at this point.",
    );
    differs(
        &altered("1000000000", "1500000000"),
        0,
        "1s  a 1 (line 4): prints \"out\"",
        "1.5s  a 1 (line 4): prints \"out\"",
        "The same event comes 500ms later on CPython.",
    );
    differs(
        &altered("\"stdout\",\"out\"", "\"stdout\",\"in\""),
        0,
        "1s  a 1 (line 4): prints \"out\"",
        "1s  a 1 (line 4): prints \"in\"",
        "The same task does something else at this point.",
    );
    differs(
        &altered("[3000000000,3,\"done\",-1,5,-1],", ""),
        5,
        "3s  a 3 (line 4): ends",
        "3s  the run ends",
        "One of the runs ends here, the other goes on.",
    );
}

#[test]
fn a_run_that_did_not_reach_its_end_is_no_proof() {
    let stopped = altered(
        "\"names\":[\"main\",\"a\"],\"ending\":\"finished\",\"message\":\"\"",
        "\"names\":[\"main\",\"a\"],\"ending\":\"limit\",\"message\":\"too long\"",
    );
    assert_eq!(
        judged(QUEUE, &stopped),
        Err(Unfinished("too long".to_owned()))
    );
    for trace in ["", "null", "{}", "[]", "{\"schema\":\"loopscope.trace/1\"}"] {
        assert!(judged(QUEUE, trace).is_err(), "{trace}");
    }
}

#[test]
fn a_trace_that_means_harm_is_judged_or_refused() {
    // Cut anywhere, and with each number replaced by another: no panic, and never a proof of a
    // script that does something else.
    for end in (0..TRACE.trim_end().len()).step_by(7) {
        if let Some(cut) = TRACE.get(..end) {
            assert!(judged(QUEUE, cut).is_err(), "{end}");
        }
    }
    let numbers = TRACE.match_indices(|c: char| c.is_ascii_digit());
    for (at, _) in numbers {
        for digit in ["9", "4294967295", "-1"] {
            let mut trace = TRACE.to_owned();
            trace.replace_range(at..=at, digit);
            let _ = judged(QUEUE, &trace);
        }
    }
    let other = judged(&QUEUE.replace("await 1", "await 2"), TRACE);
    assert!(other.is_ok_and(|proof| proof.difference.is_some()));
}

#[track_caller]
fn check_unprovable(script: &str, expected: Option<Unprovable>) {
    let workload = script::parse(script).workload.expect("a valid script");
    assert_eq!(unprovable(&workload), expected, "{script}");
}

#[test]
fn what_needs_real_time_is_refused_with_its_line() {
    let threads = |line, work| Some(Unprovable::Threads { line, work });
    check_unprovable(QUEUE, None);
    check_unprovable(
        "async def a: await 1\nasync def b: thread (block 2)\nrun a, b\n",
        threads(2, OffloadedWork::Thread),
    );
    check_unprovable(
        "async def a:\n    process (cpu 2)\nrun a\n",
        threads(2, OffloadedWork::Process),
    );
    check_unprovable(
        "def ping: block 1\nrun 3 ping\n",
        threads(1, OffloadedWork::Handler),
    );
    check_unprovable(
        "def job: block 1\nasync def a: send job\nrun a\n",
        threads(2, OffloadedWork::Job),
    );
    check_unprovable(
        "servers 2\nasync def a: await 1\nrun 4 a\n",
        Some(Unprovable::Servers),
    );
    check_unprovable("a: await 1..3s\n", Some(Unprovable::Random));
}

/// A run of [`PERMITS`] as if this version of CPython had done it.
fn permits_judged(script_python: &str, python: &str) -> Proof {
    let script = format!("{PERMITS}python {script_python}\n");
    let trace = PERMITS_TRACE.replace("3.11.7", python);
    judged(&script, &trace).expect("it ran to its end")
}

#[test]
fn the_version_that_ran_decides_what_is_right() {
    let told = |proof: &Proof| other_version(proof, Language::En);
    let proof = permits_judged("3.11", "3.11.7");
    assert_eq!((proof.difference.as_ref(), told(&proof)), (None, None));
    // The script follows a version that does something else: said, and no fault of the simulator.
    let proof = permits_judged("3.14", "3.12.1");
    assert_eq!(proof.difference, None);
    assert_eq!(
        told(&proof).as_deref(),
        Some(
            "Compared with the simulation of CPython 3.12. The script follows CPython 3.14, where its events differ."
        )
    );
    // What 3.11 did is not what 3.13 does.
    let proof = permits_judged("3.13", "3.15.0");
    assert!(proof.difference.is_some() && proof.other_version.is_none());
    let proof = permits_judged("3.11", "3.14.2");
    assert!(proof.difference.is_some() && proof.other_version.is_some());
    // Not worth a word where the versions agree on the script.
    let proof = judged(QUEUE, TRACE).expect("it ran to its end");
    assert_eq!(proof.other_version, None);
}

#[test]
fn newer_pythons_are_known_by_their_version() {
    for (python, newer) in [
        ("3.11.7", false),
        ("3.12.0", false),
        ("3.14.2", false),
        ("3.15.0", false),
        ("3.16.1", true),
        ("", false),
    ] {
        let proof = Proof {
            python: python.to_owned(),
            events: 0,
            agreeing: 0,
            difference: None,
            other_version: None,
        };
        assert_eq!(proof.is_of_newer_python(), newer, "{python}");
    }
}
