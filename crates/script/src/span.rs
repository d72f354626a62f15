//! Positions in a script: byte ranges, and lines and columns as editors show them.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// A byte range of the script. 32 bits suffice, because of [`model::limits::SCRIPT_BYTES_MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The range between two bytes.
    pub const fn new(start: usize, end: usize) -> Self {
        Self {
            start: start as u32,
            end: end as u32,
        }
    }

    /// The empty range at a byte.
    pub const fn at(byte: u32) -> Self {
        Self {
            start: byte,
            end: byte,
        }
    }

    /// The range from the start of this one to the end of `other`.
    pub const fn to(self, other: Self) -> Self {
        Self {
            start: self.start,
            end: other.end,
        }
    }

    /// The empty range directly after this one.
    pub const fn behind(self) -> Self {
        Self::at(self.end)
    }

    /// The range for slicing the text.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// A sort key: by start, then by end.
    pub(super) fn place(self) -> u64 {
        u64::from(self.start) << 32 | u64::from(self.end)
    }

    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The text in this range; empty if the range does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// A position as editors show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// In terminal cells, from 1, e.g. 5 after two syllables of Hangul.
    pub width_column: usize,
}

/// The line and column of a byte. A byte inside a character counts as the character's first
/// byte, a byte after the end as the end.
pub fn line_column(text: &str, byte: usize) -> LineColumn {
    let byte = floor_char_boundary(text, byte);
    let before = &text[..byte];
    let line_start = line_start(before);
    // A byte order mark is invisible, so it has no column.
    let in_line = before[line_start..].trim_start_matches('\u{feff}');
    LineColumn {
        line: 1 + line_breaks(&before[..line_start]),
        column: 1 + in_line.chars().count(),
        width_column: 1 + cells(in_line),
    }
}

/// The byte range of line `number` (from 1), without its line break.
pub fn line_range(text: &str, number: usize) -> Option<Range<usize>> {
    lines(text).nth(number.checked_sub(1)?)
}

/// The number of terminal cells that a text takes. A tab counts as one, because diagnostics
/// print it as a space.
pub fn cells(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(1)).sum()
}

/// The byte ranges of all lines, without their line breaks (`\n`, `\r\n`, `\r`).
pub(super) fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let rest = &text.as_bytes()[start..];
        let Some(length) = rest.iter().position(|b| matches!(b, b'\n' | b'\r')) else {
            next = None;
            return Some(start..text.len());
        };
        let crlf = rest[length..].starts_with(b"\r\n");
        next = Some(start + length + if crlf { 2 } else { 1 });
        Some(start..start + length)
    })
}

fn floor_char_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

fn line_start(before: &str) -> usize {
    before.rfind(['\n', '\r']).map_or(0, |at| at + 1)
}

/// The number of line breaks; `\r\n` counts once, by its `\n`.
fn line_breaks(text: &str) -> usize {
    let bytes = text.as_bytes();
    let lone_returns = bytes
        .iter()
        .enumerate()
        .filter(|&(at, &b)| b == b'\r' && bytes.get(at + 1) != Some(&b'\n'))
        .count();
    bytes.iter().filter(|&&b| b == b'\n').count() + lone_returns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, byte: usize, expected: (usize, usize, usize)) {
        let place = line_column(text, byte);
        assert_eq!((place.line, place.column, place.width_column), expected);
    }

    #[test]
    fn hangul_is_one_character_and_two_cells() {
        let text = "a: cpu 3\n파스타: cpuu 3";
        check(text, 0, (1, 1, 1));
        check(text, text.find("cpuu").unwrap(), (2, 6, 9));
    }

    #[test]
    fn every_line_break_counts_once() {
        check("a\r\nb\rc\nd", 3, (2, 1, 1));
        check("a\r\nb\rc\nd", 5, (3, 1, 1));
        check("a\r\nb\rc\nd", 7, (4, 1, 1));
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        check("\u{feff}a: x", 3, (1, 1, 1));
    }

    #[test]
    fn places_outside_the_text_are_moved_into_it() {
        check("가", 1, (1, 1, 1));
        check("가", 99, (1, 2, 3));
    }

    #[test]
    fn lines_are_found_by_number() {
        assert_eq!(line_range("a\r\nbc\n", 2), Some(3..5));
        assert_eq!(line_range("a\r\nbc\n", 3), Some(6..6));
        assert_eq!(line_range("a\r\nbc\n", 4), None);
        assert_eq!(line_range("a", 0), None);
    }
}
