//! Which lines of a script correspond before and after an edit.

/// The lines of a script before and after an edit in one place.
///
/// Lines at the beginning and at the end that are equal correspond; between them, the first
/// changed line corresponds to the first, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineMap {
    equal_at_start: usize,
    equal_at_end: usize,
    before: usize,
    after: usize,
}

impl LineMap {
    pub fn between(before: &str, after: &str) -> Self {
        let [before, after] = [before, after].map(|text| text.lines().collect::<Vec<_>>());
        let equal_at_start = before
            .iter()
            .zip(&after)
            .take_while(|(a, b)| a == b)
            .count();
        let rest = before.len().min(after.len()) - equal_at_start;
        let ends = before.iter().rev().zip(after.iter().rev()).take(rest);
        Self {
            equal_at_start,
            equal_at_end: ends.take_while(|(a, b)| a == b).count(),
            before: before.len(),
            after: after.len(),
        }
    }

    /// The line of the later script for a line of the earlier one, from 1.
    pub fn line_after(&self, line: u32) -> Option<u32> {
        let number = line as usize;
        let is_in_end = number > self.before - self.equal_at_end;
        let found = match number {
            _ if number <= self.equal_at_start => number,
            _ if is_in_end => (number + self.after).saturating_sub(self.before),
            _ if number <= self.after - self.equal_at_end => number,
            _ => return None,
        };
        Some(found as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_lines(before: &str, after: &str, expected: &[Option<u32>]) {
        let lines = LineMap::between(before, after);
        let count = before.lines().count() as u32;
        let found: Vec<_> = (1..=count).map(|line| lines.line_after(line)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_around_an_edit_correspond() {
        check_lines("a\nb\nc", "a\nB\nc", &[Some(1), Some(2), Some(3)]);
        check_lines("a\nb\nc", "a\nnew\nb\nc", &[Some(1), Some(3), Some(4)]);
        check_lines("a\nb\nc", "a\nc", &[Some(1), None, Some(2)]);
        check_lines("a\na", "a\na\na", &[Some(1), Some(2)]);
        check_lines("a", "", &[None]);
        check_lines("", "a", &[]);
    }
}
