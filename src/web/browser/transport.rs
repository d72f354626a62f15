//! Moving through time: play, pause, scrub, step by decisions, speed; and the
//! sentence that says what has just happened.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::language::Language;
use crate::time::SimTime;
use crate::web::model::sentences;
use crate::web::model::shown::Shown;
use crate::web::model::state::{Action, Cursor, Speed};
use crate::web::model::steps;
use crate::web::model::words;

pub(super) struct Props {
    pub(super) shown: Rc<Shown>,
    pub(super) cursor: Cursor,
    pub(super) playing: bool,
    pub(super) speed: Speed,
    pub(super) language: Language,
    pub(super) on_action: Callback<Action>,
}

/// Positions of the slider.
const SLIDER_STEPS: u64 = 10_000;

pub(super) fn transport(props: &Props) -> Html {
    let Props {
        shown,
        cursor,
        playing,
        speed,
        language,
        on_action,
    } = props;
    let language = *language;
    let end = shown.trace.end.as_nanos();
    let position = (u128::from(cursor.at.as_nanos()) * u128::from(SLIDER_STEPS)
        / u128::from(end.max(1))) as u64;
    let act = |action: fn() -> Action| on_action.reform(move |_: MouseEvent| action());
    let scrub = on_action.reform(move |event: InputEvent| {
        let value = event
            .target_dyn_into::<HtmlInputElement>()
            .map_or(0.0, |input| input.value_as_number());
        let at = u128::from(end) * value.max(0.0) as u128 / u128::from(SLIDER_STEPS);
        Action::MovedTo(SimTime::from_nanos(at as u64))
    });
    let (play_sign, play_word) = if *playing {
        ("M5 3v10M11 3v10", words::PAUSE)
    } else {
        ("M5 3l7 5-7 5z", words::PLAY)
    };
    html! {
        <div class="transport">
            <div class="buttons">
                <button onclick={act(|| Action::MovedTo(SimTime::ZERO))} aria-label={words::TO_START.of(language)}>{ icon("M4 3v10M13 3 6 8l7 5z") }</button>
                <button id="step-back" onclick={act(|| Action::Stepped(-1))} aria-label={words::STEP_BACK_LONG.of(language)} disabled={cursor.records == 0}>
                    { icon("M11 3 4 8l7 5z") }<span class="wide">{ words::STEP_BACK.of(language) }</span>
                </button>
                <button class="play" id="play" onclick={act(|| Action::PlayToggled)} aria-label={play_word.of(language)}>{ icon(play_sign) }</button>
                <button id="step-on" onclick={act(|| Action::Stepped(1))} aria-label={words::STEP_LONG.of(language)} disabled={cursor.records >= shown.trace.log.len()}>
                    <span class="wide">{ words::STEP.of(language) }</span>{ icon("M5 3l7 5-7 5z") }
                </button>
            </div>
            <input type="range" id="scrub" min="0" max={SLIDER_STEPS.to_string()} value={position.to_string()}
                aria-label={words::TIME.of(language)} aria-valuetext={sentences::instant(cursor.at)} oninput={scrub} />
            <output class="t" id="now">{ sentences::instant(cursor.at) }</output>
            { speed_choice(&SpeedProps { speed: *speed, language, on_action: on_action.clone() }) }
        </div>
    }
}

fn icon(path: &'static str) -> Html {
    html! { <svg class="icon-line" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d={path} /></svg> }
}

struct SpeedProps {
    speed: Speed,
    language: Language,
    on_action: Callback<Action>,
}

fn speed_choice(props: &SpeedProps) -> Html {
    let choose = props.on_action.reform(|event: Event| {
        let index = event
            .target_dyn_into::<HtmlSelectElement>()
            .map_or(0, |select| select.selected_index());
        Action::SpeedChosen(Speed::ALL.get(index as usize).copied().unwrap_or_default())
    });
    let option = |&speed: &Speed| {
        html! { <option selected={speed == props.speed}>{ speed.name(props.language) }</option> }
    };
    html! {
        <select class="speed" aria-label={words::SPEED.of(props.language)} onchange={choose}>
            { for Speed::ALL.iter().map(option) }
        </select>
    }
}

pub(super) struct SayProps {
    pub(super) shown: Rc<Shown>,
    pub(super) cursor: Cursor,
    pub(super) playing: bool,
    pub(super) language: Language,
}

/// What the last decision was. Silent for screen readers while playing.
pub(super) fn say(props: &SayProps) -> Html {
    let text = steps::step(props.language, &props.shown, props.cursor.records);
    let at = sentences::instant(props.shown.time_after(props.cursor.records));
    html! {
        <p class="say" id="say" aria-live={if props.playing { "off" } else { "polite" }}>
            <b>{ at }</b>{ " — " }{ text.unwrap_or_else(|| words::NOTHING_YET.of(props.language).to_owned()) }
        </p>
    }
}
