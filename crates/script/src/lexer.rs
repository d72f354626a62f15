//! The lexer: turns text into lines of tokens.
//!
//! Keywords are ordinary words here; the grammar is left to the parser. The lexer reports only
//! unclosed quotes and indentation that mixes tabs and spaces. Any other invalid character
//! becomes an [`TokenKind::Unknown`] token, which the parser reports.

use std::ops::Range;

use super::diagnostic::{Diagnostic, Edit, Fix};
use super::span::{self, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    /// E.g. `3`, `2.5`, `1_000`.
    Number,
    /// E.g. `"text"`, also with typographic quotes.
    Text,
    Colon,
    Comma,
    /// E.g. `->`, `→`, `──►`.
    Arrow,
    Semicolon,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    Tilde,
    DotDot,
    Dot,
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
    /// E.g. `±`, `+-`, `+/-`.
    PlusMinus,
    Slash,
    Percent,
    Minus,
    /// A character without a meaning in scripts.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScriptToken {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

#[derive(Clone, Debug)]
pub(super) struct ScriptLine {
    /// The line number, from 1.
    pub(super) number: u32,
    pub(super) indent: Span,
    /// In columns, where a tab has [`TAB_WIDTH`].
    pub(super) indent_width: u32,
    /// Indices into [`Lexed::tokens`].
    pub(super) tokens: Range<usize>,
    pub(super) comment: Option<Span>,
}

impl ScriptLine {
    pub(super) fn has_code(&self) -> bool {
        !self.tokens.is_empty()
    }
}

#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub(super) lines: Vec<ScriptLine>,
    pub(super) tokens: Vec<ScriptToken>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The width of a tab matters only where tabs and spaces are mixed, which is an error: scripts
/// indented by tabs alone come out right with any width.
const TAB_WIDTH: u32 = 4;

pub(super) fn lex(text: &str) -> Lexed {
    let mut lexed = Lexed::default();
    for (index, range) in span::lines(text).enumerate() {
        lex_line(text, index as u32 + 1, range, &mut lexed);
    }
    check_indentation(text, &mut lexed);
    lexed
}

fn lex_line(text: &str, number: u32, range: Range<usize>, lexed: &mut Lexed) {
    let mut cursor = LineCursor {
        text: &text[..range.end],
        at: range.start,
    };
    cursor.skip_while(is_space);
    let indent = Span::new(range.start, cursor.at);
    let first = lexed.tokens.len();
    let mut comment = None;
    loop {
        cursor.skip_while(is_space);
        let start = cursor.at;
        let Some(c) = cursor.peek() else { break };
        if c == '#' {
            comment = Some(Span::new(start, start + cursor.rest().trim_end().len()));
            break;
        }
        let kind = lex_token(&mut cursor, c, &mut lexed.diagnostics);
        lexed.tokens.push(ScriptToken {
            kind,
            span: Span::new(start, cursor.at),
        });
    }
    lexed.lines.push(ScriptLine {
        number,
        indent,
        indent_width: indent_width(indent.of(text)),
        tokens: first..lexed.tokens.len(),
        comment,
    });
}

fn lex_token(cursor: &mut LineCursor, first: char, diagnostics: &mut Vec<Diagnostic>) -> TokenKind {
    use TokenKind::*;
    if is_name_start(first) {
        cursor.skip_while(is_name_continue);
        return Word;
    }
    if first.is_ascii_digit() || (first == '.' && cursor.second().is_some_and(is_digit)) {
        lex_number(cursor);
        return Number;
    }
    if let Some(close) = closing_quote(first) {
        lex_string(cursor, close, diagnostics);
        return Text;
    }
    if let Some(length) = arrow_length(cursor.rest()) {
        cursor.at += length;
        return Arrow;
    }
    for (sign, kind) in SIGNS {
        if cursor.rest().starts_with(sign) {
            cursor.at += sign.len();
            return *kind;
        }
    }
    cursor.at += first.len_utf8();
    Unknown
}

/// The signs in the order of matching: a longer one before its prefix, e.g. `..` before `.`.
const SIGNS: &[(&str, TokenKind)] = &[
    (":", TokenKind::Colon),
    (",", TokenKind::Comma),
    (";", TokenKind::Semicolon),
    ("(", TokenKind::OpenParen),
    (")", TokenKind::CloseParen),
    ("[", TokenKind::OpenBracket),
    ("]", TokenKind::CloseBracket),
    ("~", TokenKind::Tilde),
    ("..", TokenKind::DotDot),
    (".", TokenKind::Dot),
    ("<=", TokenKind::AtMost),
    ("≤", TokenKind::AtMost),
    ("<", TokenKind::Less),
    (">=", TokenKind::AtLeast),
    ("≥", TokenKind::AtLeast),
    (">", TokenKind::More),
    ("==", TokenKind::Equal),
    ("=", TokenKind::Equal),
    ("±", TokenKind::PlusMinus),
    ("+-", TokenKind::PlusMinus),
    ("+/-", TokenKind::PlusMinus),
    ("/", TokenKind::Slash),
    ("%", TokenKind::Percent),
    ("-", TokenKind::Minus),
];

/// The longest shaft of an arrow. Without a limit, a long line of dashes would be scanned again
/// at each dash.
const SHAFT_MAX: usize = 32;

/// The length in bytes of the arrow at the start of `rest`, e.g. `->`, `-->`, `→` or `──►`.
fn arrow_length(rest: &str) -> Option<usize> {
    let is_shaft = |c: char| matches!(c, '-' | '─' | '━' | '—' | '–');
    let is_head = |c: char| matches!(c, '>' | '→' | '►' | '▶' | '⟶' | '➔' | '➜');
    let shaft = rest.chars().take(SHAFT_MAX).take_while(|&c| is_shaft(c));
    // An arrow without a shaft is one character, e.g. `→`.
    let head_at = shaft.map(char::len_utf8).sum();
    let head = rest[head_at..].chars().next().filter(|&c| is_head(c))?;
    // A `>` by itself is a comparison.
    let bare_angle = head == '>' && head_at == 0;
    (!bare_angle).then_some(head_at + head.len_utf8())
}

/// Reads `3`, `2.5` or `.5`; `1..3` is two numbers.
fn lex_number(cursor: &mut LineCursor) {
    cursor.skip_while(|c| is_digit(c) || c == '_');
    if cursor.peek() == Some('.') && cursor.second().is_some_and(is_digit) {
        cursor.at += 1;
        cursor.skip_while(|c| is_digit(c) || c == '_');
    }
}

fn lex_string(cursor: &mut LineCursor, close: char, diagnostics: &mut Vec<Diagnostic>) {
    let start = cursor.at;
    let mut escaped = false;
    for (offset, c) in cursor.rest().char_indices().skip(1) {
        if c == close && !escaped {
            cursor.at += offset + c.len_utf8();
            return;
        }
        // After two backslashes the next character is not escaped.
        escaped = c == '\\' && !escaped;
    }
    // The unclosed text takes the rest of the line, so that one mistake is one diagnostic.
    cursor.at += cursor.rest().trim_end().len();
    diagnostics.push(Diagnostic::unclosed_text(
        Span::new(start, cursor.at),
        close,
    ));
}

fn closing_quote(open: char) -> Option<char> {
    match open {
        '"' | '\'' => Some(open),
        '“' => Some('”'),
        '‘' => Some('’'),
        _ => None,
    }
}

/// The content of a quoted text, e.g. `"a\"b"` → `a"b`.
pub(super) fn unquote(quoted: &str) -> String {
    let mut characters = quoted.chars();
    let close = characters.next().and_then(closing_quote);
    let mut text = String::with_capacity(quoted.len());
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            c if Some(c) == close => break,
            c => text.push(c),
        }
    }
    text
}

/// Quotes a text: the inverse of [`unquote`].
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The first indented line decides between tabs and spaces. Only the first line that disagrees
/// is reported, because one fix repairs all of them.
fn check_indentation(text: &str, lexed: &mut Lexed) {
    let mut indented = lexed
        .lines
        .iter()
        .filter(|line| line.has_code() && !line.indent.is_empty());
    let Some(first) = indented.next() else { return };
    let with_tabs = first.indent.of(text).contains('\t');
    let disagrees = |line: &&ScriptLine| {
        let indent = line.indent.of(text);
        indent.contains('\t') != with_tabs || (with_tabs && indent.contains(|c| c != '\t'))
    };
    let Some(odd) = std::iter::once(first).chain(indented).find(disagrees) else {
        return;
    };
    let edits = lexed
        .lines
        .iter()
        .filter(|line| line.indent.of(text).contains('\t'))
        .map(|line| Edit::replace(line.indent, " ".repeat(line.indent_width as usize)))
        .collect();
    lexed.diagnostics.push(Diagnostic::mixed_indentation(
        odd.indent,
        Fix::unsafe_(edits),
    ));
}

fn indent_width(indent: &str) -> u32 {
    indent
        .chars()
        // A byte order mark at the start of the file is no indentation.
        .filter(|&c| c != '\u{feff}')
        .map(|c| if c == '\t' { TAB_WIDTH } else { 1 })
        .sum()
}

/// Spaces of every kind, as they occur in text from web pages and word processors.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_name_start(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

fn is_name_continue(c: char) -> bool {
    unicode_ident::is_xid_continue(c)
}

/// Whether a text can be a name in a script.
pub fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_continue)
}

/// A position in one line.
struct LineCursor<'t> {
    /// The text up to the end of the line.
    text: &'t str,
    at: usize,
}

impl<'t> LineCursor<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(wanted).len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let lexed = lex(text);
        let found: Vec<_> = lexed
            .tokens
            .iter()
            .map(|token| format!("{:?} {}", token.kind, token.span.of(text)))
            .collect();
        assert_eq!(found.join(", "), expected);
    }

    #[test]
    fn arrows_of_every_tutorial_are_arrows() {
        check(
            "-> --> → ──► ─>",
            "Arrow ->, Arrow -->, Arrow →, Arrow ──►, Arrow ─>",
        );
        check("3->5", "Number 3, Arrow ->, Number 5");
        check("- 3 > 5", "Minus -, Number 3, More >, Number 5");
    }

    #[test]
    fn a_range_is_two_numbers() {
        check("1..3s", "Number 1, DotDot .., Number 3, Word s");
        check("1.5..3.25초", "Number 1.5, DotDot .., Number 3.25, Word 초");
        check("~.5ms", "Tilde ~, Number .5, Word ms");
    }

    #[test]
    fn names_may_be_in_any_script() {
        check("파스타: नमस्ते", "Word 파스타, Colon :, Word नमस्ते");
    }

    #[test]
    fn comments_are_not_tokens_and_text_may_hold_a_hash() {
        check("cpu 3 # x", "Word cpu, Number 3");
        check(r#"print "a # \" b" # x"#, r#"Word print, Text "a # \" b""#);
    }

    #[test]
    fn text_survives_being_quoted() {
        for text in ["", "a\"b", "back\\slash", "new\nline\tand tab", "한글 “x”"] {
            assert_eq!(unquote(&quote(text)), text);
        }
        assert_eq!(unquote("“hello”"), "hello");
        assert_eq!(unquote("'it'"), "it");
    }

    #[test]
    fn tabs_alone_are_fine_but_not_beside_spaces() {
        assert!(lex("a:\n\tcpu 1\n\tcpu 2").diagnostics.is_empty());
        assert!(lex("a:\n  cpu 1\n  cpu 2").diagnostics.is_empty());
        assert_eq!(lex("a:\n\tcpu 1\n  cpu 2\n  cpu 3").diagnostics.len(), 1);
        assert_eq!(lex("a:\n \tcpu 1").diagnostics.len(), 1);
    }
}
