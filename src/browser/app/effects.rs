//! Carries out the effects of an action: runs, questions, storage, the document.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::startup::StartupPhase;
use super::{App, Message};
use crate::browser::clock::{Timeout, request_animation_frame};
use crate::browser::questions::QuestionClient;
use crate::browser::{crash, dom, real_run, storage};
use crate::protocol::Program;
use crate::protocol::panel::PanelControl;
use crate::state::Phase;
use crate::state::action::{Action, CopySource};
use crate::state::active_lines::active_lines;
use crate::state::course::LessonAddress;
use crate::state::download::File;
use crate::state::drafts::ScriptOrigin;
use crate::state::effect::Effect;
use crate::state::lessons::{Lesson, Shelf};
use crate::state::program::ProgramAction;
use crate::view;

/// Milliseconds that a worker may continue with an unwanted question before it is terminated.
const LEFT_BEHIND_MS: u32 = 1_000;
/// Milliseconds after an edit in which the chart shows the difference.
const MOMENT_MS: u32 = 1_500;
/// Milliseconds without a keystroke after which the reader's program runs again.
const PAUSE_MS: u32 = 700;
/// Milliseconds between the first chart and the first analysis, which would compete with it.
const SETTLING_MS: u32 = 250;

impl App {
    /// Carries out an effect of the current state.
    pub(super) fn perform(&mut self, ctx: &Context<Self>, effect: Effect) {
        match effect {
            Effect::Copy(source) => self.copy_source(ctx, source),
            Effect::CopyForPanel(text) => {
                let link = ctx.link().clone();
                copy(text.clone(), move |is_copied| {
                    let copied = if is_copied { text } else { String::new() };
                    let action = Action::PanelControlUsed(PanelControl::Copied, copied);
                    link.send_message(Message::Act(action));
                });
            }
            Effect::MakeFile(file) => self.make_file(file),
            Effect::StopFile => self.files.stop(),
            Effect::StoreDrafts => self.store_drafts(),
            Effect::StoreScriptSoon => self.save_soon(ctx),
            Effect::StorePendingScript => self.save_script(),
            Effect::StoreBroughtScript => self.keep_brought(),
            Effect::StoreSettings { is_language_chosen } => self.keep_settings(is_language_chosen),
            Effect::StoreTourOver => storage::keep_toured(),
            Effect::Run => {
                let is_small = self.client.run(self.state.run, &self.state.script);
                // The page must not wait for a run that may take long.
                if !is_small {
                    self.finish(ctx);
                }
            }
            Effect::CancelRun => self.client.cancel(),
            Effect::EndMomentSoon => {
                let link = ctx.link().clone();
                let end = move || link.send_message(Message::Act(Action::MomentEnded));
                // Replaces the timer of an earlier edit.
                self.ending_moment = Some(Timeout::new(MOMENT_MS, end));
            }
            Effect::AbandonRun => self.preparing_run.stop(),
            Effect::AbandonRows => self.preparing_rows.stop(),
            Effect::NoteRun { is_under_way } => self.note_run(is_under_way),
            Effect::StartBackgroundLoads => self.settle(ctx),
            Effect::LoadLessons => self.bring_lessons(ctx),
            Effect::StoreProgress => storage::keep_progress(&self.state.course.progress),
            Effect::NameLesson => self.name_lesson(),
            Effect::FocusLesson => {
                self.to_focus = Some(if self.state.is_predicting() {
                    view::QUESTION
                } else {
                    view::OUTCOME
                });
            }
            Effect::StopSweep => self.analysis.stop(),
            Effect::RunProgram(text, requests) => self.run_program(text, requests),
            Effect::RunProgramSoon => {
                let link = ctx.link().clone();
                let paused = Action::Program(ProgramAction::Paused);
                // Replaces the timer of an earlier keystroke.
                self.running_soon = Some(Timeout::new(PAUSE_MS, move || {
                    link.send_message(Message::Act(paused));
                }));
            }
            Effect::CancelProgram => {
                self.running_soon = None;
                self.programs.cancel();
            }
            Effect::TellProgram(event) => {
                let (run, language) = (self.state.program.run, self.state.language());
                self.real_runs.tell_program(run, language, event, &[]);
            }
            Effect::StoreProgram => self.store_program(),
            Effect::UsePanelControl(control, value) => self.real_runs.use_control(control, value),
            Effect::OpenChosenTrace => {
                if let Some(action) = self.open_chosen_file() {
                    ctx.link().send_message(Message::Act(action));
                }
            }
            Effect::StopOpening => self.stop_opening(),
            Effect::DressDocument => self.dress(),
            Effect::CloseDialog => dom::close_dialog(view::DIALOG),
            Effect::ShowTourStop => self.is_touring_on = true,
            Effect::ShowPanel => self.to_show = Some(".insight"),
            Effect::ShowScript => self.to_show = Some("#script-card"),
            Effect::ReportToHost => {
                if let Some(inside) = &self.inside {
                    inside.report(&self.state);
                }
            }
        }
    }

    fn copy_source(&self, ctx: &Context<Self>, source: CopySource) {
        let Some(field) = source.field() else {
            // The report of a crash is on the page only when it is copied.
            return copy(self.report(), |_| {});
        };
        // May be a text area, which has the same `select` and `value`.
        let field = dom::by_id(field).map(JsCast::unchecked_into::<HtmlInputElement>);
        if let Some(field) = field {
            // The selection remains for a manual copy if the browser refuses.
            field.select();
            let link = ctx.link().clone();
            copy(field.value(), move |is_copied| {
                link.send_message(Message::Act(Action::Copied(source, is_copied)));
            });
        }
    }

    fn make_file(&self, file: File) {
        match (file, &self.state.shown) {
            (File::Script, _) => {
                let (name, kind) = file.name_and_type();
                // A browser that refuses downloads shows its own message.
                let _ = dom::download(name, kind, &JsValue::from_str(&self.state.script));
            }
            (_, Some(shown)) => {
                let (by, language) = (self.state.by, self.state.language());
                self.files.make(file, shown, by, language);
            }
            (_, None) => {}
        }
    }

    /// The text of a bug report: the error message, the build and the script.
    fn report(&self) -> String {
        let message = match &self.state.phase {
            Phase::Crashed(message) => message,
            _ => "",
        };
        let build = dom::built("build").unwrap_or_default();
        format!("{message}\nbuild {build}\n\n{}", self.state.script)
    }

    /// The time since the last frame, as an action.
    pub(super) fn passed(&mut self, now_ms: f64) -> Option<Action> {
        self.frame = None;
        let before = self.last_frame_ms.replace(now_ms).unwrap_or(now_ms);
        // A hidden page gets no frames. The clamp keeps the cursor from jumping when the page is
        // shown again.
        Some(Action::Ticked(
            ((now_ms - before) / 1_000.0).clamp(0.0, 0.25),
        ))
    }

    /// Notes the run for crash detection. Labs write no note: all labs of a course page share one
    /// storage, and the host page may remove a lab in the middle of its run.
    pub(super) fn note_run(&self, is_under_way: bool) {
        if self.inside.is_none() {
            crash::note_run(is_under_way);
        }
    }

    /// Brings everything that runs beside the page in line with the state: the questions to the
    /// workers, and the frames of the playback.
    pub(super) fn synchronize(&mut self, ctx: &Context<Self>) {
        self.look(ctx);
        self.real_runs.follow(&self.state);
        self.update_active_lines();
        if self.state.playing {
            let link = ctx.link().clone();
            self.frame = Some(request_animation_frame(move |now_ms| {
                link.send_message(Message::Frame(now_ms));
            }));
        } else {
            self.frame = None;
            self.last_frame_ms = None;
        }
    }

    /// Finds the lines at work at the cursor. Most frames of a playback have no new event.
    fn update_active_lines(&mut self) {
        let state = &self.state;
        let is_of_program = state.shows_program();
        let has_lines = (state.has_lines_of_script() || is_of_program) && !state.is_covered();
        // While a run is under way, the editor moves the lines of the last one with the text.
        let is_moving = if is_of_program {
            !state.has_lines_of_program()
        } else {
            state.phase == Phase::Asked || state.phase.is_under_way()
        };
        if has_lines && is_moving {
            return;
        }
        let is_shown = has_lines && (is_of_program || state.phase == Phase::Settled);
        let of = state.shown.clone().filter(|_| is_shown);
        let of = of.map(|shown| (shown, state.cursor.records));
        if of == self.active.of {
            return;
        }
        let lines = match &of {
            Some((shown, _)) => active_lines(shown, state.cursor),
            None => Vec::new(),
        };
        if *lines != *self.active.lines {
            self.active.lines = lines.into();
        }
        self.active.of = of;
    }

    /// Puts the open lesson into the address bar, or removes the closed one.
    fn name_lesson(&self) {
        let fragment = self.state.lesson.map(Lesson::fragment).unwrap_or_default();
        if !fragment.is_empty() || dom::fragment().starts_with(LessonAddress::PREFIX) {
            dom::name_fragment(&fragment, self.state.origin == ScriptOrigin::Reader);
        }
    }

    /// Loads the lessons once. After a failure the next call tries again.
    pub(super) fn bring_lessons(&mut self, ctx: &Context<Self>) {
        if self.state.shelf == Shelf::Filled || std::mem::replace(&mut self.awaits_lessons, true) {
            return;
        }
        let link = ctx.link().clone();
        spawn_local(async move {
            let text = match dom::built("lessons") {
                Some(file) => dom::text_of(&file).await,
                None => None,
            };
            link.send_message(Message::Act(Action::LessonsCame(Shelf::fill(text))));
        });
    }

    /// Schedules the background loads, e.g. the analysis, for a moment after the first chart.
    pub(super) fn settle(&self, ctx: &Context<Self>) {
        if self.state.shown.is_some() && self.startup == StartupPhase::Seen {
            let link = ctx.link().clone();
            Timeout::new(SETTLING_MS, move || {
                link.send_message(Message::FirstChartSettled);
            })
            .forget();
        }
    }

    /// Sends the next question, one at a time per worker. The first question starts the worker.
    pub(super) fn look(&mut self, ctx: &Context<Self>) {
        self.leave_what_is_unwanted(ctx);
        if !self.is_settling
            && self.state.is_looked_closer_at()
            && !self.analysis.is_busy()
            && let Some(question) = self.state.question()
        {
            self.analysis.ask(question);
        }
        if !self.python.is_busy()
            && let Some(question) = self.state.python_question()
        {
            self.python.ask(question);
        }
    }

    /// Stops a worker at once if the reader cancelled its question. If another script, tab or
    /// dialog made the question unwanted, the worker gets [`LEFT_BEHIND_MS`] to finish: most
    /// answers take less time than a new worker needs to start.
    fn leave_what_is_unwanted(&mut self, ctx: &Context<Self>) {
        let state = &self.state;
        let is_settled = |question| state.insight.knows(&question);
        if self.analysis.asked().is_some_and(is_settled) {
            self.analysis.stop();
        }
        let is_settled = |request| state.knows_python(&request);
        if self.python.asked().is_some_and(is_settled) {
            self.python.stop();
        }
        if !self.is_left_behind() {
            self.leaving = None;
        } else if self.leaving.is_none() {
            let link = ctx.link().clone();
            let leave = move || link.send_message(Message::LeftBehind);
            self.leaving = Some(Timeout::new(LEFT_BEHIND_MS, leave));
        }
    }

    /// Whether a worker is busy with a question that the page no longer needs.
    fn is_left_behind(&self) -> bool {
        is_unwanted(&self.analysis, &self.state.wanted())
            || is_unwanted(&self.python, self.state.python_wanted().as_slice())
    }

    /// Stops the workers that are still busy with an unwanted question.
    pub(super) fn stop_what_is_left(&self) {
        if is_unwanted(&self.analysis, &self.state.wanted()) {
            self.analysis.stop();
        }
        if is_unwanted(&self.python, self.state.python_wanted().as_slice()) {
            self.python.stop();
        }
    }

    /// Reads a file as a trace, in the worker that also talks to the companion.
    pub(super) fn open_file(&self, file: JsValue) -> Action {
        let name = real_run::name_of(&file);
        self.preparing_file.stop();
        self.real_runs.open(&file);
        Action::TraceGiven(name.into())
    }

    /// Reads the file of the panel's file chooser, if there is one.
    fn open_chosen_file(&self) -> Option<Action> {
        let control = dom::by_id("trace-file")?;
        let file = real_run::file_in(&control);
        // Otherwise the control fires no event if the reader chooses the same file again.
        control.unchecked_into::<HtmlInputElement>().set_value("");
        Some(self.open_file(file?))
    }

    /// Terminates the worker, which reads a file without yielding. Its successor gets the page's
    /// state with the next message.
    fn stop_opening(&self) {
        self.preparing_file.stop();
        self.real_runs.stop();
    }

    /// Stores only the reader's choices. The system's preferences are read at each start.
    fn keep_settings(&self, is_language_chosen: bool) {
        let mut kept = storage::settings();
        kept.theme = self.state.settings.theme;
        if is_language_chosen {
            kept.language = Some(self.state.language());
        }
        // The script's badge reports a storage that refuses.
        let _ = storage::keep_settings(&kept);
    }

    /// Sets the document's language and theme.
    pub(super) fn dress(&self) {
        let Some(root) = dom::root_element() else {
            return;
        };
        root.set_lang(self.state.language().tag());
        crash::prepare(self.state.language());
        let theme = if self.state.settings.dark() {
            "dark"
        } else {
            "light"
        };
        // Setting an attribute with a valid name never fails.
        let _ = root.set_attribute("data-theme", theme);
    }
}

fn is_unwanted<P>(worker: &QuestionClient<P>, wanted: &[P::Request]) -> bool
where
    P: Program + 'static,
    P::Request: Clone + PartialEq + 'static,
{
    worker
        .asked()
        .is_some_and(|question| !wanted.contains(&question))
}

/// Copies the text and passes on whether the browser allowed it.
fn copy(text: String, tell: impl FnOnce(bool) + 'static) {
    spawn_local(async move { tell(dom::copy(&text).await) });
}
