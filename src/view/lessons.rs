//! The gallery of lessons; the question that covers the chart of an open lesson; and its card: the
//! outcome, the explanation, the change to make, and the way to the next lesson.

use super::header::icon;
use super::node::marked;
use super::node::{Element, Node, el};
use crate::state::State;
use crate::state::action::Action;
use crate::state::course::{Mark, Prediction};
use crate::state::lessons::{Lesson, Shelf};
use crate::state::program::ProgramAction;
use crate::state::words;
use crate::state::{Dialog, sentences};
use texts::{Language, Text};

/// The ids of the elements that get the focus: a lesson's question, and what was said of the guess.
pub(crate) const QUESTION: &str = "question";
pub(crate) const OUTCOME: &str = "outcome";

pub(super) fn gallery(state: &State) -> Node {
    let language = state.language();
    let below = match state.shelf {
        Shelf::Awaited => el("p.awaited").text(words::LESSONS_AWAITED.of(language)),
        Shelf::Lacking => el("p.lacking").text(words::LESSONS_LACKING.of(language)),
        Shelf::Filled => groups(state),
    };
    Node::Several(vec![
        el("p.lead").text(words::LESSONS_INTRO.of(language)).into(),
        below.into(),
    ])
}

fn mark_of(state: &State, lesson: Lesson) -> Option<Mark> {
    state.course.progress.of(lesson.text().slug)
}

/// The progress, and the lessons below the titles of their groups.
fn groups(state: &State) -> Element {
    let language = state.language();
    let is_reached = |lesson: &Lesson| mark_of(state, *lesson) == Some(Mark::Reached);
    let reached = Lesson::all().filter(is_reached).count();
    let said = sentences::goals_reached(language, reached, Lesson::all().count());
    let mut groups = el("div.groups").kid(el("p.progress-line").text(said));
    let mut cards = Vec::new();
    for lesson in Lesson::all() {
        if let Some(title) = lesson.text().group(language) {
            groups = groups.kid(list(&mut cards)).kid(el("h3").text(title));
        }
        cards.push(card(state, lesson));
    }
    groups.kid(list(&mut cards))
}

fn list(cards: &mut Vec<Node>) -> Option<Element> {
    let cards = std::mem::take(cards);
    (!cards.is_empty()).then(|| el("ul.gallery").kids(cards))
}

fn card(state: &State, lesson: Lesson) -> Node {
    let language = state.language();
    let text = lesson.text();
    let is_here = state.lesson.is_some_and(|open| open.index == lesson.index);
    let path = |(class, path): &(&'static str, &'static str)| {
        el("path").set("class", *class).set("d", *path).into()
    };
    let picture = el("svg.picture")
        .set("viewBox", "0 0 200 48")
        .set("preserveAspectRatio", "none")
        .state("aria-hidden", true)
        .kids(text.picture.iter().map(path));
    let mark = mark_of(state, lesson).map(|mark| match mark {
        Mark::Guessed => el("span.mark-guessed")
            .label(words::GUESSED.of(language))
            .text("●"),
        Mark::Reached => el("span.mark-reached")
            .label(words::REACHED.of(language))
            .text("✓"),
    });
    let head = el("span.lesson-number")
        .text(text.number.to_string())
        .kid(mark.map(|mark| mark.set("role", "img")));
    let button = el("button.lesson")
        .class_if(is_here, "on")
        .set("data-lesson", text.slug)
        .kid(picture)
        .kid(head)
        .kid(el("strong").text(text.title(language)))
        .kid(el("span.lesson-text").kid(marked(text.question.text(language))))
        .on_click(Action::LessonOpened(lesson));
    el("li").kid(button).into()
}

/// In place of the chart: the question and the answers to choose from.
pub(super) fn question(state: &State) -> Element {
    let language = state.language();
    let card = el("section.card.lid").label(words::GUESS_FIRST.of(language));
    let Some(lesson) = state.lesson else {
        return card.kid(el("p").text(words::LESSONS_AWAITED.of(language)));
    };
    let question = &lesson.text().question;
    let answers = question.answers.iter().enumerate();
    let answer = |(index, answer): (usize, &lessons::OfferedAnswer)| {
        el("button.answer-button")
            .text(sentences::answer(language, answer.value))
            .on_click(Action::Predicted(index))
            .into()
    };
    let heading = el("h2")
        .set("id", QUESTION)
        .set("tabindex", "-1")
        .kid(marked(question.text(language)));
    if state.course.prediction != Prediction::Asked {
        // A program, which runs at the reader's click.
        let run = el("button#run-lesson.primary")
            .text(words::RUN.of(language))
            .on_click(Action::Program(ProgramAction::RunAsked));
        let hint = el("p").text(words::RUN_HINT.of(language));
        return card.kid(heading).kid(hint).kid(run);
    }
    card.kid(el("p.lid-first").text(words::GUESS_FIRST.of(language)))
        .kid(heading)
        .kid(el("div.answers").kids(answers.map(answer)))
        .kid(
            el("button#show-me.ghost")
                .text(words::SHOW_ME.of(language))
                .on_click(Action::PredictionSkipped),
        )
}

/// The open lesson. On a phone its two parts are above and below the chart.
pub(super) fn open(state: &State, lesson: Lesson) -> Element {
    let language = state.language();
    let text = lesson.text();
    let close = el("button#close-lesson.ghost.small")
        .label(words::CLOSE_LESSON.of(language))
        .kid(icon("M4 4l8 8M12 4l-8 8"))
        .on_click(Action::LessonClosed);
    let title = format!("{} · {}", text.number, text.title(language));
    let head = el("header")
        .kid(el("h2").text(title))
        .kid(beside(
            state,
            lesson,
            -1,
            "M10 3 5 8l5 5",
            words::PREVIOUS_LESSON,
        ))
        .kid(beside(state, lesson, 1, "M6 3l5 5-5 5", words::NEXT_LESSON))
        .kid(close);
    let is_told = !state.is_predicting();
    let hint = || el("p.hint").text(words::PREDICT_HINT.of(language));
    let top = el("div#lesson")
        .kid(head)
        .kid((!is_told).then(hint))
        .kid(is_told.then(|| outcome(state, lesson)));
    el("div.card.lesson-open")
        .kid(top)
        .kid(is_told.then(|| explanation(state, lesson)))
}

/// What the reader guessed, what it is, and why.
fn outcome(state: &State, lesson: Lesson) -> Element {
    let language = state.language();
    let answers = &lesson.text().question.answers;
    let said = |index: usize| sentences::answer(language, answers[index].value);
    let right = state.course.right;
    let outcome = el("div").set("id", OUTCOME).set("tabindex", "-1");
    let note = el("p.note").kid(marked(lesson.variant().note(language)));
    match (state.course.prediction, right) {
        (Prediction::Given { answer, variant }, Some(right)) if variant == lesson.variant => {
            let is_right = answer == right;
            let sign = if is_right { "✓ " } else { "✗ " };
            let wrong = answers[answer].wrong(language).filter(|_| !is_right);
            outcome
                .kid(
                    el("p.said-of-guess")
                        .class_if(is_right, "good")
                        .class_if(!is_right, "bad")
                        .kid(el("span").state("aria-hidden", true).text(sign))
                        .text(sentences::outcome(language, &said(answer), &said(right))),
                )
                .kid(wrong.map(|wrong| el("p").kid(marked(wrong))))
                .kid(note)
        }
        (_, right) => outcome
            .kid(right.map(|right| el("p.said-of-guess").text(said(right))))
            .kid(note),
    }
}

/// The explanation, the other scripts, the change to make, and the next lesson.
fn explanation(state: &State, lesson: Lesson) -> Element {
    let language = state.language();
    let text = lesson.text();
    let variants = || {
        el("div.seg")
            .set("role", "group")
            .label(words::SCRIPTS_OF_LESSON.of(language))
            .kids(lesson.siblings().map(|each| variant(state, lesson, each)))
    };
    let next = match lesson.beside(1) {
        Some(next) => el("button#next-lesson.small")
            .text(sentences::next_lesson(
                language,
                next.text().title(language),
            ))
            .on_click(Action::LessonOpened(next)),
        None => el("button#next-lesson.small")
            .text(words::ALL_LESSONS.of(language))
            .on_click(Action::Opened(Dialog::Lessons)),
    };
    el("div#lesson-more")
        .kid(el("p").kid(marked(text.text(language))))
        .kid((text.variants.len() > 1).then(variants))
        .kid(attempt(state, lesson))
        .kid(next)
}

/// The change to make, and whether its goal is reached.
fn attempt(state: &State, lesson: Lesson) -> Element {
    let language = state.language();
    let to_change = lesson.to_change();
    let button = el("button#try-it.small");
    let button = match state.before_change {
        Some(_) => button
            .text(words::UNDO.of(language))
            .on_click(Action::ChangeUndone),
        None if lesson == to_change => button
            .text(words::TRY_IT.of(language))
            .on_click(Action::ChangeTried),
        // The change is one of another script.
        None => button
            .text(sentences::open_script(
                language,
                to_change.variant().name(language),
            ))
            .on_click(Action::LessonOpened(to_change)),
    };
    el("div.attempt")
        .kid(el("h3").text(words::CHANGE_IT.of(language)))
        .kid(el("p").kid(marked(lesson.text().try_this(language))))
        .kid(
            el("div.attempt-goal")
                .kid(button)
                .kid((lesson == to_change).then(|| goal(state, language))),
        )
}

fn goal(state: &State, language: Language) -> Element {
    let goal = &state.course.goal;
    let is_reached = !goal.is_empty() && goal.iter().all(|verdict| verdict.holds);
    let (sign, word) = if is_reached {
        ("✓ ", words::GOAL_REACHED)
    } else {
        ("", words::GOAL_NOT_REACHED)
    };
    el("p#lesson-goal")
        .class_if(is_reached, "good")
        .set("role", "status")
        .text(words::GOAL.of(language))
        .text(": ")
        .kid(el("span").state("aria-hidden", true).text(sign))
        .text(word.of(language))
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
