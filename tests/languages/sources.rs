//! Finds every text in the sources: the literal in each `text!` and `say!`.
//!
//! Reports texts that are not literals, and Korean words anywhere else.

use std::fs;
use std::path::{Path, PathBuf};

use super::tokens::{Token, tokens};

/// An English text and the first place that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) file: String,
    /// Zero for a text of the help, which has no line of its own.
    pub(crate) line: usize,
    pub(crate) en: String,
}

impl Text {
    pub(crate) fn of_help(en: String) -> Self {
        let file = "loopscope --help".to_owned();
        Self { file, line: 0, en }
    }

    pub(crate) fn place(&self) -> String {
        match self.line {
            0 => self.file.clone(),
            line => format!("{}:{line}", self.file),
        }
    }
}

/// Source files that may contain Korean, with the reason.
const NO_TEXTS: &[(&str, &str)] = &[
    (
        "crates/script/src/vocabulary.rs",
        "units of the script language",
    ),
    (
        "crates/script/src/diagnostics/text.rs",
        "a sample of a script",
    ),
    ("src/browser/tests.rs", "only tests"),
];

/// The folder that defines the macros, which is not scanned.
const MACROS: &str = "crates/texts/src";

/// Each text once, ordered by file and line; or the problems of the sources.
pub(crate) fn texts(root: &Path) -> Result<Vec<Text>, Vec<String>> {
    let mut paths = Vec::new();
    for folder in source_folders(root) {
        rust_files(&folder, &mut paths);
    }
    let (mut texts, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        let file = path
            .strip_prefix(root)
            .expect("a path below the root")
            .display();
        let file = file.to_string().replace('\\', "/");
        if !file.starts_with(MACROS) {
            let source = fs::read_to_string(&path).expect("a source is UTF-8");
            read(&file, &source, &mut texts, &mut problems);
        }
    }
    if problems.is_empty() {
        Ok(texts)
    } else {
        Err(problems)
    }
}

/// The page's sources and those of each crate, without their tests and build scripts.
fn source_folders(root: &Path) -> Vec<PathBuf> {
    let crates = fs::read_dir(root.join("crates")).expect("the folder of the crates");
    let folders = crates.flatten().map(|entry| entry.path().join("src"));
    let mut folders: Vec<PathBuf> = folders.chain([root.join("src")]).collect();
    // The file system's order differs between machines.
    folders.sort();
    folders
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("a folder of sources");
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Collects the texts and the problems of one file.
fn read(file: &str, source: &str, texts: &mut Vec<Text>, problems: &mut Vec<String>) {
    let tokens = tokens(source);
    let place = |at: usize| format!("{file}:{}", line(source, at));
    let tests = if file.ends_with("/tests.rs") {
        0
    } else {
        source.find("#[cfg(test)]\nmod ").unwrap_or(source.len())
    };
    let is_exempt = NO_TEXTS.iter().any(|(exempt, _)| *exempt == file);
    let mut rest = &tokens[..];
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        match (&token.1, arguments(token, after)) {
            (_, Some([(_, Token::Text(en)), behind @ ..])) => {
                rest = behind;
                add(texts, file, line(source, token.0), en);
            }
            (_, Some(_)) => problems.push(format!("{}: the text is not a literal", place(token.0))),
            (Token::Text(text), _) if token.0 < tests && has_hangul(text) && !is_exempt => {
                let place = place(token.0);
                problems.push(format!(
                    "{place}: Korean belongs in a language file: {text}"
                ));
            }
            _ => {}
        }
    }
}

fn line(source: &str, at: usize) -> usize {
    source[..at].matches('\n').count() + 1
}

type Tokens = [(usize, Token)];

/// The arguments of a `text!`, or those of a `say!` after the language, e.g. `"{n} tasks", n`.
fn arguments<'a>((_, name): &(usize, Token), after: &'a Tokens) -> Option<&'a Tokens> {
    let Token::Word(name) = name else {
        return None;
    };
    let [
        (_, Token::Sign('!')),
        (_, Token::Sign('(' | '[' | '{')),
        inside @ ..,
    ] = after
    else {
        return None;
    };
    match name.as_str() {
        "text" => Some(inside),
        "say" => {
            let mut depth = 0;
            let language = inside.iter().position(|(_, token)| match token {
                Token::Sign('(') => {
                    depth += 1;
                    false
                }
                Token::Sign(')') => {
                    depth -= 1;
                    false
                }
                token => depth == 0 && *token == Token::Sign(','),
            });
            Some(&inside[language.map_or(inside.len(), |comma| comma + 1)..])
        }
        _ => None,
    }
}

fn add(texts: &mut Vec<Text>, file: &str, line: usize, en: &str) {
    if !texts.iter().any(|known| known.en == en) {
        texts.push(Text {
            file: file.to_owned(),
            line,
            en: en.to_owned(),
        });
    }
}

fn has_hangul(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

#[test]
fn texts_are_found_and_other_ways_to_speak_are_refused() {
    let check = |source: &str, expected: &[&str], wrong: &[&str]| {
        let (mut texts, mut problems) = (Vec::new(), Vec::new());
        read("a.rs", source, &mut texts, &mut problems);
        let found: Vec<_> = texts
            .iter()
            .map(|text| format!("{} {}", text.line, text.en))
            .collect();
        assert_eq!(found, expected);
        assert_eq!(problems, wrong);
    };
    check("const A: Text = text!(\"a\");", &["1 a"], &[]);
    check(
        "f();\nsay!(self.language(1, 2), \"{n} a\", n)",
        &["2 {n} a"],
        &[],
    );
    check("text!(\"a\"); text!(\"a\");", &["1 a"], &[]);
    check("text!(A)", &[], &["a.rs:1: the text is not a literal"]);
    check(
        "\n\"가\"",
        &[],
        &["a.rs:2: Korean belongs in a language file: 가"],
    );
    check("#[cfg(test)]\nmod tests { fn f() { \"가\" } }", &[], &[]);
    check("// text!(\"a\")", &[], &[]);
}
