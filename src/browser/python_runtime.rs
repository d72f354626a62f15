//! Real Python in the page: loads the module `www/python/client.js` when it is first used, and
//! calls it.
//!
//! The page has one interpreter, which runs one program at a time. A call that finds it running
//! fails with [`PythonFailure::Busy`]. What a program does, and which limits it has, is decided in
//! `python/loopscope/embedded.py`; its results were in the hands of the program, so their readers
//! treat them as untrusted.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlScriptElement;

use super::dom;
use crate::protocol::python_runtime::PythonFailure;

#[wasm_bindgen]
extern "C" {
    /// The object that the module puts on the window.
    type Python;
    #[wasm_bindgen(method, catch)]
    async fn load(this: &Python, options: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn run(this: &Python, source: &str, options: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn cancel(this: &Python);
    #[wasm_bindgen(method, getter)]
    fn state(this: &Python) -> String;
}

const GLOBAL: &str = "loopscopePython";

thread_local! {
    /// The functions that end the waiting for the module.
    static CANCELLERS: RefCell<Vec<Function>> = const { RefCell::new(Vec::new()) };
    /// How often the module could not be loaded.
    static FAILED_LOADS: Cell<u32> = const { Cell::new(0) };
}

/// Two JSON texts, as JavaScript strings: they can be long, and most are for a worker.
#[derive(Debug)]
pub(super) struct PythonAnswer {
    /// `loopscope.run/1`, see docs/python-runtime.md.
    pub(super) result: JsValue,
    /// `loopscope.trace/1`, or `null` for a trace that is too large.
    pub(super) trace: JsValue,
}

/// Downloads and starts Python, unless it is there. `on_progress` gets the bytes that are
/// downloaded, and all bytes; when both are equal, Python starts, which takes up to some seconds. A
/// second call during the download waits for the first one, and its `on_progress` is not called.
pub(super) async fn load(on_progress: impl FnMut(u32, u32) + 'static) -> Result<(), PythonFailure> {
    let python = module().await?;
    let on_progress = Closure::<dyn FnMut(u32, u32)>::new(on_progress);
    let options = Object::new();
    // Cannot fail: a new plain object accepts every property.
    let _ = Reflect::set(&options, &"onProgress".into(), on_progress.as_ref());
    // The closure lives until the download is over.
    let loaded = python.load(&options).await;
    loaded.map(|_| ()).map_err(|error| failure(&error))
}

/// Runs a program, and loads Python before if need be. `options` is the JSON of the options of
/// `embedded.py`, e.g. `{"time_limit":"1h"}`.
pub(super) async fn run(source: &str, options: &str) -> Result<PythonAnswer, PythonFailure> {
    let python = module().await?;
    let answer = python.run(source, options).await;
    let answer = answer.map_err(|error| failure(&error))?;
    Ok(PythonAnswer {
        result: field(&answer, "result"),
        trace: field(&answer, "trace"),
    })
}

/// Ends the download, the start or the run that goes on: its call fails with
/// [`PythonFailure::Cancelled`].
pub(super) fn cancel() {
    for cancel in CANCELLERS.take() {
        // A promise that is settled already ignores it.
        let _ = cancel.call1(&JsValue::NULL, &PythonFailure::Cancelled.code().into());
    }
    if let Some(python) = loaded_module() {
        python.cancel();
    }
}

/// Whether a run needs no download.
pub(super) fn is_ready() -> bool {
    loaded_module().is_some_and(|python| matches!(&*python.state(), "ready" | "running"))
}

fn loaded_module() -> Option<Python> {
    let python = field(&dom::window(), GLOBAL);
    (!python.is_undefined()).then(|| python.unchecked_into())
}

/// The module, which is loaded by the first call.
async fn module() -> Result<Python, PythonFailure> {
    if let Some(python) = loaded_module() {
        return Ok(python);
    }
    let address = dom::built("runtime").ok_or(PythonFailure::Unsupported)?;
    let script = dom::document().create_element("script");
    let script: HtmlScriptElement = script
        .map_err(|_| PythonFailure::Unsupported)?
        .unchecked_into();
    script.set_type("module");
    // A browser may remember that it could not load a module, by its address with the fragment.
    script.set_src(&match FAILED_LOADS.get() {
        0 => address,
        failed => format!("{address}#{failed}"),
    });
    let over = Promise::new(&mut |resolve, reject| {
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&reject));
        CANCELLERS.with_borrow_mut(|cancellers| cancellers.push(reject));
    });
    if let Some(head) = dom::document().head() {
        let _ = head.append_child(&script);
    }
    let over = JsFuture::from(over).await;
    script.remove();
    match over {
        // A module that throws fires `load` as well.
        Ok(_) => loaded_module().ok_or(PythonFailure::Unsupported),
        Err(cancelled) if cancelled.is_string() => Err(PythonFailure::Cancelled),
        Err(_) => {
            FAILED_LOADS.set(FAILED_LOADS.get() + 1);
            Err(PythonFailure::Offline)
        }
    }
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn failure(error: &JsValue) -> PythonFailure {
    let text = |name| field(error, name).as_string().unwrap_or_default();
    if text("name") == "AbortError" {
        return PythonFailure::Cancelled;
    }
    match &*text("code") {
        "offline" => PythonFailure::Offline,
        "damaged" => PythonFailure::Damaged,
        "broken" => PythonFailure::Broken,
        "busy" => PythonFailure::Busy,
        "refused" => PythonFailure::Refused(text("message")),
        // Also what an old browser lacks, e.g. `DecompressionStream`.
        _ => PythonFailure::Unsupported,
    }
}
