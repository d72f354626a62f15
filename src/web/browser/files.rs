//! Files for download: made by a program of their own (see
//! [`crate::web::files`]), which is loaded when it is first asked for one.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlImageElement, HtmlScriptElement};
use yew::Callback;

use super::dom;
use crate::language::Language;
use crate::protocol;
use crate::scene::By;
use crate::web::model::download::File;
use crate::web::model::shown::Shown;

#[wasm_bindgen]
extern "C" {
    /// What the program puts on the window.
    type Files;
    #[wasm_bindgen(method, catch)]
    fn file(
        this: &Files,
        kind: &str,
        script: &str,
        trace: &Uint8Array,
        by_thread: bool,
        language: &str,
    ) -> Result<Option<String>, JsValue>;
}

const READY: &str = "loopscope-files";
const GLOBAL: &str = "loopscopeFiles";

/// What a file is made of.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) shown: Rc<Shown>,
    pub(super) by: By,
    pub(super) language: Language,
}

/// Hands the reader a file; tells whether it could be made.
pub(super) fn hand_over(file: File, source: Source, done: Callback<bool>) {
    when_loaded(move |program| {
        let made = program.and_then(|program| make(&program, file, &source));
        done.emit(made.is_some_and(|text| deliver(file, &text).is_ok()));
    });
}

fn make(program: &Files, file: File, source: &Source) -> Option<String> {
    let Source {
        shown,
        by,
        language,
    } = source;
    let trace = Uint8Array::from(protocol::trace::encode(&shown.trace).as_slice());
    let by_thread = *by == By::Threads;
    let made = program.file(
        file.kind()?,
        &shown.script,
        &trace,
        by_thread,
        language.tag(),
    );
    made.ok().flatten()
}

fn deliver(file: File, text: &str) -> Result<(), JsValue> {
    let (name, kind) = file.name_and_type();
    let text = JsValue::from_str(text);
    match file {
        File::Png { .. } => paint(name, &dom::blob(kind, &text)?),
        _ => dom::download(name, kind, &text),
    }
}

/// Pixels for each of the picture's, so that it is sharp on paper.
const SCALE: u32 = 2;

/// An SVG as pixels: the very picture that the SVG is.
fn paint(name: &'static str, address: &str) -> Result<(), JsValue> {
    let image = HtmlImageElement::new()?;
    let loaded = {
        let (image, address) = (image.clone(), address.to_owned());
        Closure::once_into_js(move || {
            let _ = save_as_png(name, &image);
            let _ = web_sys::Url::revoke_object_url(&address);
        })
    };
    image.set_onload(Some(loaded.unchecked_ref()));
    image.set_src(address);
    Ok(())
}

fn save_as_png(name: &'static str, image: &HtmlImageElement) -> Result<(), JsValue> {
    let canvas: HtmlCanvasElement = dom::document().create_element("canvas")?.unchecked_into();
    let (width, height) = (
        image.natural_width() * SCALE,
        image.natural_height() * SCALE,
    );
    canvas.set_width(width);
    canvas.set_height(height);
    let context: web_sys::CanvasRenderingContext2d = canvas
        .get_context("2d")?
        .ok_or(JsValue::NULL)?
        .unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(
        image,
        0.0,
        0.0,
        width.into(),
        height.into(),
    )?;
    let save = Closure::once_into_js(move |blob: Option<web_sys::Blob>| {
        if let Some(blob) = blob {
            let _ = dom::save_blob(name, &blob);
        }
    });
    canvas.to_blob(save.unchecked_ref())
}

fn loaded() -> Option<Files> {
    let found = Reflect::get(&dom::window(), &GLOBAL.into()).ok()?;
    (!found.is_undefined()).then(|| found.unchecked_into())
}

/// Calls back with the program, or without it where it cannot be had.
fn when_loaded(act: impl FnOnce(Option<Files>) + 'static) {
    if let Some(program) = loaded() {
        return act(Some(program));
    }
    // Whichever of the two events comes, the other does not.
    let act = Rc::new(Cell::new(Some(act)));
    let ready = {
        let act = act.clone();
        Closure::once_into_js(move || act.take().into_iter().for_each(|act| act(loaded())))
    };
    let failed = Closure::once_into_js(move || act.take().into_iter().for_each(|act| act(None)));
    let asked = ask(ready.unchecked_ref(), failed.unchecked_ref());
    if asked.is_none() {
        let failed: &js_sys::Function = failed.unchecked_ref();
        let _ = failed.call0(&JsValue::NULL);
    }
}

fn ask(ready: &js_sys::Function, failed: &js_sys::Function) -> Option<()> {
    let address = dom::built("files")?;
    dom::window()
        .add_event_listener_with_callback(READY, ready)
        .ok()?;
    let script: HtmlScriptElement = dom::document()
        .create_element("script")
        .ok()?
        .unchecked_into();
    script.set_type("module");
    script.set_src(&address);
    script.set_onerror(Some(failed));
    dom::document().head()?.append_child(&script).ok()?;
    Some(())
}
