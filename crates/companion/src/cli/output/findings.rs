//! The findings of a run, with their lines and remedies, as text and for results.
//!
//! [`analysis::why::findings`] finds them.

use std::fmt::Write;

use super::blame::source_text;
use super::outcome::RunOutcome;
use crate::cli::colour::Ink;
use crate::cli::console::Style;
use crate::cli::machine::MachineArgs;
use analysis::why::findings::{Adjust, EFFORT, Examined, Finding, FindingKind, findings};
use formats::report;
use model::workload::SegmentId;
use script::{Edit, line_column};
use texts::Language;

pub(crate) fn find_findings(
    outcome: &RunOutcome,
    script: &str,
    machine: &MachineArgs,
) -> Vec<Finding> {
    findings(Examined {
        text: script,
        run: &outcome.run,
        machine: Adjust(&|settings| machine.apply(settings)),
        effort: EFFORT,
    })
}

/// The findings about a Python program. `script` is the one in its trace, which cannot repeat the
/// run; so they come without remedies.
pub(crate) fn find_program_findings(outcome: &RunOutcome, script: &str) -> Vec<Finding> {
    findings(Examined {
        text: script,
        run: &outcome.run,
        machine: Adjust(&|_| {}),
        effort: 0,
    })
}

pub(crate) fn findings_text(
    found: &[Finding],
    outcome: &RunOutcome,
    text: &str,
    style: Style,
) -> String {
    let say = style.say();
    let total = outcome.run.total();
    let mut written = String::new();
    // The description of a deadlock is printed already; its finding adds only the remedy.
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
            let Some(place) = outcome.place(*segment, say) else {
                continue;
            };
            let source = source_text(outcome.run.workload(), text, *segment);
            let place = style.out.paint(Ink::Faint, &place);
            let _ = writeln!(written, "    {place}: {source}");
        }
        for fix in told.fix.into_iter().chain(told.alternative) {
            let _ = writeln!(written, "    {} {fix}", style.out.paint(Ink::Good, "→"));
        }
    }
    written
}

/// The findings for `loopscope.result/1`. Their texts are in English, so that results do not
/// depend on the locale.
pub(crate) fn report_findings(
    found: &[Finding],
    outcome: &RunOutcome,
    text: &str,
) -> Vec<report::Finding> {
    let total = outcome.run.total();
    let place = |segment: &SegmentId| outcome.run.workload().place(*segment);
    // A program's segment without a line would say nothing.
    let line = |segment: &SegmentId| match outcome.program {
        Some(program) => program.site(*segment).map(|site| site.line),
        None => Some(place(segment).line),
    };
    let file = |segment: &SegmentId| {
        let program = outcome.program?;
        Some(program.site_file(program.site(*segment)?).to_owned())
    };
    let span = |segment: &SegmentId| match outcome.program {
        Some(program) => program.stretch(*segment).map(stretch_in_file),
        None => Some(reported_stretch(
            text,
            place(segment).start,
            place(segment).end,
        )),
    };
    let each = found.iter().map(|finding| {
        let told = finding.told(total, Language::En);
        let fix = finding.fix.as_ref().zip(told.fix);
        report::Finding {
            code: finding.kind.code().to_owned(),
            lines: finding.segments.iter().filter_map(line).collect(),
            files: finding.segments.iter().filter_map(file).collect(),
            spans: finding.segments.iter().filter_map(span).collect(),
            cost_ns: u64::try_from(finding.cost).unwrap_or(u64::MAX),
            text: format!("{}. {}", told.what, told.why),
            fix: fix.map(|(fix, said)| report::Fix {
                text: said,
                total_ns: fix.total.as_nanos(),
                waited_ns: u64::try_from(fix.waited).unwrap_or(u64::MAX),
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| reported_edit(text, edit))
                    .collect(),
            }),
        }
    });
    each.collect()
}

/// Line, column and byte of the start and the end.
fn stretch_in_file([start, end]: [(usize, usize, u32); 2]) -> report::Stretch {
    let position =
        |(line, column, byte): (usize, usize, u32)| report::Position { line, column, byte };
    report::Stretch {
        start: position(start),
        end: position(end),
    }
}

fn reported_edit(text: &str, edit: &Edit) -> report::Edit {
    let report::Stretch { start, end } = reported_stretch(text, edit.span.start, edit.span.end);
    report::Edit {
        start,
        end,
        text: edit.replacement.clone(),
    }
}

fn reported_stretch(text: &str, start: u32, end: u32) -> report::Stretch {
    let position = |byte: u32| {
        let place = line_column(text, byte as usize);
        report::Position {
            line: place.line,
            column: place.column,
            byte,
        }
    };
    report::Stretch {
        start: position(start),
        end: position(end),
    }
}
