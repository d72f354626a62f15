//! Results of real runs: the panel that the companion's client built, and the measured overlay
//! of the chart.

use std::rc::Rc;

use super::State;
use super::insight::Failure;
use super::shown::Shown;
use crate::protocol::panel::PanelNode;
use crate::protocol::real_run::{MeasuredOverlay, RealRunResponse};
use chart::scene::By;
use chart::scene::ghost::OverlaySpan;
use model::time::SimTime;

#[derive(Clone, Debug, Default)]
pub(crate) struct Proof {
    /// The panel; `None` before the first answer and after a failure.
    pub(crate) panel: Option<PanelNode>,
    pub(crate) failure: Option<Failure>,
    measured: Option<Rc<MeasuredOverlay>>,
    /// The measured bars for the run that is shown, if it is of the same script.
    behind: Option<Rc<OverlayRows>>,
}

/// The measured bars of each row.
#[derive(Debug, Default)]
pub(crate) struct OverlayRows {
    pub(crate) rows: Vec<Vec<OverlaySpan>>,
    pub(crate) end: SimTime,
}

impl OverlayRows {
    fn of(measured: &MeasuredOverlay, shown: &Shown) -> Self {
        let ghosts = measured.ghosts();
        Self {
            end: ghosts.end,
            rows: ghosts.behind(&shown.timeline(By::Tasks), shown.run.trace()),
        }
    }
}

impl State {
    pub(crate) fn real_run_answered(&mut self, said: Result<RealRunResponse, Failure>) {
        let proof = Rc::make_mut(&mut self.proof);
        proof.failure = said.as_ref().err().copied();
        match said {
            Ok(RealRunResponse::Panel(panel)) => proof.panel = Some(panel),
            Ok(RealRunResponse::Overlay(measured)) => {
                proof.measured = Some(Rc::new(measured));
                self.update_overlay();
            }
            // The root component has carried these out.
            Ok(
                RealRunResponse::ShowError
                | RealRunResponse::TraceOpened { .. }
                | RealRunResponse::RunPython { .. }
                | RealRunResponse::CancelPython
                | RealRunResponse::ProgramOutput { .. }
                | RealRunResponse::ProgramFindings { .. },
            ) => {}
            Err(_) => {
                proof.panel = None;
                self.opening = None;
                self.lose_program();
            }
        }
    }

    /// The program that was reading the file has ended, so its panel is built anew.
    pub(super) fn cancel_opening(&mut self) {
        self.opening = None;
        Rc::make_mut(&mut self.proof).panel = None;
    }

    /// Retries after a failure.
    pub(super) fn prove_again(&mut self) {
        Rc::make_mut(&mut self.proof).failure = None;
    }

    /// Attaches the measured bars if they belong to the script on the chart.
    pub(super) fn update_overlay(&mut self) {
        let measured = self.proof.measured.as_ref();
        let behind = measured
            .zip(self.shown.as_ref())
            .and_then(|(measured, shown)| {
                let is_same = *measured.script == *shown.script;
                is_same.then(|| Rc::new(OverlayRows::of(measured, shown)))
            });
        if behind.is_some() || self.proof.behind.is_some() {
            Rc::make_mut(&mut self.proof).behind = behind;
        }
    }

    /// The measured bars to draw: in rows by task only, and never behind an older chart.
    pub(crate) fn overlay(&self) -> Option<&Rc<OverlayRows>> {
        let is_current = self
            .shown
            .as_ref()
            .is_some_and(|shown| shown.script == self.script);
        let behind = self.proof.behind.as_ref();
        behind.filter(|_| {
            is_current && self.opened.is_none() && self.by == By::Tasks && !self.is_covered()
        })
    }
}

/// Compares by identity, not by content.
impl PartialEq for Proof {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Compares by identity, not by content.
impl PartialEq for OverlayRows {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::action::Action;
    use crate::state::choices::Choices;
    use crate::state::trial::{ran, run};
    use chart::scene::ghost::Ghosts;

    const SCRIPT: &str = "a: cpu 1s -> await 2s\nb: cpu 3s\n";

    /// A state with the measured run of a script, as predicted.
    fn measured() -> State {
        let mut state = ran(State::new(SCRIPT.into(), Choices::default()));
        let shown = state.shown.clone().expect("it ran");
        let ghosts = Ghosts::of(&shown.timeline(By::Tasks), shown.run.trace(), 1.0);
        let said = RealRunResponse::Overlay(MeasuredOverlay::new(SCRIPT.to_owned(), &ghosts));
        state.reduce(Action::RealRunAnswered(Ok(said)));
        state
    }

    #[test]
    fn what_was_measured_is_behind_the_rows_of_its_script() {
        let state = measured();
        let behind = state.overlay().expect("ghosts");
        assert_eq!(behind.rows.len(), 2);
        assert!(behind.rows.iter().all(|row| !row.is_empty()));
    }

    #[test]
    fn an_edit_takes_the_ghosts_away_and_its_undoing_brings_them_back() {
        let mut state = measured();
        state.reduce(Action::Edited("a: cpu 2s\n".into()));
        assert!(state.overlay().is_none());
        run(&mut state);
        assert!(state.overlay().is_none());
        state.reduce(Action::Edited(SCRIPT.into()));
        run(&mut state);
        assert!(state.overlay().is_some());
    }

    #[test]
    fn threads_have_no_ghosts() {
        let mut state = measured();
        state.reduce(Action::RowsChosen(By::Threads));
        assert!(state.overlay().is_none());
    }
}
