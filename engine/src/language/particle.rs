//! Korean particles, which depend on the last sound of the word before them.

/// The first particle behind a consonant, the second behind a vowel: `order 1이`, `order 2가`.
pub(super) fn particle<'a>(word: &str, closed: &'a str, open: &'a str) -> &'a str {
    match ends_closed(word) {
        true => closed,
        false => open,
    }
}

/// As the word is read aloud in Korean.
fn ends_closed(word: &str) -> bool {
    let sounded = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    match sounded.chars().next_back() {
        // The syllables of Unicode are ordered by their final consonant, 28 to a vowel; the first has none.
        Some(c @ '가'..='힣') => !(c as u32 - '가' as u32).is_multiple_of(28),
        // 영, 일, 삼, 육, 칠, 팔.
        Some(c) if c.is_ascii_digit() => "013678".contains(c),
        Some(_) => latin_ends_closed(&sounded.to_ascii_lowercase()),
        None => false,
    }
}

/// By how English words are written in Hangul: 폼, 핑, 블록, 겟, 테이블, but 리포트, 케이크.
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
            assert_eq!(format!("{word}{}", particle(word, "이", "가")), expected);
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
