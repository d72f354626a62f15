//! The program of the script, which another program of the page writes.

use std::rc::Rc;

use super::MadeProgram;
use crate::protocol::python::{PythonRequest, WrittenProgram};
use crate::state::insight::Failure;
use crate::state::{Phase, State};

impl State {
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
    pub(in crate::state) fn program_written(
        &mut self,
        script: Rc<str>,
        program: Result<WrittenProgram, Failure>,
    ) {
        let program = program.map(Rc::new);
        self.program_mut().made = Some(MadeProgram { script, program });
    }

    /// Takes the Python form of the open lesson for the program of its script, if it has one.
    pub(in crate::state) fn bring_form(&mut self) {
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

    /// Asks again for a program that could not be written.
    pub(in crate::state) fn forget_program_failure(&mut self) {
        let is_failed = |made: &MadeProgram| made.program.is_err();
        if self.program.made.as_ref().is_some_and(is_failed) {
            self.program_mut().made = None;
        }
    }
}
