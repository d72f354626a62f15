//! The dialogs: keys and legend here, each other dialog in a module of its own.

use super::node::{Does, Event, Name, Node, el};
use super::{drafts, insight, legend, lessons, python, share};
use crate::protocol::analysis::AnalysisKind;
use crate::state::action::Action;
use crate::state::tour::{Stop, Tour};
use crate::state::words;
use crate::state::{Dialog, State};
use chart::scene::Kind;
use chart::scene::mark::MarkKind;
use texts::{Language, Text};

/// The id of the dialog; the browser opens the element with this id.
pub(crate) const DIALOG: &str = "dialog";

/// A native dialog: the browser keeps the focus inside and closes it on Escape.
pub(super) fn open(state: &State) -> Node {
    let Some(dialog) = state.dialog else {
        return Node::NOTHING;
    };
    let language = state.language();
    let (class, title, body) = match dialog {
        Dialog::Lessons => ("wide-dialog", words::LESSONS, lessons::gallery(state)),
        Dialog::Share => ("", words::SHARE, share::share(state)),
        Dialog::Help => ("", words::HELP, help(state)),
        Dialog::CheatSheet => ("drawer", words::CHEAT_SHEET, cheat_sheet(state)),
        Dialog::Python => ("wide-dialog", words::FROM_PYTHON, python::body(state)),
        Dialog::Drafts => ("", words::DRAFTS, drafts::list(state)),
    };
    let close = el("button.ghost")
        .label(words::CLOSE.of(language))
        .kid(el("span").state("aria-hidden", true).text("✕"))
        .on_click(Action::Closed);
    let head = el("header")
        .kid(el("h2#dialog-title").text(title.of(language)))
        .kid(close);
    el("dialog")
        .set("id", DIALOG)
        .set("class", class)
        .set("aria-labelledby", "dialog-title")
        .kid(head)
        .kid(el("div.dialog-body").kid(body))
        .on(Event::Close, Does::Act(Action::Closed))
        // A click on the dialog element itself, not on its content, is a click on the backdrop.
        .on(Event::Click, Does::ActAlone(Name(DIALOG), Action::Closed))
        .into()
}

type Keys = (&'static [&'static str], Text);

const CHART_KEYS: &[Keys] = &[
    (&["W", "S", "Ctrl + wheel"], words::KEY_ZOOM),
    (&["A", "D", "Shift + wheel"], words::KEY_PAN),
    (&["Alt + wheel"], words::KEY_HEIGHT),
    (&["←", "→", "↑", "↓"], words::KEY_BARS),
    (&["F", "0"], words::KEY_FIT),
    (&["[", "]"], words::KEY_STEP),
    (&["Space"], words::KEY_PLAY),
    (&["Esc"], words::KEY_CLEAR),
    (&["?"], words::KEY_HELP),
];

const EDITOR_KEYS: &[Keys] = &[
    (&["Ctrl + Space"], words::KEY_COMPLETE),
    (&["Shift + Alt + F"], words::KEY_FORMAT),
    (&["Alt + ↑", "Alt + ↓"], words::KEY_NUDGE),
    (&["Esc", "Tab"], words::KEY_TAB_OUT),
];

/// The words of the language, and where the site explains more.
fn cheat_sheet(state: &State) -> Node {
    let language = state.language();
    let page = |path: &str, word: Text| {
        el("a")
            .set("href", format!("../{path}"))
            .set("target", "_blank")
            .text(word.of(language))
    };
    let guide = match language {
        Language::Ko => "ko/docs/guide/",
        _ => "docs/guide/",
    };
    // `tools/site/build.mjs` puts the page there, beside the documentation.
    let is_in_site = state.address.ends_with("/play/");
    let links = || {
        el("p.links")
            .kid(page(guide, words::GUIDE))
            .kid(page("docs/language/", words::LANGUAGE_REFERENCE))
    };
    Node::Several(vec![
        is_in_site.then(links).into(),
        insight::panel(state, AnalysisKind::CheatSheet),
    ])
}

fn help(state: &State) -> Node {
    let language = state.language();
    let key = |key: &&'static str| el("kbd").text(*key).into();
    let row = |(keys, text): &Keys| {
        el("div")
            .kid(el("dt").kids(keys.iter().map(key)))
            .kid(el("dd").text(text.of(language)))
            .into()
    };
    let title = |text: Text| el("h3").text(text.of(language)).into();
    let list = |keys: &[Keys]| el("dl.keys").kids(keys.iter().map(row)).into();
    let again = el("button#tour-again.small")
        .text(words::TOUR.of(language))
        .on_click(Action::TourMoved(Tour::At(Stop::Script)));
    let cheat_sheet = el("button#cheat-sheet-too.small")
        .text(words::CHEAT_SHEET.of(language))
        .on_click(Action::Opened(Dialog::CheatSheet));
    Node::Several(vec![
        el("div.chips").kid(cheat_sheet).kid(again).into(),
        title(words::KEYS_CHART),
        list(CHART_KEYS),
        title(words::KEYS_EDITOR),
        list(EDITOR_KEYS),
        title(words::LEGEND),
        legend::table(state, &Kind::ALL, &MarkKind::ALL, "help").into(),
    ])
}
