//! Bodies: sequences of segments, on one line or one segment a line, with their blocks.

use super::{ScriptParser, segment};
use crate::diagnostic::Diagnostic;
use crate::diagnostics::{MissingSign, Want};
use crate::lexer::TokenKind;
use crate::span::Span;
use crate::syntax::{Block, BlockLayout, SegmentNode, SegmentNodeKind, Trivia};
use crate::vocabulary::{SEGMENTS, lookup};
use model::limits::NESTING_MAX;

/// The body of a task, after its colon: one line or an indented block.
pub(super) fn task_body(p: &mut ScriptParser, indent: u32, name: Span) -> Block {
    if p.at_end() {
        p.leave_line();
        return indented(p, indent, name);
    }
    let mut block = Block::default();
    p.depth += 1;
    sequence(p, None, &mut block.steps);
    p.end_line();
    continuation(p, indent, &mut block);
    p.depth -= 1;
    block
}

/// Lines below a one-line body that continue it:
///
/// ```text
/// a: cpu 3
///   -> await 5
/// ```
fn continuation(p: &mut ScriptParser, indent: u32, block: &mut Block) {
    if !deeper_line_follows_indent(p, indent) {
        return;
    }
    // Without an arrow the lines are read, too, so that only the indentation is reported.
    let arrow = p.trailing_arrow || next_line_starts_with_arrow(p);
    let excused = arrow || ends_broken(block);
    if !excused && let Some(line) = p.code_line() {
        let after = block.steps.last().map(|step| p.text_of(step.word));
        p.report(Diagnostic::unexpected_indent(after, line.indent));
    }
    lines(p, indent, block);
}

/// The block below a line that ends in a colon.
pub(super) fn indented(p: &mut ScriptParser, indent: u32, header: Span) -> Block {
    let mut block = Block {
        layout: BlockLayout::Lines,
        ..Block::default()
    };
    if !deeper_line_follows_indent(p, indent) {
        let after = p.text_of(header);
        p.report(Diagnostic::missing_body(after, header));
        return block;
    }
    // Lowering and the simulator recurse over blocks, so their depth is limited.
    if p.depth > NESTING_MAX {
        too_deep(p, header);
        skip_deeper(p, indent);
        return block;
    }
    p.depth += 1;
    lines(p, indent, &mut block);
    p.depth -= 1;
    block
}

/// The block of a header that was not understood. It is read only to report its mistakes.
pub(super) fn skipped_block(p: &mut ScriptParser, indent: u32) {
    if deeper_line_follows_indent(p, indent) {
        let mut block = Block::default();
        lines(p, indent, &mut block);
    }
}

/// All lines that are indented deeper than `parent`, as the steps of one block.
fn lines(p: &mut ScriptParser, parent: u32, block: &mut Block) {
    let Some(first) = p.code_line() else { return };
    let indent = first.indent_width;
    let mut seen = indent;
    loop {
        let start = p.line;
        let lead = p.trivia();
        let width = p.code_line().map(|line| line.indent_width);
        let Some(width) = width.filter(|&width| width > parent) else {
            // The comments before the next line belong to it, unless `own_tail` claims them.
            p.line = start;
            block.tail = own_tail(p, parent);
            return;
        };
        // Several lines that are off by the same width are one mistake.
        if width != seen {
            check_width(p, indent, width, block);
        }
        seen = width;
        line(p, lead, block);
    }
}

/// Reports a line that is indented differently from the one above in the same block.
fn check_width(p: &mut ScriptParser, indent: u32, width: u32, block: &Block) {
    let arrow = p.trailing_arrow || next_line_starts_with_arrow(p);
    let excused = width == indent || ends_broken(block) || (width > indent && arrow);
    if excused {
        return;
    }
    let Some(line) = p.code_line() else { return };
    if width < indent {
        p.report(Diagnostic::uneven_dedent(line.indent));
    } else {
        let after = block.steps.last().map(|step| p.text_of(step.word));
        p.report(Diagnostic::unexpected_indent(after, line.indent));
    }
}

/// The comments after the last step that are indented with the block, not with the next
/// statement.
fn own_tail(p: &mut ScriptParser, parent: u32) -> Vec<Trivia> {
    let start = p.line;
    let code = p.lines[start..].iter().position(|line| line.has_code());
    let between = &p.lines[start..code.map_or(p.lines.len(), |code| start + code)];
    let own = between
        .iter()
        .rposition(|line| line.comment.is_some() && line.indent_width > parent)
        .map_or(0, |last| last + 1);
    p.line = start + own;
    between[..own]
        .iter()
        .map(|line| line.comment.map_or(Trivia::Blank, Trivia::Comment))
        .collect()
}

/// A line of a block, e.g. `cpu 3 -> await 5`, or a segment with its block.
fn line(p: &mut ScriptParser, lead: Vec<Trivia>, block: &mut Block) {
    let line = p.enter_line();
    let first = block.steps.len();
    p.eat(TokenKind::Arrow);
    sequence(p, Some(line.indent_width), &mut block.steps);
    p.end_line();
    if let Some(step) = block.steps.get_mut(first) {
        step.lead = lead;
        step.comment = line.comment;
    }
}

/// Segments up to the end of the line or the closing parenthesis, e.g. `cpu 3 -> await 5`. Adds
/// at least one step. `indent` is given if the first segment begins its line: only then may it
/// have an indented block.
pub(super) fn sequence(p: &mut ScriptParser, indent: Option<u32>, steps: &mut Vec<SegmentNode>) {
    let mut brackets: Vec<Span> = Vec::new();
    let in_block = indent.is_some();
    let mut indent = indent;
    p.trailing_arrow = false;
    loop {
        while p.is(TokenKind::OpenBracket) {
            brackets.push(p.next_token());
        }
        // Only the first segment can begin the line.
        steps.push(segment::segment(p, indent.take()));
        loop {
            // Every round consumes a token or leaves the loop, even on nonsense.
            close_brackets(p, &mut brackets);
            if ends_block(p) || separator(p) {
                break;
            }
            unexpected_rest(p);
        }
        if ends_block(p) {
            let after_separator = p.at > 0 && is_separator(p.tokens[p.at - 1].kind);
            p.trailing_arrow = p.open && after_separator;
            // An arrow at the end of a line is correct only if another line of the block
            // follows.
            if p.trailing_arrow && !(p.parens == 0 && more_lines_follow(p, in_block)) {
                p.expected(Want::Segment);
            }
            break;
        }
    }
    for open in brackets {
        p.report(Diagnostic::unbalanced_bracket('[', ']', open));
    }
}

/// Reports and skips tokens where a separator is expected.
fn unexpected_rest(p: &mut ScriptParser) {
    if p.is(TokenKind::CloseParen) {
        let span = p.next_token();
        p.report(Diagnostic::unbalanced_bracket(')', '(', span));
        return;
    }
    if p.is(TokenKind::Unknown) {
        p.expected(Want::LineEnd);
    } else {
        let (span, gap) = (p.current_span(), p.span_behind());
        let found = p.text_of(span);
        let missing = missing_sign(p, found);
        p.report(Diagnostic::missing_arrow(found, missing, span, gap));
        if missing == MissingSign::Arrow {
            // Continues as if the arrow existed, so that the next segment is checked.
            p.phantom_separator = true;
            return;
        }
    }
    skip_segment(p);
}

/// The missing part that would make sense of the token `found` after a complete segment.
fn missing_sign(p: &ScriptParser, found: &str) -> MissingSign {
    match p.word() {
        Some(word) if lookup(SEGMENTS, word).is_some() => MissingSign::Arrow,
        Some(_) if follows_members(p) => MissingSign::Comma,
        None if matches!(found, ">" | "=" | "=>" | "-" | "--") => MissingSign::ArrowInstead,
        _ => MissingSign::Nothing,
    }
}

/// Whether the segment before this position has members, between which a comma may be missing.
fn follows_members(p: &ScriptParser) -> bool {
    let before = p.tokens[..p.at].iter().rev();
    let mut segment = before.take_while(|token| !is_separator(token.kind));
    let words = ["gather", "as_completed"];
    segment.any(|token| {
        let word = token.span.of(p.text);
        words.iter().any(|known| word.eq_ignore_ascii_case(known))
    })
}

fn close_brackets(p: &mut ScriptParser, brackets: &mut Vec<Span>) {
    while p.is(TokenKind::CloseBracket) {
        let span = p.next_token();
        if brackets.pop().is_none() {
            p.report(Diagnostic::unbalanced_bracket(']', '[', span));
        }
    }
}

fn separator(p: &mut ScriptParser) -> bool {
    if std::mem::take(&mut p.phantom_separator) {
        return true;
    }
    p.eat(TokenKind::Arrow) || p.eat(TokenKind::Semicolon)
}

fn is_separator(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Arrow | TokenKind::Semicolon)
}

/// Whether the sequence ends here.
fn ends_block(p: &ScriptParser) -> bool {
    !p.open || p.at_end() || (p.parens > 0 && p.is(TokenKind::CloseParen))
}

/// Skips to the next arrow, semicolon or closing parenthesis outside nested parentheses.
pub(super) fn skip_segment(p: &mut ScriptParser) {
    let mut depth = 0usize;
    while let Some(token) = p.token_ahead(0) {
        match token.kind {
            TokenKind::Arrow | TokenKind::Semicolon if depth == 0 => return,
            TokenKind::CloseParen if depth == 0 => return,
            TokenKind::CloseParen => depth -= 1,
            TokenKind::OpenParen => depth += 1,
            _ => {}
        }
        p.next_token();
    }
}

/// E.g. `(block 1 -> cpu 2)`.
pub(super) fn parenthesised(p: &mut ScriptParser) -> Block {
    let open = p.next_token();
    let mut block = Block::default();
    if p.depth > NESTING_MAX {
        too_deep(p, open);
        skip_parens(p);
        return block;
    }
    p.depth += 1;
    p.parens += 1;
    if p.is(TokenKind::CloseParen) {
        p.expected(Want::Segment);
    } else {
        sequence(p, None, &mut block.steps);
    }
    p.parens = p.parens.saturating_sub(1);
    p.depth -= 1;
    if !p.eat(TokenKind::CloseParen) {
        p.report(Diagnostic::unbalanced_bracket('(', ')', open));
    }
    block
}

/// The rest of the line after a colon, e.g. `cpu 1 -> await 2`.
pub(super) fn suite(p: &mut ScriptParser, header: Span) -> Block {
    let mut block = Block::default();
    if p.depth > NESTING_MAX {
        too_deep(p, header);
        while !p.at_end() {
            p.next_token();
        }
        return block;
    }
    p.depth += 1;
    sequence(p, None, &mut block.steps);
    p.depth -= 1;
    block
}

/// Skips past the closing parenthesis of one that was just taken.
fn skip_parens(p: &mut ScriptParser) {
    let mut depth = 1usize;
    while depth > 0 && !p.at_end() {
        if p.is(TokenKind::OpenParen) {
            depth += 1;
        } else if p.is(TokenKind::CloseParen) {
            depth -= 1;
        }
        p.next_token();
    }
}

/// Skips all lines that are indented deeper than `indent`.
fn skip_deeper(p: &mut ScriptParser, indent: u32) {
    while deeper_line_follows_indent(p, indent) {
        p.trivia();
        p.line += 1;
    }
}

fn too_deep(p: &mut ScriptParser, span: Span) {
    p.report(Diagnostic::too_deep(span));
}

/// Whether the line below the current one is indented deeper, as its block.
pub(super) fn deeper_line_follows(p: &ScriptParser) -> bool {
    let Some(line) = p.lines.get(p.line) else {
        return false;
    };
    next_after_current(p).is_some_and(|next| next > line.indent_width)
}

/// Like [`deeper_line_follows`], after the current line was left.
fn deeper_line_follows_indent(p: &ScriptParser, indent: u32) -> bool {
    p.code_line().is_some_and(|line| line.indent_width > indent)
}

/// Whether a line of the same block follows an arrow at the end of a line.
fn more_lines_follow(p: &ScriptParser, in_block: bool) -> bool {
    let Some(line) = p.lines.get(p.line) else {
        return false;
    };
    next_after_current(p)
        .is_some_and(|next| next > line.indent_width || (in_block && next == line.indent_width))
}

/// The indentation of the next line of code.
fn next_after_current(p: &ScriptParser) -> Option<u32> {
    let mut rest = p.lines.get(p.line + 1..)?.iter();
    rest.find(|line| line.has_code())
        .map(|line| line.indent_width)
}

fn next_line_starts_with_arrow(p: &ScriptParser) -> bool {
    p.code_line()
        .is_some_and(|line| p.tokens[line.tokens.start].kind == TokenKind::Arrow)
}

/// Whether the last segment has an error, which probably explains the next one.
fn ends_broken(block: &Block) -> bool {
    let last = block.steps.last();
    last.is_some_and(|step| matches!(step.kind, SegmentNodeKind::Broken))
}

/// Skips to the block of a header with an error, so that the block is still read.
pub(super) fn skip_to_block(p: &mut ScriptParser) {
    while !p.at_end() && !p.is(TokenKind::Colon) && !p.is(TokenKind::OpenParen) && !ends_block(p) {
        let kind = p.token_ahead(0).map(|token| token.kind);
        if kind.is_some_and(is_separator) {
            return;
        }
        p.next_token();
    }
}
