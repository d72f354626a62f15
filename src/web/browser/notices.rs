//! What the reader should know besides the result: a link that did not open, a
//! run that takes long or broke, a chart of an older text, a page without one.

use std::rc::Rc;

use yew::prelude::*;

use super::dom;
use crate::language::Language;
use crate::time::SimTime;
use crate::web::model::sentences;
use crate::web::model::state::{Action, Dialog, Notice, Phase};
use crate::web::model::words;

pub(super) struct NoticesProps {
    pub(super) notice: Option<Notice>,
    /// Another tab has saved a newer script.
    pub(super) elsewhere: bool,
    pub(super) phase: Phase,
    pub(super) script: Rc<str>,
    pub(super) language: Language,
    pub(super) on_action: Callback<Action>,
}

/// Across the page, above everything else.
pub(super) fn notices(props: &NoticesProps) -> Html {
    let NoticesProps {
        notice,
        elsewhere,
        phase,
        script,
        language,
        on_action,
    } = props;
    let language = *language;
    html! {
        <div class="notices" role="status">
            if let Some(notice) = notice { { one(notice, language, on_action) } }
            if *elsewhere { { saved_elsewhere(language, on_action) } }
            if let Phase::Broke(message) = phase { { broke(message, script, language, on_action) } }
        </div>
    }
}

fn saved_elsewhere(language: Language, on_action: &Callback<Action>) -> Html {
    let open = on_action.reform(|_: MouseEvent| Action::OpenedElsewhere);
    let leave = on_action.reform(|_: MouseEvent| Action::LeftElsewhere);
    html! {
        <div class="notice" id="elsewhere">
            <p>{ words::SAVED_ELSEWHERE.of(language) }</p>
            <button class="small" onclick={open}>{ words::OPEN_IT.of(language) }</button>
            <button class="ghost small" onclick={leave}>{ words::KEEP_MINE.of(language) }</button>
        </div>
    }
}

fn one(notice: &Notice, language: Language, on_action: &Callback<Action>) -> Html {
    let text = match notice {
        Notice::BadLink(error) => sentences::bad_link(language, *error),
        Notice::Workerless => words::NO_WORKER.of(language).to_owned(),
        Notice::SafeMode => words::SAFE_MODE.of(language).to_owned(),
    };
    let dismiss = on_action.reform(|_: MouseEvent| Action::NoticeDismissed);
    let run = on_action.reform(|_: MouseEvent| Action::RunAgain);
    html! {
        <div class="notice" id="notice">
            <p>{ text }</p>
            if *notice == Notice::SafeMode { <button class="small" onclick={run}>{ words::RUN_AGAIN.of(language) }</button> }
            <button class="ghost small" onclick={dismiss}>{ words::CLOSE.of(language) }</button>
        </div>
    }
}

fn broke(
    message: &str,
    script: &Rc<str>,
    language: Language,
    on_action: &Callback<Action>,
) -> Html {
    let report = format!(
        "{message}\nbuild {}\n\n{script}",
        dom::built("build").unwrap_or_default()
    );
    let copy = Callback::from(move |_: MouseEvent| {
        let report = report.clone();
        wasm_bindgen_futures::spawn_local(async move {
            dom::copy(&report).await;
        });
    });
    let run = on_action.reform(|_: MouseEvent| Action::RunAgain);
    html! {
        <div class="notice broken" id="broke">
            <p>{ words::CRASHED.of(language) }<small>{ message.to_owned() }</small></p>
            <button class="small" onclick={run}>{ words::RUN_AGAIN.of(language) }</button>
            <button class="ghost small" onclick={copy}>{ words::COPY_REPORT.of(language) }</button>
        </div>
    }
}

pub(super) struct PhaseProps {
    pub(super) phase: Phase,
    pub(super) language: Language,
    pub(super) on_action: Callback<Action>,
}

/// Over the chart: whether it is still true.
pub(super) fn progress(props: &PhaseProps) -> Html {
    let PhaseProps {
        phase,
        language,
        on_action,
    } = props;
    let language = *language;
    match phase {
        Phase::Running(reached) => {
            let cancel = on_action.reform(|_: MouseEvent| Action::Cancelled);
            let text = sentences::reached(language, SimTime::from_nanos(reached.at_ns));
            html! { <div class="progress" role="status"><span class="pulse" />{ text }<button class="small" id="cancel" onclick={cancel}>{ words::CANCEL.of(language) }</button></div> }
        }
        Phase::Faulty => {
            html! { <div class="progress stale-note" role="status">{ words::STALE_CHART.of(language) }</div> }
        }
        Phase::Cancelled => {
            let run = on_action.reform(|_: MouseEvent| Action::RunAgain);
            html! { <div class="progress" role="status">{ words::CANCELLED.of(language) }<button class="small" id="run-again" onclick={run}>{ words::RUN_AGAIN.of(language) }</button></div> }
        }
        Phase::Asked | Phase::Settled | Phase::Broke(_) => Html::default(),
    }
}

/// In the place of the chart, before there is one.
pub(super) fn empty(props: &PhaseProps) -> Html {
    let PhaseProps {
        phase,
        language,
        on_action,
    } = props;
    let language = *language;
    if matches!(phase, Phase::Asked) {
        return html! { <section class="card empty"><div class="skeleton" aria-label={words::FIRST_CHART.of(language)} role="status" /></section> };
    }
    let lessons = on_action.reform(|_: MouseEvent| Action::Opened(Dialog::Lessons));
    html! {
        <section class="card empty">
            if *phase == Phase::Faulty {
                <h2>{ words::EMPTY_TITLE.of(language) }</h2>
                <p>{ words::EMPTY_TEXT.of(language) }</p>
                <pre>{ words::EMPTY_EXAMPLE.of(language) }</pre>
                <button onclick={lessons}>{ words::OPEN_LESSON.of(language) }</button>
            } else {
                { progress(&PhaseProps { phase: phase.clone(), language, on_action: on_action.clone() }) }
            }
        </section>
    }
}
