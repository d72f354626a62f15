//! The sides, the runs of a program, and how none of its texts is lost.

use super::own::looks_like_python;
use super::*;
use crate::protocol::panel::PanelAction;
use crate::protocol::python::{PythonRequest, PythonResponse};
use crate::state::action::Action;
use crate::state::drafts::ScriptOrigin;
use crate::state::insight::Tab;
use crate::state::lessons::Lesson;
use crate::state::parsed::ParsedScript;
use crate::state::trial::{after, ran, run, state};
use formats::link::Shared;

const PYTHON: &str =
    "import asyncio\n\nasync def main():\n    await asyncio.sleep(1)\n\nasyncio.run(main())\n";

fn acts(action: ProgramAction) -> Action {
    Action::Program(action)
}

fn effects(state: &mut State, action: ProgramAction) -> Vec<Effect> {
    state.reduce(acts(action))
}

/// A run with the lines of `script`, as a program's trace has them.
fn trace(script: &str) -> Rc<Shown> {
    let script: Rc<str> = script.into();
    let workload = ParsedScript::of(&script).workload.clone();
    let workload = workload.expect("no errors");
    let trace = sim::simulate(&workload);
    Rc::new(Shown::new(script, workload, trace))
}

/// The Python side with the program of the script.
fn on_python_side() -> State {
    let mut state = after(
        ran(state()),
        [acts(ProgramAction::SideChosen(Side::Python))],
    );
    let request = state.python_question().expect("the program is wanted");
    let program = WrittenProgram {
        text: "made\n".to_owned(),
        lines: vec![(1, 2)],
    };
    state.reduce(Action::PythonAnswered(
        request,
        Ok(PythonResponse::Written(program)),
    ));
    state
}

/// A program of the reader's that has run.
fn has_run() -> State {
    let mut state = after(
        on_python_side(),
        [
            acts(ProgramAction::Adopted),
            acts(ProgramAction::Edited(PYTHON.into())),
            acts(ProgramAction::RunAsked),
        ],
    );
    let run = state.program.run;
    state.reduce(acts(ProgramAction::Came(run, ProgramEvent::Ran)));
    state.reduce(acts(ProgramAction::Drawn(run, trace("x: cpu 7\n"))));
    state
}

#[test]
fn the_program_of_the_script_is_asked_for_when_its_side_is_open() {
    assert_eq!(ran(state()).python_question(), None);
    let open = on_python_side();
    assert_eq!(open.python_question(), None);
    let edited = after(open, [Action::Edited("a: cpu 2\n".into())]);
    let question = edited.python_question();
    let asks = PythonRequest::Write {
        script: "a: cpu 2\n".to_owned(),
    };
    assert_eq!(question, Some(asks));
}

#[test]
fn a_script_with_errors_keeps_the_program_of_the_one_before() {
    let mut faulty = after(on_python_side(), [Action::Edited("a: awiat 2\n".into())]);
    run(&mut faulty);
    assert_eq!(faulty.python_question(), None);
    assert!(faulty.program.made.is_some());
}

#[test]
fn a_program_that_runs_takes_the_place_of_the_chart() {
    let state = has_run();
    assert_eq!(state.end().as_nanos(), 7_000_000_000);
    assert!(state.has_lines_of_program() && !state.has_lines_of_script());
    assert_eq!(state.insight.tab, Tab::Findings);
    // The script's side shows the script's run, and the way back that of the program.
    let script = after(
        state.clone(),
        [acts(ProgramAction::SideChosen(Side::Script))],
    );
    assert_eq!(script.end().as_nanos(), 4_000_000_000);
    assert!(script.has_lines_of_script());
    let back = after(script, [acts(ProgramAction::SideChosen(Side::Python))]);
    assert_eq!(back.end().as_nanos(), 7_000_000_000);
    assert_eq!(after(back, [Action::Escaped]).program.side, Side::Script);
}

#[test]
fn the_scripts_program_runs_with_one_click() {
    let mut state = on_python_side();
    let run = effects(&mut state, ProgramAction::RunAsked);
    assert_eq!(run, [Effect::RunProgram("made\n".into(), "".into())]);
    assert_eq!(state.program.own.as_deref(), Some("made\n"));
}

#[test]
fn an_edit_runs_again_only_after_the_first_click() {
    let edit = |text: &str| ProgramAction::Edited(text.into());
    let mut state = after(on_python_side(), [acts(ProgramAction::Adopted)]);
    assert_eq!(effects(&mut state, edit("a")), []);
    let run = effects(&mut state, ProgramAction::RunAsked);
    assert_eq!(run, [Effect::RunProgram("a".into(), "".into())]);
    assert_eq!(effects(&mut state, edit("b")), [Effect::RunProgramSoon]);
    let paused = effects(&mut state, ProgramAction::Paused);
    assert_eq!(paused, [Effect::RunProgram("b".into(), "".into())]);
    assert!(!state.has_lines_of_program());
}

#[test]
fn a_program_that_was_cancelled_waits_for_a_click() {
    let mut state = has_run();
    let edit = |text: &str| ProgramAction::Edited(text.into());
    state.reduce(acts(ProgramAction::RunAsked));
    let run = state.program.run;
    let running = ProgramAction::Came(run, ProgramEvent::Running);
    let told = [Effect::TellProgram(ProgramEvent::Running)];
    assert_eq!(effects(&mut state, running), told);
    let cancelled = ProgramEvent::Failed("cancelled".to_owned());
    let ends = [
        Effect::CancelProgram,
        Effect::TellProgram(cancelled.clone()),
    ];
    assert_eq!(effects(&mut state, ProgramAction::Cancelled), ends);
    assert_eq!(effects(&mut state, ProgramAction::Came(run, cancelled)), []);
    assert_eq!(effects(&mut state, edit("c")), []);
}

#[test]
fn an_answer_for_an_older_run_is_dropped() {
    let state = has_run();
    let old = state.program.run;
    let again = after(state, [acts(ProgramAction::RunAsked)]);
    let late = after(
        again,
        [acts(ProgramAction::Drawn(old, trace("y: cpu 9\n")))],
    );
    assert_eq!(late.end().as_nanos(), 7_000_000_000);
}

#[test]
fn findings_may_come_before_the_chart_and_go_with_the_next_run() {
    let mut state = after(has_run(), [acts(ProgramAction::RunAsked)]);
    let run = state.program.run;
    let found = ProgramAction::Found(run, PanelNode::NOTHING, Rc::default());
    let drawn = |run| acts(ProgramAction::Drawn(run, trace("x: cpu 7\n")));
    state = after(state, [acts(found), drawn(run)]);
    assert!(state.program.findings.is_some());
    state.reduce(acts(ProgramAction::RunAsked));
    let run = state.program.run;
    assert!(after(state, [drawn(run)]).program.findings.is_none());
}

#[test]
fn a_run_sends_the_requests_of_the_load_bar() {
    let load = |text: &str| ProgramAction::RequestsChosen(text.into());
    let mut state = after(on_python_side(), [acts(ProgramAction::Adopted)]);
    assert_eq!(effects(&mut state, load("100 GET /ping")), []);
    let run = |load: &str| [Effect::RunProgram("made\n".into(), load.into())];
    let asked = effects(&mut state, ProgramAction::RunAsked);
    assert_eq!(asked, run("100 GET /ping"));
    // From then on they run the program again, as an edit does.
    let chosen = effects(&mut state, load("9 GET /pong"));
    assert_eq!(chosen, [Effect::RunProgramSoon]);
    let paused = effects(&mut state, ProgramAction::Paused);
    assert_eq!(paused, run("9 GET /pong"));
}

#[test]
fn the_readers_program_is_never_lost() {
    let state = has_run();
    let over = after(state, [acts(ProgramAction::LeftOwn)]);
    assert_eq!(over.program.own, None);
    assert!(over.drafts.find(PYTHON).is_some());
    let back = after(over, [Action::DraftOpened(PYTHON.into())]);
    assert_eq!(back.program.own.as_deref(), Some(PYTHON));
    assert!(back.is_python_side());
    // The script's own program can be had again.
    let taken = after(on_python_side(), [acts(ProgramAction::Adopted)]);
    let left = after(taken, [acts(ProgramAction::LeftOwn)]);
    assert!(left.drafts.find("made\n").is_none());
}

fn link(program: &str) -> Action {
    Action::LinkOpened(Ok(Shared {
        program: Some(program.to_owned()),
        requests: Some("9 GET /ping".to_owned()),
        ..Shared::default()
    }))
}

#[test]
fn a_links_program_waits_for_a_click() {
    let edit = |text: &str| ProgramAction::Edited(text.into());
    let mut state = after(has_run(), [acts(edit("mine"))]);
    let script = state.script.clone();
    assert_eq!(state.reduce(link("theirs")), [Effect::CancelProgram]);
    assert_eq!(state.program.own.as_deref(), Some("theirs"));
    assert!(state.is_python_side() && !state.shows_program());
    assert_eq!(state.script, script);
    assert!(state.drafts.find("mine").is_some());
    // The pause after the edit of the program before it.
    assert_eq!(effects(&mut state, ProgramAction::Paused), []);
    assert_eq!(effects(&mut state, edit("theirs, edited")), []);
    let run = effects(&mut state, ProgramAction::RunAsked);
    let expected = Effect::RunProgram("theirs, edited".into(), "9 GET /ping".into());
    assert_eq!(run, [expected]);
}

#[test]
fn a_links_program_is_the_readers_once_it_is_edited() {
    let theirs = after(state(), [link("theirs")]);
    let origin = |state: &State, text| state.drafts.find(text).map(|draft| draft.origin);
    assert!(theirs.program.is_brought);
    assert_eq!(origin(&theirs, "theirs"), Some(ScriptOrigin::Link));
    let other = after(theirs.clone(), [link("other")]);
    assert_eq!(origin(&other, "theirs"), Some(ScriptOrigin::Link));
    let edited = after(theirs, [acts(ProgramAction::Edited("mine".into()))]);
    assert!(!edited.program.is_brought);
    let mine = after(edited, [link("mine")]);
    assert!(!mine.program.is_brought);
    assert_eq!(origin(&mine, "mine"), Some(ScriptOrigin::Reader));
}

#[test]
fn a_link_holds_what_the_open_side_shows() {
    let program = |state: &State| state.shared().program;
    assert_eq!(program(&ran(state())), None);
    let made = on_python_side().shared();
    assert_eq!(made.program.as_deref(), Some(""));
    let opened = after(state(), [Action::LinkOpened(Ok(made))]);
    assert!(opened.is_python_side() && opened.program.own.is_none());
    let own = has_run();
    assert_eq!(program(&own).as_deref(), Some(PYTHON));
    assert_eq!(own.shared().script, "");
    let script = after(own, [acts(ProgramAction::SideChosen(Side::Script))]);
    assert_eq!(program(&script), None);
    assert_eq!(script.shared().script, *script.script);
}

#[test]
fn a_new_script_comes_to_the_front() {
    let lesson = Lesson::all().next().expect("there are 25");
    let opened = after(has_run(), [Action::LessonOpened(lesson)]);
    assert_eq!(opened.program.side, Side::Script);
    assert_eq!(opened.opened, None);
    // Its Python side is that of the lesson.
    assert_eq!(opened.program.own, None);
    assert!(opened.drafts.find(PYTHON).is_some());
    // The script's own program follows its changes.
    let fix = Action::PanelActed(PanelAction::Rewrite("a: cpu 2\n".to_owned()));
    assert_eq!(after(on_python_side(), [fix]).program.side, Side::Python);
}

#[test]
fn python_over_the_script_is_run_and_the_script_comes_back() {
    let before = ran(state());
    let script = before.script.clone();
    let mut pasted = after(before, [Action::Edited(PYTHON.into())]);
    run(&mut pasted);
    assert!(pasted.is_script_python());
    let effects = effects(&mut pasted, ProgramAction::ScriptIsPython);
    assert_eq!(effects, [Effect::RunProgram(PYTHON.into(), "".into())]);
    assert_eq!(pasted.script, script);
    assert_eq!(pasted.program.own.as_deref(), Some(PYTHON));
    assert!(pasted.is_python_side());
    assert!(pasted.drafts.find(PYTHON).is_some());
}

#[test]
fn python_over_the_script_is_read_and_read_back() {
    let mut pasted = after(ran(state()), [Action::Edited(PYTHON.into())]);
    run(&mut pasted);
    let mut reads = after(pasted, [acts(ProgramAction::ReadAsScript)]);
    let request = reads.python_question().expect("it is read");
    let reading = |script: &str| PythonResponse::Reading {
        panel: PanelNode::NOTHING,
        script: script.to_owned(),
    };
    let failed = after(
        reads.clone(),
        [Action::PythonAnswered(request.clone(), Ok(reading("")))],
    );
    assert_eq!(
        (&*failed.script, failed.dialog),
        (PYTHON, Some(crate::state::Dialog::Python))
    );
    reads.reduce(Action::PythonAnswered(
        request,
        Ok(reading("main: await 1\n")),
    ));
    assert_eq!(&*reads.script, "main: await 1\n");
    assert!(reads.is_read_from_python());
    let back = after(reads, [acts(ProgramAction::ReadUndone)]);
    assert_eq!(&*back.script, PYTHON);
    assert!(!back.is_read_from_python());
}

#[track_caller]
fn check(text: &str, is_python: bool) {
    assert_eq!(looks_like_python(text), is_python, "{text}");
}

#[test]
fn python_is_told_from_a_script_with_mistakes() {
    check(PYTHON, true);
    check("from fastapi import FastAPI\napp = FastAPI()\n", true);
    check("def f():\n    time.sleep(3)\n", true);
    check("async def f(x: int):\n    print(x)\n", true);
    check("", false);
    check("a: awiat 3\n", false);
    check("def ping: block 3\nrun 3 pingg\n", false);
    check("import: cpu 3\nfrom: cpu 2\n", false);
    check("async def a: await asyncio.sleep(3)\n", false);
    for lesson in Lesson::all() {
        check(lesson.script(), lesson.is_program());
    }
}

#[test]
fn a_line_stays_lit_on_the_other_side() {
    let line = |state: &State| state.pointed.line();
    let script = after(
        ran(state()),
        [Action::LineEntered(Some(2)), Action::LineEntered(None)],
    );
    let python = after(script, [acts(ProgramAction::SideChosen(Side::Python))]);
    assert_eq!(line(&python), Some(2));
}
