//! Tokens to the syntax tree, with every problem of the shape.
//!
//! One free function per production, named after it, with a sample in its doc:
//! [`top`] has the statements, [`expect`] the claims, [`body`] bodies and
//! blocks, [`segment`] the segments, [`value`] durations, counts and names. This file is the cursor they share. Names are
//! not looked up here.
//!
//! Errors are reported where they are met and carried on as [`Reported`]; a
//! segment that fails is skipped up to the next arrow, so that one mistake is
//! one message. Every production consumes tokens or fails, and every skip
//! moves forward: the time is linear in the text.

mod body;
mod expect;
mod segment;
mod top;
mod value;

use std::ops::Range;

use super::diagnostic::Diagnostic;
use super::highlight::Class;
use super::lexer::{Lexed, Line, Token, TokenKind};
use super::problem::{Found, Want};
use super::span::Span;
use super::syntax::{Claim, Quantity, Script, Trivia};

/// What parsing gives: always a tree, however broken.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) script: Script,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What each token turned out to be; parallel to the tokens.
    pub(super) classes: Vec<Class>,
}

pub(super) fn parse(text: &str, lexed: &Lexed) -> Tree {
    let mut parser = Parser::new(text, lexed);
    let script = top::script(&mut parser);
    Tree {
        script,
        diagnostics: parser.diagnostics,
        classes: parser.classes,
    }
}

/// Parses a duration that is the whole text, e.g. `1.5s`.
pub(super) fn parse_duration(text: &str, lexed: &Lexed) -> Result<Quantity, Vec<Diagnostic>> {
    parse_alone(text, lexed, |p| value::quantity(p, Want::Duration))
}

/// Parses a claim that is the whole text, e.g. `total < 4s`, without its `expect`.
pub(super) fn parse_claim(text: &str, lexed: &Lexed) -> Result<Claim, Vec<Diagnostic>> {
    parse_alone(text, lexed, expect::claim)
}

/// Parses a text that holds one production on one line and nothing else.
fn parse_alone<T>(
    text: &str,
    lexed: &Lexed,
    production: impl FnOnce(&mut Parser) -> Parse<T>,
) -> Result<T, Vec<Diagnostic>> {
    let mut parser = Parser::new(text, lexed);
    parser.trivia();
    if parser.code_line().is_some() {
        parser.enter_line();
    }
    let parsed = production(&mut parser);
    if parsed.is_ok() {
        parser.end_line();
        parser.trivia();
        if parser.code_line().is_some() {
            parser.enter_line();
            parser.expected(Want::LineEnd);
        }
    }
    match parsed {
        Ok(parsed) if parser.diagnostics.is_empty() => Ok(parsed),
        _ => Err(parser.diagnostics),
    }
}

/// The production failed, and the reason is in the list of diagnostics.
#[derive(Clone, Copy, Debug)]
struct Reported;

type Parse<T> = Result<T, Reported>;

struct Parser<'t> {
    text: &'t str,
    lines: &'t [Line],
    tokens: &'t [Token],
    classes: Vec<Class>,
    /// The line being parsed: an index into `lines`.
    line: usize,
    /// The next token, and the end of the line's tokens.
    at: usize,
    end: usize,
    /// Whether the current line is being read, rather than only next.
    open: bool,
    /// Blocks around this place.
    depth: usize,
    /// Open parentheses of the current line.
    parens: usize,
    /// The last sequence of segments ended in an arrow: more may follow on the
    /// next line.
    trailing_arrow: bool,
    /// An arrow that is missing here was reported; parsing goes on as if it
    /// were there.
    phantom_separator: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, lexed: &'t Lexed) -> Self {
        let tokens = lexed.tokens.iter();
        Self {
            text,
            lines: &lexed.lines,
            tokens: &lexed.tokens,
            classes: tokens.map(|token| Class::of_token(token.kind)).collect(),
            line: 0,
            at: 0,
            end: 0,
            open: false,
            depth: 0,
            parens: 0,
            trailing_arrow: false,
            phantom_separator: false,
            diagnostics: Vec::new(),
        }
    }

    // Lines.

    /// Comments and blank lines up to the next line of code, which becomes the
    /// current one.
    fn trivia(&mut self) -> Vec<Trivia> {
        let mut trivia = Vec::new();
        while let Some(line) = self.lines.get(self.line).filter(|line| !line.has_code()) {
            trivia.push(line.comment.map_or(Trivia::Blank, Trivia::Comment));
            self.line += 1;
        }
        trivia
    }

    /// The next line of code at or behind the current one.
    fn code_line(&self) -> Option<&'t Line> {
        self.lines[self.line.min(self.lines.len())..]
            .iter()
            .find(|line| line.has_code())
    }

    /// Starts reading the current line, which holds code.
    fn enter_line(&mut self) -> &'t Line {
        let line = &self.lines[self.line];
        let Range { start, end } = line.tokens.clone();
        (self.at, self.end) = (start, end);
        self.open = true;
        self.parens = 0;
        line
    }

    /// Done with the current line, if it is being read at all: a block inside
    /// it may have gone on to later lines already.
    fn leave_line(&mut self) {
        if self.open {
            self.line += 1;
            self.at = self.end;
            self.open = false;
        }
    }

    /// Like [`Self::leave_line`], but whatever is left in the line is a mistake.
    fn end_line(&mut self) {
        if self.open && !self.at_end() {
            self.expected(Want::LineEnd);
        }
        self.leave_line();
    }

    fn line_number(&self) -> u32 {
        self.lines[self.line.min(self.lines.len() - 1)].number
    }

    // Tokens of the current line.

    fn nth(&self, ahead: usize) -> Option<Token> {
        let at = self.at + ahead;
        (at < self.end).then(|| self.tokens[at])
    }

    fn nth_is(&self, ahead: usize, kind: TokenKind) -> bool {
        self.nth(ahead).is_some_and(|token| token.kind == kind)
    }

    fn nth_word(&self, ahead: usize) -> Option<&'t str> {
        let token = self.nth(ahead)?;
        (token.kind == TokenKind::Word).then(|| token.span.of(self.text))
    }

    fn is(&self, kind: TokenKind) -> bool {
        self.nth_is(0, kind)
    }

    fn at_end(&self) -> bool {
        self.at >= self.end
    }

    fn word(&self) -> Option<&'t str> {
        self.nth_word(0)
    }

    fn is_word(&self, word: &str) -> bool {
        self.word()
            .is_some_and(|found| found.eq_ignore_ascii_case(word))
    }

    /// Takes the next token, whatever it is; the end of the line is no token.
    fn bump(&mut self) -> Span {
        let span = self.here();
        if !self.at_end() {
            self.at += 1;
        }
        span
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.is(kind);
        if found {
            self.at += 1;
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.take_as(Class::Keyword);
        }
        found
    }

    /// Takes the next token and says what it is, for highlighting.
    fn take_as(&mut self, class: Class) -> Span {
        if !self.at_end() {
            self.classes[self.at] = class;
        }
        self.bump()
    }

    /// The next token, or the place behind the last one of the line.
    fn here(&self) -> Span {
        self.nth(0)
            .map_or_else(|| self.behind(), |token| token.span)
    }

    /// The place right behind what was taken last.
    fn behind(&self) -> Span {
        let before = self.at.checked_sub(1).map(|at| self.tokens[at].span);
        before.map_or_else(Span::default, Span::behind)
    }

    /// Whether the next token touches the one before it: `3s`.
    fn touches(&self) -> bool {
        self.nth(0)
            .is_some_and(|token| token.span.start == self.behind().start)
    }

    // Reports.

    fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        self.diagnostics.push(diagnostic);
        Reported
    }

    fn expected(&mut self, want: Want) -> Reported {
        let span = self.here();
        if self.is(TokenKind::Unknown) {
            let found = span.of(self.text).to_owned();
            return self.report(Diagnostic::unexpected_character(&found, span));
        }
        let diagnostic = Diagnostic::expected(want, self.found(), span);
        self.report(diagnostic)
    }

    fn found(&self) -> Found {
        match self.nth(0) {
            None => Found::LineEnd,
            Some(token) => Found::Text(token.span.of(self.text).to_owned()),
        }
    }

    fn text_of(&self, span: Span) -> &'t str {
        span.of(self.text)
    }
}
