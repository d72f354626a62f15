//! What can be downloaded besides the script: charts, traces, figures, programs.
//!
//! A program of its own, which the page loads when it is first asked for one of
//! these, so that nobody waits for it before. Plain Rust; the page hands over
//! the script and the trace that it shows.

use crate::chart::{ChartOptions, draw_svg};
use crate::export::{asyncio, perfetto};
use crate::language::Language;
use crate::paint::svg::SvgTheme;
use crate::protocol;
use crate::report::{self, Report};
use crate::scene::{By, Theme};
use crate::script;
use crate::trace::expectation::judge;
use crate::trace::summarize;

/// The text of a file. `None` of a kind that is not known, and where script and
/// trace do not belong together.
pub fn file(
    kind: &str,
    script: &str,
    trace: &[u8],
    by_thread: bool,
    language: &str,
) -> Option<String> {
    let workload = script::parse(script).workload?;
    let trace = protocol::trace::decode(trace)?;
    let options = |theme| ChartOptions {
        by: if by_thread { By::Threads } else { By::Tasks },
        language: Language::from_tag(language).unwrap_or_default(),
        theme,
        ..ChartOptions::default()
    };
    let mut bytes = Vec::new();
    match kind {
        "svg" => return Some(draw_svg(&workload, &trace, &options(SvgTheme::Auto))),
        "light" => {
            return Some(draw_svg(
                &workload,
                &trace,
                &options(SvgTheme::Fixed(Theme::Light)),
            ));
        }
        "dark" => {
            return Some(draw_svg(
                &workload,
                &trace,
                &options(SvgTheme::Fixed(Theme::Dark)),
            ));
        }
        "python" => return Some(asyncio(&workload)),
        "trace" => perfetto(&workload, &trace, &mut bytes).ok()?,
        "csv" => {
            let summary = summarize(&workload, &trace);
            let report = Report {
                workload: &workload,
                trace: &trace,
                verdicts: &judge(&workload, &trace, &summary),
                summary: &summary,
                findings: &[],
                formula: None,
            };
            report::write_csv(report, &mut bytes).ok()?;
        }
        _ => return None,
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::simulate;

    const SCRIPT: &str = "a: cpu 1 -> await 2\n";

    fn trace() -> Vec<u8> {
        let workload = script::parse(SCRIPT).workload.expect("no errors");
        protocol::trace::encode(&simulate(&workload))
    }

    #[track_caller]
    fn check(kind: &str, begins: &str) {
        let text = file(kind, SCRIPT, &trace(), false, "ko").expect("a known kind");
        assert!(text.starts_with(begins), "{}", &text[..60]);
    }

    #[test]
    fn each_kind_is_a_file_of_its_own_format() {
        check("svg", "<svg");
        check("light", "<svg");
        check("dark", "<svg");
        check("trace", "{");
        check("csv", "name,number,role");
        check("python", "\"\"\"");
    }

    #[test]
    fn what_makes_no_sense_makes_no_file() {
        assert_eq!(file("exe", SCRIPT, &trace(), false, "en"), None);
        assert_eq!(file("svg", "a: awiat 1", &trace(), false, "en"), None);
        assert_eq!(file("svg", SCRIPT, b"noise", false, "en"), None);
    }
}
