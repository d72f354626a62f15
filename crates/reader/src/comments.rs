//! Durations and numbers of requests that the comments of a program state.
//!
//! ```text
//! user = decode(token)   # fast (0.001s)
//! await render(video)    # takes 10s
//! # 100 concurrent requests
//! ```
//!
//! Which call or handler a comment is about is left to [`super::translate`].

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::lexer::{PythonComment, comments};
use model::time::SimDuration;

/// The statements of all comments of a text.
#[derive(Debug, Default)]
pub(super) struct StatedFacts {
    lengths: BTreeMap<u32, StatedLength>,
    counts: Vec<StatedCount>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StatedLength {
    pub(super) length: SimDuration,
    /// Whether the comment says that it is computing, e.g. `# CPU 2s`.
    pub(super) is_cpu: bool,
}

/// A number of simultaneous requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StatedCount {
    pub(super) line: u32,
    pub(super) count: u64,
    /// Whether the comment stands at the left margin, between functions.
    pub(super) is_outside: bool,
}

/// The words of `comments.txt`, e.g. the units of durations.
static WORDS: LazyLock<Words> = LazyLock::new(|| Words::parse(include_str!("comments.txt")));

#[derive(Debug, Default)]
struct Words {
    /// Each with its nanoseconds.
    units: Vec<(&'static str, f64)>,
    other_times: Vec<&'static str>,
    takes: Vec<&'static str>,
    computes: Vec<&'static str>,
    at_once: Vec<&'static str>,
    counted: Vec<&'static str>,
    limits: Vec<&'static str>,
}

impl Words {
    fn parse(text: &'static str) -> Self {
        let mut words = Self::default();
        let mut section = "";
        for line in text.lines().map(str::trim) {
            match (line, section) {
                (line, _) if line.is_empty() || line.starts_with('#') => {}
                (line, _) if line.starts_with('[') => section = line,
                (line, "[units]") => {
                    let unit = line.split_once(' ');
                    let unit = unit.and_then(|(unit, nanos)| Some((unit, nanos.parse().ok()?)));
                    words.units.extend(unit);
                }
                (line, "[other times]") => words.other_times.push(line),
                (line, "[takes]") => words.takes.push(line),
                (line, "[computes]") => words.computes.push(line),
                (line, "[at once]") => words.at_once.push(line),
                (line, "[counted]") => words.counted.push(line),
                (line, "[limits]") => words.limits.push(line),
                _ => {}
            }
        }
        words
    }
}

/// Whether the text has one of the words. Words of letters are whole words, so that `ago` is not
/// found in `Chicago`; beginnings such as `expir` are longer than four letters.
fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        let is_short = word.len() <= 4 && word.chars().all(|c| c.is_ascii_alphabetic());
        let mut found = text.match_indices(word);
        found.any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let behind = text[at + word.len()..].chars().next();
            let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
            !is_letter(before) && (!is_short || !is_letter(behind)) || !word.is_ascii()
        })
    })
}

/// The greatest number of requests that a comment may state, as in `--requests`.
const COUNT_MAX: u64 = 100_000;

impl StatedFacts {
    pub(super) fn of(text: &str, first_line: u32) -> Self {
        let mut facts = Self::default();
        for comment in comments(text, first_line) {
            facts.add_comment(comment);
        }
        facts
    }

    /// Adds the facts of another text, whose lines differ from those of this one.
    pub(super) fn extend(&mut self, other: Self) {
        self.lengths.extend(other.lengths);
        self.counts.extend(other.counts);
    }

    fn add_comment(&mut self, comment: PythonComment) {
        let text = comment.text.to_lowercase();
        if let Some(count) = stated_count(&text) {
            self.counts.push(StatedCount {
                line: comment.line,
                count,
                is_outside: comment.column == 0,
            });
        }
        let Some(length) = stated_length(&text) else {
            return;
        };
        let is_cpu = has_any(&text, &WORDS.computes);
        let stated = StatedLength { length, is_cpu };
        if !comment.is_alone {
            self.lengths.insert(comment.line, stated);
        } else if has_any(&text, &WORDS.takes) {
            self.lengths.entry(comment.line + 1).or_insert(stated);
        }
    }

    /// The duration that a comment on this line, or alone on the line above, states.
    pub(super) fn length_at(&self, line: u32) -> Option<StatedLength> {
        self.lengths.get(&line).copied()
    }

    pub(super) fn counts(&self) -> &[StatedCount] {
        &self.counts
    }
}

/// The last duration of a comment, e.g. 10 s of `takes 10s`.
fn stated_length(text: &str) -> Option<SimDuration> {
    if has_any(text, &WORDS.other_times) {
        return None;
    }
    let found = numbers(text).filter_map(|(number, behind)| {
        let behind = behind.trim_start_matches([' ', '-']);
        let (unit, nanos) = WORDS
            .units
            .iter()
            .find(|(unit, _)| behind.starts_with(unit))?;
        let next = behind[unit.len()..].chars().next();
        // `3 steps` has no unit.
        let is_whole = next.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_');
        is_whole.then(|| super::piece::seconds(number * nanos / 1e9))
    });
    found.last()
}

fn stated_count(text: &str) -> Option<u64> {
    if !has_any(text, &WORDS.at_once) || has_any(text, &WORDS.limits) {
        return None;
    }
    numbers(text).find_map(|(number, behind)| {
        let behind = behind.trim_start();
        let fits = WORDS.counted.iter().any(|word| behind.starts_with(word));
        let whole = number.fract() == 0.0 && number >= 1.0 && number <= COUNT_MAX as f64;
        (fits && whole).then_some(number as u64)
    })
}

/// The numbers of a text, each with the text behind it. A number inside a word is none.
fn numbers(text: &str) -> impl Iterator<Item = (f64, &str)> {
    let mut rest = text;
    let mut before = ' ';
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(|c: char| c.is_ascii_digit())?;
            before = rest[..start].chars().next_back().unwrap_or(before);
            let digits = rest[start..]
                .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
                .map_or(rest.len(), |end| start + end);
            let word = rest[start..digits].trim_end_matches(['.', ',']);
            let behind = &rest[start + word.len()..];
            let is_inside = before.is_ascii_alphanumeric() || before == '_';
            before = word.chars().next_back().unwrap_or(' ');
            rest = behind;
            if let (false, Ok(number)) = (is_inside, word.replace(',', "").parse()) {
                return Some((number, behind));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_length(comment: &str, expected: Option<&str>) {
        let found = stated_length(&comment.to_lowercase()).map(|length| length.to_string());
        assert_eq!(found.as_deref(), expected, "{comment}");
    }

    #[track_caller]
    fn check_count(comment: &str, expected: Option<u64>) {
        assert_eq!(stated_count(&comment.to_lowercase()), expected, "{comment}");
    }

    #[test]
    fn a_comment_states_how_long_a_call_takes() {
        check_length("# takes 2s", Some("2s"));
        check_length("# about 1.5 seconds", Some("1.5s"));
        check_length("# 200ms", Some("200ms"));
        check_length("# 1,000 ms", Some("1s"));
    }

    #[test]
    fn a_comment_about_another_time_or_number_states_no_length() {
        check_length("# timeout after 30s", None);
        check_length("# retry every 5 seconds", None);
        check_length("# 3 steps", None);
        check_length("# python3s", None);
        check_length("# section 2", None);
    }

    #[test]
    fn a_comment_states_how_many_requests_come_at_once() {
        check_count("# 100 concurrent", Some(100));
        check_count("# 50 simultaneous requests", Some(50));
        check_count("# at most 10 concurrent requests", None);
        check_count("# 100 requests a day", None);
    }
}
