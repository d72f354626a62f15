//! The gallery, and what the open lesson says beside its script.

use yew::prelude::*;

use super::prose::marked;
use crate::language::{Language, Text};
use crate::web::model::lessons::Lesson;
use crate::web::model::state::Action;
use crate::web::model::words;

pub(super) struct GalleryProps {
    pub(super) language: Language,
    pub(super) current: Option<Lesson>,
    pub(super) on_open: Callback<Lesson>,
}

pub(super) fn gallery(props: &GalleryProps) -> Html {
    let language = props.language;
    let card = |lesson: Lesson| {
        let open = props.on_open.reform(move |_| lesson);
        let text = lesson.text();
        let here = props
            .current
            .is_some_and(|current| current.index == lesson.index);
        html! {
            <li key={text.slug}>
                <button class={classes!("lesson", here.then_some("on"))} onclick={open} data-lesson={text.slug}>
                    <span class="lesson-number">{ text.number }</span>
                    <strong>{ text.title(language) }</strong>
                    <span class="lesson-text">{ marked(text.text(language)) }</span>
                    <span class="lesson-text attempt"><b>{ words::TRY_IT.of(language) }</b>{ " " }{ marked(text.try_this(language)) }</span>
                </button>
            </li>
        }
    };
    html! {
        <>
            <p class="lead">{ words::LESSONS_INTRO.of(language) }</p>
            <ul class="gallery">{ for Lesson::all().map(card) }</ul>
        </>
    }
}

pub(super) struct LessonCardProps {
    pub(super) language: Language,
    pub(super) lesson: Lesson,
    pub(super) is_changed: bool,
    pub(super) on_action: Callback<Action>,
}

/// What the open lesson says, above its script; its other scripts and its
/// neighbours are one click away.
pub(super) fn lesson_card(props: &LessonCardProps) -> Html {
    let (language, lesson) = (props.language, props.lesson);
    let text = lesson.text();
    let act = |action: fn() -> Action| props.on_action.reform(move |_: MouseEvent| action());
    let (word, attempt) = match props.is_changed {
        false => (words::TRY_IT, act(|| Action::ChangeTried)),
        true => (words::UNDO, act(|| Action::ChangeUndone)),
    };
    html! {
        <div class="lesson-open" id="lesson">
            <header>
                <h3>{ format!("{} · {}", text.number, text.title(language)) }</h3>
                { beside(props, -1, "M10 3 5 8l5 5", words::PREVIOUS_LESSON) }
                { beside(props, 1, "M6 3l5 5-5 5", words::NEXT_LESSON) }
                <button class="ghost small" id="close-lesson" onclick={act(|| Action::LessonClosed)} aria-label={words::CLOSE_LESSON.of(language)}>{ sign("M4 4l8 8M12 4l-8 8") }</button>
            </header>
            <p>{ marked(text.text(language)) }</p>
            if text.variants.len() > 1 {
                <div class="seg" role="group" aria-label={words::SCRIPTS_OF_LESSON.of(language)}>{ for lesson.siblings().map(|each| variant(props, each)) }</div>
            }
            <div class="attempt">
                <p>{ marked(text.try_this(language)) }</p>
                <button class="primary small" id="try-it" onclick={attempt}>{ word.of(language) }</button>
            </div>
        </div>
    }
}

fn variant(props: &LessonCardProps, each: Lesson) -> Html {
    let open = props
        .on_action
        .reform(move |_: MouseEvent| Action::LessonOpened(each));
    let here = each == props.lesson;
    html! { <button class={here.then_some("on")} aria-pressed={here.to_string()} onclick={open}>{ each.variant().name(props.language) }</button> }
}

fn beside(props: &LessonCardProps, places: isize, path: &'static str, word: Text) -> Html {
    let neighbour = props.lesson.beside(places);
    let open = props
        .on_action
        .reform(move |_: MouseEvent| match neighbour {
            Some(lesson) => Action::LessonOpened(lesson),
            None => Action::LessonClosed,
        });
    html! { <button class="ghost small" onclick={open} disabled={neighbour.is_none()} aria-label={word.of(props.language)}>{ sign(path) }</button> }
}

fn sign(path: &'static str) -> Html {
    html! { <svg class="sign" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path class="ring" d={path} /></svg> }
}
