//! Tests of the languages: every text is in the list, and every language file translates the list.
//!
//! `UPDATE=1 cargo test --test languages` adds the missing texts to the files, to be translated.

mod check;
#[path = "../../build/file.rs"]
#[allow(dead_code)]
mod file;
mod sources;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

use check::{entry, problems, skeleton};
use file::File;
use sources::Text;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the engine is in the workspace")
}

fn texts() -> Vec<Text> {
    sources::texts(root()).unwrap_or_else(|problems| panic!("{}", problems.join("\n")))
}

/// The files of further languages, with their paths.
fn files() -> Vec<(PathBuf, File)> {
    let entries = fs::read_dir(root().join("engine/languages")).expect("the folder exists");
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

/// A file of a made-up language, with translations made by `translate`.
fn made_up(texts: &[Text], translate: impl Fn(&str) -> String) -> String {
    let mut written = String::from("name = Made up\n");
    for text in texts {
        written.push_str(&entry("qxx", text, texts, &translate(&text.en)));
    }
    written
}

fn read(written: &str) -> File {
    file::parse("qxx", written).expect("a generated file is valid")
}

#[test]
fn every_language_has_every_text() {
    let texts = texts();
    for (path, file) in files() {
        if std::env::var_os("UPDATE").is_some() {
            let whole = fs::read_to_string(&path).expect("a text") + &skeleton(&file, &texts);
            fs::write(&path, whole).expect("it can be written");
            continue;
        }
        let problems = problems(&file, &texts);
        assert!(
            problems.is_empty(),
            "{}\n{} texts to correct in {}; `UPDATE=1 cargo test --test languages` adds the missing ones",
            problems.join("\n"),
            problems.len(),
            path.display()
        );
    }
}

#[test]
fn every_part_of_the_program_has_texts() {
    let texts = texts();
    for part in [
        "engine/src/scene",
        "src/script",
        "src/native/cli",
        "src/web/view",
        "src/web/model",
        "src/web/proof",
        "src/why",
    ] {
        let has = texts.iter().any(|text| text.file.starts_with(part));
        assert!(has || part == "src/web/view", "no text in {part}");
    }
    assert!(texts.len() > 1000, "{} texts", texts.len());
}

#[test]
fn a_file_with_every_text_is_complete() {
    let texts = texts();
    let file = read(&made_up(&texts, |en| format!("» {en} «")));
    assert_eq!(problems(&file, &texts), Vec::<String>::new());
    assert_eq!(file.entries.len(), texts.len());
    for (text, entry) in texts.iter().zip(&file.entries) {
        assert_eq!(entry.en, text.en);
        assert_eq!(entry.translation, format!("» {} «", text.en));
    }
}

#[test]
fn the_skeleton_has_every_missing_text() {
    let texts = texts();
    let empty = read("name = Made up\n");
    assert_eq!(problems(&empty, &texts).len(), texts.len());
    let file = read(&format!("name = Made up\n{}", skeleton(&empty, &texts)));
    assert_eq!(file.entries.len(), texts.len());
    assert_eq!(problems(&file, &texts).len(), texts.len());
    assert_eq!(skeleton(&file, &texts), "");
}

/// Checks the problems of a file with these lines against a list of four texts.
#[track_caller]
fn check_file(lines: &str, expected: &[&str]) {
    let text = |line, en: &str, ko: &str| Text {
        file: "src/a.rs".to_owned(),
        line,
        en: en.to_owned(),
        ko: ko.to_owned(),
    };
    let texts = [
        text(1, "Share", "공유"),
        text(2, "{n} tasks", "태스크 {n}개"),
        text(3, "Done", "완료"),
        text(4, "Done", "닫기"),
    ];
    let rest = "en: Done\nqxx: x\n";
    let file = read(&format!("name = Made up\n{lines}{rest}"));
    assert_eq!(problems(&file, &texts), expected);
}

#[test]
fn problems_are_named_by_file_and_line() {
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
        &["engine/languages/qxx.txt:6: no such text: Shares"],
    );
    check_file(
        &format!("{share}en: {{n}} tasks\nqxx: {{m}} x\n"),
        &["engine/languages/qxx.txt:4: `{m}` is not a value of: {n} tasks"],
    );
    check_file(
        &format!("{share}en: {{n}} tasks\nqxx: x\n"),
        &["engine/languages/qxx.txt:4: `{n}` is left out of: {n} tasks"],
    );
    check_file(
        &format!("{share}{share}{tasks}"),
        &["engine/languages/qxx.txt:4: translated twice: Share"],
    );
    check_file(
        &format!("{share}{tasks}en: Done\nko: 공유\nqxx: x\n"),
        &["engine/languages/qxx.txt:6: no such text: Done"],
    );
}

#[test]
fn an_invalid_file_fails_the_build_with_its_line() {
    let check = |tag: &str, text: &str, expected: (usize, &str)| {
        let (line, problem) = file::parse(tag, text).expect_err("the file is invalid");
        assert_eq!((line, problem.as_str()), expected);
    };
    check(
        "en",
        "",
        (
            1,
            "`en` is not the tag of a further language; name the file e.g. `ja` or `pt-BR`",
        ),
    );
    check(
        "ja",
        "en: a\nja: b\n",
        (
            1,
            "the language's own name is missing; add e.g. `name = 日本語`",
        ),
    );
    check(
        "ja",
        "name = x\nja: b\n",
        (2, "the English text is missing; write `en: …` first"),
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
