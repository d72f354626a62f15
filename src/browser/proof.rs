//! The page's side of what talks to a companion ([`crate::proof`]): tells it what
//! stands in the script while its pane is open, and hands on what it says.

use std::cell::RefCell;

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use yew::Callback;

use super::access;
use super::dom;
use super::hired::Employer;
use super::storage;
use crate::proof::message::{Asked, Hand, Page, Said};
use crate::protocol;
use crate::state::insight::{Failure, Tab};
use crate::state::{Phase, State};

pub(super) struct Proof {
    employer: Employer,
    told: RefCell<Option<Page>>,
}

impl Proof {
    /// `said` is given a message, and whatever follows it; or why there are no more.
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

    /// What has changed, while the reader looks.
    pub(super) fn follow(&self, state: &State) {
        // What failed is tried again when the reader says so.
        if state.insight.tab != Tab::Proof || state.proof.failure.is_some() {
            return;
        }
        // The token is on its way; it is told as soon as it is there.
        if access::is_under_way() {
            return;
        }
        let page = page(state);
        if self.told.borrow().as_ref() != Some(&page) {
            self.told.replace(Some(page.clone()));
            self.tell(&Asked::Page(page));
        }
    }

    pub(super) fn handed(&self, hand: Hand, value: String) {
        self.tell(&Asked::Handed(hand, value));
    }

    pub(super) fn file(&self, file: JsValue) {
        self.employer.tell(file);
    }

    /// It is gone, and the next one knows nothing.
    pub(super) fn lost(&self) {
        self.told.replace(None);
    }

    /// Ends the program, whatever it is at.
    pub(super) fn stop(&self) {
        self.employer.fire();
        self.lost();
    }

    fn tell(&self, asked: &Asked) {
        let bytes = Uint8Array::from(protocol::encode(asked).as_slice());
        self.employer.tell(bytes.into());
    }
}

fn page(state: &State) -> Page {
    let token = storage::token();
    Page {
        script: state.script.to_string(),
        is_opened: state.opened.is_some(),
        is_sound: state.phase != Phase::Faulty,
        language: state.language(),
        origin: dom::window().location().origin().unwrap_or_default(),
        is_served: dom::built("companion").is_some(),
        // An address that is opened again in its own tab has its token already.
        is_spent: token.is_none() && access::is_spent(),
        token: token.unwrap_or_default(),
    }
}

/// The file that a drop brings along, or that a control holds.
pub(super) fn file_in(event_or_control: &JsValue) -> Option<JsValue> {
    let get = |from: &JsValue, name: &str| {
        let found = Reflect::get(from, &name.into()).ok()?;
        (!found.is_null() && !found.is_undefined()).then_some(found)
    };
    let holder = get(event_or_control, "dataTransfer");
    let files = get(holder.as_ref().unwrap_or(event_or_control), "files")?;
    get(&files, "0")
}

/// What a file is called.
pub(super) fn name_of(file: &JsValue) -> String {
    let name = Reflect::get(file, &"name".into()).ok();
    name.and_then(|name| name.as_string()).unwrap_or_default()
}

/// Something that is dragged over the page may be a file; a text is the editor's.
pub(super) fn brings_files(event: &JsValue) -> bool {
    let types = Reflect::get(event, &"dataTransfer".into())
        .and_then(|transfer| Reflect::get(&transfer, &"types".into()));
    types.is_ok_and(|types| {
        let types: Array = Array::from(&types);
        types.includes(&"Files".into(), 0)
    })
}
