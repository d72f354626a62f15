//! Makes files for download, such as PNG and CSV, in a worker per file. The file's content comes
//! from [`crate::files`].

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlImageElement};
use yew::Callback;

use super::dom;
use super::hired::Employer;
use crate::files::FileRequest;
use crate::parcels;
use crate::state::download::File;
use crate::state::insight::Failure;
use crate::state::shown::Shown;
use chart::scene::By;
use texts::Language;

type Done = Callback<Result<(), Failure>>;

pub(super) struct FileMaker {
    employer: Employer,
    /// The file that is being made.
    asked: Rc<Cell<Option<File>>>,
}

impl FileMaker {
    /// `done` is called when the download has started or has failed.
    pub(super) fn new(done: Done) -> Self {
        let asked: Rc<Cell<Option<File>>> = Rc::default();
        let under_way = asked.clone();
        let hear = Callback::from(move |message: Result<JsValue, Failure>| {
            // Without a file the reader has cancelled.
            let Some(file) = under_way.take() else { return };
            match message.map(|message| Uint8Array::new(&message)) {
                Ok(bytes) if bytes.length() > 0 => deliver(file, &bytes, done.clone()),
                Ok(_) => done.emit(Err(Failure::Broke)),
                Err(failure) => done.emit(Err(failure)),
            }
        });
        Self {
            employer: Employer::new("files", hear),
            asked,
        }
    }

    /// Starts making a file. `done` gets the outcome.
    pub(super) fn make(&self, file: File, shown: &Shown, by: By, language: Language) {
        let Some(kind) = file.kind() else { return };
        let request = FileRequest {
            kind: kind.to_owned(),
            script: shown.script.to_string(),
            by_thread: by == By::Threads,
            language,
        };
        self.asked.set(Some(file));
        let (message, transferred) = parcels::with(&request, Some(&shown.trace));
        self.employer.transfer(message.into(), transferred);
    }

    /// Cancels the file by terminating the worker.
    pub(super) fn stop(&self) {
        self.asked.set(None);
        self.employer.fire();
    }
}

/// Starts the download of a finished file.
fn deliver(file: File, bytes: &Uint8Array, done: Done) {
    let (name, kind) = file.name_and_type();
    let started = match file {
        File::Png { .. } => {
            dom::blob(kind, bytes).and_then(|address| paint(name, &address, done.clone()))
        }
        _ => dom::download(name, kind, bytes).map(|()| done.emit(Ok(()))),
    };
    if started.is_err() {
        done.emit(Err(Failure::Broke));
    }
}

/// Pixels of the PNG per CSS pixel, so that it is sharp in print.
const SCALE: u32 = 2;

/// Converts an SVG to a PNG. The browser draws the SVG, so both look the same.
fn paint(name: &'static str, address: &str, done: Done) -> Result<(), JsValue> {
    let image = HtmlImageElement::new()?;
    let outcome = |is_loaded: bool| {
        let (image, address, done) = (image.clone(), address.to_owned(), done.clone());
        Closure::once_into_js(move || {
            let saved = is_loaded && save_as_png(name, &image, done.clone()).is_ok();
            if !saved {
                done.emit(Err(Failure::Broke));
            }
            // The image has been read by now, or has failed.
            let _ = web_sys::Url::revoke_object_url(&address);
        })
    };
    image.set_onload(Some(outcome(true).unchecked_ref()));
    image.set_onerror(Some(outcome(false).unchecked_ref()));
    image.set_src(address);
    Ok(())
}

fn save_as_png(name: &'static str, image: &HtmlImageElement, done: Done) -> Result<(), JsValue> {
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
    // Browsers limit the size of a canvas; above it `blob` is `None`.
    let save = Closure::once_into_js(move |blob: Option<web_sys::Blob>| {
        let saved = blob.is_some_and(|blob| dom::save_blob(name, &blob).is_ok());
        done.emit(saved.then_some(()).ok_or(Failure::Broke));
    });
    canvas.to_blob(save.unchecked_ref())
}
