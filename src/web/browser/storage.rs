//! What the browser keeps for the next visit: the script and the settings.
//!
//! Storage may be refused (private windows, sandboxed frames, full disks), so
//! every call can fail and nothing relies on one.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use web_sys::StorageEvent;

use super::dom::window;
use crate::language::Language;
use crate::web::model::drafts::Drafts;
use crate::web::model::state::Theme;

const SCRIPT: &str = "loopscope.script";
const DRAFTS: &str = "loopscope.drafts";
const SETTINGS: &str = "loopscope.settings";

/// The browser refused to store something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused;

/// What a reader chose for good.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    pub(super) language: Option<Language>,
    pub(super) theme: Theme,
}

pub(super) fn script() -> Option<String> {
    read_text(SCRIPT)
}

pub(super) fn keep_script(text: &str) -> Result<(), Refused> {
    write_text(SCRIPT, text)
}

/// The script in a `storage` event, which tells of another tab's doings.
pub(super) fn script_in(event: &StorageEvent) -> Option<String> {
    event
        .new_value()
        .filter(|_| event.key().as_deref() == Some(SCRIPT))
}

pub(super) fn drafts() -> Drafts {
    Drafts::read(&read_text(DRAFTS).unwrap_or_default())
}

pub(super) fn keep_drafts(drafts: &Drafts) -> Result<(), Refused> {
    write_text(DRAFTS, &drafts.written())
}

pub(super) fn settings() -> Settings {
    read(SETTINGS).unwrap_or_default()
}

pub(super) fn keep_settings(settings: &Settings) -> Result<(), Refused> {
    write_text(
        SETTINGS,
        &serde_json::to_string(settings).map_err(|_| Refused)?,
    )
}

fn read<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_str(&read_text(key)?).ok()
}

fn read_text(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

fn write_text(key: &str, text: &str) -> Result<(), Refused> {
    let storage = window().local_storage().ok().flatten().ok_or(Refused)?;
    storage.set_item(key, text).map_err(|_| Refused)
}
