//! The file format of a language: its name, then pairs of an English text and its translation.
//!
//! ```text
//! name = 한국어
//!
//! # Comments start a line.
//! en: line {line}
//! ko: {line}번째 줄
//! ```
//!
//! A line break within a text is written `\n`; quotes protect a space at either end.
//! Does not know which texts the program has: `tests/languages` compares the two.

/// A parsed language file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LanguageFile {
    /// The BCP 47 tag, which is the file's name: `ko`, `pt-BR`.
    pub(crate) tag: String,
    /// The language's own name.
    pub(crate) name: String,
    pub(crate) entries: Vec<TextEntry>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextEntry {
    pub(crate) line: usize,
    pub(crate) en: String,
    /// `None` while it is missing; `ko: ""` is a text that this language does not need.
    pub(crate) translation: Option<String>,
}

impl LanguageFile {
    /// The finished pairs, sorted by the English text: a constant function searches them by halves.
    pub(crate) fn translations(&self) -> Vec<(&str, &str)> {
        let mut pairs: Vec<_> = self
            .entries
            .iter()
            .filter_map(|entry| Some((entry.en.as_str(), entry.translation.as_deref()?)))
            .collect();
        pairs.sort_unstable();
        pairs
    }
}

/// Parses a file. An error is the number of the wrong line and the problem.
pub(crate) fn parse(tag: &str, text: &str) -> Result<LanguageFile, (usize, String)> {
    if !is_tag(tag) || tag == "en" {
        let problem = format!("`{tag}` is not a language tag such as `ko` or `pt-BR`");
        return Err((1, problem));
    }
    let mut file = LanguageFile {
        tag: tag.to_owned(),
        name: String::new(),
        entries: Vec::new(),
    };
    for (index, line) in text.lines().enumerate() {
        file.read_line(line.trim())
            .map_err(|problem| (index + 1, problem))?;
        if let Some(entry) = file.entries.last_mut()
            && entry.line == 0
        {
            entry.line = index + 1;
        }
    }
    if file.name.is_empty() {
        return Err((
            1,
            "the language's own name is missing: `name = 한국어`".to_owned(),
        ));
    }
    Ok(file)
}

impl LanguageFile {
    fn read_line(&mut self, line: &str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(name) = line.strip_prefix("name =") {
            self.name = name.trim().to_owned();
            return Ok(());
        }
        let expected = || format!("expected `en:` or `{}:`, found `{line}`", self.tag);
        let (label, after) = line.split_once(':').ok_or_else(expected)?;
        let text = read_text(after.trim());
        match label {
            "en" => self.entries.push(TextEntry {
                en: text,
                ..TextEntry::default()
            }),
            label if label == self.tag => {
                let entry = self.last_entry()?;
                if entry.translation.is_some() {
                    return Err(format!("`{}` is translated already", entry.en));
                }
                entry.translation = (!after.trim().is_empty()).then_some(text);
            }
            _ => return Err(expected()),
        }
        Ok(())
    }

    fn last_entry(&mut self) -> Result<&mut TextEntry, String> {
        let last = self.entries.last_mut();
        last.ok_or_else(|| "the English text comes first: `en: …`".to_owned())
    }
}

fn read_text(line: &str) -> String {
    let quoted = line
        .strip_prefix('"')
        .and_then(|line| line.strip_suffix('"'));
    quoted.unwrap_or(line).replace("\\n", "\n")
}

/// Whether this has the shape of a BCP 47 tag, e.g. `ko`, `pt-BR`, `zh-Hant`.
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    parts
        .next()
        .is_some_and(|first| (2..=3).contains(&first.len()))
        && tag
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric()))
}
