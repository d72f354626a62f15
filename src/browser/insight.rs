//! The page's side of what answers questions (the closer look, the reader of Python):
//! a program of its own, which is started when there is the first question, and asked
//! one question at a time.

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

#[derive(Clone)]
pub(super) struct Insight {
    employer: Employer,
    /// The question that is being answered.
    asked: Rc<RefCell<Option<Question>>>,
}

impl Insight {
    pub(super) fn new(program: &'static str, answer: Callback<Answered>) -> Self {
        let asked: Rc<RefCell<Option<Question>>> = Rc::default();
        let open = asked.clone();
        let hear = Callback::from(move |message: Result<JsValue, Failure>| {
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

    /// Only while it is not busy.
    pub(super) fn ask(&self, question: Question) {
        let bytes = Uint8Array::from(protocol::encode(&question).as_slice());
        *self.asked.borrow_mut() = Some(question);
        self.employer.tell(bytes.into());
    }

    /// Ends the work on the question; no answer is given. The next question goes to a new worker.
    pub(super) fn stop(&self) {
        if self.asked.borrow_mut().take().is_some() {
            self.employer.fire();
        }
    }

    /// Lets a worker go that has nothing to do.
    pub(super) fn dismiss(&self) {
        if !self.is_busy() {
            self.employer.fire();
        }
    }
}

/// The programs answer with nothing to what they cannot read.
fn read(message: &JsValue) -> Result<Answer, Failure> {
    let bytes = Uint8Array::new(message).to_vec();
    protocol::decode(&bytes).ok_or(Failure::Broke)
}
