//! Scripts, and the scripts of their runs.

use super::fitted_again;
use analysis::fit::Agreement;

/// The fitted script, without blank lines.
#[track_caller]
fn check(script: &str, expected: &str) {
    let found = fitted_again("", script);
    assert_eq!(found.agreement, Agreement::Ends, "{}", found.text);
    let lines = |text: &str| {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(str::trim_end).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(lines(&found.text), lines(expected), "\n{}", found.text);
}

#[test]
fn computing_awaiting_and_blocking_keep_their_lengths() {
    check(
        "pasta: cpu 3 -> await 5\ntoast: block 6 -> print \"done\"\n",
        "
async def pasta:
    cpu 3s
    await 5s
async def toast:
    block 6s
    print \"done\"
run pasta, toast
",
    );
}

#[test]
fn equal_tasks_are_one_task() {
    check(
        "def ping: block 10s\npool 40\nrun 100 ping\n",
        "
def ping:
    block 10s
run 100 ping
",
    );
}

#[test]
fn the_settings_of_the_machine_stay() {
    check(
        "python 3.11\ncores 2\ngil off\nf: cpu 1\n",
        "
cores 2
python 3.11
gil off
async def f:
    cpu 1s
run f
",
    );
}

#[test]
fn regular_arrivals_are_one_line() {
    check(
        "ping: await 1s\nrun 20 ping every 50ms from 2s\n",
        "
async def ping:
    await 1s
run 20 ping every 50ms from 2s
",
    );
}

#[test]
fn a_lock_is_a_lock_again() {
    check(
        "lock m\nf: await 1 -> with m: (await 2)\nrun 3 f\n",
        "
lock lock_
async def f:
    await 1s
    with lock_:
        await 2s
run 3 f
",
    );
}

#[test]
fn the_permits_of_a_semaphore_are_counted() {
    check(
        "semaphore s 3\nf: with s: (await 1)\nrun 10 f\n",
        "
semaphore permits 3
async def f:
    with permits:
        await 1s
run 10 f
",
    );
}

#[test]
fn tasks_that_are_gathered_are_gathered() {
    check(
        "main: gather 2 f, g -> print \"all\"\nf: await 1\ng: cpu 2\nrun main\n",
        "
async def main:
    gather 2 f, g
    print \"all\"
async def f:
    await 1s
async def g:
    cpu 2s
run main
",
    );
}

#[test]
fn a_group_that_fails_cancels_its_tasks() {
    check(
        "main: group: (spawn slow -> spawn bad)\nslow: await 10\nbad: await 1 -> fail \"no\"\nrun main\n",
        "
async def main:
    group:
        spawn slow
        spawn bad
async def slow:
    await 3s
async def bad:
    await 1s
    fail \"failed\"
run main
",
    );
}

#[test]
fn threads_wait_for_the_pool() {
    check(
        "pool 2\nmain: thread work -> await 1\ndef work: block 3\nrun 4 main\n",
        "
pool 2
async def main:
    thread work
    await 1s
def work:
    block 3s
run 4 main
",
    );
}

#[test]
fn an_item_that_was_waited_for_is_put_by_the_task_that_put_it() {
    check(
        "queue q\nmaker: repeat 3: (await 1 -> put q)\neater: repeat 3: (get q -> cpu 100ms)\n",
        "
queue items
async def maker:
    repeat 3:
        await 1s
        put items
async def eater:
    repeat 3:
        get items
        cpu 100ms
run maker, eater
",
    );
}

#[test]
fn an_event_wakes_all() {
    check(
        "event e\nboss: await 2 -> set e\nf: wait e -> await 1\nrun boss\nrun 3 f\n",
        "
event signal
async def boss:
    await 2s
    set signal
async def f:
    wait signal
    await 1s
run boss, 3 f
",
    );
}

#[test]
fn a_cancelled_task_is_cancelled_by_its_handle() {
    check(
        "main: spawn f -> await 1 -> cancel f -> await 2\nf: try (await 10) finally (await 1)\nrun main\n",
        "
async def main:
    spawn f
    await 1s
    cancel f
    await 2s
async def f:
    try:
        await 3s
    finally:
        await 1s
run main
",
    );
}
