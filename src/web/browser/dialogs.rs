//! What opens over the page: the lessons, the keys and the legend; sharing is in
//! [`super::share`].

use std::rc::Rc;

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::chart;
use super::lessons;
use super::share::Share;
use crate::language::{Language, Text};
use crate::scene::Kind;
use crate::scene::mark::MarkKind;
use crate::web::model::state::{Action, Dialog, State};
use crate::web::model::words;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) dialog: Dialog,
    pub(super) state: Rc<State>,
    pub(super) on_action: Callback<Action>,
}

/// A native dialog: the browser keeps the focus in it and closes it on Escape.
#[component]
pub(super) fn Open(props: &Props) -> Html {
    let Props {
        dialog,
        state,
        on_action,
    } = props;
    let language = state.language();
    let element = use_node_ref();
    {
        let element = element.clone();
        use_effect_with(*dialog, move |_| {
            if let Some(dialog) = element.cast::<HtmlDialogElement>() {
                // Fails when it is open already.
                let _ = dialog.show_modal();
            }
        });
    }
    let close = on_action.reform(|_: MouseEvent| Action::Closed);
    let closed = on_action.reform(|_: Event| Action::Closed);
    let aside = {
        let (element, on_action) = (element.clone(), on_action.clone());
        Callback::from(move |event: MouseEvent| {
            if event.target().as_ref() == element.get().as_deref() {
                on_action.emit(Action::Closed);
            }
        })
    };
    let (class, title) = match dialog {
        Dialog::Lessons => ("wide-dialog", words::LESSONS),
        Dialog::Share => ("", words::SHARE),
        Dialog::Help => ("", words::HELP),
    };
    html! {
        <dialog ref={element} {class} onclose={closed} onclick={aside} aria-labelledby="dialog-title">
            <header>
                <h2 id="dialog-title">{ title.of(language) }</h2>
                <button class="ghost" onclick={close} aria-label={words::CLOSE.of(language)}><span aria-hidden="true">{ "✕" }</span></button>
            </header>
            <div class="dialog-body">
                { match dialog {
                    Dialog::Lessons => html! { { lessons::gallery(&lessons::GalleryProps { language, current: state.lesson, on_open: on_action.reform(Action::LessonOpened) }) } },
                    Dialog::Share => html! { <Share state={state.clone()} /> },
                    Dialog::Help => help(language, state.settings.dark()),
                } }
            </div>
        </dialog>
    }
}

fn help(language: Language, dark: bool) -> Html {
    let group = |title: Text, keys: &[(&'static [&'static str], Text)]| {
        let row = |(keys, text): &(&'static [&'static str], Text)| {
            html! { <div><dt>{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</dt><dd>{ text.of(language) }</dd></div> }
        };
        html! { <><h3>{ title.of(language) }</h3><dl class="keys">{ for keys.iter().map(row) }</dl></> }
    };
    html! {
        <>
            { group(words::KEYS_CHART, &[
                (&["W", "S", "Ctrl + wheel"], words::KEY_ZOOM),
                (&["A", "D", "Shift + wheel"], words::KEY_PAN),
                (&["Alt + wheel"], words::KEY_HEIGHT),
                (&["←", "→", "↑", "↓"], words::KEY_BARS),
                (&["F", "0"], words::KEY_FIT),
                (&["[", "]"], words::KEY_STEP),
                (&["Space"], words::KEY_PLAY),
                (&["Esc"], words::KEY_CLEAR),
                (&["?"], words::KEY_HELP),
            ]) }
            { group(words::KEYS_EDITOR, &[
                (&["Ctrl + Space"], words::KEY_COMPLETE),
                (&["Shift + Alt + F"], words::KEY_FORMAT),
                (&["Alt + ↑", "Alt + ↓"], words::KEY_NUDGE),
                (&["Esc", "Tab"], words::KEY_TAB_OUT),
            ]) }
            <h3>{ words::LEGEND.of(language) }</h3>
            { chart::legend_table(&chart::LegendProps { kinds: Kind::ALL.to_vec(), marks: MarkKind::ALL.to_vec(), language, dark }, "help") }
        </>
    }
}
