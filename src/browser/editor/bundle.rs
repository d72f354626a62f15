//! The editor's bundle (`www/editor`): its functions, and loading it.

use gloo_events::EventListener;
use js_sys::{Array, Object, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlScriptElement};

use crate::browser::dom;

#[wasm_bindgen]
extern "C" {
    /// The object that the bundle puts on the window.
    pub(super) type Bundle;
    #[wasm_bindgen(method, catch)]
    pub(super) fn mount(
        this: &Bundle,
        host: &Element,
        options: &Object,
        page: &Object,
    ) -> Result<Handle, JsValue>;

    /// One editor of the bundle.
    pub(super) type Handle;
    #[wasm_bindgen(method, js_name = setText)]
    pub(super) fn set_text(this: &Handle, text: &str);
    #[wasm_bindgen(method, js_name = setProblems)]
    pub(super) fn set_problems(this: &Handle, problems: &Array);
    #[wasm_bindgen(method, js_name = setLit)]
    pub(super) fn set_lit(this: &Handle, lines: &Uint32Array);
    /// Pairs of a line and its activity.
    #[wasm_bindgen(method, js_name = setActive)]
    pub(super) fn set_active(this: &Handle, pairs: &Uint32Array);
    #[wasm_bindgen(method, js_name = setMargin)]
    pub(super) fn set_margin(this: &Handle, lines: &Array);
    /// First and last lines of the locked ranges, as pairs; `null` locks the whole text.
    #[wasm_bindgen(method, js_name = setFrozen)]
    pub(super) fn set_frozen(this: &Handle, lines: Option<Uint32Array>);
    #[wasm_bindgen(method, js_name = setWords)]
    pub(super) fn set_words(this: &Handle, words: &Object);
    #[wasm_bindgen(method, js_name = goTo)]
    pub(super) fn go_to(this: &Handle, position: u32);
    /// After this call the editor invokes no more callbacks.
    #[wasm_bindgen(method)]
    pub(super) fn destroy(this: &Handle);
}

/// The event that the bundle fires once it has loaded.
const READY: &str = "loopscope-editor";
const GLOBAL: &str = "loopscopeEditor";

/// The bundle, if this or an earlier editor has loaded it.
pub(super) fn bundle() -> Option<Bundle> {
    let bundle = Reflect::get(&dom::window(), &GLOBAL.into()).ok()?;
    (!bundle.is_undefined()).then(|| bundle.unchecked_into())
}

/// Loads the bundle, and calls `loaded` once it is there. Dropping the listener cancels that.
pub(super) fn load(loaded: impl FnOnce() + 'static) -> Option<EventListener> {
    let address = dom::built("editor")?;
    // Before the element: the event must not fire without a listener.
    let listener = EventListener::once(&dom::window(), READY, move |_| loaded());
    let element = dom::document()
        .create_element("script")
        .ok()
        .and_then(|element| element.dyn_into::<HtmlScriptElement>().ok());
    if let (Some(script), Some(head)) = (element, dom::document().head()) {
        script.set_type("module");
        script.set_src(&address);
        let _ = head.append_child(&script);
    }
    Some(listener)
}
