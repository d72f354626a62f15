//! Indented lines of Python, literals, and comments with line numbers of the script.

use std::fmt::Write;

use model::time::SimDuration;
use model::workload::SegmentId;

/// The column of comments, right of most statements.
const COMMENT_COLUMN: usize = 44;

/// Python source that is written line by line.
#[derive(Debug, Default)]
pub(crate) struct PythonText {
    lines: String,
    depth: usize,
    count: u32,
    /// The segment of the next statements.
    segment: Option<SegmentId>,
    /// Lines that come from a segment, counted from 1.
    sources: Vec<(u32, SegmentId)>,
    /// Lines whose comment names a line of the script: both lines, counted from 1.
    numbers: Vec<(u32, u32)>,
}

impl PythonText {
    /// Lines with this indentation, to be inserted later with [`PythonText::push_text`].
    pub(crate) fn at_depth(depth: usize) -> Self {
        Self {
            depth,
            ..Self::default()
        }
    }

    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// Adds a statement without a comment.
    pub(crate) fn push_line(&mut self, code: &str) {
        if !code.is_empty() {
            self.indent();
            self.lines.push_str(code);
        }
        self.end_line();
    }

    /// Adds a statement with a comment that names its line in the script.
    pub(crate) fn line_of(&mut self, code: &str, script_line: u32) {
        self.push_noted_line(code, script_line, None);
    }

    /// Adds a statement with a comment, e.g. `burn(3)  # line 2: boil`.
    pub(crate) fn push_noted_line(&mut self, code: &str, script_line: u32, note: Option<&str>) {
        let column = self.depth * 4 + code.chars().count();
        let gap = COMMENT_COLUMN.saturating_sub(column).max(2);
        self.indent();
        let _ = write!(self.lines, "{code}{:gap$}# line {script_line}", "");
        if let Some(note) = note {
            let _ = write!(self.lines, ": {}", one_line(note));
        }
        self.end_line();
        self.numbers.push((self.count, script_line));
        if let Some(segment) = self.segment {
            self.sources.push((self.count, segment));
        }
    }

    /// Attributes the statements that `write` adds to this segment, if they name a line.
    pub(crate) fn of_segment(&mut self, segment: SegmentId, write: impl FnOnce(&mut Self)) {
        let around = self.segment.replace(segment);
        write(self);
        self.segment = around;
    }

    /// Writes an indented block; an empty one is `pass`.
    pub(crate) fn block<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let before = self.lines.len();
        let result = write(self);
        // Python requires a statement in a block.
        if self.lines.len() == before {
            self.push_line("pass");
        }
        self.depth -= 1;
        result
    }

    /// Appends finished lines.
    pub(crate) fn push_paragraph(&mut self, lines: &str) {
        for line in lines.lines() {
            self.push_line(line);
        }
    }

    pub(crate) fn push_text(&mut self, other: &PythonText) {
        self.lines.push_str(&other.lines);
        // The lines of the other text move down by the lines of this one.
        let before = self.count;
        let sources = other.sources.iter();
        self.sources
            .extend(sources.map(|&(line, segment)| (before + line, segment)));
        let numbers = other.numbers.iter();
        self.numbers
            .extend(numbers.map(|&(line, number)| (before + line, number)));
        self.count += other.count;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines whose comment names a line of the script: both lines, from 1.
    pub(crate) fn script_lines(&self) -> &[(u32, u32)] {
        &self.numbers
    }

    /// The text, and the segment of each line that comes from one.
    pub(crate) fn into_parts(self) -> (String, Vec<(u32, SegmentId)>) {
        (self.lines, self.sources)
    }

    fn end_line(&mut self) {
        self.lines.push('\n');
        self.count += 1;
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.lines.push_str("    ");
        }
    }
}

/// Seconds as a Python literal, without rounding, e.g. `3`, `0.15`, `0.00002`.
pub(crate) fn seconds_literal(length: SimDuration) -> String {
    let nanos = length.as_nanos();
    let whole = nanos / SimDuration::SECOND.as_nanos();
    let rest = nanos % SimDuration::SECOND.as_nanos();
    if rest == 0 {
        return whole.to_string();
    }
    let fraction = format!("{rest:09}");
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

/// A string literal. Escapes all characters that end it or are invisible.
pub(crate) fn string_literal(text: &str) -> String {
    // As `repr` does: fewer escapes are easier to read.
    let quote = if text.contains('"') && !text.contains('\'') {
        '\''
    } else {
        '"'
    };
    let mut literal = String::from(quote);
    for letter in text.chars() {
        match letter {
            letter if letter == quote => literal.extend(['\\', quote]),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            hidden if is_invisible(hidden) => {
                let _ = write!(literal, "\\U{:08x}", u32::from(hidden));
            }
            shown => literal.push(shown),
        }
    }
    literal.push(quote);
    literal
}

/// The text on one line without invisible characters, for a comment.
fn one_line(note: &str) -> String {
    note.chars()
        .map(|letter| if is_invisible(letter) { ' ' } else { letter })
        .collect()
}

/// Whether a letter is invisible: a control character, a separator of lines or paragraphs, or
/// a mark that changes the direction of text. Such marks can make code look different from
/// the code that runs.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_exact_and_brief() {
        assert_eq!(seconds_literal(SimDuration::from_secs(3)), "3");
        assert_eq!(seconds_literal(SimDuration::from_millis(150)), "0.15");
        assert_eq!(seconds_literal(SimDuration::from_micros(20)), "0.00002");
        assert_eq!(seconds_literal(SimDuration::from_millis(2_500)), "2.5");
    }

    #[test]
    fn nothing_in_a_text_gets_out_of_its_literal() {
        assert_eq!(string_literal("plain 파스타"), "\"plain 파스타\"");
        assert_eq!(string_literal("\"\"\"\n\\"), "'\"\"\"\\n\\\\'");
        assert_eq!(string_literal("both \" and '"), "\"both \\\" and '\"");
        assert_eq!(
            string_literal("a\u{202e}b\0"),
            "\"a\\U0000202eb\\U00000000\""
        );
        assert_eq!(one_line("a\nimport os"), "a import os");
    }

    #[test]
    fn comments_stand_in_one_column() {
        let mut text = PythonText::default();
        text.line_of("async def a():", 1);
        text.block(|text| text.push_noted_line("await asyncio.sleep(1)", 2, Some("fetch")));
        assert_eq!(text.script_lines(), [(1, 1), (2, 2)]);
        assert_eq!(
            text.into_parts().0,
            "async def a():                              # line 1\n    \
             await asyncio.sleep(1)                  # line 2: fetch\n"
        );
    }
}
