//! Findings appear only in scripts with a problem, and the effect of each remedy is the one that is
//! stated.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::fs;
use std::path::Path;

use analysis::why::findings::{Adjust, Change, EFFORT, Examined, Finding, FindingKind, findings};
use model::time::SimDuration;
use model::trace::AnalysedRun;
use script::{apply_edits, parse};
use sim::simulate;
use support::generate;

fn ran(text: &str) -> AnalysedRun {
    let parsed = parse(text);
    let workload = parsed
        .workload
        .unwrap_or_else(|| panic!("{text}\n{:?}", parsed.diagnostics));
    let trace = simulate(&workload);
    AnalysedRun::of(workload, trace)
}

fn found(text: &str) -> Vec<Finding> {
    findings(Examined {
        text,
        run: &ran(text),
        machine: Adjust(&|_| {}),
        effort: EFFORT,
    })
}

fn total(text: &str) -> SimDuration {
    ran(text).total()
}

fn codes(found: &[Finding]) -> Vec<&str> {
    found.iter().map(|finding| finding.kind.code()).collect()
}

#[test]
fn a_finding_on_a_guess_says_so_and_comes_after_one_on_a_known_duration() {
    let found = found(
        "async def known: block 1s\n\nasync def guessed:\n    block 5s \"requests.get\"  # ? line 7\n\nrun 3 known\nrun 3 guessed\n",
    );
    let told: Vec<String> = found
        .iter()
        .map(|finding| finding.told(SimDuration::ZERO, texts::Language::En).what)
        .collect();
    assert!(!told[0].contains("guessed"), "{told:?}");
    assert!(
        told[1].ends_with(", if its guessed duration is right"),
        "{told:?}"
    );
}

#[test]
fn calls_in_a_row_of_an_imported_program_are_no_finding() {
    let script =
        "async def a: await 1s \"x\"\n\nasync def main: call a -> call a -> call a\n\nrun main\n";
    assert!(codes(&found(script)).contains(&"sequential_calls"));
    let imported = script.replace(
        "async def a: await 1s \"x\"",
        "async def a:\n    await 1s \"x\"  # ? line 3",
    );
    assert!(!codes(&found(&imported)).contains(&"sequential_calls"));
}

#[test]
fn threads_that_compute_for_a_millisecond_are_no_matter_of_the_gil() {
    let script =
        "def dependency: cpu 1ms\n\nasync def handler: thread dependency\n\nrun 30 handler\n";
    assert!(!codes(&found(script)).contains(&"gil_bound"));
    let script = script.replace("1ms", "20ms");
    assert!(codes(&found(&script)).contains(&"gil_bound"));
}

/// The script has this finding. With the fix applied it becomes `fixed`, takes `expected`, and no
/// longer has the finding.
#[track_caller]
fn check(kind: FindingKind, text: &str, fixed: &str, expected: &str) {
    let found = found(text);
    let finding = found.iter().find(|finding| finding.kind == kind);
    let finding = finding.unwrap_or_else(|| panic!("no {kind:?} in {:?}\n{text}", codes(&found)));
    let fix = finding.fix.as_ref().expect("it has a remedy");
    let text = apply_edits(text, &fix.edits);
    assert_eq!(text, fixed);
    assert_eq!(fix.total.to_string(), expected);
    assert_eq!(
        total(&text),
        fix.total,
        "what is stated is what is simulated"
    );
    let left = self::found(&text);
    assert!(
        left.iter().all(|other| other.kind != kind),
        "still there: {:?}\n{text}",
        codes(&left)
    );
}

#[test]
fn a_blocking_call_on_the_loop_is_awaited() {
    check(
        FindingKind::BlockingOnLoop,
        "async def ping: block 1s \"time.sleep\"\nrun 100 ping\n",
        "async def ping: await 1s \"asyncio.sleep\"\nrun 100 ping\n",
        "1s",
    );
}

/// The label of a fix names a call that Python can await, or nothing.
#[test]
fn what_is_awaited_can_be_awaited() {
    let check = |label: &str, expected: &str| {
        check(
            FindingKind::BlockingOnLoop,
            &format!("order:\n    block 3s{label}  # slow\nrun 3 order\n"),
            &format!("order:\n    await 3s{expected}  # slow\nrun 3 order\n"),
            "3s",
        );
    };
    check(" \"requests.get\"", " \"httpx.AsyncClient.get\"");
    check(" \"psycopg2\"", " \"asyncpg\"");
    check(" \"acme.charge\"", "");
    check(" \"the database\"", " \"the database\"");
    check("", "");
}

/// A thread is the second choice, with a total of its own.
#[test]
fn a_call_without_an_async_library_can_run_on_a_thread() {
    let text = "pool 2\norder: block 3s \"requests.get\"\nrun 3 order\n";
    let found = found(text);
    let other = found[0].alternative.as_ref().expect("there is another");
    let fixed = apply_edits(text, &other.edits);
    assert_eq!(
        (fixed.as_str(), other.total.to_string().as_str()),
        (
            "pool 2\norder: thread (block 3s \"requests.get\")\nrun 3 order\n",
            "6s"
        )
    );
    assert_eq!(total(&fixed), other.total);
}

#[test]
fn one_in_a_plain_function_is_called_on_a_thread() {
    check(
        FindingKind::BlockingOnLoop,
        "def query:\n    block 1s\nhandler:\n    call query\nrun 10 handler\n",
        "def query:\n    block 1s\nhandler:\n    thread query\nrun 10 handler\n",
        "1s",
    );
}

#[test]
fn a_long_computation_on_the_loop_goes_to_a_process() {
    check(
        FindingKind::CpuOnLoop,
        "cores 4\nresize: cpu 10s\nhealth: print \"ok\"\nrun 4 resize\nrun health at 1s\n",
        "cores 4\nresize: process (cpu 10s)\nhealth: print \"ok\"\nrun 4 resize\nrun health at 1s\n",
        "10s",
    );
}

#[test]
fn an_exhausted_pool_is_not_needed_where_handlers_await() {
    check(
        FindingKind::PoolExhausted,
        "def ping: block 1s\nrun 100 ping\n",
        "async def ping: await 1s\nrun 100 ping\n",
        "1s",
    );
}

#[test]
fn a_pool_that_coroutines_exhaust_gets_larger() {
    check(
        FindingKind::PoolExhausted,
        "pool 10  # as deployed\nchat: thread (block 1s)\nrun 40 chat\n",
        "pool 40  # as deployed\nchat: thread (block 1s)\nrun 40 chat\n",
        "1s",
    );
}

#[test]
fn a_setting_in_any_spelling_is_changed_where_it_is() {
    check(
        FindingKind::PoolExhausted,
        "Pool 10  # as deployed\nchat: thread (block 1s)\nrun 40 chat\n",
        "pool 40  # as deployed\nchat: thread (block 1s)\nrun 40 chat\n",
        "1s",
    );
    check(
        FindingKind::PoolExhausted,
        "  chat: thread (block 1s)\r\n  run 40 chat\r\n  POOL  10",
        "  chat: thread (block 1s)\r\n  run 40 chat\r\n  pool 40",
        "1s",
    );
}

#[test]
fn threads_that_share_the_gil_become_processes() {
    check(
        FindingKind::GilBound,
        "def count: cpu 1s\nrun 4 count\n",
        "async def count: process (cpu 1s)\nrun 4 count\n",
        "1s",
    );
    check(
        FindingKind::GilBound,
        "count: thread (cpu 1s)\nrun 4 count\n",
        "count: process (cpu 1s)\nrun 4 count\n",
        "1s",
    );
}

#[test]
fn saturated_cores_get_more() {
    check(
        FindingKind::CoresSaturated,
        "cores 2\nprocesses 8\ncrunch: process (cpu 1s)\nrun 8 crunch\n",
        "cores 8\nprocesses 8\ncrunch: process (cpu 1s)\nrun 8 crunch\n",
        "1s",
    );
}

#[test]
fn what_is_awaited_under_a_lock_can_be_awaited_before() {
    check(
        FindingKind::LockConvoy,
        "lock m\nupdate: with m (await 1s \"asyncpg\" -> cpu 1ms)\nrun 10 update\n",
        "lock m\nupdate: await 1s \"asyncpg\" -> with m (cpu 1ms)\nrun 10 update\n",
        "1.01s",
    );
    check(
        FindingKind::LockConvoy,
        "lock m\nupdate:\n    with m:\n        await 1s\n        cpu 1ms\nrun 10 update\n",
        "lock m\nupdate:\n    await 1s\n    with m:\n        cpu 1ms\nrun 10 update\n",
        "1.01s",
    );
}

#[test]
fn a_token_for_nothing_is_saved() {
    check(
        FindingKind::TrivialOffload,
        "def settings: cpu 1ms\nroute: thread settings -> await 100ms\ndef report: block 10s\nrun 40 report\nrun route at 1s\n",
        "def settings: cpu 1ms\nroute: call settings -> await 100ms\ndef report: block 10s\nrun 40 report\nrun route at 1s\n",
        "10s",
    );
}

#[test]
fn calls_in_a_row_are_gathered() {
    check(
        FindingKind::SequentialCalls,
        "page: call a -> call b -> call c\na: await 1s\nb: await 2s\nc: await 3s\n",
        "page: gather a, b, c\na: await 1s\nb: await 2s\nc: await 3s\n",
        "3s",
    );
    check(
        FindingKind::SequentialCalls,
        "page: repeat 10 (call fetch)\nfetch: await 1s\n",
        "page: gather 10 fetch\nfetch: await 1s\n",
        "1s",
    );
}

#[test]
fn a_queue_that_grows_gets_a_bound() {
    check(
        FindingKind::UnboundedQueue,
        "queue q\nproducer: repeat 500 (await 1ms -> put q)\nconsumer: repeat 500 (get q -> await 10ms)\n",
        "queue q 100\nproducer: repeat 500 (await 1ms -> put q)\nconsumer: repeat 500 (get q -> await 10ms)\n",
        "5.001s",
    );
}

#[test]
fn a_timeout_that_something_on_the_loop_holds_up_comes_in_time() {
    check(
        FindingKind::LateTimeout,
        "order:\n    timeout 1s:\n        await 5s\n    else:\n        print \"late\"\nother: await 500ms -> block 3s\n",
        "order:\n    timeout 1s:\n        await 5s\n    else:\n        print \"late\"\nother: await 500ms -> await 3s\n",
        "3.5s",
    );
}

/// Each entry of the block has its own deadline.
#[test]
fn a_timeout_that_is_repeated_is_not_late() {
    let check = |script: &str| assert_eq!(codes(&found(script)), [""; 0], "{script}");
    check("a: repeat 2 (timeout 500ms (await 300ms))\n");
    check("a: repeat 3 (timeout 500ms (await 100ms -> await 300ms))\n");
    check("a: repeat 3 (timeout 500ms (block 300ms))\n");
    check("a: repeat 2 (timeout 500ms (repeat 2 (await 200ms)))\n");
    check("a: repeat 2 (call b)\nb: timeout 500ms (await 300ms)\n");
}

/// A loop inside the block does not begin it anew.
#[test]
fn a_timeout_around_a_loop_can_be_late() {
    let found = found("a: timeout 500ms (repeat 3 (block 300ms))\nb: await 100ms\n");
    let late = found
        .iter()
        .find(|one| one.kind == FindingKind::LateTimeout);
    let late = late.map(|late| late.length);
    assert_eq!(late, Some(SimDuration::from_millis(400)));
}

/// A process for a computation of 1 ms costs more than it saves.
#[test]
fn many_short_computations_give_way_instead_of_moving_to_a_process() {
    check(
        FindingKind::CpuOnLoop,
        "send_all: repeat 100 (cpu 1ms)\nping: print \"pong\"\nrun send_all\nrun 10 ping\n",
        "send_all: repeat 100 (cpu 1ms -> yield)\nping: print \"pong\"\nrun send_all\nrun 10 ping\n",
        "100ms",
    );
}

/// A handler and its work on a thread are one task.
/// Also where a plain function computes, or where the length is drawn.
#[test]
fn short_computations_never_move_to_a_process() {
    check(
        FindingKind::CpuOnLoop,
        "broadcast: repeat 100 (call send)\ndef send: cpu 1ms\nping: print \"pong\"\nrun broadcast\nrun 10 ping\n",
        "broadcast: repeat 100 (call send -> yield)\ndef send: cpu 1ms\nping: print \"pong\"\nrun broadcast\nrun 10 ping\n",
        "100ms",
    );
    for length in ["~1ms", "1..2ms"] {
        let text = format!(
            "broadcast: repeat 200 (cpu {length})\nping: print \"pong\"\nrun broadcast\nrun 10 ping\n"
        );
        let found = found(&text);
        let fixes = found.iter().filter_map(|finding| finding.fix.as_ref());
        let changes: Vec<Change> = fixes.map(|fix| fix.change).collect();
        assert_eq!(changes, [Change::Yield], "{text}");
    }
}

#[test]
fn victims_are_tasks() {
    let found = found("cores 1\ngil off\ndef count: cpu 1s\nrun 2 count\n");
    let victims: Vec<u32> = found.iter().map(|finding| finding.victims).collect();
    assert_eq!(victims, [2], "{:?}", codes(&found));
}

#[test]
fn locks_taken_in_the_same_order_do_not_deadlock() {
    check(
        FindingKind::Deadlock,
        "lock m\nlock n\na: with m (await 1s -> with n (yield))\nb: with n (await 1s -> with m (yield))\n",
        "lock m\nlock n\na: with n (await 1s -> with m (yield))\nb: with n (await 1s -> with m (yield))\n",
        "2s",
    );
}

#[test]
fn what_is_spawned_is_waited_for() {
    check(
        FindingKind::ForgottenWait,
        "main: spawn child -> await 1s\nchild: await 3s\n",
        "main: spawn child -> await 1s -> wait child\nchild: await 3s\n",
        "3s",
    );
    check(
        FindingKind::ForgottenWait,
        "main:\n    spawn child\n    spawn child\n    await 1s\nchild: await 3s\n",
        "main:\n    spawn child as child_1\n    spawn child as child_2\n    await 1s\n    wait child_1\n    wait child_2\nchild: await 3s\n",
        "3s",
    );
}

#[test]
fn every_kind_has_its_case_here() {
    let here = fs::read_to_string(file!()).expect("tests run in the package's folder");
    for kind in FindingKind::ALL {
        assert!(
            here.contains(&format!("FindingKind::{kind:?},\n")),
            "{kind:?}"
        );
    }
}

/// The lessons that show good practice, and therefore have no findings.
const GOOD_LESSONS: &[&str] = &[
    "01a", "01b", "02e", "04b", "05", "06b", "07c", "08b", "08c", "09a", "12a", "13b", "13c",
    "14c", "15b", "16", "17b", "18a", "19a", "19b", "20", "21a", "21b", "22a", "22b", "23c", "23d",
    "24a", "25b",
];

fn healthy() -> Vec<(String, String)> {
    let mut scripts = Vec::new();
    let files = fs::read_dir("crates/lessons/course")
        .expect("the lessons are there")
        .flatten();
    for path in files.map(|file| file.path()) {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let number = name.split('-').next().unwrap_or_default();
        if GOOD_LESSONS.contains(&number) && path.extension().is_some_and(|end| end == "loop") {
            let text = fs::read_to_string(&path).expect("a lesson can be read");
            scripts.push((name.to_owned(), text));
        }
    }
    assert_eq!(
        scripts.len(),
        GOOD_LESSONS.len(),
        "each good lesson is there"
    );
    let own = Path::new("tests/findings/healthy.txt");
    let own = fs::read_to_string(own).expect("the healthy scripts are there");
    let own = own.split("---\n").map(str::to_owned);
    scripts.extend(own.map(|text| (text.lines().next().unwrap_or_default().to_owned(), text)));
    scripts
}

#[test]
fn healthy_scripts_have_none() {
    let scripts = healthy();
    assert!(scripts.len() >= 60, "{} scripts", scripts.len());
    let wolves: Vec<String> = scripts
        .iter()
        .map(|(name, text)| (name, found(text)))
        .filter(|(_, found)| !found.is_empty())
        .map(|(name, found)| format!("{name}: {:?}", codes(&found)))
        .collect();
    assert!(wolves.is_empty(), "{}", wolves.join("\n"));
}

#[test]
fn fixes_of_random_programs_do_what_they_say() {
    let mut tried = 0;
    for seed in 0..300 {
        let (_, text) = generate::anything(seed);
        for finding in found(&text) {
            let Some(fix) = finding.fix else { continue };
            tried += 1;
            let fixed = apply_edits(&text, &fix.edits);
            assert_eq!(total(&fixed), fix.total, "seed {seed}\n{text}\n→\n{fixed}");
        }
    }
    // Otherwise a generator that no longer produces findings would pass unnoticed.
    assert!(tried > 30, "only {tried} fixes");
}

#[test]
fn the_worst_comes_first() {
    let text = "a: cpu 3s -> cpu 4s\nb: cpu 6s\n";
    let costs: Vec<u128> = found(text).iter().map(|finding| finding.cost).collect();
    assert!(
        costs.len() > 1 && costs.is_sorted_by(|a, b| a >= b),
        "{costs:?}"
    );
}
