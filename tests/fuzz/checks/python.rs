//! The rules of a Python program: the importer returns a valid script, or none.

use model::trace::check as violations;
use reader::{Options, outline, read};
use sim::simulate_sync;

use super::check_message;
use super::run::BOUNDS;

pub(super) fn check(text: &str) -> bool {
    // Only for panics; `tests/python_in` compares the outline with CPython's.
    let _ = outline(text);
    let reading = read(text, &Options::default());
    for note in &reading.notes {
        check_message(|language| note.kind.text(language));
    }
    if reading.script.is_empty() {
        return false;
    }
    let parsed = script::parse(&reading.script);
    let Some(workload) = parsed.workload else {
        let errors = parsed.diagnostics.iter().filter(|found| found.is_error());
        let errors: Vec<_> = errors.map(|found| found.code()).collect();
        panic!("the script is invalid: {errors:?}\n{}", reading.script);
    };
    assert_eq!(
        script::format(&reading.script).as_ref(),
        Ok(&reading.script),
        "the script is formatted"
    );
    if let Some(trace) = simulate_sync(&workload, BOUNDS) {
        let found = violations(&workload, &trace);
        assert!(found.is_empty(), "{found:?}\n{}", reading.script);
    }
    true
}
