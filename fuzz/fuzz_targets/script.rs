//! Fuzz target for the texts of scripts: `cargo +nightly fuzz run script`.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::Kind::Script.check(bytes);
});
