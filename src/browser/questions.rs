//! The page's client of a program that answers questions: the analysis or the Python reader. A
//! worker runs it from the first question on and answers one question at a time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use yew::Callback;

use super::worker_handle::LazyWorker;
use crate::message::{self, PostedMessage};
use crate::protocol::{Program, Request, RequestId, Response};
use crate::state::insight::Failure;

/// A question, with its answer or the reason why there is none.
pub(super) type Answered<P> = (
    <P as Program>::Request,
    Result<<P as Program>::Response, Failure>,
);

pub(super) struct QuestionClient<P: Program> {
    worker: LazyWorker,
    /// The question without an answer yet.
    asked: Rc<RefCell<Option<Request<P::Request>>>>,
    last: Cell<RequestId>,
}

impl<P> QuestionClient<P>
where
    P: Program + 'static,
    P::Request: Clone + 'static,
{
    pub(super) fn new(answered: Callback<Answered<P>>) -> Self {
        let asked: Rc<RefCell<Option<Request<P::Request>>>> = Rc::default();
        let open = asked.clone();
        let on_message = Callback::from(move |message: Result<JsValue, Failure>| {
            // A worker that crashed without a question has nothing to report.
            let Some(request) = open.borrow_mut().take() else {
                return;
            };
            let response = message.and_then(|message| read::<P>(&message, request.id));
            answered.emit((request.kind, response));
        });
        Self {
            worker: LazyWorker::new(P::NAME, on_message),
            asked,
            last: Cell::default(),
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.asked.borrow().is_some()
    }

    pub(super) fn asked(&self) -> Option<P::Request> {
        let asked = self.asked.borrow();
        asked.as_ref().map(|request| request.kind.clone())
    }

    /// Sends a question. The program must not be busy.
    pub(super) fn ask(&self, kind: P::Request) {
        let id = self.last.get().next();
        self.last.set(id);
        let request = Request { id, kind };
        let message = PostedMessage::new(&request);
        *self.asked.borrow_mut() = Some(request);
        self.worker.post(message);
    }

    /// Abandons the question by terminating the worker. The next question starts a new one.
    pub(super) fn stop(&self) {
        if self.asked.borrow_mut().take().is_some() {
            self.worker.terminate();
        }
    }

    /// Terminates an idle worker to free its memory.
    pub(super) fn dismiss(&self) {
        if !self.is_busy() {
            self.worker.terminate();
        }
    }
}

/// Decodes a response. A program answers with an empty message to a request that it cannot decode.
fn read<P: Program>(message: &JsValue, id: RequestId) -> Result<P::Response, Failure> {
    let parts: &Array = message.dyn_ref().ok_or(Failure::Broke)?;
    let response: Option<Response<P::Response>> = message::take(parts);
    let response = response.filter(|response| response.id == id);
    response.map(|response| response.kind).ok_or(Failure::Broke)
}
