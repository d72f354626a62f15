//! What the page begins with: the address, what is stored, what the page around asks for.

use crate::browser::embedded::Inside;
use crate::browser::{access, clock, dom, storage};
use crate::state::action::Action;
use crate::state::choices::{Choices, Theme};
use crate::state::drafts::{Drafts, ReplacedBy, ScriptOrigin};
use crate::state::lessons::FIRST_SCRIPT;
use crate::state::tour::Tour;
use crate::state::{Saving, State};
use formats::link;
use texts::Language;

/// What the page opens with, and what the storage holds as the reader's script.
pub(super) fn state(inside: Option<&Inside>) -> (State, Option<String>) {
    let choices = choices();
    let mut state = State::new(FIRST_SCRIPT.of(choices.language).into(), choices);
    state.now = clock::wall_time();
    state.address = dom::address().into();
    let stored = match inside {
        Some(inside) => {
            open_embedded(&mut state, inside);
            // What belongs to another page is not the reader's own, and is not kept.
            None
        }
        None => open_alone(&mut state),
    };
    (state, stored)
}

fn choices() -> Choices {
    let kept = storage::settings();
    let browser = dom::window()
        .navigator()
        .language()
        .and_then(|tag| Language::from_tag(&tag));
    Choices {
        language: kept.language.or(browser).unwrap_or_default(),
        theme: kept.theme,
        system_dark: dom::media_matches("(prefers-color-scheme: dark)"),
    }
}

/// The address says what is wanted, and stays as it is: it is the page's around.
fn open_embedded(state: &mut State, inside: &Inside) {
    let wishes = inside.wishes();
    let fragment = dom::fragment();
    let link = fragment.split('&').next().unwrap_or_default();
    if wishes.script.is_none() && link.starts_with("#v") {
        state.reduce(Action::LinkOpened(link::decode(link)));
    }
    // Whoever embeds it says how it looks, not what the reader has chosen elsewhere.
    state.settings.theme = Theme::default();
    state.reduce(Action::Granted(Box::new(wishes)));
    state.freeze();
    state.drafts = Drafts::default();
}

/// A link in the address goes before what this tab showed, and that before the reader's script.
fn open_alone(state: &mut State) -> Option<String> {
    state.drafts = storage::drafts();
    if storage::is_refused() {
        state.saving = Saving::Refused;
    } else if !storage::has_toured() {
        state.tour = Tour::Offered;
    }
    let stored = storage::script();
    open_stored(state, stored.as_deref().filter(|text| !text.is_empty()));
    if let Some(content) = take_link() {
        state.reduce(Action::LinkOpened(content));
    }
    stored
}

/// The parser says if a stored script is too long.
fn open_stored(state: &mut State, stored: Option<&str>) {
    let brought = storage::brought();
    if let Some(stored) = stored {
        match &brought {
            None => {
                state.script = stored.into();
                state.origin = ScriptOrigin::Reader;
            }
            // The next edit replaces it in storage.
            Some(_) if state.drafts.find(stored).is_none() => {
                state.put_aside(stored.into(), ScriptOrigin::Reader, ReplacedBy::Unknown);
            }
            Some(_) => {}
        }
    }
    if let Some((origin, text)) = brought {
        state.script = text.into();
        state.origin = origin;
    }
}

/// What the address holds behind its `#`, which is then taken out of it. The
/// companion's code is no link: it is exchanged for the token.
pub(super) fn take_link() -> Option<Result<link::Shared, link::LinkError>> {
    let fragment = dom::fragment();
    if fragment.len() < 2 || fragment.starts_with("#script-card") {
        return None;
    }
    dom::clear_fragment();
    match fragment.strip_prefix("#c=") {
        Some(code) => {
            access::redeem(code);
            None
        }
        None => Some(link::decode(&fragment)),
    }
}
