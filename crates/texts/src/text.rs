//! A text in every language, and the values in it.
//!
//! Translations are looked up at compile time, so a program contains only the texts it uses.

use std::cmp::Ordering;
use std::fmt::{Display, Write};

use super::particle::particle_for;
use super::{Language, TRANSLATIONS};

/// The same words in every language: [`text!`](crate::text!).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(#[doc(hidden)] pub &'static [&'static str; LANGUAGES]);

#[doc(hidden)]
pub const LANGUAGES: usize = Language::ALL.len() + cfg!(any(test, feature = "marked")) as usize;

/// An English text with its translations: `text!("Share")`.
#[macro_export]
macro_rules! text {
    ($en:literal $(,)?) => {
        const {
            const EVERY: &[&str; $crate::LANGUAGES] =
                &$crate::of_languages($en, concat!("⟦", $en, "⟧"));
            $crate::Text(EVERY)
        }
    };
}

/// A sentence with values, in a language: `say!(language, "line {line}", line)`.
///
/// A translation may write `{task:이/가}`: the value with the Korean particle that its last sound
/// requires. A placeholder without a value, or a value without a placeholder, does not compile.
#[macro_export]
macro_rules! say {
    ($language:expr, $en:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const SENTENCE: $crate::Text = $crate::text!($en);
        const { $crate::assert_fits(SENTENCE, &[$(stringify!($name)),*]) };
        SENTENCE.fill($language, &[$((stringify!($name), &$crate::say!(@ $name $($value)?))),*])
    }};
    (@ $name:ident) => { $name };
    (@ $name:ident $value:expr) => { $value };
}

/// The text without control characters, which could move the cursor or end the line.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

impl Text {
    pub const fn of(self, language: Language) -> &'static str {
        self.0[language as usize]
    }

    /// The English text, which is the key of its translations.
    pub const fn en(self) -> &'static str {
        self.of(Language::En)
    }

    /// The text with the values in it.
    pub fn fill(self, language: Language, values: &[(&str, &dyn Display)]) -> String {
        let mut filled = String::new();
        let mut rest = self.of(language);
        while let Some((before, (slot, after))) = rest
            .split_once('{')
            .and_then(|(before, slot)| Some((before, slot.split_once('}')?)))
        {
            filled.push_str(before);
            let (name, particles) = slot.split_once(':').unwrap_or((slot, ""));
            if let Some((_, value)) = values.iter().find(|(of, _)| *of == name) {
                insert_value(&mut filled, *value, particles, language);
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

fn insert_value(filled: &mut String, value: &dyn Display, particles: &str, language: Language) {
    let start = filled.len();
    // Values are no part of the text that is marked.
    let written = if language.is_marked() {
        write!(filled, "⟧{value}⟦")
    } else {
        write!(filled, "{value}")
    };
    written.expect("a string takes everything");
    if let Some((closed, open)) = particles.split_once('/') {
        let particle = particle_for(&filled[start..], closed, open);
        filled.push_str(particle);
    }
}

/// The text in each language: English where the translation is missing.
#[doc(hidden)]
pub const fn of_languages(en: &'static str, marked: &'static str) -> [&'static str; LANGUAGES] {
    // The last place is `Language::Marked` where that exists, and is overwritten elsewhere.
    let mut every = [marked; LANGUAGES];
    every[Language::En as usize] = en;
    let mut at = 0;
    while at < TRANSLATIONS.len() {
        every[at + 1] = match find_translation(TRANSLATIONS[at], en) {
            Some(text) => text,
            None => en,
        };
        at += 1;
    }
    every
}

/// Binary search in pairs that are sorted by their English text.
const fn find_translation(
    texts: &[(&'static str, &'static str)],
    en: &str,
) -> Option<&'static str> {
    let (mut low, mut high) = (0, texts.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let (of, translation) = texts[middle];
        match compare_texts(of, en) {
            Ordering::Equal => return Some(translation),
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
        }
    }
    None
}

/// Ends the build where a sentence and its values do not fit, in any language.
#[doc(hidden)]
pub const fn assert_fits(sentence: Text, names: &[&str]) {
    let mut language = 0;
    while language < LANGUAGES {
        assert!(
            holds_only(sentence.0[language], names),
            "a placeholder of this sentence or of a translation has no value"
        );
        language += 1;
    }
    let mut name = 0;
    while name < names.len() {
        assert!(
            is_used(sentence, names[name]),
            "a value of this sentence has no placeholder in any language"
        );
        name += 1;
    }
}

const fn is_used(sentence: Text, name: &str) -> bool {
    let mut language = 0;
    while language < LANGUAGES {
        if has_slot(sentence.0[language], name) {
            return true;
        }
        language += 1;
    }
    false
}

/// Whether every `{name}` of the text is one of the names.
const fn holds_only(text: &str, names: &[&str]) -> bool {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at < bytes.len() {
        if bytes[at] == b'{' && !begins_with_one_of(bytes, at + 1, names) {
            return false;
        }
        at += 1;
    }
    true
}

const fn begins_with_one_of(bytes: &[u8], at: usize, names: &[&str]) -> bool {
    let mut name = 0;
    while name < names.len() {
        if begins_with(bytes, at, names[name].as_bytes()) {
            return true;
        }
        name += 1;
    }
    false
}

/// Whether `{name}` is in the text.
const fn has_slot(text: &str, name: &str) -> bool {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at < bytes.len() {
        if bytes[at] == b'{' && begins_with(bytes, at + 1, name.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether the name stands there as a whole: before `}` or before its particles.
const fn begins_with(bytes: &[u8], start: usize, name: &[u8]) -> bool {
    if start + name.len() >= bytes.len() {
        return false;
    }
    let mut at = 0;
    while at < name.len() {
        if bytes[start + at] != name[at] {
            return false;
        }
        at += 1;
    }
    matches!(bytes[start + name.len()], b'}' | b':')
}

/// `Ord::cmp` for strings, which is no constant function.
const fn compare_texts(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() {
        if one[at] < other[at] {
            return Ordering::Less;
        }
        if one[at] > other[at] {
            return Ordering::Greater;
        }
        at += 1;
    }
    if one.len() < other.len() {
        Ordering::Less
    } else if one.len() > other.len() {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text with one English and one Korean form, as if it stood in `ko.txt`.
    fn two(en: &'static str, ko: &'static str) -> Text {
        let mut every = [en; LANGUAGES];
        every[Language::Ko as usize] = ko;
        Text(Box::leak(Box::new(every)))
    }

    #[test]
    fn a_sentence_says_its_values_in_the_order_of_its_language() {
        let text = two("{first} of {all}", "{all} 중 {first}");
        let values: &[(&str, &dyn Display)] = &[("first", &3), ("all", &"40")];
        assert_eq!(text.fill(Language::En, values), "3 of 40");
        assert_eq!(text.fill(Language::Ko, values), "40 중 3");
        assert_eq!(say!(Language::Marked, "row {row}", row = 3), "⟦row ⟧3⟦⟧");
    }

    #[test]
    fn particles_follow_the_last_sound_of_their_word() {
        let check = |task: &str, expected: &str| {
            let text = two("{task} waits", "{task:이/가} 기다림");
            assert_eq!(text.fill(Language::Ko, &[("task", &task)]), expected);
        };
        check("국", "국이 기다림");
        check("order 2", "order 2가 기다림");
    }

    #[test]
    fn braces_in_values_are_no_placeholders() {
        assert_eq!(say!(Language::En, "`{word}`", word = "{word}"), "`{word}`");
    }

    #[test]
    fn a_translation_is_found_by_the_whole_text() {
        let texts = [("play", "재생"), ("step back", "이전"), ("step on", "다음")];
        assert_eq!(find_translation(&texts, "step on"), Some("다음"));
        assert_eq!(find_translation(&texts, "play"), Some("재생"));
        assert_eq!(find_translation(&texts, "step"), None);
        assert_eq!(find_translation(&[], "step"), None);
    }

    #[test]
    fn a_placeholder_is_the_whole_name() {
        assert!(holds_only("{run} of {runs:을/를}", &["run", "runs"]));
        assert!(!holds_only("{run} of {runs}", &["run"]));
        assert!(!holds_only("{run", &["run"]));
        assert!(has_slot("{runs}", "runs") && !has_slot("{runs}", "run"));
    }
}
