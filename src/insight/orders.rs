//! Which orders of a run are guaranteed and which are accidents of the durations, each accident
//! with an opposite run.

use super::answer::{Style, said};
use super::cache::Run;
use super::small_chart::small_chart;
use crate::protocol::panel::{PanelElement, PanelNode, el};
use analysis::compare::chance::{Order, Verdict, orders, perturbed};
use analysis::effort::Effort;
use sim::simulate;

/// Runs with varied durations: enough to find orders that change in a few percent of them.
const RUNS: u32 = 100;
/// The maximum number of accidents with an example, because each needs another simulation.
const EXAMPLES_MAX: usize = 3;

/// Lists the orders. `percent` is the variation of the durations.
pub(super) fn view(run: &Run, percent: u32, work: u64, style: Style) -> PanelNode {
    let found = orders(
        run.analysed.workload(),
        percent,
        RUNS,
        &mut Effort::new(work),
    );
    if found.runs == 0 {
        return said(&style.say.ran_some(0, RUNS));
    }
    if found.orders.is_empty() {
        return said(style.say.no_orders());
    }
    let mut examples = 0;
    let mut rows = Vec::new();
    for order in &found.orders {
        let example = order.turned_in.filter(|_| examples < EXAMPLES_MAX);
        examples += usize::from(example.is_some());
        let example = example.map(|number| example_of(run, percent, number, style));
        rows.push(row(run, order, example, style));
    }
    let note = (found.runs < RUNS).then(|| el("p.hint").text(style.say.ran_some(found.runs, RUNS)));
    PanelNode::Several(vec![
        note.into(),
        el("p.hint")
            .text(style.say.shaken(found.runs, percent))
            .into(),
        el("ul.orders").kids(rows).into(),
    ])
}

fn row(run: &Run, order: &Order, example: Option<PanelElement>, style: Style) -> PanelNode {
    let (class, sign) = match order.verdict() {
        Verdict::Guaranteed => ("good", "✓ "),
        Verdict::InAllRuns => ("", "• "),
        Verdict::Accident => ("bad", "✗ "),
    };
    el("li")
        .set("class", class)
        .kid(el("span").state("aria-hidden", true).text(sign))
        .text(style.say.order(order, run.analysed.workload()))
        .kid(example)
        .into()
}

/// A run with the opposite order, as a folded small chart.
fn example_of(run: &Run, percent: u32, number: u32, style: Style) -> PanelElement {
    // Simulated again, because `orders` returns only the number of the run.
    let workload = perturbed(run.analysed.workload(), percent, number);
    let trace = simulate(&workload);
    let end = trace.end.max(run.analysed.trace().end);
    el("details")
        .kid(el("summary").text(style.say.example(&trace.end.to_string())))
        .kid(small_chart(&workload, &trace, end, style))
}
