//! Makes files for download, such as PNG and CSV, in a worker per file. The file's content comes
//! from [`crate::files`].

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlImageElement};
use yew::Callback;

use super::dom;
use super::worker_handle::LazyWorker;
use crate::message::{self, PostedMessage};
use crate::protocol::files::{self, FileRequest, FileResponse};
use crate::protocol::{Program, Request, RequestId, Response};
use crate::state::download::File;
use crate::state::insight::Failure;
use crate::state::shown::Shown;
use chart::scene::By;
use texts::Language;

type FileCallback = Callback<Result<(), Failure>>;

pub(super) struct FileMaker {
    worker: LazyWorker,
    /// The file that is being made.
    asked: Rc<Cell<Option<File>>>,
}

impl FileMaker {
    /// `done` is called when the download has started or has failed.
    pub(super) fn new(done: FileCallback) -> Self {
        let asked: Rc<Cell<Option<File>>> = Rc::default();
        let under_way = asked.clone();
        let on_message = Callback::from(move |message: Result<JsValue, Failure>| {
            // Without a file the reader has cancelled.
            let Some(file) = under_way.take() else { return };
            match message.and_then(|message| content(&message)) {
                Ok(bytes) => deliver(file, &bytes, done.clone()),
                Err(failure) => done.emit(Err(failure)),
            }
        });
        Self {
            worker: LazyWorker::new(files::FileMaker::NAME, on_message),
            asked,
        }
    }

    /// Starts making a file. `done` gets the outcome.
    pub(super) fn make(&self, file: File, shown: &Shown, by: By, language: Language) {
        let Some(kind) = file.kind() else { return };
        let kind = FileRequest {
            kind: kind.to_owned(),
            script: shown.script.to_string(),
            by_thread: by == By::Threads,
            language,
        };
        self.asked.set(Some(file));
        // A worker makes one file, so there is nothing to tell its responses from.
        let id = RequestId::default();
        self.worker
            .post(PostedMessage::new(&Request { id, kind }).with_trace(shown.run.trace()));
    }

    /// Cancels the file by terminating the worker.
    pub(super) fn stop(&self) {
        self.asked.set(None);
        self.worker.terminate();
    }
}

/// The file that is attached to a response.
fn content(message: &JsValue) -> Result<Uint8Array, Failure> {
    let parts: &Array = message.dyn_ref().ok_or(Failure::Broke)?;
    match message::take(parts) {
        Some(Response {
            kind: FileResponse::Made,
            ..
        }) => parts.shift().dyn_into().map_err(|_| Failure::Broke),
        Some(Response {
            kind: FileResponse::Refused,
            ..
        })
        | None => Err(Failure::Broke),
    }
}

/// Starts the download of a finished file.
fn deliver(file: File, bytes: &Uint8Array, done: FileCallback) {
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
fn paint(name: &'static str, address: &str, done: FileCallback) -> Result<(), JsValue> {
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

fn save_as_png(
    name: &'static str,
    image: &HtmlImageElement,
    done: FileCallback,
) -> Result<(), JsValue> {
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
