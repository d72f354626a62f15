//! Expectations as ticks and crosses, each with what was the case.

use std::fmt::Write;

use super::colour::Ink;
use super::console::Style;
use crate::paint::text::plain;
use crate::trace::expectation::Verdict;

/// Crosses tell the line, so that it can be found.
pub(super) fn verdicts(verdicts: &[Verdict], style: Style) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        let (claim, actual) = (plain(&verdict.text), plain(&verdict.actual));
        if !verdict.holds {
            let cross = style.out.paint(Ink::Error, "✗");
            let told = style.say().expected(&claim, &actual, verdict.place.line);
            let _ = writeln!(text, "{cross} {told}");
            continue;
        }
        let tick = style.out.paint(Ink::Good, "✓");
        match claim.ends_with(&actual) {
            true => writeln!(text, "{tick} {claim}"),
            false => writeln!(text, "{tick} {claim} ({actual})"),
        }
        .expect("a string takes everything");
    }
    text
}
