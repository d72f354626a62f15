//! Exercises have a simulated key, and wrong answers are explained by the misconception that leads
//! to them.

#![cfg(not(target_arch = "wasm32"))]

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use analysis::guess::{Answer, Family, Misconception, Question, judge, key, parse};
use model::time::SimTime;
use model::workload::Workload;
use sim::simulate;
use texts::Language;

fn read(text: &str) -> Workload {
    let parsed = script::parse(text);
    parsed
        .workload
        .unwrap_or_else(|| panic!("{text}\n{:#?}", parsed.diagnostics))
}

/// The number of seeds that each family of exercises is tested with.
const SEEDS: u64 = 40;

fn each(mut visit: impl FnMut(Family, u64, &str, &Workload, Question)) {
    for family in Family::ALL {
        for seed in 0..SEEDS {
            let exercise = family.exercise(seed);
            let workload = read(&exercise.script);
            visit(family, seed, &exercise.script, &workload, exercise.question);
        }
    }
}

#[test]
fn the_key_is_what_the_simulation_shows() {
    each(|family, seed, text, workload, question| {
        let key = key(workload, question).expect("it reaches its end");
        assert_eq!(
            script::format(text).as_deref(),
            Ok(text),
            "{family:?} {seed}"
        );
        if let Answer::Total(total) = key {
            assert_eq!(total, simulate(workload).end.since(SimTime::ZERO));
        }
        let judged = judge(workload, &key).expect("it has a key");
        assert!(
            judged.right && judged.misconceptions.is_empty(),
            "{family:?} {seed}"
        );
    });
}

#[test]
fn each_misconception_is_recognised_wherever_it_shows() {
    let mut shown = vec![0; Misconception::ALL.len()];
    each(|family, seed, text, workload, question| {
        let key = key(workload, question).expect("it reaches its end");
        let mut any = false;
        for (index, misconception) in Misconception::ALL.into_iter().enumerate() {
            let Some(wrong) = misconception.answer(workload, question) else {
                continue;
            };
            let judged = judge(workload, &wrong).expect("it has a key");
            // A misconception may lead to the right answer.
            if wrong == key {
                assert!(judged.right);
            } else if !judged.right {
                assert!(
                    judged.misconceptions.contains(&misconception),
                    "{family:?} {seed}: {misconception:?}\n{text}"
                );
                shown[index] += 1;
                any = true;
            }
        }
        assert!(any, "nothing to get wrong in {family:?} {seed}\n{text}");
    });
    for (misconception, times) in Misconception::ALL.into_iter().zip(shown) {
        // No family has more processes than cores, so this misconception never shows.
        let expected = misconception != Misconception::UnlimitedCores;
        assert!(times > 0 || !expected, "{misconception:?} never shows");
    }
}

#[test]
fn the_same_seed_gives_the_same_exercise() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/guess/exercises.txt");
    let mut list = String::new();
    for family in Family::ALL {
        for seed in 1..=3 {
            let exercise = family.exercise(seed);
            assert_eq!(exercise, family.exercise(seed));
            let workload = read(&exercise.script);
            let key = key(&workload, exercise.question).expect("it reaches its end");
            let _ = writeln!(
                list,
                "=== {} {seed}: {}\n{}",
                family.name(),
                key.text(&workload),
                exercise.script
            );
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &list).expect("the list can be written");
    }
    assert_eq!(fs::read_to_string(&path).expect("the list is there"), list);
}

/// Checks the first misconception that explains a wrong answer.
#[track_caller]
fn check(script: &str, answer: &str, expected: Option<Misconception>) {
    let workload = read(script);
    let question = if answer.starts_with(|c: char| c.is_ascii_digit()) {
        Question::Total
    } else {
        Question::Order
    };
    let answer = parse(answer, &workload, question).expect("it can be read");
    let judged = judge(&workload, &answer).expect("it has a key");
    assert!(!judged.right, "{script}");
    assert_eq!(judged.misconceptions.first().copied(), expected, "{script}");
}

#[test]
fn wrong_answers_are_named_for_what_they_are() {
    use Misconception::*;
    check("a: cpu 3 -> await 5\nb: cpu 6\n", "8s", Some(LoopHeldTwice));
    check("a: await 3\nb: await 2\n", "5s", Some(AwaitingHolds));
    check("run 100 a\na: block 1\n", "1s", Some(BlockingFrees));
    check("run 100 a\ndef a: block 1\n", "1s", Some(UnlimitedPool));
    check("run 100 a\ndef a: block 1\n", "100s", Some(AddedUp));
    check("run 3 a\ndef a: cpu 2\n", "2s", Some(ThreadsCompute));
    check(
        "cores 2\nprocesses 4\nrun 4 a\na: process (cpu 1)\n",
        "1s",
        Some(UnlimitedCores),
    );
    check(
        "semaphore s 2\nrun 4 a\na: with s (await 1)\n",
        "1s",
        Some(UnlimitedPermits),
    );
    check(
        "main: call a -> call b\na: await 1\nb: await 2\n",
        "2s",
        Some(CallsTogether),
    );
    check(
        "a: cpu 3 -> await 1\nb: await 2\n",
        "b, a",
        Some(LoopHeldTwice),
    );
    check("a: await 3\nb: await 2\n", "17s", None);
}

#[test]
fn an_answer_is_read_as_people_write_it() {
    let workload = read("a: await 3\nb: await 2\n");
    let total = |text| parse(text, &workload, Question::Total).map(|answer| answer.text(&workload));
    assert_eq!(total("9").as_deref(), Some("9s"));
    assert_eq!(total(" 1.5s ").as_deref(), Some("1.5s"));
    assert_eq!(total("150ms").as_deref(), Some("150ms"));
    assert_eq!(total("3초").as_deref(), Some("3s"));
    for text in ["", "soon", "1..2s", "1 -> cpu 3", "9s\ncpu 1", "9s \"x\""] {
        assert_eq!(total(text), None, "{text}");
    }
    let order = |text| parse(text, &workload, Question::Order).map(|answer| answer.text(&workload));
    assert_eq!(order("b, a").as_deref(), Some("b, a"));
    assert_eq!(order("b > a").as_deref(), Some("b, a"));
    assert_eq!(order("b, c"), None);
}

#[test]
fn lessons_can_be_guessed_too() {
    for lesson in lessons::with_scripts() {
        for variant in &lesson.variants {
            let workload = read(variant.script);
            for question in [Question::Total, Question::Order] {
                let Some(key) = key(&workload, question) else {
                    continue;
                };
                let judged = judge(&workload, &key).expect("it has a key");
                assert!(judged.right, "{}", variant.file);
            }
        }
    }
}

#[test]
fn every_misconception_has_words_of_its_own() {
    for language in Language::ALL {
        let mut said: Vec<&str> = Misconception::ALL.map(|one| one.text(language)).to_vec();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), Misconception::ALL.len());
    }
}
