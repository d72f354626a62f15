//! Stores the script and the drafts.
//!
//! The reader's script is stored 500 ms after the last keystroke, or after two seconds of typing.
//! When the page is hidden or closed, the listener in [`super::listening`] stores it at once.
//! A script from a link, a lesson or an exercise is stored at once, for this tab only. A draft is
//! stored before the script that replaces it runs, because that run may crash the page.

use std::rc::Rc;

use yew::prelude::*;

use super::{App, Message};
use crate::browser::clock::{self, Timeout};
use crate::browser::editor::EditorKind;
use crate::browser::storage::{self, StorageRefused};
use crate::browser::unsaved::{self, Saved};
use crate::state::action::Action;
use crate::state::autosave;
use crate::state::drafts::ScriptOrigin;
use crate::state::program::ProgramAction;
use crate::state::{Notice, Saving};

/// Notes whether the action brings a typed text to the state.
pub(super) fn note_arrival(action: &Action) {
    let (kind, text) = match action {
        Action::Typed(text, _) => (EditorKind::Script, text),
        Action::Program(ProgramAction::Edited(text)) => (EditorKind::Python, text),
        _ => return,
    };
    unsaved::note(kind, |unsaved| unsaved.arrived(text));
}

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
        if self.state.program.is_brought {
            self.store_program();
        }
    }

    pub(super) fn save_soon(&mut self, ctx: &Context<Self>) {
        let script = self.state.script.clone();
        unsaved::note(EditorKind::Script, |unsaved| unsaved.edited(script));
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

    /// Stores the reader's script if it has unsaved edits.
    pub(super) fn save_script(&mut self) {
        if self.autosave.take().is_some() {
            let saving = match self.save(EditorKind::Script) {
                Ok(()) => Saving::Kept,
                Err(StorageRefused) => Saving::Refused,
            };
            Rc::make_mut(&mut self.state).saving = saving;
        }
    }

    /// Stores the reader's program, or that of a link for this tab.
    pub(super) fn store_program(&mut self) {
        let own = self.state.program.own.clone().unwrap_or_default();
        if self.state.program.is_brought {
            return storage::keep_brought_program(&own);
        }
        unsaved::note(EditorKind::Python, |unsaved| unsaved.edited(own));
        // The badge of the script says that storage is refused.
        if self.save(EditorKind::Python).is_err() {
            Rc::make_mut(&mut self.state).saving = Saving::Refused;
        }
    }

    /// Stores a text. A different one that another tab has stored meanwhile becomes a draft.
    fn save(&mut self, kind: EditorKind) -> Result<(), StorageRefused> {
        let Saved { outcome, drafts } = unsaved::save(kind);
        if !drafts.is_empty() {
            Rc::make_mut(&mut self.state).drafts.merge(drafts);
            self.store_drafts();
        }
        outcome
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
