//! The page's client of the verification program ([`crate::proof`]): sends it the page's
//! state while its pane is open, and passes on its messages.

use std::cell::RefCell;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use yew::Callback;

use super::access;
use super::dom;
use super::hired::Employer;
use super::storage;
use crate::proof::message::{Asked, Page, Said};
use crate::protocol;
use crate::protocol::panel::PanelControl;
use crate::state::insight::{Failure, Tab};
use crate::state::{Phase, State};

/// The worker that talks to the companion.
pub(super) struct Proof {
    employer: Employer,
    /// The state that the program got last.
    told: RefCell<Option<Page>>,
}

impl Proof {
    /// `said` gets each message with the arrays that follow it, or a failure when the program
    /// crashes.
    pub(super) fn new(said: Callback<Result<(Said, Array), Failure>>) -> Self {
        let hear = Callback::from(move |message: Result<JsValue, Failure>| {
            said.emit(message.and_then(|message| {
                let parts: Array = message.unchecked_into();
                let bytes = Uint8Array::new(&parts.get(0)).to_vec();
                let said = protocol::decode(&bytes).ok_or(Failure::Broke)?;
                Ok((said, parts))
            }));
        });
        Self {
            employer: Employer::new("proof", hear),
            told: RefCell::default(),
        }
    }

    /// Sends the page's state if the pane is open and the state has changed.
    pub(super) fn follow(&self, state: &State) {
        // After a failure the reader decides when to try again.
        if state.insight.tab != Tab::Proof || state.proof.failure.is_some() {
            return;
        }
        // Once the token is here, `AccessDecided` calls this again.
        if access::is_under_way() {
            return;
        }
        let page = page(state);
        if self.told.borrow().as_ref() != Some(&page) {
            self.told.replace(Some(page.clone()));
            self.tell(&Asked::Page(page));
        }
    }

    /// Sends the reader's use of a control.
    pub(super) fn use_control(&self, control: PanelControl, value: String) {
        self.tell(&Asked::Handed(control, value));
    }

    /// Sends a file to open as a trace.
    pub(super) fn file(&self, file: JsValue) {
        self.employer.tell(file);
    }

    /// Forgets the state that a crashed program got: its successor needs it again.
    pub(super) fn lost(&self) {
        self.told.replace(None);
    }

    /// Terminates the program at once.
    pub(super) fn stop(&self) {
        self.employer.fire();
        self.lost();
    }

    fn tell(&self, asked: &Asked) {
        let bytes = Uint8Array::from(protocol::encode(asked).as_slice());
        self.employer.tell(bytes.into());
    }
}

/// The part of the page's state that the program needs.
fn page(state: &State) -> Page {
    let token = storage::token();
    Page {
        script: state.script.to_string(),
        is_opened: state.opened.is_some(),
        is_sound: state.phase != Phase::Faulty,
        language: state.language(),
        origin: dom::window().location().origin().unwrap_or_default(),
        is_served: dom::built("companion").is_some(),
        // After a reload with the code in the address, the code is spent but the tab has the token.
        is_spent: token.is_none() && access::is_spent(),
        token: token.unwrap_or_default(),
    }
}

/// The first file of a drop event or of a file control.
pub(super) fn file_in(event_or_control: &JsValue) -> Option<JsValue> {
    let get = |from: &JsValue, name: &str| {
        let found = Reflect::get(from, &name.into()).ok()?;
        (!found.is_null() && !found.is_undefined()).then_some(found)
    };
    let holder = get(event_or_control, "dataTransfer");
    let files = get(holder.as_ref().unwrap_or(event_or_control), "files")?;
    get(&files, "0")
}

/// The name of a file.
pub(super) fn name_of(file: &JsValue) -> String {
    let name = Reflect::get(file, &"name".into()).ok();
    name.and_then(|name| name.as_string()).unwrap_or_default()
}

/// Whether a drag over the page may contain files. Dragged text belongs to the editor.
pub(super) fn brings_files(event: &JsValue) -> bool {
    let types = Reflect::get(event, &"dataTransfer".into())
        .and_then(|transfer| Reflect::get(&transfer, &"types".into()));
    types.is_ok_and(|types| {
        let types: Array = Array::from(&types);
        types.includes(&"Files".into(), 0)
    })
}
