//! Everything that replaces the script, and what comes back of what was replaced.

use std::rc::Rc;

use super::lessons::Lesson;
use super::state::{Cursor, Phase, Pointed, Sheet, State, View};
use crate::script;

impl State {
    /// What the reader had comes back by the button for it.
    pub(super) fn replace_script_by_fix(&mut self, text: Rc<str>) {
        self.drafts.keep(&self.script);
        self.rewrite(text);
        self.dialog = None;
    }

    pub(super) fn fix(&mut self, index: usize) {
        let diagnostics = self.checked.clone();
        if let Some(found) = diagnostics
            .diagnostics
            .get(index)
            .filter(|_| self.is_fresh())
        {
            let fixed = script::apply_fixes(&self.script, std::slice::from_ref(found), false);
            self.rewrite(fixed.into());
        }
    }

    pub(super) fn rewrite(&mut self, text: Rc<str>) {
        if text != self.script && self.allows(&text) {
            self.close_trace();
            self.script = text;
            self.leave_sweep();
            self.leave_guess();
            self.ask();
        }
    }

    pub(super) fn format(&mut self) {
        // A script with errors has no layout yet; its errors are on screen.
        if let Ok(text) = crate::script::format(&self.script) {
            self.rewrite(text.into());
        }
    }

    pub(super) fn ask(&mut self) {
        self.run = self.run.next();
        self.phase = Phase::Asked;
    }

    pub(super) fn open_lesson(&mut self, lesson: Lesson) {
        self.replace_script(lesson.script().into());
        self.lesson = Some(lesson);
        self.dialog = None;
        // Its words stand beside the script.
        self.sheet = Sheet::Up;
    }

    /// Another script altogether; what the reader wrote can be brought back.
    pub(super) fn replace_script(&mut self, text: Rc<str>) {
        if text != self.script {
            self.drafts.keep(&self.script);
        }
        self.rewrite(text);
        self.lesson = None;
        self.before_change = None;
        self.cursor = Cursor::default();
        self.playing = false;
        self.view = View::default();
        self.pointed = Pointed::default();
    }

    /// The text that is replaced by this comes back by the same button.
    pub(super) fn restore(&mut self) {
        if let Some(text) = self.drafts.take() {
            self.replace_script(text);
        }
    }

    pub(super) fn try_change(&mut self) {
        let Some(lesson) = self.lesson else { return };
        let before = self.script.clone();
        self.drafts.keep(&before);
        self.rewrite(lesson.changed(&before).into());
        self.lesson = Some(lesson.to_change());
        self.before_change = Some((lesson, before));
    }

    pub(super) fn undo_change(&mut self) {
        if let Some((lesson, before)) = self.before_change.take() {
            self.drafts.keep(&self.script);
            self.rewrite(before);
            self.lesson = Some(lesson);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::model::action::Action;
    use crate::web::model::trial::{after, state};

    #[test]
    fn what_a_lesson_replaced_can_be_brought_back() {
        let mine = state().script;
        let lesson = Lesson::all().nth(3).expect("there are 25");
        let opened = after(state(), [Action::LessonOpened(lesson)]);
        assert_ne!(opened.script, mine);
        let back = after(opened, [Action::Restored]);
        assert_eq!(back.script, mine);
    }

    #[test]
    fn a_lessons_change_is_tried_and_undone() {
        let lesson = Lesson::all().next().expect("there are 25").to_change();
        let opened = after(state(), [Action::LessonOpened(lesson)]);
        let before = opened.script.clone();
        let tried = after(opened, [Action::ChangeTried]);
        assert!(tried.script.contains(&lesson.text().change.to));
        let undone = after(tried, [Action::ChangeUndone]);
        assert_eq!(undone.script, before);
        assert_eq!(undone.lesson, Some(lesson));
    }

    #[test]
    fn what_another_tab_saved_is_offered_and_neither_text_is_lost() {
        let mine = state().script;
        let theirs: Rc<str> = "theirs: cpu 1\n".into();
        let offered = after(state(), [Action::SavedElsewhere(theirs.clone())]);
        assert_eq!(offered.script, mine);
        let taken = after(offered.clone(), [Action::OpenedElsewhere]);
        assert_eq!(taken.script, theirs);
        assert_eq!(after(taken, [Action::Restored]).script, mine);
        let left = after(offered, [Action::LeftElsewhere]);
        assert_eq!(left.elsewhere, None);
        assert_eq!(after(left, [Action::Restored]).script, theirs);
    }
}
