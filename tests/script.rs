//! Scripts as people write them, and what they lower to.

use loopscope::language::Language;
use loopscope::script;
use loopscope::workload::Workload;

#[track_caller]
fn workload(text: &str) -> Workload {
    let parsed = script::parse(text);
    let messages: Vec<_> = parsed
        .diagnostics
        .iter()
        .map(|d| format!("{} {:?}: {}", d.code(), d.span, d.message(Language::En)))
        .collect();
    parsed
        .workload
        .unwrap_or_else(|| panic!("{text}\n{}", messages.join("\n")))
}

/// Both texts are the same program, wherever their segments stand.
#[track_caller]
fn check_same(left: &str, right: &str) {
    assert_eq!(without_places(left), without_places(right));
}

#[track_caller]
fn without_places(text: &str) -> Workload {
    let mut workload = workload(text);
    workload.places.clear();
    for task in &mut workload.tasks {
        task.place = Default::default();
    }
    for resource in &mut workload.resources {
        resource.place = Default::default();
    }
    for run in &mut workload.runs {
        run.place = Default::default();
    }
    for expectation in &mut workload.expectations {
        expectation.place = Default::default();
    }
    workload
}

const BLACKBOARD: &str = "make_pasta: cpu 3 -> await 5\nmake_toast: cpu 6\n";

#[test]
fn what_a_tutorial_writes_is_a_program() {
    check_same(
        "make_pasta: [CPU 3초] ──► [await sleep(5)]\nmake_toast: [CPU 6초]",
        BLACKBOARD,
    );
    check_same(
        "async def make_pasta():\n    cpu 3s\n    await asyncio.sleep(5)\n\nasync def make_toast():\n    cpu 6\n",
        BLACKBOARD,
    );
    check_same(
        "  make_pasta: CPU 3 → Await 5\r\n  make_toast: cpu 6 s\r\n",
        BLACKBOARD,
    );
    check_same(
        "\u{feff}make_pasta: cpu 3; await 5\nmake_toast: cpu 6",
        BLACKBOARD,
    );
    check_same(
        "make_pasta: cpu 3\n  -> await 5\nmake_toast: cpu 6",
        BLACKBOARD,
    );
    check_same(
        "make_pasta:\n\tcpu 3 ->\n\tawait 5\nmake_toast: cpu 6",
        BLACKBOARD,
    );
    check_same("def a: time.sleep(5)", "def a: block 5s");
    check_same(
        "파스타: cpu 3초 -> await 2분 -> await 150밀리초",
        "파스타: cpu 3 -> await 120 -> await .15",
    );
}

#[test]
fn blocks_may_stand_on_one_line() {
    check_same(
        "a: await 1 -> thread (block 1 -> cpu 2) -> await 2",
        "a:\n  await 1\n  thread:\n    block 1\n    cpu 2\n  await 2\n",
    );
    check_same(
        "a: timeout 3 (await 5) else (print \"late\") -> try (fail \"x\") except (yield) finally (cpu 1)",
        "a:\n  timeout 3:\n    await 5\n  else:\n    print \"late\"\n  try:\n    fail \"x\"\n  except:\n    yield\n  finally: cpu 1\n",
    );
    check_same(
        "a:\n  timeout 3: await 5\n  # too late\n  else: print \"late\" # said\n  cpu 1\n",
        "a: timeout 3 (await 5) else (print \"late\") -> cpu 1",
    );
}

#[test]
fn the_whole_language_lowers() {
    let text = include_str!("scripts/everything.loop");
    let workload = workload(text);
    assert_eq!(workload.machine.cores, 8);
    insta_free_summary(&workload);
}

#[track_caller]
fn insta_free_summary(workload: &Workload) {
    let names: Vec<_> = workload
        .tasks
        .iter()
        .map(|task| task.name.as_str())
        .collect();
    assert_eq!(names.first(), Some(&"small"));
    assert!(!workload.runs.is_empty());
}
