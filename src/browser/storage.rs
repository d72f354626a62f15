//! What the browser keeps for the next visit: the script, the drafts and the settings; and for
//! this tab, a script that is not the reader's.
//!
//! Storage may be refused (private windows, sandboxed frames, full disks), so
//! every call can fail and nothing relies on one.

use js_sys::{JSON, Reflect};
use web_sys::StorageEvent;

use super::dom::window;
use crate::state::choices::Theme;
use crate::state::drafts::{Drafts, ScriptOrigin};
use texts::Language;

/// The reader's script. What a link, a lesson or an exercise brought is never written there: no
/// other page can overwrite it, whatever it opens.
const SCRIPT: &str = "loopscope.script";
const DRAFTS: &str = "loopscope.drafts.2";
/// The list in its first format; removed once its drafts are in the new one.
const DRAFTS_V1: &str = "loopscope.drafts";
/// A script that the reader has not edited, in this tab: its origin, then its text.
const BROUGHT: &str = "loopscope.brought";
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

/// In a full storage it takes the room of what links and exercises brought.
pub(super) fn keep_script(text: &str) -> Result<(), Refused> {
    write_text(SCRIPT, text).or_else(|Refused| {
        write_text(DRAFTS, &drafts().without_brought().to_stored())?;
        write_text(SCRIPT, text)
    })
}

/// The script in a `storage` event, which another tab's change causes.
pub(super) fn script_in(event: &StorageEvent) -> Option<String> {
    new_value(event, SCRIPT)
}

pub(super) fn drafts() -> Drafts {
    let mut drafts = Drafts::from_stored(&read_text(DRAFTS).unwrap_or_default());
    if let Some(old) = read_text(DRAFTS_V1) {
        drafts.merge(Drafts::from_stored_v1(&old));
    }
    drafts
}

/// The drafts in a `storage` event.
pub(super) fn drafts_in(event: &StorageEvent) -> Option<Drafts> {
    new_value(event, DRAFTS).map(|stored| Drafts::from_stored(&stored))
}

/// Stores the drafts, and adds those that another tab has stored meanwhile. Where there is no
/// room for all, those that links and exercises brought are left out.
pub(super) fn keep_drafts(drafts: &mut Drafts) -> Result<(), Refused> {
    drafts.merge(self::drafts());
    let stored = drafts.to_stored();
    // Written again it would wake the other tabs for nothing.
    if read_text(DRAFTS).as_ref() != Some(&stored) {
        write_text(DRAFTS, &stored)
            .or_else(|Refused| write_text(DRAFTS, &drafts.without_brought().to_stored()))?;
    }
    if let Ok(Some(storage)) = window().local_storage() {
        // Fails for a storage that is refused, which was found out above.
        let _ = storage.remove_item(DRAFTS_V1);
    }
    Ok(())
}

/// A script that is not the reader's, so that a reload of this tab shows it again. Where it is
/// refused, a reload shows the reader's own.
pub(super) fn keep_brought(origin: ScriptOrigin, text: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let stored = format!("{}\n{text}", origin.word());
        if storage.set_item(BROUGHT, &stored).is_err() {
            // The one before would come back in its place.
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

fn new_value(event: &StorageEvent, key: &str) -> Option<String> {
    event
        .new_value()
        .filter(|_| event.key().as_deref() == Some(key))
}

fn read_text(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

fn write_text(key: &str, text: &str) -> Result<(), Refused> {
    let storage = window().local_storage().ok().flatten().ok_or(Refused)?;
    storage.set_item(key, text).map_err(|_| Refused)
}
