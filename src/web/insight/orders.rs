//! Which orders of a run the durations merely happen to give, each with a run in
//! which it is the other way round.

use super::answer::{Style, said};
use super::desk::Run;
use super::small_chart::small_chart;
use crate::compare::chance::{Order, orders, perturbed};
use crate::sim::simulate;
use crate::web::view::node::{Element, Node, el};

const RUNS: u32 = 100;
/// Runs of a script whose records are more than this are too many.
const RECORDS_MAX: usize = 100_000;
/// Accidents that are shown with an example.
const EXAMPLES_MAX: usize = 3;

pub(super) fn view(run: &Run, percent: u32, style: Style) -> Node {
    if run.trace.log.len() > RECORDS_MAX {
        return said(style.say.too_long_for_orders());
    }
    let found = orders(&run.workload, percent, RUNS);
    if found.is_empty() {
        return said(style.say.no_orders());
    }
    let mut examples = 0;
    let mut rows = Vec::new();
    for order in &found {
        let example = order.turned_in.filter(|_| examples < EXAMPLES_MAX);
        examples += usize::from(example.is_some());
        let example = example.map(|number| example_of(run, percent, number, style));
        rows.push(row(run, order, example, style));
    }
    Node::Several(vec![
        el("p.hint").text(style.say.shaken(RUNS, percent)).into(),
        el("ul.orders").kids(rows).into(),
    ])
}

fn row(run: &Run, order: &Order, example: Option<Element>, style: Style) -> Node {
    let (class, sign) = match order.turned_in {
        None => ("good", "✓ "),
        Some(_) => ("bad", "✗ "),
    };
    el("li")
        .set("class", class)
        .kid(el("span").state("aria-hidden", true).text(sign))
        .text(style.say.order(order, &run.workload))
        .kid(example)
        .into()
}

/// A run with the other order.
fn example_of(run: &Run, percent: u32, number: u32, style: Style) -> Element {
    let workload = perturbed(&run.workload, percent, number);
    let trace = simulate(&workload);
    let end = trace.end.max(run.trace.end);
    el("details")
        .kid(el("summary").text(style.say.example(&trace.end.to_string())))
        .kid(small_chart(&workload, &trace, end, style))
}
