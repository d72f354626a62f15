//! The expectations with ticks and crosses, and with the actual values.

use std::fmt::Write;

use crate::cli::colour::Ink;
use crate::cli::console::Style;
use chart::paint::text::plain;
use model::trace::expectation::Verdict;

/// One line for each expectation. A failed one names its line in the script.
pub(crate) fn verdict_list(verdicts: &[Verdict], style: Style) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        let (claim, actual) = (plain(&verdict.text), plain(&verdict.actual));
        if !verdict.holds {
            let cross = style.out.paint(Ink::Error, "✗");
            let told = style
                .say()
                .expected_claim(&claim, &actual, verdict.place.line);
            let _ = writeln!(text, "{cross} {told}");
            continue;
        }
        let tick = style.out.paint(Ink::Good, "✓");
        let _ = writeln!(text, "{tick} {}", fulfilled_claim(&claim, &actual));
    }
    text
}

/// The claim with the actual value, unless the claim states it: `threads <= 140 (40)`, but
/// `total 9s`.
fn fulfilled_claim(claim: &str, actual: &str) -> String {
    // E.g. `deadlock`: the actual value says more, `deadlock at 2s`.
    if actual.starts_with(claim) {
        return actual.to_owned();
    }
    if claim.rsplit(' ').next() == Some(actual) {
        claim.to_owned()
    } else {
        format!("{claim} ({actual})")
    }
}

#[cfg(test)]
mod tests {
    use super::fulfilled_claim;

    #[test]
    fn nothing_is_said_twice() {
        assert_eq!(fulfilled_claim("total 9s", "9s"), "total 9s");
        assert_eq!(
            fulfilled_claim("threads <= 140", "40"),
            "threads <= 140 (40)"
        );
        assert_eq!(
            fulfilled_claim("deadlock", "deadlock at 2s"),
            "deadlock at 2s"
        );
    }
}
