//! The settings of the machine: read from the script, and changed by editing the script. One
//! line sums them up until it is opened.

use super::node::{Does, Element, Event, Node, el};
use crate::state::State;
use crate::state::action::Field;
use crate::state::{sentences, words};
use model::limits::{CORES_MAX, POOL_MAX, SERVERS_MAX};
use model::workload::{Gil, PythonVersion};
use script::vocabulary::{SETTINGS, SettingWord, spelling};
use texts::{Language, Text};

pub(super) fn settings(state: &State) -> Element {
    let language = state.language();
    let machine = &state.checked.machine;
    let summary = sentences::machine(language, machine);
    let is_locked = |setting| is_locked(state, setting);
    let dial = |setting, name: Text, value: u32, max: u32| {
        number(
            language,
            setting,
            name,
            value.into(),
            max.into(),
            is_locked(setting),
        )
    };
    let dials = el("div.more")
        .set("role", "group")
        .label(words::SETTINGS.of(language))
        .kid(dial(
            SettingWord::Cores,
            words::CORES,
            machine.cores,
            CORES_MAX,
        ))
        .kid(dial(SettingWord::Pool, words::POOL, machine.pool, POOL_MAX))
        .kid(dial(
            SettingWord::Servers,
            words::SERVERS,
            machine.servers,
            SERVERS_MAX,
        ))
        .kid(switch(
            language,
            SettingWord::Gil,
            words::GIL,
            machine.gil == Gil::On,
            is_locked(SettingWord::Gil),
        ))
        .kid(python(
            language,
            machine.python,
            is_locked(SettingWord::Python),
        ))
        .kid(switch(
            language,
            SettingWord::Eager,
            words::EAGER,
            machine.eager,
            is_locked(SettingWord::Eager),
        ))
        .kid(dial(
            SettingWord::Processes,
            words::PROCESSES,
            machine.process_workers(),
            POOL_MAX,
        ))
        .kid(dial(
            SettingWord::Executor,
            words::EXECUTOR_NAME,
            machine.executor_threads(),
            POOL_MAX,
        ))
        .kid(dial(SettingWord::Jobs, words::JOBS, machine.jobs, POOL_MAX))
        .kid(number(
            language,
            SettingWord::Seed,
            words::SEED,
            machine.seed,
            u32::MAX.into(),
            is_locked(SettingWord::Seed),
        ));
    el("details.settings")
        .kid(el("summary").text(summary))
        .kid(dials)
}

/// Whether the author of a lab has locked the line of this setting.
fn is_locked(state: &State, setting: SettingWord) -> bool {
    let embedded = state.embedded.as_ref();
    embedded.is_some_and(|embedded| embedded.frozen.holds_setting(spelling(SETTINGS, setting)))
}

/// Applied at each keystroke, so that the field always shows the script's value.
fn number(
    language: Language,
    setting: SettingWord,
    name: Text,
    value: u64,
    max: u64,
    is_locked: bool,
) -> Element {
    let input = el("input")
        .set("type", "number")
        .set("name", spelling(SETTINGS, setting))
        .set("inputmode", "numeric")
        .set("min", "1")
        .set("max", max.to_string())
        .set("value", value.to_string())
        .flag("disabled", is_locked)
        .on(Event::Input, Does::Fill(Field::Setting { setting, max }));
    el("label")
        .kid(el("span").text(name.of(language)))
        .kid(input)
}

fn switch(
    language: Language,
    setting: SettingWord,
    name: Text,
    is_on: bool,
    is_locked: bool,
) -> Element {
    let options = [
        option("on", words::ON.of(language), is_on),
        option("off", words::OFF.of(language), !is_on),
    ];
    choice(language, setting, name, options, is_locked)
}

fn python(language: Language, python: PythonVersion, is_locked: bool) -> Element {
    let options =
        PythonVersion::ALL.map(|version| option(version.name(), version.name(), version == python));
    choice(
        language,
        SettingWord::Python,
        words::PYTHON,
        options,
        is_locked,
    )
}

fn choice<const N: usize>(
    language: Language,
    setting: SettingWord,
    name: Text,
    options: [Node; N],
    is_locked: bool,
) -> Element {
    let select = el("select")
        .set("name", spelling(SETTINGS, setting))
        .kids(options)
        .flag("disabled", is_locked)
        .on(Event::Change, Does::Fill(Field::Choice(setting)));
    el("label")
        .kid(el("span").text(name.of(language)))
        .kid(select)
}

fn option(value: &'static str, name: &'static str, is_chosen: bool) -> Node {
    el("option")
        .set("value", value)
        .flag("selected", is_chosen)
        .text(name)
        .into()
}
