//! Texts in all languages, with placeholders for values.
//!
//! Texts are assembled at compile time, so a program contains only the texts that it uses.
//! Where they are shown is decided by the callers of [`text!`](crate::text) and
//! [`say!`](crate::say).

use std::fmt::{Display, Write};

use super::particle::particle_for;
use super::{FURTHER, Language};

/// A text in every language, made by [`text!`](crate::text).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(#[doc(hidden)] pub &'static [&'static str; LANGUAGES]);

#[doc(hidden)]
pub const LANGUAGES: usize = Language::ALL.len() + cfg!(any(test, feature = "staged")) as usize;

/// A text: English, then Korean. The files of further languages refer to it by the English.
#[macro_export]
macro_rules! text {
    ($en:literal, $ko:literal $(,)?) => {
        const {
            const EVERY: &[&str; $crate::language::LANGUAGES] =
                &$crate::language::of_languages($en, $ko, concat!("⟦", $en, "⟧"));
            $crate::language::Text(EVERY)
        }
    };
}

/// A sentence with values: `say!(language, "line {line}", "{line}번째 줄", line)`.
///
/// `{name:이/가}` is the value followed by the Korean particle that its last sound needs. A
/// placeholder without a value and a value without a placeholder do not compile.
#[macro_export]
macro_rules! say {
    ($language:expr, $en:literal, $ko:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const SENTENCE: $crate::language::Text = $crate::text!($en, $ko);
        const { $crate::language::fits($en, $ko, &[$(stringify!($name)),*]) };
        SENTENCE.fill($language, &[$((stringify!($name), &$crate::say!(@ $name $($value)?))),*])
    }};
    (@ $name:ident) => { $name };
    (@ $name:ident $value:expr) => { $value };
}

impl Text {
    pub const fn of(self, language: Language) -> &'static str {
        self.0[language as usize]
    }

    /// The English text, which identifies it in the files of further languages.
    pub const fn en(self) -> &'static str {
        self.of(Language::En)
    }

    /// The text with its placeholders replaced by values.
    pub fn fill(self, language: Language, values: &[(&str, &dyn Display)]) -> String {
        let mut filled = String::new();
        let mut rest = self.of(language);
        while let Some((before, (slot, after))) = rest
            .split_once('{')
            .and_then(|(before, slot)| Some((before, slot.split_once('}')?)))
        {
            filled.push_str(before);
            let (name, particles) = slot.split_once(':').unwrap_or((slot, ""));
            // Every slot of English and Korean has a value: `fits` checks it at compile time.
            if let Some((_, value)) = values.iter().find(|(of, _)| *of == name) {
                insert(&mut filled, *value, particles, language);
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

fn insert(filled: &mut String, value: &dyn Display, particles: &str, language: Language) {
    let start = filled.len();
    // Values are outside the brackets of a marked text.
    let written = if language.is_marked() {
        write!(filled, "⟧{value}⟦")
    } else {
        write!(filled, "{value}")
    };
    written.expect("writing to a string never fails");
    if let Some((closed, open)) = particles.split_once('/') {
        let particle = particle_for(&filled[start..], closed, open);
        filled.push_str(particle);
    }
}

/// The text in each language; English where a file has no translation.
#[doc(hidden)]
pub const fn of_languages(
    en: &'static str,
    ko: &'static str,
    marked: &'static str,
) -> [&'static str; LANGUAGES] {
    // The last entry is the marked text in tests; without it, a language overwrites it below.
    let mut every = [marked; LANGUAGES];
    every[Language::En as usize] = en;
    every[Language::Ko as usize] = ko;
    let mut at = 0;
    while at < FURTHER.len() {
        every[at + 2] = translation(FURTHER[at], en, ko);
        at += 1;
    }
    every
}

const fn translation(
    texts: &[(&str, &str, &'static str)],
    en: &'static str,
    ko: &str,
) -> &'static str {
    let mut at = 0;
    while at < texts.len() {
        let (of, only, translation) = texts[at];
        if is_same(of, en) && (only.is_empty() || is_same(only, ko)) {
            return translation;
        }
        at += 1;
    }
    en
}

/// Fails the build if the placeholders of a sentence and its values differ.
#[doc(hidden)]
pub const fn fits(en: &str, ko: &str, names: &[&str]) {
    assert!(
        holds_only(en, names) && holds_only(ko, names),
        "a placeholder of this sentence has no value"
    );
    let mut at = 0;
    while at < names.len() {
        assert!(
            slot(en, names[at]) || slot(ko, names[at]),
            "a value of this sentence has no placeholder"
        );
        at += 1;
    }
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
const fn slot(text: &str, name: &str) -> bool {
    let (bytes, mut at) = (text.as_bytes(), 0);
    while at < bytes.len() {
        if bytes[at] == b'{' && begins_with(bytes, at + 1, name.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether the whole name begins at this byte: `}` or particles follow it.
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

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tasks(language: Language, count: u32) -> String {
        match count {
            1 => say!(language, "one task", "태스크 하나"),
            _ => say!(language, "{count} tasks", "태스크 {count}개", count),
        }
    }

    #[test]
    fn values_are_in_the_order_of_each_language() {
        let check = |language, expected: &str| {
            let (first, all) = (3, "40");
            let said = say!(language, "{first} of {all}", "{all} 중 {first}", first, all);
            assert_eq!(said, expected);
        };
        check(Language::En, "3 of 40");
        check(Language::Ko, "40 중 3");
        check(Language::Marked, "⟦⟧3⟦ of ⟧40⟦⟧");
    }

    #[test]
    fn singular_and_plural_are_separate_sentences() {
        assert_eq!(tasks(Language::En, 1), "one task");
        assert_eq!(tasks(Language::En, 2), "2 tasks");
        assert_eq!(tasks(Language::Ko, 1), "태스크 하나");
    }

    #[test]
    fn particles_follow_the_last_sound_of_their_word() {
        let check = |who: &str, expected: &str| {
            let said = say!(Language::Ko, "{who} waits", "{who:이/가} 기다림", who);
            assert_eq!(said, expected);
        };
        check("국", "국이 기다림");
        check("order 2", "order 2가 기다림");
    }

    #[test]
    fn braces_in_values_are_not_placeholders() {
        let said = say!(Language::En, "`{word}`", "`{word}`", word = "{word}");
        assert_eq!(said, "`{word}`");
    }

    #[test]
    fn the_more_specific_translation_wins_and_a_missing_one_is_english() {
        let texts = [("step", "이전", "戻る"), ("step", "", "進む")];
        assert_eq!(translation(&texts, "step", "이전"), "戻る");
        assert_eq!(translation(&texts, "step", "다음"), "進む");
        assert_eq!(translation(&texts, "play", "재생"), "play");
        assert_eq!(translation(&texts, "steps", "이전"), "steps");
    }

    #[test]
    fn a_placeholder_is_the_whole_name() {
        assert!(holds_only("{run} of {runs:을/를}", &["run", "runs"]));
        assert!(!holds_only("{run} of {runs}", &["run"]));
        assert!(!holds_only("{run", &["run"]));
        assert!(slot("{runs}", "runs") && !slot("{runs}", "run"));
    }
}
