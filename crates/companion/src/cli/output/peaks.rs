//! The text of `run --summary`: total, peak number of threads, longest freeze and loop lag.
//!
//! It serves runs too large for a chart, e.g. a million instances.

use std::fmt::Write;

use super::outcome::RunOutcome;
use crate::cli::colour::Ink;
use crate::cli::console::Style;
use chart::scene::label::brief;
use chart::scene::words::Words;

pub(crate) fn peaks_text(outcome: &RunOutcome, style: Style) -> String {
    let words = Words(style.language);
    let summary = outcome.run.summary();
    let total = words.total_line(&summary.total.to_string(), &outcome.run.trace().ending);
    let mut text = style.out.paint(Ink::Strong, &total);
    if let Some(ending) = words.ending(&outcome.run.trace().ending) {
        let _ = write!(text, ", {}", style.out.paint(Ink::Error, &ending));
    }
    text.push('\n');
    if summary.threads_peak > 0 {
        let _ = writeln!(
            text,
            "{}: {}",
            words.threads_at_peak(),
            summary.threads_peak
        );
    }
    let longest = [
        (words.longest_freeze(), summary.freeze),
        (style.say().loop_lag(), summary.loop_lag),
    ];
    for (what, longest) in longest {
        // `Some` of zero length: steps ran, but took no time.
        if let Some(longest) = longest.filter(|longest| !longest.length.is_zero()) {
            let (length, who) = (brief(longest.length), outcome.name(longest.instance));
            let _ = writeln!(text, "{what}: {length} ({who})");
        }
    }
    text
}
