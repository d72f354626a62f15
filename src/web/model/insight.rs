//! The closer look at a run: what has been asked of it, what has been answered,
//! and what the reader has open.
//!
//! What is asked next follows from the state alone ([`State::question`]).

use std::rc::Rc;

use super::state::{Dialog, Phase, State};
use crate::trace::{InstanceId, Role};
use crate::web::insight::question::{Answer, Ask, Drawn, Guessed, Margin, More, Question, Stretch};
use crate::web::view::node::Node;

/// Longer runs are looked at only when the reader wants it: it takes seconds.
pub(in crate::web) const SPANS_MAX: usize = 200_000;
/// Points of a sweep at a time: enough to be quick, few enough to be stopped.
const POINTS: u32 = 8;
/// Positions of the end of a drawn bar.
pub(in crate::web) const DRAWING_STEPS: u64 = 200;
/// How much longer or shorter durations are made.
const PERCENT: u32 = 20;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) enum Tab {
    #[default]
    Findings,
    Compare,
    Orders,
    Difference,
    Sweep,
    Guess,
    Proof,
}

impl Tab {
    pub(in crate::web) const ALL: [Self; 7] = [
        Self::Findings,
        Self::Compare,
        Self::Orders,
        Self::Difference,
        Self::Sweep,
        Self::Guess,
        Self::Proof,
    ];
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Failure {
    /// The program that answers could not be loaded: no network, or a file that is missing.
    NotLoaded,
    /// The program trapped; the next question goes to a new one.
    Broke,
    /// The reader cancelled it.
    Cancelled,
}

/// An answer, and to which question.
#[derive(Clone, Debug)]
struct Told {
    question: Question,
    panel: Result<Node, Failure>,
}

#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Insight {
    pub(in crate::web) tab: Tab,
    /// The last of each kind.
    told: Vec<Told>,
    pub(in crate::web) findings: u32,
    /// The total as a formula.
    pub(in crate::web) formula: Option<Box<Node>>,
    pub(in crate::web) margin: Rc<[Margin]>,
    pub(in crate::web) path: Rc<[Stretch]>,
    pub(in crate::web) path_is_shown: bool,
    /// The reader wants even a long run looked at.
    wants_all: bool,
    /// The script that the current one is compared with.
    pub(in crate::web) pinned: Option<Rc<str>>,
    /// The range of a sweep, as it is written.
    pub(in crate::web) vary: String,
    pub(in crate::web) sweep: Option<Sweep>,
    pub(in crate::web) guess: Guess,
}

/// What is guessed, while the chart is covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Guess {
    pub(in crate::web) about: About,
    pub(in crate::web) text: String,
    /// Of the first tasks: when they begin and end.
    pub(in crate::web) bars: Vec<Drawn>,
    /// What is being judged, or was.
    given: Option<Guessed>,
    pub(in crate::web) is_revealed: bool,
    /// Of the exercises that are offered.
    pub(in crate::web) seed: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) enum About {
    #[default]
    Total,
    Order,
    Bars,
}

/// More bars nobody draws.
const BARS_MAX: usize = 8;

/// A sweep under way, or done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) struct Sweep {
    script: Rc<str>,
    vary: String,
    pub(in crate::web) done: u32,
    /// Known with the first answer.
    pub(in crate::web) all: Option<u32>,
    pub(in crate::web) is_running: bool,
}

/// What the reader does here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) enum Look {
    Tab(Tab),
    /// However long the run is.
    AtAll,
    PathShown(bool),
    Pin,
    SweepStarted,
    SweepStopped,
    /// Whatever is being worked out is not wanted any more.
    Cancelled,
    /// What failed or was cancelled is wanted after all.
    AskedAgain,
    GuessAbout(About),
    GuessGiven,
    Revealed,
    OtherExercises,
}

/// What stands in a panel.
pub(in crate::web) enum Panel<'a> {
    Waiting,
    /// Of an older text, or of this one.
    Said {
        node: &'a Node,
        is_stale: bool,
    },
    Failed(Failure),
}

impl Insight {
    /// What is known about a question, or was about one like it.
    pub(in crate::web) fn panel(&self, question: &Question) -> Panel<'_> {
        let like = |told: &&Told| told.question.ask.is_like(&question.ask);
        match self.told.iter().find(like) {
            None => Panel::Waiting,
            Some(told) => match &told.panel {
                Ok(node) => Panel::Said {
                    node,
                    is_stale: told.question.script != question.script,
                },
                Err(failure) => {
                    // A sweep is asked for part by part, and fails as a whole.
                    let is_sweep = matches!(question.ask, Ask::Sweep { .. });
                    // That another question failed says nothing about this one.
                    let is_same = is_sweep || told.question == *question;
                    match is_same {
                        true => Panel::Failed(*failure),
                        false => Panel::Waiting,
                    }
                }
            },
        }
    }

    /// Whether there is nothing more to be asked about it: also where it failed or was cancelled.
    pub(in crate::web) fn knows(&self, question: &Question) -> bool {
        self.told.iter().any(|told| told.question == *question)
    }

    pub(in crate::web) fn answered(&mut self, question: Question, answer: Result<Answer, Failure>) {
        let (panel, more) = match answer {
            Ok(answer) => (Ok(answer.panel), answer.more),
            Err(failure) => (Err(failure), More::Nothing),
        };
        match more {
            More::Nothing => {}
            More::Found {
                findings,
                formula,
                margin,
                path,
            } => {
                self.findings = findings;
                self.formula = Some(formula);
                self.margin = margin.into();
                self.path = path.into();
            }
            // Of a guess that has been taken back, or of an older script, it uncovers nothing.
            More::Judged { is_right } => {
                self.guess.is_revealed |= is_right && self.guess.stands(&question.ask)
            }
            More::Swept { done, all } => {
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
        if matches!(question.ask, Ask::Sweep { .. })
            && let Some(sweep) = &mut self.sweep
        {
            // Also where the range cannot be read: there is nothing more to come.
            sweep.is_running = false;
        }
        self.told
            .retain(|told| !told.question.ask.is_like(&question.ask));
        self.told.push(Told { question, panel });
    }
}

impl State {
    /// What a question of now would be.
    pub(in crate::web) fn asking(&self, ask: Ask) -> Question {
        Question {
            script: self.script.to_string(),
            language: self.language(),
            dark: self.settings.dark(),
            ask,
        }
    }

    /// The next question whose answer is wanted and not there.
    pub(in crate::web) fn question(&self) -> Option<Question> {
        let mut questions = self.wanted().into_iter();
        questions.find(|question| !self.insight.knows(question))
    }

    /// The questions whose answers are on the page, in the order in which they are asked.
    pub(in crate::web) fn wanted(&self) -> Vec<Question> {
        let is_current = self.phase == Phase::Settled && self.opened.is_none();
        let Some(shown) = self.shown.as_ref().filter(|_| is_current) else {
            return Vec::new();
        };
        let small = shown.spans.all().len() <= SPANS_MAX || self.insight.wants_all;
        let asks = [
            self.why().filter(|_| small),
            small.then_some(Ask::Findings),
            self.guess_ask().filter(|_| small),
            self.tab_ask()
                .filter(|ask| small || matches!(ask, Ask::Sweep { .. })),
        ];
        let asks = asks.into_iter().flatten();
        asks.map(|ask| self.asking(ask)).collect()
    }

    /// What is asked of the program that has been pasted.
    pub(in crate::web) fn python_asked(&self) -> Option<Question> {
        let is_open = self.dialog == Some(Dialog::Python) && !self.python.text.trim().is_empty();
        is_open.then(|| Question {
            script: self.python.text.clone(),
            ..self.asking(Ask::Python {
                library: self.python.library.clone(),
            })
        })
    }

    /// The same, if the answer is not there yet.
    pub(in crate::web) fn python_question(&self) -> Option<Question> {
        self.python_asked()
            .filter(|question| !self.insight.knows(question))
    }

    /// Why the selected bar is as it is.
    pub(in crate::web) fn why(&self) -> Option<Ask> {
        let bar = self.pointed.selected.filter(|_| self.opened.is_none())?;
        let InstanceId(instance) = bar.instance;
        let at_ns = bar.start.as_nanos();
        Some(Ask::Why { instance, at_ns })
    }

    /// What the open tab is about; `None` while it waits for the reader.
    pub(in crate::web) fn tab_ask(&self) -> Option<Ask> {
        let insight = &self.insight;
        Some(match insight.tab {
            Tab::Findings => Ask::Findings,
            Tab::Compare => Ask::Compare,
            Tab::Orders => Ask::Orders { percent: PERCENT },
            Tab::Difference => Ask::Difference {
                other: insight.pinned.as_ref()?.to_string(),
            },
            Tab::Guess => Ask::Exercises {
                seed: insight.guess.seed,
            },
            Tab::Proof => return None,
            Tab::Sweep => {
                let sweep = insight.sweep.as_ref().filter(|sweep| sweep.is_running)?;
                Ask::Sweep {
                    vary: sweep.vary.clone(),
                    from: sweep.done,
                    points: POINTS,
                }
            }
        })
    }

    pub(in crate::web) fn look(&mut self, look: Look) {
        let script = self.script.clone();
        let insight = Rc::make_mut(&mut self.insight);
        match look {
            Look::Tab(tab) => {
                // All others are about the script.
                if tab != Tab::Proof {
                    self.close_trace();
                }
                let insight = Rc::make_mut(&mut self.insight);
                insight.tab = tab;
                insight.guess.cover();
                self.playing &= tab != Tab::Guess;
            }
            Look::GuessAbout(about) => insight.guess.about = about,
            Look::GuessGiven => insight.guess.given = Some(insight.guess.guessed()),
            Look::Revealed => insight.guess.is_revealed = true,
            Look::OtherExercises => insight.guess.seed += 1,
            Look::AtAll => insight.wants_all = true,
            Look::PathShown(is_shown) => insight.path_is_shown = is_shown,
            Look::Pin => insight.pinned = Some(script),
            Look::SweepStarted => {
                insight
                    .told
                    .retain(|told| !matches!(told.question.ask, Ask::Sweep { .. }));
                insight.sweep = Some(Sweep {
                    script,
                    vary: insight.vary.trim().to_owned(),
                    done: 0,
                    all: None,
                    is_running: true,
                });
            }
            Look::SweepStopped => insight.sweep = None,
            Look::Cancelled => self.cancel_questions(),
            Look::AskedAgain => {
                insight.told.retain(|told| told.panel.is_ok());
                self.prove_again();
            }
        }
    }

    /// The reader does not want to wait: neither for the answer that is being worked out nor
    /// for those that would be asked for next.
    fn cancel_questions(&mut self) {
        let questions = match self.python_question() {
            // Its dialog is in front of everything else.
            Some(question) => vec![question],
            None => self.wanted(),
        };
        let insight = Rc::make_mut(&mut self.insight);
        for question in questions {
            if !insight.knows(&question) {
                insight.answered(question, Err(Failure::Cancelled));
            }
        }
    }

    /// The chart is covered while there is something to guess.
    pub(in crate::web) fn is_covered(&self) -> bool {
        self.insight.tab == Tab::Guess && !self.insight.guess.is_revealed
    }

    /// What has been guessed and is to be judged.
    pub(in crate::web) fn guess_ask(&self) -> Option<Ask> {
        let given = self.insight.guess.given.clone()?;
        (self.insight.tab == Tab::Guess).then_some(Ask::Guess(given))
    }

    /// Whose bars are drawn: the first tasks of the run.
    pub(in crate::web) fn drawn(&self) -> Vec<InstanceId> {
        let Some(shown) = &self.shown else {
            return Vec::new();
        };
        let instances = shown.trace.instances.iter().enumerate();
        instances
            .filter(|(_, instance)| instance.role != Role::Part)
            .map(|(id, _)| InstanceId(id as u32))
            .take(BARS_MAX)
            .collect()
    }

    /// The longest that a drawn bar can be. Half as much again as all bars together:
    /// where they follow one another, their sum would tell the total.
    pub(in crate::web) fn drawing_end_ns(&self) -> u64 {
        const SECOND: u64 = 1_000_000_000;
        let Some(shown) = &self.shown else {
            return SECOND;
        };
        let lengths = self.drawn().into_iter().filter_map(|InstanceId(id)| {
            let times = &shown.summary.times[id as usize];
            Some(times.finish()?.since(times.start()?).as_nanos())
        });
        let sum = lengths.fold(0, u64::saturating_add);
        let end = sum.saturating_add(sum / 2).max(SECOND);
        end.div_ceil(SECOND).saturating_mul(SECOND)
    }

    /// One end of a drawn bar, in steps of the drawing's length.
    pub(in crate::web) fn draw(&mut self, row: usize, is_end: bool, step: u64) {
        let at_ns = self.drawing_end_ns() / DRAWING_STEPS * step.min(DRAWING_STEPS);
        let ids = self.drawn();
        let bars = &mut Rc::make_mut(&mut self.insight).guess.bars;
        let have = bars.iter().map(|bar| bar.instance);
        if !have.eq(ids.iter().map(|id| id.0)) {
            let blank = |id: InstanceId| Drawn {
                instance: id.0,
                start_ns: 0,
                end_ns: 0,
            };
            *bars = ids.into_iter().map(blank).collect();
        }
        if let Some(bar) = bars.get_mut(row) {
            match is_end {
                true => bar.end_ns = at_ns.max(bar.start_ns),
                false => {
                    bar.start_ns = at_ns;
                    bar.end_ns = bar.end_ns.max(at_ns);
                }
            }
        }
    }

    /// The script has changed: a guess at the old one is none at this.
    pub(in crate::web) fn leave_guess(&mut self) {
        if self.insight.tab == Tab::Guess {
            Rc::make_mut(&mut self.insight).guess.cover();
        }
    }

    /// The script has changed: a sweep of the old one has no next point.
    pub(in crate::web) fn leave_sweep(&mut self) {
        let is_of_old = |sweep: &Sweep| sweep.is_running && sweep.script != self.script;
        if self.insight.sweep.as_ref().is_some_and(is_of_old) {
            Rc::make_mut(&mut self.insight).sweep = None;
        }
    }

    /// A long run is not looked at before the reader says so.
    pub(in crate::web) fn is_too_long_to_look(&self) -> bool {
        let spans = self
            .shown
            .as_ref()
            .map_or(0, |shown| shown.spans.all().len());
        spans > SPANS_MAX && !self.insight.wants_all
    }

    /// The findings are those of the script as it stands.
    pub(in crate::web) fn is_looked_at(&self) -> bool {
        self.opened.is_none() && self.knows(Ask::Findings)
    }

    pub(in crate::web) fn knows(&self, ask: Ask) -> bool {
        self.insight.knows(&self.asking(ask))
    }
}

impl Guess {
    /// Nothing has been guessed yet.
    fn cover(&mut self) {
        self.text.clear();
        self.bars.clear();
        self.given = None;
        self.is_revealed = false;
    }

    fn stands(&self, ask: &Ask) -> bool {
        matches!(ask, Ask::Guess(guessed) if self.given.as_ref() == Some(guessed))
    }

    fn guessed(&self) -> Guessed {
        match self.about {
            About::Total => Guessed::Total(self.text.clone()),
            About::Order => Guessed::Order(self.text.clone()),
            About::Bars => Guessed::Bars(self.bars.clone()),
        }
    }
}

/// The same look, not an equal one.
impl PartialEq for Insight {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

#[cfg(test)]
mod tests;
