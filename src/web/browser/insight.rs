//! The page's side of what answers questions (the closer look, the reader of Python):
//! a program of its own, which is started when there is the first question, and asked
//! one question at a time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use yew::Callback;

use super::hired::Employer;
use crate::protocol;
use crate::web::insight::question::{Answer, Question};

/// After so many breakdowns in a row nobody is hired any more.
const BREAKDOWNS_MAX: u32 = 3;

#[derive(Clone)]
pub(super) struct Insight {
    employer: Employer,
    desk: Rc<Desk>,
}

struct Desk {
    asked: RefCell<Option<Question>>,
    breakdowns: Cell<u32>,
    answer: Callback<(Question, Option<Answer>)>,
}

impl Insight {
    pub(super) fn new(program: &'static str, answer: Callback<(Question, Option<Answer>)>) -> Self {
        let desk = Rc::new(Desk {
            asked: RefCell::default(),
            breakdowns: Cell::default(),
            answer,
        });
        let heard = desk.clone();
        let hear = Callback::from(move |message| heard.hear(message));
        Self {
            employer: Employer::new(program, hear),
            desk,
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.desk.asked.borrow().is_some()
    }

    /// Only while it is not busy.
    pub(super) fn ask(&self, question: Question) {
        let bytes = Uint8Array::from(protocol::encode(&question).as_slice());
        *self.desk.asked.borrow_mut() = Some(question);
        match self.desk.breakdowns.get() < BREAKDOWNS_MAX {
            true => self.employer.tell(bytes.into()),
            false => self.desk.answered(None),
        }
    }

    /// Stops what it is at; nobody is told.
    pub(super) fn stop(&self) {
        if self.is_busy() {
            *self.desk.asked.borrow_mut() = None;
            self.employer.fire();
        }
    }

    /// Whoever has nothing to do goes.
    pub(super) fn dismiss(&self) {
        if !self.is_busy() {
            self.employer.fire();
        }
    }
}

impl Desk {
    fn hear(&self, message: Option<JsValue>) {
        let bytes = message.map(|message| Uint8Array::new(&message).to_vec());
        let answer: Option<Answer> = bytes.and_then(|bytes| protocol::decode(&bytes));
        self.breakdowns.set(match answer {
            Some(_) => 0,
            None => self.breakdowns.get() + 1,
        });
        self.answered(answer);
    }

    fn answered(&self, answer: Option<Answer>) {
        if let Some(question) = self.asked.take() {
            self.answer.emit((question, answer));
        }
    }
}
