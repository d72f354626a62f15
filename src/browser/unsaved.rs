//! Stores the reader's script and program, also while Yew's queue is not empty: a page that closes
//! abandons that queue.
//!
//! [`UnsavedText`] knows which text is the newest. `app/keeping.rs` decides when to save.

use std::cell::RefCell;
use std::rc::Rc;

use super::clock;
use super::editor::EditorKind;
use super::storage::{self, StorageRefused};
use crate::state::drafts::{Draft, Drafts, ReplacedBy, ScriptOrigin};
use crate::state::unsaved::UnsavedText;

/// The reader's texts that are not stored yet.
#[derive(Default)]
pub(super) struct Unsaved {
    script: RefCell<UnsavedText>,
    program: RefCell<UnsavedText>,
}

impl Unsaved {
    pub(super) fn of_stored(script: Rc<str>, program: Rc<str>) -> Self {
        Self {
            script: RefCell::new(UnsavedText::of_stored(script)),
            program: RefCell::new(UnsavedText::of_stored(program)),
        }
    }

    fn text(&self, kind: EditorKind) -> &RefCell<UnsavedText> {
        match kind {
            EditorKind::Script => &self.script,
            EditorKind::Python => &self.program,
        }
    }

    pub(super) fn typed(&self, kind: EditorKind, text: Rc<str>) {
        self.text(kind).borrow_mut().typed(text);
    }

    pub(super) fn arrived(&self, kind: EditorKind, text: &Rc<str>) {
        self.text(kind).borrow_mut().arrived(text);
    }

    pub(super) fn edited(&self, kind: EditorKind, text: Rc<str>) {
        self.text(kind).borrow_mut().edited(text);
    }

    /// Stores the newest text, if storage lacks it. If another tab has stored a different text in
    /// the meantime, that text goes to `put_aside` first, even if no storage event has arrived.
    pub(super) fn save(
        &self,
        kind: EditorKind,
        put_aside: impl FnOnce(Rc<str>),
    ) -> Result<(), StorageRefused> {
        let mut unsaved = self.text(kind).borrow_mut();
        let Some(newest) = unsaved.newest() else {
            return Ok(());
        };
        let found = match kind {
            EditorKind::Script => storage::script(),
            EditorKind::Python => storage::program(),
        };
        if let Some(found) = found.filter(|found| unsaved.would_lose(found)) {
            put_aside(found.into());
        }
        match kind {
            EditorKind::Script => {
                storage::keep_script(newest)?;
                // The reader's script now replaces the brought one, also on a reload.
                storage::forget_brought();
            }
            EditorKind::Python => storage::keep_program(newest)?,
        }
        unsaved.saved();
        Ok(())
    }

    /// Stores both texts before the page closes. Returns the drafts if texts of another tab have
    /// joined them.
    pub(super) fn save_all(&self) -> Option<Drafts> {
        let mut found = Drafts::default();
        for kind in [EditorKind::Script, EditorKind::Python] {
            // If the browser refuses, the text remains unsaved; a later save reports it.
            let _ = self.save(kind, |text| {
                found.keep(Draft {
                    text,
                    origin: ScriptOrigin::OtherTab,
                    replaced_by: kind.replaced_by(),
                    at: clock::wall_time(),
                });
                // If the browser refuses, the drafts last until the tab is closed.
                let _ = storage::keep_drafts(&mut found);
            });
        }
        (!found.is_empty()).then_some(found)
    }
}

impl EditorKind {
    /// What replaced a draft that another tab had stored.
    pub(super) fn replaced_by(self) -> ReplacedBy {
        match self {
            Self::Script => ReplacedBy::Unknown,
            Self::Python => ReplacedBy::Python,
        }
    }
}
