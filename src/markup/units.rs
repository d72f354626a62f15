//! No-break spaces between numbers and their units.

const UNITS: [&str; 5] = ["s", "ms", "min", "h", "d"];
const NO_BREAK_SPACE: char = '\u{a0}';

/// Puts no-break spaces before units, e.g. between 7 and s in `at 7 s, `.
pub(crate) fn kept_together(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let after = &text[at + character.len_utf8()..];
        let is_inside = character == ' '
            && kept.ends_with(|c: char| c.is_ascii_digit())
            && starts_with_unit(after);
        kept.push(if is_inside { NO_BREAK_SPACE } else { character });
    }
    kept
}

fn starts_with_unit(text: &str) -> bool {
    let end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    UNITS.contains(&&text[..end])
}

#[cfg(test)]
mod tests {
    use super::kept_together;

    #[test]
    fn only_units_are_tied_to_their_numbers() {
        assert_eq!(
            kept_together("done at 7 s, 2 seconds, `3 ms` 초 5"),
            "done at 7\u{a0}s, 2 seconds, `3\u{a0}ms` 초 5"
        );
    }
}
