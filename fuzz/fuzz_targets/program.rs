//! Fuzz target for valid scripts, as choices of the generator:
//! `cargo +nightly fuzz run program`.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::Kind::Program.check(bytes);
});
