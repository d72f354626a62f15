//! Fuzz target for messages between page and worker: `cargo +nightly fuzz run message`.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::Kind::Message.check(bytes);
});
