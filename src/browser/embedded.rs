//! The page inside a lab: receives settings from the host page and reports the state to it.
//!
//! `www/embed/inside.js` speaks the protocol with the host page; `www/boot.js` loads it only if
//! the address asks for it.

use gloo_events::EventListener;
use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use yew::Callback;

use super::dom;
use crate::state::embedded::EmbedSettings;
use crate::state::program::ProgramPhase;
use crate::state::shown::Shown;
use crate::state::{Phase, State};
use model::trace::Ending;
use model::trace::expectation::Verdict;
use model::trace::summary::LongestInterval;
use script::Severity;

#[wasm_bindgen]
extern "C" {
    /// The object that `inside.js` puts on the window.
    #[derive(Clone)]
    pub(super) type Inside;
    #[wasm_bindgen(method)]
    fn asked(this: &Inside) -> JsValue;
    #[wasm_bindgen(method)]
    fn attach(this: &Inside, page: &Object);
    #[wasm_bindgen(method)]
    fn tell(this: &Inside, report: &Object);
    /// Resolves when this lab may simulate. Only one visible lab at a time simulates a long run.
    #[wasm_bindgen(method)]
    pub(super) fn turn(this: &Inside) -> Promise;
    /// Lets the next lab simulate.
    #[wasm_bindgen(method)]
    pub(super) fn over(this: &Inside);
}

/// The event that `inside.js` fires once it has loaded.
const READY: &str = "loopscope-inside";
const GLOBAL: &str = "loopscopeInside";
/// The maximum number of diagnostics in a report, so that reports stay small.
const PROBLEMS_MAX: usize = 20;

/// Whether the address asks for a lab. `boot.js` has set the class.
pub(super) fn is_asked_for() -> bool {
    dom::root_element().is_some_and(|root| root.class_list().contains("embedded"))
}

/// The loaded `inside.js`; `None` in a page of its own.
pub(super) fn inside() -> Option<Inside> {
    let inside = Reflect::get(&dom::window(), &GLOBAL.into()).ok()?;
    (!inside.is_undefined()).then(|| inside.unchecked_into())
}

/// Calls `then` as soon as `inside.js` has loaded.
pub(super) fn when_loaded(then: impl FnOnce() + 'static) {
    if inside().is_some() {
        return then();
    }
    EventListener::once(&dom::window(), READY, move |_| then()).forget();
}

impl Inside {
    /// The settings in the address.
    pub(super) fn wishes(&self) -> EmbedSettings {
        read(&self.asked())
    }

    /// Listens to the host page. `wished` gets new settings; `rest` is called out of view.
    pub(super) fn listen(&self, wished: Callback<EmbedSettings>, rest: Callback<()>) {
        let page = Object::new();
        let wished = Closure::<dyn FnMut(JsValue)>::new(move |wishes: JsValue| {
            wished.emit(read(&wishes));
        });
        let rest = Closure::<dyn FnMut()>::new(move || rest.emit(()));
        // The closures live as long as the page.
        set(&page, "set", &wished.into_js_value());
        set(&page, "rest", &rest.into_js_value());
        self.attach(&page);
    }

    /// Reports the state of the script, unless a run is still in progress.
    pub(super) fn report(&self, state: &State) {
        match state.phase {
            Phase::Asked | Phase::Running(_) | Phase::Preparing => return,
            Phase::Faulty | Phase::Settled | Phase::Cancelled | Phase::Crashed(_) => {}
        }
        if state.program.phase != ProgramPhase::Idle {
            return;
        }
        // The run has ended, so the next lab may simulate.
        self.over();
        self.tell(&report(state));
    }
}

/// Reads the settings. Those of a wrong type are ignored.
fn read(wishes: &JsValue) -> EmbedSettings {
    let get = |name: &str| Reflect::get(wishes, &name.into()).ok();
    let text = |name: &str| get(name)?.as_string();
    let list = |name: &str| get(name)?.dyn_into::<Array>().ok();
    let number = |value: JsValue| value.as_f64().map(|number| number as u32);
    EmbedSettings {
        script: text("script"),
        program: text("program"),
        panes: text("panes"),
        frozen: list("frozen").map(|pairs| pairs.iter().filter_map(number).collect()),
        goal: text("goal"),
        claims: list("claims").map(|claims| {
            claims
                .iter()
                .filter_map(|claim| claim.as_string())
                .collect()
        }),
        guess: text("guess"),
        theme: text("theme"),
        lang: text("lang"),
        at: text("at"),
        is_alone: get("alone").is_some_and(|alone| alone.is_truthy()),
    }
}

/// The report to the host page.
fn report(state: &State) -> Object {
    let report = Object::new();
    let phase = state.reported_phase();
    let text = state.shown_program().unwrap_or(&state.script);
    set(&report, "phase", &phase.into());
    set(&report, "script", &(&**text).into());
    set(&report, "problems", &problems(state));
    if let Phase::Crashed(message) = &state.phase {
        set(&report, "message", &message.into());
    }
    let is_settled = phase == Phase::Settled.name();
    if let Some(shown) = state.shown.as_ref().filter(|_| is_settled) {
        add_run(&report, shown);
    }
    let embedded = state.embedded.as_ref();
    if let Some(embedded) = embedded.filter(|embedded| !embedded.goal.is_empty()) {
        let goal = Object::new();
        set(&goal, "text", &(&*embedded.goal).into());
        let reached = embedded.is_goal_reached();
        set(
            &goal,
            "reached",
            &reached.map_or(JsValue::UNDEFINED, JsValue::from),
        );
        set(&goal, "claims", &verdicts(&embedded.verdicts));
        if let Some(mistake) = &embedded.mistake {
            set(&goal, "mistake", &(&**mistake).into());
        }
        set(&report, "goal", &goal);
    }
    report
}

/// Adds the results of the run. Nanoseconds below 2^53 are exact as JavaScript numbers, i.e. up to
/// 104 days.
fn add_run(report: &Object, shown: &Shown) {
    let summary = shown.run.summary();
    let longest = |longest: Option<LongestInterval>| -> JsValue {
        let length = longest.map_or(0, |longest| longest.length.as_nanos());
        (length as f64).into()
    };
    set(
        report,
        "total_ns",
        &(summary.total.as_nanos() as f64).into(),
    );
    set(report, "threads_peak", &summary.threads_peak.into());
    set(report, "freeze_ns", &longest(summary.freeze));
    set(report, "loop_lag_ns", &longest(summary.loop_lag));
    let ending = match shown.run.trace().ending {
        Ending::Finished => "finished",
        Ending::Until => "until",
        Ending::Deadlock(_) => "deadlock",
        Ending::Limit(_) => "limit",
    };
    set(report, "ending", &ending.into());
    set(report, "expectations", &verdicts(shown.run.verdicts()));
}

fn verdicts(verdicts: &[Verdict]) -> Array {
    let one = |verdict: &Verdict| {
        let one = Object::new();
        set(&one, "text", &(&*verdict.text).into());
        set(&one, "holds", &verdict.holds.into());
        set(&one, "actual", &(&*verdict.actual).into());
        one
    };
    verdicts.iter().map(one).collect()
}

/// The diagnostics of the script, or the errors of the Python program.
fn problems(state: &State) -> Array {
    if state.shown_program().is_some() {
        let marks = state.program_marks();
        let marks = marks.iter().take(PROBLEMS_MAX);
        return marks
            .map(|mark| problem(mark.line.into(), Severity::Error, &mark.text))
            .collect();
    }
    // During a run the diagnostics belong to an older text.
    let found = if state.is_fresh() {
        state.checked.diagnostics.as_slice()
    } else {
        &[]
    };
    let one = |diagnostic: &script::Diagnostic| {
        let line = script::line_column(&state.script, diagnostic.span.start as usize).line;
        let message = diagnostic.message(state.language());
        problem(line as f64, diagnostic.severity(), &message)
    };
    found.iter().take(PROBLEMS_MAX).map(one).collect()
}

fn problem(line: f64, severity: Severity, message: &str) -> Object {
    let problem = Object::new();
    let severity = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    set(&problem, "line", &line.into());
    set(&problem, "severity", &severity.into());
    set(&problem, "message", &message.into());
    problem
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Fails only for a frozen JavaScript object.
    let _ = Reflect::set(object, &name.into(), value);
}
