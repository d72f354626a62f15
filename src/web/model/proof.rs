//! What has come of real runs: the pane, as who talks to the companion made it, and
//! what was measured, behind the chart of the script that ran.

use std::rc::Rc;

use super::shown::Shown;
use super::state::State;
use crate::scene::By;
use crate::scene::ghost::OverlaySpan;
use crate::time::SimTime;
use crate::web::proof::message::{Measured, Said};
use crate::web::view::node::Node;

#[derive(Clone, Debug, Default)]
pub(in crate::web) struct Proof {
    /// Nothing yet, or nothing any more.
    pub(in crate::web) panel: Option<Node>,
    pub(in crate::web) is_broken: bool,
    measured: Option<Rc<Measured>>,
    /// Behind the rows of the run that is shown, while it is of that script.
    behind: Option<Rc<Behind>>,
}

/// Ghosts row by row.
#[derive(Debug, Default)]
pub(in crate::web) struct Behind {
    pub(in crate::web) rows: Vec<Vec<OverlaySpan>>,
    pub(in crate::web) end: SimTime,
}

impl Behind {
    fn of(measured: &Measured, shown: &Shown) -> Self {
        let ghosts = measured.ghosts();
        Self {
            end: ghosts.end,
            rows: ghosts.behind(&shown.timeline(By::Tasks), &shown.trace),
        }
    }
}

impl State {
    pub(in crate::web) fn proved(&mut self, said: Option<Said>) {
        let proof = Rc::make_mut(&mut self.proof);
        proof.is_broken = said.is_none();
        match said {
            Some(Said::Panel(panel)) => proof.panel = Some(panel),
            Some(Said::Ghosts(measured)) => {
                proof.measured = Some(Rc::new(measured));
                self.haunt();
            }
            // Made ready by whoever has a browser.
            Some(Said::Look | Said::Opened { .. }) => {}
            None => proof.panel = None,
        }
    }

    /// Puts what was measured behind the run that is shown, if that is of its script.
    pub(super) fn haunt(&mut self) {
        let measured = self.proof.measured.as_ref();
        let behind = measured
            .zip(self.shown.as_ref())
            .and_then(|(measured, shown)| {
                let is_same = *measured.script == *shown.script;
                is_same.then(|| Rc::new(Behind::of(measured, shown)))
            });
        if behind.is_some() || self.proof.behind.is_some() {
            Rc::make_mut(&mut self.proof).behind = behind;
        }
    }

    /// What is drawn behind the bars: by task only, and never behind an older chart.
    pub(in crate::web) fn behind(&self) -> Option<&Rc<Behind>> {
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

/// The same, not an equal one.
impl PartialEq for Proof {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// The same, not an equal one.
impl PartialEq for Behind {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::ghost::Ghosts;
    use crate::web::model::action::Action;
    use crate::web::model::choices::Choices;
    use crate::web::model::trial::{ran, run};

    const SCRIPT: &str = "a: cpu 1s -> await 2s\nb: cpu 3s\n";

    /// The run of a script, measured as it was predicted.
    fn measured() -> State {
        let mut state = ran(State::new(SCRIPT.into(), Choices::default()));
        let shown = state.shown.clone().expect("it ran");
        let ghosts = Ghosts::of(&shown.timeline(By::Tasks), &shown.trace, 1.0);
        let said = Said::Ghosts(Measured::new(SCRIPT.to_owned(), &ghosts));
        state.reduce(Action::Proved(Some(said)));
        state
    }

    #[test]
    fn what_was_measured_is_behind_the_rows_of_its_script() {
        let state = measured();
        let behind = state.behind().expect("ghosts");
        assert_eq!(behind.rows.len(), 2);
        assert!(behind.rows.iter().all(|row| !row.is_empty()));
    }

    #[test]
    fn an_edit_takes_the_ghosts_away_and_its_undoing_brings_them_back() {
        let mut state = measured();
        state.reduce(Action::Edited("a: cpu 2s\n".into()));
        assert!(state.behind().is_none());
        run(&mut state);
        assert!(state.behind().is_none());
        state.reduce(Action::Edited(SCRIPT.into()));
        run(&mut state);
        assert!(state.behind().is_some());
    }

    #[test]
    fn threads_have_no_ghosts() {
        let mut state = measured();
        state.reduce(Action::RowsChosen(By::Threads));
        assert!(state.behind().is_none());
    }
}
