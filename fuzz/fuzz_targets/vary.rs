//! Fuzz target for the text after `--vary`: `cargo +nightly fuzz run vary`.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::Kind::Vary.check(bytes);
});
