//! The formatter: one layout for every script.
//!
//! - A body on one line stays on one line if it fits into [`LINE_WIDTH`]. A block stays a block
//!   with one segment a line.
//! - A nested block follows a colon if its segment begins a line, and is in parentheses between
//!   arrows.
//! - A task of several lines has a blank line before and after it. Other blank lines are kept,
//!   at most one at a time.
//!
//! The program stays the same: only the separators of tokens change, and spellings with the
//! same meaning, e.g. `3초` → `3s`.

use super::diagnostic::{self, Diagnostic};
use super::lexer;
use super::parser;
use super::span::{Span, cells};
use super::spell;
use super::syntax::*;

/// In terminal cells, where a Hangul syllable has two: lines of Hangul look as wide as others.
const LINE_WIDTH: usize = 80;
/// The indentation of PEP 8.
const INDENT: usize = 4;

/// Formats a script, or returns its syntax errors. Names need not exist, so that an incomplete
/// script can be formatted while it is written.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    if let Some(diagnostic) = super::too_long(text) {
        return Err(vec![diagnostic]);
    }
    let lexed = lexer::lex(text);
    let tree = parser::parse(text, &lexed);
    let mut diagnostics = lexed.diagnostics;
    diagnostics.extend(tree.diagnostics);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(diagnostic::arrange(diagnostics));
    }
    let mut printer = Printer {
        text,
        out: String::with_capacity(text.len() + text.len() / 4),
    };
    printer.write_script(&tree.script);
    Ok(printer.out)
}

struct Printer<'t> {
    text: &'t str,
    /// The output so far, of the whole script or of one block.
    out: String,
}

impl Printer<'_> {
    fn write_script(&mut self, script: &ScriptTree) {
        let mut after_tall = false;
        for item in &script.items {
            let (first, rest) = self.statement_lines(item);
            let tall = !rest.is_empty();
            let apart = (tall || after_tall) && !self.out.is_empty();
            // The script may have a blank line here already.
            if apart && item.lead.first() != Some(&Trivia::Blank) {
                self.out.push('\n');
            }
            self.write_trivia(&item.lead, 0);
            self.write_line(0, &first, item.comment);
            self.out.push_str(&rest);
            after_tall = tall;
        }
        // Blank lines at the end of the file are dropped.
        let end = script.tail.iter().rposition(|t| *t != Trivia::Blank);
        let tail = &script.tail[..end.map_or(0, |end| end + 1)];
        if after_tall && tail.first().is_some_and(|first| *first != Trivia::Blank) {
            self.out.push('\n');
        }
        self.write_trivia(tail, 0);
    }

    /// The first line of a statement, and the lines of its block.
    fn statement_lines(&self, item: &StatementNode) -> (String, String) {
        let text = self.text;
        let line = match &item.kind {
            StatementNodeKind::Task(task) => {
                return self.headed_lines(&spell::header(text, task), &task.body, 0);
            }
            StatementNodeKind::Setting(setting) => spell::setting(text, setting),
            StatementNodeKind::Resource(resource) => spell::resource(text, resource),
            StatementNodeKind::Run(run) => spell::run(text, run),
            StatementNodeKind::Expect(expect) => {
                format!("expect {}", spell::claim(text, &expect.claim))
            }
            StatementNodeKind::Broken => String::new(),
        };
        (line, String::new())
    }

    /// `header` with its body on one line, e.g. `a: cpu 3s -> await 5s`, or else the header and
    /// the lines of its block. The header includes its colon.
    fn headed_lines(&self, header: &str, body: &Block, indent: usize) -> (String, String) {
        if let Some(inline) = self.inline_block(body) {
            let line = format!("{header} {inline}");
            // A comment at the end of the line may exceed the width: it cannot be broken.
            if indent + cells(&line) <= LINE_WIDTH {
                return (line, String::new());
            }
        }
        let mut inner = Printer {
            text: self.text,
            out: String::new(),
        };
        inner.write_block(body, indent + INDENT);
        (header.to_owned(), inner.out)
    }

    fn write_block(&mut self, block: &Block, indent: usize) {
        for step in &block.steps {
            self.write_trivia(&step.lead, indent);
            self.write_step(step, indent);
        }
        self.write_trivia(&block.tail, indent);
    }

    /// Writes a segment on its own line, with its blocks below.
    fn write_step(&mut self, step: &SegmentNode, indent: usize) {
        let head = spell::head(self.text, &step.kind);
        let Some((body, clauses)) = blocks_of_step(&step.kind) else {
            self.write_line(indent, &head, step.comment);
            return;
        };
        let (first, rest) = self.headed_lines(&format!("{head}:"), body, indent);
        self.write_line(indent, &first, step.comment);
        self.out.push_str(&rest);
        for (word, clause) in clauses {
            self.write_trivia(&clause.lead, indent);
            let (first, rest) = self.headed_lines(&format!("{word}:"), &clause.body, indent);
            self.write_line(indent, &first, clause.comment);
            self.out.push_str(&rest);
        }
    }

    /// The block on one line; `None` if it contains a multi-line block or a comment.
    fn inline_block(&self, block: &Block) -> Option<String> {
        if block.layout == BlockLayout::Lines || !block.tail.is_empty() {
            return None;
        }
        let steps: Option<Vec<_>> = block.steps.iter().map(|s| self.inline_step(s)).collect();
        Some(steps?.join(" -> "))
    }

    fn inline_step(&self, step: &SegmentNode) -> Option<String> {
        let has_comment = |trivia: &[Trivia]| trivia.iter().any(|t| *t != Trivia::Blank);
        // On one line, everything after the comment would belong to it.
        if step.comment.is_some() || has_comment(&step.lead) {
            return None;
        }
        let mut written = spell::head(self.text, &step.kind);
        let Some((body, clauses)) = blocks_of_step(&step.kind) else {
            return Some(written);
        };
        written.push_str(&format!(" ({})", self.inline_block(body)?));
        for (word, clause) in clauses {
            if clause.comment.is_some() || has_comment(&clause.lead) {
                return None;
            }
            written.push_str(&format!(" {word} ({})", self.inline_block(&clause.body)?));
        }
        Some(written)
    }

    fn write_line(&mut self, indent: usize, code: &str, comment: Option<Span>) {
        self.out.push_str(&" ".repeat(indent));
        self.out.push_str(code);
        if let Some(comment) = comment {
            self.out.push_str("  ");
            self.out.push_str(&tidy_comment(comment.of(self.text)));
        }
        self.out.push('\n');
    }

    /// Writes comments and blank lines. Blank lines are merged, and dropped at the start.
    fn write_trivia(&mut self, trivia: &[Trivia], indent: usize) {
        for piece in trivia {
            match piece {
                Trivia::Blank if self.out.is_empty() || self.out.ends_with("\n\n") => {}
                Trivia::Blank => self.out.push('\n'),
                Trivia::Comment(span) => {
                    let comment = tidy_comment(span.of(self.text));
                    self.write_line(indent, &comment, None);
                }
            }
        }
    }
}

/// The first block of a segment, and its clauses with their keywords.
type Blocks<'s> = (&'s Block, Vec<(&'static str, &'s ClauseNode)>);

fn blocks_of_step(kind: &SegmentNodeKind) -> Option<Blocks<'_>> {
    match kind {
        SegmentNodeKind::Group(body)
        | SegmentNodeKind::Forever(body)
        | SegmentNodeKind::AsCompleted { body, .. }
        | SegmentNodeKind::With { body, .. }
        | SegmentNodeKind::Repeat { body, .. }
        | SegmentNodeKind::Offload {
            work: WorkNode::Body(body),
            ..
        } => Some((body, Vec::new())),
        SegmentNodeKind::Timeout {
            body, otherwise, ..
        }
        | SegmentNodeKind::WaitFor {
            work: WorkNode::Body(body),
            otherwise,
            ..
        } => {
            let clauses = otherwise.iter().map(|clause| ("else", clause));
            Some((body, clauses.collect()))
        }
        SegmentNodeKind::Try {
            body,
            except,
            finally,
        } => {
            let except = except.iter().map(|clause| ("except", clause));
            let finally = finally.iter().map(|clause| ("finally", clause));
            Some((body, except.chain(finally).collect()))
        }
        _ => None,
    }
}

/// Adds a space after the mark: `#text` → `# text`. `#!` is left alone.
fn tidy_comment(comment: &str) -> String {
    let text = comment.trim_start_matches('#');
    let marks = &comment[..comment.len() - text.len()];
    let gap = text.starts_with(|c: char| !c.is_whitespace() && c != '!');
    format!("{marks}{}{text}", if gap { " " } else { "" })
}
