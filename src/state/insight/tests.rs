//! What is asked of a run and in which order; guesses.

use super::*;
use crate::state::Dialog;
use crate::state::action::Action;
use crate::state::choices::Choices;
use crate::state::trial::{after, ran};

/// In the middle of guessing at this script.
fn guessing(script: &str, text: &str) -> State {
    let mut state = ran(State::new(script.into(), Choices::default()));
    state.look(AnalysisAction::Tab(Tab::Guess));
    Rc::make_mut(&mut state.insight).guess.text = text.to_owned();
    state.look(AnalysisAction::GuessGiven);
    state
}

fn judged(state: &mut State, question: AnalysisRequest) {
    let answer = AnalysisResponse {
        panel: crate::protocol::panel::PanelNode::NOTHING,
        more: AnalysisData::Judged { is_right: true },
    };
    state.reduce(Action::AnalysisAnswered(question, Ok(answer)));
}

fn asked(state: &State) -> AnalysisRequest {
    state.asking(state.guess_ask().expect("something is guessed"))
}

#[test]
fn a_right_guess_uncovers_the_chart() {
    let mut state = guessing("a: cpu 2\n", "2s");
    let question = asked(&state);
    assert!(state.is_covered());
    judged(&mut state, question);
    assert!(!state.is_covered());
}

#[test]
fn a_judgement_of_an_older_script_uncovers_nothing() {
    let mut state = guessing("a: cpu 2\n", "2s");
    let question = asked(&state);
    state.reduce(Action::Edited("a: cpu 3\n".into()));
    judged(&mut state, question);
    assert!(state.is_covered());
}

/// Its comparison with other strategies is in progress.
fn comparing() -> State {
    let mut state = ran(State::new("a: cpu 2\n".into(), Choices::default()));
    state.look(AnalysisAction::Tab(Tab::Compare));
    state
}

fn failed(state: &mut State, failure: Failure) -> AnalysisRequest {
    let question = state.question().expect("something is asked");
    state.reduce(Action::AnalysisAnswered(question.clone(), Err(failure)));
    question
}

#[test]
fn cancelling_ends_all_questions_and_they_can_be_asked_again() {
    let mut state = comparing();
    let first = state.question().expect("something is asked");
    state.look(AnalysisAction::Cancelled);
    assert_eq!(state.question(), None);
    assert!(state.insight.knows(&first));
    let panel = state.insight.panel(&state.asking(AnalysisKind::Compare));
    assert!(matches!(panel, Panel::Failed(Failure::Cancelled)));
    state.look(AnalysisAction::AskedAgain);
    assert_eq!(state.question(), Some(first));
}

#[test]
fn a_question_that_broke_its_program_is_not_asked_again_until_the_script_changes() {
    let mut state = comparing();
    let broke = failed(&mut state, Failure::Broke);
    assert_ne!(state.question(), Some(broke));
    failed(&mut state, Failure::Broke);
    assert_eq!(state.question(), None);
    let edited = Action::Edited("a: cpu 3\n".into());
    let mut state = ran(after(state, [edited]));
    assert!(state.question().is_some());
    let panel = state.insight.panel(&state.asking(AnalysisKind::Compare));
    assert!(
        matches!(panel, Panel::Waiting),
        "the new script is asked about"
    );
    failed(&mut state, Failure::NotLoaded);
}

#[test]
fn cancelling_the_reader_of_python_leaves_the_look_at_the_run() {
    let mut state = comparing();
    state.reduce(Action::Opened(Dialog::Python));
    state.python.text = "import asyncio".to_owned();
    assert!(state.python_question().is_some());
    state.look(AnalysisAction::Cancelled);
    assert_eq!(state.python_question(), None);
    assert!(state.question().is_some());
}

#[test]
fn the_drawing_is_longer_than_bars_that_follow_one_another() {
    let state = guessing(
        "async def a: cpu 2s\nasync def b: cpu 2s\nrun a\nrun b\n",
        "",
    );
    let total = state.shown.as_ref().expect("it ran").run.total().as_nanos();
    assert!(state.drawing_end_ns() > total);
}
