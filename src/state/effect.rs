//! Effects: what the browser must do after an action. The root component carries them out.
//!
//! Some effects are the whole point of their action, e.g. copying a link; `reduce` returns them.
//! The others follow from the difference of two states ([`of_change`]), so no action can forget
//! them: a script that was replaced is stored and run, however it was replaced.

use std::rc::Rc;

use super::action::{Action, CopySource};
use super::course::Prediction;
use super::download::File;
use super::drafts::{ScriptOrigin, WallTime};
use super::tour::Tour;
use super::{Dialog, Phase, State};
use crate::protocol::panel::PanelControl;
use crate::protocol::real_run::ProgramEvent;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Copy a text of the page to the clipboard.
    Copy(CopySource),
    /// Copy the text of a panel's button, e.g. a command, and tell the panel.
    CopyForPanel(String),
    /// Make this file of the shown run, or of the script, and download it.
    MakeFile(File),
    /// Stop making a file. Stopping an idle worker frees its memory.
    StopFile,

    StoreDrafts,
    /// Store the reader's script after a pause in the typing.
    StoreScriptSoon,
    /// Store the reader's script at once if it has unsaved edits: another one replaced it.
    StorePendingScript,
    /// Store a script that is not the reader's, for this tab.
    StoreBroughtScript,
    /// Store the reader's choices; the language only if the reader has changed it.
    StoreSettings {
        is_language_chosen: bool,
    },
    StoreTourOver,

    /// Start the run of the current script.
    Run,
    /// Stop the run at once.
    CancelRun,
    /// End the moment after an edit when nothing has changed for a while.
    EndMomentSoon,
    /// Abandon the trace of an older run that is being prepared for the chart.
    AbandonRun,
    /// Abandon rows that are being laid out.
    AbandonRows,
    /// Note in the storage that a long run starts, or that it has ended: a page that the browser
    /// ends during a run starts in safe mode.
    NoteRun {
        is_under_way: bool,
    },
    /// The first chart is on the page, so the loads in the background may start.
    StartBackgroundLoads,
    LoadLessons,
    StoreProgress,
    /// Put the open lesson into the address bar, as a new entry of the browser's history.
    NameLesson,
    /// Move the focus to the lesson's question, or after it to the answer.
    FocusLesson,
    /// Stop the sweep that is running.
    StopSweep,

    /// Run the reader's program with this text, and with these requests for its app, e.g.
    /// `100 GET /ping`. A run under way is replaced.
    RunProgram(Rc<str>, Rc<str>),
    /// Run it after a pause in the typing.
    RunProgramSoon,
    CancelProgram,
    /// Tell the program that shows the run how far it is.
    TellProgram(ProgramEvent),
    /// Store the reader's program.
    StoreProgram,

    /// Pass the use of a control to the client of the companion, with the control's value.
    UsePanelControl(PanelControl, String),
    /// Open the file of the panel's file chooser.
    OpenChosenTrace,
    /// Stop reading and preparing a trace file.
    StopOpening,

    /// Set the document's language and theme.
    DressDocument,
    CloseDialog,
    /// Scroll the tour's element into view once it is rendered.
    ShowTourStop,
    /// Scroll the panels below the chart into view once they are rendered.
    ShowPanel,
    /// Scroll the script into view: its chart is covered, and the reader guesses.
    ShowScript,
    /// Report phase, run and goal to the host page of a lab.
    ReportToHost,
}

/// Applies an action. Returns what the browser must do, in this order.
pub(crate) fn reduce(state: &mut Rc<State>, action: Action, now: WallTime) -> Vec<Effect> {
    let before = state.clone();
    let changed = Rc::make_mut(state);
    changed.now = now;
    let mut effects = changed.reduce(action);
    of_change(&before, state, &mut effects);
    effects
}

/// Adds the effects of a change.
fn of_change(before: &State, now: &State, effects: &mut Vec<Effect>) {
    // Drafts are stored before the new run starts, because that run may crash the page.
    store(before, now, effects);
    let mut add = |is_due: bool, effect: Effect| {
        if is_due {
            effects.push(effect);
        }
    };
    let is_replaced = now.run != before.run;
    let is_cancelled = now.phase == Phase::Cancelled && before.phase != Phase::Cancelled;
    let is_under_way = now.phase.is_under_way();
    add(is_replaced, Effect::Run);
    add(
        is_under_way != before.phase.is_under_way(),
        Effect::NoteRun { is_under_way },
    );
    add(is_replaced || is_cancelled, Effect::AbandonRun);
    add(is_cancelled, Effect::CancelRun);
    add(before.awaits_rows && !now.awaits_rows, Effect::AbandonRows);
    add(
        before.download.is_under_way() && !now.download.is_under_way(),
        Effect::StopFile,
    );
    let is_pause_new = is_replaced
        || now.moment != before.moment
        || now.is_dragging != before.is_dragging
        || now.shown != before.shown;
    add(now.moment.is_some() && is_pause_new, Effect::EndMomentSoon);
    add(now.settings != before.settings, Effect::DressDocument);
    add(
        now.language() != before.language() && now.program.output.is_some(),
        Effect::TellProgram(ProgramEvent::Translated),
    );
    let is_stored = now.embedded.is_none();
    add(
        now.settings != before.settings && is_stored,
        Effect::StoreSettings {
            is_language_chosen: now.language() != before.language(),
        },
    );
    add(now.tour != before.tour, Effect::ShowTourStop);
    add(
        now.tour != before.tour && now.tour == Tour::Over,
        Effect::StoreTourOver,
    );
    add(
        now.is_covered() && !now.is_predicting() && !before.is_covered() && is_stored,
        Effect::ShowScript,
    );
    add(
        !is_stored && is_news_for_host(before, now),
        Effect::ReportToHost,
    );
    // Only the first chart starts the loads.
    add(
        before.shown.is_none() && now.shown.is_some(),
        Effect::StartBackgroundLoads,
    );
    add(
        before.insight.sweep.is_some() && now.insight.sweep.is_none(),
        Effect::StopSweep,
    );
    add(
        before.dialog.is_some() && now.dialog.is_none(),
        Effect::CloseDialog,
    );
    add(
        before.dialog != now.dialog && now.dialog == Some(Dialog::Lessons)
            || now.course.awaited.is_some() && before.course.awaited.is_none(),
        Effect::LoadLessons,
    );
    let progress = |state: &State| state.course.progress.clone();
    add(
        progress(now) != progress(before) && is_stored,
        Effect::StoreProgress,
    );
    let is_edited = |state: &State| state.origin == ScriptOrigin::Reader;
    let address = |state: &State| state.lesson.map(|lesson| (lesson, is_edited(state)));
    add(
        address(now) != address(before) && is_stored,
        Effect::NameLesson,
    );
    // The prediction, too: a lesson about a program then asks for its run.
    let asked = |state: &State| {
        let is_asked = state.course.prediction == Prediction::Asked;
        Some((state.lesson?.index, state.is_predicting(), is_asked))
    };
    // An edit uncovers the chart, too, but the focus stays in the editor.
    let is_edit = now.script != before.script && !now.is_predicting();
    add(
        now.lesson.is_some() && asked(now) != asked(before) && !is_edit,
        Effect::FocusLesson,
    );
}

/// Adds the effects that store scripts. A lab stores nothing.
fn store(before: &State, now: &State, effects: &mut Vec<Effect>) {
    if now.embedded.is_some() {
        return;
    }
    if now.drafts != before.drafts {
        effects.push(Effect::StoreDrafts);
    }
    let program = |state: &State| (state.program.own.clone(), state.program.is_brought);
    if program(now) != program(before) {
        effects.push(Effect::StoreProgram);
    }
    if now.script == before.script && now.origin == before.origin {
        return;
    }
    match now.origin {
        ScriptOrigin::Reader => effects.push(Effect::StoreScriptSoon),
        _ => effects.extend([Effect::StorePendingScript, Effect::StoreBroughtScript]),
    }
}

/// Whether the change concerns the host page: phase, run, program or goal.
fn is_news_for_host(before: &State, now: &State) -> bool {
    let goal = |state: &State| {
        let embedded = state.embedded.as_ref();
        embedded.map(|embedded| (embedded.goal.clone(), embedded.verdicts.clone()))
    };
    now.phase != before.phase
        || now.run != before.run
        || now.program != before.program
        || goal(now) != goal(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::panel::PanelAction;
    use crate::protocol::simulation::Reached;
    use crate::state::insight::{AnalysisAction, Tab};
    use crate::state::lessons::Lesson;
    use crate::state::trial::{after, ran, state};
    use texts::Language;

    #[track_caller]
    fn check(state: State, action: Action, expected: &[Effect]) {
        let mut state = Rc::new(state);
        let now = state.now;
        let effects = reduce(&mut state, action.clone(), now);
        assert_eq!(effects, expected, "{action:?}");
    }

    fn running() -> State {
        let state = state();
        let run = state.run;
        after(state, [Action::Progressed(run, Reached::default())])
    }

    #[test]
    fn an_edit_is_stored_and_run() {
        let edit = Action::Edited("a: cpu 2\n".into());
        let effects = [Effect::StoreScriptSoon, Effect::Run, Effect::AbandonRun];
        check(ran(state()), edit.clone(), &effects);
        // The long run of the old script ends with it.
        let effects = [
            Effect::StoreScriptSoon,
            Effect::Run,
            Effect::NoteRun {
                is_under_way: false,
            },
            Effect::AbandonRun,
        ];
        check(running(), edit, &effects);
    }

    #[test]
    fn a_lesson_replaces_the_script_after_its_edits_and_drafts_are_stored() {
        let before = ran(state());
        let lesson = Action::LessonOpened(Lesson::all().next().expect("there are 25"));
        let effects = [
            Effect::StoreDrafts,
            Effect::StorePendingScript,
            Effect::StoreBroughtScript,
            Effect::Run,
            Effect::AbandonRun,
            Effect::NameLesson,
            Effect::FocusLesson,
        ];
        check(before, lesson, &effects);
    }

    #[test]
    fn a_prediction_is_stored_and_the_focus_follows_it() {
        let lesson = Lesson::all().next().expect("there are 25");
        let asked = ran(after(state(), [Action::LessonOpened(lesson)]));
        let effects = [Effect::StoreProgress, Effect::FocusLesson];
        check(asked.clone(), Action::Predicted(0), &effects);
        check(
            asked.clone(),
            Action::PredictionSkipped,
            &[Effect::FocusLesson],
        );
        // The reader goes on typing.
        let effects = [
            Effect::StoreScriptSoon,
            Effect::Run,
            Effect::AbandonRun,
            Effect::NameLesson,
        ];
        check(asked, Action::Edited("a: cpu 2\n".into()), &effects);
    }

    #[test]
    fn a_lab_stores_nothing_and_reports_to_its_host() {
        let lab = after(ran(state()), [Action::HostSettings(Box::default())]);
        let edit = Action::Edited("a: cpu 2\n".into());
        let effects = [Effect::Run, Effect::AbandonRun, Effect::ReportToHost];
        check(lab, edit, &effects);
    }

    #[test]
    fn only_a_run_that_takes_long_is_noted_and_a_cancel_stops_it() {
        let run = state().run;
        let progress = Action::Progressed(run, Reached::default());
        check(state(), progress, &[Effect::NoteRun { is_under_way: true }]);
        let effects = [
            Effect::NoteRun {
                is_under_way: false,
            },
            Effect::AbandonRun,
            Effect::CancelRun,
        ];
        check(running(), Action::Cancelled, &effects);
    }

    #[test]
    fn the_first_chart_starts_the_background_loads() {
        let first = ran(state());
        let ran = Action::Ran(
            first.run,
            first.checked.clone(),
            first.shown.clone().expect("it ran"),
        );
        check(state(), ran.clone(), &[Effect::StartBackgroundLoads]);
        check(first, ran, &[]);
    }

    #[test]
    fn what_the_reader_asks_of_the_browser_is_an_effect_and_changes_no_state() {
        let copy = Action::CopyAsked(CopySource::Link);
        check(ran(state()), copy, &[Effect::Copy(CopySource::Link)]);
        let command = || "loopscope serve".to_owned();
        check(
            ran(state()),
            Action::PanelActed(PanelAction::Copy(command())),
            &[Effect::CopyForPanel(command())],
        );
        check(
            ran(state()),
            Action::PanelControlUsed(PanelControl::Start, String::new()),
            &[Effect::UsePanelControl(PanelControl::Start, String::new())],
        );
        check(
            ran(state()),
            Action::PanelControlUsed(PanelControl::File, "C:\\fakepath\\a.json".to_owned()),
            &[Effect::OpenChosenTrace],
        );
    }

    #[test]
    fn a_file_is_made_of_a_run_and_stopped_when_it_is_cancelled() {
        check(state(), Action::DownloadAsked(File::Svg), &[]);
        let script = Action::DownloadAsked(File::Script);
        check(state(), script, &[Effect::MakeFile(File::Script)]);
        let svg = Action::DownloadAsked(File::Svg);
        check(ran(state()), svg.clone(), &[Effect::MakeFile(File::Svg)]);
        let making = after(ran(state()), [svg]);
        check(making, Action::FileCancelled, &[Effect::StopFile]);
    }

    #[test]
    fn the_moment_after_an_edit_ends_after_a_pause() {
        let edit = Action::Edited("a: cpu 9\n".into());
        let mut edited = after(ran(state()), [edit]);
        let before = edited.clone();
        crate::state::trial::run(&mut edited);
        let ran = Action::Ran(
            edited.run,
            edited.checked.clone(),
            edited.shown.clone().expect("it ran"),
        );
        check(before, ran, &[Effect::EndMomentSoon]);
        // A drag holds the moment until it ends.
        let dragging = after(edited, [Action::Dragging(true)]);
        check(dragging.clone(), Action::MomentEnded, &[]);
        check(dragging, Action::Dragging(false), &[Effect::EndMomentSoon]);
    }

    #[test]
    fn choices_dress_the_document_and_are_stored() {
        let korean = Action::LanguageChosen(Language::Ko);
        let effects = [
            Effect::DressDocument,
            Effect::StoreSettings {
                is_language_chosen: true,
            },
        ];
        check(ran(state()), korean, &effects);
    }

    #[test]
    fn practice_and_a_guess_come_into_view() {
        check(ran(state()), Action::PractiseAsked, &[Effect::ShowPanel]);
        let guess = Action::Analysis(AnalysisAction::Tab(Tab::Guess));
        check(ran(state()), guess, &[Effect::ShowScript]);
    }

    #[test]
    fn a_sweep_that_is_left_is_stopped() {
        let vary = Action::Filled(crate::state::action::Field::Vary, "cores 1..4".to_owned());
        let sweeping = after(
            ran(state()),
            [vary, Action::Analysis(AnalysisAction::SweepStarted)],
        );
        let stop = Action::Analysis(AnalysisAction::SweepStopped);
        check(sweeping, stop, &[Effect::StopSweep]);
    }
}
