//! Prose as elements: what stands in backticks is code.

use yew::prelude::*;

pub(super) fn marked(text: &str) -> Html {
    let pieces = text.split('`').enumerate();
    pieces
        .map(|(index, piece)| match index % 2 {
            0 => html! { { piece } },
            _ => html! { <code>{ piece }</code> },
        })
        .collect()
}
