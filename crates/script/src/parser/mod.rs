//! The parser: turns tokens into the syntax tree, and reports syntax errors.
//!
//! One free function for each production, named after it, with a sample in its doc comment:
//! statements in [`top`], claims in [`expect`], bodies and blocks in [`body`], segments in
//! [`segment`], durations, counts and names in [`value`]. This file is the cursor they share.
//! Names are resolved in lowering.
//!
//! An error is reported where it occurs and returned as [`Reported`]. A segment with an error
//! is skipped up to the next arrow, so that one mistake gives one message. Every production
//! either consumes tokens or fails, and every skip moves forward, so the time is linear in the
//! text.

mod body;
mod expect;
mod segment;
mod top;
mod value;

use std::ops::Range;

use super::diagnostic::Diagnostic;
use super::diagnostics::{Found, Want};
use super::highlight::Class;
use super::lexer::{Lexed, ScriptLine, ScriptToken, TokenKind};
use super::span::Span;
use super::syntax::{ClaimNode, Quantity, ScriptTree, Trivia};

/// The result of parsing. There is always a tree, even for a script full of errors.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) script: ScriptTree,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The class of each token for highlighting; parallel to the tokens.
    pub(super) classes: Vec<Class>,
}

pub(super) fn parse(text: &str, lexed: &Lexed) -> Tree {
    let mut parser = ScriptParser::new(text, lexed);
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
pub(super) fn parse_claim(text: &str, lexed: &Lexed) -> Result<ClaimNode, Vec<Diagnostic>> {
    parse_alone(text, lexed, expect::claim)
}

/// Parses a text that holds one production on one line and nothing else.
fn parse_alone<T>(
    text: &str,
    lexed: &Lexed,
    production: impl FnOnce(&mut ScriptParser) -> Parse<T>,
) -> Result<T, Vec<Diagnostic>> {
    let mut parser = ScriptParser::new(text, lexed);
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

/// The error of a production. Its diagnostic is in the list already.
#[derive(Clone, Copy, Debug)]
struct Reported;

type Parse<T> = Result<T, Reported>;

struct ScriptParser<'t> {
    text: &'t str,
    lines: &'t [ScriptLine],
    tokens: &'t [ScriptToken],
    classes: Vec<Class>,
    /// The current line, as an index into `lines`.
    line: usize,
    /// The index of the next token, and the end of the line's tokens.
    at: usize,
    end: usize,
    /// Whether the tokens of the current line are being read, i.e. it was entered but not left.
    open: bool,
    /// The number of enclosing blocks.
    depth: usize,
    /// The number of open parentheses in the current line.
    parens: usize,
    /// Whether the last sequence of segments ended in an arrow, so that it may continue on the
    /// next line.
    trailing_arrow: bool,
    /// Set after a missing arrow was reported: parsing continues as if the arrow existed.
    phantom_separator: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> ScriptParser<'t> {
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

    /// Takes the comments and blank lines before the next line of code, which becomes the
    /// current line.
    fn trivia(&mut self) -> Vec<Trivia> {
        let mut trivia = Vec::new();
        while let Some(line) = self.lines.get(self.line).filter(|line| !line.has_code()) {
            trivia.push(line.comment.map_or(Trivia::Blank, Trivia::Comment));
            self.line += 1;
        }
        trivia
    }

    /// The next line of code, from the current line on.
    fn code_line(&self) -> Option<&'t ScriptLine> {
        self.lines[self.line.min(self.lines.len())..]
            .iter()
            .find(|line| line.has_code())
    }

    /// Starts to read the current line, which contains code.
    fn enter_line(&mut self) -> &'t ScriptLine {
        let line = &self.lines[self.line];
        let Range { start, end } = line.tokens.clone();
        (self.at, self.end) = (start, end);
        self.open = true;
        self.parens = 0;
        line
    }

    /// Leaves the current line. Does nothing if a block inside it has already moved to later
    /// lines.
    fn leave_line(&mut self) {
        if self.open {
            self.line += 1;
            self.at = self.end;
            self.open = false;
        }
    }

    /// Like [`Self::leave_line`], but reports tokens that are left over.
    fn end_line(&mut self) {
        if self.open && !self.at_end() {
            self.expected(Want::LineEnd);
        }
        self.leave_line();
    }

    fn line_number(&self) -> u32 {
        // After the last line, errors are reported at the last line.
        self.lines[self.line.min(self.lines.len() - 1)].number
    }

    // Tokens of the current line.

    fn token_ahead(&self, ahead: usize) -> Option<ScriptToken> {
        let at = self.at + ahead;
        // The tokens after `end` belong to the next line.
        (at < self.end).then(|| self.tokens[at])
    }

    fn nth_is(&self, ahead: usize, kind: TokenKind) -> bool {
        self.token_ahead(ahead)
            .is_some_and(|token| token.kind == kind)
    }

    fn nth_word(&self, ahead: usize) -> Option<&'t str> {
        let token = self.token_ahead(ahead)?;
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
            // Keywords may be capitalised.
            .is_some_and(|found| found.eq_ignore_ascii_case(word))
    }

    /// Takes the next token. At the end of the line, returns an empty span and takes nothing.
    fn next_token(&mut self) -> Span {
        let span = self.current_span();
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

    /// Takes the next token and sets its class for highlighting.
    fn take_as(&mut self, class: Class) -> Span {
        if !self.at_end() {
            self.classes[self.at] = class;
        }
        self.next_token()
    }

    /// The span of the next token, or the empty span after the last one of the line.
    fn current_span(&self) -> Span {
        self.token_ahead(0)
            .map_or_else(|| self.span_behind(), |token| token.span)
    }

    /// The empty span after the token that was taken last.
    fn span_behind(&self) -> Span {
        let before = self.at.checked_sub(1).map(|at| self.tokens[at].span);
        before.map_or_else(Span::default, Span::behind)
    }

    /// Whether the next token touches the previous one, as in `3s`.
    fn touches(&self) -> bool {
        self.token_ahead(0)
            .is_some_and(|token| token.span.start == self.span_behind().start)
    }

    // Reports.

    fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        self.diagnostics.push(diagnostic);
        Reported
    }

    fn expected(&mut self, want: Want) -> Reported {
        let span = self.current_span();
        // A character that has no meaning anywhere gets its own message.
        if self.is(TokenKind::Unknown) {
            let found = span.of(self.text).to_owned();
            return self.report(Diagnostic::unexpected_character(&found, span));
        }
        let diagnostic = Diagnostic::expected(want, self.found(), span);
        self.report(diagnostic)
    }

    fn found(&self) -> Found {
        match self.token_ahead(0) {
            None => Found::LineEnd,
            Some(token) => Found::Text(token.span.of(self.text).to_owned()),
        }
    }

    fn text_of(&self, span: Span) -> &'t str {
        span.of(self.text)
    }
}
