//! Korean particles, which depend on the last sound of the word before them.

/// The word with the first particle behind a consonant and with the second
/// behind a vowel: `order 1이`, `order 2가`.
pub(in crate::web) fn with(word: &str, closed: &str, open: &str) -> String {
    let particle = if ends_closed(word) { closed } else { open };
    format!("{word}{particle}")
}

/// As the word is read aloud in Korean; Latin words by their usual sound.
fn ends_closed(word: &str) -> bool {
    let last = word.chars().rev().find(|c| c.is_alphanumeric());
    match last {
        // The syllables of Unicode are ordered by their final consonant, 28 to a vowel; the first has none.
        Some(c @ '가'..='힣') => !(c as u32 - '가' as u32).is_multiple_of(28),
        // 영, 일, 삼, 육, 칠, 팔.
        Some(c) if c.is_ascii_digit() => "013678".contains(c),
        Some(c) => "lmnkptb".contains(c.to_ascii_lowercase()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sound_decides() {
        let check = |word: &str, expected: &str| assert_eq!(with(word, "이", "가"), expected);
        check("파스타", "파스타가");
        check("국", "국이");
        check("order 1", "order 1이");
        check("order 2", "order 2가");
        check("report", "report이");
        check("`await`", "`await`이");
        check("order", "order가");
        check("", "가");
    }
}
