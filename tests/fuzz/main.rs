//! The fuzz test: no input of any kind causes a panic, endless work or a broken invariant.
//!
//! ```sh
//! cargo test --test fuzz                                   # 20,000 inputs
//! LOOPSCOPE_INPUTS=1000000 LOOPSCOPE_SEED=7 cargo test --test fuzz
//! LOOPSCOPE_KIND=python cargo test --test fuzz             # one kind
//! LOOPSCOPE_INPUT=FILE cargo test --test fuzz              # one file again
//! ```
//!
//! - [`checks`]: the rules of each kind. [`inputs`]: the corpus, mutated and generated inputs.
//! - [`supervisor`]: starts a [`worker`] process per core. A stack overflow or an endless input
//!   ends only its worker.
//! - [`failure`]: a failing input, shrunk and written to `target/fuzz/KIND/`.

#![cfg(not(target_arch = "wasm32"))]

mod checks;
mod failure;
mod inputs;
#[path = "../support/python_lines.rs"]
mod python_lines;
#[path = "../support/rng.rs"]
mod rng;
mod supervisor;
mod worker;

use std::env;
use std::path::Path;

use checks::Kind;
use failure::Failures;
use supervisor::Plan;

/// The default number of inputs, a compromise for `make test`.
const INPUTS: u64 = 20_000;
const SEED: u64 = 1;

#[test]
fn every_input_keeps_the_rules() {
    // One test in three roles: the supervisor starts this binary again, with a variable set.
    if let Some(job) = worker::Job::from_environment() {
        worker::work(&job);
    } else if let Some(path) = env::var_os(failure::INPUT) {
        worker::repeat(Path::new(&path));
    } else {
        let plan = Plan {
            seed: number("LOOPSCOPE_SEED").unwrap_or(SEED),
            inputs: number("LOOPSCOPE_INPUTS").unwrap_or(INPUTS),
            only: only(),
        };
        supervisor::run(&plan);
    }
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

fn only() -> Option<Kind> {
    let name = env::var("LOOPSCOPE_KIND").ok()?;
    let kind = Kind::from_name(&name);
    Some(kind.unwrap_or_else(|| {
        panic!(
            "no kind `{name}`; write one of {:?}",
            Kind::ALL.map(Kind::name)
        )
    }))
}

#[test]
fn the_same_seed_gives_the_same_inputs() {
    let inputs = || inputs::Inputs::new(7, None);
    let (first, second) = (inputs(), inputs());
    // Enough to reach past the corpus to generated inputs.
    for number in 0..300 {
        let (first, second) = (first.input(number), second.input(number));
        assert_eq!(
            (first.kind, first.bytes),
            (second.kind, second.bytes),
            "input {number}"
        );
    }
}

#[test]
fn a_failing_input_is_shrunk_to_the_part_that_fails() {
    let input = b"a: await 1\nb: cpu 2 -> boom -> cpu 3\n";
    let fails = |bytes: &[u8]| bytes.windows(4).any(|part| part == b"boom");
    assert_eq!(failure::shrunk(input, 1_000, fails), b"boom");
}

#[test]
fn failures_at_one_place_are_told_once() {
    let mut failures = Failures::default();
    assert!(failures.is_new("src/a.rs:1"));
    assert!(!failures.is_new("src/a.rs:1"));
    assert!(failures.is_new("src/a.rs:2"));
}
