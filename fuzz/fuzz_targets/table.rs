//! Fuzz target for tables of libraries and shards of a sweep: `cargo +nightly fuzz run table`.

#![no_main]

#[path = "../../tests/fuzz/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    checks::Kind::Table.check(bytes);
});
