//! What each token of a script is, for the editor's colours.

use super::lexer::{self, TokenKind};
use super::parser;
use super::span::Span;

/// A piece of the text and its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub span: Span,
    pub class: Class,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// `async def`, `run`, `cores`, `else`.
    Keyword,
    /// `cpu`, `await`, `spawn`.
    Segment,
    Name,
    Number,
    Unit,
    String,
    Comment,
    Operator,
}

impl Class {
    /// Before the grammar has its say: every word is a name.
    pub(super) fn of_token(kind: TokenKind) -> Self {
        match kind {
            TokenKind::Word => Self::Name,
            TokenKind::Number => Self::Number,
            TokenKind::Text => Self::String,
            _ => Self::Operator,
        }
    }
}

/// The tokens of a script in the order of the text, comments included. Works
/// on any text, however broken.
pub fn tokens(text: &str) -> Vec<Token> {
    let lexed = lexer::lex(text);
    let tree = parser::parse(text, &lexed);
    let mut tokens = Vec::with_capacity(lexed.tokens.len() + lexed.lines.len());
    for line in &lexed.lines {
        for index in line.tokens.clone() {
            tokens.push(Token {
                span: lexed.tokens[index].span,
                class: tree.classes[index],
            });
        }
        tokens.extend(line.comment.map(|span| Token {
            span,
            class: Class::Comment,
        }));
    }
    tokens
}
