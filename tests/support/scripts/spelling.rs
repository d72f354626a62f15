//! The text of a script: lines with noise between them, segments inline or as blocks.

use std::fmt::Write as _;

use super::Choices;
use super::segments::Node;

pub(super) fn line(out: &mut String, indent: usize, code: &str, choices: &mut Choices) {
    noise(out, indent, choices);
    out.push_str(&" ".repeat(indent));
    out.push_str(code);
    end_line(out, choices);
}

fn end_line(out: &mut String, choices: &mut Choices) {
    if choices.rarely(6) {
        out.push_str(choices.pick(&["  # why", " #why", "#한글 주석"]));
    } else if choices.rarely(8) {
        out.push_str("  ");
    }
    out.push('\n');
}

/// Writes blank lines and comments.
pub(super) fn noise(out: &mut String, indent: usize, choices: &mut Choices) {
    while choices.rarely(6) {
        match choices.below(3) {
            0 => out.push('\n'),
            1 => {
                let _ = writeln!(out, "{}# a comment", " ".repeat(indent));
            }
            _ => out.push_str("#at the margin\n\n"),
        }
    }
}

/// Writes a header with its body, on the same line or as an indented block.
pub(super) fn write_headed(
    out: &mut String,
    indent: usize,
    header: &str,
    nodes: &[Node],
    choices: &mut Choices,
) {
    noise(out, indent, choices);
    out.push_str(&" ".repeat(indent));
    out.push_str(header);
    if choices.rarely(2) {
        let inline = inline(nodes, choices);
        let _ = write!(out, " {inline}");
        end_line(out, choices);
        return;
    }
    end_line(out, choices);
    // Any indent is valid, as in Python.
    let deeper = indent + 1 + choices.below(4);
    for node in nodes {
        write_node(out, deeper, node, choices);
    }
}

fn write_node(out: &mut String, indent: usize, node: &Node, choices: &mut Choices) {
    let Some(((_, first), clauses)) = node.blocks.split_first() else {
        line(out, indent, &node.head, choices);
        return;
    };
    write_headed(out, indent, &format!("{}:", node.head), first, choices);
    for (word, block) in clauses {
        write_headed(out, indent, &format!("{word}:"), block, choices);
    }
}

fn inline(nodes: &[Node], choices: &mut Choices) -> String {
    let mut out = String::new();
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            out.push_str(choices.pick(&[" -> ", "->", " → ", " ──► ", "; ", " --> "]));
        }
        let segment = inline_node(node, choices);
        if choices.rarely(6) {
            let _ = write!(out, "[{segment}]");
        } else {
            out.push_str(&segment);
        }
    }
    out
}

fn inline_node(node: &Node, choices: &mut Choices) -> String {
    let mut out = node.head.clone();
    for (word, block) in &node.blocks {
        let colon = choices.pick(&["", ":"]);
        let inner = inline(block, choices);
        let space = if word.is_empty() { "" } else { " " };
        let _ = write!(out, "{space}{word}{colon} ({inner})");
    }
    out
}
