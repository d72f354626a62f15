//! A worker with its listeners, which live as long as it does; and who hires one when
//! there is the first thing to tell it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use super::dom;

/// Where a worker's program comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Its file.
    Address,
    /// A blob of the page's own that imports the file: frames without an origin
    /// of their own may start only such.
    Blob,
}

pub(super) struct Hired {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Drop for Hired {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Hired {
    /// Starts the worker that the build has named so.
    pub(super) fn start(
        program: &str,
        way: Way,
        on_message: impl FnMut(MessageEvent) + 'static,
        on_error: impl FnMut(ErrorEvent) + 'static,
    ) -> Result<Self, JsValue> {
        let name = dom::built(program).ok_or(JsValue::NULL)?;
        let worker = match way {
            Way::Address => from_file(&name)?,
            Way::Blob => from_blob(&name)?,
        };
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(on_message);
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(on_error);
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// A worker that is gone is found out by its error event.
    pub(super) fn post(&self, bytes: &[u8]) {
        self.hand(&Uint8Array::from(bytes));
    }

    fn hand(&self, message: &JsValue) {
        let _ = self.worker.post_message(message);
    }
}

/// Tells a program things, in a worker that is hired for the first of them and again
/// after it broke down.
#[derive(Clone)]
pub(super) struct Employer {
    inner: Rc<Inner>,
}

struct Inner {
    /// What the build calls the program.
    program: &'static str,
    worker: RefCell<Option<Hired>>,
    way: Cell<Way>,
    /// Whether it has said anything yet.
    is_alive: Cell<bool>,
    /// What it was told before that: perhaps it can be started another way.
    unheard: RefCell<Vec<JsValue>>,
    hear: Callback<Option<JsValue>>,
}

impl Employer {
    /// `hear` is given what it says, as often as it says something; nothing when it is gone.
    pub(super) fn new(program: &'static str, hear: Callback<Option<JsValue>>) -> Self {
        Self {
            inner: Rc::new(Inner {
                program,
                worker: RefCell::default(),
                way: Cell::new(Way::Address),
                is_alive: Cell::default(),
                unheard: RefCell::default(),
                hear,
            }),
        }
    }

    pub(super) fn tell(&self, message: JsValue) {
        let inner = &self.inner;
        if inner.worker.borrow().is_none() {
            let hired = self.hire();
            *inner.worker.borrow_mut() = hired;
        }
        match &*inner.worker.borrow() {
            Some(worker) => worker.hand(&message),
            None => return inner.hear.emit(None),
        }
        if !inner.is_alive.get() {
            inner.unheard.borrow_mut().push(message);
        }
    }

    /// Stops what it is at; nobody is told.
    pub(super) fn fire(&self) {
        *self.inner.worker.borrow_mut() = None;
        self.inner.unheard.borrow_mut().clear();
    }

    fn hire(&self) -> Option<Hired> {
        let weak = Rc::downgrade(&self.inner);
        let upgraded = move || weak.upgrade().map(|inner| Self { inner });
        let on_message = {
            let upgraded = upgraded.clone();
            move |event: MessageEvent| {
                if let Some(employer) = upgraded() {
                    employer.inner.is_alive.set(true);
                    employer.inner.unheard.borrow_mut().clear();
                    employer.inner.hear.emit(Some(event.data()));
                }
            }
        };
        let on_error = move |event: ErrorEvent| {
            event.prevent_default();
            if let Some(employer) = upgraded() {
                employer.failed();
            }
        };
        let Inner { program, way, .. } = &*self.inner;
        Hired::start(program, way.get(), on_message, on_error).ok()
    }

    /// It trapped, or never came to life.
    fn failed(&self) {
        let unheard = self.inner.unheard.take();
        *self.inner.worker.borrow_mut() = None;
        if !self.inner.is_alive.get() && self.inner.way.replace(Way::Blob) == Way::Address {
            return unheard.into_iter().for_each(|message| self.tell(message));
        }
        self.inner.hear.emit(None);
    }
}

fn from_file(name: &str) -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(name, &options)
}

/// Classic: Chromium starts no module from a blob without an origin.
fn from_blob(name: &str) -> Result<Worker, JsValue> {
    let file = dom::beside(name).ok_or(JsValue::NULL)?;
    // Thrown from a task of its own, what fails here becomes the worker's error event.
    let text = format!("import({file:?}).catch((error) => setTimeout(() => {{ throw error; }}));");
    // Never revoked: the worker reads it when it gets round to it, and it is a line.
    let address = dom::blob("text/javascript", &JsValue::from_str(&text))?;
    Worker::new_with_options(&address, &WorkerOptions::new())
}
