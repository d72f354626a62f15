//! Stores the script and the drafts.
//!
//! The reader's script is stored 500 ms after the last keystroke, or after two seconds of typing.
//! A script from a link, a lesson or an exercise is stored at once, for this tab only. A draft is
//! stored before the script that replaces it runs, because that run may crash the page.

use std::rc::Rc;

use yew::prelude::*;

use super::{App, Message};
use crate::browser::clock::{self, Timeout};
use crate::browser::storage;
use crate::state::autosave;
use crate::state::drafts::{ReplacedBy, ScriptOrigin};
use crate::state::{Notice, Saving};

/// The pending save; exists while the script has unsaved edits.
pub(super) struct Autosave {
    unsaved_since_ms: f64,
    _timer: Timeout,
}

impl App {
    /// Stores the content that the page was opened with. A lab stores nothing.
    pub(super) fn keep_opened(&mut self) {
        if self.inside.is_some() {
            return;
        }
        if !self.state.drafts.is_empty() {
            self.store_drafts();
        }
        // From a link in the address. A script that this tab restored is already stored.
        if self.state.origin == ScriptOrigin::Link {
            self.keep_brought();
        }
    }

    /// Stores the reader's script at once, if it has unsaved edits. Another script has replaced it.
    pub(super) fn store_pending(&mut self, script: &Rc<str>) {
        if self.autosave.take().is_some() {
            self.save_script(script);
        }
    }

    pub(super) fn save_soon(&mut self, ctx: &Context<Self>) {
        let now_ms = clock::now_ms();
        let since = self.autosave.take().map(|pending| pending.unsaved_since_ms);
        let unsaved_since_ms = since.unwrap_or(now_ms);
        let delay_ms = autosave::delay_ms(now_ms - unsaved_since_ms);
        let link = ctx.link().clone();
        self.autosave = Some(Autosave {
            unsaved_since_ms,
            _timer: Timeout::new(delay_ms as u32, move || link.send_message(Message::SaveDue)),
        });
    }

    /// Stores the script if it has unsaved edits. Returns whether the page needs to be rendered.
    pub(super) fn save_pending(&mut self) -> bool {
        if self.autosave.take().is_none() {
            return false;
        }
        let before = self.state.clone();
        self.save_script(&before.script);
        before != self.state
    }

    /// Stores the reader's script. If another tab has stored a different script in the meantime,
    /// that script becomes a draft first, even if no storage event has arrived.
    fn save_script(&mut self, script: &Rc<str>) {
        let found = storage::script();
        let is_known = |found: &String| self.stored.as_ref() == Some(found) || **found == **script;
        if let Some(found) = found.filter(|found| !is_known(found)) {
            let state = Rc::make_mut(&mut self.state);
            state.now = clock::wall_time();
            state.put_aside(found.into(), ScriptOrigin::OtherTab, ReplacedBy::Unknown);
            self.store_drafts();
        }
        let saving = match storage::keep_script(script) {
            Ok(()) => {
                self.stored = Some(script.to_string());
                // The reader's script now replaces the brought one, also on a reload.
                storage::forget_brought();
                Saving::Kept
            }
            Err(storage::StorageRefused) => Saving::Refused,
        };
        Rc::make_mut(&mut self.state).saving = saving;
    }

    /// Stores the reader's program. One that another tab has stored meanwhile becomes a draft.
    pub(super) fn store_program(&mut self) {
        let found = storage::program();
        if found != self.stored_program
            && let Some(found) = found
            && self.state.program.own.as_deref() != Some(&*found)
        {
            let state = Rc::make_mut(&mut self.state);
            state.put_aside(found.into(), ScriptOrigin::OtherTab, ReplacedBy::Python);
            self.store_drafts();
        }
        let own = self.state.program.own.clone();
        let kept = storage::keep_program(own.as_deref());
        if kept.is_ok() {
            self.stored_program = own.as_deref().map(str::to_owned);
        }
        // The badge of the script says that storage is refused.
        if self.state.saving == Saving::Kept && kept.is_err() {
            Rc::make_mut(&mut self.state).saving = Saving::Refused;
        }
    }

    /// Stores the drafts, and shows a notice the first time that the browser refuses.
    pub(super) fn store_drafts(&mut self) {
        let state = Rc::make_mut(&mut self.state);
        let saving = match storage::keep_drafts(&mut state.drafts) {
            Ok(()) => Saving::Kept,
            Err(storage::StorageRefused) => Saving::Refused,
        };
        let is_news = saving == Saving::Refused && state.drafts_saving == Saving::Kept;
        // If the script is not stored either, its badge already reports it.
        if is_news && state.saving == Saving::Kept {
            state.notice = Some(Notice::DraftsNotStored);
        }
        state.drafts_saving = saving;
    }

    /// Stores a script that is not the reader's, for this tab.
    pub(super) fn keep_brought(&self) {
        storage::keep_brought(self.state.origin, &self.state.script);
    }
}
