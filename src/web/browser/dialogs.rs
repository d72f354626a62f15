//! What opens over the page: the lessons, sharing, the keys and the legend.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use super::chart;
use super::dom;
use super::lessons;
use crate::language::{Language, Text};
use crate::link::{self, Shared};
use crate::scene::mark::MarkKind;
use crate::scene::{By, Kind};
use crate::web::model::shown::Shown;
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

#[derive(Properties, PartialEq)]
struct ShareProps {
    state: Rc<State>,
}

/// Longer links are cut by some chat programs.
const LONG_LINK: usize = 2_000;

#[component]
fn Share(props: &ShareProps) -> Html {
    let state = &props.state;
    let language = state.language();
    let input = use_node_ref();
    let copied = use_state(|| None::<Text>);
    let address = link::encode(&shared(state)).map(|link| format!("{}#{link}", dom::address()));
    let copy = {
        let (input, copied) = (input.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(field) = input.cast::<HtmlInputElement>() else {
                return;
            };
            field.select();
            let copied = copied.clone();
            let text = field.value();
            wasm_bindgen_futures::spawn_local(async move {
                copied.set(Some(if dom::copy(&text).await {
                    words::COPIED
                } else {
                    words::SELECT_AND_COPY
                }));
            });
        })
    };
    let shown = state.shown.clone();
    html! {
        <>
            <h3>{ words::LINK.of(language) }</h3>
            { match address {
                Err(error) => html! { <p class="bad">{ crate::web::model::sentences::bad_link(language, error) }</p> },
                Ok(address) => {
                    let long = address.len() > LONG_LINK;
                    html! {
                        <>
                            <div class="copy-line">
                                <input ref={input} id="share-link" readonly=true value={address} aria-label={words::LINK.of(language)} />
                                <button class="primary" id="copy-link" onclick={copy}>{ words::COPY.of(language) }</button>
                            </div>
                            <p class="hint" role="status">{ (*copied).map_or("", |text| text.of(language)) }</p>
                            <p class="hint">{ words::LINK_HOLDS.of(language) }</p>
                            if long { <p class="hint">{ words::LONG_LINK.of(language) }</p> }
                        </>
                    }
                }
            } }
            <h3>{ words::DOWNLOAD.of(language) }</h3>
            <div class="downloads">
                <button id="download-script" onclick={download_script(state.script.clone())}>{ words::DOWNLOAD_SCRIPT.of(language) }</button>
                if let Some(shown) = shown {
                    <button id="download-svg" onclick={download_svg(shown, state.by, language)}>{ words::DOWNLOAD_SVG.of(language) }</button>
                    <button id="download-png" onclick={Callback::from(|_: MouseEvent| download_png())}>{ words::DOWNLOAD_PNG.of(language) }</button>
                }
            </div>
        </>
    }
}

fn shared(state: &State) -> Shared {
    Shared {
        script: state.script.to_string(),
        at_ns: Some(state.cursor.at.as_nanos()),
        by_thread: state.by == By::Threads,
        language: Some(state.language().tag().to_owned()),
    }
}

fn download_script(script: Rc<str>) -> Callback<MouseEvent> {
    Callback::from(move |_| {
        // A browser that refuses downloads says so itself.
        let _ = dom::download("script.loop", "text/plain", &JsValue::from_str(&script));
    })
}

fn download_svg(shown: Rc<Shown>, by: By, language: Language) -> Callback<MouseEvent> {
    Callback::from(move |_| {
        let svg = shown.svg(by, language);
        let _ = dom::download("schedule.svg", "image/svg+xml", &JsValue::from_str(&svg));
    })
}

/// What is on the canvas, as it is.
fn download_png() {
    let canvas = dom::document()
        .query_selector(".chart-below")
        .ok()
        .flatten();
    let Some(canvas) =
        canvas.and_then(|canvas| canvas.dyn_into::<web_sys::HtmlCanvasElement>().ok())
    else {
        return;
    };
    let save = Closure::once_into_js(|blob: Option<web_sys::Blob>| {
        if let Some(blob) = blob {
            let _ = dom::save_blob("schedule.png", &blob);
        }
    });
    let _ = canvas.to_blob(save.unchecked_ref());
}
