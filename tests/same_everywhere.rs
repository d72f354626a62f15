//! The same script and seed give the same trace, byte for byte, natively and in the browser.
//!
//! `tests/web.rs` compares with the same lines. `UPDATE=1 cargo test --test same_everywhere`
//! rewrites them after a change of the simulator or of a lesson.

#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::fs;
use std::path::Path;

use support::fingerprint;

#[test]
fn natively_the_traces_are_the_committed_ones() {
    let found = fingerprint::lines();
    if std::env::var_os("UPDATE").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/same_everywhere.txt");
        return fs::write(file, found).expect("the file is writable");
    }
    let differences = fingerprint::differences(&found);
    assert!(
        differences.is_empty(),
        "{}\nif the change is meant: UPDATE=1 cargo test --test same_everywhere",
        differences.join("\n")
    );
}
