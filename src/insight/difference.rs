//! The first difference between the run of a script and that of another one.

use super::answer::{Style, said};
use super::cache::Run;
use super::small_chart::small_chart;
use crate::protocol::panel::{PanelAction, PanelNode, el};
use analysis::compare::divergence::{Named, diverge};

/// Shows the first different event of both runs, with small charts of both.
pub(super) fn view(run: &Run, other: &str, style: Style) -> PanelNode {
    let Some(before) = Run::of(other) else {
        return said(style.say.other_has_errors());
    };
    let found = diverge(
        (before.analysed.workload(), before.analysed.trace()),
        (run.analysed.workload(), run.analysed.trace()),
    );
    let Some(found) = found else {
        return said(style.say.no_difference());
    };
    // Both charts share one time axis, so that their bars can be compared.
    let end = run.analysed.trace().end.max(before.analysed.trace().end);
    let side = |name: &'static str, run: &Run, event: Option<&Named>| -> PanelNode {
        el("tr")
            .kid(el("th").set("scope", "row").text(name))
            .kid(el("td").text(style.say.event(event)))
            .kid(el("td").text(format!("{} {}", style.say.in_total(), run.analysed.total())))
            .kid(el("td.small-chart").kid(small_chart(
                run.analysed.workload(),
                run.analysed.trace(),
                end,
                style,
            )))
            .into()
    };
    let moment = found.right.as_ref().map(|event| {
        el("button.link")
            .set("type", "button")
            .text(style.say.show_moment(&event.at.label()))
            .on_click(PanelAction::At(event.at.as_nanos()))
    });
    let sides = el("tbody")
        .kid(side(style.say.before(), &before, found.left.as_ref()))
        .kid(side(style.say.now(), run, found.right.as_ref()));
    PanelNode::Several(vec![
        el("p").text(style.say.common(found.common)).into(),
        el("p.lead")
            .text(style.say.difference(found.difference()))
            .into(),
        moment.into(),
        el("div.scroll")
            .set("tabindex", "0")
            .set("role", "region")
            .label(style.say.before())
            .kid(el("table.difference").kid(sides))
            .into(),
    ])
}
