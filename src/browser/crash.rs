//! When the page itself breaks: a card in plain DOM, outside of everything that broke.
//!
//! `www/boot.js` shows it and counts, since it also has to where this program can do nothing
//! any more: after a trap. Panics are told it from here, with their words.
//!
//! The script is in storage by then, so a reload brings it back. A script that breaks the page
//! again and again is shown but not run (see [`recent_crashes`]).

use std::panic::PanicHookInfo;

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

use super::dom::window;
use crate::state::words;
use texts::{Language, Text};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn log_error(message: &str);
    /// Missing where the built page is not around, as in tests.
    #[wasm_bindgen(js_name = loopscopeBroke, catch)]
    fn show_card(message: &str) -> Result<(), JsValue>;
}

const CRASHES: &str = "loopscope.crashes";
/// So many in a row, and the script is not run on opening.
pub(super) const CRASHES_MAX: u32 = 3;

/// There while a run is under way that takes longer than a moment.
const RUNNING: &str = "loopscope.running";

/// Notes that such a run is under way, or that it is not any more. A browser that ends the tab,
/// for want of memory perhaps, leaves the note: nothing else tells of it.
pub(super) fn note_run(is_under_way: bool) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = match is_under_way {
            true => storage.set_item(RUNNING, "1"),
            false => storage.remove_item(RUNNING),
        };
    }
}

/// Whether the browser ended this tab in the middle of a run.
pub(super) fn ended_in_a_run() -> bool {
    let storage = window().session_storage().ok().flatten();
    let note = storage.and_then(|storage| storage.get_item(RUNNING).ok().flatten());
    note_run(false);
    note.is_some()
}

/// Shows what happened over whatever is left of the page.
pub(super) fn show(info: &PanicHookInfo<'_>) {
    let message = info.to_string();
    log_error(&message);
    let _ = show_card(&message);
}

/// Puts the card's words where they can be read without this program.
pub(super) fn prepare(language: Language) {
    let word = |text: Text| JsValue::from_str(text.of(language));
    let words = Array::of2(&word(words::PAGE_BROKE), &word(words::RELOAD));
    let card = Reflect::get(&window(), &"loopscopeBroke".into());
    if let Ok(card) = card
        && card.is_function()
    {
        // Fails for no function.
        let _ = Reflect::set(&card, &"words".into(), &words);
    }
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

fn read() -> Option<u32> {
    window()
        .session_storage()
        .ok()??
        .get_item(CRASHES)
        .ok()??
        .parse()
        .ok()
}
