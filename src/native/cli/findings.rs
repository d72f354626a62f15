//! What a run shows to be wrong, below its chart: what, why, and the remedy.

use std::fmt::Write;

use super::blame::source;
use super::colour::Ink;
use super::console::Style;
use super::load::Loaded;
use super::machine::MachineArgs;
use super::run::Outcome;
use crate::report;
use crate::time::SimTime;
use crate::why::findings::{Adjust, EFFORT, Finding, FindingKind, Run, findings};

pub(super) fn look(outcome: &Outcome, loaded: &Loaded, machine: &MachineArgs) -> Vec<Finding> {
    findings(Run {
        text: &loaded.text,
        workload: &loaded.workload,
        trace: &outcome.trace,
        machine: Adjust(&|settings| machine.apply(settings)),
        effort: EFFORT,
    })
}

pub(super) fn tell(found: &[Finding], outcome: &Outcome, text: &str, style: Style) -> String {
    let say = style.say();
    let total = outcome.trace.end.since(SimTime::ZERO);
    let mut written = String::new();
    // Who waits for whom in a deadlock has been said already.
    let news = |finding: &&Finding| finding.kind != FindingKind::Deadlock || finding.fix.is_some();
    for finding in found.iter().filter(news) {
        let told = finding.told(total, style.language);
        let _ = writeln!(
            written,
            "{} {}",
            style.out.paint(Ink::Warning, "!"),
            told.what
        );
        for segment in finding.segments.iter().take(3) {
            let line = outcome.workload.place(*segment).line;
            let source = source(outcome.workload, text, *segment);
            let place = style.out.paint(Ink::Faint, &say.line(line));
            let _ = writeln!(written, "    {place}: {source}");
        }
        if let Some(fix) = told.fix {
            let _ = writeln!(written, "    {} {fix}", style.out.paint(Ink::Good, "→"));
        }
    }
    written
}

/// As results have them.
pub(super) fn reported(found: &[Finding], outcome: &Outcome) -> Vec<report::Finding> {
    let total = outcome.trace.end.since(SimTime::ZERO);
    let line = |segment: &crate::workload::SegmentId| outcome.workload.place(*segment).line;
    found
        .iter()
        .map(|finding| {
            let told = finding.told(total, crate::language::Language::En);
            report::Finding {
                code: finding.kind.code().to_owned(),
                lines: finding.segments.iter().map(line).collect(),
                cost_ns: u64::try_from(finding.cost).unwrap_or(u64::MAX),
                text: format!("{}. {}", told.what, told.why),
            }
        })
        .collect()
}
