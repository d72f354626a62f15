//! What the page begins with: the address, what is stored, what the page around asks for.

use std::rc::Rc;

use crate::language::Language;
use crate::link;
use crate::web::browser::embedded::Inside;
use crate::web::browser::{access, dom, storage};
use crate::web::model::action::Action;
use crate::web::model::choices::{Choices, Theme};
use crate::web::model::drafts::Drafts;
use crate::web::model::lessons::FIRST_SCRIPT;
use crate::web::model::state::{Saving, State};
use crate::web::model::tour::Tour;

/// What the page opens with, and what the storage holds of it.
pub(super) fn state(inside: Option<&Inside>) -> (State, Option<String>) {
    let choices = choices();
    // What belongs to another page is not the reader's own, and is not kept.
    let stored = storage::script().filter(|_| inside.is_none());
    let mut state = State::new(first_script(stored.as_deref(), choices.language), choices);
    state.address = dom::address().into();
    match inside {
        Some(inside) => open_embedded(&mut state, inside),
        None => open_alone(&mut state),
    }
    (state, stored)
}

/// The reader's own script, where there is one; the parser says if it is too long.
fn first_script(stored: Option<&str>, language: Language) -> Rc<str> {
    stored
        .filter(|text| !text.is_empty())
        .unwrap_or(FIRST_SCRIPT.of(language))
        .into()
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

/// A link in the address goes before what is stored.
fn open_alone(state: &mut State) {
    state.drafts = storage::drafts();
    if storage::is_refused() {
        state.saving = Saving::Refused;
    } else if !storage::has_toured() {
        state.tour = Tour::Offered;
    }
    if let Some(content) = take_link() {
        state.reduce(Action::LinkOpened(content));
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
