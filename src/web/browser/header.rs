//! The bar at the top: who we are, where to, how it looks.

use yew::prelude::*;

use crate::language::{Language, Text};
use crate::web::model::state::{Action, Choices, Dialog, Theme};
use crate::web::model::words;

pub(super) struct Props {
    pub(super) settings: Choices,
    pub(super) dialog: Option<Dialog>,
    pub(super) on_action: Callback<Action>,
}

pub(super) fn header(props: &Props) -> Html {
    let Props {
        settings,
        dialog,
        on_action,
    } = props;
    let language = settings.language;
    let open = |which: Dialog| on_action.reform(move |_: MouseEvent| Action::Opened(which));
    html! {
        <header class="top">
            <h1><a class="brand" href="./" aria-label="Loopscope">{ mark() }<span>{ "Loopscope" }</span></a></h1>
            <div class="tools">
                <button class="ghost" id="lessons" onclick={open(Dialog::Lessons)} aria-haspopup="dialog" aria-expanded={(*dialog == Some(Dialog::Lessons)).to_string()}>{ words::LESSONS.of(language) }</button>
                { languages(language, on_action) }
                { theme(*settings, on_action) }
                <button class="ghost icon" id="help" onclick={open(Dialog::Help)} aria-label={words::HELP.of(language)} aria-haspopup="dialog"><span aria-hidden="true">{ "?" }</span></button>
                <button class="primary" id="share" onclick={open(Dialog::Share)} aria-haspopup="dialog">{ words::SHARE.of(language) }</button>
            </div>
        </header>
    }
}

fn mark() -> Html {
    html! {
        <svg viewBox="0 0 26 24" width="26" height="24" aria-hidden="true">
            <circle class="orbit" cx="12" cy="12" r="9" />
            <path class="arc" d="M12 3a9 9 0 0 1 9 9" />
            <circle class="dot" cx="21" cy="12" r="2.4" />
        </svg>
    }
}

/// One button that leads to the other language, named in that language.
fn languages(language: Language, on_action: &Callback<Action>) -> Html {
    let (other, name) = match language {
        Language::En => (Language::Ko, "한국어"),
        Language::Ko => (Language::En, "English"),
    };
    let choose = on_action.reform(move |_: MouseEvent| Action::LanguageChosen(other));
    html! { <button class="ghost" id="language" lang={other.tag()} onclick={choose}>{ name }</button> }
}

fn theme(settings: Choices, on_action: &Callback<Action>) -> Html {
    let next = settings.theme.next();
    let choose = on_action.reform(move |_: MouseEvent| Action::ThemeChosen(next));
    let (word, sign): (Text, Html) = match settings.theme {
        Theme::Auto => (words::THEME_AUTO, half_disc()),
        Theme::Light => (words::THEME_LIGHT, sun()),
        Theme::Dark => (words::THEME_DARK, moon()),
    };
    let name = word.of(settings.language);
    html! { <button class="ghost icon" id="theme" onclick={choose} aria-label={name} title={name}>{ sign }</button> }
}

fn half_disc() -> Html {
    html! { <svg class="sign" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><circle class="ring" cx="10" cy="10" r="7" /><path class="full" d="M10 3a7 7 0 0 1 0 14z" /></svg> }
}

fn sun() -> Html {
    html! {
        <svg class="sign" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
            <circle class="full" cx="10" cy="10" r="3.6" />
            <path class="ring" d="M10 1.8v2.4M10 15.8v2.4M1.8 10h2.4M15.8 10h2.4M4.2 4.2l1.7 1.7M14.1 14.1l1.7 1.7M4.2 15.8l1.7-1.7M14.1 5.9l1.7-1.7" />
        </svg>
    }
}

fn moon() -> Html {
    html! { <svg class="sign" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path class="full" d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7z" /></svg> }
}
