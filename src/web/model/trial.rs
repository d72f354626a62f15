//! States for tests: a small script, run, after some actions.

use std::rc::Rc;

use super::action::Action;
use super::choices::Choices;
use super::shown::{self, Shown};
use super::state::State;
use crate::sim::simulate;

pub(super) fn state() -> State {
    State::new("a: cpu 1 -> await 2\nb: cpu 3\n".into(), Choices::default())
}

/// The state once its script has been run.
pub(super) fn ran(mut state: State) -> State {
    let (checked, workload) = shown::check(&state.script);
    let workload = workload.expect("a script without errors");
    let trace = simulate(&workload);
    let shown = Shown::new(state.script.clone(), workload, trace);
    state.reduce(Action::Ran(state.run, checked, Rc::new(shown)));
    state
}

pub(super) fn after(mut state: State, actions: impl IntoIterator<Item = Action>) -> State {
    actions.into_iter().for_each(|action| state.reduce(action));
    state
}
