//! The button *As a script*: replaces the script by that of an opened trace or of a program's run.

use super::words;
use crate::protocol::panel::{PanelAction, PanelNode, el, marked};
use analysis::fit::{FitSource, fit};
use model::trace::Trace;
use texts::Language;

/// The number of records up to which a run is made a script. It is simulated several times, before
/// the findings come.
const RECORDS_MAX: usize = 60_000;

/// The button, and below it whether the script repeats the run. Nothing for a run that has no
/// script.
pub(super) fn view(source: FitSource<'_>, trace: &Trace, language: Language) -> PanelNode {
    if trace.log.len() > RECORDS_MAX {
        return PanelNode::NOTHING;
    }
    let Ok(found) = fit(source, trace) else {
        return PanelNode::NOTHING;
    };
    let notes = found.notes.iter().map(|note| {
        let text = note.text(language);
        el("li").text(text).into()
    });
    let notes: Vec<PanelNode> = notes.collect();
    let verdict = found.verdict(language);
    el("div.as-script")
        .kid(
            el("button.small")
                .text(words::AS_A_SCRIPT.of(language))
                .on_click(PanelAction::Rewrite(found.text)),
        )
        .kid(el("p.hint").kid(marked(&verdict)))
        .kid((!notes.is_empty()).then(|| el("ul.hint").kids(notes)))
        .into()
}
