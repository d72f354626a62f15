//! Sharing: the link that holds everything, the code to embed it, files.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::dom;
use super::files::{self, File, Source};
use crate::language::{Language, Text};
use crate::link::{self, Shared};
use crate::scene::By;
use crate::web::model::sentences;
use crate::web::model::state::State;
use crate::web::model::words;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) state: Rc<State>,
}

/// Longer links are cut by some chat programs.
const LONG_LINK: usize = 2_000;

#[component]
pub(super) fn Share(props: &Props) -> Html {
    let state = &props.state;
    let language = state.language();
    html! {
        <>
            { match link::encode(&shared(state)) {
                Err(error) => html! { <p class="bad">{ sentences::bad_link(language, error) }</p> },
                Ok(link) => {
                    let address = format!("{}#{link}", dom::address());
                    html! { <Links {address} {language} /> }
                }
            } }
            <Downloads state={state.clone()} />
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

#[derive(Properties, PartialEq)]
struct LinksProps {
    address: String,
    language: Language,
}

#[component]
fn Links(props: &LinksProps) -> Html {
    let LinksProps { address, language } = props;
    let language = *language;
    // Addresses hold no quotes: what is behind `#` is base64url.
    let embed = format!(
        "<iframe src=\"{address}\" title=\"Loopscope\" width=\"100%\" height=\"720\" loading=\"lazy\" allow=\"clipboard-write\"></iframe>"
    );
    html! {
        <>
            <h3>{ words::LINK.of(language) }</h3>
            <Copied id="share-link" text={address.clone()} name={words::LINK} {language} />
            <p class="hint">{ words::LINK_HOLDS.of(language) }</p>
            if address.len() > LONG_LINK { <p class="hint">{ words::LONG_LINK.of(language) }</p> }
            <h3>{ words::EMBED.of(language) }</h3>
            <Copied id="share-embed" text={embed} name={words::EMBED} {language} />
            <p class="hint">{ words::EMBED_HINT.of(language) }</p>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CopiedProps {
    id: &'static str,
    text: String,
    name: Text,
    language: Language,
}

/// A line of text with a button that copies it, or says that the reader must.
#[component]
fn Copied(props: &CopiedProps) -> Html {
    let CopiedProps {
        id,
        text,
        name,
        language,
    } = props;
    let language = *language;
    let input = use_node_ref();
    let said = use_state(|| None::<Text>);
    let copy = {
        let (input, said) = (input.clone(), said.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(field) = input.cast::<HtmlInputElement>() else {
                return;
            };
            field.select();
            let (said, text) = (said.clone(), field.value());
            wasm_bindgen_futures::spawn_local(async move {
                said.set(Some(match dom::copy(&text).await {
                    true => words::COPIED,
                    false => words::SELECT_AND_COPY,
                }));
            });
        })
    };
    // The first is what one is here for.
    let (class, button) = match *id {
        "share-link" => ("primary", "copy-link"),
        _ => ("", "copy-embed"),
    };
    html! {
        <>
            <div class="copy-line">
                <input ref={input} id={*id} readonly=true value={text.clone()} aria-label={name.of(language)} />
                <button {class} id={button} onclick={copy}>{ words::COPY.of(language) }</button>
            </div>
            <p class="hint" role="status">{ (*said).map_or("", |text| text.of(language)) }</p>
        </>
    }
}

#[component]
fn Downloads(props: &Props) -> Html {
    let state = &props.state;
    let language = state.language();
    let failed = use_state(|| false);
    let button = |id: &'static str, name: Text, file: File| {
        let source = state.shown.clone().map(|shown| Source {
            shown,
            by: state.by,
            language,
        });
        let failed = failed.clone();
        let hand_over = Callback::from(move |_: MouseEvent| {
            if let Some(source) = source.clone() {
                let failed = failed.clone();
                let done = Callback::from(move |made: bool| failed.set(!made));
                files::hand_over(file, source, done);
            }
        });
        html! { <button {id} onclick={hand_over} disabled={state.shown.is_none()}>{ name.of(language) }</button> }
    };
    let dark = state.settings.dark();
    html! {
        <>
            <h3>{ words::DOWNLOAD.of(language) }</h3>
            <div class="downloads">
                <button id="download-script" onclick={download_script(state.script.clone())}>{ words::DOWNLOAD_SCRIPT.of(language) }</button>
                { button("download-svg", words::DOWNLOAD_SVG, File::Svg) }
                { button("download-png", words::DOWNLOAD_PNG, File::Png { dark }) }
                { button("download-trace", words::DOWNLOAD_TRACE, File::Trace) }
                { button("download-csv", words::DOWNLOAD_CSV, File::Csv) }
                { button("download-python", words::DOWNLOAD_PYTHON, File::Python) }
            </div>
            <p class="hint">{ words::DOWNLOAD_HINT.of(language) }</p>
            <p class="hint bad" role="status">{ if *failed { words::NO_FILE.of(language) } else { "" } }</p>
        </>
    }
}

fn download_script(script: Rc<str>) -> Callback<MouseEvent> {
    Callback::from(move |_| {
        // A browser that refuses downloads says so itself.
        let _ = dom::download("script.loop", "text/plain", &JsValue::from_str(&script));
    })
}
