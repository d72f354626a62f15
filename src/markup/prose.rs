//! Prose as elements: text in backticks becomes code, and a number stays with its unit.

use super::units::kept_together;
use super::{Node, el};

pub(crate) fn marked<L, S>(text: &str) -> Node<L, S> {
    let text = kept_together(text);
    let piece = |(index, piece): (usize, &str)| match index % 2 {
        0 => Node::Text(piece.to_owned().into()),
        _ => el("code").text(piece.to_owned()).into(),
    };
    Node::Several(text.split('`').enumerate().map(piece).collect())
}
