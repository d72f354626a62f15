//! Real Python in the page: loads the module `www/python/client.js` when it is first used, and
//! calls it.
//!
//! The page has one interpreter, which runs one program at a time; the module has the queue in which
//! the panes of the page wait for one another. What a program does, and which limits it has, is
//! decided in `python/loopscope/embedded.py`; its results were in the hands of the program, so their
//! readers treat them as untrusted.

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
    #[wasm_bindgen(method, js_name = runFor)]
    fn run_for(this: &Python, source: &str, options: &str, tell: &Function, pane: u32);
    #[wasm_bindgen(method)]
    fn cancel(this: &Python, pane: u32);
    #[wasm_bindgen(method, getter)]
    fn state(this: &Python) -> JsValue;
}

const GLOBAL: &str = "loopscopePython";

/// A part of the page that runs programs, one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PythonPane {
    /// The reader's program.
    Program,
    /// The proof of the script.
    Proof,
}

/// Tells what a run does: the event's number, and two values, see `runFor` in the module.
pub(super) type Tell = Closure<dyn FnMut(u32, JsValue, JsValue)>;

/// The last event of a run that failed. Its values are a code and a message.
const FAILED: u32 = 3;

thread_local! {
    /// By pane: the run that waits for the module.
    static AWAITING: RefCell<[Option<Function>; 2]> = const { RefCell::new([None, None]) };
    /// How often the module could not be loaded.
    static FAILED_LOADS: Cell<u32> = const { Cell::new(0) };
}

/// Runs a program, and loads Python before if need be. It replaces the last run of the same pane,
/// and waits for that of the other one. `options` is the JSON of the options of `embedded.py`, e.g.
/// `{"time_limit":"1h"}`.
pub(super) fn run(pane: PythonPane, source: String, options: String, tell: Tell) {
    let tell: Function = tell.into_js_value().unchecked_into();
    give_up(pane, Some(tell.clone()));
    spawn_local(async move {
        let python = module().await;
        // Unless it was replaced or cancelled meanwhile.
        let is_awaited = |awaiting: &mut Function| *awaiting == tell;
        let tell = AWAITING.with_borrow_mut(|all| all[pane as usize].take_if(is_awaited));
        match (tell, python) {
            (Some(tell), Ok(python)) => python.run_for(&source, &options, &tell, pane as u32),
            (Some(tell), Err(code)) => fail(&tell, code),
            (None, _) => {}
        }
    });
}

/// Ends the download, the start or the run of a pane: it fails with the code `cancelled`.
pub(super) fn cancel(pane: PythonPane) {
    give_up(pane, None);
    if let Some(python) = loaded_module() {
        python.cancel(pane as u32);
    }
}

/// Replaces the run of a pane that waits for the module.
fn give_up(pane: PythonPane, next: Option<Function>) {
    let before = AWAITING.with_borrow_mut(|all| std::mem::replace(&mut all[pane as usize], next));
    if let Some(before) = before {
        fail(&before, "cancelled");
    }
}

fn fail(tell: &Function, code: &str) {
    // The listener is Rust's own, and throws nothing.
    let _ = tell.call2(&JsValue::NULL, &FAILED.into(), &code.into());
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
    });
    // Fails only for an element that contains the head.
    let _ = head.append_child(&script);
    let over = JsFuture::from(over).await;
    script.remove();
    match over {
        // A module that throws fires `load` as well.
        Ok(_) => loaded_module().ok_or("unsupported"),
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
