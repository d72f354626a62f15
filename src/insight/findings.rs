//! The findings of a run, the worst first; the margin; and the parts of the total.

use super::answer::{Style, line, said};
use super::cache::Run;
use super::formula::{self, FormulaView};
use crate::protocol::analysis::{AnalysisData, AnalysisResponse, BestFix, LineCost, PathSpan};
use crate::protocol::panel::{PanelAction, PanelNode, el, marked};
use analysis::why::findings::{Adjust, Change, EFFORT, Examined, Finding, Fix, findings_given};
use analysis::why::{Blame, blame};
use chart::scene::label::{brief, task_time};
use chart::scene::rows::row_instance;
use chart::scene::{Kind, Words};
use model::time::SimTime;
use model::trace::critical::{PathPiece, PathShare, critical_path, path_shares};
use model::trace::{Ending, InstanceId, LaneKind, State};
use script::apply_edits;

/// The maximum number of parts of the total in the list.
const PARTS_MAX: usize = 6;
/// The maximum number of spans of the critical path, which limits the size of an answer.
const PATH_MAX: usize = 5_000;
/// The maximum number of lines of a finding.
const LINES_MAX: usize = 4;

/// The panel of findings, with the data for the verdict, the margin and the chart.
pub(super) fn answer(run: &Run, style: Style) -> AnalysisResponse {
    // Computed once: both the findings and the margin need it.
    let blame = blame(run.analysed.workload(), run.analysed.trace());
    let found = found(run, &blame, EFFORT);
    let path = critical_path(run.analysed.trace(), run.analysed.spans());
    let formula = formula::view(run, style);
    let headline = headline(run, &found);
    AnalysisResponse {
        panel: list(run, &blame, &found, style),
        more: AnalysisData::Found {
            findings: found.len() as u32,
            verdict: Box::new(verdict(run, headline, &formula, style)),
            formula: Box::new(formula.node),
            fix: best_fix(run, headline),
            parts: Box::new(parts(run, &path, style)),
            margin: margin(run, &blame, style),
            path: path
                .iter()
                .take(PATH_MAX)
                .map(|piece| stretch(run, piece))
                .collect(),
        },
    }
}

/// The findings and where the total goes, for a run without a verdict of its own.
pub(super) fn panel(run: &Run, style: Style) -> PanelNode {
    let blame = blame(run.analysed.workload(), run.analysed.trace());
    let found = found(run, &blame, EFFORT);
    let path = critical_path(run.analysed.trace(), run.analysed.spans());
    PanelNode::Several(vec![
        list(run, &blame, &found, style),
        parts(run, &path, style),
    ])
}

/// The findings without trials of remedies, and the margin.
pub(super) fn panel_without_remedies(run: &Run, style: Style) -> (PanelNode, Vec<LineCost>) {
    let blame = blame(run.analysed.workload(), run.analysed.trace());
    let found = found(run, &blame, 0);
    (list(run, &blame, &found, style), margin(run, &blame, style))
}

fn found(run: &Run, blame: &Blame, effort: u64) -> Vec<Finding> {
    let examined = Examined {
        text: &run.script,
        run: &run.analysed,
        machine: Adjust(&|_| {}),
        effort,
    };
    findings_given(examined, blame)
}

fn list(run: &Run, blame: &Blame, found: &[Finding], style: Style) -> PanelNode {
    match (
        found.is_empty(),
        run.analysed.trace().is_too_long_for_detail(),
    ) {
        (true, true) => said(&style.say.without_findings()),
        (true, false) => match blame.main_wait(run.analysed.total()) {
            Some(scarce) => {
                let time = task_time(blame.total_waited());
                said(&style.say.waits_in_turn(scarce, &time))
            }
            None => said(style.say.nothing_found()),
        },
        (false, _) => el("ol.findings")
            .kids(found.iter().map(|finding| item(run, finding, style)))
            .into(),
    }
}

/// The finding beside the total: the one with the best fix, so that sentence and button are about
/// the same lines. The best fix has the shortest total; in a run that cannot go on, it is that of
/// the worst finding. Without any fix, the worst finding.
fn headline<'a>(run: &Run, found: &'a [Finding]) -> Option<&'a Finding> {
    let mut fixed = found.iter().filter(|finding| finding.fix.is_some());
    let best = match run.analysed.trace().ending {
        Ending::Finished | Ending::Until => {
            fixed.min_by_key(|finding| finding.fix.as_ref().map(|fix| fix.total))
        }
        Ending::Deadlock(_) | Ending::Limit(_) => fixed.next(),
    };
    best.or(found.first())
}

/// The headline as a sentence. Without one, the formula if it explains something.
fn verdict(
    run: &Run,
    headline: Option<&Finding>,
    formula: &FormulaView,
    style: Style,
) -> PanelNode {
    match headline {
        Some(finding) => {
            let what = finding.told(run.analysed.total(), style.say.0).what;
            el("p.problem").kid(marked(&format!("{what}."))).into()
        }
        None if formula.is_found => formula.node.clone(),
        None => PanelNode::NOTHING,
    }
}

fn best_fix(run: &Run, headline: Option<&Finding>) -> Option<BestFix> {
    let best = headline?.fix.as_ref()?;
    let first = best.edits.iter().map(|edit| edit.span.start).min()?;
    Some(BestFix {
        line: script::line_column(&run.script, first as usize).line as u32,
        setting: setting(best),
        total_ns: best.total.as_nanos(),
        script: apply_edits(&run.script, &best.edits),
    })
}

/// The setting that the fix writes; empty if it changes a task.
fn setting(fix: &Fix) -> String {
    match fix.change {
        Change::LargerPool(size) => format!("pool {size}"),
        Change::MoreCores(count) => format!("cores {count}"),
        _ => String::new(),
    }
}

/// A finding, with a button that applies its remedy.
fn item(run: &Run, finding: &Finding, style: Style) -> PanelNode {
    let told = finding.told(run.analysed.total(), style.say.0);
    let mut lines: Vec<u32> = Vec::new();
    for &segment in &finding.segments {
        let number = run.line(segment);
        if number > 0 && !lines.contains(&number) && lines.len() < LINES_MAX {
            lines.push(number);
        }
    }
    let places = lines.into_iter().map(|number| line(number, style).into());
    let button = |tag: &'static str, fix: &Option<Fix>, text: Option<String>| {
        let (fix, text) = fix.as_ref().zip(text)?;
        let script = apply_edits(&run.script, &fix.edits);
        Some(
            el(tag)
                .kid(marked(&text))
                .on_click(PanelAction::Rewrite(script)),
        )
    };
    let fix = button("button.small.fix", &finding.fix, told.fix);
    let other = button("button.small.fix", &finding.alternative, told.alternative);
    el("li.finding")
        .set("data-code", finding.kind.code())
        .kid(el("h3").kid(marked(&told.what)))
        .kid(el("p.places").kids(places))
        .kid(el("p").kid(marked(&told.why)))
        .kid(fix)
        .kid(other)
        .into()
}

/// The total as a sum of the spans on the critical path.
fn parts(run: &Run, path: &[PathPiece], style: Style) -> PanelNode {
    let parts = path_shares(path);
    if parts.is_empty() {
        return PanelNode::NOTHING;
    }
    let part = |share: &PathShare| -> PanelNode {
        let number = run.line(share.segment);
        let what = self::part(run, path, share, style);
        let row = el("li")
            .kid(el("b").text(brief(share.length)))
            .text(" ")
            .text(what);
        match number {
            0 => row.into(),
            _ => row
                .text(" · ")
                .kid(line(number, style))
                .text(" ")
                .kid(el("code").text(run.source(share.segment).to_owned()))
                .into(),
        }
    };
    let rest = parts.len().saturating_sub(PARTS_MAX);
    let more = || el("li.none").text(style.say.more_lines(rest));
    let list = el("ul.parts")
        .kids(parts.iter().take(PARTS_MAX).map(part))
        .kid((rest > 0).then(more));
    PanelNode::Several(vec![
        title(style.say.adds_up(&brief(run.analysed.total()))),
        list.into(),
    ])
}

fn title(text: String) -> PanelNode {
    el("h3.minor").text(text).into()
}

/// The activity in a state, in words. A blocking call has different words on a loop and on a
/// thread, so the lane matters.
pub(super) fn doing(
    run: &Run,
    (id, at): (InstanceId, SimTime),
    state: State,
    style: Style,
) -> &'static str {
    // Falls back to a thread of the pool if the lane is unknown.
    let lane = run.lane_of(id, at).or(Some(LaneKind::PoolThread));
    Kind::of(state, lane).map_or("", |kind| Words(style.say.0).kind(kind))
}

/// The activity of a part of a sum; `pieces` are the spans that were added up.
pub(super) fn part(
    run: &Run,
    pieces: &[PathPiece],
    share: &PathShare,
    style: Style,
) -> &'static str {
    let first = pieces.iter().find(|piece| piece.segment == share.segment);
    match share.state.zip(first) {
        Some((state, first)) => doing(run, (first.instance, first.start), state, style),
        None => style.say.not_begun(),
    }
}

/// The time that each line cost other tasks; several causes on a line are added up.
fn margin(run: &Run, blame: &Blame, style: Style) -> Vec<LineCost> {
    let mut lines: Vec<(u32, u128, String)> = Vec::new();
    for blamed in &blame.lines {
        let number = run.line(blamed.segment);
        // Only lines of the script have a margin.
        if number == 0 || blamed.nanos == 0 {
            continue;
        }
        let part = format!(
            "{} {}",
            style.say.scarce(blamed.scarce),
            task_time(blamed.nanos)
        );
        match lines.iter_mut().find(|(line, ..)| *line == number) {
            Some((_, nanos, parts)) => {
                *nanos += blamed.nanos;
                *parts = format!("{parts}, {part}");
            }
            None => lines.push((number, blamed.nanos, part)),
        }
    }
    let most = lines.iter().map(|(_, nanos, _)| *nanos).max().unwrap_or(1);
    let entry = |(line, nanos, parts): (u32, u128, String)| LineCost {
        line,
        text: task_time(nanos),
        title: style.say.made_wait(&task_time(nanos), &parts),
        weight: (nanos * 100 / most) as u32,
    };
    lines.into_iter().map(entry).collect()
}

/// A span of the critical path, in the row that draws its instance.
fn stretch(run: &Run, piece: &PathPiece) -> PathSpan {
    PathSpan {
        // The part on another thread, e.g. of `thread:`, is drawn in the row of its parent.
        instance: row_instance(run.analysed.trace(), piece.instance).0,
        start_ns: piece.start.as_nanos(),
        end_ns: piece.end.as_nanos(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::SimDuration;

    #[test]
    fn a_larger_pool_and_more_cores_are_settings() {
        let setting = |change| {
            setting(&Fix {
                change,
                edits: Vec::new(),
                total: SimDuration::ZERO,
                waited: 0,
            })
        };
        assert_eq!(setting(Change::LargerPool(80)), "pool 80");
        assert_eq!(setting(Change::MoreCores(2)), "cores 2");
        assert_eq!(setting(Change::AwaitInstead), "");
    }
}
