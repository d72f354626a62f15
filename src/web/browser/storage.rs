//! What the browser keeps for the next visit: the script and the settings.
//!
//! Storage may be refused (private windows, sandboxed frames, full disks), so
//! every call can fail and nothing relies on one.

use js_sys::{JSON, Reflect};
use web_sys::StorageEvent;

use super::dom::window;
use crate::language::Language;
use crate::web::model::choices::Theme;
use crate::web::model::drafts::Drafts;

const SCRIPT: &str = "loopscope.script";
const DRAFTS: &str = "loopscope.drafts";
const SETTINGS: &str = "loopscope.settings";
/// That the tour was taken, or was not wanted.
const TOURED: &str = "loopscope.toured";
const TOKEN: &str = "loopscope.token";

/// The browser refused to store something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused;

/// What a reader chose for good.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Settings {
    pub(super) language: Option<Language>,
    pub(super) theme: Theme,
}

/// Whether there is any.
pub(super) fn is_refused() -> bool {
    !matches!(window().local_storage(), Ok(Some(_)))
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

pub(super) fn has_toured() -> bool {
    read_text(TOURED).is_some()
}

/// Where it is refused, the tour is offered again.
pub(super) fn keep_toured() {
    let _ = write_text(TOURED, "1");
}

/// The companion's, for this tab only. Where it is refused, nothing is verified.
pub(super) fn keep_token(token: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(TOKEN, token);
    }
}

pub(super) fn token() -> Option<String> {
    window().session_storage().ok()??.get_item(TOKEN).ok()?
}

/// What is there and understood; the defaults for the rest.
pub(super) fn settings() -> Settings {
    let kept = read_text(SETTINGS).and_then(|text| JSON::parse(&text).ok());
    let word = |name: &str| Reflect::get(kept.as_ref()?, &name.into()).ok()?.as_string();
    Settings {
        language: word("language").and_then(|tag| Language::from_tag(&tag)),
        theme: word("theme")
            .and_then(|word| Theme::from_word(&word))
            .unwrap_or_default(),
    }
}

/// As JSON, since `www/boot.js` reads it before the page is there.
pub(super) fn keep_settings(settings: &Settings) -> Result<(), Refused> {
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

fn read_text(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

fn write_text(key: &str, text: &str) -> Result<(), Refused> {
    let storage = window().local_storage().ok().flatten().ok_or(Refused)?;
    storage.set_item(key, text).map_err(|_| Refused)
}
