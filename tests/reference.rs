//! The tables of the language reference are generated from the vocabulary.
//!
//! A test fails when they differ; `UPDATE=1 cargo test --test reference` rewrites them.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::PathBuf;

use script::vocabulary::{
    CLAIMS, CLAUSES, PERCENTILES, RESOURCES, SEGMENTS, SETTINGS, STAGES, Word,
};

const END: &str = "<!-- end -->";

/// The table between `<!-- NAME: … -->` and the next `<!-- end -->`.
#[track_caller]
fn check<'a>(name: &str, words: impl IntoIterator<Item = &'a Word>) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/language.md");
    let page = fs::read_to_string(&path).expect("the reference is there");
    let mark = format!("<!-- {name}:");
    let from = page
        .find(&mark)
        .expect("the reference has the table's mark");
    let from = from + page[from..].find('\n').expect("a mark is a line") + 1;
    let until = from + page[from..].find(END).expect("a table ends");
    let table = table(words);
    if std::env::var_os("UPDATE").is_some() {
        let page = format!("{}{table}{}", &page[..from], &page[until..]);
        fs::write(&path, page).expect("the reference can be written");
        return;
    }
    assert_eq!(
        &page[from..until],
        table,
        "{name}: UPDATE=1, and look at it"
    );
}

fn table<'a>(words: impl IntoIterator<Item = &'a Word>) -> String {
    let words: Vec<_> = words.into_iter().collect();
    let in_python = words.iter().any(|word| !word.python.is_empty());
    let head = if in_python {
        "| written | in Python | is |\n| --- | --- | --- |\n"
    } else {
        "| written | is |\n| --- | --- |\n"
    };
    let rows = words.iter().map(|word| {
        let python = match (in_python, word.python) {
            (false, _) => String::new(),
            (true, "") => " |".to_owned(),
            (true, python) => format!(" {} |", code(python)),
        };
        format!("| {} |{python} {} |\n", code(word.form), word.doc.en())
    });
    head.to_owned() + &rows.collect::<String>()
}

/// Inline code for a table cell, in which an unescaped `|` would end the cell.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// One test for all tables: with `UPDATE=1`, parallel tests would overwrite each other's changes to
/// the file.
#[test]
fn the_reference_has_the_languages_own_tables() {
    let clauses = CLAUSES.iter().map(|(_, word)| word);
    let segments = SEGMENTS.iter().map(|(_, word)| word);
    check("segments", segments.chain(clauses));
    check("settings", SETTINGS.iter().map(|(_, word)| word));
    check("resources", RESOURCES.iter().map(|(_, word)| word));
    let stages = STAGES.iter().map(|(_, word)| word);
    let percentiles = PERCENTILES.iter().map(|(_, word)| word);
    let about_tasks = stages.chain(percentiles);
    check(
        "claims",
        CLAIMS.iter().map(|(_, word)| word).chain(about_tasks),
    );
}
