//! When the page itself panics: said in plain DOM, outside of everything that broke.
//!
//! The script is in storage by then, so a reload brings it back. A script that
//! breaks the page again and again is shown but not run (see
//! [`recent_crashes`]).

use std::panic::PanicHookInfo;

use super::dom::{document, uncover, window};
use crate::language::Language;
use crate::web::model::words;

const CRASHES: &str = "loopscope.crashes";
/// So many in a row, and the script is not run on opening.
pub(super) const CRASHES_MAX: u32 = 3;

/// Shows what happened over whatever is left of the page.
pub(super) fn show(info: &PanicHookInfo<'_>) {
    let message = info.to_string();
    web_console_error(&message);
    remember();
    let _ = overlay(&message);
}

fn overlay(message: &str) -> Option<()> {
    uncover();
    let document = document();
    if document.get_element_by_id("crash").is_some() {
        return None;
    }
    let language = document
        .document_element()
        .and_then(|root| root.get_attribute("lang"))
        .and_then(|tag| Language::from_tag(&tag))
        .unwrap_or_default();
    let overlay = document.create_element("div").ok()?;
    overlay.set_id("crash");
    overlay.set_attribute("role", "alert").ok()?;
    for (tag, text) in [("p", words::PAGE_BROKE.of(language)), ("pre", message)] {
        let element = document.create_element(tag).ok()?;
        element.set_text_content(Some(text));
        overlay.append_child(&element).ok()?;
    }
    let reload = document.create_element("a").ok()?;
    reload.set_text_content(Some(words::RELOAD.of(language)));
    reload.set_attribute("href", "").ok()?;
    overlay.append_child(&reload).ok()?;
    document.body()?.append_child(&overlay).ok()?;
    Some(())
}

/// How often the page broke since it last ran for a while.
pub(super) fn recent_crashes() -> u32 {
    read().unwrap_or(0)
}

/// The page has run long enough: it is well.
pub(super) fn forget() {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.remove_item(CRASHES);
    }
}

fn remember() {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(CRASHES, &(recent_crashes() + 1).to_string());
    }
}

fn read() -> Option<u32> {
    window()
        .session_storage()
        .ok()??
        .get_item(CRASHES)
        .ok()??
        .parse()
        .ok()
}

fn web_console_error(message: &str) {
    use wasm_bindgen::prelude::*;
    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = console)]
        fn error(message: &str);
    }
    error(message);
}
