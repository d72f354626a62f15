//! Messages besides the result: a bad link, a long or crashed run, a chart of an older text,
//! an empty page.

use super::node::{Element, Node, el};
use crate::state::action::{Action, CopySource};
use crate::state::sentences;
use crate::state::words;
use crate::state::{Dialog, Notice, Phase, State};
use model::time::SimTime;
use texts::{Language, Text};

/// Across the page, above all other content.
pub(super) fn notices(state: &State) -> Node {
    let language = state.language();
    let broke = match &state.phase {
        Phase::Crashed(message) => Some(broke(message, language)),
        _ => None,
    };
    el("div.notices")
        .set("role", "status")
        .kid(state.notice.as_ref().map(|notice| one(notice, language)))
        .kid(state.elsewhere.is_some().then(|| saved_elsewhere(language)))
        .kid(broke)
        .into()
}

fn small(word: Text, language: Language, action: Action) -> Element {
    el("button.small").text(word.of(language)).on_click(action)
}

fn quiet(word: Text, language: Language, action: Action) -> Element {
    el("button.ghost.small")
        .text(word.of(language))
        .on_click(action)
}

fn saved_elsewhere(language: Language) -> Element {
    el("div#elsewhere.notice")
        .kid(el("p").text(words::SAVED_ELSEWHERE.of(language)))
        .kid(small(words::OPEN_IT, language, Action::OpenedElsewhere))
        .kid(quiet(words::KEEP_MINE, language, Action::LeftElsewhere))
}

fn one(notice: &Notice, language: Language) -> Element {
    let text = match notice {
        Notice::BadLink(error) => sentences::bad_link(language, *error),
        Notice::NoSuchLesson(name) => sentences::no_such_lesson(language, name),
        Notice::NoLessons => words::LESSONS_LACKING.of(language).to_owned(),
        Notice::Workerless => words::NO_WORKER.of(language).to_owned(),
        Notice::SafeMode => words::SAFE_MODE.of(language).to_owned(),
        Notice::DraftsNotStored => words::DRAFTS_FULL.of(language).to_owned(),
    };
    let run = || small(words::RUN_AGAIN, language, Action::RunAgain);
    el("div#notice.notice")
        .kid(el("p").text(text))
        .kid((*notice == Notice::SafeMode).then(run))
        .kid(quiet(words::CLOSE, language, Action::NoticeDismissed))
}

fn broke(message: &str, language: Language) -> Element {
    let said = el("p")
        .text(words::CRASHED.of(language))
        .kid(el("small").text(message.to_owned()));
    el("div#broke.notice.broken")
        .kid(said)
        .kid(small(words::RUN_AGAIN, language, Action::RunAgain))
        .kid(quiet(
            words::COPY_REPORT,
            language,
            Action::CopyAsked(CopySource::Report),
        ))
}

/// Over the chart: whether it is up to date.
pub(super) fn progress(state: &State) -> Node {
    let language = state.language();
    let bar = || el("div.progress").set("role", "status");
    let button = |action: Action| {
        el("button#cancel.small")
            .text(words::CANCEL.of(language))
            .on_click(action)
    };
    let cancel = || button(Action::Cancelled);
    let bar = match &state.phase {
        Phase::Running(reached) => bar()
            .kid(el("span.pulse"))
            .text(sentences::reached(
                language,
                SimTime::from_nanos(reached.at_ns),
            ))
            .kid(cancel()),
        Phase::Preparing => bar()
            .kid(el("span.pulse"))
            .text(words::PREPARING.of(language))
            .kid(cancel()),
        Phase::Faulty if state.is_stale() => bar()
            .class_if(true, "stale-note")
            .text(words::STALE_CHART.of(language)),
        Phase::Cancelled => bar().text(words::CANCELLED.of(language)).kid(
            el("button#run-again.small")
                .text(words::RUN_AGAIN.of(language))
                .on_click(Action::RunAgain),
        ),
        _ if state.awaits_rows => bar()
            .kid(el("span.pulse"))
            .text(words::MAKING_ROWS.of(language))
            .kid(button(Action::RowsCancelled)),
        Phase::Asked | Phase::Settled | Phase::Faulty | Phase::Crashed(_) => return Node::NOTHING,
    };
    bar.into()
}

/// Shown instead of the chart before the first run.
pub(super) fn empty(state: &State) -> Node {
    let language = state.language();
    let card = el("section.card.empty");
    let card = match state.phase {
        Phase::Asked => card.kid(
            el("div.skeleton")
                .label(words::FIRST_CHART.of(language))
                .set("role", "status"),
        ),
        Phase::Faulty => card
            .kid(el("h2").text(words::EMPTY_TITLE.of(language)))
            .kid(el("p").text(words::EMPTY_TEXT.of(language)))
            .kid(el("pre").text(words::EMPTY_EXAMPLE.of(language)))
            .kid(
                el("button")
                    .text(words::OPEN_LESSON.of(language))
                    .on_click(Action::Opened(Dialog::Lessons)),
            ),
        _ => card.kid(progress(state)),
    };
    card.into()
}
