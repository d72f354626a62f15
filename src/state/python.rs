//! The Python dialog: the pasted program, and the answer of the Python reader.

use std::rc::Rc;

use super::insight::{Failure, Panel};
use super::{Dialog, State};
use crate::protocol::panel::PanelNode;
use crate::protocol::python::PythonRequest;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Python {
    pub(crate) text: String,
    /// The reader's answers about the program's libraries.
    pub(crate) library: String,
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
    pub(crate) fn knows(&self, request: &PythonRequest) -> bool {
        let answer = self.answer.as_ref();
        answer.is_some_and(|answer| answer.request == *request)
    }

    pub(crate) fn answered(&mut self, request: PythonRequest, panel: Result<PanelNode, Failure>) {
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
        let is_open = self.dialog == Some(Dialog::Python) && !self.python.text.trim().is_empty();
        is_open.then(|| PythonRequest {
            python: self.python.text.clone(),
            library: self.python.library.clone(),
            language: self.language(),
        })
    }

    /// The request about the pasted program, unless it is settled.
    pub(crate) fn python_question(&self) -> Option<PythonRequest> {
        self.python_asked()
            .filter(|request| !self.python.knows(request))
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
