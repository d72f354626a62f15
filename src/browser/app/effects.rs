//! What follows from a change of state: runs, questions, the settings, the document.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::coming::Coming;
use super::{App, Message};
use crate::browser::clock::{Frame, Timeout};
use crate::browser::insight::Insight;
use crate::browser::{crash, dom, proof, storage};
use crate::insight::question::Question;
use crate::state::action::{Action, Wish};
use crate::state::download::File;
use crate::state::lessons::Shelf;
use crate::state::tour::Tour;
use crate::state::{Dialog, Phase, State};
use crate::view;

/// Work that is not wanted any more may go on so long.
const LEFT_BEHIND_MS: i32 = 1_000;
/// A closer look does not compete with the first chart.
const SETTLING_MS: i32 = 250;

impl App {
    pub(super) fn grant(&self, ctx: &Context<Self>, wish: Wish) {
        let link = ctx.link().clone();
        let tell = move |action| link.send_message(Message::Act(action));
        match wish {
            Wish::CopyReport => copy(self.report(), |_| {}),
            Wish::CopyLink | Wish::CopyEmbed | Wish::CopyFrame | Wish::CopyMarkdown => {
                let field = wish.field().and_then(dom::by_id);
                // A text area has the same two as an input.
                if let Some(field) = field.map(JsCast::unchecked_into::<HtmlInputElement>) {
                    // For whoever must copy it by hand.
                    field.select();
                    copy(field.value(), move |well| tell(Action::Copied(wish, well)));
                }
            }
            Wish::Download(File::Script) => {
                let (name, kind) = File::Script.name_and_type();
                // A browser that refuses downloads says so itself.
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

    /// What helps us to find out why it broke.
    fn report(&self) -> String {
        let message = match &self.state.phase {
            Phase::Broke(message) => message,
            _ => "",
        };
        let build = dom::built("build").unwrap_or_default();
        format!("{message}\nbuild {build}\n\n{}", self.state.script)
    }

    pub(super) fn passed(&mut self, now_ms: f64) -> Option<Action> {
        self.frame = None;
        let before = self.last_frame_ms.replace(now_ms).unwrap_or(now_ms);
        Some(Action::Ticked(
            ((now_ms - before) / 1_000.0).clamp(0.0, 0.25),
        ))
    }

    /// Labs leave no note: all of a course page share one storage, and a lab may be removed in the
    /// middle of its run.
    pub(super) fn note_run(&self, is_under_way: bool) {
        if self.inside.is_none() {
            crash::note_run(is_under_way);
        }
    }

    /// Carries out what follows from a change.
    pub(super) fn follow(&mut self, ctx: &Context<Self>, before: &State) {
        self.keep_changes(ctx, before);
        let state = self.state.clone();
        if state.run != before.run && !self.client.run(state.run, &state.script) {
            // It may take its time, and be the first.
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
        // Made or not: the program's memory is free again.
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
            self.frame = Some(Frame::next(move |now_ms| {
                link.send_message(Message::Frame(now_ms))
            }));
        } else {
            self.frame = None;
            self.last_frame_ms = None;
        }
    }

    /// Once; again if they could not be had.
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

    /// What comes by itself comes when the first chart has been seen for a moment.
    pub(super) fn settle(&self, ctx: &Context<Self>) {
        if self.state.shown.is_some() && self.coming == Coming::Seen {
            let link = ctx.link().clone();
            Timeout::after(SETTLING_MS, move || link.send_message(Message::Stood)).forget();
        }
    }

    /// Asks what is to be known next, one question at a time; the first one loads
    /// what answers them.
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

    /// What the reader cancelled ends at once. What another script, tab or dialog has made
    /// unwanted may still be over before long: a new worker costs more than a moment of its work.
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
            self.leaving = Some(Timeout::after(LEFT_BEHIND_MS, leave));
        }
    }

    /// A program works on what is not on the page.
    fn is_left_behind(&self) -> bool {
        is_unwanted(&self.insight, &self.state.wanted())
            || is_unwanted(&self.python, self.state.python_asked().as_slice())
    }

    pub(super) fn stop_what_is_left(&self) {
        if is_unwanted(&self.insight, &self.state.wanted()) {
            self.insight.stop();
        }
        if is_unwanted(&self.python, self.state.python_asked().as_slice()) {
            self.python.stop();
        }
    }

    /// Reads a file as a trace, in the program that talks to the companion.
    pub(super) fn open_file(&self, file: JsValue) -> Action {
        let name = proof::name_of(&file);
        self.preparing_file.stop();
        self.proof.file(file);
        Action::TraceGiven(name.into())
    }

    /// The program reads a file in one go, so it has to end; the next one is told of the page.
    pub(super) fn stop_opening(&self) {
        self.preparing_file.stop();
        self.proof.stop();
    }

    /// Only what the reader chose; what the system says is asked anew each time.
    fn keep_settings(&self, before: &State) {
        let mut kept = storage::settings();
        kept.theme = self.state.settings.theme;
        if self.state.language() != before.language() {
            kept.language = Some(self.state.language());
        }
        // Refused storage is said by the script's badge.
        let _ = storage::keep_settings(&kept);
    }

    /// The document's language and theme.
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
        // An attribute cannot be refused.
        let _ = root.set_attribute("data-theme", theme);
    }
}

fn is_unwanted(worker: &Insight, wanted: &[Question]) -> bool {
    worker
        .asked()
        .is_some_and(|question| !wanted.contains(&question))
}

/// Something that the page around is told of.
fn is_news(state: &State, before: &State) -> bool {
    let goal = |state: &State| {
        let embedded = state.embedded.as_ref();
        embedded.map(|embedded| (embedded.goal.clone(), embedded.verdicts.clone()))
    };
    state.phase != before.phase || state.run != before.run || goal(state) != goal(before)
}

pub(super) fn copy(text: String, tell: impl FnOnce(bool) + 'static) {
    spawn_local(async move { tell(dom::copy(&text).await) });
}
