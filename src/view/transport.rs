//! The playback controls: play, pause, scrub, step and speed, and the sentence about the last
//! step.

use super::header::icon;
use super::node::{Does, Element, Event, el};
use crate::state::State;
use crate::state::action::{Action, Field, SCRUB_STEPS};
use crate::state::sentences;
use crate::state::shown::Shown;
use crate::state::speed::Speed;
use crate::state::steps;
use crate::state::words;

pub(super) fn transport(state: &State, shown: &Shown) -> Element {
    let language = state.language();
    let cursor = state.cursor;
    let (play_sign, play_word) = if state.playing {
        ("M5 3v10M11 3v10", words::PAUSE)
    } else {
        ("M5 3l7 5-7 5z", words::PLAY)
    };
    let to_start = el("button.to-start")
        .label(words::TO_START.of(language))
        .kid(icon("M4 3v10M13 3 6 8l7 5z"))
        .on_click(Action::MovedTo(model::time::SimTime::ZERO));
    let back = el("button#step-back")
        .label(words::STEP_BACK_LONG.of(language))
        .flag("disabled", cursor.records == 0)
        .kid(icon("M11 3 4 8l7 5z"))
        .kid(el("span.wide").text(words::STEP_BACK.of(language)))
        .on_click(Action::Stepped(-1));
    let play = el("button#play.play")
        .label(play_word.of(language))
        .kid(icon(play_sign))
        .on_click(Action::PlayToggled);
    let on = el("button#step-on")
        .label(words::STEP_LONG.of(language))
        .flag("disabled", cursor.records >= shown.run.trace().log.len())
        .kid(el("span.wide").text(words::STEP.of(language)))
        .kid(icon("M5 3l7 5-7 5z"))
        .on_click(Action::Stepped(1));
    let buttons = el("div.buttons").kid(to_start).kid(back).kid(play).kid(on);
    el("div.transport")
        .kid(buttons)
        .kid(scrub(state, shown))
        .kid(el("output#now.t").text(sentences::instant(state.language(), cursor.at)))
        .kid(speed(state))
}

fn scrub(state: &State, shown: &Shown) -> Element {
    let end = u128::from(shown.run.trace().end.as_nanos().max(1));
    let position = u128::from(state.cursor.at.as_nanos()) * u128::from(SCRUB_STEPS) / end;
    el("input#scrub")
        .set("type", "range")
        .set("min", "0")
        .set("max", SCRUB_STEPS.to_string())
        .set("value", position.to_string())
        .label(words::TIME.of(state.language()))
        .set(
            "aria-valuetext",
            sentences::instant(state.language(), state.cursor.at),
        )
        .on(Event::Input, Does::Fill(Field::Scrub))
}

fn speed(state: &State) -> Element {
    let language = state.language();
    let option = |(index, &speed): (usize, &Speed)| {
        el("option")
            .set("value", index.to_string())
            .flag("selected", speed == state.speed)
            .text(speed.name(language))
            .into()
    };
    el("select.speed")
        .label(words::SPEED.of(language))
        .kids(Speed::ALL.iter().enumerate().map(option))
        .on(Event::Change, Does::Fill(Field::Speed))
}

/// The sentence about the last step. Silent for screen readers during playback.
pub(super) fn say(state: &State, shown: &Shown) -> Element {
    let language = state.language();
    let records = state.cursor.records;
    let text = steps::step(language, shown, records);
    el("p#say.say")
        .set("aria-live", if state.playing { "off" } else { "polite" })
        .kid(el("b").text(sentences::instant(language, shown.time_after(records))))
        .text(" — ")
        .text(text.unwrap_or_else(|| words::NOTHING_YET.of(language).to_owned()))
}
