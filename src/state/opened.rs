//! A trace from a file or of the reader's program, shown instead of the script's run.
//!
//! The script itself is kept unchanged, and it is not run for this.

use std::rc::Rc;

use super::insight::{AnalysisAction, Tab};
use super::shown::Shown;
use super::{Cursor, Pointed, State, View};

/// The trace that is shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opened {
    pub(crate) name: Rc<str>,
    /// The text of the program that ran in the page.
    pub(crate) program: Option<Rc<str>>,
    /// The script's run, as soon as it is complete.
    kept: Option<Rc<Shown>>,
}

impl State {
    pub(super) fn open_trace(&mut self, name: Rc<str>, shown: Rc<Shown>) {
        self.opening = None;
        self.open(name, None, shown);
        self.look(AnalysisAction::Tab(Tab::Proof));
        self.turn_chart();
    }

    fn open(&mut self, name: Rc<str>, program: Option<Rc<str>>, shown: Rc<Shown>) {
        let script_run = match self.opened.take() {
            Some(opened) => opened.kept,
            None => self.shown.take(),
        };
        self.skip_prediction();
        self.opened = Some(Opened {
            name,
            program,
            kept: script_run,
        });
        self.shown = Some(shown);
    }

    /// Shows a run of the reader's program. After an edit it takes the place of the run before like
    /// that of a script.
    pub(super) fn open_program(&mut self, text: Rc<str>, shown: Rc<Shown>) {
        let is_next = self.shows_program();
        if is_next {
            self.begin_moment(&shown);
        }
        self.open("".into(), Some(text), shown);
        if is_next {
            self.update_overlay();
            self.pointed.hovered = None;
            self.pointed.selected = None;
            self.move_to(self.cursor.at);
        } else {
            let line = self.pointed.cursor_line;
            self.turn_chart();
            self.pointed.cursor_line = line;
        }
    }

    /// Returns to the script's chart, if a trace is open.
    pub(crate) fn close_trace(&mut self) {
        if let Some(opened) = self.opened.take() {
            self.shown = opened.kept;
            self.turn_chart();
        }
    }

    /// Resets the parts of the state that belong to the old chart.
    fn turn_chart(&mut self) {
        self.forget_moment();
        self.playing = false;
        self.cursor = Cursor::default();
        self.view = View::default();
        self.pointed = Pointed::default();
        self.table_first = 0;
        self.update_overlay();
    }

    /// Keeps a run of the script for later, if a trace is shown.
    pub(super) fn keeps_for_later(&mut self, shown: &Rc<Shown>) -> bool {
        let opened = self.opened.as_mut();
        opened.is_some_and(|opened| {
            opened.kept = Some(shown.clone());
            true
        })
    }

    /// Whether the lines on the chart are lines of the script.
    pub(crate) fn has_lines_of_script(&self) -> bool {
        let is_same = |shown: &Rc<Shown>| shown.script == self.script;
        self.opened.is_none() || !self.shows_program() && self.shown.as_ref().is_some_and(is_same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::panel::PanelAction;
    use crate::state::Phase;
    use crate::state::action::Action;
    use crate::state::parsed::ParsedScript;
    use crate::state::trial::{after, ran, state};
    use sim::simulate;

    fn trace(script: &str) -> Rc<Shown> {
        let script: Rc<str> = script.into();
        let workload = ParsedScript::of(&script)
            .workload
            .clone()
            .expect("no errors");
        let trace = simulate(&workload);
        Rc::new(Shown::new(script, workload, trace))
    }

    fn opened() -> State {
        let open = Action::TraceOpened("run.json".into(), trace("x: cpu 7\n"));
        after(ran(state()), [open])
    }

    #[test]
    fn a_trace_takes_the_place_of_the_chart_and_gives_it_back() {
        let before = ran(state());
        let opened = opened();
        assert_eq!(opened.script, before.script);
        assert_eq!(opened.end().as_nanos(), 7_000_000_000);
        let back = after(opened, [Action::Escaped]);
        assert_eq!(back.end(), before.end());
        assert_eq!(back.opened, None);
    }

    #[test]
    fn the_script_of_a_trace_takes_its_place_even_if_it_was_there_before() {
        let opened = opened();
        let rewrite = PanelAction::Rewrite(opened.script.to_string());
        let back = after(opened, [Action::PanelActed(rewrite)]);
        assert_eq!(back.opened, None);
    }

    #[test]
    fn a_second_trace_goes_back_to_the_script_too() {
        let before = ran(state());
        let again = Action::TraceOpened("b.json".into(), trace("y: cpu 9\n"));
        let back = after(opened(), [again, Action::Escaped]);
        assert_eq!(back.end(), before.end());
    }

    #[test]
    fn an_edit_goes_back_to_the_script() {
        let edited = after(opened(), [Action::Edited("a: cpu 2\n".into())]);
        assert_eq!(edited.opened, None);
        assert_eq!(ran(edited).end().as_nanos(), 2_000_000_000);
    }

    #[test]
    fn a_run_that_ends_meanwhile_waits_for_the_way_back() {
        let edited = after(ran(state()), [Action::Edited("a: cpu 2\n".into())]);
        let open = Action::TraceOpened("run.json".into(), trace("x: cpu 7\n"));
        let opened = ran(after(edited, [open]));
        assert_eq!(opened.end().as_nanos(), 7_000_000_000);
        assert_eq!(opened.phase, Phase::Settled);
        let back = after(opened, [Action::Escaped]);
        assert_eq!(back.end().as_nanos(), 2_000_000_000);
    }

    #[test]
    fn nothing_is_asked_of_the_script_or_said_of_it_meanwhile() {
        let opened = opened();
        assert!(opened.question().is_none());
        assert!(!opened.is_looked_at());
        assert!(!opened.has_lines_of_script());
        let faulty = after(opened, [Action::WasFaulty(state().run, Rc::default())]);
        assert!(!faulty.is_stale());
    }

    #[test]
    fn another_tool_is_of_the_script_again() {
        let looked = after(
            opened(),
            [Action::Analysis(AnalysisAction::Tab(Tab::Compare))],
        );
        assert_eq!(looked.opened, None);
    }
}
