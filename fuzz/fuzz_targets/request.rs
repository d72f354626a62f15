//! Fuzz target for the bodies of requests to the companion:
//! `cargo +nightly fuzz run request`.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::Kind::Request.check(bytes);
});
