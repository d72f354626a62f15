//! The translations: collects every text of the program, checks each language file, and finds texts
//! that bypass the files.
//!
//! `UPDATE=1 cargo test --test languages` rewrites the files in the order of the sources, with an
//! empty entry for each text that is missing.

#![cfg(not(target_arch = "wasm32"))]

mod check;
// The parser of the build script, so that the test reads the files exactly like the build.
#[path = "../../crates/texts/build/file.rs"]
#[allow(dead_code)]
mod file;
mod sources;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

use check::{entry, problems, rewritten};
use file::LanguageFile;
use sources::Text;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts of the sources and those of the help, which are doc comments in the sources.
fn texts() -> Vec<Text> {
    let found = sources::texts(root());
    let mut texts = found.unwrap_or_else(|problems| panic!("{}", problems.join("\n")));
    for en in loopscope::cli::help::texts() {
        if !en.is_empty() && !texts.iter().any(|text| text.en == en) {
            texts.push(Text::of_help(en));
        }
    }
    texts
}

/// Each language file, parsed.
fn files() -> Vec<(PathBuf, LanguageFile)> {
    let entries =
        fs::read_dir(root().join("crates/texts/languages")).expect("a folder of the engine");
    let paths = entries.flatten().map(|entry| entry.path());
    let files = paths.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    files
        .map(|path| {
            let tag = path.file_stem().and_then(|stem| stem.to_str());
            let tag = tag.expect("a tag").to_owned();
            let text = fs::read_to_string(&path).expect("a text");
            let file = file::parse(&tag, &text);
            (path, file.unwrap_or_else(|problem| panic!("{problem:?}")))
        })
        .collect()
}

fn read(written: &str) -> LanguageFile {
    file::parse("qxx", written).expect("the format that `entry` writes")
}

#[test]
fn every_language_has_every_text() {
    let texts = texts();
    for (path, file) in files() {
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, rewritten(&file, &texts)).expect("the file can be written");
            continue;
        }
        let problems = problems(&file, &texts);
        assert!(
            problems.is_empty(),
            "{}\n{} problems in {}; `UPDATE=1 cargo test --test languages` adds an empty entry for each missing text",
            problems.join("\n"),
            problems.len(),
            path.display()
        );
    }
}

#[test]
fn there_are_texts_of_every_part() {
    let texts = texts();
    for part in [
        "crates/chart/src/scene",
        "crates/script/src",
        "crates/companion/src/cli",
        "src/state",
        "src/proof",
        "crates/analysis/src/why",
    ] {
        let has = texts.iter().any(|text| text.file.starts_with(part));
        assert!(has, "no text in {part}");
    }
    assert!(texts.len() > 1000, "{} texts", texts.len());
}

#[test]
fn a_file_can_hold_every_text() {
    let texts = texts();
    let mut written = String::from("name = Made up\n");
    for text in &texts {
        written.push_str(&entry("qxx", &text.en, Some(&format!("» {} «", text.en))));
    }
    let file = read(&written);
    assert_eq!(problems(&file, &texts), Vec::<String>::new());
    for (text, entry) in texts.iter().zip(&file.entries) {
        assert_eq!(entry.en, text.en);
        assert_eq!(entry.translation, Some(format!("» {} «", text.en)));
    }
}

#[test]
fn a_rewritten_file_has_an_empty_entry_for_each_missing_text() {
    let texts = texts();
    let empty = read("name = Made up\n");
    assert_eq!(problems(&empty, &texts).len(), texts.len());
    let file = read(&rewritten(&empty, &texts));
    assert_eq!(file.entries.len(), texts.len());
    assert_eq!(rewritten(&file, &texts), rewritten(&empty, &texts));
}

#[test]
fn a_rewritten_file_keeps_translations_and_shows_stale_ones_at_the_end() {
    let texts = [text(1, "Share"), text(2, "Done")];
    let file = read("name = Made up\nen: Gone\nqxx: z\nen: Done\nqxx: x\n");
    let expected = "name = Made up\n\n# src/a.rs\n\nen: Share\nqxx:\n\nen: Done\nqxx: x\n\n# Not in the sources\n\nen: Gone\nqxx: z\n";
    assert_eq!(rewritten(&file, &texts), expected);
}

fn text(line: usize, en: &str) -> Text {
    Text {
        file: "src/a.rs".to_owned(),
        line,
        en: en.to_owned(),
    }
}

/// Checks the problems of a file with these lines, for a program with three texts.
#[track_caller]
fn check_file(lines: &str, expected: &[&str]) {
    let texts = [text(1, "Share"), text(2, "{n} tasks"), text(3, "Done")];
    let rest = "en: Done\nqxx: x\n";
    let file = read(&format!("name = Made up\n{lines}{rest}"));
    assert_eq!(problems(&file, &texts), expected);
}

#[test]
fn each_problem_is_named_by_file_and_line() {
    let share = "en: Share\nqxx: x\n";
    let tasks = "en: {n} tasks\nqxx: {n} x\n";
    check_file(&format!("{share}{tasks}"), &[]);
    check_file(share, &["src/a.rs:2: not translated: {n} tasks"]);
    check_file(
        &format!("{tasks}en: Share\nqxx:\n"),
        &["src/a.rs:1: not translated: Share"],
    );
    check_file(
        &format!("{share}{tasks}en: Shares\nqxx: x\n"),
        &["crates/texts/languages/qxx.txt:6: not in the sources: Shares"],
    );
    check_file(
        &format!("{share}en: {{n}} tasks\nqxx: x\n"),
        &["crates/texts/languages/qxx.txt:4: `{n}` is missing in the translation of: {n} tasks"],
    );
    check_file(
        &format!("{share}{share}{tasks}"),
        &["crates/texts/languages/qxx.txt:4: translated twice: Share"],
    );
}

#[test]
fn a_mistake_in_a_file_is_named_by_its_line() {
    let check = |tag: &str, text: &str, expected: (usize, &str)| {
        let (line, problem) = file::parse(tag, text).expect_err("the text has a mistake");
        assert_eq!((line, problem.as_str()), expected);
    };
    check(
        "en",
        "",
        (1, "`en` is not a language tag such as `ko` or `pt-BR`"),
    );
    check(
        "ja",
        "en: a\nja: b\n",
        (1, "the language's own name is missing: `name = 한국어`"),
    );
    check(
        "ja",
        "name = x\nja: b\n",
        (2, "the English text comes first: `en: …`"),
    );
    check(
        "ja",
        "name = x\nen: a\nja: b\nja: c\n",
        (4, "`a` is translated already"),
    );
    check(
        "ja",
        "name = x\n\n# y\nfr: a\n",
        (4, "expected `en:` or `ja:`, found `fr: a`"),
    );
}
