//! The page's client of the proving program ([`crate::proof`]): sends it the page's state while
//! its pane is open, passes on its messages, and runs its programs on the page's Python.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;
use yew::Callback;

use super::access;
use super::dom;
use super::python_runtime::{self, PythonPane, Tell};
use super::storage;
use super::worker_handle::LazyWorker;
use crate::message::{self, PostedMessage};
use crate::protocol::panel::PanelControl;
use crate::protocol::real_run::{
    PageSnapshot, ProgramEvent, PythonRun, RealRunRequest, RealRunResponse, RealRunner,
};
use crate::protocol::{Program, Request, RequestId, Response};
use crate::state::insight::{Failure, Tab};
use crate::state::{Phase, State};
use texts::Language;

/// A response with its attachments, or the failure of the program.
pub(super) type Received = Result<(RealRunResponse, Array), Failure>;

/// The worker that proves scripts and talks to the companion.
pub(super) struct RealRunClient {
    line: Line,
    /// The state that the program got last.
    sent: RefCell<Option<PageSnapshot>>,
}

/// The way to the worker, which runs of Python share.
#[derive(Clone)]
struct Line {
    worker: LazyWorker,
    last: Rc<Cell<RequestId>>,
}

impl RealRunClient {
    pub(super) fn new(received: Callback<Received>) -> Self {
        let on_message = Callback::from(move |message: Result<JsValue, Failure>| {
            received.emit(message.and_then(|message| {
                let parts: Array = message.dyn_into().map_err(|_| Failure::Broke)?;
                let response: Response<RealRunResponse> =
                    message::take(&parts).ok_or(Failure::Broke)?;
                Ok((response.kind, parts))
            }));
        });
        Self {
            line: Line {
                worker: LazyWorker::new(RealRunner::NAME, on_message),
                last: Rc::default(),
            },
            sent: RefCell::default(),
        }
    }

    /// Sends the page's state if the pane is open and the state has changed.
    pub(super) fn follow(&self, state: &State) {
        // After a failure the reader decides when to try again.
        if state.insight.tab != Tab::Proof || state.proof.failure.is_some() {
            return;
        }
        // Once the token is here, `AccessDecided` calls this again.
        if access::is_under_way() {
            return;
        }
        let page = page(state);
        if self.sent.borrow().as_ref() != Some(&page) {
            self.sent.replace(Some(page.clone()));
            self.line.post(RealRunRequest::PageChanged(page), &[]);
        }
    }

    /// Sends the reader's use of a control.
    pub(super) fn use_control(&self, control: PanelControl, value: String) {
        self.line
            .post(RealRunRequest::ControlUsed(control, value), &[]);
    }

    /// Sends a file to open as a trace.
    pub(super) fn open(&self, file: &JsValue) {
        self.line.post(RealRunRequest::OpenTrace, &[file]);
    }

    /// Runs a program of the worker on the page's Python, and passes on what it tells.
    pub(super) fn run_python(&self, run: PythonRun, program: String, options: String) {
        let line = self.line.clone();
        let tell = Tell::new(move |event, one, other| {
            line.post(RealRunRequest::PythonTold(run, event), &[&one, &other]);
        });
        python_runtime::run(PythonPane::Proof, program, options, tell);
    }

    /// Passes on how far the reader's program is; its result and its trace are attached.
    pub(super) fn tell_program(
        &self,
        run: RequestId,
        language: Language,
        event: ProgramEvent,
        texts: &[&JsValue],
    ) {
        let request = RealRunRequest::Program(run, language, event);
        self.line.post(request, texts);
    }

    /// Forgets the state that a crashed program got: its successor needs it again.
    pub(super) fn lost(&self) {
        self.sent.replace(None);
        // The run on Python that it started has no reader any more.
        python_runtime::cancel(PythonPane::Proof);
    }

    /// Terminates the program at once.
    pub(super) fn stop(&self) {
        self.line.worker.terminate();
        self.lost();
    }
}

impl Line {
    fn post(&self, kind: RealRunRequest, attached: &[&JsValue]) {
        let id = self.last.get().next();
        self.last.set(id);
        let message = PostedMessage::new(&Request { id, kind });
        let attach = |message: PostedMessage, value: &&JsValue| message.with_value(value);
        self.worker.post(attached.iter().fold(message, attach));
    }
}

/// The part of the page's state that the program needs.
fn page(state: &State) -> PageSnapshot {
    let token = storage::token();
    PageSnapshot {
        script: state.script.to_string(),
        is_opened: state.opened.is_some() && !state.shows_program(),
        is_sound: state.phase != Phase::Faulty,
        language: state.language(),
        dark: state.settings.dark(),
        origin: dom::window().location().origin().unwrap_or_default(),
        is_served: dom::built("companion").is_some(),
        // After a reload with the code in the address, the code is spent but the tab has the token.
        is_spent: token.is_none() && access::is_spent(),
        token: token.unwrap_or_default(),
        has_python: python_runtime::is_ready(),
    }
}

/// The first file of a drop event or of a file control.
pub(super) fn file_in(event_or_control: &JsValue) -> Option<JsValue> {
    let get = |from: &JsValue, name: &str| {
        let found = Reflect::get(from, &name.into()).ok()?;
        (!found.is_null() && !found.is_undefined()).then_some(found)
    };
    let holder = get(event_or_control, "dataTransfer");
    let files = get(holder.as_ref().unwrap_or(event_or_control), "files")?;
    get(&files, "0")
}

/// The name of a file.
pub(super) fn name_of(file: &JsValue) -> String {
    let name = Reflect::get(file, &"name".into()).ok();
    name.and_then(|name| name.as_string()).unwrap_or_default()
}

/// Whether a drag over the page may contain files. Dragged text belongs to the editor.
pub(super) fn brings_files(event: &JsValue) -> bool {
    let types = Reflect::get(event, &"dataTransfer".into())
        .and_then(|transfer| Reflect::get(&transfer, &"types".into()));
    types.is_ok_and(|types| {
        let types: Array = Array::from(&types);
        types.includes(&"Files".into(), 0)
    })
}
