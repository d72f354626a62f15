//! Edits of a script's text: a setting, a duration, a segment, a line.
//!
//! Every edit is made on the spans of the parsed tree, so that it finds its place in every
//! spelling, and leaves the rest of the text alone. Which edit helps is left to the callers: the
//! findings, the settings panel, the chart and the sweep.
//!
//! - [`setting`]: settings, runs and resources. [`segment`]: one segment. [`structure`]: moving,
//!   wrapping and adding segments. [`duration`]: the text of a duration.
//!
//! ```text
//! text ─▶ EditableScript ─ set(Pool, "40") ─▶ Edit ─ apply_edits ─▶ text
//! ```

mod duration;
mod segment;
mod setting;
mod structure;

pub use duration::nudge_duration;

use super::diagnostic::Edit;
use super::lexer::{self, Lexed, ScriptToken};
use super::parser;
use super::span::Span;
use super::syntax::{Block, ScriptTree, SegmentNode, StatementNode, StatementNodeKind, TaskNode};
use model::sorting::sort_by_number;
use model::workload::{SegmentId, TaskIndex};

/// A script that is to be edited. Segments and tasks are named as in its workload.
#[derive(Debug)]
pub struct EditableScript<'t> {
    text: &'t str,
    lexed: Lexed,
    tree: ScriptTree,
    /// Where each segment starts, by its number.
    starts: Vec<u32>,
}

impl<'t> EditableScript<'t> {
    /// Any text can be edited; where it has mistakes, an edit may not find its place.
    pub fn parse(text: &'t str) -> Self {
        let lexed = lexer::lex(text);
        let tree = parser::parse(text, &lexed).script;
        let mut script = Self {
            text,
            lexed,
            tree,
            starts: Vec::new(),
        };
        let mut starts = Vec::new();
        for (_, task) in script.tasks() {
            add_starts(&task.body, &mut starts);
        }
        script.starts = starts;
        script
    }

    fn step_of_segment(&self, id: SegmentId) -> Option<&SegmentNode> {
        let start = *self.starts.get(id.0 as usize)?;
        let items = &self.tree.items;
        let behind = items.partition_point(|item| item.span.start <= start);
        match &items.get(behind.checked_sub(1)?)?.kind {
            StatementNodeKind::Task(task) => step_at(&task.body, start),
            _ => None,
        }
    }

    fn task(&self, index: TaskIndex) -> Option<(&StatementNode, &TaskNode)> {
        self.tasks().nth(index.0 as usize)
    }

    fn tasks(&self) -> impl Iterator<Item = (&StatementNode, &TaskNode)> {
        self.tree.items.iter().filter_map(|item| match &item.kind {
            StatementNodeKind::Task(task) => Some((item, task)),
            _ => None,
        })
    }

    fn token_before(&self, byte: u32) -> Option<ScriptToken> {
        let tokens = &self.lexed.tokens;
        let behind = tokens.partition_point(|token| token.span.end <= byte);
        Some(tokens[behind.checked_sub(1)?])
    }

    /// The first token at or behind the byte.
    fn token_behind(&self, byte: u32) -> Option<ScriptToken> {
        let tokens = &self.lexed.tokens;
        let at = tokens.partition_point(|token| token.span.start < byte);
        tokens.get(at).copied()
    }

    /// The white space in front of a line's code. A byte order mark is not copied to other lines.
    fn indent_of_line(&self, line: u32) -> String {
        let line = line
            .checked_sub(1)
            .and_then(|index| self.lexed.lines.get(index as usize));
        let indent = line.map_or("", |line| line.indent.of(self.text));
        indent.replace('\u{feff}', "")
    }

    /// The line, from 1, with the line break behind it.
    fn whole_line(&self, line: u32) -> Span {
        let start_of = |line: u32| {
            let line = self.lexed.lines.get(line as usize - 1)?;
            Some(line.indent.start as usize)
        };
        let end = start_of(line + 1).unwrap_or(self.text.len());
        Span::new(start_of(line).unwrap_or(end), end)
    }

    /// The end of the line's text, in front of its line break.
    fn line_end(&self, line: u32) -> u32 {
        let line = self.whole_line(line);
        let text = line.of(self.text).trim_end_matches(['\n', '\r']);
        line.start + text.len() as u32
    }

    /// The line break that the script uses.
    fn line_break(&self) -> &'static str {
        let first = self.text.find(['\n', '\r']).map(|at| &self.text[at..]);
        match first {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        }
    }
}

/// Adds the starts of a block's segments in the order in which lowering numbers them.
fn add_starts(block: &Block, starts: &mut Vec<u32>) {
    for step in &block.steps {
        // A broken segment has no number.
        if step.kind.verb().is_some() {
            starts.push(step.span.start);
        }
        for inner in step.kind.blocks() {
            add_starts(inner, starts);
        }
    }
}

fn step_at(block: &Block, start: u32) -> Option<&SegmentNode> {
    let behind = block.steps.partition_point(|step| step.span.start <= start);
    let step = &block.steps[behind.checked_sub(1)?];
    if step.span.start == start {
        return Some(step);
    }
    let mut blocks = step.kind.blocks().into_iter();
    blocks.find_map(|block| step_at(block, start))
}

/// The text after edits that do not overlap. Insertions at one place keep their order.
pub fn apply_edits<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    sort_by_number(&mut edits, |edit| edit.span.place());
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        result.push_str(text.get(at..range.start).unwrap_or_default());
        result.push_str(&edit.replacement);
        at = range.end.max(at);
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

#[cfg(test)]
mod tests;
