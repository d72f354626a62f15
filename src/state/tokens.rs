//! Tokens for the editor: those of the language, except that a duration is one token, so that
//! it can be dragged.

use std::ops::{Deref, Range};
use std::rc::Rc;

use super::parsed::ParsedScript;
use super::small_run::SMALL_BYTES;
use script::Class;

/// The numbers match those in the editor's highlighting.js.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum TokenStyle {
    Keyword = 0,
    Name = 1,
    Duration = 2,
    Number = 3,
    String = 4,
    Comment = 5,
    Operator = 6,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// The bytes of the token.
    pub(crate) range: Range<usize>,
    pub(crate) style: TokenStyle,
}

/// The tokens in the order of the text.
pub(crate) fn tokens(text: &str) -> Tokens {
    if text.len() <= SMALL_BYTES {
        // The run of the same text follows, and needs the rest of what was parsed.
        Tokens::Parsed(ParsedScript::of(text))
    } else {
        // The worker checks a long text, which would hold up the reader's typing.
        Tokens::Only(for_editor(text, script::tokens(text)))
    }
}

/// The tokens of a text; dereferences to a slice.
#[derive(Debug)]
pub(crate) enum Tokens {
    Parsed(Rc<ParsedScript>),
    Only(Vec<Token>),
}

impl Deref for Tokens {
    type Target = [Token];

    fn deref(&self) -> &[Token] {
        match self {
            Self::Parsed(parsed) => &parsed.tokens,
            Self::Only(tokens) => tokens,
        }
    }
}

/// The language's tokens as the editor shows them.
pub(crate) fn for_editor(text: &str, tokens: Vec<script::HighlightedToken>) -> Vec<Token> {
    let mut shown: Vec<Token> = Vec::new();
    let mut after_segment = false;
    for token in tokens {
        let range = token.span.range();
        if token.class == Class::Unit
            && let Some(number) = shown.last_mut()
            && matches!(number.style, TokenStyle::Number | TokenStyle::Duration)
            && number.range.end == range.start
        {
            number.range.end = range.end;
            number.style = TokenStyle::Duration;
            continue;
        }
        let style = match token.class {
            Class::Keyword | Class::Segment | Class::Unit => TokenStyle::Keyword,
            Class::Name => TokenStyle::Name,
            Class::Number if after_segment => TokenStyle::Duration,
            Class::Number => TokenStyle::Number,
            Class::String => TokenStyle::String,
            Class::Comment => TokenStyle::Comment,
            Class::Operator => TokenStyle::Operator,
        };
        after_segment = token.class == Class::Segment && takes_duration(text.get(range.clone()));
        shown.push(Token { range, style });
    }
    shown
}

fn takes_duration(word: Option<&str>) -> bool {
    word.is_some_and(|word| {
        ["cpu", "await", "block", "timeout"]
            .iter()
            .any(|each| each.eq_ignore_ascii_case(word))
    })
}

/// Converts ascending byte offsets to UTF-16 offsets.
#[derive(Debug)]
pub(crate) struct Utf16<'a> {
    text: &'a str,
    byte: usize,
    units: u32,
}

impl<'a> Utf16<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self {
            text,
            byte: 0,
            units: 0,
        }
    }

    /// An offset inside a character counts as its end, one behind the text as the text's end.
    pub(crate) fn at(&mut self, byte: usize) -> u32 {
        if byte < self.byte {
            *self = Self::of(self.text);
        }
        for character in self.text[self.byte..].chars() {
            if self.byte >= byte {
                break;
            }
            self.byte += character.len_utf8();
            self.units += character.len_utf16() as u32;
        }
        self.units
    }
}

/// The byte offset of a UTF-16 offset.
pub(crate) fn byte_at(text: &str, units: u32) -> usize {
    let mut counted = 0;
    for (byte, character) in text.char_indices() {
        if counted >= units {
            return byte;
        }
        counted += character.len_utf16() as u32;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let tokens = tokens(text);
        let durations = tokens
            .iter()
            .filter(|token| token.style == TokenStyle::Duration);
        let found: Vec<&str> = durations.map(|token| &text[token.range.clone()]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_duration_is_one_token_with_its_unit_or_without() {
        check("a: cpu 3 -> await 150ms", &["3", "150ms"]);
        check("파스타: cpu 3초 -> await 5초", &["3초", "5초"]);
        check("cores 4\nrun 3 a every 10ms", &["10ms"]);
    }

    #[test]
    fn offsets_count_as_javascript_does() {
        let text = "a🍝파: x";
        let mut units = Utf16::of(text);
        let at: Vec<u32> = [0, 1, 5, 8, 9].map(|byte| units.at(byte)).to_vec();
        assert_eq!(at, [0, 1, 3, 4, 5]);
        assert_eq!(units.at(1), 1);
        assert_eq!(
            [0, 1, 3, 4, 99].map(|units| byte_at(text, units)),
            [0, 1, 5, 8, 11]
        );
    }
}
