//! The total as a formula with its lines, or the reason why there is none.

use super::answer::{Style, line};
use super::cache::Run;
use crate::protocol::panel::{PanelNode, el};
use analysis::formula::{Expr, formula};

/// The maximum number of terms in the list.
const TERMS_MAX: usize = 6;

/// The formula, or the reason why there is none.
#[derive(Debug)]
pub(super) struct FormulaView {
    pub(super) node: PanelNode,
    pub(super) is_found: bool,
}

/// E.g. `3s = ceil(100/40) × 1s`, in words, and with its lines.
pub(super) fn view(run: &Run, style: Style) -> FormulaView {
    let formula = formula(&run.analysed);
    let is_found = formula.is_ok();
    let node = match formula {
        // A formula such as `3s = 3s` explains nothing.
        Ok(found) if !found.says_something() => PanelNode::NOTHING,
        Ok(found) => el("p.formula")
            .kid(el("code").text(found.text()))
            .text(" ")
            .kid(el("span").text(found.told(style.say.0)))
            .kids(terms(run, &found.expr, style))
            .into(),
        Err(reason) => el("p.formula.none").text(reason.text(style.say.0)).into(),
    };
    FormulaView { node, is_found }
}

/// The terms with their lines, e.g. `1s line 1`. Each line appears once.
fn terms(run: &Run, expr: &Expr, style: Style) -> Vec<PanelNode> {
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
            nodes.push(PanelNode::Text(" · ".into()));
            nodes.push(term.into());
        }
    }
    nodes
}
