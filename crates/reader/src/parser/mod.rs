//! The parser: tokens to a syntax tree.
//!
//! One function per production, as in CPython's `python.gram`, with a sample in its doc
//! comment. A statement that cannot be read becomes a [`Problem`], and the parser continues
//! after it. Checks that CPython makes after parsing are left out, e.g. `return` outside a
//! function or `f() = 1`.
//!
//! - [`statement`], [`compound`]: lines and blocks.
//! - [`expression`], [`atom`]: expressions. [`pattern`]: the patterns of `case`.

mod atom;
mod compound;
mod expression;
mod pattern;
mod statement;

use super::lexer::{Kind, Token, tokens};
use super::tree::{Expr, ExprKind, Stmt};

/// The greatest nesting of blocks, brackets and prefix operators together. CPython's limits
/// are 100 blocks and 200 brackets. One level takes up to 3 KiB of stack here, and the page
/// has 1 MiB.
pub(super) const NESTING_MAX: u32 = 100;
/// The greatest depth of an expression's tree, e.g. 3 for `a.b.c`. Walking and dropping the
/// tree recurses once per level.
const DEPTH_MAX: u16 = 300;

/// A part of the text that is not Python, or that is nested too deeply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: u32,
    /// The unexpected token; empty at the end of a line.
    pub(super) found: String,
    /// The text may be Python, but exceeds a nesting limit.
    pub(super) too_deep: bool,
}

/// The statements of a module and the problems found.
pub(super) fn parse(text: &str) -> (Vec<Stmt<'_>>, Vec<Problem>) {
    let mut p = Parser::new(tokens(text));
    let body = statement::module(&mut p);
    (body, p.problems)
}

/// The production does not apply. The parser is at the unexpected token.
struct Refused;

type Read<T> = Result<T, Refused>;

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: u32,
    /// Whether the current statement exceeded a nesting limit.
    too_deep: bool,
    problems: Vec<Problem>,
}

impl<'a> Parser<'a> {
    fn new(tokens: Vec<Token<'a>>) -> Self {
        Self {
            tokens,
            at: 0,
            depth: 0,
            too_deep: false,
            problems: Vec::new(),
        }
    }

    /// The current token. The last token, `End`, is never consumed.
    fn token(&self) -> Token<'a> {
        self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn ahead(&self, count: usize) -> Token<'a> {
        self.tokens[(self.at + count).min(self.tokens.len() - 1)]
    }

    fn line(&self) -> u32 {
        self.token().line
    }

    fn step(&mut self) -> Token<'a> {
        let token = self.token();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn is(&self, kind: Kind) -> bool {
        self.token().kind == kind
    }

    /// Whether the current token is this sign or keyword.
    fn sees(&self, text: &str) -> bool {
        let token = self.token();
        matches!(token.kind, Kind::Sign | Kind::Name) && token.text == text
    }

    fn sees_any(&self, texts: &[&str]) -> bool {
        texts.iter().any(|text| self.sees(text))
    }

    fn accept(&mut self, text: &str) -> bool {
        let seen = self.sees(text);
        if seen {
            self.step();
        }
        seen
    }

    fn expect(&mut self, text: &str) -> Read<()> {
        self.accept(text).then_some(()).ok_or(Refused)
    }

    fn expect_kind(&mut self, kind: Kind) -> Read<Token<'a>> {
        self.is(kind).then(|| self.step()).ok_or(Refused)
    }

    /// Consumes a name; keywords are refused.
    fn name(&mut self) -> Read<&'a str> {
        let token = self.token();
        (token.kind == Kind::Name && !is_keyword(token.text))
            .then(|| self.step().text)
            .ok_or(Refused)
    }

    /// Makes a node; refuses one that is too deep.
    fn make(&mut self, line: u32, kind: ExprKind<'a>) -> Read<Expr<'a>> {
        let made = Expr::new(line, kind);
        if made.depth > DEPTH_MAX {
            self.too_deep = true;
            return Err(Refused);
        }
        Ok(made)
    }

    /// Reads with one more level of nesting.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= NESTING_MAX {
            self.too_deep = true;
            return Err(Refused);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Tries a production. If it does not apply, the parser is back where it started.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Option<T> {
        let (at, problems) = (self.at, self.problems.len());
        let too_deep = self.too_deep;
        let result = read(self);
        if result.is_err() {
            self.at = at;
            self.too_deep = too_deep;
            // The next attempt would report the same problems again.
            self.problems.truncate(problems);
        }
        result.ok()
    }

    fn report(&mut self) {
        let too_deep = std::mem::take(&mut self.too_deep);
        let Token { line, text, .. } = self.token();
        // A token can be a string of many lines; a message has room for its beginning.
        let found: String = text
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(40)
            .collect();
        self.problems.push(Problem {
            line,
            found,
            too_deep,
        });
    }
}

/// Whether the word is a hard keyword. Soft keywords such as `match` and `type` are names.
fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 35] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
        "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
        "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
        "try", "while", "with", "yield",
    ];
    KEYWORDS.contains(&word)
}
