//! The root component: holds the state, and carries out what follows from its
//! changes — runs, storage, frames, the document's language and theme.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlDialogElement, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use super::chart::{self, Chart};
use super::client::{self, Answer, Client, SmallRuns};
use super::clock::{Frame, Timeout, breathing};
use super::crash;
use super::dom;
use super::editor::Editor;
use super::embedded::{self, Inside};
use super::files::{self, Source};
use super::insight::Insight;
use super::proof::{self, Proof};
use super::still::Still;
use super::storage;
use super::tree::Maker;
use crate::import;
use crate::language::Language;
use crate::link;
use crate::protocol::RunId;
use crate::scene::By;
use crate::trace::Trace;
use crate::web::insight::question::{self, Deed, Margin, Question, Stretch};
use crate::web::model::action::{Action, Wish};
use crate::web::model::choices::{Choices, Theme};
use crate::web::model::download::File;
use crate::web::model::drafts::Drafts;
use crate::web::model::insight::{Look, Tab};
use crate::web::model::lessons::FIRST_SCRIPT;
use crate::web::model::shown::{self, Checked, Shown};
use crate::web::model::state::{Notice, Phase, Pointed, Saving, State};
use crate::web::model::tour::Tour;
use crate::web::proof::message::{Hand, Said};
use crate::web::view;
use crate::web::view::node::Living;
use crate::workload::Workload;

/// After so long without a keystroke the script is stored.
const AUTOSAVE_MS: i32 = 500;
/// A closer look does not compete with the first chart.
const SETTLING_MS: i32 = 250;
/// A page that lives so long has not crashed on its script.
const WELL_MS: i32 = 30_000;

pub(super) fn start() {
    yew::set_custom_panic_hook(Box::new(crash::show));
    if let Some(boot) = dom::document().get_element_by_id("boot") {
        boot.remove();
    }
    match embedded::is_asked_for() {
        true => embedded::when_loaded(render),
        false => render(),
    }
}

fn render() {
    let Some(root) = dom::document().get_element_by_id("app") else {
        return;
    };
    yew::Renderer::<App>::with_root(root).render();
    Timeout::after(WELL_MS, crash::forget).forget();
}

/// The language the document is in; for callers outside of the components.
pub(super) fn document_language() -> Language {
    let tag = dom::root_element()
        .map(|root| root.lang())
        .unwrap_or_default();
    Language::from_tag(&tag).unwrap_or_default()
}

struct App {
    state: Rc<State>,
    client: Client,
    insight: Insight,
    python: Insight,
    /// The way to the page around this one.
    inside: Option<Inside>,
    proof: Proof,
    /// The tour has come to another place, which is not in view yet.
    is_touring_on: bool,
    /// Until a chart has stood for a moment.
    is_settling: bool,
    /// While there is something to save.
    saving: Option<Timeout>,
    /// What the storage holds, as far as this tab knows.
    stored: Option<String>,
    frame: Option<Frame>,
    last_frame_ms: Option<f64>,
    listeners: Vec<Closure<dyn FnMut(web_sys::Event)>>,
}

enum Message {
    Act(Action),
    Answered(Answer),
    Frame(f64),
    /// The reader has paused for a moment.
    SaveDue,
    /// Another tab has saved a script.
    SavedElsewhere(String),
    /// The page may be gone in a moment.
    Leaving,
    /// A closer look has something to say.
    Told(Question, Option<question::Answer>),
    /// What talks to the companion has something new; nothing when it is gone.
    Proved(Option<(Said, Array)>),
    /// A trace, perhaps.
    Dropped(JsValue),
    /// The first chart has stood for a moment.
    Stood,
    /// Nobody sees it.
    Rested,
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        // A page that broke does not trust itself with the next run.
        let small = match crash::recent_crashes() {
            0 => SmallRuns::AtOnce,
            _ => SmallRuns::Elsewhere,
        };
        let inside = embedded::inside();
        let client = Client::start(
            small,
            inside.clone(),
            ctx.link().callback(Message::Answered),
        );
        let choices = choices();
        // What belongs to another page is not the reader's own, and is not kept.
        let stored = storage::script().filter(|_| inside.is_none());
        let mut state = State::new(first_script(stored.as_deref(), choices.language), choices);
        state.address = dom::address().into();
        match &inside {
            Some(inside) => open_embedded(&mut state, inside),
            None => {
                state.drafts = storage::drafts();
                if storage::is_refused() {
                    state.saving = Saving::Refused;
                } else if !storage::has_toured() {
                    state.tour = Tour::Offered;
                }
                open_address(&mut state);
            }
        }
        let told = ctx
            .link()
            .callback(|(question, answer)| Message::Told(question, answer));
        let mut app = Self {
            state: Rc::new(state),
            client,
            insight: Insight::new("insight", told.clone()),
            python: Insight::new("python", told),
            inside,
            proof: Proof::new(ctx.link().callback(Message::Proved)),
            is_touring_on: false,
            is_settling: true,
            saving: None,
            stored,
            frame: None,
            last_frame_ms: None,
            listeners: Vec::new(),
        };
        app.listen(ctx);
        app.dress();
        if crash::recent_crashes() >= crash::CRASHES_MAX {
            Rc::make_mut(&mut app.state).notice = Some(Notice::SafeMode);
            Rc::make_mut(&mut app.state).phase = Phase::Cancelled;
        } else {
            app.client.run(app.state.run, &app.state.script);
        }
        app
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let action = match message {
            Message::Act(action) => Some(action),
            Message::Answered(answer) => self.understand(ctx, answer),
            Message::Frame(now_ms) => self.passed(now_ms),
            Message::SavedElsewhere(text) => {
                let text: Rc<str> = text.as_str().into();
                self.stored = Some(text.to_string());
                Some(Action::SavedElsewhere(text))
            }
            Message::SaveDue => Some(self.save()),
            Message::Told(question, answer) => Some(Action::Answered(question, answer)),
            Message::Proved(said) => self.heard(ctx, said),
            Message::Dropped(file) => {
                ctx.link()
                    .send_message(Message::Act(Action::Looked(Look::Tab(Tab::Proof))));
                self.proof.file(file);
                None
            }
            Message::Stood => {
                self.is_settling = false;
                self.look();
                None
            }
            Message::Rested => {
                self.client.dismiss();
                self.insight.dismiss();
                None
            }
            Message::Leaving => {
                // What was typed in the last half second; nobody is left to tell.
                if self.saving.is_some() {
                    self.save();
                }
                None
            }
        };
        let Some(action) = action else { return false };
        let action = match action {
            Action::Wished(wish) => {
                self.grant(ctx, wish);
                return false;
            }
            Action::Handed(Hand::File, _) => {
                if let Some(control) = dom::by_id("trace-file") {
                    proof::file_in(&control)
                        .into_iter()
                        .for_each(|file| self.proof.file(file));
                    // The same file may be chosen again.
                    control.unchecked_into::<HtmlInputElement>().set_value("");
                }
                return false;
            }
            Action::Handed(hand, value) => {
                self.proof.handed(hand, value);
                return false;
            }
            Action::Told(Deed::Copy(text)) => {
                let link = ctx.link().clone();
                copy(text.clone(), move |well| {
                    let copied = if well { text } else { String::new() };
                    link.send_message(Message::Act(Action::Handed(Hand::Copied, copied)));
                });
                return false;
            }
            action => action,
        };
        if let Some((shown, by)) = self.lacks_rows(&action) {
            let link = ctx.link().clone();
            spawn_local(async move {
                breathing(shown.make_rows(by, chart::height_max_px())).await;
                link.send_message(Message::Act(action));
            });
            return false;
        }
        let before = self.state.clone();
        Rc::make_mut(&mut self.state).reduce(action);
        self.follow(ctx, &before);
        before != self.state
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let on_action = ctx.link().callback(Message::Act);
        let maker = Maker {
            on_action: &on_action,
            living: &|living| self.living(living, &on_action),
        };
        maker.node(view::page(&self.state))
    }

    fn rendered(&mut self, _: &Context<Self>, _first: bool) {
        if std::mem::take(&mut self.is_touring_on)
            && let Tour::At(stop) = self.state.tour
        {
            dom::bring_into_view(stop.selector());
            dom::focus(view::TOUR_NEXT);
        }
        // A dialog that is in the document is not open by that.
        if let Some(dialog) = dom::by_id(view::DIALOG) {
            let dialog: HtmlDialogElement = dialog.unchecked_into();
            if !dialog.open() {
                // Fails for none that is in the document.
                let _ = dialog.show_modal();
            }
        }
    }
}

async fn made_ready(script: Rc<str>, trace: Trace, by: By) -> Option<(Rc<Checked>, Shown)> {
    let (checked, workload) = shown::check(&script);
    Some((checked, derived(script, workload?, trace, by).await))
}

/// What is derived from a trace and what its first picture needs, with a look at the
/// clock after each slice: a trace of millions of records must not hold the page.
async fn derived(script: Rc<str>, workload: Workload, trace: Trace, by: By) -> Shown {
    breathing(async {
        let shown = Shown::in_slices(script, workload, trace).await;
        shown.make_rows(By::Tasks, chart::height_max_px()).await;
        shown.make_rows(by, chart::height_max_px()).await;
        shown
    })
    .await
}

/// A trace from a file, drawn as any other; of another tool's there is no script.
async fn opened(source: import::Source, parts: Array, by: By) -> Option<Shown> {
    let trace = client::unpacked(&parts, &|| true).await?;
    let (script, workload) = match source {
        import::Source::Script(script) => {
            let script: Rc<str> = script.into();
            (script.clone(), shown::check(&script).1?)
        }
        import::Source::Names(names) => ("".into(), names.workload()),
    };
    Some(derived(script, workload, trace, by).await)
}

impl App {
    /// What an action would show that is not made yet: it has to wait.
    fn lacks_rows(&self, action: &Action) -> Option<(Rc<Shown>, By)> {
        let (shown, by) = match action {
            Action::RowsChosen(by) => (self.state.shown.as_ref()?, *by),
            Action::Ran(_, _, shown) => (shown, self.state.by),
            _ => return None,
        };
        (!shown.has_rows(by)).then(|| (shown.clone(), by))
    }

    fn living(&self, living: Living, on_action: &Callback<Action>) -> Html {
        let state = &self.state;
        let on_action = on_action.clone();
        match (living, &state.shown) {
            (Living::Editor, shown) => {
                let embedded = state.embedded.as_ref();
                let frozen = embedded.map_or_else(Rc::default, |embedded| embedded.frozen.clone());
                // What cannot be edited needs no editor.
                let load =
                    (shown.is_some() || state.phase == Phase::Faulty) && !frozen.is_everything;
                html! { <Editor script={state.script.clone()} checked={state.checked.clone()} fresh={state.is_fresh()} lit={self.lit()}
                language={state.language()} {load} {frozen} margin={self.margin()} {on_action} /> }
            }
            (Living::Chart, Some(shown)) => {
                let props = chart::Props {
                    shown: shown.clone(),
                    by: state.by,
                    view: state.view,
                    cursor: state.cursor,
                    pointed: self.pointed(),
                    is_script: state.opened.is_none(),
                    language: state.language(),
                    dark: state.settings.dark(),
                    stale: state.is_stale(),
                    path: self.path(),
                    behind: state.behind().cloned(),
                    on_action,
                };
                html! { <Chart ..props /> }
            }
            (Living::Still(which), _) => {
                html! { <Still {which} state={state.clone()} {on_action} /> }
            }
            (Living::Chart, None) => Html::default(),
        }
    }

    /// What is pointed at; of lines only where the chart has them.
    fn pointed(&self) -> Pointed {
        let pointed = self.state.pointed;
        match self.state.has_lines_of_script() {
            true => pointed,
            false => Pointed {
                cursor_line: None,
                hovered_line: None,
                asked_line: None,
                ..pointed
            },
        }
    }

    /// What each line cost others, while that is known of the text.
    fn margin(&self) -> Rc<[Margin]> {
        match self.state.is_looked_at() && !self.state.is_covered() {
            true => self.state.insight.margin.clone(),
            false => Rc::default(),
        }
    }

    /// The critical path, while it is to be seen.
    fn path(&self) -> Rc<[Stretch]> {
        match self.state.insight.path_is_shown && self.state.is_looked_at() {
            true => self.state.insight.path.clone(),
            false => Rc::default(),
        }
    }

    /// The script's line whose bar is pointed at.
    fn lit(&self) -> Option<u32> {
        let pointed = &self.state.pointed;
        let shown =
            self.state.shown.as_ref().filter(|_| {
                self.state.phase == Phase::Settled && self.state.has_lines_of_script()
            })?;
        let bar = pointed.hovered.or(pointed.selected)?;
        Some(shown.timeline(By::Tasks).labels().line(bar.segment)).filter(|&line| line > 0)
    }

    /// What the simulator says, as an action. A trace is made ready here: it
    /// belongs to the script only if that has not changed meanwhile.
    fn understand(&self, ctx: &Context<Self>, answer: Answer) -> Option<Action> {
        match answer {
            Answer::Progress(run, reached) => Some(Action::Progressed(run, reached)),
            Answer::Faulty(run) => (run == self.state.run)
                .then(|| Action::WasFaulty(run, shown::check(&self.state.script).0)),
            Answer::Ran(run, trace) => {
                self.make_ready(ctx, run, *trace);
                None
            }
            Answer::Broke(message) => Some(Action::Broke(message)),
            Answer::Workerless => Some(Action::WentWorkerless),
        }
    }

    /// What talks to the companion says: an action, or a trace that is made ready first.
    fn heard(&self, ctx: &Context<Self>, said: Option<(Said, Array)>) -> Option<Action> {
        match said {
            None => {
                self.proof.lost();
                Some(Action::Proved(None))
            }
            Some((Said::Opened { name, source }, parts)) => {
                let (by, link) = (self.state.by, ctx.link().clone());
                spawn_local(async move {
                    if let Some(shown) = opened(source, parts, by).await {
                        let shown = Rc::new(shown);
                        link.send_message(Message::Act(Action::TraceOpened(name.into(), shown)));
                    }
                });
                None
            }
            Some((said, _)) => Some(Action::Proved(Some(said))),
        }
    }

    fn make_ready(&self, ctx: &Context<Self>, run: RunId, trace: Trace) {
        if run != self.state.run {
            return;
        }
        let (script, by) = (self.state.script.clone(), self.state.by);
        let link = ctx.link().clone();
        spawn_local(async move {
            if let Some((checked, shown)) = made_ready(script, trace, by).await {
                link.send_message(Message::Act(Action::Ran(run, checked, Rc::new(shown))));
            }
        });
    }

    fn grant(&self, ctx: &Context<Self>, wish: Wish) {
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
                if let Some(shown) = self.state.shown.clone() {
                    let (by, language) = (self.state.by, self.state.language());
                    let source = Source {
                        shown,
                        by,
                        language,
                    };
                    let done = Callback::from(move |well| tell(Action::FileMade(well)));
                    files::hand_over(file, source, done);
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

    fn passed(&mut self, now_ms: f64) -> Option<Action> {
        self.frame = None;
        let before = self.last_frame_ms.replace(now_ms).unwrap_or(now_ms);
        Some(Action::Ticked(
            ((now_ms - before) / 1_000.0).clamp(0.0, 0.25),
        ))
    }

    /// Carries out what follows from a change.
    fn follow(&mut self, ctx: &Context<Self>, before: &State) {
        let state = self.state.clone();
        if state.run != before.run {
            self.client.run(state.run, &state.script);
        }
        if state.phase == Phase::Cancelled && before.phase != Phase::Cancelled {
            self.client.cancel();
        }
        let is_kept = self.inside.is_none();
        if is_kept && state.script != before.script {
            self.save_soon(ctx);
        }
        if is_kept && state.drafts != before.drafts {
            // Refused storage is said by the script's badge.
            let _ = storage::keep_drafts(&state.drafts);
        }
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
        if state.shown.is_some() && before.shown.is_none() {
            let link = ctx.link().clone();
            Timeout::after(SETTLING_MS, move || link.send_message(Message::Stood)).forget();
        }
        if state.insight.sweep.is_none() && before.insight.sweep.is_some() {
            self.insight.stop();
        }
        self.look();
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

    /// Asks what is to be known next, one question at a time; the first one loads
    /// what answers them.
    fn look(&self) {
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

    fn save_soon(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        self.saving = Some(Timeout::after(AUTOSAVE_MS, move || {
            link.send_message(Message::SaveDue);
        }));
    }

    /// Stores the script. A text of another tab's that nobody was told of (its
    /// event may still be under way) is put aside first.
    fn save(&mut self) -> Action {
        self.saving = None;
        let found = storage::script();
        if found.is_some() && found != self.stored && found.as_deref() != Some(&*self.state.script)
        {
            let mut drafts = self.state.drafts.clone();
            drafts.keep(&found.as_deref().unwrap_or_default().into());
            let _ = storage::keep_drafts(&drafts);
            Rc::make_mut(&mut self.state).drafts = drafts;
        }
        self.stored = Some(self.state.script.to_string());
        Action::Saved(match storage::keep_script(&self.state.script) {
            Ok(()) => Saving::Kept,
            Err(storage::Refused) => Saving::Refused,
        })
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
    fn dress(&self) {
        let Some(root) = dom::root_element() else {
            return;
        };
        root.set_lang(self.state.language().tag());
        let theme = if self.state.settings.dark() {
            "dark"
        } else {
            "light"
        };
        // An attribute cannot be refused.
        let _ = root.set_attribute("data-theme", theme);
    }

    fn listen(&mut self, ctx: &Context<Self>) {
        let window = dom::window();
        match self.inside.clone() {
            Some(inside) => self.listen_around(ctx, &inside),
            None => self.listen_alone(ctx),
        }
        if let Ok(Some(dark)) = window.match_media("(prefers-color-scheme: dark)") {
            let link = ctx.link().clone();
            self.on(&dark.clone(), "change", move |_| {
                link.send_message(Message::Act(Action::SystemTurned {
                    dark: dark.matches(),
                }));
            });
        }
    }

    fn listen_alone(&mut self, ctx: &Context<Self>) {
        let window = dom::window();
        let link = ctx.link().clone();
        self.on(&window, "hashchange", move |_| {
            if let Some(content) = take_link() {
                link.send_message(Message::Act(Action::LinkOpened(content)));
            }
        });
        let link = ctx.link().clone();
        self.on(&window, "keydown", move |event| {
            let event: &KeyboardEvent = event.unchecked_ref();
            // Who has had its own use for it says so.
            if event.key() == "Escape" && !event.default_prevented() {
                link.send_message(Message::Act(Action::Escaped));
            }
        });
        self.listen_for_files(ctx);
        let link = ctx.link().clone();
        self.on(&window, "pagehide", move |_| {
            link.send_message(Message::Leaving)
        });
        let link = ctx.link().clone();
        self.on(&window, "storage", move |event| {
            if let Some(text) = storage::script_in(event.unchecked_ref()) {
                link.send_message(Message::SavedElsewhere(text));
            }
        });
    }

    /// What the page around asks for.
    fn listen_around(&mut self, ctx: &Context<Self>, inside: &Inside) {
        let wished = ctx
            .link()
            .callback(|wishes| Message::Act(Action::Granted(Box::new(wishes))));
        inside.listen(wished, ctx.link().callback(|()| Message::Rested));
        if self.state.phase == Phase::Cancelled {
            inside.report(&self.state);
        }
    }

    /// A file that is dropped anywhere is a trace; the browser would leave the page for it.
    fn listen_for_files(&mut self, ctx: &Context<Self>) {
        let body = dom::document().body();
        let Some(body) = body else { return };
        let mark = |is_over: bool| {
            if let Some(root) = dom::root_element() {
                // An attribute cannot be refused.
                let _ = root.toggle_attribute_with_force("data-dragged", is_over);
            }
        };
        self.on(&body, "dragover", move |event| {
            if proof::brings_files(&event) {
                event.prevent_default();
                mark(true);
            }
        });
        self.on(&body, "dragleave", move |_| mark(false));
        let link = ctx.link().clone();
        self.on(&body, "drop", move |event| {
            mark(false);
            if let Some(file) = proof::file_in(&event) {
                event.prevent_default();
                // The editor would write what is in it.
                event.stop_propagation();
                link.send_message(Message::Dropped(file));
            }
        });
    }

    fn on(
        &mut self,
        target: &web_sys::EventTarget,
        name: &str,
        listener: impl FnMut(web_sys::Event) + 'static,
    ) {
        let closure = Closure::<dyn FnMut(web_sys::Event)>::new(listener);
        // A drop is ours before it is the editor's. Fails for no target that we have.
        let _ = target.add_event_listener_with_callback_and_bool(
            name,
            closure.as_ref().unchecked_ref(),
            name == "drop",
        );
        self.listeners.push(closure);
    }
}

/// Something that the page around is told of.
fn is_news(state: &State, before: &State) -> bool {
    let goal = |state: &State| {
        let embedded = state.embedded.as_ref();
        embedded.map(|embedded| (embedded.goal.clone(), embedded.verdicts.clone()))
    };
    state.phase != before.phase || state.run != before.run || goal(state) != goal(before)
}

fn copy(text: String, tell: impl FnOnce(bool) + 'static) {
    spawn_local(async move { tell(dom::copy(&text).await) });
}

/// The reader's own script, where there is one; the parser says if it is too long.
fn first_script(stored: Option<&str>, language: Language) -> Rc<str> {
    stored
        .filter(|text| !text.is_empty())
        .unwrap_or(FIRST_SCRIPT.of(language))
        .into()
}

fn choices() -> Choices {
    let kept = storage::settings();
    let browser = dom::window()
        .navigator()
        .language()
        .and_then(|tag| Language::from_tag(&tag));
    Choices {
        language: kept.language.or(browser).unwrap_or_default(),
        theme: kept.theme,
        system_dark: dom::media_matches("(prefers-color-scheme: dark)"),
    }
}

/// The address says what is wanted, and stays as it is: it is the page's around.
fn open_embedded(state: &mut State, inside: &Inside) {
    let wishes = inside.wishes();
    let fragment = dom::fragment();
    let link = fragment.split('&').next().unwrap_or_default();
    if wishes.script.is_none() && link.starts_with("#v") {
        state.reduce(Action::LinkOpened(link::decode(link)));
    }
    // Whoever embeds it says how it looks, not what the reader has chosen elsewhere.
    state.settings.theme = Theme::default();
    state.reduce(Action::Granted(Box::new(wishes)));
    state.freeze();
    state.drafts = Drafts::default();
}

/// A link in the address goes before what is stored.
fn open_address(state: &mut State) {
    if let Some(content) = take_link() {
        state.reduce(Action::LinkOpened(content));
    }
}

/// What the address holds behind its `#`, which is then taken out of it. The
/// companion's token is nobody's link: it is kept for as long as the tab lives.
fn take_link() -> Option<Result<link::Shared, link::LinkError>> {
    let fragment = dom::fragment();
    if fragment.len() < 2 || fragment.starts_with("#script-card") {
        return None;
    }
    dom::clear_fragment();
    match fragment.strip_prefix("#t=") {
        Some(token) => {
            storage::keep_token(token);
            None
        }
        None => Some(link::decode(&fragment)),
    }
}
