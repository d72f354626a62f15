//! The formatter: the layout that each way of writing becomes.

#![cfg(not(target_arch = "wasm32"))]

use script::format;

#[track_caller]
fn check(written: &str, expected: &str) {
    assert_eq!(format(written).as_deref(), Ok(expected));
    assert_eq!(format(expected).as_deref(), Ok(expected), "a second time");
}

#[test]
fn a_tutorials_notation_becomes_ours() {
    check(
        "make_pasta: [CPU 3초] ──► [await sleep(5)]\nmake_toast: CPU 6",
        "make_pasta: cpu 3s -> await 5s\nmake_toast: cpu 6s\n",
    );
    check(
        "async def a():\n  time.sleep( 5 );await asyncio.sleep(.5)\n",
        "async def a:\n    block 5s\n    await 0.5s\n",
    );
}

#[test]
fn numbers_stay_as_they_were_written() {
    check(
        "a: cpu 1500ms->await 1..3->await 5ms..1s->await ~200ms->cpu 1_000us",
        "a: cpu 1500ms -> await 1..3s -> await 5ms..1s -> await ~200ms -> cpu 1_000us\n",
    );
}

#[test]
fn a_line_stays_a_line_while_it_fits() {
    check(
        "a: await 1 -> thread ( block 1;cpu 2 ) -> timeout 3:(await 5) else:(yield)",
        "a: await 1s -> thread (block 1s -> cpu 2s) -> timeout 3s (await 5s) else (yield)\n",
    );
    check(
        "a: await 1 -> thread ( block 1;cpu 2 ) -> timeout 3:(await 5) else:(print \"late\")",
        "a:\n    await 1s\n    thread: block 1s -> cpu 2s\n    timeout 3s: await 5s\n    else: print \"late\"\n",
    );
}

#[test]
fn a_line_of_hangul_is_measured_in_cells() {
    let task = "파스타를만드는일: call 면을삶는일 -> call 소스를만드는일 -> call 그릇에담는일";
    check(task, &format!("{task}\n"));
    check(
        &format!("{task} -> yield"),
        "파스타를만드는일:\n    call 면을삶는일\n    call 소스를만드는일\n    call 그릇에담는일\n    yield\n",
    );
}

#[test]
fn a_block_stays_a_block() {
    check("a:\n cpu 1 -> cpu 2", "a:\n    cpu 1s\n    cpu 2s\n");
    check(
        "a: cpu 1\n  -> await 2 # why\n",
        "a:\n    cpu 1s\n    await 2s  # why\n",
    );
    check("a: cpu 1 ->\n    await 2\n", "a: cpu 1s -> await 2s\n");
}

#[test]
fn comments_stay_with_what_they_are_about() {
    check(
        "#head\n\n\n\n# of a\na: # first\n\n  # before\n  cpu 1 #one\n\n\n  # last\n# of b\nb: cpu 1\n\n# end\n\n",
        "# head\n\n# of a\na:  # first\n    # before\n    cpu 1s  # one\n\n    # last\n\n# of b\nb: cpu 1s\n\n# end\n",
    );
    check(
        "a:\n  timeout 3: # short\n    await 5\n  # too late\n  else: # sorry\n    yield\n",
        "a:\n    timeout 3s:  # short\n        await 5s\n    # too late\n    else:  # sorry\n        yield\n",
    );
}

#[test]
fn tall_tasks_stand_apart() {
    check(
        "cores 2\na:\n cpu 1\nb: cpu 1\nc: cpu 1\nd:\n cpu 1\nrun a",
        "cores 2\n\na:\n    cpu 1s\n\nb: cpu 1s\nc: cpu 1s\n\nd:\n    cpu 1s\n\nrun a\n",
    );
}

#[test]
fn statements_have_one_spelling() {
    check(
        "GIL OFF\nswitch 5\nqueue q 3\na: put q\nRun 3 a,2 a at 2 every 10ms\nrun a at 50 / s\n\
         expect total=3 +/- 1 %\nexpect a 2 done≤ 3\nexpect order a,a\nexpect threads<=40",
        "gil off\nswitch 5s\nqueue q 3\na: put q\nrun 3 a, 2 a every 10ms from 2s\nrun a at 50/s\n\
         expect total 3s ± 1%\nexpect a 2 done <= 3s\nexpect order a, a\nexpect threads <= 40\n",
    );
}

#[test]
fn marks_and_margins_of_other_tools_go() {
    check(
        "\u{feff}  a: cpu 1\r\n  b: cpu 2\r\n",
        "a: cpu 1s\nb: cpu 2s\n",
    );
    check("", "");
    check("\n\n# only this\n\n", "# only this\n");
}

#[test]
fn half_a_script_is_formatted_but_a_broken_one_is_not() {
    check("a: call b", "a: call b\n");
    assert!(format("a: cpu").is_err());
}
