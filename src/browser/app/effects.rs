//! The side effects of a change of state: runs, questions, storage, the document.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::coming::Coming;
use super::{App, Message};
use crate::browser::clock::{Timeout, request_animation_frame};
use crate::browser::insight::Insight;
use crate::browser::{crash, dom, proof, storage};
use crate::insight::question::Question;
use crate::state::action::{Action, Wish};
use crate::state::download::File;
use crate::state::lessons::Shelf;
use crate::state::tour::Tour;
use crate::state::{Dialog, Phase, State};
use crate::view;

/// Milliseconds that a worker may continue with an unwanted question before it is terminated.
const LEFT_BEHIND_MS: u32 = 1_000;
/// Milliseconds between the first chart and the first analysis, which would compete with it.
const SETTLING_MS: u32 = 250;

impl App {
    /// Carries out a wish of the reader, e.g. copying the share link.
    pub(super) fn grant(&self, ctx: &Context<Self>, wish: Wish) {
        let link = ctx.link().clone();
        let tell = move |action| link.send_message(Message::Act(action));
        match wish {
            Wish::CopyReport => copy(self.report(), |_| {}),
            Wish::CopyLink | Wish::CopyEmbed | Wish::CopyFrame | Wish::CopyMarkdown => {
                let field = wish.field().and_then(dom::by_id);
                // May be a text area, which has the same `select` and `value`.
                if let Some(field) = field.map(JsCast::unchecked_into::<HtmlInputElement>) {
                    // The selection remains for a manual copy if the browser refuses.
                    field.select();
                    copy(field.value(), move |well| tell(Action::Copied(wish, well)));
                }
            }
            Wish::Download(File::Script) => {
                let (name, kind) = File::Script.name_and_type();
                // A browser that refuses downloads shows its own message.
                let _ = dom::download(name, kind, &JsValue::from_str(&self.state.script));
            }
            Wish::Download(file) => {
                if let Some(shown) = &self.state.shown {
                    let (by, language) = (self.state.by, self.state.language());
                    self.files.make(file, shown, by, language);
                }
            }
        }
    }

    /// The text of a bug report: the error message, the build and the script.
    fn report(&self) -> String {
        let message = match &self.state.phase {
            Phase::Broke(message) => message,
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

    /// Carries out the side effects of a change.
    pub(super) fn follow(&mut self, ctx: &Context<Self>, before: &State) {
        // Drafts are stored before the new run starts, because that run may crash the page.
        self.keep_changes(ctx, before);
        let state = self.state.clone();
        if state.run != before.run && !self.client.run(state.run, &state.script) {
            // The page must not wait for a run that may take long.
            self.finish(ctx);
        }
        if state.phase.is_under_way() != before.phase.is_under_way() {
            self.note_run(state.phase.is_under_way());
        }
        if state.run != before.run || state.phase == Phase::Cancelled {
            self.preparing_run.stop();
        }
        if state.phase == Phase::Cancelled && before.phase != Phase::Cancelled {
            self.client.cancel();
        }
        if before.awaits_rows && !state.awaits_rows {
            self.preparing_rows.stop();
        }
        // Finished or not, stopping the worker frees its memory.
        if before.download.is_under_way() && !state.download.is_under_way() {
            self.files.stop();
        }
        let is_kept = self.inside.is_none();
        if state.settings != before.settings {
            self.dress();
            if is_kept {
                self.keep_settings(before);
            }
        }
        if state.tour != before.tour {
            self.is_touring_on = true;
            if state.tour == Tour::Over {
                storage::keep_toured();
            }
        }
        if let Some(inside) = &self.inside
            && is_news(&state, before)
        {
            inside.report(&state);
        }
        // Only the first chart starts the background loads.
        if before.shown.is_none() {
            self.settle(ctx);
        }
        if state.insight.sweep.is_none() && before.insight.sweep.is_some() {
            self.insight.stop();
        }
        if before.dialog.is_some() && state.dialog.is_none() {
            dom::close_dialog(view::DIALOG);
        }
        if state.dialog == Some(Dialog::Lessons) && before.dialog != state.dialog {
            self.bring_lessons(ctx);
        }
        self.look(ctx);
        self.proof.follow(&state);
        if state.playing {
            let link = ctx.link().clone();
            self.frame = Some(request_animation_frame(move |now_ms| {
                link.send_message(Message::Frame(now_ms));
            }));
        } else {
            self.frame = None;
            self.last_frame_ms = None;
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
        if self.state.shown.is_some() && self.coming == Coming::Seen {
            let link = ctx.link().clone();
            Timeout::new(SETTLING_MS, move || link.send_message(Message::Stood)).forget();
        }
    }

    /// Sends the next question, one at a time per worker. The first question starts the worker.
    pub(super) fn look(&mut self, ctx: &Context<Self>) {
        self.leave_what_is_unwanted(ctx);
        if !self.is_settling
            && self.state.is_looked_closer_at()
            && !self.insight.is_busy()
            && let Some(question) = self.state.question()
        {
            self.insight.ask(question);
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
        for worker in [&self.insight, &self.python] {
            if let Some(question) = worker.asked()
                && self.state.insight.knows(&question)
            {
                worker.stop();
            }
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
        is_unwanted(&self.insight, &self.state.wanted())
            || is_unwanted(&self.python, self.state.python_asked().as_slice())
    }

    /// Stops the workers that are still busy with an unwanted question.
    pub(super) fn stop_what_is_left(&self) {
        if is_unwanted(&self.insight, &self.state.wanted()) {
            self.insight.stop();
        }
        if is_unwanted(&self.python, self.state.python_asked().as_slice()) {
            self.python.stop();
        }
    }

    /// Reads a file as a trace, in the worker that also talks to the companion.
    pub(super) fn open_file(&self, file: JsValue) -> Action {
        let name = proof::name_of(&file);
        self.preparing_file.stop();
        self.proof.file(file);
        Action::TraceGiven(name.into())
    }

    /// Terminates the worker, which reads a file without yielding. Its successor gets the page's
    /// state with the next message.
    pub(super) fn stop_opening(&self) {
        self.preparing_file.stop();
        self.proof.stop();
    }

    /// Stores only the reader's choices. The system's preferences are read at each start.
    fn keep_settings(&self, before: &State) {
        let mut kept = storage::settings();
        kept.theme = self.state.settings.theme;
        if self.state.language() != before.language() {
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

fn is_unwanted(worker: &Insight, wanted: &[Question]) -> bool {
    worker
        .asked()
        .is_some_and(|question| !wanted.contains(&question))
}

/// Whether the change concerns the host page: phase, run or goal.
fn is_news(state: &State, before: &State) -> bool {
    let goal = |state: &State| {
        let embedded = state.embedded.as_ref();
        embedded.map(|embedded| (embedded.goal.clone(), embedded.verdicts.clone()))
    };
    state.phase != before.phase || state.run != before.run || goal(state) != goal(before)
}

/// Copies the text and passes on whether the browser allowed it.
pub(super) fn copy(text: String, tell: impl FnOnce(bool) + 'static) {
    spawn_local(async move { tell(dom::copy(&text).await) });
}
