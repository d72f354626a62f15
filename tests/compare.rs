//! Comparisons and sweeps give the same figures as single runs, whether computed whole or in
//! shards.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use analysis::compare::advice::{Reason, choose};
use analysis::compare::chance::{self, perturbed};
use analysis::compare::divergence::{Difference, diverge};
use analysis::compare::{self, Figures, Metric, Strategy, advise};
use analysis::effort::{COMMAND_WORK, Effort};
use analysis::sweep::table::merge;
use analysis::sweep::{Parameter, Row, Sweep, Table};
use model::workload::Workload;
use script::parse;
use sim::simulate;
use support::generate;

fn read(script: &str) -> Workload {
    parse(script).workload.expect("the script is valid")
}

/// More effort than any test here needs.
fn enough() -> Effort {
    Effort::new(COMMAND_WORK)
}

fn compare(workload: &Workload) -> Vec<compare::Compared> {
    compare::compare(workload, &mut enough())
}

fn measure(workload: &Workload, strategy: Strategy) -> Option<Figures> {
    compare::measure(workload, strategy, &mut enough()).expect("it is small")
}

/// Compares the figures of a strategy with those of a script that is written that way.
#[track_caller]
fn check(script: &str, strategy: Strategy, written: &str) {
    let written = read(written);
    let expected = Figures::of(&written, &simulate(&written));
    assert_eq!(measure(&read(script), strategy), Some(expected));
}

#[test]
fn a_pool_goes_where_the_work_goes() {
    let query = "pool db 2\ndef q: with db (block 200ms) -> cpu 5ms\nrun 6 q\n";
    check(query, Strategy::Pool, query);
    check(
        query,
        Strategy::Executor,
        "pool db 2\nq: executor (with db (block 200ms) -> cpu 5ms)\nrun 6 q\n",
    );
    // An asynchronous driver's connections are awaited.
    check(
        query,
        Strategy::Awaiting,
        "semaphore db 2\nq: with db (await 200ms) -> cpu 5ms\nrun 6 q\n",
    );
    assert_eq!(measure(&read(query), Strategy::Jobs), None);
    // A coroutine would hold the permit while its work is on a thread, and block its loop.
    let across = "pool db 2\nq: with db (yield -> block 200ms)\nrun 6 q\n";
    assert_eq!(measure(&read(across), Strategy::Executor), None);
}

#[test]
fn a_strategy_equals_the_script_written_that_way() {
    let ping = "async def ping: block 1s -> cpu 10ms\nrun 100 ping\n";
    check(ping, Strategy::AsWritten, ping);
    check(
        ping,
        Strategy::Awaiting,
        "ping: await 1s -> cpu 10ms\nrun 100 ping\n",
    );
    check(ping, Strategy::OnLoop, ping);
    check(
        ping,
        Strategy::Pool,
        "def ping: block 1s -> cpu 10ms\nrun 100 ping\n",
    );
    check(
        ping,
        Strategy::Executor,
        "ping: executor (block 1s -> cpu 10ms)\nrun 100 ping\n",
    );
    check(
        ping,
        Strategy::Process,
        "ping: await 1s -> process (cpu 10ms)\nrun 100 ping\n",
    );
    check(
        ping,
        Strategy::FreeThreaded,
        "gil off\ndef ping: block 1s -> cpu 10ms\nrun 100 ping\n",
    );
}

#[test]
fn jobs_are_sent_and_the_request_answers_at_once() {
    let jobs =
        measure(&read("def report: cpu 1s\nrun 4 report\n"), Strategy::Jobs).expect("possible");
    assert_eq!(
        // A response does not wait for its job.
        (jobs.total.to_string(), jobs.p95.to_string()),
        ("1s".to_owned(), "0s".to_owned())
    );
    assert_eq!(
        measure(&read("a: gather 2 b\nb: await 1\n"), Strategy::Jobs),
        None
    );
}

#[test]
fn work_that_comes_back_from_a_thread_is_awaited() {
    check(
        "def get: block 1s\nroute: thread get -> process (cpu 10ms)\nrun 50 route\n",
        Strategy::Awaiting,
        "get: await 1s\nroute: call get -> cpu 10ms\nrun 50 route\n",
    );
}

#[track_caller]
fn check_choice(script: &str, expected: Strategy) {
    let compared = compare(&read(script));
    let best = choose(&compared).map(|(strategy, _)| strategy);
    assert_eq!(best, Some(expected), "{compared:#?}");
}

#[test]
fn the_choice_is_what_the_tutorials_teach() {
    check_choice(
        "async def ping: block 1s\nrun 100 ping\n",
        Strategy::Awaiting,
    );
    check_choice(
        "async def ping: await 1s\nrun 100 ping\n",
        Strategy::AsWritten,
    );
    check_choice("def resize: cpu 2s\nrun 4 resize\n", Strategy::Process);
}

const PING: &str = "def ping: block 1s\nrun 100 ping\n";

fn table(sweep: &Sweep, points: impl Iterator<Item = usize>) -> Table {
    Table {
        metric: Metric::Total,
        names: sweep
            .parameters
            .iter()
            .map(|parameter| parameter.name.clone())
            .collect(),
        strategies: sweep.strategies.clone(),
        rows: points
            .map(|point| sweep.measure(point, &mut enough()).expect("it is small"))
            .collect(),
    }
}

fn sweep<'a>(workload: &'a Workload, vary: &[&str]) -> Sweep<'a> {
    let parameters = vary
        .iter()
        .map(|text| Parameter::parse(text, workload).expect("it can be varied"));
    Sweep {
        workload,
        parameters: parameters.collect(),
        strategies: Strategy::ALL.to_vec(),
    }
}

#[test]
fn each_point_is_a_single_run() {
    let workload = read(PING);
    let sweep = sweep(&workload, &["run 10..50 by 20", "pool 5..15 by 5"]);
    assert_eq!(sweep.len(), 9);
    for point in 0..sweep.len() {
        let Row {
            values, figures, ..
        } = sweep.measure(point, &mut enough()).expect("it is small");
        let text = format!(
            "pool {}\ndef ping: block 1s\nrun {} ping\n",
            values[1], values[0]
        );
        let single: Vec<_> = compare(&read(&text))
            .iter()
            .map(|one| one.figures)
            .collect();
        assert_eq!(figures, single, "{values:?}");
    }
}

#[test]
fn shards_put_together_are_the_sweep_in_one_piece() {
    let workload = read(PING);
    let sweep = sweep(&workload, &["run 1..90 by 11"]);
    let whole = table(&sweep, 0..sweep.len()).csv();
    for count in [1, 2, 3, 20] {
        let shard = |index: usize| {
            table(
                &sweep,
                (0..sweep.len()).filter(|point| point % count == index),
            )
            .csv()
        };
        let mut shards: Vec<String> = (0..count).map(shard).collect();
        // `merge` accepts shards in any order.
        shards.reverse();
        assert_eq!(
            merge(&shards).as_deref(),
            Ok(whole.as_str()),
            "{count} shards"
        );
        if count == 3 {
            shards.pop();
            assert!(merge(&shards).is_err(), "a shard is missing");
        }
    }
}

#[test]
fn a_table_with_other_line_breaks_is_the_same_table() {
    let workload = read(PING);
    let sweep = sweep(&workload, &["run 1..90 by 11"]);
    let whole = table(&sweep, 0..sweep.len()).csv();
    let windows = whole.replace('\n', "\r\n");
    for text in [
        windows.as_str(),
        windows.trim_end_matches('\n'),
        whole.trim_end(),
    ] {
        let merged = merge(&[text.to_owned()]);
        assert_eq!(merged.as_deref(), Ok(whole.as_str()), "{text:?}");
    }
}

#[test]
fn crossings_are_where_the_best_changes() {
    // For one short computation the loop is as good; for two or more, processes are better.
    let workload = read("resize: cpu 100ms\nrun 1 resize\n");
    let sweep = sweep(&workload, &["run 1..8"]);
    let table = table(&sweep, 0..sweep.len());
    let crossings = table.crossings();
    assert_eq!(crossings.len(), 1, "{crossings:?}");
    assert_eq!(table.rows[crossings[0].row].values, [2]);
    assert_eq!(
        (crossings[0].from, crossings[0].to),
        (Strategy::AsWritten, Strategy::Process)
    );
}

#[track_caller]
fn check_parting(left: &str, right: &str, expected: Option<(usize, Difference)>) {
    let (left, right) = (read(left), read(right));
    let (one, other) = (simulate(&left), simulate(&right));
    let found = diverge((&left, &one), (&right, &other));
    assert_eq!(
        // The number of common events, and the kind of the first difference.
        found.map(|found| (found.common, found.difference())),
        expected
    );
}

#[test]
fn runs_part_at_the_first_event_that_differs() {
    let ping = "ping: await 1\n";
    check_parting(ping, "# said otherwise\nping: await 1s \"httpx\"\n", None);
    check_parting(ping, "ping: await 2\n", Some((3, Difference::Time)));
    check_parting(ping, "ping: block 1\n", Some((2, Difference::Deed)));
    check_parting(ping, "pong: await 1\n", Some((0, Difference::Task)));
    check_parting(
        ping,
        "ping: await 1 -> await 1\n",
        Some((5, Difference::Deed)),
    );
}

#[test]
fn an_order_that_durations_happen_to_give_turns_round() {
    let workload = read("a: await 1\nb: await 1050ms\nc: await 3\n");
    let found = chance::orders(&workload, 10, 200, &mut enough());
    // When lengths vary by 10 %, 1 s and 1.05 s swap their order; 3 s is too far away.
    let [near, far] = found.orders.as_slice() else {
        panic!("{found:?}");
    };
    assert!(near.turned_in.is_some() && near.kept > 100, "{near:?}");
    assert_eq!((far.kept, far.turned_in), (200, None));
    let example = perturbed(&workload, 10, near.turned_in.expect("it turned"));
    assert_ne!(example, workload);
    let again = chance::orders(&workload, 10, 200, &mut enough());
    assert_eq!(again, found, "the same every time");
}

/// All strategies end with the last arrival; what differs is how long requests wait.
#[test]
fn it_finishes_first_is_no_reason_where_all_end_together() {
    let load = read(
        "ping: block 300ms\nhealth: cpu 1ms\nrun 5 ping every 1s\nrun 5 health every 1s from 100ms\n",
    );
    let (best, reason) = choose(&compare(&load)).expect("a choice");
    assert_ne!(reason, Reason::Total, "{best:?}");
}

/// The verdict on each order of a run.
#[track_caller]
fn check_verdicts(script: &str, expected: &[&str]) {
    let workload = read(script);
    let found = chance::orders(&workload, 10, 50, &mut enough());
    let name = |(task, number): chance::Who| format!("{}{number}", workload.task(task).name);
    let said = found.orders.iter().map(|order| {
        let (first, second) = (name(order.first), name(order.second));
        format!("{first} {second} {:?}", order.verdict())
    });
    assert_eq!(said.collect::<Vec<_>>(), expected, "{script}");
}

#[test]
fn only_what_the_runtime_promises_is_guaranteed() {
    // One ready queue, first in, first out.
    check_verdicts(
        "a: block 3\nrun 3 a\n",
        &["a1 a2 Guaranteed", "a2 a3 Guaranteed"],
    );
    // A lock serves its waiters in order.
    check_verdicts(
        "lock m\na: with m (await 1)\nrun 2 a\n",
        &["a1 a2 Guaranteed"],
    );
    // A gather ends after its members, and what is called later starts later.
    check_verdicts(
        "page: gather a, b -> gather c\na: await 1\nb: await 3\nc: await 1\n",
        &["a1 b1 InAllRuns", "b1 c1 Guaranteed", "c1 page1 Guaranteed"],
    );
    check_verdicts(
        "page: spawn a as x -> await 1 -> wait x\na: await 3\n",
        &["a1 page1 Guaranteed"],
    );
}

#[test]
fn a_shorter_time_is_no_promise() {
    check_verdicts("a: await 1.1\nb: await 3\n", &["a1 b1 InAllRuns"]);
    check_verdicts(
        "run a\nrun b at 3s\na: block 1\nb: block 1\n",
        &["a1 b1 InAllRuns"],
    );
    check_verdicts("def a: block 1\nrun 2 a\n", &["a1 a2 InAllRuns"]);
    check_verdicts("a: await 1\nb: await 1050ms\n", &["a1 b1 Accident"]);
}

/// No promise is broken, however much the durations change.
#[test]
fn promised_orders_of_random_programs_never_turn() {
    let mut promised = 0;
    for seed in 0..400 {
        let (workload, text) = generate::anything(seed);
        let found = chance::orders(&workload, 90, 8, &mut enough());
        for order in found.orders.iter().filter(|order| order.promised) {
            promised += 1;
            assert_eq!(order.turned_in, None, "seed {seed}\n{text}\n{order:?}");
        }
    }
    assert!(promised >= 5, "only {promised}");
}

/// The effort that one run takes: one unit per record.
fn records(workload: &Workload) -> u64 {
    simulate(workload).log.len() as u64
}

#[test]
fn a_comparison_within_its_effort_is_the_same_and_beyond_it_keeps_what_it_has() {
    let ping = read("async def ping: block 1s\nrun 100 ping\n");
    let all = compare(&ping);
    let mut effort = Effort::new(3 * records(&ping));
    let some = compare::compare(&ping, &mut effort);
    assert!(compare::is_complete(&all) && !compare::is_complete(&some));
    assert!(!some.is_empty() && all.starts_with(&some), "{some:#?}");
    assert_eq!(
        advise(&ping, &some, &mut enough()),
        None,
        "the best may be among the others"
    );
}

#[test]
fn advice_says_how_many_changes_it_did_not_try() {
    let ping = read("async def ping: block 1s\nrun 100 ping\n");
    let all = compare(&ping);
    let advice = |work| advise(&ping, &all, &mut Effort::new(work)).expect("a choice");
    let (whole, short) = (advice(COMMAND_WORK), advice(0));
    assert_eq!((whole.best, whole.untried), (short.best, 0));
    assert_eq!((short.unless, short.untried), (Vec::new(), 4));
}

#[test]
fn orders_are_judged_by_the_runs_that_the_effort_suffices_for() {
    let workload = read("a: await 1\nb: await 1050ms\nc: await 3\n");
    // Enough for six runs: the script's own and five with varied durations.
    let work = 6 * records(&workload);
    let found = chance::orders(&workload, 10, 200, &mut Effort::new(work));
    let five = chance::orders(&workload, 10, 5, &mut enough());
    assert_eq!(found, five, "the first run is one of the six");
}
