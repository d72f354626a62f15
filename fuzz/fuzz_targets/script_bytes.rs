//! Any bytes: they are read within the limits, what is wrong can be shown, and
//! what can be formatted is formatted for good.
//!
//! `cargo +nightly fuzz run script_bytes`

#![no_main]

use libfuzzer_sys::fuzz_target;
use loopscope::language::Language;
use loopscope::script;

fuzz_target!(|bytes: &[u8]| {
    let (text, parsed) = script::parse_bytes(bytes);
    assert!(parsed.diagnostics.len() <= script::DIAGNOSTICS_MAX + 1);
    let any_error = parsed.diagnostics.iter().any(script::Diagnostic::is_error);
    assert_eq!(parsed.workload.is_none(), any_error);
    for diagnostic in &parsed.diagnostics {
        assert!(text.get(diagnostic.span.range()).is_some());
        for language in Language::ALL {
            assert!(!diagnostic.message(language).is_empty());
            assert!(!diagnostic.hints(language).is_empty());
        }
    }
    let _ = script::apply_fixes(&text, &parsed.diagnostics, false);
    let _ = script::tokens(&text);
    match script::format(&text) {
        Ok(formatted) => assert_eq!(script::format(&formatted), Ok(formatted)),
        Err(_) => assert!(parsed.workload.is_none()),
    }
});
