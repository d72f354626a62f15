//! Fuzz target for the fragments of share links: `cargo +nightly fuzz run link`.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::Kind::Link.check(bytes);
});
