//! Fuzz target for Python programs: `cargo +nightly fuzz run python`.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::Kind::Python.check(bytes);
});
