//! Replacing the script: edits, fixes, lessons, links and drafts.

use std::rc::Rc;

use super::drafts::{Draft, DraftGroup, ReplacedBy, ScriptOrigin};
use super::effect::Effect;
use super::lessons;
use super::program::ProgramAction;
use super::{BeforeChange, Cursor, Dialog, Phase, Pointed, State, View};
use script::vocabulary::SettingWord;
use script::{EditableScript, apply_edits};

impl State {
    /// A script from a finding, a sweep or the Python reader.
    pub(super) fn replace_script_by_fix(&mut self, text: Rc<str>) {
        let replaced_by = if self.dialog == Some(Dialog::Python) {
            self.open_script_side();
            ReplacedBy::Python
        } else {
            ReplacedBy::Fix
        };
        self.put_script_aside(replaced_by);
        self.rewrite(text);
        // The script may have been there before, behind the program or the trace that it repeats.
        self.leave_program();
        self.close_trace();
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

    /// Gives a setting of the script a value.
    pub(super) fn set(&mut self, setting: SettingWord, value: &str) {
        let edit = EditableScript::parse(&self.script).set(setting, value);
        self.rewrite(apply_edits(&self.script, [&edit]).into());
    }

    /// Applies an edit; from then on the script is the reader's.
    pub(super) fn rewrite(&mut self, text: Rc<str>) {
        if self.set_script(text) {
            self.origin = ScriptOrigin::Reader;
            // The answers are about the lesson's own script.
            self.skip_prediction();
        }
    }

    /// Applies a text that the reader has typed. If its script was replaced while the keystroke
    /// waited in a queue, e.g. because a lesson was opened, it becomes a draft.
    pub(super) fn rewrite_typed(&mut self, text: Rc<str>, replacements: u32) {
        if replacements == self.replacements {
            return self.rewrite(text);
        }
        let lesson = self.lesson.map(|lesson| lesson.text().number);
        let replaced_by = lesson.map_or(ReplacedBy::Unknown, ReplacedBy::Lesson);
        self.put_aside(text, ScriptOrigin::Reader, replaced_by);
    }

    /// Sets the script; returns whether it changed.
    fn set_script(&mut self, text: Rc<str>) -> bool {
        let changes = text != self.script && self.allows(&text);
        if changes {
            self.leave_program();
            self.close_trace();
            self.script = text;
            self.leave_sweep();
            self.leave_guess();
            self.ask();
        }
        changes
    }

    pub(super) fn format(&mut self) {
        // A script with errors cannot be formatted; its errors are on screen.
        if let Ok(text) = script::format(&self.script) {
            self.rewrite(text.into());
        }
    }

    pub(super) fn ask(&mut self) {
        self.run = self.run.next();
        self.phase = Phase::Asked;
    }

    /// Replaces the whole script; the old one becomes a draft.
    pub(super) fn replace_script(
        &mut self,
        text: Rc<str>,
        origin: ScriptOrigin,
        replaced_by: ReplacedBy,
    ) {
        if text != self.script {
            self.put_script_aside(replaced_by);
        }
        if self.set_script(text) {
            self.origin = origin;
            self.is_other_script = true;
            // Kept at once, so that the text is safe even if its run crashes the page.
            if origin.group() == Some(DraftGroup::Brought) {
                self.put_aside(self.script.clone(), origin, ReplacedBy::Unknown);
            }
        }
        self.forget_moment();
        self.lesson = None;
        self.before_change = None;
        self.cursor = Cursor::default();
        self.playing = false;
        self.view = View::default();
        self.pointed = Pointed::default();
    }

    /// Makes the script a draft: another one is about to replace it.
    fn put_script_aside(&mut self, replaced_by: ReplacedBy) {
        self.replacements += 1;
        self.put_aside(self.script.clone(), self.origin, replaced_by);
    }

    pub(crate) fn put_aside(
        &mut self,
        text: Rc<str>,
        origin: ScriptOrigin,
        replaced_by: ReplacedBy,
    ) {
        self.drafts.keep(Draft {
            text,
            origin,
            replaced_by,
            at: self.now,
        });
    }

    /// The draft stays in the list; the current script joins it.
    pub(super) fn open_draft(&mut self, text: &str) {
        if let Some(draft) = self.drafts.find(text).cloned()
            && !self.open_draft_program(&draft)
        {
            self.replace_script(draft.text, draft.origin, ReplacedBy::Draft);
        }
        self.dialog = None;
    }

    pub(super) fn try_change(&mut self) -> Vec<Effect> {
        let Some(lesson) = self.lesson else {
            return Vec::new();
        };
        let before = BeforeChange {
            lesson,
            script: self.text_of(lesson).clone(),
            origin: self.origin,
        };
        if lesson.is_program() {
            let changed = lesson.changed(&before.script);
            self.before_change = Some(before);
            return self.change_program(changed.into());
        }
        self.put_script_aside(ReplacedBy::LessonChange);
        self.set_script(lesson.changed(&before.script).into());
        // The rest of an edited script is still the reader's.
        if lessons::is_ours(&self.script) {
            self.origin = ScriptOrigin::Page;
        }
        self.lesson = Some(lesson.to_change());
        self.before_change = Some(before);
        Vec::new()
    }

    pub(super) fn undo_change(&mut self) -> Vec<Effect> {
        if let Some(before) = self.before_change.take() {
            if before.lesson.is_program() {
                return self.change_program(before.script);
            }
            self.put_script_aside(ReplacedBy::LessonChange);
            if self.set_script(before.script) {
                self.origin = before.origin;
            }
            self.lesson = Some(before.lesson);
        }
        Vec::new()
    }

    /// Changes the program of a lesson as an edit does. What the reader had written becomes a draft.
    fn change_program(&mut self, text: Rc<str>) -> Vec<Effect> {
        self.put_program_aside(ReplacedBy::LessonChange);
        self.program_acted(ProgramAction::Edited(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::panel::PanelAction;
    use crate::state::action::Action;
    use crate::state::choices::Choices;
    use crate::state::drafts::WallTime;
    use crate::state::lessons::Lesson;
    use crate::state::trial::{after, state};
    use formats::link::Shared;

    const MINE: &str = "mine: cpu 1\n";

    fn lesson(index: usize) -> Action {
        Action::LessonOpened(Lesson::all().nth(index).expect("there are 25"))
    }

    fn edited(text: &str) -> Action {
        Action::Edited(text.into())
    }

    fn link(script: &str) -> Action {
        Action::LinkOpened(Ok(Shared {
            script: script.to_owned(),
            ..Shared::default()
        }))
    }

    fn exercise(script: &str) -> Action {
        Action::PanelActed(PanelAction::Exercise(script.to_owned()))
    }

    fn opened(text: &str) -> Action {
        Action::DraftOpened(text.into())
    }

    /// What can be opened, the newest first, e.g. `link:b reader:a`; only the first lines.
    fn drafts(state: &State) -> String {
        let all = state.drafts.other_than(&state.script);
        let all = all.map(|draft| format!("{}:{}", draft.origin.word(), draft.first_line()));
        all.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn your_script_comes_back_after_two_exercises() {
        let guessing = [edited(MINE), exercise("one: cpu 1"), exercise("two: cpu 1")];
        let state = after(State::new("".into(), Choices::default()), guessing);
        assert_eq!(drafts(&state), "exercise:one: cpu 1 reader:mine: cpu 1");
        let back = after(state, [opened(MINE)]);
        assert_eq!((&*back.script, back.origin), (MINE, ScriptOrigin::Reader));
        assert_eq!(drafts(&back), "exercise:two: cpu 1 exercise:one: cpu 1");
    }

    #[test]
    fn your_script_comes_back_after_edits_in_two_lessons() {
        let [one, two] = ["one: cpu 1", "two: cpu 1"].map(edited);
        let state = after(
            state(),
            [edited(MINE), lesson(3), one, lesson(4), two, lesson(5)],
        );
        let found = drafts(&state);
        assert_eq!(
            found,
            "reader:two: cpu 1 reader:one: cpu 1 reader:mine: cpu 1"
        );
        let why = state.drafts.find(MINE).map(|draft| draft.replaced_by);
        assert_eq!(why, Some(ReplacedBy::Lesson(4)));
    }

    #[test]
    fn your_script_comes_back_after_any_number_of_links() {
        let links = (0..100).map(|index| link(&format!("theirs{index}: cpu 1")));
        let state = after(after(state(), [edited(MINE)]), links);
        assert!(state.drafts.find(MINE).is_some());
        assert_eq!(&*after(state, [opened(MINE)]).script, MINE);
    }

    #[test]
    fn a_key_that_waited_while_a_lesson_was_opened_leaves_the_lesson() {
        let before = after(state(), [edited(MINE)]);
        let typed = |state: &State| Action::Typed("mine: cpu 12\n".into(), state.replacements);
        let late = typed(&before);
        let in_time = after(before.clone(), [typed(&before)]);
        assert_eq!(&*in_time.script, "mine: cpu 12\n");
        let opened = after(before, [lesson(3)]);
        let state = after(opened.clone(), [late]);
        assert_eq!(
            (&state.script, state.lesson),
            (&opened.script, opened.lesson)
        );
        assert_eq!(drafts(&state), "reader:mine: cpu 12 reader:mine: cpu 1");
        // Its change and the way back replace the script, too.
        for replace in [Action::ChangeTried, Action::LessonsLeft] {
            let late = typed(&opened);
            let replaced = after(opened.clone(), [replace]);
            let state = after(replaced.clone(), [late]);
            assert_eq!(state.script, replaced.script);
        }
    }

    #[test]
    fn what_you_only_looked_at_is_not_listed_as_yours() {
        let looked_at = [link("theirs: cpu 1"), lesson(3), exercise("one: cpu 1")];
        let fresh = State::new("first: cpu 1".into(), Choices::default());
        let state = after(fresh, looked_at.into_iter().chain([lesson(4)]));
        assert_eq!(drafts(&state), "exercise:one: cpu 1 link:theirs: cpu 1");
        let edited = after(
            state,
            [link("theirs: cpu 1"), edited("theirs: cpu 2"), lesson(3)],
        );
        assert!(drafts(&edited).starts_with("reader:theirs: cpu 2"));
    }

    #[test]
    fn a_links_text_is_kept_before_it_runs() {
        let opened = after(state(), [link("theirs: cpu 1")]);
        assert_eq!(opened.phase, Phase::Asked);
        let kept = opened.drafts.find("theirs: cpu 1");
        assert_eq!(kept.map(|draft| draft.origin), Some(ScriptOrigin::Link));
    }

    #[test]
    fn a_link_to_your_own_script_leaves_it_yours() {
        let state = after(state(), [edited(MINE), link(MINE)]);
        assert_eq!(state.origin, ScriptOrigin::Reader);
    }

    #[test]
    fn a_draft_says_when_it_was_put_aside() {
        let mut state = after(state(), [edited(MINE)]);
        state.now = WallTime(60_000);
        let state = after(state, [lesson(3)]);
        let at = state.drafts.find(MINE).map(|draft| draft.at);
        assert_eq!(at, Some(WallTime(60_000)));
    }

    #[test]
    fn a_lessons_change_is_tried_and_undone() {
        let lesson = Lesson::all().next().expect("there are 25").to_change();
        let opened = after(state(), [Action::LessonOpened(lesson)]);
        let before = opened.script.clone();
        let tried = after(opened, [Action::ChangeTried]);
        assert!(tried.script.contains(lesson.text().change.to));
        assert_eq!(tried.origin, ScriptOrigin::Page);
        let undone = after(tried, [Action::ChangeUndone]);
        assert_eq!(undone.script, before);
        assert_eq!(undone.lesson, Some(lesson));
        assert_eq!(undone.origin, ScriptOrigin::Page);
    }

    #[test]
    fn an_edited_lesson_is_yours_before_and_after_its_change() {
        let lesson = Lesson::all().next().expect("there are 25").to_change();
        let mine = format!("# mine\n{}", lesson.script());
        let tried = after(
            state(),
            [
                Action::LessonOpened(lesson),
                edited(&mine),
                Action::ChangeTried,
            ],
        );
        assert_eq!(tried.origin, ScriptOrigin::Reader);
        assert!(tried.drafts.find(&mine).is_some());
        let undone = after(tried, [edited("more: cpu 1"), Action::ChangeUndone]);
        assert_eq!(
            (&*undone.script, undone.origin),
            (&*mine, ScriptOrigin::Reader)
        );
        assert!(undone.drafts.find("more: cpu 1").is_some());
    }

    #[test]
    fn what_another_tab_saved_is_offered_and_neither_text_is_lost() {
        let mine = state().script;
        let theirs: Rc<str> = "theirs: cpu 1\n".into();
        let offered = after(state(), [Action::SavedElsewhere(theirs.clone())]);
        assert_eq!(offered.script, mine);
        let taken = after(offered.clone(), [Action::OpenedElsewhere]);
        assert_eq!(taken.script, theirs);
        assert!(taken.drafts.find(&mine).is_some());
        let left = after(offered, [Action::LeftElsewhere]);
        assert_eq!(left.elsewhere, None);
        assert_eq!(after(left, [opened(&theirs)]).script, theirs);
    }

    #[test]
    fn a_draft_that_another_tab_put_aside_is_listed_here_too() {
        let there = after(state(), [edited(MINE), lesson(3)]);
        let here = after(state(), [Action::DraftsFound(there.drafts)]);
        assert_eq!(drafts(&here), "reader:mine: cpu 1");
    }
}
