//! Korean particles, which depend on the last sound of the word before them, e.g. 이 or 가.
//!
//! The texts decide where a particle is used.

/// The first particle after a consonant, the second after a vowel: `order 1이`, `order 2가`.
pub(super) fn particle_for<'a>(word: &str, closed: &'a str, open: &'a str) -> &'a str {
    if ends_closed(word) { closed } else { open }
}

/// Whether the word ends in a consonant when it is read aloud in Korean.
fn ends_closed(word: &str) -> bool {
    let sounded = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    match sounded.chars().next_back() {
        // Unicode orders syllables by their final consonant, 28 for each vowel; the first has none.
        Some(c @ '가'..='힣') => !(c as u32 - '가' as u32).is_multiple_of(28),
        // The digits that end in a consonant: 영, 일, 삼, 육, 칠, 팔.
        Some(c) if c.is_ascii_digit() => "013678".contains(c),
        Some(_) => latin_ends_closed(&sounded.to_ascii_lowercase()),
        None => false,
    }
}

/// Follows the usual Hangul spelling of English words: 폼, 핑, 블록, 겟, 테이블, but 리포트, 케이크.
fn latin_ends_closed(word: &str) -> bool {
    const SONORANT: [char; 3] = ['l', 'm', 'n'];
    let stop = word.strip_suffix(['p', 't', 'k', 'b']);
    word.ends_with(SONORANT)
        || word.ends_with("ng")
        || word.ends_with("ck")
        || stop.is_some_and(|rest| rest.ends_with(['a', 'e', 'i', 'o', 'u']))
        || word
            .strip_suffix('e')
            .is_some_and(|rest| rest.ends_with(SONORANT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sound_decides() {
        let check = |word: &str, expected: &str| {
            assert_eq!(
                format!("{word}{}", particle_for(word, "이", "가")),
                expected
            );
        };
        check("파스타", "파스타가");
        check("국", "국이");
        check("order 1", "order 1이");
        check("order 2", "order 2가");
        check("report", "report가");
        check("ping", "ping이");
        check("one", "one이");
        check("task", "task가");
        check("`await`", "`await`이");
        check("order", "order가");
        check("", "가");
    }
}
