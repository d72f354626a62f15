//! Web workers: [`WorkerHandle`] is one worker with its listeners, [`LazyWorker`] starts one on
//! first use and replaces it after a crash.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use super::dom;
use crate::message::PostedMessage;
use crate::state::insight::Failure;

/// The address from which a worker's program is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WorkerSource {
    /// The file itself.
    Address,
    /// A blob that imports the file. Frames without an origin, e.g. with `sandbox`, can start
    /// workers only from blobs.
    Blob,
}

/// A running worker and its listeners.
pub(super) struct WorkerHandle {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

/// Terminates the worker with its handle.
impl Drop for WorkerHandle {
    fn drop(&mut self) {
        // A message that is already queued must not reach the listeners, which are dropped next.
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl WorkerHandle {
    /// Starts the worker of this program, e.g. `"insight"`. `on_failure` gets the message of an
    /// error event, or an empty one if the program cannot be loaded; a blob worker then posts
    /// `false`.
    pub(super) fn start(
        program: &str,
        source: WorkerSource,
        mut on_message: impl FnMut(JsValue) + 'static,
        on_failure: impl Fn(String) + 'static,
    ) -> Result<Self, JsValue> {
        let name = dom::built(program).ok_or(JsValue::NULL)?;
        let worker = match source {
            WorkerSource::Address => from_file(&name)?,
            WorkerSource::Blob => from_blob(&name)?,
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
            // For a file that cannot be loaded, browsers fire a plain `Event`, which has no
            // message.
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

    /// Posts a message. A crashed worker is detected by its error event, not here.
    pub(super) fn post(&self, message: &PostedMessage) {
        let _ = self
            .worker
            .post_message_with_transfer(&message.parts, &message.transferred);
    }
}

/// A worker that is started on first use, and again after a crash.
#[derive(Clone)]
pub(super) struct LazyWorker {
    inner: Rc<LazyWorkerState>,
}

struct LazyWorkerState {
    /// The program's name in the build, e.g. `"files"`.
    program: &'static str,
    worker: RefCell<Option<WorkerHandle>>,
    source: Cell<WorkerSource>,
    /// The worker has posted its first message, so it listens.
    is_ready: Cell<bool>,
    /// Messages for a worker that is not ready.
    unsent: RefCell<Vec<PostedMessage>>,
    on_message: Callback<Result<JsValue, Failure>>,
}

impl LazyWorker {
    /// `on_message` gets each message of the worker, and a failure when it crashes.
    pub(super) fn new(
        program: &'static str,
        on_message: Callback<Result<JsValue, Failure>>,
    ) -> Self {
        Self {
            inner: Rc::new(LazyWorkerState {
                program,
                worker: RefCell::default(),
                source: Cell::new(WorkerSource::Address),
                is_ready: Cell::default(),
                unsent: RefCell::default(),
                on_message,
            }),
        }
    }

    /// Posts a message, as soon as the worker is ready.
    pub(super) fn post(&self, message: PostedMessage) {
        let inner = &self.inner;
        inner.unsent.borrow_mut().push(message);
        if inner.worker.borrow().is_none() {
            self.start_worker();
        }
        self.send_unsent();
    }

    /// Terminates the worker at once. `on_message` gets no call.
    pub(super) fn terminate(&self) {
        *self.inner.worker.borrow_mut() = None;
        self.inner.is_ready.set(false);
        self.inner.unsent.borrow_mut().clear();
    }

    fn send_unsent(&self) {
        let inner = &self.inner;
        if let Some(worker) = &*inner.worker.borrow()
            && inner.is_ready.get()
        {
            for message in inner.unsent.take() {
                worker.post(&message);
            }
        }
    }

    fn start_worker(&self) {
        // Weak, so that the listeners do not keep a dropped worker alive.
        let weak = Rc::downgrade(&self.inner);
        let upgraded = move || weak.upgrade().map(|inner| Self { inner });
        let on_message = {
            let upgraded = upgraded.clone();
            move |message: JsValue| {
                if let Some(worker) = upgraded() {
                    worker.handle_message(message);
                }
            }
        };
        let on_failure = move |_| {
            if let Some(worker) = upgraded() {
                worker.handle_failure();
            }
        };
        let LazyWorkerState {
            program, source, ..
        } = &*self.inner;
        let handle = WorkerHandle::start(program, source.get(), on_message, on_failure);
        let is_refused = handle.is_err();
        *self.inner.worker.borrow_mut() = handle.ok();
        if is_refused {
            self.handle_failure();
        }
    }

    /// Handles a message. The first one only says that the worker is ready.
    fn handle_message(&self, message: JsValue) {
        if self.inner.is_ready.replace(true) {
            self.inner.on_message.emit(Ok(message));
        } else {
            self.send_unsent();
        }
    }

    /// Handles a crash. A worker that was ready has trapped and its state is damaged, so the next
    /// message goes to a new one. A worker that never became ready is started once more from a
    /// blob.
    fn handle_failure(&self) {
        let inner = &self.inner;
        *inner.worker.borrow_mut() = None;
        let was_ready = inner.is_ready.replace(false);
        if !was_ready && inner.source.replace(WorkerSource::Blob) == WorkerSource::Address {
            return self.start_worker();
        }
        inner.unsent.borrow_mut().clear();
        if !was_ready {
            // The next attempt begins with the file again, because the network may be back by then.
            inner.source.set(WorkerSource::Address);
        }
        inner.on_message.emit(Err(if was_ready {
            Failure::Broke
        } else {
            Failure::NotLoaded
        }));
    }
}

/// Starts a module worker.
fn from_file(name: &str) -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(name, &options)
}

/// Starts a classic worker: Chromium refuses module workers from a blob of an opaque origin.
fn from_blob(name: &str) -> Result<Worker, JsValue> {
    let file = dom::beside(name).ok_or(JsValue::NULL)?;
    let text = format!("import({file:?}).catch(() => postMessage(false));");
    // Never revoked, because the worker reads it at an unknown time. It holds one line.
    let address = dom::blob("text/javascript", &JsValue::from_str(&text))?;
    Worker::new_with_options(&address, &WorkerOptions::new())
}
