//! Checks of a language file against the list of all texts: missing texts, stale entries, and
//! values that a translation misspells or leaves out.
//!
//! Finding the texts is left to `sources`.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::file::{Entry, File};
use super::sources::Text;

/// The problems of a file, one line each; empty for a complete one.
pub(crate) fn problems(file: &File, texts: &[Text]) -> Vec<String> {
    let place = |entry: &Entry| format!("engine/languages/{}.txt:{}", file.tag, entry.line);
    let mut problems = Vec::new();
    for text in missing(file, texts) {
        let Text { file, line, en, .. } = text;
        problems.push(format!("{file}:{line}: not translated: {en}"));
    }
    for (at, entry) in file.entries.iter().enumerate() {
        let of: Vec<_> = texts.iter().filter(|text| is_of(entry, text)).collect();
        if of.is_empty() {
            problems.push(format!("{}: no such text: {}", place(entry), entry.en));
        }
        let is_same = |other: &Entry| other.en == entry.en && other.ko == entry.ko;
        if file.entries[..at].iter().any(is_same) {
            problems.push(format!("{}: translated twice: {}", place(entry), entry.en));
        }
        if !entry.translation.is_empty() {
            let wrong = of.iter().find_map(|text| wrong_value(entry, text));
            problems.extend(wrong.map(|wrong| format!("{}: {wrong}", place(entry))));
        }
    }
    problems
}

/// The texts that the file does not translate.
pub(crate) fn missing<'a>(file: &File, texts: &'a [Text]) -> Vec<&'a Text> {
    let has = |text: &Text| {
        let mut entries = file.entries.iter();
        entries.any(|entry| is_of(entry, text) && !entry.translation.is_empty())
    };
    texts.iter().filter(|text| !has(text)).collect()
}

fn is_of(entry: &Entry, text: &Text) -> bool {
    entry.en == text.en && entry.ko.as_ref().is_none_or(|ko| *ko == text.ko)
}

fn wrong_value(entry: &Entry, text: &Text) -> Option<String> {
    let (en, ko) = (values(&text.en), values(&text.ko));
    let said = values(&entry.translation);
    let unknown = said
        .iter()
        .find(|name| !en.contains(*name) && !ko.contains(*name));
    if let Some(name) = unknown {
        return Some(format!("`{{{name}}}` is not a value of: {}", entry.en));
    }
    let left_out = en
        .iter()
        .find(|name| ko.contains(*name) && !said.contains(*name));
    left_out.map(|name| format!("`{{{name}}}` is left out of: {}", entry.en))
}

/// The names in braces, without particles.
fn values(text: &str) -> BTreeSet<&str> {
    let slots = text.split('{').skip(1);
    slots
        .filter_map(|slot| slot.split(['}', ':']).next())
        .collect()
}

/// Entries to fill in for all missing texts, grouped by source file, with the Korean text if
/// the English one has several meanings.
pub(crate) fn skeleton(file: &File, texts: &[Text]) -> String {
    let known = |text: &&&Text| !file.entries.iter().any(|entry| is_of(entry, text));
    let mut skeleton = String::new();
    let mut heading = "";
    for text in missing(file, texts).iter().filter(known) {
        if text.file != heading {
            heading = &text.file;
            writeln!(skeleton, "\n# {heading}").expect("writing to a string never fails");
        }
        skeleton.push_str(&entry(&file.tag, text, texts, ""));
    }
    skeleton
}

/// An entry in the format of the file.
pub(crate) fn entry(tag: &str, text: &Text, texts: &[Text], translation: &str) -> String {
    let meanings = texts.iter().filter(|other| other.en == text.en).count();
    let ko = match meanings {
        1 => String::new(),
        _ => format!("ko: {}\n", escaped(&text.ko)),
    };
    let translation = format!("{tag}: {}", escaped(translation));
    format!(
        "\nen: {}\n{ko}{}\n",
        escaped(&text.en),
        translation.trim_end()
    )
}

/// The text on one line; in quotes if it begins or ends with a space, or begins with a quote.
fn escaped(text: &str) -> String {
    let line = text.replace('\n', "\\n");
    if line.trim() == line && !line.starts_with('"') {
        line
    } else {
        format!("\"{line}\"")
    }
}
