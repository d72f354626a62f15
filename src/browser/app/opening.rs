//! The initial state: from the address, the storage, and the host page.

use std::rc::Rc;

use crate::browser::editor::EditorKind;
use crate::browser::embedded::Inside;
use crate::browser::{access, clock, dom, storage, unsaved};
use crate::state::action::Action;
use crate::state::choices::{Choices, Theme};
use crate::state::course::LessonAddress;
use crate::state::drafts::{Drafts, ReplacedBy, ScriptOrigin};
use crate::state::lessons::FIRST_SCRIPT;
use crate::state::tour::Tour;
use crate::state::{Saving, State};
use formats::link;
use texts::Language;

/// The initial state.
pub(super) fn state(inside: Option<&Inside>) -> State {
    let choices = choices();
    let mut state = State::new(FIRST_SCRIPT.of(choices.language).into(), choices);
    state.now = clock::wall_time();
    state.address = dom::address().into();
    match inside {
        Some(inside) => open_embedded(&mut state, inside),
        None => open_alone(&mut state),
    }
    state
}

/// The stored language and theme, or else the browser's.
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

/// Applies the settings in a lab's address. The address stays as it is, because it belongs to the
/// host page.
fn open_embedded(state: &mut State, inside: &Inside) {
    let wishes = inside.wishes();
    let fragment = dom::fragment();
    // The link comes first, then the settings, e.g. `#v1…&embed&panes=chart`.
    let link = fragment.split('&').next().unwrap_or_default();
    if wishes.script.is_none() && wishes.program.is_none() && link.starts_with("#v") {
        state.reduce(Action::LinkOpened(link::decode(link)));
    }
    if state.is_python_side() {
        // No chart of a script stands beside the link's program.
        state.script = "".into();
    }
    // The host page decides about the theme, not the reader's stored choice.
    state.settings.theme = Theme::default();
    state.reduce(Action::HostSettings(Box::new(wishes)));
    state.freeze();
    state.drafts = Drafts::default();
}

/// Applies a page's own address and storage. A link in the address wins over the script of this
/// tab. The script of this tab wins over the reader's stored script.
fn open_alone(state: &mut State) {
    state.drafts = storage::drafts();
    if storage::is_refused() {
        state.saving = Saving::Refused;
    } else if !storage::has_toured() {
        state.tour = Tour::Offered;
    }
    if let Some(program) = unsaved::read(EditorKind::Python) {
        Rc::make_mut(&mut state.program).own = Some(program);
    }
    if let Some(brought) = storage::brought_program() {
        state.open_linked_program(brought.into(), "".into());
    }
    let stored = unsaved::read(EditorKind::Script);
    open_stored(state, stored.as_deref().filter(|text| !text.is_empty()));
    state.course.progress = storage::progress();
    match asked_by_address() {
        Some(Action::LessonNamed(address)) => {
            // The script of the storage belongs to the lesson if the reader edited it there.
            let is_edited = dom::is_edited() && state.origin == ScriptOrigin::Reader;
            state.reduce(Action::LessonNamed(LessonAddress {
                is_edited,
                ..address
            }));
        }
        Some(action) => {
            state.reduce(action);
        }
        None => {}
    }
}

/// Restores the tab's script, or else the reader's. The parser reports a script that is too long.
fn open_stored(state: &mut State, stored: Option<&str>) {
    let brought = storage::brought();
    if let Some(stored) = stored {
        match &brought {
            None => {
                state.script = stored.into();
                state.origin = ScriptOrigin::Reader;
            }
            // Becomes a draft, because the reader's next edit overwrites it in storage.
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

/// Reads what the address asks for. The name of a lesson stays in the address. A share link is
/// removed there, and so is a companion's one-time code (`#c=…`), which is exchanged for the token.
pub(super) fn asked_by_address() -> Option<Action> {
    let fragment = dom::fragment();
    if let Some(address) = LessonAddress::parse(&fragment) {
        return Some(Action::LessonNamed(address));
    }
    if fragment.len() < 2 {
        return Some(Action::LessonsLeft);
    }
    // The target of the skip link.
    if fragment.starts_with("#script-card") {
        return None;
    }
    dom::clear_fragment();
    match fragment.strip_prefix("#c=") {
        Some(code) => {
            access::redeem(code);
            None
        }
        None => Some(Action::LinkOpened(link::decode(&fragment))),
    }
}
