//! The page's side of what talks to a companion ([`crate::web::proof`]): tells it what
//! stands in the script while its pane is open, and hands on what it says.

use std::cell::RefCell;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use yew::Callback;

use super::dom;
use super::hired::Employer;
use super::storage;
use crate::protocol;
use crate::web::model::insight::Tab;
use crate::web::model::state::State;
use crate::web::proof::message::{Asked, Hand, Page, Said};

pub(super) struct Proof {
    employer: Employer,
    told: RefCell<Option<Page>>,
}

impl Proof {
    pub(super) fn new(said: Callback<Option<Said>>) -> Self {
        let hear = Callback::from(move |message: Option<JsValue>| {
            let bytes = message.map(|message| Uint8Array::new(&message).to_vec());
            said.emit(bytes.and_then(|bytes| protocol::decode(&bytes)));
        });
        Self {
            employer: Employer::new("proof", hear),
            told: RefCell::default(),
        }
    }

    /// What has changed, while the reader looks.
    pub(super) fn follow(&self, state: &State) {
        if state.insight.tab != Tab::Proof {
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

    /// It is gone, and the next one knows nothing.
    pub(super) fn lost(&self) {
        self.told.replace(None);
    }

    fn tell(&self, asked: &Asked) {
        let bytes = Uint8Array::from(protocol::encode(asked).as_slice());
        self.employer.tell(bytes.into());
    }
}

fn page(state: &State) -> Page {
    Page {
        script: state.script.to_string(),
        is_sound: !state.is_stale(),
        language: state.language(),
        origin: dom::window().location().origin().unwrap_or_default(),
        is_served: dom::built("companion").is_some(),
        token: storage::token().unwrap_or_default(),
    }
}
