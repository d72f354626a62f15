//! Below the chart: what its colours mean, and all of it as a table, for whoever
//! reads rather than looks. Both are made only while they are open.

use std::rc::Rc;

use yew::prelude::*;

use super::chart::{self, LegendProps};
use super::dom;
use crate::language::{Language, Text};
use crate::scene::mark::Mark;
use crate::scene::{By, Words};
use crate::web::model::shown::{Bar, Shown};
use crate::web::model::state::{Action, View};
use crate::web::model::table::{self, Entry, LINES};
use crate::web::model::{bars, sentences, words};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) shown: Rc<Shown>,
    pub(super) by: By,
    pub(super) view: View,
    pub(super) selected: Option<Bar>,
    pub(super) language: Language,
    pub(super) dark: bool,
    pub(super) on_action: Callback<Action>,
}

/// The two folds.
#[component]
pub(super) fn InWords(props: &Props) -> Html {
    let language = props.language;
    let legend = use_state(|| false);
    let table = use_state(|| false);
    let toggle = |state: &UseStateHandle<bool>| {
        let state = state.clone();
        Callback::from(move |event: Event| state.set(dom::is_open(&event)))
    };
    html! {
        <div class="folds">
            <details id="legend-in-words" ontoggle={toggle(&legend)}>
                <summary>{ words::LEGEND_IN_WORDS.of(language) }</summary>
                if *legend { { meanings(props) } }
            </details>
            <details id="as-table" ontoggle={toggle(&table)}>
                <summary>{ words::AS_TABLE.of(language) }</summary>
                if *table {
                    <Table shown={props.shown.clone()} by={props.by} view={props.view} selected={props.selected}
                        {language} dark={props.dark} on_action={props.on_action.clone()} />
                }
            </details>
        </div>
    }
}

/// Only of what occurs.
fn meanings(props: &Props) -> Html {
    let legend = LegendProps {
        kinds: props.shown.timeline(props.by).kinds().to_vec(),
        marks: props.shown.mark_kinds().to_vec(),
        language: props.language,
        dark: props.dark,
    };
    chart::legend_table(&legend, "words")
}

/// The lines of a page of it; the bar that is selected is on it and marked.
#[component]
fn Table(props: &Props) -> Html {
    let Props {
        shown,
        by,
        view,
        language,
        ..
    } = props;
    let language = *language;
    let first = use_state(|| 0);
    {
        let first = first.clone();
        let (shown, by, window) = (shown.clone(), *by, view.window);
        use_effect_with(props.selected, move |selected| {
            let page = selected.and_then(|bar| table::page_of(&shown.timeline(by), window, &bar));
            if let Some(page) = page {
                first.set(page);
            }
        });
    }
    let page = table::page(&shown.timeline(*by), view.window, *first);
    let heads = [
        words::TASK,
        words::STATE,
        words::FROM,
        words::TO,
        words::LENGTH,
        words::LINE,
        words::WHY,
    ];
    let turn = |to: usize| {
        let first = first.clone();
        Callback::from(move |_: MouseEvent| first.set(to))
    };
    let last = page.first + page.entries.len();
    html! {
        <>
            if view.window.is_some() { <p class="hint">{ words::PART_ONLY.of(language) }</p> }
            <div class="scroll" tabindex="0" role="region" aria-label={words::AS_TABLE.of(language)}>
                <table class="bars">
                    <thead><tr>{ for heads.iter().map(|text: &Text| html! { <th scope="col">{ text.of(language) }</th> }) }</tr></thead>
                    <tbody>{ for page.entries.iter().map(|entry| line(props, entry)) }</tbody>
                </table>
            </div>
            if page.total > LINES {
                <div class="pager">
                    <button class="small" disabled={page.first == 0} onclick={turn(page.first.saturating_sub(LINES))}>{ words::EARLIER_LINES.of(language) }</button>
                    <span>{ sentences::lines(language, page.first + 1, last, page.total) }</span>
                    <button class="small" disabled={last >= page.total} onclick={turn(last)}>{ words::LATER_LINES.of(language) }</button>
                </div>
            }
        </>
    }
}

fn line(props: &Props, entry: &Entry) -> Html {
    match entry {
        Entry::Bar(bar) => bar_line(props, bar),
        Entry::Sign(mark) => sign_line(props, mark),
    }
}

fn bar_line(props: &Props, bar: &Bar) -> Html {
    let Props {
        shown, language, ..
    } = props;
    let chosen = props.selected == Some(*bar);
    let select = {
        let bar = *bar;
        props
            .on_action
            .reform(move |_: MouseEvent| Action::Selected(Some(bar)))
    };
    let number = shown.timeline(By::Tasks).labels().line(bar.segment);
    html! {
        <tr class={chosen.then_some("on")} aria-current={chosen.then_some("true")} onclick={select}>
            <th scope="row">{ bars::name(shown, bar.instance) }</th>
            <td>{ Words(*language).kind(bar.kind) }</td>
            <td>{ sentences::instant(bar.start) }</td>
            <td>{ sentences::instant(bar.end) }</td>
            <td>{ sentences::spoken(bar.end.since(bar.start)) }</td>
            <td>{ number }</td>
            <td>{ bars::why(*language, shown, bar) }</td>
        </tr>
    }
}

fn sign_line(props: &Props, mark: &Mark) -> Html {
    let Props {
        shown, language, ..
    } = props;
    let number = shown.timeline(By::Tasks).labels().line(mark.segment);
    html! {
        <tr>
            <th scope="row">{ bars::name(shown, mark.instance) }</th>
            <td>{ Words(*language).mark(mark.kind) }</td>
            <td>{ sentences::instant(mark.at) }</td>
            <td></td>
            <td></td>
            <td>{ if number > 0 { number.to_string() } else { String::new() } }</td>
            <td>{ bars::mark_why(*language, mark) }</td>
        </tr>
    }
}
