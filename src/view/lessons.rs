//! The gallery of lessons, and the text of the open lesson beside its script.

use super::header::icon;
use super::node::marked;
use super::node::{Element, Node, el};
use crate::state::State;
use crate::state::action::Action;
use crate::state::lessons::{Lesson, Shelf};
use crate::state::words;
use texts::Text;

pub(super) fn gallery(state: &State) -> Node {
    let language = state.language();
    let card = |lesson: Lesson| {
        let text = lesson.text();
        let is_here = state.lesson.is_some_and(|open| open.index == lesson.index);
        let attempt = el("span.lesson-text.attempt")
            .kid(el("b").text(words::TRY_IT.of(language)))
            .text(" ")
            .kid(marked(text.try_this(language)));
        let button = el("button.lesson")
            .class_if(is_here, "on")
            .set("data-lesson", text.slug)
            .kid(el("span.lesson-number").text(text.number.to_string()))
            .kid(el("strong").text(text.title(language)))
            .kid(el("span.lesson-text").kid(marked(text.text(language))))
            .kid(attempt)
            .on_click(Action::LessonOpened(lesson));
        el("li").kid(button).into()
    };
    let below = match state.shelf {
        Shelf::Awaited => el("p.awaited").text(words::LESSONS_AWAITED.of(language)),
        Shelf::Lacking => el("p.lacking").text(words::LESSONS_LACKING.of(language)),
        Shelf::Filled => el("ul.gallery").kids(Lesson::all().map(card)),
    };
    Node::Several(vec![
        el("p.lead").text(words::LESSONS_INTRO.of(language)).into(),
        below.into(),
    ])
}

/// The text of the open lesson, above its script, with links to its variants and neighbours.
pub(super) fn open(state: &State, lesson: Lesson) -> Element {
    let language = state.language();
    let text = lesson.text();
    let (word, action) = match state.before_change {
        None => (words::TRY_IT, Action::ChangeTried),
        Some(_) => (words::UNDO, Action::ChangeUndone),
    };
    let close = el("button#close-lesson.ghost.small")
        .label(words::CLOSE_LESSON.of(language))
        .kid(icon("M4 4l8 8M12 4l-8 8"))
        .on_click(Action::LessonClosed);
    let title = format!("{} · {}", text.number, text.title(language));
    let head = el("header")
        .kid(el("h3").text(title))
        .kid(beside(
            state,
            lesson,
            -1,
            "M10 3 5 8l5 5",
            words::PREVIOUS_LESSON,
        ))
        .kid(beside(state, lesson, 1, "M6 3l5 5-5 5", words::NEXT_LESSON))
        .kid(close);
    let variants = || {
        el("div.seg")
            .set("role", "group")
            .label(words::SCRIPTS_OF_LESSON.of(language))
            .kids(lesson.siblings().map(|each| variant(state, lesson, each)))
    };
    let attempt = el("div.attempt")
        .kid(el("p").kid(marked(text.try_this(language))))
        .kid(
            el("button#try-it.primary.small")
                .text(word.of(language))
                .on_click(action),
        );
    el("div#lesson.lesson-open")
        .kid(head)
        .kid(el("p").kid(marked(text.text(language))))
        .kid((text.variants.len() > 1).then(variants))
        .kid(attempt)
}

fn variant(state: &State, open: Lesson, each: Lesson) -> Node {
    let is_here = each == open;
    el("button")
        .class_if(is_here, "on")
        .state("aria-pressed", is_here)
        .text(each.variant().name(state.language()))
        .on_click(Action::LessonOpened(each))
        .into()
}

fn beside(state: &State, lesson: Lesson, places: isize, path: &'static str, word: Text) -> Element {
    let neighbour = lesson.beside(places);
    el("button.ghost.small")
        .label(word.of(state.language()))
        .flag("disabled", neighbour.is_none())
        .kid(icon(path))
        .on_click(neighbour.map_or(Action::LessonClosed, Action::LessonOpened))
}
