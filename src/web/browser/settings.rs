//! The machine's settings: read from the script, and changed by editing it.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::language::{Language, Text};
use crate::limits::{CORES_MAX, POOL_MAX, SERVERS_MAX};
use crate::web::model::declare::with_setting;
use crate::web::model::state::Action;
use crate::web::model::words;
use crate::workload::{Gil, Machine};

pub(super) struct Props {
    pub(super) script: Rc<str>,
    pub(super) machine: Machine,
    pub(super) language: Language,
    pub(super) on_action: Callback<Action>,
}

/// A setting that is a number.
struct Dial {
    keyword: &'static str,
    name: Text,
    value: u64,
    max: u64,
}

pub(super) fn settings(props: &Props) -> Html {
    let machine = &props.machine;
    let dial = |keyword, name, value: u32, max: u32| Dial {
        keyword,
        name,
        value: value.into(),
        max: max.into(),
    };
    let first = [
        dial("cores", words::CORES, machine.cores, CORES_MAX),
        dial("pool", words::POOL, machine.pool, POOL_MAX),
        dial("servers", words::SERVERS, machine.servers, SERVERS_MAX),
    ];
    let more = [
        dial(
            "processes",
            words::PROCESSES,
            machine.process_workers(),
            POOL_MAX,
        ),
        dial(
            "executor",
            words::EXECUTOR_NAME,
            machine.executor_threads(),
            POOL_MAX,
        ),
        dial("jobs", words::JOBS, machine.jobs, POOL_MAX),
        Dial {
            keyword: "seed",
            name: words::SEED,
            value: machine.seed,
            max: u64::from(u32::MAX),
        },
    ];
    let language = props.language;
    html! {
        <div class="settings" role="group" aria-label={words::SETTINGS.of(language)}>
            { for first.iter().map(|each| number(props, each)) }
            { gil(props) }
            <details>
                <summary>{ words::MORE_SETTINGS.of(language) }</summary>
                <div class="more">{ for more.iter().map(|each| number(props, each)) }</div>
            </details>
        </div>
    }
}

fn number(props: &Props, dial: &Dial) -> Html {
    let (script, keyword, max) = (props.script.clone(), dial.keyword, dial.max);
    // At each keystroke: the field always shows what the script says. While it is empty it says nothing.
    let on_action = props.on_action.clone();
    let change = Callback::from(move |event: InputEvent| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        let value = input.map_or(f64::NAN, |input| input.value_as_number());
        if value >= 1.0 {
            let value = (value as u64).min(max).to_string();
            on_action.emit(Action::Edited(
                with_setting(&script, keyword, &value).into(),
            ));
        }
    });
    html! {
        <label>
            <span>{ dial.name.of(props.language) }</span>
            <input type="number" name={dial.keyword} inputmode="numeric" min="1" max={dial.max.to_string()} value={dial.value.to_string()} oninput={change} />
        </label>
    }
}

fn gil(props: &Props) -> Html {
    let script = props.script.clone();
    let change = props.on_action.reform(move |event: Event| {
        let off = event
            .target_dyn_into::<HtmlSelectElement>()
            .is_some_and(|select| select.selected_index() == 1);
        Action::Edited(with_setting(&script, "gil", if off { "off" } else { "on" }).into())
    });
    let on = props.machine.gil == Gil::On;
    html! {
        <label>
            <span>{ words::GIL.of(props.language) }</span>
            <select name="gil" onchange={change}>
                <option selected={on}>{ words::ON.of(props.language) }</option>
                <option selected={!on}>{ words::OFF.of(props.language) }</option>
            </select>
        </label>
    }
}
