//! A worker with its listeners, which live as long as it does; and [`Employer`], which starts
//! one when there is the first thing to tell it, and another one after it broke.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use super::dom;
use crate::state::insight::Failure;

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
    /// Starts the worker that the build has named so. A worker whose program cannot be loaded
    /// says `false`, or nothing but an error; `on_failure` hears of both, with the error's words.
    pub(super) fn start(
        program: &str,
        way: Way,
        mut on_message: impl FnMut(JsValue) + 'static,
        on_failure: impl Fn(String) + 'static,
    ) -> Result<Self, JsValue> {
        let name = dom::built(program).ok_or(JsValue::NULL)?;
        let worker = match way {
            Way::Address => from_file(&name)?,
            Way::Blob => from_blob(&name)?,
        };
        let on_failure = Rc::new(on_failure);
        let on_refusal = on_failure.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            match data.as_bool() {
                Some(false) => on_refusal(String::new()),
                _ => on_message(data),
            }
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            // A file that cannot be loaded is a plain event, which has no message.
            let message = Reflect::get(&event, &"message".into()).ok();
            on_failure(
                message
                    .and_then(|text| text.as_string())
                    .unwrap_or_default(),
            );
        });
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
        self.hand(&Uint8Array::from(bytes), &Array::new());
    }

    fn hand(&self, message: &JsValue, transferred: &Array) {
        let _ = self.worker.post_message_with_transfer(message, transferred);
    }
}

/// Tells a program things, in a worker that is started for the first of them and again
/// after it broke.
#[derive(Clone)]
pub(super) struct Employer {
    inner: Rc<Inner>,
}

struct Inner {
    /// What the build calls the program.
    program: &'static str,
    worker: RefCell<Option<Hired>>,
    way: Cell<Way>,
    /// Whether it has said that it can be told things.
    is_ready: Cell<bool>,
    /// What it is told once it is ready, each with what is transferred to it.
    untold: RefCell<Vec<(JsValue, Array)>>,
    hear: Callback<Result<JsValue, Failure>>,
}

impl Employer {
    /// `hear` is given each message of the program, or why it is gone.
    pub(super) fn new(program: &'static str, hear: Callback<Result<JsValue, Failure>>) -> Self {
        Self {
            inner: Rc::new(Inner {
                program,
                worker: RefCell::default(),
                way: Cell::new(Way::Address),
                is_ready: Cell::default(),
                untold: RefCell::default(),
                hear,
            }),
        }
    }

    pub(super) fn tell(&self, message: JsValue) {
        self.transfer(message, Array::new());
    }

    /// Tells it something of which these buffers are its own from now on.
    pub(super) fn transfer(&self, message: JsValue, transferred: Array) {
        let inner = &self.inner;
        inner.untold.borrow_mut().push((message, transferred));
        if inner.worker.borrow().is_none() {
            self.start_worker();
        }
        self.send_untold();
    }

    /// Ends the program, whatever it is at. `hear` is told nothing of it.
    pub(super) fn fire(&self) {
        *self.inner.worker.borrow_mut() = None;
        self.inner.is_ready.set(false);
        self.inner.untold.borrow_mut().clear();
    }

    fn send_untold(&self) {
        let inner = &self.inner;
        if let Some(worker) = &*inner.worker.borrow()
            && inner.is_ready.get()
        {
            for (message, transferred) in inner.untold.take() {
                worker.hand(&message, &transferred);
            }
        }
    }

    fn start_worker(&self) {
        let weak = Rc::downgrade(&self.inner);
        let upgraded = move || weak.upgrade().map(|inner| Self { inner });
        let on_message = {
            let upgraded = upgraded.clone();
            move |message: JsValue| {
                if let Some(employer) = upgraded() {
                    employer.handle_message(message);
                }
            }
        };
        let on_failure = move |_| {
            if let Some(employer) = upgraded() {
                employer.handle_failure();
            }
        };
        let Inner { program, way, .. } = &*self.inner;
        let hired = Hired::start(program, way.get(), on_message, on_failure);
        let is_refused = hired.is_err();
        *self.inner.worker.borrow_mut() = hired.ok();
        if is_refused {
            self.handle_failure();
        }
    }

    /// The first thing that a program says is that it is ready.
    fn handle_message(&self, message: JsValue) {
        match self.inner.is_ready.replace(true) {
            false => self.send_untold(),
            true => self.inner.hear.emit(Ok(message)),
        }
    }

    /// A worker that was ready has trapped, and its state cannot be trusted: the next message
    /// goes to a new one. One that was not may start in the other way.
    fn handle_failure(&self) {
        let inner = &self.inner;
        *inner.worker.borrow_mut() = None;
        let was_ready = inner.is_ready.replace(false);
        if !was_ready && inner.way.replace(Way::Blob) == Way::Address {
            return self.start_worker();
        }
        inner.untold.borrow_mut().clear();
        if !was_ready {
            // The network may be back by then.
            inner.way.set(Way::Address);
        }
        inner.hear.emit(Err(match was_ready {
            true => Failure::Broke,
            false => Failure::NotLoaded,
        }));
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
    let text = format!("import({file:?}).catch(() => postMessage(false));");
    // Never revoked: the worker reads it when it gets round to it, and it is a line.
    let address = dom::blob("text/javascript", &JsValue::from_str(&text))?;
    Worker::new_with_options(&address, &WorkerOptions::new())
}
