//! Completions at a position of a script: words of the language, and names in the script.

use super::tokens::{TokenStyle, tokens};
use script::vocabulary::{self, Word};
use texts::Language;

/// A completion to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) label: String,
    /// A short note beside the label.
    pub(crate) detail: String,
    /// A sentence below the label.
    pub(crate) info: String,
    pub(crate) is_name: bool,
}

/// The start of the word under the cursor, and its completions.
pub(crate) fn complete(text: &str, byte: usize, language: Language) -> (usize, Vec<Choice>) {
    let before = text.get(..byte).unwrap_or(text);
    let start = before.len()
        - before
            .chars()
            .rev()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .map(char::len_utf8)
            .sum::<usize>();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let lead = &before[line_start..start];
    let choices = match place(lead) {
        Place::Margin => margin(language),
        Place::Segment => segments(language),
        Place::Name => names(text, start),
        Place::Nothing => Vec::new(),
    };
    (start, choices)
}

enum Place {
    /// The start of a line without indentation.
    Margin,
    /// The start of a segment.
    Segment,
    /// After a word that requires a name.
    Name,
    Nothing,
}

fn place(lead: &str) -> Place {
    let trimmed = lead.trim_end();
    if lead.is_empty() {
        return Place::Margin;
    }
    if lead.contains(['#', '"']) {
        return Place::Nothing;
    }
    if trimmed.is_empty() || trimmed.ends_with([':', ';', '(', '→', '►']) || trimmed.ends_with("->")
    {
        return Place::Segment;
    }
    if trimmed.ends_with(char::is_alphanumeric) || trimmed.ends_with(',') {
        return Place::Name;
    }
    Place::Nothing
}

fn margin(language: Language) -> Vec<Choice> {
    let words = vocabulary::STATEMENTS.iter().map(|(_, word)| word);
    let settings = vocabulary::SETTINGS.iter().map(|(_, word)| word);
    let resources = vocabulary::RESOURCES.iter().map(|(_, word)| word);
    words
        .chain(settings)
        .chain(resources)
        .map(|word| choice(word, language))
        .collect()
}

fn segments(language: Language) -> Vec<Choice> {
    let clauses = vocabulary::CLAUSES.iter().map(|(_, word)| word);
    let verbs = vocabulary::SEGMENTS.iter().map(|(_, word)| word);
    verbs
        .chain(clauses)
        .map(|word| choice(word, language))
        .collect()
}

fn choice(word: &Word, language: Language) -> Choice {
    Choice {
        label: word.word.to_owned(),
        detail: word.python.to_owned(),
        info: word.doc.of(language).to_owned(),
        is_name: false,
    }
}

/// All names of the script, each once, except the one that is being typed.
fn names(text: &str, except_at: usize) -> Vec<Choice> {
    let mut names: Vec<String> = Vec::new();
    let tokens = tokens(text);
    let others = tokens
        .iter()
        .filter(|token| token.style == TokenStyle::Name && token.range.start != except_at)
        .filter_map(|token| text.get(token.range.clone()));
    for name in others {
        // Inserted in order: a sort of strings would add more code to the download.
        if let Err(place) = names.binary_search_by(|kept| kept.as_str().cmp(name)) {
            names.insert(place, name.to_owned());
        }
    }
    let choice = |label| Choice {
        label,
        detail: String::new(),
        info: String::new(),
        is_name: true,
    };
    names.into_iter().map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offered: &str, expected: bool) {
        let (_, choices) = complete(text, text.len(), Language::En);
        let found = choices.iter().any(|choice| choice.label == offered);
        assert_eq!(found, expected, "`{offered}` behind {text:?}");
    }

    #[test]
    fn words_are_offered_where_they_can_stand() {
        check("co", "cores", true);
        check("a: aw", "await", true);
        check("a: cpu 1 -> bl", "block", true);
        check("def ping: block 1\nrun pi", "ping", true);
        check("# co", "cores", false);
        check("a: co", "cores", false);
    }
}
