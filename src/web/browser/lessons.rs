//! The gallery, and what the open experiment says beside its script.

use yew::prelude::*;

use crate::language::Language;
use crate::web::model::lessons::Lesson;
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
        let experiment = lesson.experiment();
        let here = props
            .current
            .is_some_and(|current| current.index == lesson.index);
        html! {
            <li key={experiment.slug}>
                <button class={classes!("lesson", here.then_some("on"))} onclick={open} data-lesson={experiment.slug}>
                    <span class="lesson-number">{ lesson.number() }</span>
                    <strong>{ experiment.title.of(language) }</strong>
                    <span class="lesson-text">{ experiment.text.of(language) }</span>
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
    pub(super) on_open: Callback<Lesson>,
}

/// What the open experiment says, above its script; its other scripts are one click away.
pub(super) fn lesson_card(props: &LessonCardProps) -> Html {
    let LessonCardProps {
        language,
        lesson,
        on_open,
    } = props;
    let (language, lesson) = (*language, *lesson);
    let experiment = lesson.experiment();
    let variant = |each: Lesson| {
        let open = on_open.reform(move |_: MouseEvent| each);
        let name = experiment.variants[each.variant].name.of(language);
        let here = each == lesson;
        html! { <button class={here.then_some("on")} aria-pressed={here.to_string()} onclick={open}>{ name }</button> }
    };
    html! {
        <div class="lesson-open" id="lesson">
            <h3>{ format!("{} · {}", lesson.number(), experiment.title.of(language)) }</h3>
            <p>{ experiment.text.of(language) }</p>
            <p><b>{ words::TRY.of(language) }</b>{ ": " }{ experiment.attempt.of(language) }</p>
            if experiment.variants.len() > 1 {
                <div class="seg" role="group">{ for lesson.siblings().map(variant) }</div>
            }
        </div>
    }
}
