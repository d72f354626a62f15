//! A worker with its listeners, which live as long as it does.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

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
        let _ = self.worker.post_message(&Uint8Array::from(bytes));
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
