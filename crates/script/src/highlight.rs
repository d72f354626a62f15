//! Syntax highlighting: the class of each token for the editor.

use super::lexer::{self, Lexed, TokenKind};
use super::parser;
use super::span::Span;

/// A token's place and its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HighlightedToken {
    pub span: Span,
    pub class: Class,
}

/// The classes that the editor colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// E.g. `async def`, `run`, `cores`, `else`.
    Keyword,
    /// E.g. `cpu`, `await`, `spawn`.
    Segment,
    Name,
    Number,
    Unit,
    String,
    Comment,
    Operator,
}

impl Class {
    /// The class before parsing: every word is a name.
    pub(super) fn of_token(kind: TokenKind) -> Self {
        match kind {
            TokenKind::Word => Self::Name,
            TokenKind::Number => Self::Number,
            TokenKind::Text => Self::String,
            _ => Self::Operator,
        }
    }
}

/// The tokens of a script in the order of the text, with comments. Never fails, so that a
/// script keeps its colours while it is edited.
pub fn tokens(text: &str) -> Vec<HighlightedToken> {
    let lexed = lexer::lex(text);
    let tree = parser::parse(text, &lexed);
    classified(&lexed, &tree.classes)
}

/// The tokens and comments of a lexed script, with the classes that the parser found.
pub(super) fn classified(lexed: &Lexed, classes: &[Class]) -> Vec<HighlightedToken> {
    let mut tokens = Vec::with_capacity(lexed.tokens.len() + lexed.lines.len());
    for line in &lexed.lines {
        for index in line.tokens.clone() {
            tokens.push(HighlightedToken {
                span: lexed.tokens[index].span,
                class: classes[index],
            });
        }
        // The lexer keeps comments apart from the tokens, because the grammar ignores them.
        tokens.extend(line.comment.map(|span| HighlightedToken {
            span,
            class: Class::Comment,
        }));
    }
    tokens
}
