//! The total as a formula whose terms light their bars, or why there is none.

use super::answer::{Style, line};
use super::desk::Run;
use crate::view::node::{Node, el};
use analysis::formula::{Expr, formula};

/// Terms that are listed.
const TERMS_MAX: usize = 6;

pub(super) fn view(run: &Run, style: Style) -> Node {
    match formula(&run.workload, &run.trace) {
        Ok(found) if !found.says_something() => Node::NOTHING,
        Ok(found) => el("p.formula")
            .kid(el("code").text(found.text()))
            .text(" ")
            .kid(el("span").text(found.told(style.say.0)))
            .kids(terms(run, &found.expr, style))
            .into(),
        Err(reason) => el("p.formula.none").text(reason.text(style.say.0)).into(),
    }
}

/// `3s line 4`, each line once.
fn terms(run: &Run, expr: &Expr, style: Style) -> Vec<Node> {
    let mut lines: Vec<u32> = Vec::new();
    let mut nodes = Vec::new();
    for (length, segments) in expr.terms() {
        for number in segments.into_iter().map(|segment| run.line(segment)) {
            if number == 0 || lines.contains(&number) || lines.len() == TERMS_MAX {
                continue;
            }
            lines.push(number);
            let term = el("span.term")
                .text(format!("{length} "))
                .kid(line(number, style));
            nodes.push(Node::Text(" · ".into()));
            nodes.push(term.into());
        }
    }
    nodes
}
