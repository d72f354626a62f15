//! Browser storage: the script, the drafts and the settings; and per tab, a script that is not
//! the reader's.
//!
//! Browsers refuse storage in private windows, in sandboxed frames and on full disks, so every
//! call can fail and nothing relies on one.

use js_sys::{JSON, Reflect};
use web_sys::StorageEvent;

use super::dom::window;
use crate::state::choices::Theme;
use crate::state::course::Progress;
use crate::state::drafts::{Drafts, ScriptOrigin};
use texts::Language;

/// The reader's script. Scripts of links, lessons and exercises are stored under [`BROUGHT`], so
/// that no other page can overwrite the reader's script by opening a link.
const SCRIPT: &str = "loopscope.script";
const PROGRAM: &str = "loopscope.program";
const DRAFTS: &str = "loopscope.drafts.2";
/// The drafts in their first format; removed once they are stored in the new one.
const DRAFTS_V1: &str = "loopscope.drafts";
/// This tab's script while the reader has not edited it: its origin, a line break, its text.
const BROUGHT: &str = "loopscope.brought";
const SETTINGS: &str = "loopscope.settings";
/// The reader's progress in the lessons.
const PROGRESS: &str = "loopscope.lessons";
/// Set once the reader has taken or declined the tour.
const TOURED: &str = "loopscope.toured";
/// The companion's token, in the session storage.
const TOKEN: &str = "loopscope.token";

/// The browser refused to store a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StorageRefused;

/// The reader's choices.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Settings {
    pub(super) language: Option<Language>,
    pub(super) theme: Theme,
}

/// Whether the browser refuses all local storage.
pub(super) fn is_refused() -> bool {
    !matches!(window().local_storage(), Ok(Some(_)))
}

pub(super) fn script() -> Option<String> {
    read_text(SCRIPT)
}

/// Stores the reader's script. If storage is full, drops the drafts that links and exercises
/// brought.
pub(super) fn keep_script(text: &str) -> Result<(), StorageRefused> {
    write_text(SCRIPT, text).or_else(|StorageRefused| {
        write_text(DRAFTS, &drafts().without_brought().to_stored())?;
        write_text(SCRIPT, text)
    })
}

/// The reader's own Python program.
pub(super) fn program() -> Option<String> {
    read_text(PROGRAM).filter(|text| !text.is_empty())
}

/// Stores the reader's program; an empty text removes it.
pub(super) fn keep_program(text: &str) -> Result<(), StorageRefused> {
    write_text(PROGRAM, text)
}

/// Stores the program of a link, so that a reload of this tab shows it again; an empty text removes
/// it. The reader's stays in storage until this one is edited.
pub(super) fn keep_brought_program(text: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        // If the browser refuses, a reload shows the reader's program.
        let _ = storage.set_item(PROGRAM, text);
    }
}

pub(super) fn brought_program() -> Option<String> {
    let stored = window().session_storage().ok()??.get_item(PROGRAM).ok()?;
    stored.filter(|text| !text.is_empty())
}

/// The script in a `storage` event, which the browser fires after a change in another tab.
pub(super) fn script_in(event: &StorageEvent) -> Option<String> {
    new_value(event, SCRIPT)
}

pub(super) fn drafts() -> Drafts {
    let mut drafts = Drafts::from_stored(&read_text(DRAFTS).unwrap_or_default());
    // Older drafts exist until `keep_drafts` has stored them in the new format.
    if let Some(old) = read_text(DRAFTS_V1) {
        drafts.merge(Drafts::from_stored_v1(&old));
    }
    drafts
}

/// The drafts in a `storage` event.
pub(super) fn drafts_in(event: &StorageEvent) -> Option<Drafts> {
    new_value(event, DRAFTS).map(|stored| Drafts::from_stored(&stored))
}

/// Stores the drafts together with those that another tab has stored. If storage is full, leaves
/// out the drafts that links and exercises brought.
pub(super) fn keep_drafts(drafts: &mut Drafts) -> Result<(), StorageRefused> {
    drafts.merge(self::drafts());
    let stored = drafts.to_stored();
    // Writing the same value would fire needless events in other tabs.
    if read_text(DRAFTS).as_ref() != Some(&stored) {
        write_text(DRAFTS, &stored)
            .or_else(|StorageRefused| write_text(DRAFTS, &drafts.without_brought().to_stored()))?;
    }
    if let Ok(Some(storage)) = window().local_storage() {
        // Fails only if storage is refused, which `write_text` has reported.
        let _ = storage.remove_item(DRAFTS_V1);
    }
    Ok(())
}

/// Stores a script that is not the reader's, so that a reload of this tab shows it again. If the
/// browser refuses, a reload shows the reader's script.
pub(super) fn keep_brought(origin: ScriptOrigin, text: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let stored = format!("{}\n{text}", origin.word());
        if storage.set_item(BROUGHT, &stored).is_err() {
            // Otherwise a reload would show the previous one.
            forget_brought();
        }
    }
}

pub(super) fn forget_brought() {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.remove_item(BROUGHT);
    }
}

pub(super) fn brought() -> Option<(ScriptOrigin, String)> {
    let stored = window().session_storage().ok()??.get_item(BROUGHT).ok()??;
    let (origin, text) = stored.split_once('\n')?;
    Some((ScriptOrigin::from_word(origin)?, text.to_owned()))
}

pub(super) fn progress() -> Progress {
    Progress::from_stored(&read_text(PROGRESS).unwrap_or_default())
}

/// Stores the progress together with that of another tab. If the browser refuses, it lasts until
/// the tab is closed.
pub(super) fn keep_progress(progress: &Progress) {
    let mut all = self::progress();
    all.merge(progress.stored());
    let _ = write_text(PROGRESS, all.stored());
}

pub(super) fn has_toured() -> bool {
    read_text(TOURED).is_some()
}

/// If the browser refuses, the tour is offered again on the next visit.
pub(super) fn keep_toured() {
    let _ = write_text(TOURED, "1");
}

/// Stores the companion's token for this tab only. If the browser refuses, *Verify* cannot run
/// scripts.
pub(super) fn keep_token(token: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(TOKEN, token);
    }
}

pub(super) fn token() -> Option<String> {
    window().session_storage().ok()??.get_item(TOKEN).ok()?
}

/// The stored settings. Missing and invalid ones have their defaults.
pub(super) fn settings() -> Settings {
    // The browser's own parser: a JSON library would enlarge the program.
    let kept = read_text(SETTINGS).and_then(|text| JSON::parse(&text).ok());
    let word = |name: &str| Reflect::get(kept.as_ref()?, &name.into()).ok()?.as_string();
    Settings {
        language: word("language").and_then(|tag| Language::from_tag(&tag)),
        theme: word("theme")
            .and_then(|word| Theme::from_word(&word))
            .unwrap_or_default(),
    }
}

/// Stores the settings as JSON, because `www/boot.js` reads them too, before this program loads.
pub(super) fn keep_settings(settings: &Settings) -> Result<(), StorageRefused> {
    let language = match settings.language {
        Some(language) => format!("\"{}\"", language.tag()),
        None => "null".into(),
    };
    let theme = settings.theme.word();
    write_text(
        SETTINGS,
        &format!("{{\"language\":{language},\"theme\":\"{theme}\"}}"),
    )
}

fn new_value(event: &StorageEvent, key: &str) -> Option<String> {
    event
        .new_value()
        .filter(|_| event.key().as_deref() == Some(key))
}

fn read_text(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

fn write_text(key: &str, text: &str) -> Result<(), StorageRefused> {
    let storage = window()
        .local_storage()
        .ok()
        .flatten()
        .ok_or(StorageRefused)?;
    storage.set_item(key, text).map_err(|_| StorageRefused)
}
