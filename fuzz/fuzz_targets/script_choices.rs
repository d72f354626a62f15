//! Valid scripts: the fuzzer's bytes are the choices of the generator, and
//! whatever it writes has to be a script, before and after formatting.
//!
//! `cargo +nightly fuzz run script_choices`

#![no_main]

use libfuzzer_sys::fuzz_target;
use loopscope::script;

#[path = "../../tests/support/scripts.rs"]
mod scripts;

fuzz_target!(|bytes: &[u8]| {
    let text = scripts::script(&mut scripts::Choices::new(bytes));
    if text.len() > loopscope::limits::SCRIPT_BYTES_MAX / 2 {
        return;
    }
    let workload = script::parse(&text).workload;
    assert!(workload.is_some(), "{text}");
    let formatted = script::format(&text).unwrap_or_else(|_| panic!("{text}"));
    let again = script::parse(&formatted).workload;
    let shape = |workload: Option<loopscope::workload::Workload>| {
        workload.map(|w| (w.machine, w.tasks.len(), w.places.len(), w.runs.len()))
    };
    assert_eq!(shape(workload), shape(again), "{text}");
});
