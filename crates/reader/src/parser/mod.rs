//! Python's grammar: tokens to a tree.
//!
//! One function a production, as in CPython's `python.gram`, with a sample in
//! its doc comment. A statement that cannot be read is a [`Problem`], and
//! reading goes on behind it. What CPython refuses later (a `return` outside a
//! function, `f() = 1`) is read.
//!
//! - [`statement`], [`compound`]: lines and blocks.
//! - [`expression`], [`atom`]: what stands in them. [`pattern`]: behind `case`.

mod atom;
mod compound;
mod expression;
mod pattern;
mod statement;

use super::lexer::{Kind, Token, tokens};
use super::tree::{Expr, ExprKind, Stmt};

/// Blocks in blocks, brackets in brackets and signs before signs, all together. CPython's own
/// bounds are 100 blocks and 200 brackets; a level of ours takes up to 3 KiB of the stack,
/// of which the page has 1 MiB.
pub(super) const NESTING_MAX: u32 = 100;
/// Levels of an expression's tree, however it is nested: `a.b.c` has three. Walks over the
/// tree, and dropping it, take a level of the stack for each.
const DEPTH_MAX: u16 = 300;

/// Something that is no Python, or nested too deeply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: u32,
    /// What was found instead; empty at the end of a line.
    pub(super) found: String,
    /// It may be Python, but nests too deeply to be read.
    pub(super) too_deep: bool,
}

/// A module, and what of it could not be read.
pub(super) fn parse(text: &str) -> (Vec<Stmt<'_>>, Vec<Problem>) {
    let mut p = Parser::new(tokens(text));
    let body = statement::module(&mut p);
    (body, p.problems)
}

/// Why the production did not apply; the parser stands where it did not.
struct Refused;

type Read<T> = Result<T, Refused>;

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: u32,
    /// Why this statement is refused, if it is.
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

    /// The last one is an `End`, and stays.
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

    /// A sign or a keyword.
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

    /// A name that is no keyword.
    fn name(&mut self) -> Read<&'a str> {
        let token = self.token();
        (token.kind == Kind::Name && !is_keyword(token.text))
            .then(|| self.step().text)
            .ok_or(Refused)
    }

    fn make(&mut self, line: u32, kind: ExprKind<'a>) -> Read<Expr<'a>> {
        let made = Expr::new(line, kind);
        if made.depth > DEPTH_MAX {
            self.too_deep = true;
            return Err(Refused);
        }
        Ok(made)
    }

    /// One level further in.
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

    /// If it does not apply, nothing was read.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Option<T> {
        let (at, problems) = (self.at, self.problems.len());
        let too_deep = self.too_deep;
        let result = read(self);
        if result.is_err() {
            self.at = at;
            self.too_deep = too_deep;
            self.problems.truncate(problems);
        }
        result.ok()
    }

    fn report(&mut self) {
        let too_deep = std::mem::take(&mut self.too_deep);
        let Token { line, text, .. } = self.token();
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

/// Words that are never names.
fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 35] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
        "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
        "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
        "try", "while", "with", "yield",
    ];
    KEYWORDS.contains(&word)
}
