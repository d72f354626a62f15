//! The Python side of the script's card: the program of the script, read-only; or the reader's own
//! program, which runs on Python in the page.
//!
//! The browser's side downloads and runs Python ([`Effect::RunProgram`]); the program
//! [`crate::proof`] reads the result and builds the strip below the editor. A run starts with a
//! click. From then on each pause in the typing starts another one.

use std::rc::Rc;

use super::drafts::{Draft, ReplacedBy, ScriptOrigin};
use super::effect::Effect;
use super::insight::{Failure, Tab};
use super::lessons::Lesson;
use super::shown::Shown;
use super::{Phase, State, lessons};
use crate::protocol::RequestId;
use crate::protocol::analysis::LineCost;
use crate::protocol::panel::PanelNode;
use crate::protocol::python::{PythonRequest, WrittenProgram};
use crate::protocol::real_run::{ProgramEvent, ProgramMark};

/// The open tab above the editor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Side {
    #[default]
    Script,
    Python,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    pub(crate) side: Side,
    /// The program of the script, as it was written last.
    pub(crate) made: Option<MadeProgram>,
    /// The reader's own program; the script's is not shown then.
    pub(crate) own: Option<Rc<str>>,
    /// The requests that a run sends to the program's app, e.g. `100 GET /ping`; none if it is
    /// empty. The load bar above the editor (www/editor/load.js) finds them.
    pub(crate) requests: Rc<str>,
    /// The last run, and its text.
    pub(crate) run: RequestId,
    asked: Rc<str>,
    pub(crate) phase: ProgramPhase,
    /// The reader has pressed *Run* on this program, so that edits run it again.
    is_live: bool,
    /// The last trace, and the text of its program.
    drawn: Option<(Rc<str>, Rc<Shown>)>,
    /// The strip below the editor, made by another program.
    pub(crate) output: Option<PanelNode>,
    /// Errors of the program with this text.
    marks: Rc<[ProgramMark]>,
    /// The run that the findings are about.
    found: RequestId,
    pub(crate) findings: Option<Rc<PanelNode>>,
    pub(crate) margin: Rc<[LineCost]>,
    /// The line of the script that last had the cursor.
    pub(crate) last_line: Option<u32>,
}

/// The program of a script.
#[derive(Clone, Debug)]
pub(crate) struct MadeProgram {
    pub(crate) script: Rc<str>,
    pub(crate) program: Result<Rc<WrittenProgram>, Failure>,
}

/// What Python in the page does for the reader's program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ProgramPhase {
    #[default]
    Idle,
    /// A run was asked for; most end within a moment.
    Asked,
    /// Python is being downloaded or started, or the run takes longer than a moment.
    UnderWay,
}

/// What happened on the Python side.
#[derive(Clone, Debug)]
pub(crate) enum ProgramAction {
    SideChosen(Side),
    /// Make the script's program the reader's own.
    Adopted,
    /// Go back to the script's program.
    LeftOwn,
    Edited(Rc<str>),
    /// The load bar has these requests now.
    RequestsChosen(Rc<str>),
    RunAsked,
    /// The typing has paused.
    Paused,
    Cancelled,
    /// Run the text of the script as Python.
    ScriptIsPython,
    /// Translate the text of the script, which is Python.
    ReadAsScript,
    /// Undo that.
    ReadUndone,

    /// From the browser's side, about this run.
    Came(RequestId, ProgramEvent),
    Drawn(RequestId, Rc<Shown>),
    Printed(RequestId, PanelNode, Rc<[ProgramMark]>),
    Found(RequestId, PanelNode, Rc<[LineCost]>),
}

impl State {
    fn program_mut(&mut self) -> &mut Program {
        Rc::make_mut(&mut self.program)
    }

    /// Whether the Python side is open. A lab has none.
    pub(crate) fn is_python_side(&self) -> bool {
        self.program.side == Side::Python && self.embedded.is_none()
    }

    /// Whether the lines on the chart are those of the reader's program.
    pub(crate) fn has_lines_of_program(&self) -> bool {
        let shown = self
            .opened
            .as_ref()
            .and_then(|opened| opened.program.as_ref());
        shown.is_some() && shown == self.program.own.as_ref()
    }

    /// Whether the chart shows a run of the reader's program, or of an older text of it.
    pub(crate) fn shows_program(&self) -> bool {
        let opened = self.opened.as_ref();
        opened.is_some_and(|opened| opened.program.is_some())
    }

    /// The errors of the program in the editor.
    pub(crate) fn program_marks(&self) -> Rc<[ProgramMark]> {
        let program = &self.program;
        match &program.own {
            Some(own) if *own == program.asked => program.marks.clone(),
            _ => Rc::default(),
        }
    }

    /// The script whose program is missing on the open Python side.
    pub(crate) fn program_asked(&self) -> Option<PythonRequest> {
        let is_wanted =
            self.is_python_side() && self.program.own.is_none() && self.phase != Phase::Faulty;
        is_wanted.then(|| PythonRequest::Write {
            script: self.script.to_string(),
        })
    }

    /// Whether the program of this script is there, or has failed.
    pub(crate) fn knows_program(&self, script: &str) -> bool {
        let made = self.program.made.as_ref();
        made.is_some_and(|made| *made.script == *script)
    }

    /// The program of a script has been written.
    pub(super) fn program_written(
        &mut self,
        script: Rc<str>,
        program: Result<WrittenProgram, Failure>,
    ) {
        let program = program.map(Rc::new);
        self.program_mut().made = Some(MadeProgram { script, program });
    }

    /// Asks again for a program that could not be written.
    pub(super) fn forget_program_failure(&mut self) {
        let is_failed = |made: &MadeProgram| made.program.is_err();
        if self.program.made.as_ref().is_some_and(is_failed) {
            self.program_mut().made = None;
        }
    }

    pub(super) fn program_acted(&mut self, action: ProgramAction) -> Vec<Effect> {
        match action {
            ProgramAction::SideChosen(side) => self.choose_side(side),
            ProgramAction::Adopted => {
                let made = self.program.made.as_ref();
                if let Some(program) = made.and_then(|made| made.program.as_ref().ok()) {
                    self.own_program(program.text.as_str().into());
                }
            }
            ProgramAction::LeftOwn => {
                let effects = self.leave_own_program(ReplacedBy::Python);
                if let Some(lesson) = self.lesson.filter(|lesson| lesson.is_program()) {
                    self.open_lesson(lesson);
                }
                return effects;
            }
            ProgramAction::Edited(text) => {
                let program = self.program_mut();
                program.own = Some(text);
                if program.is_live {
                    return vec![Effect::RunProgramSoon];
                }
            }
            ProgramAction::RequestsChosen(requests) => {
                let program = self.program_mut();
                program.requests = requests;
                if program.is_live {
                    return vec![Effect::RunProgramSoon];
                }
            }
            ProgramAction::RunAsked => {
                if self.program.own.is_none() {
                    self.program_acted(ProgramAction::Adopted);
                }
                self.program_mut().is_live = true;
                return self.run_program();
            }
            ProgramAction::Paused => return self.run_program(),
            ProgramAction::Cancelled => return self.cancel_program(),
            ProgramAction::ScriptIsPython => return self.run_script_as_python(),
            ProgramAction::ReadAsScript => self.read_script_as_python(),
            ProgramAction::ReadUndone => self.undo_reading(),
            ProgramAction::Came(run, event) if run == self.program.run => {
                self.program_mut().phase = match event {
                    ProgramEvent::Loading(..) | ProgramEvent::Running => ProgramPhase::UnderWay,
                    _ => ProgramPhase::Idle,
                };
                // A result has been passed on with its texts.
                if event != ProgramEvent::Ran {
                    return vec![Effect::TellProgram(event)];
                }
            }
            ProgramAction::Drawn(run, shown) if run == self.program.run => {
                let program = self.program_mut();
                // They may come before the trace, which takes time to prepare.
                if program.found != run {
                    program.findings = None;
                    program.margin = Rc::default();
                }
                program.drawn = Some((program.asked.clone(), shown));
                self.show_program();
                self.judge_lesson();
            }
            ProgramAction::Printed(run, panel, marks) if run == self.program.run => {
                let program = self.program_mut();
                program.output = Some(panel);
                program.marks = marks;
            }
            ProgramAction::Found(run, panel, margin) if run == self.program.run => {
                let program = self.program_mut();
                program.found = run;
                program.findings = Some(Rc::new(panel));
                program.margin = margin;
            }
            // About a run that another one has replaced.
            ProgramAction::Came(..)
            | ProgramAction::Drawn(..)
            | ProgramAction::Printed(..)
            | ProgramAction::Found(..) => {}
        }
        Vec::new()
    }

    fn choose_side(&mut self, side: Side) {
        // The editor loses the focus before the tab gets the click.
        self.pointed.asked_line = self.program.last_line.filter(|_| side != self.program.side);
        self.close_program();
        self.program_mut().side = side;
        self.bring_form();
        self.show_program();
    }

    /// Takes the Python form of the open lesson for the program of its script, if it has one.
    pub(super) fn bring_form(&mut self) {
        let lesson = self
            .lesson
            .filter(|lesson| *self.script == *lesson.script());
        if let Some(text) = lesson.and_then(|lesson| lesson.variant().python) {
            let program = WrittenProgram {
                text: text.to_owned(),
                lines: Vec::new(),
            };
            self.program_written(self.script.clone(), Ok(program));
        }
    }

    /// The text that the open lesson is about: the script, or the reader's program.
    pub(crate) fn text_of(&self, lesson: Lesson) -> &Rc<str> {
        let own = self.program.own.as_ref();
        own.filter(|_| lesson.is_program()).unwrap_or(&self.script)
    }

    /// The last run of the program, with its text.
    pub(super) fn drawn_program(&self) -> Option<(Rc<str>, Rc<Shown>)> {
        self.program.drawn.clone()
    }

    /// Shows the last run of the reader's program, if its side is open.
    fn show_program(&mut self) {
        if self.program.side == Side::Script || self.program.own.is_none() {
            return;
        }
        if let Some((text, shown)) = self.program.drawn.clone() {
            if !matches!(self.insight.tab, Tab::Numbers) {
                Rc::make_mut(&mut self.insight).tab = Tab::Findings;
            }
            self.open_program(text, shown);
        }
    }

    /// Returns to the script's chart, if that of the program is shown.
    fn close_program(&mut self) {
        if self.shows_program() {
            self.close_trace();
        }
    }

    /// Opens the script's side: the script is about to change. The program stays.
    pub(super) fn leave_program(&mut self) {
        if self.program.own.is_some() {
            self.open_script_side();
        }
    }

    pub(super) fn open_script_side(&mut self) {
        if self.program.side != Side::Script {
            self.program_mut().side = Side::Script;
        }
    }

    /// Makes this text the reader's program. The earlier one becomes a draft.
    pub(super) fn own_program(&mut self, text: Rc<str>) {
        self.put_program_aside(ReplacedBy::Python);
        self.close_program();
        // A lesson about another program.
        self.lesson = self.lesson.filter(|lesson| !lesson.is_program());
        let program = self.program_mut();
        program.side = Side::Python;
        program.own = Some(text);
        program.requests = Rc::default();
        program.is_live = false;
        program.output = None;
        program.drawn = None;
    }

    /// Returns to the program of the script. The reader's own becomes a draft.
    pub(super) fn leave_own_program(&mut self, replaced_by: ReplacedBy) -> Vec<Effect> {
        self.put_program_aside(replaced_by);
        self.close_program();
        let program = self.program_mut();
        (program.own, program.output, program.drawn) = (None, None, None);
        self.abandon_program()
    }

    pub(super) fn put_program_aside(&mut self, replaced_by: ReplacedBy) {
        let made = self.program.made.as_ref();
        let made = made.and_then(|made| made.program.as_ref().ok());
        let is_made = |own: &Rc<str>| made.is_some_and(|made| made.text == **own);
        // The script's program can be had again.
        if let Some(text) = self.program.own.clone().filter(|own| !is_made(own)) {
            self.put_aside(text, ScriptOrigin::Reader, replaced_by);
        }
    }

    fn run_program(&mut self) -> Vec<Effect> {
        let Some(own) = self.program.own.clone() else {
            return Vec::new();
        };
        let program = self.program_mut();
        program.run = program.run.next();
        program.asked = own;
        program.marks = Rc::default();
        program.phase = ProgramPhase::Asked;
        let requests = program.requests.clone();
        vec![Effect::RunProgram(program.asked.clone(), requests)]
    }

    fn cancel_program(&mut self) -> Vec<Effect> {
        let mut effects = self.abandon_program();
        let said = ProgramEvent::Failed("cancelled".to_owned());
        effects.push(Effect::TellProgram(said));
        effects
    }

    /// Ends a run without a word.
    fn abandon_program(&mut self) -> Vec<Effect> {
        let program = self.program_mut();
        let before = std::mem::take(&mut program.phase);
        // Its late answers count no more.
        program.run = program.run.next();
        program.is_live &= before == ProgramPhase::Idle;
        vec![Effect::CancelProgram]
    }

    /// The program that shows the run has crashed or was not loaded.
    pub(super) fn lose_program(&mut self) {
        if self.program.phase != ProgramPhase::Idle || self.program.output.is_some() {
            let program = self.program_mut();
            (program.phase, program.output) = (ProgramPhase::Idle, None);
        }
    }

    /// The text was pasted over the script, which comes back.
    fn run_script_as_python(&mut self) -> Vec<Effect> {
        let text = self.script.clone();
        self.own_program(text.clone());
        let before = self.shown.as_ref().map(|shown| shown.script.clone());
        if let Some(before) = before.filter(|before| *before != text) {
            let origin = if lessons::is_ours(&before) {
                ScriptOrigin::Page
            } else {
                ScriptOrigin::Reader
            };
            self.replace_script(before, origin, ReplacedBy::Python);
        }
        let program = self.program_mut();
        program.side = Side::Python;
        program.is_live = true;
        self.run_program()
    }

    /// Whether the script is no script but Python.
    pub(crate) fn is_script_python(&self) -> bool {
        self.phase == Phase::Faulty && self.embedded.is_none() && looks_like_python(&self.script)
    }

    /// A draft that is a Python program opens on the Python side.
    pub(super) fn open_draft_program(&mut self, draft: &Draft) -> bool {
        let is_program = self.embedded.is_none()
            && looks_like_python(&draft.text)
            && script::parse(&draft.text).workload.is_none();
        if is_program {
            self.own_program(draft.text.clone());
        }
        is_program
    }
}

/// Whether a text that is no script is Python: it imports modules, or defines functions that await
/// or sleep as Python's do.
pub(crate) fn looks_like_python(text: &str) -> bool {
    let mut has_function = false;
    let mut has_call = false;
    for line in text.lines() {
        let code = line.trim();
        let imports = code.strip_prefix("import ").or_else(|| {
            let rest = code.strip_prefix("from ")?;
            rest.contains(" import ").then_some(rest)
        });
        if imports.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_')) {
            return true;
        }
        let define = code
            .strip_prefix("async ")
            .unwrap_or(code)
            .starts_with("def ");
        has_function |= define && code.contains('(') && code.contains("):");
        has_call |= ["await asyncio.", "asyncio.run(", "time.sleep(", "print("]
            .iter()
            .any(|call| code.contains(call));
    }
    has_function && has_call
}

/// Compares by identity, not by content.
impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::panel::PanelAction;
    use crate::protocol::python::PythonResponse;
    use crate::state::action::Action;
    use crate::state::parsed::ParsedScript;
    use crate::state::trial::{after, ran, run, state};

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
}
