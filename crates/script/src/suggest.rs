//! Did-you-mean: the known word that is most similar to a misspelt one.

/// In characters. Longer words are hardly typing errors, and a comparison takes time in
/// proportion to the product of the lengths.
const COMPARED_MAX: usize = 40;

/// The most similar candidate within the allowed distance; the first one of equals. E.g. `await` for
/// `awiat`.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    if word.len() > COMPARED_MAX {
        return None;
    }
    let allowed = allowed_distance(word.len());
    if allowed == 0 {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        // In bytes, of which a character has at most four.
        if candidate.len() > 4 * COMPARED_MAX {
            continue;
        }
        let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        // The distance is at least the difference of the lengths.
        if letters.len().abs_diff(word.len()) > allowed {
            continue;
        }
        let distance = distance(&word, &letters);
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The number of typing errors that are allowed in a word of this length. A word of one letter
/// has no neighbours, or every short name would be similar.
fn allowed_distance(length: usize) -> usize {
    match length {
        0 | 1 => 0,
        2..=4 => 1,
        5..=8 => 2,
        _ => 3,
    }
}

/// The number of insertions, deletions, replacements and swaps of neighbours between two words
/// (optimal string alignment), e.g. 1 from `awiat` to `await`.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut current = vec![0; b.len() + 1];
    for i in 1..=a.len() {
        current[0] = i;
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            current[j] = replaced.min(last[j] + 1).min(current[j - 1] + 1);
            let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if swapped {
                current[j] = current[j].min(before_last[j - 2] + 1);
            }
        }
        // Three rows rotate, because a swap looks back by two.
        std::mem::swap(&mut before_last, &mut last);
        std::mem::swap(&mut last, &mut current);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, candidates: &str, expected: Option<&str>) {
        assert_eq!(nearest(word, candidates.split(' ')), expected);
    }

    #[test]
    fn one_slip_is_forgiven() {
        check("awiat", "cpu await block", Some("await"));
        check("cpuu", "cpu await block", Some("cpu"));
        check("spwan", "spawn send", Some("spawn"));
        check("파스터", "파스타 토스트", Some("파스타"));
    }

    #[test]
    fn something_else_is_not_a_slip() {
        check("banana", "cpu await block", None);
        check("x", "y z", None);
        check("", "a", None);
    }

    #[test]
    fn the_nearest_wins_and_the_first_of_equals() {
        check("pong", "ping pong2 pong_", Some("ping"));
        check("pasta1", "pasta pasta12", Some("pasta"));
    }
}
