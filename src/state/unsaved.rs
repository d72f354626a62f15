//! One text of the reader's on its way to storage. `browser/unsaved.rs` stores it.
//!
//! A typed text first waits in Yew's queue, then in the state for the next save. A page that closes
//! abandons that queue, so the editor puts each text here at once.

use std::rc::Rc;

/// The script or the program.
#[derive(Debug)]
pub(crate) struct UnsavedText {
    /// The last text that was typed, until it reaches the state.
    typed: Option<Rc<str>>,
    /// The text of the state, until it is stored.
    edited: Option<Rc<str>>,
    /// The text in storage, as this tab last wrote or read it.
    stored: Option<Rc<str>>,
}

impl UnsavedText {
    pub(crate) const NOTHING: Self = Self {
        typed: None,
        edited: None,
        stored: None,
    };

    /// Notes the text that the page found in storage.
    pub(crate) fn found(&mut self, text: Rc<str>) {
        self.stored = Some(text);
    }

    /// Notes a text that is now on its way to the state.
    pub(crate) fn typed(&mut self, text: Rc<str>) {
        self.typed = Some(text);
    }

    /// Notes that a typed text has reached the state.
    pub(crate) fn arrived(&mut self, text: &Rc<str>) {
        // By pointer: `ab`, `a`, `ab` in quick succession are three texts, and the first is not
        // the last.
        self.typed.take_if(|typed| Rc::ptr_eq(typed, text));
    }

    /// Notes the state's new text.
    pub(crate) fn edited(&mut self, text: Rc<str>) {
        self.edited = Some(text);
    }

    /// The text to store. A typed one is newer than the state's.
    pub(crate) fn newest(&self) -> Option<&Rc<str>> {
        self.typed.as_ref().or(self.edited.as_ref())
    }

    /// Notes that the newest text is stored. A typed one stays the newest until it reaches the
    /// state, so that no save before then writes the state's older text.
    pub(crate) fn saved(&mut self) {
        if let Some(text) = self.newest() {
            self.stored = Some(text.clone());
        }
        self.edited = None;
    }

    /// Whether another tab has stored this text, and saving the newest one would overwrite it.
    pub(crate) fn would_lose(&self, found: &str) -> bool {
        let is_newest = self.newest().is_some_and(|newest| **newest == *found);
        !is_newest && self.stored.as_deref() != Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notes that a text was typed; returns it as the state will get it.
    fn typed(unsaved: &mut UnsavedText, text: &str) -> Rc<str> {
        let text: Rc<str> = text.into();
        unsaved.typed(text.clone());
        text
    }

    /// As the app does with a typed text.
    fn arrives(unsaved: &mut UnsavedText, text: &Rc<str>) {
        unsaved.arrived(text);
        unsaved.edited(text.clone());
    }

    #[track_caller]
    fn check(unsaved: &UnsavedText, newest: Option<&str>) {
        assert_eq!(unsaved.newest().map(|text| &**text), newest);
    }

    #[test]
    fn a_text_is_unsaved_from_the_keystroke_until_it_is_stored() {
        let mut unsaved = UnsavedText::NOTHING;
        check(&unsaved, None);
        let text = typed(&mut unsaved, "a");
        check(&unsaved, Some("a"));
        arrives(&mut unsaved, &text);
        check(&unsaved, Some("a"));
        unsaved.saved();
        check(&unsaved, None);
    }

    #[test]
    fn a_save_between_two_keystrokes_stores_the_later_one() {
        let mut unsaved = UnsavedText::NOTHING;
        let first = typed(&mut unsaved, "a");
        typed(&mut unsaved, "ab");
        arrives(&mut unsaved, &first);
        check(&unsaved, Some("ab"));
    }

    #[test]
    fn no_save_writes_an_older_text_over_the_one_that_a_hidden_page_stored() {
        let mut unsaved = UnsavedText::NOTHING;
        let first = typed(&mut unsaved, "a");
        let second = typed(&mut unsaved, "ab");
        // The page is hidden.
        unsaved.saved();
        arrives(&mut unsaved, &first);
        check(&unsaved, Some("ab"));
        assert!(!unsaved.would_lose("ab"));
        unsaved.saved();
        arrives(&mut unsaved, &second);
        check(&unsaved, Some("ab"));
    }

    #[test]
    fn a_text_that_was_typed_twice_has_arrived_only_with_the_last_one() {
        let mut unsaved = UnsavedText::NOTHING;
        let texts = ["ab", "a", "ab"].map(|text| typed(&mut unsaved, text));
        arrives(&mut unsaved, &texts[0]);
        arrives(&mut unsaved, &texts[1]);
        check(&unsaved, Some("ab"));
        arrives(&mut unsaved, &texts[2]);
        unsaved.saved();
        check(&unsaved, None);
    }

    #[test]
    fn a_text_that_is_refused_stays_unsaved() {
        let mut unsaved = UnsavedText::NOTHING;
        unsaved.found("old".into());
        unsaved.edited("new".into());
        check(&unsaved, Some("new"));
        assert!(!unsaved.would_lose("old"));
    }

    #[test]
    fn only_a_text_of_another_tab_would_be_lost() {
        let mut unsaved = UnsavedText::NOTHING;
        unsaved.found("old".into());
        unsaved.edited("new".into());
        let would_lose =
            |unsaved: &UnsavedText| ["old", "new", "theirs"].map(|found| unsaved.would_lose(found));
        assert_eq!(would_lose(&unsaved), [false, false, true]);
        unsaved.saved();
        typed(&mut unsaved, "newer");
        // Another tab has stored `old` again.
        assert_eq!(would_lose(&unsaved), [true, false, true]);
    }
}
