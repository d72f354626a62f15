//! Prose as elements: what stands in backticks is code, and a number stays with its unit.

use yew::prelude::*;

use crate::web::model::units::kept_together;

pub(super) fn marked(text: &str) -> Html {
    let text = kept_together(text);
    let pieces = text.split('`').enumerate();
    pieces
        .map(|(index, piece)| match index % 2 {
            0 => html! { { piece } },
            _ => html! { <code>{ piece }</code> },
        })
        .collect()
}
