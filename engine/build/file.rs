//! The file format of a language: its name, then a translation for each English text.
//!
//! ```text
//! name = 日本語
//!
//! # Comments begin a line.
//! en: line {line}
//! ja: {line}行目
//! ```
//!
//! If an English text has two meanings, the Korean text distinguishes them (`ko:` below
//! `en:`). A line break within a text is written `\n`; quotes keep spaces at either end.
//! Whether the file has all texts is checked by `tests/languages`.

/// The contents of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its BCP 47 tag, which is the name of the file: `ja`, `pt-BR`.
    pub(crate) tag: String,
    /// The language's own name.
    pub(crate) name: String,
    pub(crate) entries: Vec<Entry>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) line: usize,
    pub(crate) en: String,
    /// If set, the entry is only for the text with this Korean.
    pub(crate) ko: Option<String>,
    /// Empty if it is still missing.
    pub(crate) translation: String,
}

impl File {
    /// English, Korean if it matters, and the translation; entries with Korean come first.
    pub(crate) fn translations(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let pairs = self.entries.iter().map(|entry| {
            let ko = entry.ko.as_deref().unwrap_or_default();
            (entry.en.as_str(), ko, entry.translation.as_str())
        });
        let (narrow, wide): (Vec<_>, Vec<_>) = pairs
            .filter(|(_, _, translation)| !translation.is_empty())
            .partition(|(_, ko, _)| !ko.is_empty());
        narrow.into_iter().chain(wide)
    }
}

/// Parses a file. The error is a line number and a message.
pub(crate) fn parse(tag: &str, text: &str) -> Result<File, (usize, String)> {
    if !is_tag(tag) || ["en", "ko"].contains(&tag) {
        let problem = format!(
            "`{tag}` is not the tag of a further language; name the file e.g. `ja` or `pt-BR`"
        );
        return Err((1, problem));
    }
    let mut file = File {
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
        let problem = "the language's own name is missing; add e.g. `name = 日本語`";
        return Err((1, problem.to_owned()));
    }
    Ok(file)
}

impl File {
    fn read_line(&mut self, line: &str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(name) = line.strip_prefix("name =") {
            self.name = name.trim().to_owned();
            return Ok(());
        }
        let expected = || format!("expected `en:` or `{}:`, found `{line}`", self.tag);
        let (label, text) = line.split_once(':').ok_or_else(expected)?;
        let text = read_text(text.trim());
        match label {
            "en" => self.entries.push(Entry {
                en: text,
                ..Entry::default()
            }),
            "ko" => self.last_entry()?.ko = Some(text),
            label if label == self.tag => {
                let entry = self.last_entry()?;
                if !entry.translation.is_empty() {
                    return Err(format!("`{}` is translated already", entry.en));
                }
                entry.translation = text;
            }
            _ => return Err(expected()),
        }
        Ok(())
    }

    fn last_entry(&mut self) -> Result<&mut Entry, String> {
        let last = self.entries.last_mut();
        last.ok_or_else(|| "the English text is missing; write `en: …` first".to_owned())
    }
}

fn read_text(line: &str) -> String {
    let quoted = line
        .strip_prefix('"')
        .and_then(|line| line.strip_suffix('"'));
    quoted.unwrap_or(line).replace("\\n", "\n")
}

/// Whether it has the form of a BCP 47 tag, e.g. `ja`, `pt-BR` or `zh-Hant`.
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    parts
        .next()
        .is_some_and(|first| (2..=3).contains(&first.len()))
        && tag
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric()))
}
