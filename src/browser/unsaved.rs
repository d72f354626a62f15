//! Stores the reader's script and program, also while Yew's queue is not empty: a page that closes
//! abandons that queue, so the texts are kept outside of the components.
//!
//! [`UnsavedText`] knows which text is the newest. `app/keeping.rs` decides when to save. In a lab
//! nothing is ever saved.

use std::cell::RefCell;
use std::rc::Rc;

use super::clock;
use super::editor::EditorKind;
use super::storage::{self, StorageRefused};
use crate::state::drafts::{Draft, Drafts, ReplacedBy, ScriptOrigin};
use crate::state::unsaved::UnsavedText;

thread_local! {
    /// By the kind of the editor.
    static TEXTS: RefCell<[UnsavedText; 2]> =
        const { RefCell::new([UnsavedText::NOTHING, UnsavedText::NOTHING]) };
}

/// Reads the stored text. From now on it does not count as another tab's.
pub(super) fn read(kind: EditorKind) -> Option<Rc<str>> {
    let found: Rc<str> = stored(kind)?.into();
    note(kind, |unsaved| unsaved.found(found.clone()));
    Some(found)
}

fn stored(kind: EditorKind) -> Option<String> {
    match kind {
        EditorKind::Script => storage::script(),
        EditorKind::Python => storage::program(),
    }
}

/// Changes what is known about the text of an editor.
pub(super) fn note(kind: EditorKind, change: impl FnOnce(&mut UnsavedText)) {
    TEXTS.with_borrow_mut(|texts| change(&mut texts[kind as usize]));
}

/// The outcome of [`save`].
pub(super) struct Saved {
    pub(super) outcome: Result<(), StorageRefused>,
    /// The stored drafts, if the text of another tab has joined them; otherwise empty.
    pub(super) drafts: Drafts,
}

/// Stores the newest text, if storage lacks it. If another tab has stored a different text in the
/// meantime, that text becomes a draft first, even if no storage event has arrived.
pub(super) fn save(kind: EditorKind) -> Saved {
    let mut drafts = Drafts::default();
    let outcome = TEXTS.with_borrow_mut(|texts| {
        let unsaved = &mut texts[kind as usize];
        let Some(newest) = unsaved.newest() else {
            return Ok(());
        };
        if let Some(found) = stored(kind).filter(|found| unsaved.would_lose(found)) {
            drafts.keep(Draft {
                text: found.into(),
                origin: ScriptOrigin::OtherTab,
                replaced_by: match kind {
                    EditorKind::Script => ReplacedBy::Unknown,
                    EditorKind::Python => ReplacedBy::Python,
                },
                at: clock::wall_time(),
            });
            // If the browser refuses, the page shows that when it gets the drafts.
            let _ = storage::keep_drafts(&mut drafts);
        }
        match kind {
            EditorKind::Script => {
                storage::keep_script(newest)?;
                // The reader's script now replaces the brought one, also on a reload.
                storage::forget_brought();
            }
            EditorKind::Python => {
                storage::keep_program(newest)?;
                storage::keep_brought_program("");
            }
        }
        unsaved.saved();
        Ok(())
    });
    Saved { outcome, drafts }
}
