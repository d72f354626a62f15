//! States for tests: a small script, completed, after some actions.

use std::rc::Rc;

use super::State;
use super::action::Action;
use super::choices::Choices;
use super::drafts::ScriptOrigin;
use super::parsed::ParsedScript;
use super::shown::Shown;
use sim::simulate;

/// A state whose script is the reader's.
pub(crate) fn state() -> State {
    State {
        origin: ScriptOrigin::Reader,
        ..State::new("a: cpu 1 -> await 2\nb: cpu 3\n".into(), Choices::default())
    }
}

/// Runs the script, or records its errors.
pub(crate) fn run(state: &mut State) {
    let checked = ParsedScript::of(&state.script);
    let action = match checked.workload.clone() {
        None => Action::WasFaulty(state.run, checked),
        Some(workload) => {
            let trace = simulate(&workload);
            let shown = Shown::new(state.script.clone(), workload, trace);
            Action::Ran(state.run, checked, Rc::new(shown))
        }
    };
    state.reduce(action);
}

/// The state after its script has been run.
pub(crate) fn ran(mut state: State) -> State {
    run(&mut state);
    assert!(state.shown.is_some(), "a script without errors");
    state
}

pub(crate) fn after(mut state: State, actions: impl IntoIterator<Item = Action>) -> State {
    for action in actions {
        state.reduce(action);
    }
    state
}
