//! The page's side of what answers questions (the closer look, the reader of Python):
//! a worker with a program of its own, which is started when there is the first
//! question, and asked one question at a time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Uint8Array;
use web_sys::{ErrorEvent, MessageEvent};
use yew::Callback;

use super::hired::{Hired, Way};
use crate::protocol;
use crate::web::insight::question::{Answer, Question};

/// After so many breakdowns in a row nobody is hired any more.
const BREAKDOWNS_MAX: u32 = 3;

#[derive(Clone)]
pub(super) struct Insight {
    inner: Rc<Inner>,
}

struct Inner {
    /// What the build calls the program.
    program: &'static str,
    worker: RefCell<Option<Hired>>,
    way: Cell<Way>,
    /// Whether it has said anything yet.
    is_alive: Cell<bool>,
    asked: RefCell<Option<Question>>,
    breakdowns: Cell<u32>,
    answer: Callback<(Question, Option<Answer>)>,
}

impl Insight {
    pub(super) fn new(program: &'static str, answer: Callback<(Question, Option<Answer>)>) -> Self {
        Self {
            inner: Rc::new(Inner {
                program,
                worker: RefCell::default(),
                way: Cell::new(Way::Address),
                is_alive: Cell::default(),
                asked: RefCell::default(),
                breakdowns: Cell::default(),
                answer,
            }),
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.inner.asked.borrow().is_some()
    }

    /// Only while it is not busy.
    pub(super) fn ask(&self, question: Question) {
        *self.inner.asked.borrow_mut() = Some(question.clone());
        if self.inner.worker.borrow().is_none() && !self.hire() {
            return self.answered(None);
        }
        if let Some(worker) = &*self.inner.worker.borrow() {
            worker.post(&protocol::encode(&question));
        }
    }

    /// Stops what it is at; nobody is told.
    pub(super) fn stop(&self) {
        if self.is_busy() {
            *self.inner.asked.borrow_mut() = None;
            *self.inner.worker.borrow_mut() = None;
        }
    }

    /// Whoever has nothing to do goes.
    pub(super) fn dismiss(&self) {
        if !self.is_busy() {
            *self.inner.worker.borrow_mut() = None;
        }
    }

    fn hire(&self) -> bool {
        if self.inner.breakdowns.get() >= BREAKDOWNS_MAX {
            return false;
        }
        let hired = self.hire_by(self.inner.way.get());
        let is_hired = hired.is_some();
        *self.inner.worker.borrow_mut() = hired;
        is_hired
    }

    fn hire_by(&self, way: Way) -> Option<Hired> {
        let weak = Rc::downgrade(&self.inner);
        let upgraded = move || weak.upgrade().map(|inner| Self { inner });
        let on_message = {
            let upgraded = upgraded.clone();
            move |event: MessageEvent| {
                if let Some(insight) = upgraded() {
                    insight.received(&event);
                }
            }
        };
        let on_error = move |event: ErrorEvent| {
            event.prevent_default();
            if let Some(insight) = upgraded() {
                insight.failed();
            }
        };
        Hired::start(self.inner.program, way, on_message, on_error).ok()
    }

    fn received(&self, event: &MessageEvent) {
        self.inner.is_alive.set(true);
        let bytes = Uint8Array::new(&event.data()).to_vec();
        match protocol::decode(&bytes) {
            Some(answer) => {
                self.inner.breakdowns.set(0);
                self.answered(Some(answer));
            }
            None => self.failed(),
        }
    }

    /// It trapped, or never came to life: then perhaps it can be started another way.
    fn failed(&self) {
        *self.inner.worker.borrow_mut() = None;
        self.inner.breakdowns.set(self.inner.breakdowns.get() + 1);
        let question = self.inner.asked.borrow().clone();
        if !self.inner.is_alive.get() && self.inner.way.replace(Way::Blob) == Way::Address {
            if let Some(question) = question {
                self.ask(question);
            }
            return;
        }
        self.answered(None);
    }

    fn answered(&self, answer: Option<Answer>) {
        if let Some(question) = self.inner.asked.take() {
            self.inner.answer.emit((question, answer));
        }
    }
}
