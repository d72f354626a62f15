//! The page's part in an embedding: carries wishes in and reports out.
//!
//! Who may ask, how often and in which words is decided in `www/embed/inside.js`, which is
//! loaded only where the address asks for it (`www/boot.js`).

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use yew::Callback;

use super::dom;
use crate::state::embedded::Wishes;
use crate::state::shown::Shown;
use crate::state::{Phase, State};
use model::trace::Ending;
use model::trace::expectation::Verdict;
use model::trace::summary::LongestInterval;
use script::Severity;

#[wasm_bindgen]
extern "C" {
    /// What `inside.js` puts on the window.
    #[derive(Clone)]
    pub(super) type Inside;
    #[wasm_bindgen(method)]
    fn asked(this: &Inside) -> JsValue;
    #[wasm_bindgen(method)]
    fn attach(this: &Inside, page: &Object);
    #[wasm_bindgen(method)]
    fn tell(this: &Inside, report: &Object);
    /// Resolves when a long simulation may begin.
    #[wasm_bindgen(method)]
    pub(super) fn turn(this: &Inside) -> Promise;
    /// None is under way any more.
    #[wasm_bindgen(method)]
    pub(super) fn over(this: &Inside);
}

const READY: &str = "loopscope-inside";
const GLOBAL: &str = "loopscopeInside";
/// More problems than these are told to nobody.
const PROBLEMS_MAX: usize = 20;

/// Whether the address asks for it.
pub(super) fn is_asked_for() -> bool {
    dom::root_element().is_some_and(|root| root.class_list().contains("embedded"))
}

/// What has been loaded; nothing in a page of its own.
pub(super) fn inside() -> Option<Inside> {
    let inside = Reflect::get(&dom::window(), &GLOBAL.into()).ok()?;
    (!inside.is_undefined()).then(|| inside.unchecked_into())
}

/// Now, if it is there; else as soon as it is.
pub(super) fn when_loaded(then: impl FnOnce() + 'static) {
    if inside().is_some() {
        return then();
    }
    let ready = Closure::once_into_js(then);
    // Fails for no name of an event.
    let _ = dom::window().add_event_listener_with_callback(READY, ready.unchecked_ref());
}

impl Inside {
    /// What the address asks for.
    pub(super) fn wishes(&self) -> Wishes {
        read(&self.asked())
    }

    /// From now on the page around is listened to, and told.
    pub(super) fn listen(&self, wished: Callback<Wishes>, rest: Callback<()>) {
        let page = Object::new();
        let wished = Closure::<dyn FnMut(JsValue)>::new(move |wishes: JsValue| {
            wished.emit(read(&wishes));
        });
        let rest = Closure::<dyn FnMut()>::new(move || rest.emit(()));
        // They live as long as the page does.
        set(&page, "set", &wished.into_js_value());
        set(&page, "rest", &rest.into_js_value());
        self.attach(&page);
    }

    /// Tells what has become of the script, once that is known.
    pub(super) fn report(&self, state: &State) {
        match state.phase {
            Phase::Asked | Phase::Running(_) | Phase::Preparing => return,
            Phase::Faulty | Phase::Settled | Phase::Cancelled | Phase::Broke(_) => {}
        }
        self.over();
        self.tell(&report(state));
    }
}

fn read(wishes: &JsValue) -> Wishes {
    let get = |name: &str| Reflect::get(wishes, &name.into()).ok();
    let text = |name: &str| get(name)?.as_string();
    let list = |name: &str| get(name)?.dyn_into::<Array>().ok();
    let number = |value: JsValue| value.as_f64().map(|number| number as u32);
    Wishes {
        script: text("script"),
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
    }
}

fn report(state: &State) -> Object {
    let report = Object::new();
    set(&report, "phase", &state.phase.name().into());
    set(&report, "script", &(&*state.script).into());
    set(&report, "problems", &problems(state));
    if let Phase::Broke(message) = &state.phase {
        set(&report, "message", &message.into());
    }
    if let Some(shown) = state
        .shown
        .as_ref()
        .filter(|_| state.phase == Phase::Settled)
    {
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
        set(&report, "goal", &goal);
    }
    report
}

/// Nanoseconds below 2^53, so that they are exact.
fn add_run(report: &Object, shown: &Shown) {
    let summary = &shown.summary;
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
    let ending = match shown.trace.ending {
        Ending::Finished => "finished",
        Ending::Until => "until",
        Ending::Deadlock(_) => "deadlock",
        Ending::Limit(_) => "limit",
    };
    set(report, "ending", &ending.into());
    set(report, "expectations", &verdicts(&shown.verdicts));
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

fn problems(state: &State) -> Array {
    let found = match state.is_fresh() {
        true => state.checked.diagnostics.as_slice(),
        false => &[],
    };
    let one = |diagnostic: &script::Diagnostic| {
        let one = Object::new();
        let line = script::line_column(&state.script, diagnostic.span.start as usize).line;
        let severity = match diagnostic.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        set(&one, "line", &(line as f64).into());
        set(&one, "severity", &severity.into());
        set(
            &one,
            "message",
            &diagnostic.message(state.language()).into(),
        );
        one
    };
    found.iter().take(PROBLEMS_MAX).map(one).collect()
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Fails only for objects that were frozen.
    let _ = Reflect::set(object, &name.into(), value);
}
