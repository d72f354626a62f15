//! The list of all texts: the arguments of every `text!` and `say!` in the sources.
//!
//! Texts that are not literals are refused, and so is Korean anywhere else, so the list is
//! complete.

use std::fs;
use std::path::{Path, PathBuf};

use super::tokens::{Token, tokens};

/// A text and the place of its first use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) en: String,
    pub(crate) ko: String,
}

/// Files in which Korean is not a text for people, and why.
const EXEMPT_FILES: &[(&str, &str)] = &[
    ("src/script/vocabulary.rs", "units of the script language"),
    ("src/script/explain.rs", "samples of scripts"),
    ("src/web/browser/tests.rs", "tests"),
];

/// The definition of the macros, which is not searched.
const MACROS: &str = "engine/src/language";

/// Every text once, by file and line; or the problems of the sources.
pub(crate) fn texts(root: &Path) -> Result<Vec<Text>, Vec<String>> {
    let mut paths = Vec::new();
    for folder in ["engine/src", "src"] {
        rust_files(&root.join(folder), &mut paths);
    }
    let (mut texts, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        let file = path
            .strip_prefix(root)
            .expect("the file is below the root")
            .display();
        let file = file.to_string().replace('\\', "/");
        if !file.starts_with(MACROS) {
            let source = fs::read_to_string(&path).expect("a source is UTF-8");
            read_source(&file, &source, &mut texts, &mut problems);
        }
    }
    if problems.is_empty() {
        Ok(texts)
    } else {
        Err(problems)
    }
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

/// Adds the texts of one file, and the problems in it.
fn read_source(file: &str, source: &str, texts: &mut Vec<Text>, problems: &mut Vec<String>) {
    let tokens = tokens(source);
    let place = |at: usize| format!("{file}:{}", line(source, at));
    let tests = source.find("#[cfg(test)]\nmod ").unwrap_or(source.len());
    let is_exempt = EXEMPT_FILES.iter().any(|(exempt, _)| *exempt == file);
    let mut rest = &tokens[..];
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        match (&token.1, arguments(token, after)) {
            (_, Some(arguments)) => match words(arguments) {
                Some((en, ko, behind)) => {
                    rest = behind;
                    add(texts, file, line(source, token.0), en, ko);
                }
                None => problems.push(format!("{}: write both texts as literals", place(token.0))),
            },
            (Token::Text(text), _) if token.0 < tests && has_hangul(text) && !is_exempt => {
                let place = place(token.0);
                problems.push(format!(
                    "{place}: Korean outside of `text!` and `say!`: {text}"
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

/// The arguments of a `text!(`, or those of a `say!(` after the language.
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

fn words(inside: &Tokens) -> Option<(&str, &str, &Tokens)> {
    match inside {
        [
            (_, Token::Text(en)),
            (_, Token::Sign(',')),
            (_, Token::Text(ko)),
            rest @ ..,
        ] => Some((en, ko, rest)),
        _ => None,
    }
}

fn add(texts: &mut Vec<Text>, file: &str, line: usize, en: &str, ko: &str) {
    if !texts.iter().any(|known| known.en == en && known.ko == ko) {
        texts.push(Text {
            file: file.to_owned(),
            line,
            en: en.to_owned(),
            ko: ko.to_owned(),
        });
    }
}

fn has_hangul(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

#[test]
fn texts_are_found_and_korean_elsewhere_is_refused() {
    let check = |source: &str, expected: &[&str], wrong: &[&str]| {
        let (mut texts, mut problems) = (Vec::new(), Vec::new());
        read_source("a.rs", source, &mut texts, &mut problems);
        let found: Vec<_> = texts
            .iter()
            .map(|text| format!("{} {} {}", text.line, text.en, text.ko))
            .collect();
        assert_eq!(found, expected);
        assert_eq!(problems, wrong);
    };
    check("const A: Text = text!(\"a\", \"b\");", &["1 a b"], &[]);
    check(
        "f();\nsay!(self.language(1, 2), \"{n} a\", \"{n} b\", n)",
        &["2 {n} a {n} b"],
        &[],
    );
    check("text!(\"a\", \"b\"); text!(\"a\", \"b\");", &["1 a b"], &[]);
    check(
        "text!(A, \"b\")",
        &[],
        &["a.rs:1: write both texts as literals"],
    );
    check(
        "\n\"가\"",
        &[],
        &["a.rs:2: Korean outside of `text!` and `say!`: 가"],
    );
    check("#[cfg(test)]\nmod tests { fn f() { \"가\" } }", &[], &[]);
    check("// text!(\"a\", \"b\")", &[], &[]);
}
