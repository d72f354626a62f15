//! Fuzz target for trace files: `cargo +nightly fuzz run trace`.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::Kind::Trace.check(bytes);
});
