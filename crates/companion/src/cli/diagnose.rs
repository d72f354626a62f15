//! A diagnostic with its source line:
//!
//! ```text
//! error[L102]: unknown segment `cpuu`
//!  --> pasta.loop:1:4
//!   |
//! 1 | a: cpuu 3
//!   |    ^^^^
//!   = hint: write `cpu`
//! ```
//!
//! The column counts characters, as editors do. The underline counts cells, because a Hangul
//! character takes two. Leaves the diagnostics and their texts to [`script`].

use std::fmt::Write;
use std::path::Path;

use unicode_width::UnicodeWidthChar;

use super::colour::Ink;
use super::console::Style;
use super::source::{is_standard, shown};
use script::{Diagnostic, Severity, Span, cells, line_column, line_range};

/// A script whose diagnostics are shown.
pub(crate) struct ScriptPage<'a> {
    name: String,
    text: &'a str,
    style: Style,
    /// Lines above the script, if it is part of a Markdown page.
    above: usize,
    /// Characters before each of its lines on that page.
    indent: usize,
}

/// The part of a line that fits the terminal, with the range to underline.
#[derive(Debug, PartialEq, Eq)]
struct Excerpt {
    shown: String,
    /// Cells before the underline.
    indent: usize,
    /// Underlined cells, at least one.
    length: usize,
}

/// The least width of an excerpt, in cells, even on a narrower terminal.
const EXCERPT_MIN: usize = 30;

impl<'a> ScriptPage<'a> {
    pub(crate) fn new(path: &Path, text: &'a str, style: Style) -> Self {
        let name = if is_standard(path) {
            style.say().standard_input().to_owned()
        } else {
            shown(path)
        };
        Self {
            name,
            text,
            style,
            above: 0,
            indent: 0,
        }
    }

    /// Shows positions on the page that contains the script.
    pub(crate) fn placed(self, above: usize, indent: usize) -> Self {
        Self {
            above,
            indent,
            ..self
        }
    }

    /// The file name, or the words for standard input.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The diagnostic as in the header's example, with a blank line at its end.
    pub(crate) fn show(&self, diagnostic: &Diagnostic) -> String {
        let Style { language, .. } = self.style;
        let code = Some(diagnostic.code().as_str());
        let mut shown =
            self.heading_line(diagnostic.severity(), code, &diagnostic.message(language));
        let margin = self.push_excerpt(&mut shown, diagnostic.span, diagnostic.severity());
        for hint in diagnostic.hints(language) {
            let label = self
                .style
                .err
                .paint(Ink::Strong, self.style.say().hint_label());
            let sign = self.style.err.paint(Ink::Faint, "=");
            let _ = writeln!(shown, "{:margin$} {sign} {label}{hint}", "");
        }
        shown.push('\n');
        shown
    }

    /// Another message about a place of the script, e.g. the line that reached a limit.
    pub(crate) fn remark(&self, severity: Severity, message: &str, span: Span) -> String {
        let mut shown = self.heading_line(severity, None, message);
        self.push_excerpt(&mut shown, span, severity);
        shown.push('\n');
        shown
    }

    fn heading_line(&self, severity: Severity, code: Option<&str>, message: &str) -> String {
        let say = self.style.say();
        let (word, ink) = match severity {
            Severity::Error => (say.error_label(), Ink::Error),
            Severity::Warning => (say.warning_label(), Ink::Warning),
        };
        let code = code.map_or(String::new(), |code| format!("[{code}]"));
        let label = self.style.err.paint(ink, &format!("{word}{code}"));
        let message = self.style.err.paint(Ink::Strong, message);
        format!("{label}: {message}\n")
    }

    /// Writes the place and its source line; returns the width of the margin.
    fn push_excerpt(&self, out: &mut String, span: Span, severity: Severity) -> usize {
        let place = line_column(self.text, span.start as usize);
        let number = (place.line + self.above).to_string();
        let margin = number.len();
        let faint = |text: &str| self.style.err.paint(Ink::Faint, text);
        let arrow = faint("-->");
        let column = place.column + self.indent;
        let _ = writeln!(out, "{:margin$}{arrow} {}:{number}:{column}", "", self.name);
        let range = line_range(self.text, place.line).unwrap_or_default();
        let line = &self.text[range.clone()];
        // E.g. at the end of the file: there is no text to underline.
        if line.trim().is_empty() {
            return margin;
        }
        // A span over several lines is underlined in its first line only.
        let within = |byte: u32| (byte as usize).clamp(range.start, range.end) - range.start;
        // Four cells for ` | ` and a spare one at the end.
        let room = self
            .style
            .columns
            .saturating_sub(margin + 4)
            .max(EXCERPT_MIN);
        let excerpt = cut_line(line, within(span.start), within(span.end), room);
        let bar = faint("|");
        let ink = match severity {
            Severity::Error => Ink::Error,
            Severity::Warning => Ink::Warning,
        };
        let underline = self.style.err.paint(ink, &"^".repeat(excerpt.length));
        let number = faint(&number);
        let _ = writeln!(out, "{:margin$} {bar}", "");
        let _ = writeln!(out, "{number} {bar} {}", excerpt.shown);
        let _ = writeln!(
            out,
            "{:margin$} {bar} {:2$}{underline}",
            "", "", excerpt.indent
        );
        margin
    }
}

/// The part of a line around the bytes `start..end` that fits in `room` cells.
fn cut_line(line: &str, start: usize, end: usize, room: usize) -> Excerpt {
    // A byte order mark has no width, and terminals disagree about it.
    let skipped = line.len() - line.trim_start_matches('\u{feff}').len();
    let line = &line[skipped..];
    let start = line.floor_char_boundary(start.saturating_sub(skipped));
    let end = line
        .floor_char_boundary(end.saturating_sub(skipped))
        .max(start);
    let (before, marked, after) = (&line[..start], &line[start..end], &line[end..]);
    if cells(line) <= room {
        return Excerpt {
            shown: printable(line.trim_end()),
            indent: cells(before),
            length: cells(marked).max(1),
        };
    }
    // A quarter of the room for the text before the mark; the rest for the mark and beyond.
    let lead = last_cells(before, room / 4);
    let dots = if lead.len() < before.len() { "…" } else { "" };
    let used = dots.chars().count() + cells(lead);
    let kept = first_cells(marked, room - used - 1);
    let tail = first_cells(after, room - used - 1 - cells(kept));
    let whole = kept.len() == marked.len() && tail.len() == after.len();
    let rest = if whole { "" } else { "…" };
    Excerpt {
        shown: format!("{dots}{}{rest}", printable(&format!("{lead}{kept}{tail}"))),
        indent: used,
        length: cells(kept).max(1),
    }
}

/// Replaces each control character, which could move the cursor, by one of one cell.
fn printable(text: &str) -> String {
    let printable = |c: char| match c {
        '\t' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(printable).collect()
}

fn first_cells(text: &str, room: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(1);
        used > room
    });
    &text[..end.map_or(text.len(), |(index, _)| index)]
}

fn last_cells(text: &str, room: usize) -> &str {
    let mut used = 0;
    let mut start = text.len();
    for (index, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(1);
        if used > room {
            break;
        }
        start = index;
    }
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks the text between `[` and `]`, and compares line and underline.
    #[track_caller]
    fn check(marked: &str, room: usize, expected: [&str; 2]) {
        let start = marked.find('[').unwrap();
        let end = marked.find(']').unwrap() - 1;
        let excerpt = cut_line(&marked.replace(['[', ']'], ""), start, end, room);
        let underline = format!(
            "{}{}",
            " ".repeat(excerpt.indent),
            "^".repeat(excerpt.length)
        );
        assert_eq!([excerpt.shown.as_str(), underline.as_str()], expected);
    }

    #[test]
    fn the_underline_stands_under_its_text() {
        check("a: [cpuu] 3", 40, ["a: cpuu 3", "   ^^^^"]);
        check("a: cpu[]", 40, ["a: cpu", "      ^"]);
    }

    #[test]
    fn hangul_is_underlined_with_two_cells() {
        check("파스타: [굽기] 3", 40, ["파스타: 굽기 3", "        ^^^^"]);
    }

    #[test]
    fn tabs_and_control_characters_take_one_cell() {
        check("\ta: [\x1bcpu] 3", 40, [" a: \u{fffd}cpu 3", "    ^^^^"]);
    }

    #[test]
    fn a_byte_order_mark_is_not_shown() {
        check("\u{feff}a: [x]", 40, ["a: x", "   ^"]);
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark() {
        let before = "cpu 1 -> ".repeat(20);
        let after = " -> cpu 2".repeat(20);
        check(
            &format!("a: {before}[cpuu] 3{after}"),
            40,
            [
                "… cpu 1 -> cpuu 3 -> cpu 2 -> cpu 2 -> …",
                "           ^^^^",
            ],
        );
    }

    #[test]
    fn a_long_mark_is_cut_too() {
        let long = "x".repeat(100);
        check(
            &format!("a: [{long}] 3"),
            20,
            ["a: xxxxxxxxxxxxxxxx…", "   ^^^^^^^^^^^^^^^^"],
        );
    }
}
