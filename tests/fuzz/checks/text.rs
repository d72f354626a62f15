//! The rules of a script's text: diagnostics can be displayed, and formatting keeps the program.

use model::workload::{Place, Workload};
use script::{DIAGNOSTICS_MAX, Parsed, tokens};
use texts::Language;

/// Spans are inside the text, and every diagnostic has a message in every language.
pub(crate) fn check_diagnostics(text: &str, parsed: &Parsed) {
    // One more diagnostic says how many are left out.
    assert!(parsed.diagnostics.len() <= DIAGNOSTICS_MAX + 1);
    let any_error = parsed.diagnostics.iter().any(|d| d.is_error());
    assert_eq!(parsed.workload.is_none(), any_error);
    assert!(parsed.diagnostics.is_sorted_by_key(|d| d.span.start));
    for diagnostic in &parsed.diagnostics {
        assert!(
            text.get(diagnostic.span.range()).is_some(),
            "{diagnostic:?}"
        );
        for language in Language::ALL {
            assert!(!diagnostic.message(language).is_empty());
            assert!(!diagnostic.hints(language).is_empty());
        }
        for edit in diagnostic.fix().iter().flat_map(|fix| &fix.edits) {
            assert!(text.get(edit.span.range()).is_some(), "{diagnostic:?}");
        }
    }
    let _ = script::apply_fixes(text, &parsed.diagnostics, false);
}

/// Formatting is idempotent, and keeps comments and workload.
pub(crate) fn check_format(text: &str, parsed: &Parsed) {
    let Ok(formatted) = script::format(text) else {
        assert!(parsed.workload.is_none(), "a valid script can be formatted");
        return;
    };
    assert_eq!(
        script::format(&formatted).as_ref(),
        Ok(&formatted),
        "{text}"
    );
    assert_eq!(comments(text), comments(&formatted), "{formatted}");
    let again = script::parse(&formatted);
    assert_eq!(
        parsed.workload.clone().map(without_places),
        again.workload.map(without_places),
        "{formatted}"
    );
}

/// Tokens do not overlap, and none is empty.
pub(crate) fn check_tokens(text: &str) {
    let tokens = tokens(text);
    for pair in tokens.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "{pair:?}");
    }
    for token in tokens {
        let found = text.get(token.span.range());
        assert!(found.is_some_and(|found| !found.is_empty()), "{token:?}");
    }
}

/// The workload without lines and columns, which formatting may change.
pub(crate) fn without_places(mut workload: Workload) -> Workload {
    workload.places.clear();
    for task in &mut workload.tasks {
        task.place = Place::default();
    }
    for resource in &mut workload.resources {
        resource.place = Place::default();
    }
    for run in &mut workload.runs {
        run.place = Place::default();
    }
    for expectation in &mut workload.expectations {
        expectation.place = Place::default();
    }
    workload
}

/// The text of every comment, sorted.
pub(crate) fn comments(text: &str) -> Vec<String> {
    let tokens = tokens(text).into_iter();
    let comments = tokens.filter(|token| token.class == script::Class::Comment);
    let mut comments: Vec<String> = comments
        .map(|token| {
            let comment = token.span.of(text).trim_start_matches('#');
            comment.trim().to_owned()
        })
        .collect();
    // Formatting may move comments, so their order is ignored.
    comments.sort();
    comments
}
