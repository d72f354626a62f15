//! The bar at the top: name, tagline, the tour's offer, and the page-wide controls.

use super::node::{Element, Node, el};
use super::tour;
use crate::state::action::Action;
use crate::state::choices::{Choices, Theme};
use crate::state::words;
use crate::state::{Dialog, State};
use texts::Language;

pub(super) fn header(state: &State) -> Node {
    let language = state.language();
    let open = |button: Element, which: Dialog| {
        button
            .set("aria-haspopup", "dialog")
            .state("aria-expanded", state.dialog == Some(which))
            .on_click(Action::Opened(which))
    };
    let brand = el("a.brand").set("href", "./").label("Loopscope");
    let tools = el("div.tools")
        .kid(open(el("button#lessons.ghost"), Dialog::Lessons).text(words::LESSONS.of(language)))
        .kid(
            el("button#practise.practise.ghost")
                .text(words::PRACTISE.of(language))
                .on_click(Action::PractiseAsked),
        )
        .kid(next_language(language))
        .kid(theme(state.settings))
        .kid(
            open(el("button#help.ghost.icon"), Dialog::Help)
                .label(words::HELP.of(language))
                .kid(el("span").state("aria-hidden", true).text("?")),
        )
        .kid(open(el("button#share.ghost"), Dialog::Share).text(words::SHARE.of(language)));
    let tagline = el("div.tagline")
        .kid(el("p").text(words::TAGLINE.of(language)))
        .kid(tour::offer(state));
    el("header.top")
        .kid(el("h1").kid(brand.kid(mark()).kid(el("span").text("Loopscope"))))
        .kid(tagline)
        .kid(tools)
        .into()
}

fn mark() -> Element {
    let circle = |class: &'static str, x: &'static str, y: &'static str, r: &'static str| {
        el("circle")
            .set("class", class)
            .set("cx", x)
            .set("cy", y)
            .set("r", r)
    };
    picture("mark", "0 0 26 24", "26", "24")
        .kid(circle("orbit", "12", "12", "9"))
        .kid(el("path.arc").set("d", "M12 3a9 9 0 0 1 9 9"))
        .kid(circle("dot", "21", "12", "2.4"))
}

/// A decorative picture, hidden from screen readers.
fn picture(
    class: &'static str,
    view_box: &'static str,
    width: &'static str,
    height: &'static str,
) -> Element {
    el("svg")
        .set("class", class)
        .set("viewBox", view_box)
        .set("width", width)
        .set("height", height)
        .state("aria-hidden", true)
}

/// A line icon for a button.
pub(super) fn icon(path: &'static str) -> Element {
    picture("icon-line", "0 0 16 16", "14", "14").kid(el("path").set("d", path))
}

/// A button that switches to the next language, labelled in that language.
fn next_language(language: Language) -> Element {
    let other = language.next();
    el("button#language.ghost")
        .set("lang", other.tag())
        .text(other.name())
        .on_click(Action::LanguageChosen(other))
}

fn theme(settings: Choices) -> Element {
    let (word, ring, full) = match settings.theme {
        Theme::Auto => (
            words::THEME_AUTO,
            "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z",
            "M10 3a7 7 0 0 1 0 14z",
        ),
        Theme::Light => (
            words::THEME_LIGHT,
            "M10 1.8v2.4M10 15.8v2.4M1.8 10h2.4M15.8 10h2.4M4.2 4.2l1.7 1.7M14.1 14.1l1.7 1.7M4.2 15.8l1.7-1.7M14.1 5.9l1.7-1.7",
            "M10 6.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2z",
        ),
        Theme::Dark => (
            words::THEME_DARK,
            "",
            "M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z",
        ),
    };
    let name = word.of(settings.language);
    let sign = picture("sign", "0 0 20 20", "18", "18")
        .kid(el("path.ring").set("d", ring))
        .kid(el("path.full").set("d", full));
    el("button#theme.theme.ghost.icon")
        .label(name)
        .set("title", name)
        .kid(sign)
        .on_click(Action::ThemeChosen(settings.theme.next()))
}
