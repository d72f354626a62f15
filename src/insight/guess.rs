//! Guesses: judges an answer and names the misconception behind a wrong one. Exercises: generates
//! scripts from a seed.

use super::answer::{Style, said};
use super::cache::Run;
use crate::protocol::analysis::{AnalysisData, AnalysisResponse, DrawnBar, GuessedAnswer};
use crate::protocol::panel::{PanelAction, PanelNode, el, marked};
use analysis::guess::{self, Family, Judged, judge, parse};
use model::time::{SimDuration, SimTime};
use model::trace::InstanceId;

/// The tolerance of drawn bars as a fraction of the total: 1/20.
const DRAWN_TO: u64 = 20;

/// Buttons that open an exercise of each family, e.g. of `waits`.
pub(super) fn exercises(seed: u64, style: Style) -> PanelNode {
    let entry = |family: Family| -> PanelNode {
        let script = family.exercise(seed).script;
        el("button.chip")
            .set("data-family", family.name())
            .text(family.title(style.say.0))
            .on_click(PanelAction::Exercise(script))
            .into()
    };
    el("div.chips").kids(Family::ALL.map(entry)).into()
}

/// Judges a guess.
pub(super) fn judged(run: &Run, guessed: &GuessedAnswer, style: Style) -> AnalysisResponse {
    let question = match guessed {
        GuessedAnswer::Total(_) | GuessedAnswer::Bars(_) => guess::Question::Total,
        GuessedAnswer::Order(_) => guess::Question::Order,
    };
    let answer = match guessed {
        GuessedAnswer::Total(text) | GuessedAnswer::Order(text) => {
            parse(text, run.analysed.workload(), question)
        }
        // The total of a drawn answer is the end of its last bar.
        GuessedAnswer::Bars(bars) => bars
            .iter()
            .map(|bar| bar.end_ns)
            .max()
            .map(|end| guess::Answer::Total(SimDuration::from_nanos(end))),
    };
    let Some(answer) = answer else {
        return verdict(said(style.say.no_answer(question)), false);
    };
    let Some(judged) = judge(run.analysed.workload(), &answer) else {
        return verdict(said(style.say.no_key()), false);
    };
    let wrong = match guessed {
        GuessedAnswer::Bars(bars) => wrong_bars(run, bars),
        GuessedAnswer::Total(_) | GuessedAnswer::Order(_) => Vec::new(),
    };
    let is_right = judged.right && wrong.is_empty();
    verdict(told(&judged, &wrong, is_right, style), is_right)
}

fn verdict(panel: PanelNode, is_right: bool) -> AnalysisResponse {
    AnalysisResponse {
        panel,
        more: AnalysisData::Judged { is_right },
    }
}

/// The verdict on a guess and the misconceptions behind it. Does not reveal the answer, so that the
/// reader can try again.
fn told(judged: &Judged, wrong: &[String], is_right: bool, style: Style) -> PanelNode {
    let head = if is_right {
        el("p.good").text(style.say.right())
    } else {
        el("p.bad").text(style.say.wrong())
    };
    let thoughts = judged.misconceptions.iter().map(|misconception| {
        el("li")
            .set("data-code", misconception.code())
            .kid(marked(misconception.text(style.say.0)))
            .into()
    });
    let bars = wrong
        .iter()
        .map(|name| el("li").text(style.say.bar_is_elsewhere(name)).into());
    PanelNode::Several(vec![
        head.into(),
        el("ul.thoughts").kids(thoughts).kids(bars).into(),
    ])
}

/// The names of the instances with a wrong bar.
fn wrong_bars(run: &Run, bars: &[DrawnBar]) -> Vec<String> {
    let tolerance = run.analysed.total().as_nanos() / DRAWN_TO;
    let is_off = |drawn: u64, real: Option<SimTime>| {
        real.is_none_or(|real| drawn.abs_diff(real.as_nanos()) > tolerance)
    };
    let summary = run.analysed.summary();
    let wrong = bars.iter().filter(|bar| {
        let times = summary.times.get(bar.instance as usize);
        times.is_some_and(|times| {
            is_off(bar.start_ns, times.start()) || is_off(bar.end_ns, times.finish())
        })
    });
    wrong
        .map(|bar| run.name(InstanceId(bar.instance)))
        .collect()
}
