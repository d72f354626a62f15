//! The root component: holds the state, applies actions to it, and renders it.
//!
//! [`opening`] builds the initial state and [`startup`] sequences the startup. [`listening`] adds
//! the event listeners. [`ready`] prepares traces for the chart. [`effects`] carries out the
//! effects of each action, and [`keeping`] stores the script and the drafts.

mod components;
mod effects;
mod keeping;
mod listening;
mod opening;
mod ready;
mod startup;

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use self::keeping::Autosave;
use self::startup::StartupPhase;
use super::client::{Client, SimulatorAnswer, SmallRuns};
use super::clock::{self, AnimationFrame, Latest, Timeout, put_off};
use super::crash;
use super::dom;
use super::embedded::{self, Inside};
use super::files::FileMaker;
use super::program_runs::{ProgramNews, ProgramRuns};
use super::questions::{Answered, QuestionClient};
use super::real_run::{RealRunClient, Received};
use super::tree::Maker;
use crate::protocol::analysis::Analyst;
use crate::protocol::python::PythonReader;
use crate::state::action::Action;
use crate::state::active_lines::ActiveLine;
use crate::state::effect;
use crate::state::insight::SPANS_MAX;
use crate::state::shown::Shown;
use crate::state::tour::Tour;
use crate::state::{Notice, Phase, State};
use crate::view;
use texts::Language;

/// Milliseconds after which the page counts as not crashed on its script.
const WELL_MS: u32 = 30_000;
/// Up to this width, e.g. on a phone, the script is a bottom sheet, as in `www/css/narrow.css`.
pub(super) const NARROW: &str = "(max-width: 900px)";

/// Renders the app, in a lab as soon as `inside.js` has loaded.
pub(super) fn start() {
    yew::set_custom_panic_hook(Box::new(crash::show));
    put_off(|| {
        if embedded::is_asked_for() {
            embedded::when_loaded(render);
        } else {
            render();
        }
    });
}

fn render() {
    let Some(root) = dom::document().get_element_by_id("app") else {
        return;
    };
    yew::Renderer::<App>::with_root(root).render();
    Timeout::new(WELL_MS, crash::forget).forget();
}

/// The language of the document, for code outside of the components.
pub(super) fn document_language() -> Language {
    let tag = dom::root_element()
        .map(|root| root.lang())
        .unwrap_or_default();
    Language::from_tag(&tag).unwrap_or_default()
}

struct App {
    state: Rc<State>,
    client: Client,
    analysis: QuestionClient<Analyst>,
    python: QuestionClient<PythonReader>,
    /// The connection to the host page; `None` outside of a lab.
    inside: Option<Inside>,
    real_runs: RealRunClient,
    programs: ProgramRuns,
    /// Runs the reader's program again after a pause in the typing.
    running_soon: Option<Timeout>,
    files: FileMaker,
    /// The trace of the current run that is being prepared.
    preparing_run: Latest,
    /// The trace of a file that is being prepared.
    preparing_file: Latest,
    /// The rows that are being laid out.
    preparing_rows: Latest,
    /// Ends the moment after an edit.
    ending_moment: Option<Timeout>,
    /// Stops the workers that are busy with unwanted questions.
    leaving: Option<Timeout>,
    /// The tour has moved to another step; its element must still be scrolled into view.
    is_touring_on: bool,
    /// The selector of the part that must still be scrolled into view.
    to_show: Option<&'static str>,
    /// The id of the element that must still get the focus.
    to_focus: Option<&'static str>,
    startup: StartupPhase,
    /// The first chart has not been visible for `effects::SETTLING_MS` yet.
    is_settling: bool,
    /// The lessons are being loaded.
    awaits_lessons: bool,
    autosave: Option<Autosave>,
    active: ActiveLines,
    /// The next frame of the playback.
    frame: Option<AnimationFrame>,
    last_frame_ms: Option<f64>,
    listeners: Vec<EventListener>,
}

/// The lines at work at the cursor, and what they were computed from.
#[derive(Default)]
struct ActiveLines {
    lines: Rc<[ActiveLine]>,
    of: Option<(Rc<Shown>, usize)>,
}

enum Message {
    /// The next phase of startup may run.
    StartupStepDue,
    /// The window has crossed the width of [`NARROW`].
    Reshaped,
    Act(Action),
    /// From the simulator.
    SimulatorAnswered(SimulatorAnswer),
    /// An animation frame of the playback, with its time in milliseconds.
    Frame(f64),
    /// The delay of [`Autosave`] is over.
    SaveDue,
    /// Another tab has saved a script.
    SavedElsewhere(String),
    AnalysisAnswered(Answered<Analyst>),
    PythonAnswered(Answered<PythonReader>),
    /// The companion's client has sent a message, or has crashed.
    RealRunAnswered(Received),
    /// The companion has issued or refused the token.
    AccessDecided,
    /// The run of the reader's program has come further.
    ProgramCame(ProgramNews),
    /// A dropped file, which may be a trace.
    Dropped(JsValue),
    /// [`App::leaving`] is over: workers may still be busy with unwanted questions.
    LeftBehind,
    /// The first chart has been visible for a moment.
    FirstChartSettled,
    /// The lab was scrolled out of view.
    BecameHidden,
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        // After a crash every run goes to the worker, where a trap does not end the page.
        let small = match crash::recent_crashes() {
            0 => SmallRuns::AtOnce,
            _ => SmallRuns::Elsewhere,
        };
        let inside = embedded::inside();
        let client = Client::start(
            small,
            inside.clone(),
            ctx.link().callback(Message::SimulatorAnswered),
        );
        let state = opening::state(inside.as_ref());
        let made = |outcome| Message::Act(Action::FileMade(outcome));
        let mut app = Self {
            state: Rc::new(state),
            client,
            analysis: QuestionClient::new(ctx.link().callback(Message::AnalysisAnswered)),
            python: QuestionClient::new(ctx.link().callback(Message::PythonAnswered)),
            inside,
            real_runs: RealRunClient::new(ctx.link().callback(Message::RealRunAnswered)),
            programs: ProgramRuns::new(ctx.link().callback(Message::ProgramCame)),
            running_soon: None,
            files: FileMaker::new(ctx.link().callback(made)),
            preparing_run: Latest::default(),
            preparing_file: Latest::default(),
            preparing_rows: Latest::default(),
            ending_moment: None,
            leaving: None,
            is_touring_on: false,
            to_show: None,
            to_focus: None,
            startup: StartupPhase::default(),
            is_settling: true,
            awaits_lessons: false,
            autosave: None,
            active: ActiveLines::default(),
            frame: None,
            last_frame_ms: None,
            listeners: Vec::new(),
        };
        app.listen(ctx);
        app.dress();
        app.keep_opened();
        // Otherwise a script that crashes the page would crash each reload too.
        let ended_in_a_run = app.inside.is_none() && crash::ended_in_a_run();
        if ended_in_a_run || crash::recent_crashes() >= crash::CRASHES_MAX {
            Rc::make_mut(&mut app.state).notice = Some(Notice::SafeMode);
            Rc::make_mut(&mut app.state).phase = Phase::Cancelled;
        }
        app.put_off_the_rest(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let action = match message {
            Message::StartupStepDue => return self.go_on(ctx),
            Message::Reshaped => return true,
            Message::Act(action) => Some(action),
            Message::SimulatorAnswered(answer) => self.understand(ctx, answer),
            Message::Frame(now_ms) => self.passed(now_ms),
            Message::SavedElsewhere(text) => Some(Action::SavedElsewhere(text.into())),
            Message::SaveDue => {
                let before = self.state.clone();
                self.save_script();
                return before != self.state;
            }
            Message::AnalysisAnswered((request, answer)) => {
                Some(Action::AnalysisAnswered(request, answer))
            }
            Message::PythonAnswered((request, answer)) => {
                Some(Action::PythonAnswered(request, answer))
            }
            Message::RealRunAnswered(received) => self.real_run_answered(ctx, received),
            Message::AccessDecided => {
                self.real_runs.follow(&self.state);
                None
            }
            Message::ProgramCame((run, event, texts)) => self.program_came(run, event, texts),
            Message::Dropped(file) => Some(self.open_file(file)),
            Message::LeftBehind => {
                self.leaving = None;
                self.stop_what_is_left();
                self.look(ctx);
                None
            }
            Message::FirstChartSettled => {
                self.is_settling = false;
                self.look(ctx);
                if self.inside.is_none() {
                    self.bring_lessons(ctx);
                    let client = self.client.clone();
                    put_off(move || client.stand_by());
                }
                None
            }
            Message::BecameHidden => {
                self.client.dismiss();
                self.analysis.dismiss();
                None
            }
        };
        let Some(action) = action else { return false };
        // The action waits until its rows are laid out, so that rendering never blocks on them.
        let action = match self.lacks_rows(&action) {
            Some((shown, by)) => {
                let is_long = shown.run.spans().len() > SPANS_MAX;
                let is_chosen = matches!(action, Action::RowsChosen(_));
                self.make_rows(ctx, action, shown, by);
                if !(is_long && is_chosen) {
                    return false;
                }
                Action::RowsAwaited
            }
            None => action,
        };
        if let Action::LessonsCame(_) = action {
            self.awaits_lessons = false;
        }
        keeping::note_arrival(&action);
        let before = self.state.clone();
        for effect in effect::reduce(&mut self.state, action, clock::wall_time()) {
            self.perform(ctx, effect);
        }
        self.synchronize(ctx);
        before != self.state
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        if !self.startup.is_drawn() {
            return Html::default();
        }
        let on_action = ctx.link().callback(Message::Act);
        let maker = Maker {
            on_action: &on_action,
            component: &|slot| self.component(slot, &on_action),
        };
        maker.node(view::page(&self.state))
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        if self.state.phase != Phase::Asked {
            self.finish(ctx);
        }
        if let Some(selector) = self.to_show.take() {
            dom::bring_into_view(selector);
        }
        if let Some(id) = self.to_focus.take() {
            dom::focus(id);
        }
        if std::mem::take(&mut self.is_touring_on)
            && let Tour::At(stop) = self.state.tour
        {
            dom::bring_into_view(stop.selector());
            dom::focus(view::TOUR_NEXT);
        }
        // An element in the document is not modal until `showModal`, which also moves the focus.
        if let Some(dialog) = dom::by_id(view::DIALOG) {
            let dialog: HtmlDialogElement = dialog.unchecked_into();
            if !dialog.open() {
                // Fails only for a dialog outside of the document.
                let _ = dialog.show_modal();
            }
        }
    }
}
