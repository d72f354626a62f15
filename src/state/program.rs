//! The Python side of the script's card: the program of the script, read-only; or the reader's own
//! program, which runs on Python in the page.
//!
//! The browser's side downloads and runs Python ([`Effect::RunProgram`]); the program
//! [`crate::proof`] reads the result and builds the strip below the editor. A run starts with a
//! click. From then on each pause in the typing starts another one.
//!
//! - `made`: the program of the script; `own`: the reader's own program, and Python that was pasted
//!   over the script.
//! - `side`: the open side, and the chart that belongs to it.
//! - `run`: the runs of the reader's program.

mod made;
mod own;
mod run;
mod side;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use super::State;
use super::drafts::ReplacedBy;
use super::effect::Effect;
use super::insight::Failure;
use super::shown::Shown;
use crate::protocol::RequestId;
use crate::protocol::analysis::LineCost;
use crate::protocol::panel::PanelNode;
use crate::protocol::python::WrittenProgram;
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
    /// A link has brought it, and the reader has not edited it: it does not take the place of the
    /// reader's program in storage.
    pub(crate) is_brought: bool,
    /// Counts the programs, each of which has an editor of its own.
    pub(crate) number: u32,
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
    /// Python is being downloaded or started, or the run waits or takes longer than a moment.
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
            ProgramAction::Edited(text) if self.allows(&text) => {
                let program = self.program_mut();
                program.own = Some(text);
                program.is_brought = false;
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
            // Meanwhile a link may have brought another program.
            ProgramAction::Paused if self.program.is_live => return self.run_program(),
            ProgramAction::Cancelled => return self.cancel_program(),
            ProgramAction::ScriptIsPython => return self.run_script_as_python(),
            ProgramAction::ReadAsScript => self.read_script_as_python(),
            ProgramAction::ReadUndone => self.undo_reading(),
            ProgramAction::Came(run, event) if run == self.program.run => {
                return self.program_came(event);
            }
            ProgramAction::Drawn(run, shown) if run == self.program.run => {
                self.program_drawn(shown);
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
            // A locked line, or about a run that another one has replaced.
            ProgramAction::Edited(_)
            | ProgramAction::Paused
            | ProgramAction::Came(..)
            | ProgramAction::Drawn(..)
            | ProgramAction::Printed(..)
            | ProgramAction::Found(..) => {}
        }
        Vec::new()
    }
}

/// Compares by identity, not by content.
impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}
