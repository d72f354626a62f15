//! The reducer: how each action changes the state.

use std::rc::Rc;

use super::action::{Action, Field, Fold, SCRUB_STEPS};
use super::download::File;
use super::drafts::{ReplacedBy, ScriptOrigin};
use super::effect::Effect;
use super::insight::{AnalysisAction, Failure, Tab};
use super::parsed::ParsedScript;
use super::program::Side;
use super::shown::{Bar, Shown};
use super::speed::Speed;
use super::table;
use super::tour::{Stop, Tour};
use super::{Notice, Phase, Sheet, State};
use crate::protocol::panel::{PanelAction, PanelControl};
use chart::scene::By;
use formats::link::{LinkError, Shared};
use model::time::SimTime;
use texts::Language;

impl State {
    /// Applies an action. Returns the effects that are the action's own; those of the change of
    /// state are added by [`super::effect::reduce`].
    pub(crate) fn reduce(&mut self, action: Action) -> Vec<Effect> {
        let mut effects = Vec::new();
        match action {
            Action::Typed(text, replacements) => self.rewrite_typed(text, replacements),
            Action::Edited(text) => self.rewrite(text),
            Action::Fixed(index) => self.fix(index),
            Action::Filled(field, value) => self.fill(field, &value),
            Action::Formatted => self.format(),
            Action::LessonsCame(shelf) => self.lessons_came(shelf),
            Action::LessonOpened(lesson) => self.open_lesson(lesson),
            Action::LessonClosed => self.lesson = None,
            Action::LessonNamed(address) => self.open_named_lesson(address),
            Action::LessonsLeft => self.leave_lessons(),
            Action::Predicted(answer) => self.predict(answer),
            Action::PredictionSkipped => self.skip_prediction(),
            Action::ChangeTried => effects = self.try_change(),
            Action::ChangeUndone => effects = self.undo_change(),
            Action::DraftOpened(text) => self.open_draft(&text),
            Action::DraftsFound(drafts) => self.drafts.merge(drafts),
            Action::SavedElsewhere(text) => self.elsewhere = (text != self.script).then_some(text),
            Action::OpenedElsewhere => {
                if let Some(text) = self.elsewhere.take() {
                    self.replace_script(text, ScriptOrigin::Reader, ReplacedBy::OtherTab);
                }
            }
            Action::LeftElsewhere => {
                if let Some(text) = self.elsewhere.take() {
                    self.put_aside(text, ScriptOrigin::OtherTab, ReplacedBy::Unknown);
                }
            }
            Action::LinkOpened(content) => effects = self.open_link(content),
            Action::HostSettings(wishes) => effects = self.grant(*wishes),
            Action::ScriptReset => self.reset_script(),

            Action::Progressed(run, reached) if run == self.run => {
                self.phase = Phase::Running(reached);
            }
            Action::Simulated(run) if run == self.run => {
                if let Phase::Running(_) = self.phase {
                    self.phase = Phase::Preparing;
                }
            }
            Action::WasFaulty(run, checked) if run == self.run => {
                self.checked = checked;
                self.phase = Phase::Faulty;
                self.judge_goal();
                self.judge_lesson();
            }
            // A cancelled run stays cancelled.
            Action::Ran(run, checked, shown)
                if run == self.run && self.phase != Phase::Cancelled =>
            {
                self.show(checked, shown);
            }
            // These answer a run that was replaced in the meantime.
            Action::Progressed(..)
            | Action::Simulated(_)
            | Action::WasFaulty(..)
            | Action::Ran(..) => {}
            Action::Crashed(message) => self.phase = Phase::Crashed(message),
            Action::WentWorkerless => self.notice = Some(Notice::Workerless),
            Action::Cancelled => self.phase = Phase::Cancelled,
            Action::RunAgain => self.ask(),

            Action::PlayToggled => self.toggle_play(),
            Action::Ticked(seconds) => self.tick(seconds),
            Action::MovedTo(time) => self.move_to(time),
            Action::Stepped(records) => self.step(records),

            Action::RowsAwaited => self.awaits_rows = true,
            Action::RowsCancelled => self.awaits_rows = false,
            Action::RowsChosen(by) => {
                self.awaits_rows = false;
                self.by = by;
                self.view.scroll_px = 0.0;
            }
            Action::Viewed(view) => {
                self.end_moment();
                self.view = view;
            }
            Action::Zoomed(factor) => {
                self.end_moment();
                self.zoom(factor);
            }
            Action::Hovered(bar) => {
                self.pointed.hovered = bar;
                self.pointed.is_tip_hidden = false;
            }
            Action::Dragging(is_dragging) => self.is_dragging = is_dragging,
            Action::MomentEnded => self.end_moment(),
            Action::Selected(bar) => self.select(bar),
            Action::LineEntered(line) => {
                if line.is_some() && self.program.last_line != line {
                    Rc::make_mut(&mut self.program).last_line = line;
                }
                self.pointed.cursor_line = line;
                self.pointed.asked_line = self.pointed.asked_line.filter(|_| line.is_none());
            }
            Action::LineHovered(line) => self.pointed.hovered_line = line,

            Action::LanguageChosen(language) => self.settings.language = language,
            Action::ThemeChosen(theme) => self.settings.theme = theme,
            Action::SystemTurned { dark } => self.settings.system_dark = dark,
            Action::Opened(dialog) => {
                self.dialog = Some(dialog);
                self.copied = None;
                self.download.forget_failure();
            }
            Action::Closed => self.dialog = None,
            Action::NoticeDismissed => self.notice = None,
            Action::SheetMoved(sheet) => self.sheet = sheet,
            Action::TableTurned(first) => self.table_first = first,
            Action::Analysis(look) => self.look(look),
            Action::PractiseAsked => {
                self.skip_prediction();
                self.look(AnalysisAction::Tab(Tab::Exercises));
                effects.push(Effect::ShowPanel);
            }
            Action::AnalysisAnswered(question, answer) => {
                Rc::make_mut(&mut self.insight).answered(question, answer);
            }
            Action::PythonAnswered(request, response) => self.python_answered(request, response),
            Action::Program(action) => effects = self.program_acted(action),
            Action::PanelActed(PanelAction::Rewrite(script)) => {
                self.replace_script_by_fix(script.into());
            }
            Action::PanelActed(PanelAction::Exercise(script)) => {
                self.look(AnalysisAction::Tab(Tab::Guess));
                self.replace_script(script.into(), ScriptOrigin::Exercise, ReplacedBy::Exercise);
            }
            Action::PanelActed(PanelAction::At(at_ns)) => self.move_to(SimTime::from_nanos(at_ns)),
            Action::PanelActed(PanelAction::Line(line)) => self.pointed.asked_line = Some(line),
            Action::TraceGiven(name) => {
                self.look(AnalysisAction::Tab(Tab::Proof));
                self.opening = Some(name);
            }
            Action::TraceRefused => self.opening = None,
            Action::OpeningCancelled => {
                self.cancel_opening();
                effects.push(Effect::StopOpening);
            }
            Action::TraceOpened(name, shown) => self.open_trace(name, shown),
            Action::Escaped => self.escape(),
            Action::RealRunAnswered(said) => self.real_run_answered(said),
            Action::CopyAsked(source) => effects.push(Effect::Copy(source)),
            Action::DownloadAsked(file) => {
                // Only the script itself needs no run.
                if file == File::Script || self.shown.is_some() {
                    self.download.begin(file);
                    effects.push(Effect::MakeFile(file));
                }
            }
            Action::PanelActed(PanelAction::Copy(text)) => {
                effects.push(Effect::CopyForPanel(text));
            }
            // The control's value is only a name; the browser has the file.
            Action::PanelControlUsed(PanelControl::File, _) => {
                effects.push(Effect::OpenChosenTrace);
            }
            Action::PanelControlUsed(control, value) => {
                effects.push(Effect::UsePanelControl(control, value));
            }
            Action::Copied(source, is_copied) => self.copied = Some((source, is_copied)),
            Action::FileMade(outcome) => self.download.end(outcome),
            Action::FileCancelled => self.download.end(Err(Failure::Cancelled)),
            Action::TourMoved(tour) => self.tour_to(tour),
        }
        effects
    }

    /// Leaves the foremost overlay; a dialog closes itself.
    fn escape(&mut self) {
        if self.pointed.tip().is_some() {
            self.pointed.is_tip_hidden = true;
            return;
        }
        match self.tour {
            _ if self.dialog.is_some() => {}
            Tour::At(_) => self.tour = Tour::Over,
            // A lab has nothing behind its program.
            Tour::Offered | Tour::Over if self.opened.is_some() && self.embedded.is_none() => {
                self.leave_program();
                self.close_trace();
            }
            Tour::Offered | Tour::Over => {}
        }
    }

    /// On a phone, opens the script's sheet for its step and closes it for the others.
    fn tour_to(&mut self, tour: Tour) {
        self.tour = tour;
        self.dialog = None;
        self.sheet = match tour {
            Tour::At(Stop::Script) => Sheet::Up,
            _ => Sheet::Down,
        };
    }

    /// Applies a field's value. An invalid value changes nothing, so the field shows the old one.
    fn fill(&mut self, field: Field, value: &str) {
        match field {
            Field::Scrub => {
                let steps: u64 = value.parse().unwrap_or(0);
                let at = u128::from(self.end().as_nanos()) * u128::from(steps);
                self.move_to(SimTime::from_nanos((at / u128::from(SCRUB_STEPS)) as u64));
            }
            Field::Speed => {
                let place = value.parse().ok();
                let speed = place.and_then(|place: usize| Speed::ALL.get(place));
                self.speed = speed.copied().unwrap_or_default();
            }
            Field::Setting { setting, max } => {
                // An empty field does not change the script.
                if let Some(number) = whole(value).filter(|&number| number >= 1) {
                    self.set(setting, &number.min(max).to_string());
                }
            }
            Field::Choice(setting) => self.set(setting, value),
            Field::Fold(fold) => self.unfold(fold, !value.is_empty()),
            Field::Guess => Rc::make_mut(&mut self.insight).guess.text = value.to_owned(),
            Field::Bar { row, is_end } => self.draw(row, is_end, value.parse().unwrap_or(0)),
            Field::Python => self.python.text = value.to_owned(),
            Field::Library => self.python.library = value.to_owned(),
            Field::Vary => Rc::make_mut(&mut self.insight).vary = value.to_owned(),
        }
    }

    fn unfold(&mut self, fold: Fold, is_open: bool) {
        match fold {
            Fold::Numbers => self.folds.numbers = is_open,
            Fold::ByTask => self.folds.by_task = is_open,
            Fold::Legend => self.folds.legend = is_open,
            Fold::Table => {
                self.folds.table = is_open;
                self.turn_to_selected();
            }
        }
    }

    fn select(&mut self, bar: Option<Bar>) {
        self.pointed.selected = bar;
        self.turn_to_selected();
    }

    /// Turns the table, if it is open, to the page with the selected bar.
    fn turn_to_selected(&mut self) {
        let Some(shown) = self.shown.as_ref().filter(|_| self.folds.table) else {
            return;
        };
        let window = self.view.window;
        let page = |bar: Bar| table::page_of(&shown.timeline(self.by), window, &bar);
        if let Some(first) = self.pointed.selected.and_then(page) {
            self.table_first = first;
        }
    }

    fn open_link(&mut self, content: Result<Shared, LinkError>) -> Vec<Effect> {
        let mut shared = match content {
            Ok(shared) => shared,
            Err(error) => {
                self.notice = Some(Notice::BadLink(error));
                return Vec::new();
            }
        };
        if let Some(Notice::BadLink(_)) = self.notice {
            self.notice = None;
        }
        let mut effects = Vec::new();
        if let Some(program) = shared.program.take_if(|program| !program.is_empty()) {
            let requests = shared.requests.unwrap_or_default();
            effects = self.open_linked_program(program.into(), requests.into());
        } else {
            // Taken out of the state, so that no line is locked during the replacement.
            let embedded = self.embedded.take();
            self.replace_script(shared.script.into(), ScriptOrigin::Link, ReplacedBy::Link);
            self.embedded = embedded;
            self.freeze();
            self.cursor.at = SimTime::from_nanos(shared.at_ns.unwrap_or_default());
            if shared.program.is_some() {
                self.choose_side(Side::Python);
            }
        }
        self.by = if shared.by_thread {
            By::Threads
        } else {
            By::Tasks
        };
        if let Some(language) = shared.language.as_deref().and_then(Language::from_tag) {
            self.settings.language = language;
        }
        effects
    }

    fn show(&mut self, checked: Rc<ParsedScript>, shown: Rc<Shown>) {
        if self.keeps_for_later(&shown) {
            self.checked = checked;
            self.phase = Phase::Settled;
            return;
        }
        self.awaits_rows = false;
        self.begin_moment(&shown);
        self.checked = checked;
        self.shown = Some(shown);
        self.update_overlay();
        self.phase = Phase::Settled;
        self.pointed.hovered = None;
        self.pointed.selected = None;
        self.judge_goal();
        self.judge_lesson();
        self.move_to(self.cursor.at);
    }
}

/// The integer part of a number field's value.
fn whole(value: &str) -> Option<u64> {
    value.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::simulation::Reached;
    use crate::state::trial::{after, ran, state};

    #[test]
    fn an_edit_asks_for_a_run_and_keeps_the_old_chart() {
        let state = after(ran(state()), [Action::Edited("a: cpu 2\n".into())]);
        assert_eq!(state.phase, Phase::Asked);
        assert!(state.shown.is_some());
    }

    #[test]
    fn an_answer_for_an_older_script_is_dropped() {
        let old = state().run;
        let edited = after(state(), [Action::Edited("a: cpu 2\n".into())]);
        let late = Action::Progressed(old, Reached::default());
        let state = after(edited.clone(), [late]);
        assert_eq!(state.phase, edited.phase);
    }

    #[test]
    fn the_same_text_saved_by_another_tab_is_no_news() {
        let state = state();
        let same = Action::SavedElsewhere(state.script.clone());
        assert_eq!(after(state, [same]).elsewhere, None);
    }

    #[test]
    fn escape_hides_the_tooltip_until_another_bar_is_hovered() {
        let state = ran(state());
        let bars = |row| {
            let shown = state.shown.as_ref().expect("it ran");
            shown.timeline(By::Tasks).pieces(row)[0]
        };
        let [first, second] = [bars(0), bars(1)];
        let hidden = after(
            state.clone(),
            [Action::Hovered(Some(first)), Action::Escaped],
        );
        assert_eq!(
            (hidden.pointed.hovered, hidden.pointed.tip()),
            (Some(first), None)
        );
        let next = after(hidden, [Action::Hovered(Some(second))]);
        assert_eq!(next.pointed.tip(), Some(second));
    }

    #[test]
    fn a_bad_link_is_said_and_changes_nothing_else() {
        let before = state();
        let error = LinkError::Damaged;
        let after = after(before.clone(), [Action::LinkOpened(Err(error))]);
        assert_eq!(after.script, before.script);
        assert_eq!(after.notice, Some(Notice::BadLink(error)));
    }

    #[test]
    fn a_good_link_takes_the_damaged_ones_notice_away() {
        let bad = Action::LinkOpened(Err(LinkError::Damaged));
        let good = Action::LinkOpened(Ok(state().shared()));
        assert_eq!(after(state(), [bad, good.clone()]).notice, None);
        let workerless = after(state(), [Action::WentWorkerless, good]);
        assert_eq!(workerless.notice, Some(Notice::Workerless));
    }
}
