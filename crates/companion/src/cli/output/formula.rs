//! `run --formula`: the total in closed form, e.g. `3s = ceil(100/40) × 1s`, with the lines of
//! its terms.
//!
//! [`analysis::formula`] finds the formula.

use std::fmt::Write;

use super::blame::source_text;
use super::outcome::RunOutcome;
use crate::cli::colour::Ink;
use crate::cli::console::Style;
use analysis::formula::{Formula, formula};
use formats::report;

pub(crate) fn formula_text(outcome: &RunOutcome, text: &str, style: Style) -> String {
    let found = match formula(&outcome.run) {
        Ok(found) => found,
        Err(reason) => return format!("{}\n", reason.text(style.language)),
    };
    let equation = style.out.paint(Ink::Strong, &found.text());
    let mut written = format!("{equation}  ({})\n", found.told(style.language));
    // A segment may occur in several terms; its line is printed once.
    let mut said = Vec::new();
    for (length, segments) in found.expr.terms() {
        for segment in segments {
            if said.contains(&segment) {
                continue;
            }
            said.push(segment);
            let line = outcome.run.workload().place(segment).line;
            let place = style.out.paint(Ink::Faint, &style.say().line(line));
            let source = source_text(outcome.run.workload(), text, segment);
            let _ = writeln!(written, "    {length}  {place}: {source}");
        }
    }
    written
}

/// The formula for `loopscope.result/1`, if there is one.
pub(crate) fn report_formula(outcome: &RunOutcome) -> Option<report::Formula> {
    let found: Formula = formula(&outcome.run).ok()?;
    let terms = found.expr.terms().into_iter();
    Some(report::Formula {
        text: found.text(),
        terms: terms
            .map(|(length, segments)| report::Term {
                value_ns: length.as_nanos(),
                lines: segments
                    .iter()
                    .map(|segment| outcome.run.workload().place(*segment).line)
                    .collect(),
            })
            .collect(),
    })
}
