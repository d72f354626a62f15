//! The analysis of a run as the page sees it: questions, answers and open panels.
//!
//! The next question follows from the state alone ([`State::question`]).

use std::rc::Rc;

use super::{Dialog, Phase, State};
use crate::protocol::analysis::{
    AnalysisData, AnalysisKind, AnalysisRequest, AnalysisResponse, BestFix, DrawnBar,
    GuessedAnswer, LineCost, PathSpan,
};
use crate::protocol::panel::PanelNode;
use model::trace::{InstanceId, Role};

/// Spans. Longer runs are analysed only at the reader's request, because it takes seconds.
pub(crate) const SPANS_MAX: usize = 200_000;
/// Points of a sweep in one request: enough to be quick, few enough to be cancelled soon.
const POINTS: u32 = 8;
/// Positions that the end of a drawn bar can take.
pub(crate) const DRAWING_STEPS: u64 = 200;
/// Percent by which durations are shortened and lengthened.
const PERCENT: u32 = 20;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Findings,
    Difference,
    Compare,
    Sweep,
    Exercises,
    Guess,
    Proof,
    Orders,
    Numbers,
}

/// A question about the run. Its panels are tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Why,
    WhatIf,
    Practise,
    Prove,
    Numbers,
}

impl Door {
    pub(crate) const ALL: [Self; 5] = [
        Self::Why,
        Self::WhatIf,
        Self::Practise,
        Self::Prove,
        Self::Numbers,
    ];

    /// The panels behind the door; the first one is open at first.
    pub(crate) fn tabs(self) -> &'static [Tab] {
        match self {
            Self::Why => &[Tab::Findings, Tab::Difference],
            Self::WhatIf => &[Tab::Compare, Tab::Sweep],
            Self::Practise => &[Tab::Exercises, Tab::Guess],
            Self::Prove => &[Tab::Proof, Tab::Orders],
            Self::Numbers => &[Tab::Numbers],
        }
    }
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The program that answers could not be loaded: no network, or a file that is missing.
    NotLoaded,
    /// The program trapped; the next question goes to a new instance of it.
    Broke,
    /// The reader cancelled it.
    Cancelled,
}

/// An answer, with its question.
#[derive(Clone, Debug)]
struct Told {
    question: AnalysisRequest,
    panel: Result<PanelNode, Failure>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Insight {
    pub(crate) tab: Tab,
    /// The last answer of each kind.
    told: Vec<Told>,
    pub(crate) findings: u32,
    /// The total as a formula, as one sentence with its cause, and as a sum.
    pub(crate) formula: Option<Box<PanelNode>>,
    pub(crate) verdict: Option<Box<PanelNode>>,
    pub(crate) parts: Option<Box<PanelNode>>,
    pub(crate) fix: Option<BestFix>,
    pub(crate) margin: Rc<[LineCost]>,
    pub(crate) path: Rc<[PathSpan]>,
    pub(crate) path_is_shown: bool,
    /// The reader asked for the analysis of a long run.
    wants_all: bool,
    /// The baseline script of the comparison.
    pub(crate) pinned: Option<Rc<str>>,
    /// The range of a sweep, as text, e.g. `pool 1..200`.
    pub(crate) vary: String,
    pub(crate) sweep: Option<Sweep>,
    pub(crate) guess: Guess,
}

/// The reader's guess, while the chart is covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Guess {
    pub(crate) about: About,
    pub(crate) text: String,
    /// The drawn bars of the first tasks, with start and end.
    pub(crate) bars: Vec<DrawnBar>,
    /// The guess that is being judged, or was.
    given: Option<GuessedAnswer>,
    pub(crate) is_revealed: bool,
    /// The seed of the exercises on offer.
    pub(crate) seed: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum About {
    #[default]
    Total,
    Order,
    Bars,
}

/// Bars to draw at most; more would be tedious.
const BARS_MAX: usize = 8;

/// A sweep that is running or complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sweep {
    script: Rc<str>,
    vary: String,
    pub(crate) done: u32,
    /// The number of points; known from the first answer on.
    pub(crate) all: Option<u32>,
    pub(crate) is_running: bool,
}

/// The reader's actions in the analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AnalysisAction {
    Tab(Tab),
    /// Analyse the run, however long it is.
    AtAll,
    PathShown(bool),
    Pin,
    SweepStarted,
    SweepStopped,
    /// Cancel all work in progress.
    Cancelled,
    /// Retry a question that failed or was cancelled.
    AskedAgain,
    GuessAbout(About),
    GuessGiven,
    Revealed,
    OtherExercises,
}

/// The content of a panel.
pub(crate) enum Panel<'a> {
    Waiting,
    /// An answer, for this text or an older one.
    Said {
        node: &'a PanelNode,
        is_stale: bool,
    },
    Failed(Failure),
}

impl Insight {
    /// The answer to a question, or the last answer to a similar one.
    pub(crate) fn panel(&self, question: &AnalysisRequest) -> Panel<'_> {
        let like = |told: &&Told| told.question.ask.is_like(&question.ask);
        match self.told.iter().find(like) {
            None => Panel::Waiting,
            Some(told) => match &told.panel {
                Ok(node) => Panel::Said {
                    node,
                    is_stale: told.question.script != question.script,
                },
                Err(failure) => {
                    // A sweep is requested in parts, and fails as a whole.
                    let is_sweep = matches!(question.ask, AnalysisKind::Sweep { .. });
                    // The failure of another question says nothing about this one.
                    let is_same = is_sweep || told.question == *question;
                    if is_same {
                        Panel::Failed(*failure)
                    } else {
                        Panel::Waiting
                    }
                }
            },
        }
    }

    /// Whether a question is settled: answered, failed or cancelled.
    pub(crate) fn knows(&self, question: &AnalysisRequest) -> bool {
        self.told.iter().any(|told| told.question == *question)
    }

    pub(crate) fn answered(
        &mut self,
        question: AnalysisRequest,
        answer: Result<AnalysisResponse, Failure>,
    ) {
        let (panel, more) = match answer {
            Ok(answer) => (Ok(answer.panel), answer.more),
            Err(failure) => (Err(failure), AnalysisData::Nothing),
        };
        match more {
            AnalysisData::Nothing => {}
            AnalysisData::Found {
                findings,
                formula,
                verdict,
                fix,
                parts,
                margin,
                path,
            } => {
                self.findings = findings;
                self.formula = Some(formula);
                self.verdict = Some(verdict);
                self.parts = Some(parts);
                self.fix = fix;
                self.margin = margin.into();
                self.path = path.into();
            }
            // An answer to a guess that was changed, or to an older script, uncovers nothing.
            AnalysisData::Judged { is_right } => {
                self.guess.is_revealed |= is_right && self.guess.is_given(&question.ask);
            }
            AnalysisData::Swept { done, all } => {
                if let Some(sweep) = &mut self.sweep {
                    sweep.done = done;
                    sweep.all = Some(all);
                    sweep.is_running &= done < all;
                    if done < all {
                        return;
                    }
                }
            }
        }
        if matches!(question.ask, AnalysisKind::Sweep { .. })
            && let Some(sweep) = &mut self.sweep
        {
            // Also ends the sweep if its range cannot be read.
            sweep.is_running = false;
        }
        self.told
            .retain(|told| !told.question.ask.is_like(&question.ask));
        self.told.push(Told { question, panel });
    }
}

impl State {
    /// A question about the current script.
    pub(crate) fn asking(&self, ask: AnalysisKind) -> AnalysisRequest {
        // The cheat sheet stays the same when the script changes.
        let script = if ask == AnalysisKind::CheatSheet {
            ""
        } else {
            &self.script
        };
        AnalysisRequest {
            script: script.to_owned(),
            language: self.language(),
            dark: self.settings.dark(),
            ask,
        }
    }

    /// The next wanted question without an answer.
    pub(crate) fn question(&self) -> Option<AnalysisRequest> {
        let mut questions = self.wanted().into_iter();
        questions.find(|question| !self.insight.knows(question))
    }

    /// The questions whose answers are on the page, in the order in which they are asked.
    pub(crate) fn wanted(&self) -> Vec<AnalysisRequest> {
        // Its dialog covers everything else, and it needs no run.
        if self.dialog == Some(Dialog::CheatSheet) {
            return vec![self.asking(AnalysisKind::CheatSheet)];
        }
        let is_current = self.phase == Phase::Settled && self.opened.is_none();
        let Some(shown) = self.shown.as_ref().filter(|_| is_current) else {
            return Vec::new();
        };
        let small = shown.run.spans().all().len() <= SPANS_MAX || self.insight.wants_all;
        let asks = [
            self.why().filter(|_| small),
            small.then_some(AnalysisKind::Findings),
            self.guess_ask().filter(|_| small),
            self.tab_ask()
                .filter(|ask| small || matches!(ask, AnalysisKind::Sweep { .. })),
        ];
        let asks = asks.into_iter().flatten();
        asks.map(|ask| self.asking(ask)).collect()
    }

    /// The question about the selected bar.
    pub(crate) fn why(&self) -> Option<AnalysisKind> {
        let bar = self.pointed.selected.filter(|_| self.opened.is_none())?;
        let InstanceId(instance) = bar.instance;
        let at_ns = bar.start.as_nanos();
        Some(AnalysisKind::Why { instance, at_ns })
    }

    /// The question of the open tab; `None` while the tab waits for the reader.
    pub(crate) fn tab_ask(&self) -> Option<AnalysisKind> {
        let insight = &self.insight;
        Some(match insight.tab {
            Tab::Findings | Tab::Numbers => AnalysisKind::Findings,
            Tab::Compare => AnalysisKind::Compare,
            Tab::Orders => AnalysisKind::Orders { percent: PERCENT },
            Tab::Difference => AnalysisKind::Difference {
                other: insight.pinned.as_ref()?.to_string(),
            },
            Tab::Exercises => AnalysisKind::Exercises {
                seed: insight.guess.seed,
            },
            Tab::Guess | Tab::Proof => return None,
            Tab::Sweep => {
                let sweep = insight.sweep.as_ref().filter(|sweep| sweep.is_running)?;
                AnalysisKind::Sweep {
                    vary: sweep.vary.clone(),
                    from: sweep.done,
                    points: POINTS,
                }
            }
        })
    }

    pub(crate) fn look(&mut self, look: AnalysisAction) {
        let script = self.script.clone();
        let insight = Rc::make_mut(&mut self.insight);
        match look {
            AnalysisAction::Tab(tab) => {
                // All other tabs are about the script.
                let is_of_both = matches!(tab, Tab::Proof | Tab::Numbers)
                    || tab == Tab::Findings && self.shows_program();
                if !is_of_both {
                    self.leave_program();
                    self.close_trace();
                }
                let insight = Rc::make_mut(&mut self.insight);
                insight.tab = tab;
                insight.guess.cover();
                self.playing &= tab != Tab::Guess;
            }
            AnalysisAction::GuessAbout(about) => insight.guess.about = about,
            AnalysisAction::GuessGiven => insight.guess.given = Some(insight.guess.guessed()),
            AnalysisAction::Revealed => insight.guess.is_revealed = true,
            AnalysisAction::OtherExercises => insight.guess.seed += 1,
            AnalysisAction::AtAll => insight.wants_all = true,
            AnalysisAction::PathShown(is_shown) => insight.path_is_shown = is_shown,
            AnalysisAction::Pin => insight.pinned = Some(script),
            AnalysisAction::SweepStarted => {
                insight
                    .told
                    .retain(|told| !matches!(told.question.ask, AnalysisKind::Sweep { .. }));
                insight.sweep = Some(Sweep {
                    script,
                    vary: insight.vary.trim().to_owned(),
                    done: 0,
                    all: None,
                    is_running: true,
                });
            }
            AnalysisAction::SweepStopped => insight.sweep = None,
            AnalysisAction::Cancelled => self.cancel_questions(),
            AnalysisAction::AskedAgain => {
                insight.told.retain(|told| told.panel.is_ok());
                self.python.forget_failure();
                self.forget_program_failure();
                self.prove_again();
            }
        }
    }

    /// Cancels the question in progress and those that would follow it.
    fn cancel_questions(&mut self) {
        // The dialog covers everything else.
        if let Some(request) = self.python_question() {
            return self.python_answered(request, Err(Failure::Cancelled));
        }
        let questions = self.wanted();
        let insight = Rc::make_mut(&mut self.insight);
        for question in questions {
            if !insight.knows(&question) {
                insight.answered(question, Err(Failure::Cancelled));
            }
        }
    }

    /// Whether the chart is covered, because the reader has yet to guess.
    pub(crate) fn is_covered(&self) -> bool {
        self.is_predicting() || self.insight.tab == Tab::Guess && !self.insight.guess.is_revealed
    }

    /// The question that judges the reader's guess.
    pub(crate) fn guess_ask(&self) -> Option<AnalysisKind> {
        let given = self.insight.guess.given.clone()?;
        (self.insight.tab == Tab::Guess).then_some(AnalysisKind::Guess(given))
    }

    /// The instances whose bars the reader draws: the first tasks of the run.
    pub(crate) fn drawn(&self) -> Vec<InstanceId> {
        let Some(shown) = &self.shown else {
            return Vec::new();
        };
        let instances = shown.run.trace().instances.iter().enumerate();
        instances
            .filter(|(_, instance)| instance.role != Role::Part)
            .map(|(id, _)| InstanceId(id as u32))
            .take(BARS_MAX)
            .collect()
    }

    /// The longest bar that can be drawn: 1.5 times the sum of all bars. The sum alone would tell
    /// the total of bars that run in sequence.
    pub(crate) fn drawing_end_ns(&self) -> u64 {
        const SECOND: u64 = 1_000_000_000;
        let Some(shown) = &self.shown else {
            return SECOND;
        };
        let lengths = self.drawn().into_iter().filter_map(|InstanceId(id)| {
            let times = &shown.run.summary().times[id as usize];
            Some(times.finish()?.since(times.start()?).as_nanos())
        });
        let sum = lengths.fold(0, u64::saturating_add);
        let end = sum.saturating_add(sum / 2).max(SECOND);
        end.div_ceil(SECOND).saturating_mul(SECOND)
    }

    /// Moves one end of a drawn bar; `step` counts in steps of the drawing's length.
    pub(crate) fn draw(&mut self, row: usize, is_end: bool, step: u64) {
        let at_ns = self.drawing_end_ns() / DRAWING_STEPS * step.min(DRAWING_STEPS);
        let ids = self.drawn();
        let bars = &mut Rc::make_mut(&mut self.insight).guess.bars;
        let have = bars.iter().map(|bar| bar.instance);
        if !have.eq(ids.iter().map(|id| id.0)) {
            let blank = |id: InstanceId| DrawnBar {
                instance: id.0,
                start_ns: 0,
                end_ns: 0,
            };
            *bars = ids.into_iter().map(blank).collect();
        }
        if let Some(bar) = bars.get_mut(row) {
            if is_end {
                bar.end_ns = at_ns.max(bar.start_ns);
            } else {
                bar.start_ns = at_ns;
                bar.end_ns = bar.end_ns.max(at_ns);
            }
        }
    }

    /// Drops a guess about an older script.
    pub(crate) fn leave_guess(&mut self) {
        if self.insight.tab == Tab::Guess {
            Rc::make_mut(&mut self.insight).guess.cover();
        }
    }

    /// Ends a sweep of an older script.
    pub(crate) fn leave_sweep(&mut self) {
        let is_of_old = |sweep: &Sweep| sweep.is_running && sweep.script != self.script;
        if self.insight.sweep.as_ref().is_some_and(is_of_old) {
            Rc::make_mut(&mut self.insight).sweep = None;
        }
    }

    /// Whether the run is so long that its analysis waits for the reader's consent.
    pub(crate) fn is_too_long_to_look(&self) -> bool {
        let spans = self
            .shown
            .as_ref()
            .map_or(0, |shown| shown.run.spans().all().len());
        spans > SPANS_MAX && !self.insight.wants_all
    }

    /// Whether the findings belong to the current script.
    pub(crate) fn is_looked_at(&self) -> bool {
        self.opened.is_none() && self.knows(AnalysisKind::Findings)
    }

    pub(crate) fn knows(&self, ask: AnalysisKind) -> bool {
        self.insight.knows(&self.asking(ask))
    }
}

impl Guess {
    /// Covers the chart and clears the guess.
    fn cover(&mut self) {
        self.text.clear();
        self.bars.clear();
        self.given = None;
        self.is_revealed = false;
    }

    fn is_given(&self, ask: &AnalysisKind) -> bool {
        matches!(ask, AnalysisKind::Guess(guessed) if self.given.as_ref() == Some(guessed))
    }

    fn guessed(&self) -> GuessedAnswer {
        match self.about {
            About::Total => GuessedAnswer::Total(self.text.clone()),
            About::Order => GuessedAnswer::Order(self.text.clone()),
            About::Bars => GuessedAnswer::Bars(self.bars.clone()),
        }
    }
}

/// Compares by identity, not by content.
impl PartialEq for Insight {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

#[cfg(test)]
mod tests;
