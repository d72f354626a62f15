//! Fuzz target for answers to exercises and guesses: `cargo +nightly fuzz run answer`.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::Kind::Answer.check(bytes);
});
