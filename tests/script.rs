//! Scripts as people write them, and the workloads that they lower to.

#![cfg(not(target_arch = "wasm32"))]

use model::time::SimDuration;
use model::workload::{Arrivals, Length, Place, PythonVersion, SegmentKind, Workload};
use script::tokens;
use script::vocabulary::{RESOURCES, SEGMENTS, SETTINGS};
use texts::Language;

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

/// Both texts lower to the same workload, apart from positions.
#[track_caller]
fn check_same(left: &str, right: &str) {
    assert_eq!(without_places(left), without_places(right));
}

#[track_caller]
fn without_places(text: &str) -> Workload {
    let mut workload = workload(text);
    workload.places.clear();
    for task in &mut workload.tasks {
        task.place = Place::default();
    }
    for resource in &mut workload.resources {
        resource.place = Place::default();
    }
    for run in &mut workload.runs {
        run.place = Place::default();
    }
    for expectation in &mut workload.expectations {
        expectation.place = Place::default();
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
    assert_eq!(workload.machine.executor, Some(12));
    assert_eq!(workload.machine.python, PythonVersion::V313);
    assert_eq!(workload.resources.len(), 8);
    assert_eq!(workload.runs.len(), 6);
    assert_eq!(workload.expectations.len(), 15);
    assert_eq!(workload.expectations[6].text, "cook 41 started 5s ± 10ms");
}

#[test]
fn without_a_run_the_tasks_that_nobody_names_run_once() {
    let workload = workload("a: call b\nb: cpu 1\nc: spawn c2 -> wait c2\nc2: cpu 1");
    let runs: Vec<_> = workload.runs.iter().map(|run| run.task.0).collect();
    assert_eq!(runs, [0, 2]);
}

#[test]
fn arrivals_are_read_in_every_order() {
    let all = "a: cpu 1\n";
    for (left, right) in [
        ("run 9 a every 10ms from 2s", "run 9 a at 2s every 10ms"),
        ("run 9 a at 50/s from 2s", "run 9 a from 2s at 50/s"),
        ("run a", "run 1 a"),
        ("run a at 2s", "run a from 2s"),
    ] {
        check_same(&format!("{all}{left}"), &format!("{all}{right}"));
    }
    let workload = workload("a: cpu 1\nrun 9 a at 50/s");
    let gap = SimDuration::from_millis(20);
    let start = SimDuration::ZERO;
    assert_eq!(workload.runs[0].arrivals, Arrivals::Poisson { start, gap });
}

#[test]
fn a_bare_end_of_a_range_takes_the_unit_of_the_other() {
    check_same("a: await 1..3ms", "a: await 1ms..3ms");
    check_same("a: await 100ms..300", "a: await 100ms..300ms");
    check_same("a: await 1..3", "a: await 1s..3s");
}

#[test]
fn keywords_are_names_where_a_name_belongs() {
    let workload = workload(
        "run: cpu 1\nall: cpu 1\ntotal: cpu 1\norder: cpu 1\ncpu: gather all -> gather all all -> call run\n\
         run cpu\nrun run at 2s\nexpect total done 2s\nexpect order done\nexpect order order, total\nrun 2 order, total",
    );
    assert_eq!(workload.tasks.len(), 5);
    assert_eq!(workload.runs.len(), 4);
    assert_eq!(workload.expectations.len(), 3);
}

#[test]
fn segments_are_numbered_and_placed_in_the_order_of_the_text() {
    let text = "a:\n    timeout 3:\n        await 5\n    else: cpu 1\n    cpu 2 \"파스타\"\n";
    let workload = workload(text);
    let written: Vec<_> = workload
        .places
        .iter()
        .map(|place| (place.line, &text[place.start as usize..place.end as usize]))
        .collect();
    let expected = [
        (2, "timeout 3"),
        (3, "await 5"),
        (4, "cpu 1"),
        (5, "cpu 2 \"파스타\""),
    ];
    assert_eq!(written, expected);
}

#[test]
fn durations_are_exact() {
    let nanos = |text: &str| match &workload(&format!("a: cpu {text}")).tasks[0].body[0].kind {
        SegmentKind::Cpu {
            length: Length::Fixed(length),
            ..
        } => length.as_nanos(),
        other => panic!("{other:?}"),
    };
    assert_eq!(nanos("0.1"), 100_000_000);
    assert_eq!(nanos("1.000000001s"), 1_000_000_001);
    assert_eq!(nanos("2.5min"), 150_000_000_000);
    assert_eq!(nanos("24h"), 86_400_000_000_000);
    assert_eq!(nanos("7나노초"), 7);
}

#[test]
fn every_word_is_coloured_as_what_it_is() {
    let text = "cpu: cpu 3초 -> spawn run as h  # x\nrun 2 cpu at 5/s";
    let classes: Vec<_> = tokens(text)
        .iter()
        .map(|token| format!("{} {:?}", token.span.of(text), token.class))
        .collect();
    let expected = "cpu Name, : Operator, cpu Segment, 3 Number, 초 Unit, -> Operator, spawn Segment, run Name, \
                    as Keyword, h Name, # x Comment, run Keyword, 2 Number, cpu Name, at Keyword, 5 Number, \
                    / Operator, s Unit";
    assert_eq!(classes.join(", "), expected);
}

#[test]
fn every_word_of_the_vocabulary_is_explained() {
    let segments = SEGMENTS.iter().map(|(_, word)| word);
    let settings = SETTINGS.iter().map(|(_, word)| word);
    let resources = RESOURCES.iter().map(|(_, word)| word);
    for word in segments.chain(settings).chain(resources) {
        assert!(word.form.starts_with(word.word), "{}", word.form);
        assert!(!word.python.is_empty(), "{}", word.word);
        for language in Language::ALL {
            assert!(word.doc.of(language).ends_with('.'), "{}", word.word);
        }
    }
}

#[test]
fn the_samples_of_the_language_reference_are_scripts() {
    let reference = include_str!("../docs/language.md");
    let samples: Vec<_> = reference.split("```loop\n").skip(1).collect();
    assert!(!samples.is_empty());
    for sample in samples {
        let (sample, _) = sample.split_once("```").expect("a sample ends");
        let diagnostics = script::parse(sample).diagnostics;
        assert!(diagnostics.is_empty(), "{sample}{diagnostics:?}");
    }
}

#[test]
fn the_language_reference_lists_every_word() {
    let reference = include_str!("../docs/language.md");
    let segments = SEGMENTS.iter().map(|(_, word)| word.word);
    let settings = SETTINGS.iter().map(|(_, word)| word.word);
    let resources = RESOURCES.iter().map(|(_, word)| word.word);
    for word in segments.chain(settings).chain(resources) {
        assert!(reference.contains(&format!("`{word}")), "`{word}`");
    }
}
