//! The width of a text, from a table instead of a font.
//!
//! The scene is laid out in workers and on servers, which have no fonts, and the reader's font
//! is unknown. The table is that of a wide sans-serif, so a label that fits here also fits in
//! the reader's font. Drawing text is left to painters.

use unicode_width::UnicodeWidthChar;

/// Widths in hundredths of the font size, for the characters from space to tilde.
const WIDTHS: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 78, 75, 30, 30, 66, 56, 86, 75,
    79, 60, 79, 70, 64, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 64, 55, 64, 62, 35,
    64, 63, 28, 28, 58, 28, 97, 63, 61, 64, 64, 41, 52, 39, 63, 59, 82, 59, 59, 53, 64, 34, 64, 84,
];

/// Hangul, Han and kana are as wide as high.
const WIDE: u8 = 100;
/// All other characters: about the width of a digit.
const OTHER: u8 = 64;
/// The bold face is wider by this factor.
const BOLD: f64 = 1.1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// Width of a text in pixels.
pub fn width(text: &str, size_px: f64, weight: Weight) -> f64 {
    let hundredths: u64 = text.chars().map(|c| u64::from(advance(c))).sum();
    let factor = match weight {
        Weight::Regular => 1.0,
        Weight::Bold => BOLD,
    };
    hundredths as f64 / 100.0 * size_px * factor
}

fn advance(character: char) -> u8 {
    match character {
        ' '..='~' => WIDTHS[character as usize - ' ' as usize],
        '·' => 32,
        '…' => 100,
        // By Unicode's East Asian Width: combining marks have no width.
        _ => match character.width() {
            None | Some(0) => 0,
            Some(1) => OTHER,
            Some(_) => WIDE,
        },
    }
}

/// The text, cut with an ellipsis if it does not fit; empty if not even one letter fits.
pub fn fitted(text: &str, width_px: f64, size_px: f64, weight: Weight) -> String {
    if width(text, size_px, weight) <= width_px {
        return text.to_owned();
    }
    let room = width_px - width("…", size_px, weight);
    match beginning(text, room, size_px, weight).trim_end() {
        "" => String::new(),
        kept => format!("{kept}…"),
    }
}

/// The parts of the room for the end of a name that is cut: names differ there, e.g. by a number. The
/// last word may take more, so that `1–40` remains whole.
const TAIL_PART: f64 = 0.4;
const LAST_WORD_PART: f64 = 0.75;

/// The name of a row, cut in the middle if it does not fit.
pub fn fitted_name(name: &str, width_px: f64, size_px: f64) -> String {
    let width = |text: &str| width(text, size_px, Weight::Regular);
    if width(name) <= width_px {
        return name.to_owned();
    }
    let room = width_px - width("…");
    let last_word = name.rsplit_once(' ').map(|(_, word)| word);
    let last_word = last_word.filter(|word| width(word) <= room * LAST_WORD_PART);
    let mut tails = name.char_indices().map(|(at, _)| &name[at..]);
    let tail = last_word
        .or_else(|| tails.find(|tail| width(tail) <= room * TAIL_PART))
        .unwrap_or("");
    match beginning(name, room - width(tail), size_px, Weight::Regular).trim_end() {
        "" => String::new(),
        head => format!("{head}…{tail}"),
    }
}

/// The longest beginning of a text that fits.
fn beginning(text: &str, room_px: f64, size_px: f64, weight: Weight) -> &str {
    let ends = text
        .char_indices()
        .map(|(at, character)| at + character.len_utf8());
    let fits = |end: &usize| width(&text[..*end], size_px, weight) <= room_px;
    &text[..ends.take_while(fits).last().unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, width_px: f64, expected: &str) {
        assert_eq!(fitted(text, width_px, 10.0, Weight::Regular), expected);
    }

    #[test]
    fn a_text_that_does_not_fit_is_cut() {
        check("pasta", 100.0, "pasta");
        check("make_pasta_for_everybody", 60.0, "make_pa…");
        check("파스타 만들기", 50.0, "파스타…");
        check("파스타 만들기", 80.0, "파스타 만들기");
        check("pasta", 12.0, "");
        check("", 0.0, "");
    }

    #[test]
    fn a_name_keeps_both_ends() {
        let check = |name, width_px, expected: &str| {
            assert_eq!(fitted_name(name, width_px, 10.0), expected);
        };
        check("order 12", 100.0, "order 12");
        check("process_order_with_stock 12", 90.0, "process_orde…12");
        check("thread 1–40", 50.0, "thr…1–40");
        check("파스타_만들기_12", 70.0, "파스타_…_12");
        check("pasta 1", 12.0, "");
    }

    #[test]
    fn hangul_is_twice_as_wide_as_a_narrow_letter_or_more() {
        assert_eq!(width("가", 10.0, Weight::Regular), 10.0);
        assert!(width("가", 10.0, Weight::Bold) > 10.0);
    }
}
