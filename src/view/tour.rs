//! The tour: an offer in the header, then a card that describes the framed part of the page.

use super::header::icon;
use super::node::{Element, Node, el};
use crate::state::State;
use crate::state::action::Action;
use crate::state::tour::{Stop, Tour};
use crate::state::words;
use texts::{Language, Text};

/// The id of the element that has the focus during the tour.
pub(crate) const NEXT: &str = "tour-next";

pub(super) fn tour(state: &State) -> Node {
    match state.tour {
        Tour::Over | Tour::Offered => Node::NOTHING,
        Tour::At(stop) => card(stop, state.language()).into(),
    }
}

fn button(selector: &'static str, word: Text, language: Language, to: Tour) -> Element {
    el(selector)
        .text(word.of(language))
        .on_click(Action::TourMoved(to))
}

/// The offer to a newcomer, beside the tagline.
pub(super) fn offer(state: &State) -> Option<Element> {
    if state.tour != Tour::Offered {
        return None;
    }
    let language = state.language();
    let first = Tour::At(Stop::Script);
    let leave = el("button#tour-leave.ghost.small")
        .label(words::TOUR_LEAVE.of(language))
        .kid(icon("M4 4l8 8M12 4l-8 8"))
        .on_click(Action::TourMoved(Tour::Over));
    let start = button("button#tour-start.link", words::TOUR_START, language, first);
    Some(el("span#tour.offer").kid(start).kid(leave))
}

fn card(stop: Stop, language: Language) -> Element {
    let place = format!("{} / {}", stop.place() + 1, Stop::ALL.len());
    let next = match stop.next() {
        Tour::Over => words::TOUR_DONE,
        _ => words::TOUR_NEXT,
    };
    let back = stop
        .back()
        .map(|to| button("button.ghost.small", words::TOUR_BACK, language, to));
    let buttons = el("div.buttons")
        .kid(button(
            "button#tour-leave.ghost.small",
            words::TOUR_LEAVE,
            language,
            Tour::Over,
        ))
        .kid(el("span.grow"))
        .kid(back)
        .kid(button(
            "button#tour-next.primary.small",
            next,
            language,
            stop.next(),
        ));
    el("div#tour.tour")
        .set("role", "dialog")
        .set("aria-labelledby", "tour-title")
        .set("aria-describedby", "tour-text")
        .set("data-stop", stop.name())
        .kid(el("p.sub").text(place))
        .kid(el("h2#tour-title").text(stop.title().of(language)))
        .kid(el("p#tour-text").kid(super::node::marked(stop.text().of(language))))
        .kid(buttons)
}
