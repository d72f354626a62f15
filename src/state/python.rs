//! The Python dialog: the pasted program, and the answer of the Python reader. Also Python that was
//! pasted over the script and is read with one click.

use std::rc::Rc;

use super::drafts::ReplacedBy;
use super::insight::{Failure, Panel};
use super::{Dialog, State};
use crate::protocol::panel::PanelNode;
use crate::protocol::python::{PythonRequest, PythonResponse};

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Python {
    pub(crate) text: String,
    /// The reader's answers about the program's libraries.
    pub(crate) library: String,
    /// The script becomes that of the pasted program as soon as it is read.
    is_taking: bool,
    /// The Python that was pasted over the script, and the script that was made of it.
    taken: Option<(Rc<str>, Rc<str>)>,
    answer: Option<Rc<PythonAnswer>>,
}

/// The last answer, with its request.
#[derive(Debug)]
struct PythonAnswer {
    request: PythonRequest,
    panel: Result<PanelNode, Failure>,
}

impl Python {
    /// Whether a request is settled: answered, failed or cancelled.
    fn knows(&self, request: &PythonRequest) -> bool {
        let answer = self.answer.as_ref();
        answer.is_some_and(|answer| answer.request == *request)
    }

    fn answered(&mut self, request: PythonRequest, panel: Result<PanelNode, Failure>) {
        self.answer = Some(Rc::new(PythonAnswer { request, panel }));
    }

    /// Retries a request that failed or was cancelled.
    pub(super) fn forget_failure(&mut self) {
        self.answer.take_if(|answer| answer.panel.is_err());
    }
}

impl State {
    /// The request about the pasted program, while the dialog is open.
    pub(crate) fn python_asked(&self) -> Option<PythonRequest> {
        let is_open = self.dialog == Some(Dialog::Python) || self.python.is_taking;
        let is_asked = is_open && !self.python.text.trim().is_empty();
        is_asked.then(|| PythonRequest::Read {
            python: self.python.text.clone(),
            library: self.python.library.clone(),
            language: self.language(),
        })
    }

    /// The request to the Python reader whose answer is on the page; the dialog covers the program.
    pub(crate) fn python_wanted(&self) -> Option<PythonRequest> {
        self.python_asked().or_else(|| self.program_asked())
    }

    /// Whether a request to the Python reader is settled.
    pub(crate) fn knows_python(&self, request: &PythonRequest) -> bool {
        match request {
            PythonRequest::Read { .. } => self.python.knows(request),
            PythonRequest::Write { script } => self.knows_program(script),
        }
    }

    pub(super) fn python_answered(
        &mut self,
        request: PythonRequest,
        response: Result<PythonResponse, Failure>,
    ) {
        match (request, response) {
            (PythonRequest::Write { script }, Ok(PythonResponse::Written(program))) => {
                self.program_written(script.into(), Ok(program));
            }
            (PythonRequest::Write { script }, Ok(PythonResponse::Reading { .. })) => {
                self.program_written(script.into(), Err(Failure::Broke));
            }
            (PythonRequest::Write { script }, Err(failure)) => {
                self.program_written(script.into(), Err(failure));
            }
            (read, Ok(PythonResponse::Reading { panel, script })) => {
                self.python.answered(read, Ok(panel));
                self.take_reading(Some(script));
            }
            (read, Ok(PythonResponse::Written(_))) => {
                self.python.answered(read, Err(Failure::Broke));
                self.take_reading(None);
            }
            (read, Err(failure)) => {
                self.python.answered(read, Err(failure));
                self.take_reading(None);
            }
        }
    }

    /// Asks for the script of the Python that was pasted over the script.
    pub(super) fn read_script_as_python(&mut self) {
        self.python.text = self.script.to_string();
        self.python.is_taking = true;
        // The same text may have been read before.
        self.python.answer = None;
    }

    /// Replaces the pasted Python by its script. The dialog says why there is none.
    fn take_reading(&mut self, script: Option<String>) {
        if !std::mem::take(&mut self.python.is_taking) {
            return;
        }
        // Typing goes on while a long program is read.
        if *self.python.text != *self.script {
            return;
        }
        let Some(script) = script.filter(|script| !script.is_empty()) else {
            self.dialog = Some(Dialog::Python);
            return;
        };
        let (before, script): (_, Rc<str>) = (self.script.clone(), script.into());
        self.replace_script(script.clone(), self.origin, ReplacedBy::Python);
        self.python.taken = Some((before, script));
    }

    /// Whether the script is the one that was read from pasted Python.
    pub(crate) fn is_read_from_python(&self) -> bool {
        let taken = self.python.taken.as_ref();
        taken.is_some_and(|(_, script)| *script == self.script)
    }

    /// Puts the pasted Python back.
    pub(super) fn undo_reading(&mut self) {
        if let Some((before, _)) = self.python.taken.take() {
            self.replace_script(before, self.origin, ReplacedBy::Python);
        }
    }

    /// That request, unless it is settled.
    pub(crate) fn python_question(&self) -> Option<PythonRequest> {
        self.python_wanted()
            .filter(|request| !self.knows_python(request))
    }

    /// The answer to a request, or the last answer.
    pub(crate) fn python_panel(&self, request: &PythonRequest) -> Panel<'_> {
        match self.python.answer.as_deref() {
            None => Panel::Waiting,
            Some(answer) => match &answer.panel {
                Ok(node) => Panel::Said {
                    node,
                    is_stale: answer.request != *request,
                },
                // The failure of another request says nothing about this one.
                Err(failure) if answer.request == *request => Panel::Failed(*failure),
                Err(_) => Panel::Waiting,
            },
        }
    }
}

/// Compares by identity, not by content.
impl PartialEq for PythonAnswer {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}
