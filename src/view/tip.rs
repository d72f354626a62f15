//! The tooltip of the bar under the mouse. The chart puts it beside the bar.
//!
//! The sentence below the chart says the same of a selected bar, for the keyboard, for touch and
//! for screen readers.

use super::legend;
use super::node::{Element, el};
use crate::state::State;
use crate::state::bars;

pub(crate) const TIP: &str = "tip";

/// The tooltip, if the mouse is on a bar.
pub(super) fn tip(state: &State) -> Option<Element> {
    let language = state.language();
    let bar = state.pointed.tip()?;
    let tip = bars::tip(language, state.shown.as_ref()?, &bar);
    let line = tip.line.map(|line| el("b").text(line));
    let element = el("div.tip")
        .set("id", TIP)
        .state("aria-hidden", true)
        .kid(el("strong").text(tip.name))
        .kid(
            el("p.tip-state")
                .kid(legend::swatch_of(state, bar.kind))
                .text(tip.state),
        )
        .kid(el("p.tip-times").text(tip.times).kid(line))
        .kid(el("p.tip-why").text(tip.why));
    Some(element)
}
