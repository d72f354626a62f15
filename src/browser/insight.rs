//! The page's client of a program that answers questions, such as the analysis or the Python
//! reader. A worker runs it from the first question on and answers one question at a time.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use yew::Callback;

use super::hired::Employer;
use crate::insight::question::{Answer, Question};
use crate::protocol;
use crate::state::insight::Failure;

pub(super) type Answered = (Question, Result<Answer, Failure>);

/// A program that answers questions.
#[derive(Clone)]
pub(super) struct Insight {
    employer: Employer,
    /// The question without an answer yet.
    asked: Rc<RefCell<Option<Question>>>,
}

impl Insight {
    pub(super) fn new(program: &'static str, answer: Callback<Answered>) -> Self {
        let asked: Rc<RefCell<Option<Question>>> = Rc::default();
        let open = asked.clone();
        let hear = Callback::from(move |message: Result<JsValue, Failure>| {
            // A worker that crashed without a question has nothing to report.
            let question = open.borrow_mut().take();
            if let Some(question) = question {
                answer.emit((question, message.and_then(|message| read(&message))));
            }
        });
        Self {
            employer: Employer::new(program, hear),
            asked,
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.asked.borrow().is_some()
    }

    pub(super) fn asked(&self) -> Option<Question> {
        self.asked.borrow().clone()
    }

    /// Sends a question. The program must not be busy.
    pub(super) fn ask(&self, question: Question) {
        let bytes = Uint8Array::from(protocol::encode(&question).as_slice());
        *self.asked.borrow_mut() = Some(question);
        self.employer.tell(bytes.into());
    }

    /// Abandons the question by terminating the worker. The next question starts a new one.
    pub(super) fn stop(&self) {
        if self.asked.borrow_mut().take().is_some() {
            self.employer.fire();
        }
    }

    /// Terminates an idle worker to free its memory.
    pub(super) fn dismiss(&self) {
        if !self.is_busy() {
            self.employer.fire();
        }
    }
}

/// Decodes an answer. The programs answer with zero bytes to a question that they cannot decode.
fn read(message: &JsValue) -> Result<Answer, Failure> {
    let bytes = Uint8Array::new(message).to_vec();
    protocol::decode(&bytes).ok_or(Failure::Broke)
}
