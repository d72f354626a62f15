//! The parser: tokens to a syntax tree.
//!
//! One function per production, as in CPython's `python.gram`, with a sample in its doc
//! comment. A statement that cannot be read becomes a [`PythonProblem`], and the parser continues
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

use super::lexer::{PythonToken, PythonTokenKind, tokenize};
use super::tree::{ExprKind, PythonExpr, Stmt};

/// The greatest nesting of blocks, brackets and prefix operators together. CPython's limits
/// are 100 blocks and 200 brackets. One level takes up to 3 KiB of stack here, and the page
/// has 1 MiB.
pub(super) const NESTING_MAX: u32 = 100;
/// The greatest depth of an expression's tree, e.g. 3 for `a.b.c`. Walking and dropping the
/// tree recurses once per level.
const DEPTH_MAX: u16 = 300;

/// A part of the text that is not Python, or that is nested too deeply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PythonProblem {
    pub(super) line: u32,
    /// The unexpected token; empty at the end of a line.
    pub(super) found: String,
    /// The text may be Python, but exceeds a nesting limit.
    pub(super) too_deep: bool,
}

/// The statements of a module and the problems found. The lines are counted from `first_line`.
pub(super) fn parse(text: &str, first_line: u32) -> (Vec<Stmt<'_>>, Vec<PythonProblem>) {
    let mut p = Parser::new(tokenize(text, first_line));
    let body = statement::module(&mut p);
    (body, p.problems)
}

/// The production does not apply. The parser is at the unexpected token.
struct NoMatch;

type Read<T> = Result<T, NoMatch>;

struct Parser<'a> {
    tokens: Vec<PythonToken<'a>>,
    at: usize,
    depth: u32,
    /// Whether the current statement exceeded a nesting limit.
    too_deep: bool,
    problems: Vec<PythonProblem>,
}

impl<'a> Parser<'a> {
    fn new(tokens: Vec<PythonToken<'a>>) -> Self {
        Self {
            tokens,
            at: 0,
            depth: 0,
            too_deep: false,
            problems: Vec::new(),
        }
    }

    /// The current token. The last token, `End`, is never consumed.
    fn current_token(&self) -> PythonToken<'a> {
        self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn token_ahead(&self, count: usize) -> PythonToken<'a> {
        self.tokens[(self.at + count).min(self.tokens.len() - 1)]
    }

    fn current_line(&self) -> u32 {
        self.current_token().line
    }

    fn next_token(&mut self) -> PythonToken<'a> {
        let token = self.current_token();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn is(&self, kind: PythonTokenKind) -> bool {
        self.current_token().kind == kind
    }

    /// Whether the current token is this sign or keyword.
    fn sees(&self, text: &str) -> bool {
        let token = self.current_token();
        matches!(token.kind, PythonTokenKind::Sign | PythonTokenKind::Name) && token.text == text
    }

    fn sees_any(&self, texts: &[&str]) -> bool {
        texts.iter().any(|text| self.sees(text))
    }

    fn accept(&mut self, text: &str) -> bool {
        let seen = self.sees(text);
        if seen {
            self.next_token();
        }
        seen
    }

    fn expect(&mut self, text: &str) -> Read<()> {
        self.accept(text).then_some(()).ok_or(NoMatch)
    }

    fn expect_kind(&mut self, kind: PythonTokenKind) -> Read<PythonToken<'a>> {
        self.is(kind).then(|| self.next_token()).ok_or(NoMatch)
    }

    /// Consumes a name; keywords are refused.
    fn expect_name(&mut self) -> Read<&'a str> {
        let token = self.current_token();
        (token.kind == PythonTokenKind::Name && !is_keyword(token.text))
            .then(|| self.next_token().text)
            .ok_or(NoMatch)
    }

    /// Makes a node; refuses one that is too deep.
    fn make_expr(&mut self, line: u32, kind: ExprKind<'a>) -> Read<PythonExpr<'a>> {
        let made = PythonExpr::new(line, kind);
        if made.depth > DEPTH_MAX {
            self.too_deep = true;
            return Err(NoMatch);
        }
        Ok(made)
    }

    /// Reads with one more level of nesting.
    fn parse_nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= NESTING_MAX {
            self.too_deep = true;
            return Err(NoMatch);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Tries a production. If it does not apply, the parser is back where it started.
    fn try_parse<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Option<T> {
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

    fn report_problem(&mut self) {
        let too_deep = std::mem::take(&mut self.too_deep);
        let PythonToken { line, text, .. } = self.current_token();
        // A token can be a string of many lines; a message has room for its beginning.
        let found: String = text
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(40)
            .collect();
        self.problems.push(PythonProblem {
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
