//! Prose as elements: text in backticks becomes code, and a number stays with its unit.

use super::node::{Node, el};
use crate::state::units::kept_together;

pub(crate) fn marked(text: &str) -> Node {
    let text = kept_together(text);
    let piece = |(index, piece): (usize, &str)| match index % 2 {
        0 => Node::Text(piece.to_owned().into()),
        _ => el("code").text(piece.to_owned()).into(),
    };
    Node::Several(text.split('`').enumerate().map(piece).collect())
}
