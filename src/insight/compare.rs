//! The script under each strategy: one table with charts on a common axis, and advice.

use super::answer::Style;
use super::cache::Run;
use super::small_chart::small_chart;
use crate::protocol::panel::{PanelElement, PanelNode, el};
use analysis::compare::{Compared, Figures, Strategy, advise, is_complete};
use analysis::effort::{Effort, Spent};
use chart::scene::label::brief;
use model::time::SimTime;
use model::trace::Trace;
use model::workload::Workload;

/// Simulates the strategies within `work` and compares them.
pub(super) fn view(run: &Run, work: u64, style: Style) -> PanelNode {
    let mut effort = Effort::new(work);
    let runs: Vec<(Strategy, Option<(Workload, Trace)>)> = Strategy::ALL
        .into_iter()
        // Stops at the first strategy that exceeds the work.
        .map_while(|strategy| Some((strategy, moved(run, strategy, &mut effort).ok()?)))
        .collect();
    let end = runs.iter().filter_map(|(_, run)| Some(run.as_ref()?.1.end));
    let end = end.max().unwrap_or(SimTime::ZERO);
    let compared: Vec<Compared> = runs
        .iter()
        .map(|(strategy, run)| Compared {
            strategy: *strategy,
            figures: run
                .as_ref()
                .map(|(workload, trace)| Figures::of(workload, trace)),
        })
        .collect();
    let advice = advise(run.analysed.workload(), &compared, &mut effort);
    let best = advice.as_ref().map(|advice| advice.best);
    let told = advice
        .map(|advice| advice.told(style.say.0))
        .unwrap_or_default();
    let said = told.iter().enumerate().map(|(index, text)| {
        let tag = if index == 0 { "p.lead" } else { "p" };
        el(tag).text(text.clone()).into()
    });
    let heads = style.say.compare_titles();
    // The column of charts has no title.
    let head = |text: &'static str| match text {
        "" => el("td").into(),
        text => el("th").set("scope", "col").text(text).into(),
    };
    let rows = runs.iter().zip(&compared).map(|((_, run), compared)| {
        let chart = run
            .as_ref()
            .map(|(workload, trace)| small_chart(workload, trace, end, style));
        row(compared, chart, best == Some(compared.strategy), style)
    });
    let table = el("table.strategies")
        .kid(el("thead").kid(el("tr").kids(heads.map(head))))
        .kid(el("tbody").kids(rows));
    let (done, all) = (compared.len(), Strategy::ALL.len());
    let note =
        (!is_complete(&compared)).then(|| el("p.hint").text(style.say.compared_some(done, all)));
    PanelNode::Several(vec![
        note.into(),
        el("div.advice").kids(said).into(),
        el("div.scroll")
            .set("tabindex", "0")
            .set("role", "region")
            .label(heads[0])
            .kid(table)
            .into(),
    ])
}

/// The run under a strategy; `None` if the workload cannot run in that way.
fn moved(
    run: &Run,
    strategy: Strategy,
    effort: &mut Effort,
) -> Result<Option<(Workload, Trace)>, Spent> {
    let Some(workload) = strategy.apply(run.analysed.workload()) else {
        return Ok(None);
    };
    let trace = effort.simulate(&workload)?;
    Ok(Some((workload, trace)))
}

fn row(compared: &Compared, chart: Option<PanelElement>, is_best: bool, style: Style) -> PanelNode {
    let name = el("th")
        .set("scope", "row")
        .text(compared.strategy.name(style.say.0));
    let row = el("tr")
        .class_if(is_best, "best")
        .set("data-strategy", compared.strategy.code())
        .kid(name);
    let Some(figures) = compared.figures else {
        // Spans all columns after the name.
        let cell = el("td.none").set("colspan", "5");
        return row.kid(cell.text(style.say.cannot_be())).into();
    };
    let total = if figures.finished {
        brief(figures.total)
    } else {
        format!("{} {}", brief(figures.total), style.say.stuck())
    };
    let cell = |text: String| el("td").text(text);
    row.kid(cell(total))
        .kid(cell(brief(figures.p95)))
        .kid(cell(figures.threads.to_string()))
        .kid(cell(brief(figures.loop_lag)))
        .kid(el("td.small-chart").kid(chart))
        .into()
}
