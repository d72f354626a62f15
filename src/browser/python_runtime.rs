//! Real Python in the page: loads the module `www/python/client.js` when it is first used, and
//! calls it.
//!
//! The page has one interpreter, which runs one program at a time. What a program does, and which
//! limits it has, is decided in `python/loopscope/embedded.py`; its results were in the hands of the
//! program, so their readers treat them as untrusted.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlScriptElement;

use super::dom;

#[wasm_bindgen]
extern "C" {
    /// `window.loopscopePython`.
    type Python;
    /// Its promise never rejects.
    #[wasm_bindgen(method, js_name = runFor)]
    fn run_for(this: &Python, source: &str, options: &str, tell: &Function);
    #[wasm_bindgen(method)]
    fn cancel(this: &Python);
    #[wasm_bindgen(method, getter)]
    fn state(this: &Python) -> JsValue;
}

const GLOBAL: &str = "loopscopePython";

/// Tells what a run does: the event's number, and two values, see `runFor` in the module.
pub(super) type Tell = Closure<dyn FnMut(u32, JsValue, JsValue)>;

/// The last event of a run that failed. Its values are a code and a message.
const FAILED: u32 = 3;

thread_local! {
    /// Ends the waiting for the module.
    static CANCEL: RefCell<Option<Function>> = const { RefCell::new(None) };
    /// How often the module could not be loaded.
    static FAILED_LOADS: Cell<u32> = const { Cell::new(0) };
}

/// Runs a program, and loads Python before if need be. `options` is the JSON of the options of
/// `embedded.py`, e.g. `{"time_limit":"1h"}`.
pub(super) fn run(source: String, options: String, tell: Tell) {
    spawn_local(async move {
        let tell: Function = tell.into_js_value().unchecked_into();
        match module().await {
            Ok(python) => python.run_for(&source, &options, &tell),
            // The listener is Rust's own, and throws nothing.
            Err(code) => {
                let _ = tell.call2(&JsValue::NULL, &FAILED.into(), &code.into());
            }
        }
    });
}

/// Ends the download, the start or the run that goes on: it fails with the code `cancelled`.
pub(super) fn cancel() {
    if let Some(cancel) = CANCEL.take() {
        // A promise that is settled already ignores it.
        let _ = cancel.call1(&JsValue::NULL, &JsValue::TRUE);
    }
    if let Some(python) = loaded_module() {
        python.cancel();
    }
}

/// Whether a run needs no download.
pub(super) fn is_ready() -> bool {
    loaded_module().is_some_and(|python| {
        let state = python.state();
        state == "ready" || state == "running"
    })
}

fn loaded_module() -> Option<Python> {
    let python = Reflect::get(&dom::window(), &GLOBAL.into()).ok()?;
    (!python.is_undefined()).then(|| python.unchecked_into())
}

/// The module, which is loaded by the first call, or the code of the failure.
async fn module() -> Result<Python, &'static str> {
    if let Some(python) = loaded_module() {
        return Ok(python);
    }
    let (Some(script), Some(head)) = (script(), dom::document().head()) else {
        return Err("unsupported");
    };
    let over = Promise::new(&mut |resolve, reject| {
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&reject));
        CANCEL.replace(Some(reject));
    });
    // Fails only for an element that contains the head.
    let _ = head.append_child(&script);
    let over = JsFuture::from(over).await;
    script.remove();
    match over {
        // A module that throws fires `load` as well.
        Ok(_) => loaded_module().ok_or("unsupported"),
        Err(reason) if reason == JsValue::TRUE => Err("cancelled"),
        Err(_) => {
            FAILED_LOADS.set(FAILED_LOADS.get() + 1);
            Err("offline")
        }
    }
}

/// The element that loads the module.
fn script() -> Option<HtmlScriptElement> {
    let mut address = dom::built("runtime")?;
    // A browser may remember that it could not load a module, by its address with the fragment.
    for _ in 0..FAILED_LOADS.get() {
        address.push('#');
    }
    let script = dom::document().create_element("script").ok()?;
    let script: HtmlScriptElement = script.unchecked_into();
    script.set_type("module");
    script.set_src(&address);
    Some(script)
}
