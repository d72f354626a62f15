//! Edits that move, wrap or add segments.

use super::EditableScript;
use crate::diagnostic::Edit;
use crate::lexer::{ScriptToken, TokenKind};
use crate::span::Span;
use crate::syntax::{Block, BlockLayout, SegmentNode, SegmentNodeKind, WorkNode};
use crate::vocabulary::{SEGMENTS, Verb, spelling};
use model::workload::{SegmentId, TaskIndex};

impl EditableScript<'_> {
    /// Puts a segment without blocks into one: `cpu 3s` → `process (cpu 3s)`.
    pub fn wrap(&self, segment: SegmentId, verb: Verb) -> Option<Edit> {
        let step = self.step_of_segment(segment)?;
        let written = self.leaf_text(step)?;
        let verb = spelling(SEGMENTS, verb);
        Some(Edit::replace(step.span, format!("{verb} ({written})")))
    }

    /// Puts another segment behind one without blocks: `cpu 1ms` → `cpu 1ms -> yield`.
    pub fn follow_with(&self, segment: SegmentId, next: &str) -> Option<Edit> {
        let step = self.step_of_segment(segment)?;
        self.leaf_text(step)?;
        // Brackets around the segment belong to it.
        let end = self.with_brackets(step.span).end;
        Some(Edit::insert(end, format!(" -> {next}")))
    }

    /// Replaces an offload by the one segment in it: `thread (cpu 1ms)` → `cpu 1ms`.
    pub fn inline(&self, offload: SegmentId) -> Option<Edit> {
        let step = self.step_of_segment(offload)?;
        let SegmentNodeKind::Offload {
            work: WorkNode::Body(body),
            ..
        } = &step.kind
        else {
            return None;
        };
        let [inner] = &body.steps[..] else {
            return None;
        };
        let written = self.leaf_text(inner)?.to_owned();
        self.replace_with_block(offload, written)
    }

    /// Replaces a segment and its block: `repeat 3 (call f)` → `gather 3 f`. Only for a block of
    /// segments without blocks.
    pub fn replace_with_block(&self, segment: SegmentId, text: String) -> Option<Edit> {
        let step = self.step_of_segment(segment)?;
        let [block] = step.kind.blocks()[..] else {
            return None;
        };
        let end = self.block_end(block)?;
        let span = Span {
            start: step.span.start,
            end,
        };
        Some(Edit::replace(span, text))
    }

    /// Replaces the segments from `first` to `last` of one body.
    pub fn replace_row(&self, first: SegmentId, last: SegmentId, text: String) -> Option<Edit> {
        let span = self
            .step_of_segment(first)?
            .span
            .to(self.step_of_segment(last)?.span);
        Some(Edit::replace(span, text))
    }

    /// Adds a segment behind the last one of a task. `None` where that one has blocks.
    pub fn append(&self, task: TaskIndex, segment: &str) -> Option<Edit> {
        let (_, task) = self.task(task)?;
        let last = task.body.steps.last()?;
        self.leaf_text(last)?;
        Some(match task.body.layout {
            BlockLayout::Line => Edit::insert(last.span.end, format!(" -> {segment}")),
            BlockLayout::Lines => {
                let indent = self.indent_of_line(task.body.steps.first()?.line);
                let line = format!("{}{indent}{segment}", self.line_break());
                // Behind the comment of the last line.
                Edit::insert(self.line_end(last.line), line)
            }
        })
    }

    /// Moves the first segment of a `with` block in front of it. `None` where it is the only one,
    /// or has blocks.
    pub fn hoist_first(&self, with: SegmentId) -> Option<Vec<Edit>> {
        let with = self.step_of_segment(with)?;
        let SegmentNodeKind::With { body, .. } = &with.kind else {
            return None;
        };
        let [moved, next, ..] = &body.steps[..] else {
            return None;
        };
        let written = self.leaf_text(moved)?;
        let with_start = self.with_start(with);
        let cut = self.cut_span(moved)?;
        if self.is_parenthesised(body) {
            let before = Edit::insert(with_start, format!("{written} -> "));
            return Some(vec![before, Edit::replace(cut, "")]);
        }
        // Behind an arrow, a `with` can have no block but one in parentheses. So the moved segment
        // gets a line of its own, and nothing may stand before the `with`.
        let first = self.lexed.lines.get(with.line as usize - 1)?;
        if self.lexed.tokens.get(first.tokens.start)?.span.start != with_start {
            return None;
        }
        let (mut cut, mut line) = (cut, written.to_owned());
        if moved.line != next.line {
            // Deeper lines that go on with an arrow would become too deep.
            if self.indent_of_line(moved.line) != self.indent_of_line(next.line) {
                return None;
            }
            cut = self.whole_line(moved.line);
            if let Some(comment) = moved.comment {
                line.push_str("  ");
                line.push_str(comment.of(self.text));
            }
        }
        line.push_str(self.line_break());
        line.push_str(&self.indent_of_line(with.line));
        Some(vec![Edit::insert(with_start, line), Edit::replace(cut, "")])
    }

    /// Where a `with` starts: `async with m:` at its `async`.
    fn with_start(&self, with: &SegmentNode) -> u32 {
        let is_async = |token: &ScriptToken| token.span.of(self.text).eq_ignore_ascii_case("async");
        let before = self.token_before(with.span.start).filter(is_async);
        before.map_or(with.span.start, |token| token.span.start)
    }

    /// The text of a segment without blocks.
    fn leaf_text(&self, step: &SegmentNode) -> Option<&str> {
        let is_leaf = step.kind.verb().is_some() && step.kind.blocks().is_empty();
        is_leaf.then(|| step.span.of(self.text))
    }

    /// A segment with the arrow behind it, up to the next segment.
    fn cut_span(&self, step: &SegmentNode) -> Option<Span> {
        let span = self.with_brackets(step.span);
        let next = self.token_behind(span.end)?;
        let end = match next.kind {
            TokenKind::Arrow | TokenKind::Semicolon => self.token_behind(next.span.end)?.span.start,
            _ => span.end,
        };
        Some(Span {
            start: span.start,
            end,
        })
    }

    /// `[cpu 3]` of `cpu 3`: brackets around one segment belong to it.
    fn with_brackets(&self, mut span: Span) -> Span {
        while let (Some(open), Some(close)) =
            (self.token_before(span.start), self.token_behind(span.end))
            && (open.kind, close.kind) == (TokenKind::OpenBracket, TokenKind::CloseBracket)
        {
            span = open.span.to(close.span);
        }
        span
    }

    /// Where a block of segments without blocks ends, with its parenthesis.
    fn block_end(&self, block: &Block) -> Option<u32> {
        let (first, last) = (block.steps.first()?, block.steps.last()?);
        for step in &block.steps {
            self.leaf_text(step)?;
        }
        let row = self.with_brackets(first.span.to(last.span));
        let is_close = |token: &ScriptToken| token.kind == TokenKind::CloseParen;
        let close = self.token_behind(row.end).filter(is_close);
        Some(match close.filter(|_| self.is_parenthesised(block)) {
            Some(close) => close.span.end,
            None => row.end,
        })
    }

    fn is_parenthesised(&self, block: &Block) -> bool {
        let mut start = block.steps.first().map_or(0, |step| step.span.start);
        while let Some(before) = self.token_before(start) {
            match before.kind {
                TokenKind::OpenBracket => start = before.span.start,
                kind => return kind == TokenKind::OpenParen,
            }
        }
        false
    }
}
