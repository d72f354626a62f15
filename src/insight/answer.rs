//! Dispatches a question to the view that answers it.

use super::cache::RunCache;
use super::{cheat_sheet, compare, difference, findings, guess, orders, sweep, why};
use crate::protocol::analysis::{AnalysisData, AnalysisKind, AnalysisRequest, AnalysisResponse};
use crate::protocol::panel::{PanelAction, PanelElement, PanelNode, el};
use analysis::effort::ANSWER_WORK;
use analysis::say::Say;
use chart::scene::palette::Theme;

/// The language and colours of an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) say: Say,
    pub(super) theme: Theme,
}

/// Answers a question. A script with errors has an empty answer.
pub(super) fn answer(cache: &mut RunCache, question: &AnalysisRequest) -> AnalysisResponse {
    let style = Style {
        say: Say(question.language),
        theme: if question.dark {
            Theme::Dark
        } else {
            Theme::Light
        },
    };
    if question.ask == AnalysisKind::CheatSheet {
        return of(cheat_sheet::view(style));
    }
    // A sweep simulates variants, so it needs no run of the script itself.
    if let AnalysisKind::Sweep { vary, from, points } = &question.ask {
        return sweep::answer(
            cache,
            &question.script,
            vary,
            (*from, *points),
            ANSWER_WORK,
            style,
        );
    }
    let Some(run) = cache.run(&question.script) else {
        return of(PanelNode::NOTHING);
    };
    match &question.ask {
        AnalysisKind::Findings => findings::answer(run, style),
        AnalysisKind::Why { instance, at_ns } => of(why::view(run, *instance, *at_ns, style)),
        AnalysisKind::Compare => of(compare::view(run, ANSWER_WORK, style)),
        AnalysisKind::Orders { percent } => of(orders::view(run, *percent, ANSWER_WORK, style)),
        AnalysisKind::Difference { other } => of(difference::view(run, other, style)),
        AnalysisKind::Exercises { seed } => of(guess::exercises(*seed, style)),
        AnalysisKind::Guess(guessed) => guess::judged(run, guessed, style),
        // Answered above.
        AnalysisKind::Sweep { .. } | AnalysisKind::CheatSheet => of(PanelNode::NOTHING),
    }
}

/// An answer with only a panel.
pub(super) fn of(panel: PanelNode) -> AnalysisResponse {
    AnalysisResponse {
        panel,
        more: AnalysisData::Nothing,
    }
}

/// A button for a line of the script that highlights its bars.
pub(super) fn line(number: u32, style: Style) -> PanelElement {
    el("button.link")
        .set("type", "button")
        .text(style.say.line(number))
        .on_click(PanelAction::Line(number))
}

/// A panel with only a sentence.
pub(super) fn said(text: &str) -> PanelNode {
    el("p.none").text(text.to_owned()).into()
}
