//! How the script and the drafts get into storage.
//!
//! The reader's script is stored after a pause in typing, or after two seconds of it; a script
//! that something brought is stored at once, for this tab only. What is put aside is stored
//! before its successor runs, since a run may end the page.

use std::rc::Rc;

use yew::prelude::*;

use super::{App, Message};
use crate::browser::clock::{self, Timeout};
use crate::browser::storage;
use crate::state::autosave;
use crate::state::drafts::{ReplacedBy, ScriptOrigin};
use crate::state::{Notice, Saving, State};

/// While the script has edits that are not stored.
pub(super) struct Autosave {
    unsaved_since_ms: f64,
    _timer: Timeout,
}

impl App {
    /// Stores what the page was opened with.
    pub(super) fn keep_opened(&mut self) {
        if self.inside.is_some() {
            return;
        }
        if !self.state.drafts.is_empty() {
            self.keep_drafts();
        }
        // Of a link in the address; what was there before is stored already.
        if self.state.origin == ScriptOrigin::Link {
            self.keep_brought();
        }
    }

    /// Stores what an action has changed.
    pub(super) fn keep_changes(&mut self, ctx: &Context<Self>, before: &State) {
        if self.inside.is_some() {
            return;
        }
        if self.state.drafts != before.drafts {
            self.keep_drafts();
        }
        if self.state.script == before.script && self.state.origin == before.origin {
            return;
        }
        if self.state.origin == ScriptOrigin::Reader {
            return self.save_soon(ctx);
        }
        // What was typed last, and would have been stored in a moment.
        if self.autosave.take().is_some() {
            self.save_script(&before.script);
        }
        self.keep_brought();
    }

    fn save_soon(&mut self, ctx: &Context<Self>) {
        let now_ms = clock::now_ms();
        let since = self.autosave.take().map(|pending| pending.unsaved_since_ms);
        let unsaved_since_ms = since.unwrap_or(now_ms);
        let delay_ms = autosave::delay_ms(now_ms - unsaved_since_ms);
        let link = ctx.link().clone();
        self.autosave = Some(Autosave {
            unsaved_since_ms,
            _timer: Timeout::after(delay_ms as i32, move || link.send_message(Message::SaveDue)),
        });
    }

    /// Stores the script if it has edits that are not stored. Whether the page is to be rendered.
    pub(super) fn save_pending(&mut self) -> bool {
        if self.autosave.take().is_none() {
            return false;
        }
        let before = self.state.clone();
        self.save_script(&before.script);
        before != self.state
    }

    /// Stores a script of the reader's. What another tab has stored there, announced by an event
    /// or not, becomes a draft first.
    fn save_script(&mut self, script: &Rc<str>) {
        let found = storage::script();
        let is_known = |found: &String| self.stored.as_ref() == Some(found) || **found == **script;
        if let Some(found) = found.filter(|found| !is_known(found)) {
            let state = Rc::make_mut(&mut self.state);
            state.now = clock::wall_time();
            state.put_aside(found.into(), ScriptOrigin::OtherTab, ReplacedBy::Unknown);
            self.keep_drafts();
        }
        let saving = match storage::keep_script(script) {
            Ok(()) => {
                self.stored = Some(script.to_string());
                storage::forget_brought();
                Saving::Kept
            }
            Err(storage::Refused) => Saving::Refused,
        };
        Rc::make_mut(&mut self.state).saving = saving;
    }

    fn keep_drafts(&mut self) {
        let state = Rc::make_mut(&mut self.state);
        let saving = match storage::keep_drafts(&mut state.drafts) {
            Ok(()) => Saving::Kept,
            Err(storage::Refused) => Saving::Refused,
        };
        let is_news = saving == Saving::Refused && state.drafts_saving == Saving::Kept;
        // Where nothing is stored, the script's badge says so.
        if is_news && state.saving == Saving::Kept {
            state.notice = Some(Notice::DraftsNotStored);
        }
        state.drafts_saving = saving;
    }

    fn keep_brought(&self) {
        storage::keep_brought(self.state.origin, &self.state.script);
    }
}
