//! Crash handling of the page: an error card in plain DOM, independent of Yew.
//!
//! `www/boot.js` shows the card and counts crashes, because after a trap this program can no
//! longer run. Panics pass their message from here.
//!
//! The script is in storage by then, so a reload restores it. A script that crashes the page
//! several times is shown but not run (see [`recent_crashes`]).

use std::panic::PanicHookInfo;

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

use super::dom::window;
use crate::state::words;
use texts::{Language, Text};

#[wasm_bindgen]
extern "C" {
    /// Missing without the built page, e.g. in tests.
    #[wasm_bindgen(js_name = loopscopeBroke, catch)]
    fn show_card(message: &str) -> Result<(), JsValue>;
}

const CRASHES: &str = "loopscope.crashes";
/// After this many crashes in a row the script is not run on opening.
pub(super) const CRASHES_MAX: u32 = 3;

/// Present in the session storage during a run that takes longer than a moment.
const RUNNING: &str = "loopscope.running";

/// Notes that a run has started or ended. If the browser kills the tab, e.g. because memory is
/// short, the note remains: no other sign of the crash does.
pub(super) fn note_run(is_under_way: bool) {
    if let Ok(Some(storage)) = window().session_storage() {
        // The session storage survives a crash of the tab and is not shared with other tabs.
        let _ = if is_under_way {
            storage.set_item(RUNNING, "1")
        } else {
            storage.remove_item(RUNNING)
        };
    }
}

/// Whether the browser killed this tab during a run. Removes the note.
pub(super) fn ended_in_a_run() -> bool {
    let storage = window().session_storage().ok().flatten();
    let note = storage.and_then(|storage| storage.get_item(RUNNING).ok().flatten());
    note_run(false);
    note.is_some()
}

/// Shows the panic's message on a card above the page.
pub(super) fn show(info: &PanicHookInfo<'_>) {
    let message = info.to_string();
    web_sys::console::error_1(&message.as_str().into());
    // Fails without `boot.js`; the console still has the message.
    let _ = show_card(&message);
}

/// Stores the card's texts on `loopscopeBroke`, where `boot.js` finds them after a crash.
pub(super) fn prepare(language: Language) {
    let word = |text: Text| JsValue::from_str(text.of(language));
    let words = Array::of2(&word(words::PAGE_BROKE), &word(words::RELOAD));
    let card = Reflect::get(&window(), &"loopscopeBroke".into());
    if let Ok(card) = card
        && card.is_function()
    {
        // Setting a property of a function never fails.
        let _ = Reflect::set(&card, &"words".into(), &words);
    }
}

/// The number of crashes since the page last ran long enough.
pub(super) fn recent_crashes() -> u32 {
    read().unwrap_or(0)
}

/// Resets the counter of crashes: the page has run long enough.
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
