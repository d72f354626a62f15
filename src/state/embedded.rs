//! A page embedded in another page: its visible panes, its locked lines and the goal of a lab.
//!
//! `www/embed/inside.js` exchanges the messages with the host page.

use std::rc::Rc;

use super::choices::{Choices, Theme};
use super::drafts::{ReplacedBy, ScriptOrigin};
use super::effect::Effect;
use super::insight::{About, AnalysisAction, Tab};
use super::shown::Shown;
use super::{Phase, State};
use model::time::SimTime;
use model::trace::expectation::Verdict;
use model::workload::{Expectation, Place};
use texts::Language;

/// The settings that a host page asks for; `None` leaves a setting unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EmbedSettings {
    pub(crate) script: Option<String>,
    /// A Python program, in place of the script. It waits for the reader's click.
    pub(crate) program: Option<String>,
    /// The names of the panes, in any order, e.g. `script chart`.
    pub(crate) panes: Option<String>,
    /// Pairs of the first and last locked line, from 1.
    pub(crate) frozen: Option<Vec<u32>>,
    /// The goal, in a teacher's words; `claims` holds it in the script's language.
    pub(crate) goal: Option<String>,
    pub(crate) claims: Option<Vec<String>>,
    /// `total`, `order` or `bars`; an empty text ends the guess.
    pub(crate) guess: Option<String>,
    pub(crate) theme: Option<String>,
    pub(crate) lang: Option<String>,
    /// The position of the cursor, e.g. `5s`.
    pub(crate) at: Option<String>,
    /// The page is in no frame, e.g. after *Open in Loopscope*.
    pub(crate) is_alone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Script,
    Result,
    Chart,
    Now,
    Why,
    /// The line of settings below the script.
    Settings,
}

impl Pane {
    const ALL: [(&str, Self); 6] = [
        ("script", Self::Script),
        ("result", Self::Result),
        ("chart", Self::Chart),
        ("now", Self::Now),
        ("why", Self::Why),
        ("settings", Self::Settings),
    ];
    /// The panes that are shown by default.
    const USUAL: &str = "script result chart";
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Embedded {
    panes: Vec<Pane>,
    /// The pairs as requested, applied to every script that follows.
    pairs: Vec<u32>,
    pub(crate) frozen: Rc<Frozen>,
    pub(crate) goal: String,
    claims: Vec<String>,
    /// The verdicts on the goal in the last run; empty without a goal.
    pub(crate) verdicts: Vec<Verdict>,
    /// The first mistake in the goal, which the host page hears of.
    pub(crate) mistake: Option<String>,
    /// The script as the host page set it.
    given: Option<Rc<str>>,
    is_alone: bool,
}

/// Locked lines, in blocks of adjacent lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frozen {
    blocks: Vec<Vec<Box<str>>>,
    /// The whole script is locked, so no line may be added either.
    pub(crate) is_everything: bool,
}

impl Frozen {
    /// Locks the whole text, or nothing.
    pub(crate) fn whole(is_everything: bool) -> Self {
        Self {
            is_everything,
            ..Self::default()
        }
    }

    /// The lines of `script` that the pairs name; lines that do not exist are skipped.
    fn of(script: &str, pairs: &[u32]) -> Self {
        let lines: Vec<&str> = script.lines().collect();
        let block = |pair: &[u32]| {
            let (&[from, to], true) = (pair.first_chunk()?, !lines.is_empty()) else {
                return None;
            };
            let from = (from as usize).checked_sub(1)?;
            let to = (to as usize).min(lines.len());
            let block = lines.get(from..to).filter(|block| !block.is_empty())?;
            Some(block.iter().map(|&line| line.into()).collect())
        };
        let blocks: Vec<Vec<Box<str>>> = pairs.chunks(2).filter_map(block).collect();
        let is_everything = matches!(pairs, [1, to] if *to as usize > lines.len());
        Self {
            blocks,
            is_everything,
        }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.blocks.is_empty() && !self.is_everything
    }

    /// Whether the line of a setting is locked, e.g. `pool 40` for `pool`.
    pub(crate) fn holds_setting(&self, name: &str) -> bool {
        let is_set_in = |line: &str| line.split_whitespace().next() == Some(name);
        self.is_everything || self.blocks.iter().flatten().any(|line| is_set_in(line))
    }

    /// The positions of the blocks in a text, as pairs of lines from 1; `None` if one is missing.
    pub(crate) fn lines(&self, text: &str) -> Option<Vec<u32>> {
        let lines: Vec<&str> = text.lines().collect();
        let mut pairs = Vec::new();
        let mut from = 0;
        for block in &self.blocks {
            let is_it = |lines: &[&str]| lines.iter().zip(block).all(|(line, own)| **line == **own);
            let at = lines.get(from..)?.windows(block.len()).position(is_it)?;
            from += at + block.len();
            pairs.extend([(from - block.len() + 1) as u32, from as u32]);
        }
        Some(pairs)
    }

    fn allows(&self, text: &str) -> bool {
        !self.is_everything && self.lines(text).is_some()
    }
}

impl Embedded {
    fn usual() -> Self {
        Self {
            panes: panes(Pane::USUAL),
            ..Self::default()
        }
    }

    pub(crate) fn shows(&self, pane: Pane) -> bool {
        self.panes.contains(&pane)
    }

    /// The names of the visible panes, for style sheets.
    pub(crate) fn pane_names(&self) -> String {
        let shown = Pane::ALL.iter().filter(|(_, pane)| self.shows(*pane));
        shown.map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
    }

    /// `None` before the first verdict, and without a goal.
    pub(crate) fn is_goal_reached(&self) -> Option<bool> {
        let verdicts = &self.verdicts;
        (!verdicts.is_empty()).then(|| verdicts.iter().all(|verdict| verdict.holds))
    }
}

impl State {
    /// Whether this pane is visible: always, unless a host page hides it.
    pub(crate) fn shows(&self, pane: Pane) -> bool {
        let embedded = self.embedded.as_ref();
        embedded.is_none_or(|embedded| embedded.shows(pane))
    }

    /// Whether the analysis is needed, which is a separate program.
    pub(crate) fn is_looked_closer_at(&self) -> bool {
        self.shows(Pane::Why) || self.insight.tab == Tab::Guess
    }

    /// Whether the reader may change the text in the editor to `text`.
    pub(crate) fn allows(&self, text: &str) -> bool {
        let embedded = self.embedded.as_ref();
        embedded.is_none_or(|embedded| embedded.frozen.allows(text))
    }

    /// Applies the settings that the host page asks for.
    pub(crate) fn grant(&mut self, wishes: EmbedSettings) -> Vec<Effect> {
        let mut effects = Vec::new();
        // Taken out of the state, so that the new script is not checked against the locked lines.
        let mut embedded = self.embedded.take().unwrap_or_else(Embedded::usual);
        let is_program = wishes.program.is_some();
        let is_script_new = wishes.script.is_some();
        let is_frozen_anew = wishes.script.is_some() || is_program || wishes.frozen.is_some();
        // No chart of a script stands beside a program.
        if let Some(script) = wishes.script.or(is_program.then(String::new)) {
            self.replace_script(script.into(), ScriptOrigin::Page, ReplacedBy::Unknown);
        }
        if let Some(program) = wishes.program {
            effects = self.open_linked_program(program.into(), "".into());
        }
        if let Some(names) = wishes.panes {
            embedded.panes = panes(&names);
        }
        if let Some(pairs) = wishes.frozen {
            embedded.pairs = pairs;
        }
        if let Some(goal) = wishes.goal {
            embedded.goal = goal;
        }
        if let Some(claims) = wishes.claims {
            embedded.claims = claims;
        }
        dress(&mut self.settings, wishes.theme, wishes.lang);
        embedded.is_alone |= wishes.is_alone;
        if is_script_new || embedded.given.is_none() {
            embedded.given = Some(self.script.clone());
        }
        self.embedded = Some(embedded);
        if let Some(at) = wishes.at.and_then(|at| script::parse_duration(&at).ok()) {
            let at = SimTime::ZERO + at;
            if self.shown.is_some() {
                self.move_to(at);
            } else {
                // The first run keeps this position.
                self.cursor.at = at;
            }
        }
        if is_frozen_anew {
            self.freeze();
        }
        self.judge_goal();
        // What a program does is known only after its run.
        if let Some(about) = wishes.guess.filter(|_| !self.is_python_side()) {
            self.cover(&about);
        }
        effects
    }

    /// Locks lines of the text in the editor.
    pub(crate) fn freeze(&mut self) {
        let text = self.shown_program().unwrap_or(&self.script).clone();
        if let Some(embedded) = &mut self.embedded {
            embedded.frozen = Rc::new(Frozen::of(&text, &embedded.pairs));
        }
    }

    /// The phase for the host page. A Python program is `idle` until it has run.
    pub(crate) fn reported_phase(&self) -> &'static str {
        if self.shown_program().is_none() {
            self.phase.name()
        } else if !self.program_marks().is_empty() {
            "faulty"
        } else if self.has_lines_of_program() {
            Phase::Settled.name()
        } else {
            "idle"
        }
    }

    /// Updates the verdicts on the goal from the run that is shown.
    pub(crate) fn judge_goal(&mut self) {
        let language = self.language();
        let Some(embedded) = &mut self.embedded else {
            return;
        };
        let is_current = self.phase == Phase::Settled || self.opened.is_some();
        let shown = self.shown.as_ref().filter(|_| is_current);
        embedded.verdicts =
            shown.map_or_else(Vec::new, |shown| judged(&embedded.claims, shown, language));
        embedded.mistake = shown.and_then(|shown| {
            let mistake = goal_of(&embedded.claims, shown).err()?;
            Some(mistake.message(language))
        });
    }

    /// Whether the reader has changed the script of the host page.
    pub(crate) fn is_script_changed(&self) -> bool {
        let given = self
            .embedded
            .as_ref()
            .and_then(|embedded| embedded.given.as_ref());
        given.is_some_and(|given| *given != self.script) && !self.is_python_side()
    }

    /// Brings back the script of the host page.
    pub(super) fn reset_script(&mut self) {
        // Taken out of the state, so that the script is not checked against the locked lines.
        let embedded = self.embedded.take();
        if let Some(given) = embedded
            .as_ref()
            .and_then(|embedded| embedded.given.clone())
        {
            self.replace_script(given, ScriptOrigin::Page, ReplacedBy::Unknown);
        }
        self.embedded = embedded;
        self.freeze();
    }

    /// The settings of this lab for the address of a page of its own: the goal, the locked lines
    /// and the guess. Empty if there are none, and on that page, which leads on to the playground.
    pub(crate) fn kept_settings(&self) -> String {
        let Some(embedded) = self.embedded.as_ref().filter(|embedded| !embedded.is_alone) else {
            return String::new();
        };
        let mut kept = String::new();
        let mut add = |name: &str, value: &str| {
            kept.push_str(&format!("&{name}={}", percent_encoded(value)));
        };
        if !embedded.goal.is_empty() {
            add("goal", &embedded.goal);
        }
        if embedded.frozen.is_everything {
            add("editable", "none");
        } else if !embedded.frozen.is_nothing() {
            add("frozen", &lines_in_words(&embedded.pairs));
        }
        let guess = &self.insight.guess;
        if self.is_covered() {
            add(
                "guess",
                match guess.about {
                    About::Total => "total",
                    About::Order => "order",
                    About::Bars => "bars",
                },
            );
        }
        if kept.is_empty() {
            return kept;
        }
        format!("&embed&panes=script+result+chart+now+why+settings{kept}")
    }

    fn cover(&mut self, about: &str) {
        let about = match about {
            "total" => About::Total,
            "order" => About::Order,
            "bars" => About::Bars,
            _ => return self.look(AnalysisAction::Tab(Tab::Findings)),
        };
        self.look(AnalysisAction::Tab(Tab::Guess));
        self.look(AnalysisAction::GuessAbout(about));
    }
}

fn panes(names: &str) -> Vec<Pane> {
    let known = |names: &str| -> Vec<Pane> {
        let words = names.split([' ', ',', '+']);
        let pane = |word| Pane::ALL.iter().find(|(name, _)| *name == word);
        words.filter_map(pane).map(|&(_, pane)| pane).collect()
    };
    let asked = known(names);
    if asked.is_empty() {
        known(Pane::USUAL)
    } else {
        asked
    }
}

fn dress(settings: &mut Choices, theme: Option<String>, lang: Option<String>) {
    if let Some(theme) = theme.as_deref().and_then(Theme::from_word) {
        settings.theme = theme;
    }
    if let Some(language) = lang.as_deref().and_then(Language::from_tag) {
        settings.language = language;
    }
}

/// Pairs of lines as in an address, e.g. `[2, 3, 7, 7]` → `2-3,7-7`.
fn lines_in_words(pairs: &[u32]) -> String {
    // Addresses take numbers of at most seven digits.
    let pair = |pair: &[u32]| {
        Some(format!(
            "{}-{}",
            pair.first()?,
            pair.get(1)?.min(&9_999_999)
        ))
    };
    pairs
        .chunks(2)
        .filter_map(pair)
        .collect::<Vec<_>>()
        .join(",")
}

/// A text as a value in an address.
fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| {
        if byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    encoded.collect()
}

/// The claims of a goal, or the first mistake in them.
fn goal_of(claims: &[String], shown: &Shown) -> Result<Vec<Expectation>, Box<script::Diagnostic>> {
    let parsed = claims.iter().map(|claim| {
        // An attribute of the host page may be wrapped: its line breaks are spaces.
        let claim = claim.replace(char::is_control, " ");
        script::parse_claim(&claim, shown.run.workload())
    });
    parsed.collect()
}

/// Judges the claims like `expect` lines of the script. One that does not parse is missed, and with
/// it the whole goal.
pub(super) fn judged(claims: &[String], shown: &Shown, language: Language) -> Vec<Verdict> {
    let mistake = match goal_of(claims, shown) {
        Ok(goal) => return shown.run.judge(&goal),
        Err(mistake) => mistake.message(language),
    };
    let missed = |claim: &String| Verdict {
        holds: false,
        text: claim.clone(),
        actual: mistake.clone(),
        place: Place::default(),
    };
    claims.iter().map(missed).collect()
}

#[cfg(test)]
mod tests;
