//! Compares a language file with the texts of the program: missing translations, stale entries,
//! and values that a translation misspells or omits.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::file::{LanguageFile, TextEntry};
use super::sources::Text;

/// One line for each problem; none for a complete language.
pub(crate) fn problems(file: &LanguageFile, texts: &[Text]) -> Vec<String> {
    let place =
        |entry: &TextEntry| format!("crates/texts/languages/{}.txt:{}", file.tag, entry.line);
    let mut problems = Vec::new();
    for text in texts
        .iter()
        .filter(|text| translation(file, text).is_none())
    {
        problems.push(format!("{}: not translated: {}", text.place(), text.en));
    }
    for (at, entry) in file.entries.iter().enumerate() {
        if !texts.iter().any(|text| text.en == entry.en) {
            problems.push(format!(
                "{}: not in the sources: {}",
                place(entry),
                entry.en
            ));
        }
        if file.entries[..at].iter().any(|other| other.en == entry.en) {
            problems.push(format!("{}: translated twice: {}", place(entry), entry.en));
        }
        let wrong = wrong_value(entry);
        problems.extend(wrong.map(|wrong| format!("{}: {wrong}", place(entry))));
    }
    problems
}

fn translation<'a>(file: &'a LanguageFile, text: &Text) -> Option<&'a str> {
    let entry = file.entries.iter().find(|entry| entry.en == text.en)?;
    entry.translation.as_deref()
}

/// A translation may use other values than English, e.g. `{count:은/는}` after a counted noun, but
/// not fewer. The compiler knows the values of a sentence; this test knows only those of the
/// English text.
fn wrong_value(entry: &TextEntry) -> Option<String> {
    let (of, used) = (values(&entry.en), values(entry.translation.as_deref()?));
    let omitted = of.iter().find(|name| !used.contains(*name))?;
    let problem = || {
        format!(
            "`{{{omitted}}}` is missing in the translation of: {}",
            entry.en
        )
    };
    (used.len() < of.len()).then(problem)
}

/// The names in braces, without their particles: `task` of `{task:이/가}`.
fn values(text: &str) -> BTreeSet<&str> {
    let slots = text.split('{').skip(1);
    slots
        .filter_map(|slot| slot.split(['}', ':']).next())
        .collect()
}

/// The file in its canonical form: every text in the order of the sources, below the name of the
/// first source that contains it; entries that no source contains any more at the end.
pub(crate) fn rewritten(file: &LanguageFile, texts: &[Text]) -> String {
    let mut all = format!("name = {}\n", file.name);
    let mut heading = "";
    for text in texts {
        if text.file != heading {
            heading = &text.file;
            write!(all, "\n# {heading}\n").expect("a string takes everything");
        }
        all.push_str(&entry(&file.tag, &text.en, translation(file, text)));
    }
    let is_stale = |entry: &&TextEntry| !texts.iter().any(|text| text.en == entry.en);
    let stale: Vec<_> = file.entries.iter().filter(is_stale).collect();
    if !stale.is_empty() {
        all.push_str("\n# Not in the sources\n");
    }
    for TextEntry {
        en, translation, ..
    } in stale
    {
        all.push_str(&entry(&file.tag, en, translation.as_deref()));
    }
    all
}

/// One entry in the format of a language file, e.g. `en: Share` and below it `ko: 공유`.
pub(crate) fn entry(tag: &str, en: &str, translation: Option<&str>) -> String {
    let translation = translation.map_or(String::new(), |text| format!(" {}", escaped(text)));
    format!("\nen: {}\n{tag}:{translation}\n", escaped(en))
}

/// The text on one line. It is in quotes if it is empty, begins or ends with a space, or begins
/// with a quote.
fn escaped(text: &str) -> String {
    let line = text.replace('\n', "\\n");
    if !line.is_empty() && line.trim() == line && !line.starts_with('"') {
        return line;
    }
    format!("\"{line}\"")
}
